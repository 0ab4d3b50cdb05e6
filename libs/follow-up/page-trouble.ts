import type { RecordedEvent } from '#event-store';
import type { Reader, Transaction } from '#platform';
import { enqueueReminder } from './commands.js';
import { readOutreachEvent } from './events.js';
import type { LedgerContext } from './ledger.js';
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

/** A reminder of overdue tasks that cannot go by e-mail goes as a text. One that may have arrived does not: it is one a day. */
export async function remindByText(trx: Transaction, context: LedgerContext, event: RecordedEvent): Promise<void> {
  const own = readOutreachEvent(event);
  if (own?.type !== 'outreach.failed.v1' && own?.type !== 'outreach.missed.v1') return;
  const { touchpoint, channel, staffId, outreachId } = own.data;
  if (touchpoint !== 'overdue-tasks' || channel !== 'email' || staffId === undefined) return;
  const on = (await findOutreach(trx, [outreachId])).get(outreachId)?.occasion.split('/').at(-1);
  if (on !== undefined) await enqueueReminder(trx, context, { staffId, on, channel: 'sms' });
}
