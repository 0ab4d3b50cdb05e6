import type { RecordedEvent } from '#event-store';
import type { Reader } from '#platform';
import { readOutreachEvent } from './events.js';
import { findOutreach } from './queries.js';

/** What says of a page that it has not got through: refused for now, perhaps lost, or at its end without arriving. */
export const pageTroubleTypes: readonly string[] = [
  'outreach.deferred.v1',
  'outreach.in-doubt.v1',
  'outreach.failed.v1',
  'outreach.missed.v1',
  'outreach.unproven.v1',
];

/** The page that such an event speaks of; null when its row is no page for a task. */
export async function failedPageOf(db: Reader, event: RecordedEvent) {
  const own = readOutreachEvent(event);
  if (own === null || !('why' in own.data)) return null;
  const { outreachId, why } = own.data;
  const row = (await findOutreach(db, [outreachId])).get(outreachId);
  if (row?.category !== 'page' || row.taskId === undefined || row.staffId === undefined) return null;
  const { rung, attempt } = row.locals;
  if (rung === undefined || attempt === undefined) return null;
  const channel = row.channel === 'email' ? ('email' as const) : ('sms' as const);
  return { outreachId, taskId: row.taskId, staffId: row.staffId, rung, attempt, channel, why };
}
