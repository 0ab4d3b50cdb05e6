import { type ClinicDocument, staffInRole } from '#clinic';
import type { Transaction } from '#platform';
import type { ConversationContext } from './commands.js';
import type { PageStaff } from './decider.js';
import { conversationEvent, taskStream } from './events.js';
import { afterTrouble, nextRepeat } from './ladder.js';
import { claimRungs, type DueRung } from './due-queries.js';
import { requireClinic } from './queries.js';
import { lockedLadder, task } from './task-queries.js';

/** A rung that nobody holds falls to whoever is there: an escalation without a reader would be silence. */
const standIns = ['on_call', 'medical_director', 'provider', 'admin', 'front_desk'];

function staffFor(clinic: ClinicDocument, role: string): string[] {
  const found = [role, ...standIns].map((candidate) => staffInRole(clinic, candidate)).find((staff) => staff.length > 0);
  return (found ?? []).map(({ id }) => id);
}

async function climb(trx: Transaction, context: ConversationContext, clinic: ClinicDocument, due: DueRung): Promise<PageStaff[]> {
  const { taskId, rung, role, channels, isLast, openedAt, conversationId, patientId } = due;
  const now = context.clock.now();
  const attempt = due.attempts + 1;
  const pages = staffFor(clinic, role).flatMap((staffId) =>
    channels.map((channel) => ({ staffId, channel: channel === 'email' ? ('email' as const) : ('sms' as const) })),
  );
  const nextAttemptAt = isLast ? nextRepeat(openedAt, now).toISOString() : null;
  const event = conversationEvent(
    'task.escalated.v1',
    [taskId, rung, attempt],
    { taskId, rung, attempt, pages, nextAttemptAt },
    { ...(patientId === null ? {} : { patientId }), occurredAt: now },
  );
  await context.store.append(trx, [{ stream: taskStream(taskId), expected: 'any', events: [event] }]);
  return pages.map((page) => ({ type: 'page', taskId, rung, attempt, ...page, urgency: due.urgency, conversationId, patientId }));
}

/**
 * Pages everybody whose rung of this task (or the one that is named) is due now; answers the pages to send. A task that someone acknowledged has none, and
 * neither has one that another worker is paging for.
 */
export async function climbLadder(trx: Transaction, context: ConversationContext, taskId: string, rung?: number): Promise<PageStaff[]> {
  const due = await claimRungs(trx, taskId, context.clock.now(), rung);
  if (due.length === 0) return [];
  const clinic = await requireClinic(trx);
  const pages: PageStaff[] = [];
  for (const one of due) pages.push(...(await climb(trx, context, clinic, one)));
  return pages;
}

/** A page that its channel refused, lost, or could not prove. */
export interface FailedPage {
  readonly outreachId: string;
  readonly taskId: string;
  readonly rung: number;
  readonly attempt: number;
  readonly staffId: string;
  readonly channel: 'sms' | 'email';
  readonly why: string;
}

/**
 * Lets the other channel and the next rung take over from a page that did not get through; answers the pages to send. The
 * same page again changes nothing: its row is tried again by the ledger, and its trouble has been answered.
 */
export async function failedPage(trx: Transaction, context: ConversationContext, page: FailedPage): Promise<PageStaff[]> {
  const { outreachId, taskId, rung, attempt, staffId } = page;
  const about = await task(trx, taskId);
  if (about === null) return [];
  const now = context.clock.now();
  const { instead, hurries } = afterTrouble(page, await lockedLadder(trx, taskId), now);
  if (instead === null) return [];
  const { patientId, conversationId, urgency } = about;
  const event = conversationEvent('page.failed.v1', [outreachId], { ...page, hurries }, { ...(patientId === null ? {} : { patientId }), occurredAt: now });
  const [recorded] = await context.store.append(trx, [{ stream: taskStream(taskId), expected: 'any', events: [event] }]);
  if (recorded?.duplicate === true) return [];
  const other: PageStaff = { type: 'page', taskId, rung, attempt, staffId, channel: instead, urgency, conversationId, patientId };
  return [other, ...(await climbLadder(trx, context, taskId))];
}
