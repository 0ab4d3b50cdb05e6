import { sql } from 'kysely';
import type { Reader, Transaction } from '#platform';
import type { OverdueTask } from './deadlines.js';
import type { Urgency } from './triage/index.js';

/** Something that comes due by itself: which ledger, which row of it, and since when. */
export interface Due {
  /**
   * `rung`: someone is paged. `silence`: a question to a patient that nobody answered. `answer`: a patient who waits for one.
   * `overdue`: a task that was not done. `reminder`: a person's own, of a day. `snooze`: a thread that was put off.
   */
  readonly kind: 'rung' | 'silence' | 'answer' | 'overdue' | 'reminder' | 'snooze';
  readonly id: string;
  /** Of a rung: which. Of a reminder: the day, as a number. */
  readonly step: number;
  readonly at: Date;
}

/** All that waits for its moment, each from an index of what is open: what has ended costs nothing. */
const waiting = sql<Due>`
  select 'rung' as kind, task_id as id, rung as step, next_attempt_at as at from escalation where next_attempt_at is not null
  union all
  select 'silence', message_id::text, 0, due_at from clarification where status = 'waiting'
  union all
  select 'answer', message_id::text, 0, due_at from awaited_answer where status = 'waiting'
  union all
  select 'overdue', task_id, climbs, climb_at from task where climb_at is not null
  union all
  select 'reminder', staff_id, to_char(day, 'YYYYMMDD')::int, due_at from staff_reminder where status = 'waiting'
  union all
  select 'snooze', conversation_id, 0, snoozed_until from conversation where status = 'snoozed'`;

/** What is due at `now`, the longest due first; `after` is the last of the batch before. Nothing is locked: each is claimed by itself. */
export async function dueNow(db: Reader, now: Date, after: Due | null, limit: number): Promise<Due[]> {
  const beyond = after === null ? sql`true` : sql`(at, kind, id, step) > (${after.at}, ${after.kind}, ${after.id}, ${after.step})`;
  const { rows } = await sql<Due>`
    select kind, id, step, at from (${waiting}) as due where at <= ${now} and ${beyond} order by at, kind, id, step limit ${limit}`.execute(db);
  return rows;
}

/** The next instant at which something here comes due by itself; null when nothing waits. */
export async function nextConversationDue(db: Reader): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`select min(at) as at from (${waiting}) as due`.execute(db);
  return rows[0]?.at ?? null;
}

export interface DueRung {
  readonly taskId: string;
  readonly rung: number;
  readonly role: string;
  readonly channels: readonly string[];
  readonly attempts: number;
  readonly isLast: boolean;
  readonly openedAt: Date;
  readonly urgency: Urgency | null;
  readonly conversationId: string | null;
  readonly patientId: string | null;
}

/** Rungs of one task (or the one that is named) whose turn it is, locked for this transaction; what another worker holds, or has just done, is not among them. */
export async function claimRungs(trx: Transaction, taskId: string, now: Date, rung?: number): Promise<DueRung[]> {
  const rows = await trx
    .selectFrom('escalation')
    .innerJoin('task', (join) => join.onRef('task.task_id', '=', 'escalation.task_id').onRef('task.clinic_id', '=', 'escalation.clinic_id'))
    .select(['escalation.task_id', 'rung', 'escalation.role', 'channels', 'attempts', 'is_last', 'opened_at', 'urgency', 'conversation_id', 'patient_id'])
    .where('escalation.task_id', '=', taskId)
    .where('next_attempt_at', '<=', now)
    .$if(rung !== undefined, (query) => query.where('rung', '=', rung ?? 0))
    .orderBy('rung')
    .forUpdate('escalation')
    .skipLocked()
    .execute();
  return rows.map((row) => ({
    taskId: row.task_id,
    rung: row.rung,
    role: row.role,
    channels: row.channels,
    attempts: row.attempts,
    isLast: row.is_last,
    openedAt: row.opened_at,
    urgency: row.urgency as Urgency | null,
    conversationId: row.conversation_id,
    patientId: row.patient_id,
  }));
}

