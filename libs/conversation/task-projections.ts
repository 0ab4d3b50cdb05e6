import { sql } from 'kysely';
import type { RecordedEvent } from '#event-store';
import type { Transaction } from '#platform';
import { answerEnded, answerTaken } from './deadline-projections.js';
import type { ConversationEventType, DataOf } from './events.js';

type Handler<T extends ConversationEventType> = (trx: Transaction, data: DataOf<T>, event: RecordedEvent) => Promise<void>;

export const taskOpened: Handler<'task.opened.v1'> = async (trx, data, event) => {
  await trx
    .insertInto('task')
    .values({
      task_id: data.taskId,
      position: event.position,
      kind: data.kind,
      why: data.why,
      status: 'open',
      due_at: data.dueAt,
      role: data.role ?? null,
      assignee: data.assignee ?? null,
      urgency: data.urgency ?? null,
      patient_id: data.patientId ?? null,
      session_id: data.sessionId ?? null,
      course_id: data.courseId ?? null,
      outreach_id: data.outreachId ?? null,
      conversation_id: data.conversationId ?? null,
      message_id: data.messageId ?? null,
      opened_at: event.occurredAt,
      // While a ladder pages for it, nobody needs a reminder besides.
      climb_at: data.ladder.length > 0 ? null : data.dueAt,
    })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'task_id']).doNothing())
    .execute();
  const rungs = data.ladder.map(({ afterMinutes, role, channels }, index) => {
    const due = new Date(event.occurredAt.getTime() + afterMinutes * 60_000);
    return {
      task_id: data.taskId,
      rung: index,
      role,
      channels,
      due_at: due,
      next_attempt_at: due,
      is_last: index === data.ladder.length - 1,
      status: 'waiting',
    };
  });
  if (rungs.length > 0)
    await trx
      .insertInto('escalation')
      .values(rungs)
      .onConflict((conflict) => conflict.columns(['clinic_id', 'task_id', 'rung']).doNothing())
      .execute();
};

export const taskEscalated: Handler<'task.escalated.v1'> = async (trx, { taskId, rung, attempt, nextAttemptAt }) => {
  await trx
    .updateTable('escalation')
    .set({ status: 'paged', attempts: attempt, next_attempt_at: nextAttemptAt })
    .where('task_id', '=', taskId)
    .where('rung', '=', rung)
    .where('attempts', '<', attempt)
    .where('status', '!=', 'stopped')
    .execute();
};

export const pageFailed: Handler<'page.failed.v1'> = async (trx, { taskId, hurries }, { occurredAt }) => {
  if (hurries === null) return;
  await trx
    .updateTable('escalation')
    .set({ next_attempt_at: occurredAt })
    .where('task_id', '=', taskId)
    .where('rung', '=', hurries)
    .where('status', '=', 'waiting')
    .where('next_attempt_at', '>', occurredAt)
    .execute();
};

const stopLadder = (trx: Transaction, taskId: string) =>
  trx.updateTable('escalation').set({ status: 'stopped', next_attempt_at: null }).where('task_id', '=', taskId).execute();

export const taskAcknowledged: Handler<'task.acknowledged.v1'> = async (trx, data, event) => {
  const { taskId, by } = data;
  await trx
    .updateTable('task')
    .set((row) => ({
      status: sql<string>`case when status = 'done' then status else 'acknowledged' end`,
      acknowledged_at: event.occurredAt,
      acknowledged_by: by,
      assignee: row.fn.coalesce('assignee', row.val(by)),
    }))
    .where('task_id', '=', taskId)
    .where('acknowledged_at', 'is', null)
    .execute();
  await stopLadder(trx, taskId);
  await answerTaken(trx, data);
};

export const taskCompleted: Handler<'task.completed.v1'> = async (trx, { taskId, by }, event) => {
  await trx
    .updateTable('task')
    .set({ status: 'done', completed_at: event.occurredAt, completed_by: by, climb_at: null })
    .where('task_id', '=', taskId)
    .where('completed_at', 'is', null)
    .execute();
  await stopLadder(trx, taskId);
  await answerEnded(trx, taskId);
};
