import { sql } from 'kysely';
import type { Reader, Transaction } from '#platform';

/** Something that comes due by itself: which ledger, which row of it, and since when. */
export interface Due {
  /** `rung`: someone is paged. `silence`: a question to a patient that nobody answered. */
  readonly kind: 'rung' | 'silence';
  readonly id: string;
  /** Of a rung: which. */
  readonly step: number;
  readonly at: Date;
}

/** All that waits for its moment, each from an index of what is open: what has ended costs nothing. */
const waiting = sql<Due>`
  select 'rung' as kind, task_id as id, rung as step, next_attempt_at as at from escalation where next_attempt_at is not null
  union all
  select 'silence', message_id::text, 0, due_at from clarification where status = 'waiting'`;

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
  readonly urgency: string | null;
  readonly conversationId: string | null;
  readonly patientId: string | null;
}

/** Rungs of one task whose turn it is, locked for this transaction; what another worker holds, or has just done, is not among them. */
export async function claimRungs(trx: Transaction, taskId: string, now: Date): Promise<DueRung[]> {
  const rows = await trx
    .selectFrom('escalation')
    .innerJoin('task', (join) => join.onRef('task.task_id', '=', 'escalation.task_id').onRef('task.clinic_id', '=', 'escalation.clinic_id'))
    .select(['escalation.task_id', 'rung', 'escalation.role', 'channels', 'attempts', 'is_last', 'opened_at', 'urgency', 'conversation_id', 'patient_id'])
    .where('escalation.task_id', '=', taskId)
    .where('next_attempt_at', '<=', now)
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
    urgency: row.urgency,
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
