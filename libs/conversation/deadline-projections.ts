import type { RecordedEvent } from '#event-store';
import type { Transaction } from '#platform';
import type { DataOf } from './events.js';

/** How long a thread's patient has waited for a person, and until when one should have answered: counted from the rows, never remembered. */
async function refreshWait(trx: Transaction, conversationId: string): Promise<void> {
  const oldest = await trx
    .selectFrom('awaited_answer')
    .select(({ fn }) => [fn.min('asked_at').as('since'), fn.min('due_at').as('by')])
    .where('conversation_id', '=', conversationId)
    .where('status', '!=', 'ended')
    .executeTakeFirst();
  await trx
    .updateTable('conversation')
    .set({ unanswered_since: oldest?.since ?? null, answer_by: oldest?.by ?? null })
    .where('conversation_id', '=', conversationId)
    .execute();
}

/** A message was judged: the clock for its answer starts, is set anew, or ends because nobody is asked for any more. */
export async function answerAwaited(
  trx: Transaction,
  { messageId, conversationId, urgency, answerBy }: DataOf<'reply.triaged.v1'>,
  { patientId, occurredAt }: RecordedEvent,
): Promise<void> {
  const message = await trx.selectFrom('message').select('at').where('message_id', '=', messageId).executeTakeFirst();
  if (answerBy === null) {
    await trx.updateTable('awaited_answer').set({ status: 'ended' }).where('message_id', '=', messageId).execute();
  } else {
    const stored = { urgency, due_at: answerBy, status: 'waiting' };
    const asked = { message_id: messageId, conversation_id: conversationId, patient_id: patientId, asked_at: message?.at ?? occurredAt };
    await trx
      .insertInto('awaited_answer')
      .values({ ...asked, ...stored })
      .onConflict((conflict) => conflict.columns(['clinic_id', 'message_id']).doUpdateSet(stored))
      .execute();
  }
  await refreshWait(trx, conversationId);
}

/** A person answered, or says that all is dealt with: nobody is told any more that the thread waits. */
export async function answersEnded(trx: Transaction, conversationId: string): Promise<void> {
  await trx.updateTable('awaited_answer').set({ status: 'ended' }).where('conversation_id', '=', conversationId).where('status', '!=', 'ended').execute();
  await trx
    .updateTable('task')
    .set({ climb_at: null })
    .where('conversation_id', '=', conversationId)
    .where('message_id', 'is not', null)
    .where('kind', 'in', ['message', 'review', 'escalation'])
    .where('climb_at', 'is not', null)
    .execute();
  await refreshWait(trx, conversationId);
}

/** What was to be done about one message is done. */
export async function answerEnded(trx: Transaction, taskId: string): Promise<void> {
  const ended = await trx
    .updateTable('awaited_answer')
    .set({ status: 'ended' })
    .from('task')
    .whereRef('task.clinic_id', '=', 'awaited_answer.clinic_id')
    .whereRef('task.message_id', '=', (eb) => eb.cast<string>('awaited_answer.message_id', 'text'))
    .where('task.task_id', '=', taskId)
    .where('awaited_answer.status', '!=', 'ended')
    .returning('awaited_answer.conversation_id')
    .execute();
  for (const { conversation_id: conversationId } of ended) await refreshWait(trx, conversationId);
}

/** Someone has the message: the clock is theirs now. */
export async function answerTaken(trx: Transaction, { taskId, answerBy }: DataOf<'task.acknowledged.v1'>): Promise<void> {
  if (answerBy === null || answerBy === undefined) return;
  const taken = await trx
    .updateTable('awaited_answer')
    .set({ due_at: answerBy, status: 'waiting' })
    .from('task')
    .whereRef('task.clinic_id', '=', 'awaited_answer.clinic_id')
    .whereRef('task.message_id', '=', (eb) => eb.cast<string>('awaited_answer.message_id', 'text'))
    .where('task.task_id', '=', taskId)
    .where('awaited_answer.status', '!=', 'ended')
    .returning('awaited_answer.conversation_id')
    .execute();
  for (const { conversation_id: conversationId } of taken) await refreshWait(trx, conversationId);
}

/** Nobody answered in time. A task that someone took and left climbs from now on; one that nobody took is paged for by its ladder. */
export async function answerOverdue(trx: Transaction, { messageId }: DataOf<'answer.overdue.v1'>, { occurredAt }: RecordedEvent): Promise<void> {
  await trx.updateTable('awaited_answer').set({ status: 'overdue' }).where('message_id', '=', messageId).where('status', '=', 'waiting').execute();
  await trx
    .updateTable('task')
    .set({ climb_at: occurredAt })
    .where('message_id', '=', messageId)
    .where('kind', '=', 'escalation')
    .where('status', '=', 'acknowledged')
    .where('climbs', '=', 0)
    .execute();
}

/** Who is told that a task is overdue, and the reminders that tell them: one a person and a day. */
export async function taskOverdue(trx: Transaction, { taskId, climb, told, nextAt }: DataOf<'task.overdue.v1'>): Promise<void> {
  const before = await trx.selectFrom('task').select('told').where('task_id', '=', taskId).where('climbs', '<', climb).executeTakeFirst();
  if (before === undefined) return;
  await trx
    .updateTable('task')
    .set({ climbs: climb, climb_at: nextAt, told: [...before.told, ...told.map(({ staffId }) => staffId)] })
    .where('task_id', '=', taskId)
    .execute();
  if (told.length === 0) return;
  await trx
    .insertInto('staff_reminder')
    .values(told.map(({ staffId, on, at }) => ({ staff_id: staffId, day: on, due_at: at, status: 'waiting' })))
    .onConflict((conflict) =>
      conflict
        .columns(['clinic_id', 'staff_id', 'day'])
        .doUpdateSet((row) => ({ due_at: row.ref('excluded.due_at'), status: 'waiting' }))
        .where('staff_reminder.status', '=', 'dropped'),
    )
    .execute();
}

export async function reminderEnded(trx: Transaction, staffId: string, on: string, status: 'sent' | 'dropped'): Promise<void> {
  await trx.updateTable('staff_reminder').set({ status }).where('staff_id', '=', staffId).where('day', '=', on).where('status', '=', 'waiting').execute();
}
