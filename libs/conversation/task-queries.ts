import { sql } from 'kysely';
import type { Reader, Transaction } from '#platform';
import type { RungState } from './ladder.js';
import { type Page, positionOf } from './queries.js';
import type { Urgency } from './triage/index.js';

export interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly why: string;
  readonly status: string;
  readonly dueAt: string;
  readonly role: string | null;
  readonly assignee: string | null;
  readonly urgency: Urgency | null;
  readonly patientId: string | null;
  readonly sessionId: string | null;
  readonly courseId: string | null;
  readonly outreachId: string | null;
  readonly conversationId: string | null;
  readonly messageId: string | null;
  readonly openedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  /** Staff who have been told that it was not done in time; empty while it is not overdue. */
  readonly told: readonly string[];
  /** The rung that is paged next, while nobody has acknowledged. */
  readonly nextRung: { readonly rung: number; readonly role: string; readonly at: string } | null;
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

export interface TaskFilter {
  readonly status?: string | undefined;
  readonly assignee?: string | undefined;
  readonly kind?: string | undefined;
  readonly patientId?: string | undefined;
  readonly limit: number;
  readonly cursor: string | null;
}

const nextRungOf = sql<{ rung: number; role: string; at: string } | null>`(
  select jsonb_build_object('rung', e.rung, 'role', e.role, 'at', to_char(e.next_attempt_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  from escalation e where e.clinic_id = task.clinic_id and e.task_id = task.task_id and e.next_attempt_at is not null order by e.next_attempt_at, e.rung limit 1)`;

const tasks = (db: Reader) => db.selectFrom('task').selectAll('task').select(nextRungOf.as('next_rung'));
type StoredTask = Awaited<ReturnType<ReturnType<typeof tasks>['executeTakeFirstOrThrow']>>;

const taskOf = (row: StoredTask): TaskRow => ({
  id: row.task_id,
  kind: row.kind,
  why: row.why,
  status: row.status,
  dueAt: row.due_at.toISOString(),
  role: row.role,
  assignee: row.assignee,
  urgency: row.urgency as Urgency | null,
  patientId: row.patient_id,
  sessionId: row.session_id,
  courseId: row.course_id,
  outreachId: row.outreach_id,
  conversationId: row.conversation_id,
  messageId: row.message_id,
  openedAt: row.opened_at.toISOString(),
  acknowledgedAt: iso(row.acknowledged_at),
  acknowledgedBy: row.acknowledged_by,
  told: row.told,
  nextRung: row.next_rung,
});

/** What people must do, the earliest due first. `assignee` finds a person's tasks, and those that wait for a role of that name. */
export async function listTasks(db: Reader, { status, assignee, kind, patientId, limit, cursor }: TaskFilter): Promise<Page<TaskRow>> {
  let query = tasks(db)
    .orderBy('due_at')
    .orderBy('position')
    .limit(limit + 1);
  if (status !== undefined) query = query.where('status', '=', status);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (patientId !== undefined) query = query.where('patient_id', '=', patientId);
  if (assignee !== undefined)
    query = query.where((eb) => eb.or([eb('assignee', '=', assignee), eb.and([eb('assignee', 'is', null), eb('role', '=', assignee)])]));
  if (cursor !== null) {
    const last = await db.selectFrom('task').select(['due_at', 'position']).where('position', '=', positionOf(cursor)).executeTakeFirst();
    if (last !== undefined) query = query.where((eb) => eb(eb.refTuple('due_at', 'position'), '>', eb.tuple(last.due_at, last.position)));
  }
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  return { items: shown.map(taskOf), next: rows.length > limit ? String(shown.at(-1)?.position) : null };
}

/** One task; null when there is none. */
export async function task(db: Reader, taskId: string): Promise<TaskRow | null> {
  const row = await tasks(db).where('task_id', '=', taskId).executeTakeFirst();
  return row === undefined ? null : taskOf(row);
}

/** The rungs of a task, lowest first, locked for this transaction: acknowledging and climbing go one after the other. */
export async function lockedLadder(trx: Transaction, taskId: string): Promise<RungState[]> {
  const rows = await trx
    .selectFrom('escalation')
    .select(['rung', 'status', 'next_attempt_at'])
    .where('task_id', '=', taskId)
    .orderBy('rung')
    .forUpdate()
    .execute();
  return rows.map(({ rung, status, next_attempt_at: nextAttemptAt }) => ({
    rung,
    status: status === 'waiting' || status === 'paged' ? status : 'stopped',
    nextAttemptAt,
  }));
}

/** Tasks about one message that nobody has done yet. */
export async function openTasksOf(db: Reader, messageId: string): Promise<TaskRow[]> {
  return (await tasks(db).where('message_id', '=', messageId).where('status', '!=', 'done').orderBy('position').execute()).map(taskOf);
}

/** The tasks that messages of the ledger have led to, by the message; `ids` are those of messages, and of tasks that they are about. */
export async function tasksOfOutreach(db: Reader, ids: readonly string[]): Promise<TaskRow[]> {
  if (ids.length === 0) return [];
  const rows = await tasks(db)
    .where((eb) => eb.or([eb('outreach_id', 'in', ids), eb('task_id', 'in', ids)]))
    .orderBy('position')
    .execute();
  return rows.map(taskOf);
}

/** Has someone taken the task, or ended it? A page for it that has not left yet then stays. */
export async function isAcknowledged(db: Reader, taskId: string): Promise<boolean> {
  const row = await db.selectFrom('task').select('status').where('task_id', '=', taskId).executeTakeFirst();
  return row !== undefined && row.status !== 'open';
}
