/*
 * What was not done in time, taken up one by one (due.ts): a patient who waits for an answer, a task, the reminder of a person's
 * day. Each is claimed under the lock of its row, and its event moves the row on: once, whoever comes first.
 */
import { Temporal } from 'temporal-polyfill';
import { staffOf } from '#clinic';
import { deterministicId, lockInOrder, type Transaction } from '#platform';
import { append, type ConversationContext, openTask, ownedBy } from './commands.js';
import { climb, reminderAt } from './deadlines.js';
import type { RemindStaff } from './decider.js';
import { claimAnswer, claimOverdue, claimReminder, remindersOf } from './due-queries.js';
import { conversationEvent, conversationStream, staffStream, taskStream } from './events.js';
import { requireClinic } from './queries.js';
import { openTasksOf } from './task-queries.js';
import { atLeast } from './triage/index.js';

/** Records that nobody answered, and sees to it that a task says so. Answers whether there was anything to record. */
export async function recordSilence(trx: Transaction, context: ConversationContext, messageId: string): Promise<boolean> {
  const now = context.clock.now();
  const waited = await claimAnswer(trx, messageId, now);
  if (waited === null) return false;
  const { conversationId, patientId, urgency, answerBy } = waited;
  const data = { messageId, conversationId, urgency, answerBy: answerBy.toISOString() };
  const event = conversationEvent('answer.overdue.v1', [messageId, answerBy.toISOString()], data, { ...ownedBy(patientId), occurredAt: now });
  await append(trx, context, conversationStream(conversationId), event);
  if ((await openTasksOf(trx, messageId)).length > 0) return true;
  await openTask(trx, context, {
    taskId: deterministicId('task', 'unanswered', messageId, answerBy.toISOString()),
    kind: 'message',
    why: 'a patient still waits for an answer',
    dueAt: now,
    role: atLeast(urgency, 'soon') ? 'provider' : 'front_desk',
    urgency,
    conversationId,
    messageId,
    ...ownedBy(patientId),
  });
  return true;
}

/** Lets an overdue task climb to the next who can be told. Answers whether it did. */
export async function climbTask(trx: Transaction, context: ConversationContext, taskId: string): Promise<boolean> {
  const now = context.clock.now();
  const task = await claimOverdue(trx, taskId, now);
  if (task === null) return false;
  const clinic = await requireClinic(trx);
  const { staffIds, nextAt } = climb(clinic, task, now);
  // Whoever is being reminded right now is not told of this task any more: their day is settled first.
  await lockInOrder(trx, staffIds.map(staffStream));
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(clinic.locations[0]?.timeZone ?? 'UTC')
    .toPlainDate();
  const reminders = await remindersOf(trx, staffIds, today.toString());
  const told = staffIds.map((staffId) => {
    const sent = reminders.filter((reminder) => reminder.staffId === staffId && reminder.status === 'sent').map(({ on }) => on);
    const { on, at } = reminderAt(clinic, now, (day) => sent.includes(day));
    return { staffId, on, at: at.toISOString() };
  });
  const data = { taskId, climb: task.climbs + 1, told, nextAt: nextAt?.toISOString() ?? null };
  const event = conversationEvent('task.overdue.v1', [taskId, task.climbs + 1], data, { ...ownedBy(task.patientId), occurredAt: now });
  await append(trx, context, taskStream(taskId), event);
  return true;
}

const dayOf = (step: number) => String(step).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

/** The one reminder of a person's day, by e-mail where there is one; none when all has been done meanwhile. Null when there was nothing to do. */
export async function remind(trx: Transaction, context: ConversationContext, staffId: string, step: number): Promise<RemindStaff[] | null> {
  await lockInOrder(trx, [staffStream(staffId)]);
  const [now, on] = [context.clock.now(), dayOf(step)];
  const claimed = await claimReminder(trx, staffId, on, now);
  if (claimed === null) return null;
  const person = staffOf(await requireClinic(trx), staffId);
  const channel = person?.email === undefined ? ('sms' as const) : ('email' as const);
  const identity = [staffId, on, now.toISOString()];
  const isNeeded = person !== undefined && claimed.taskIds.length > 0;
  const event = isNeeded
    ? conversationEvent('staff.reminded.v1', identity, { staffId, on, channel, taskIds: [...claimed.taskIds] }, { occurredAt: now })
    : conversationEvent('staff-reminder.dropped.v1', identity, { staffId, on }, { occurredAt: now });
  await append(trx, context, staffStream(staffId), event);
  return isNeeded ? [{ type: 'remind', staffId, on, channel }] : [];
}