export interface Silence {
  readonly messageId: string;
  readonly conversationId: string;
  readonly patientId: string | null;
}

/** A clarifying question that went unanswered, locked for this transaction; null when that is over, or another worker's. */
export async function claimSilence(trx: Transaction, messageId: string, now: Date): Promise<Silence | null> {
  const row = await trx
    .selectFrom('clarification')
    .select(['conversation_id', 'patient_id'])
    .where('message_id', '=', messageId)
    .where('status', '=', 'waiting')
    .where('due_at', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row === undefined ? null : { messageId, conversationId: row.conversation_id, patientId: row.patient_id };
}

export interface OverdueAnswer {
  readonly messageId: string;
  readonly conversationId: string;
  readonly patientId: string | null;
  readonly urgency: Urgency;
  readonly answerBy: Date;
}

/** A patient's message that nobody answered in time, locked for this transaction; null when that is over, or another worker's. */
export async function claimAnswer(trx: Transaction, messageId: string, now: Date): Promise<OverdueAnswer | null> {
  const row = await trx
    .selectFrom('awaited_answer')
    .select(['conversation_id', 'patient_id', 'urgency', 'due_at'])
    .where('message_id', '=', messageId)
    .where('status', '=', 'waiting')
    .where('due_at', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row === undefined) return null;
  return { messageId, conversationId: row.conversation_id, patientId: row.patient_id, urgency: row.urgency as Urgency, answerBy: row.due_at };
}

export interface ClimbingTask extends OverdueTask {
  readonly patientId: string | null;
  /** How often it has climbed. */
  readonly climbs: number;
}

/** A task whose next one is to be told, locked for this transaction; null when it is done, or another worker's. */
export async function claimOverdue(trx: Transaction, taskId: string, now: Date): Promise<ClimbingTask | null> {
  const row = await trx
    .selectFrom('task')
    .select(['assignee', 'role', 'told', 'climbs', 'patient_id'])
    .where('task_id', '=', taskId)
    .where('climb_at', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row === undefined) return null;
  return { assignee: row.assignee, role: row.role, told: row.told, climbs: row.climbs, patientId: row.patient_id };
}

/** Reminders of these people that have gone out or are about to, from a day on, as `staffId day`: and whether they have gone. */
export async function remindersOf(db: Reader, staffIds: readonly string[], from: string): Promise<{ staffId: string; on: string; status: string }[]> {
  if (staffIds.length === 0) return [];
  const rows = await db.selectFrom('staff_reminder').select(['staff_id', 'day', 'status']).where('staff_id', 'in', staffIds).where('day', '>=', from).execute();
  return rows.map(({ staff_id: staffId, day, status }) => ({ staffId, on: String(day), status }));
}

/** A person's reminder of a day, locked for this transaction, with the tasks it is of; null when it is another worker's. */
export async function claimReminder(trx: Transaction, staffId: string, on: string, now: Date): Promise<{ readonly taskIds: readonly string[] } | null> {
  const row = await trx
    .selectFrom('staff_reminder')
    .select('staff_id')
    .where('staff_id', '=', staffId)
    .where('day', '=', on)
    .where('status', '=', 'waiting')
    .where('due_at', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row === undefined) return null;
  const tasks = await trx
    .selectFrom('task')
    .select('task_id')
    .where('status', '!=', 'done')
    .where(sql<boolean>`${staffId} = any(told)`)
    .orderBy('position')
    .execute();
  return { taskIds: tasks.map(({ task_id: taskId }) => taskId) };
}

/** A thread that was put off until now, locked for this transaction; null when that is over, or another worker's. */
export async function claimSnooze(trx: Transaction, conversationId: string, now: Date): Promise<{ readonly patientId: string | null } | null> {
  const row = await trx
    .selectFrom('conversation')
    .select('patient_id')
    .where('conversation_id', '=', conversationId)
    .where('status', '=', 'snoozed')
    .where('snoozed_until', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row === undefined ? null : { patientId: row.patient_id };
}
