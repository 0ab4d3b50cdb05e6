import type { RecordedEvent } from './types.js';

const senderId = ({ meta }: RecordedEvent) => (typeof meta['sourceId'] === 'string' ? meta['sourceId'] : '');
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The order in which facts hold: by the time at which they happened, then by the sender's own id, then by ours. It does not
 * depend on the order of arrival, so a state folded in it is the same however late or often its facts came.
 */
export const byOccurrence = (a: RecordedEvent, b: RecordedEvent): number =>
  a.occurredAt.getTime() - b.occurredAt.getTime() || compare(senderId(a), senderId(b)) || compare(a.id, b.id);
