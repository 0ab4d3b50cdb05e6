/*
 * What a person may do with one message of the ledger. Pure; the same command twice gives no events the second time.
 *   5. Only what was not tried yet is held back, called off or hastened; what is held still ends: as missed, with a task.
 *   6. What is hastened goes when a claim would send it at this moment, and else is refused with the hour at which it may go.
 *   7. A safety message is called off by a clinician, with a reason; whoever else is in doubt holds it back, which ends in a call.
 *   8. Pages to staff and answers to a patient's own message are nobody's to stop.
 *  14. Every one of these says who and why.
 */
import { Rejected } from '#platform';
import { type ClaimContext, closesAt, decideClaim, isHeld, isPlanManaged, type Outreach } from './decider.js';
import { localDay } from './draft.js';
import type { OutreachEvent } from './events.js';

/** `clinician`: the one who asks may answer for what a patient is not asked. */
export type ByHand =
  | { readonly do: 'hold'; readonly by: string; readonly reason: string }
  | { readonly do: 'release'; readonly by: string }
  | { readonly do: 'cancel'; readonly by: string; readonly reason: string; readonly clinician: boolean }
  | { readonly do: 'send-now'; readonly by: string };

const refused = (code: string, message: string, more: Readonly<Record<string, unknown>> = {}) => new Rejected(code, message, { status: 409, ...more });

/** Planned and the plan's, or written by hand: the rest answers or pages at once. */
function mustBeOurs(row: Outreach): void {
  if (!isPlanManaged(row) && row.category !== 'message')
    throw refused('outreach_not_to_stop', row.category === 'page' ? 'A page to staff goes its own way.' : 'An answer to a patient goes at once.');
  if (row.status !== 'planned') throw refused('outreach_not_open', `It is ${row.status.replace('_', ' ')} by now: nothing can be done with it.`);
}

/** Asked on another day than the one that it speaks of, the answer would be read against the wrong day. */
const isBeforeItsDay = ({ locals: { day, timeZone = 'UTC' }, targetAt }: Outreach, now: string): boolean =>
  day !== undefined && targetAt !== null && localDay(now, timeZone).toString() < localDay(targetAt, timeZone).toString();

function hasten(row: Outreach, by: string, now: string, context: ClaimContext): OutreachEvent[] {
  if (row.nextAttemptAt !== null && row.nextAttemptAt <= now && !isHeld(row)) return [];
  if (isBeforeItsDay(row, now))
    throw refused('outreach_not_yet', `It speaks of day ${row.locals.day} after the treatment, which has not come.`, { mayGoAt: row.dueAt });
  const due = { dueAt: now, expiresAt: closesAt(now, row.expiresAt) };
  const verdict = decideClaim({ ...row, ...due, nextAttemptAt: now, stoppedBy: null }, row.version, now, context);
  if (verdict.do === 'send') return [{ type: 'outreach.hastened.v1', data: { outreachId: row.outreachId, by, ...due } }];
  const why = 'why' in verdict ? verdict.why : 'it is under way';
  throw refused('outreach_not_yet', `It may not go now: ${why}.`, verdict.do === 'defer' ? { mayGoAt: verdict.until } : {});
}

/**
 * @param context what a claim would know now.
 * @throws Rejected (409) `outreach_not_to_stop`, `outreach_not_open`, `outreach_not_yet` (with `mayGoAt` where an hour is known);
 * (403) `clinician_needed`.
 */
export function decideByHand(row: Outreach, command: ByHand, now: string, context: ClaimContext): OutreachEvent[] {
  const { outreachId } = row;
  if (command.do === 'cancel' && row.status === 'cancelled') return [];
  mustBeOurs(row);
  switch (command.do) {
    case 'hold':
      return isHeld(row) ? [] : [{ type: 'outreach.held.v1', data: { outreachId, by: command.by, reason: command.reason } }];
    case 'release':
      return isHeld(row) ? [{ type: 'outreach.released.v1', data: { outreachId, by: command.by, dueAt: row.dueAt } }] : [];
    case 'cancel':
      if (row.category === 'safety' && !command.clinician)
        throw new Rejected('clinician_needed', 'This message looks after a patient: a clinician calls it off. Hold it, and somebody is asked to call.', {
          status: 403,
        });
      return [{ type: 'outreach.cancelled.v1', data: { outreachId, why: `${command.by} called it off: ${command.reason}`, by: command.by } }];
    case 'send-now':
      return hasten(row, command.by, now, context);
  }
}
