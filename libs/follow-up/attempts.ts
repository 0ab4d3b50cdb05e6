import type { Outreach } from './decider.js';
import type { OutreachEvent } from './events.js';

/** How a hand-over went; `not_found`: the carrier's own list did not have it; `copy`: it arrived beside another attempt. */
export type AttemptOutcome = 'under_way' | 'in_doubt' | 'refused' | 'not_found' | 'unproven' | 'sent' | 'copy';

/** What an event says of one attempt; `begun` only of one that has just begun. */
export interface AttemptChange {
  readonly attemptId: string;
  readonly outcome: AttemptOutcome;
  readonly providerMessageId?: string;
  readonly begun?: { readonly outreachId: string; readonly at: string };
}

/** What became of an attempt by an event that changed its row; `row` is the row before. Null when the event speaks of none. */
export function attemptAfter(row: Outreach | undefined, event: OutreachEvent): AttemptChange | null {
  switch (event.type) {
    case 'outreach.attempted.v1': {
      const { attemptId, outreachId, at } = event.data;
      return { attemptId, outcome: 'under_way', begun: { outreachId, at } };
    }
    case 'outreach.copied.v1':
      return { attemptId: event.data.attemptId, outcome: 'copy', providerMessageId: event.data.providerMessageId };
    default:
      return row === undefined ? null : afterLast(row, event);
  }
}

/** Of the events that do not name an attempt: they speak of the last one, as long as it is under way. */
function afterLast({ attemptId: last, status }: Outreach, event: OutreachEvent): AttemptChange | null {
  if (event.type === 'outreach.sent.v1') {
    const { attemptId = last, providerMessageId } = event.data;
    return attemptId === null ? null : { attemptId, outcome: 'sent', providerMessageId };
  }
  const outcome = status === 'attempting' || status === 'in_doubt' ? ends[event.type]?.[status] : undefined;
  return last === null || outcome === undefined ? null : { attemptId: last, outcome };
}

const ends: Partial<Record<OutreachEvent['type'], Readonly<Record<'attempting' | 'in_doubt', AttemptOutcome>>>> = {
  'outreach.in-doubt.v1': { attempting: 'in_doubt', in_doubt: 'in_doubt' },
  'outreach.deferred.v1': { attempting: 'refused', in_doubt: 'not_found' },
  'outreach.unproven.v1': { attempting: 'unproven', in_doubt: 'unproven' },
  'outreach.failed.v1': { attempting: 'refused', in_doubt: 'refused' },
};
