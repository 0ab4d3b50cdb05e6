import { type Selectable, sql } from 'kysely';
import type { EventStore } from '#event-store';
import { reasons, retries, type StatusReport, templateKeys } from '#messaging';
import { type Reader, Rejected, type Transaction } from '#platform';
import type { Outreach as OutreachTable } from '../platform/database/tables.js';
import { isHeld, type Outreach, type OutreachStatus } from './decider.js';
import { categorySchema, channelSchema, localsSchema, type OutreachChannel, type OutreachEvent, readOutreachEvent } from './events.js';
import { z } from 'zod';

type Row = Selectable<OutreachTable>;

const stored = z.object({
  channel: channelSchema,
  category: categorySchema,
  template: z.enum(templateKeys),
  locals: localsSchema,
  question: z.enum(['confirm', 'check-in', 'satisfaction', 'offer']).nullable(),
  status: z.enum(['planned', 'attempting', 'in_doubt', 'sent', 'delivered', 'unproven', 'failed', 'missed', 'cancelled']),
});

const iso = (at: Date | null) => at?.toISOString() ?? null;
const optional = <K extends string>(key: K, value: string | null) => (value === null ? {} : ({ [key]: value } as Record<K, string>));

function rowOf(row: Row): Outreach {
  return {
    outreachId: row.outreach_id,
    key: row.key,
    occasion: row.occasion,
    version: row.version,
    patientId: row.patient_id,
    ...optional('staffId', row.staff_id),
    ...optional('conversationId', row.conversation_id),
    ...optional('taskId', row.task_id),
    ...optional('consultationId', row.consultation_id),
    ...optional('courseId', row.course_id),
    ...optional('sessionId', row.session_id),
    touchpoint: row.touchpoint,
    ...stored.parse(row),
    targetAt: iso(row.target_at),
    dueAt: row.due_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    nextAttemptAt: iso(row.next_attempt_at),
    attempts: row.attempts,
    attemptId: row.attempt_id,
    attemptedAt: iso(row.attempted_at),
    textVersion: row.text_version,
    providerMessageId: row.provider_message_id,
    sentAt: iso(row.sent_at),
    why: row.why,
    because: row.because,
    stoppedBy: row.stopped_by,
  };
}

/** Rows by id. */
export async function findOutreach(db: Reader, ids: readonly string[]): Promise<Map<string, Outreach>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('outreach')
    .selectAll()
    .where('outreach_id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.outreach_id, rowOf(row)]));
}

/** The stream of each row, for a writer that has to lock the one before it may trust the other. */
export async function streamsOfOutreach(db: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('outreach')
    .select(['outreach_id', 'stream'])
    .where('outreach_id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.outreach_id, row.stream]));
}

/** Everything that the plan made for a patient, ended rows too. */
export async function plannedOutreach(db: Reader, patientId: string): Promise<Outreach[]> {
  const rows = await db
    .selectFrom('outreach')
    .selectAll()
    .where('patient_id', '=', patientId)
    .where('category', 'in', ['safety', 'preparation', 'reminder', 'survey'])
    .orderBy('due_at')
    .orderBy('outreach_id')
    .execute();
  return rows.map(rowOf);
}

/** Which row a report speaks of, by which attempt, and when that began. */
export interface Origin {
  readonly outreachId: string;
  readonly attemptId: string | null;
  readonly attemptedAt: string | null;
}

const uuid = (value: string | null | undefined) => (z.uuid().safeParse(value).success ? (value ?? null) : null);
/** Of an e-mail's Message-ID: the message's own id before the sign. */
const namedIn = (providerMessageId: string) => uuid(/^<([^@<>]+)@/.exec(providerMessageId)?.[1]);

/**
 * The rows of messages that the other side speaks of: by their id there, by our attempt (an earlier one too), by the id that an
 * e-mail's Message-ID is made of; null where no row knows.
 */
export async function originsOf(db: Reader, reports: readonly Pick<StatusReport, 'providerMessageId' | 'attemptId'>[]): Promise<(Origin | null)[]> {
  if (reports.length === 0) return [];
  const { rows } = await sql<{ outreachId: string | null; attemptId: string | null; attemptedAt: Date | null }>`
    select coalesce(
        (select outreach_id from outreach where provider_message_id = report.sid), attempt.outreach_id,
        (select outreach_id from outreach_attempt where provider_message_id = report.sid and outcome = 'copy' limit 1),
        (select outreach_id from outreach where outreach_id = report.named and attempts > 0)) as "outreachId",
      attempt.attempt_id as "attemptId", attempt.at as "attemptedAt"
    from unnest(${reports.map(({ providerMessageId }) => providerMessageId)}::text[], ${reports.map(({ attemptId }) => uuid(attemptId))}::uuid[],
      ${reports.map(({ providerMessageId }) => namedIn(providerMessageId))}::uuid[]) with ordinality as report (sid, attempt, named, place)
    left join outreach_attempt attempt on attempt.attempt_id = report.attempt
    order by place`.execute(db);
  return rows.map(({ outreachId, attemptId, attemptedAt }) => (outreachId === null ? null : { outreachId, attemptId, attemptedAt: iso(attemptedAt) }));
}

/** Keeps reports that no row knows yet; the same one again is kept once. */
export async function keepReports(trx: Transaction, reports: readonly StatusReport[], receivedAt: string): Promise<void> {
  if (reports.length === 0) return;
  const rows = reports.map(({ key, providerMessageId, attemptId, stage, error }) => ({
    key,
    provider_message_id: providerMessageId,
    attempt_id: uuid(attemptId),
    stage,
    error: error === null ? null : JSON.stringify(error),
    received_at: receivedAt,
  }));
  await trx
    .insertInto('carrier_report')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function forgetReports(trx: Transaction, reports: readonly StatusReport[]): Promise<void> {
  if (reports.length === 0) return;
  await trx
    .deleteFrom('carrier_report')
    .where(
      'key',
      'in',
      reports.map(({ key }) => key),
    )
    .execute();
}

/** What belongs to nobody after so long has been shown day after day. */
export const forgetReportsBefore = (db: Reader, before: Date): Promise<unknown> => db.deleteFrom('carrier_report').where('received_at', '<', before).execute();

const keptReport = z.object({
  key: z.string(),
  providerMessageId: z.string(),
  attemptId: z.string().nullable(),
  stage: z.enum(['on-its-way', 'sent', 'delivered', 'not-delivered']),
  error: z.object({ code: z.string(), reason: z.enum(reasons), retry: z.enum(retries) }).nullable(),
});

/** Reports that no row knew, the oldest first: of these messages, or all that came before an instant. */
export async function keptReports(db: Reader, of: { readonly providerMessageIds: readonly string[] } | { readonly before: Date }): Promise<StatusReport[]> {
  const rows = await db
    .selectFrom('carrier_report')
    .select(['key', 'provider_message_id as providerMessageId', 'attempt_id as attemptId', 'stage', 'error'])
    .where((eb) => ('before' in of ? eb('received_at', '<', of.before) : eb('provider_message_id', 'in', [...of.providerMessageIds])))
    .orderBy('received_at')
    .orderBy('key')
    .execute();
  return rows.map((row) => keptReport.parse(row));
}

export interface CountedText {
  readonly patientId: string;
  readonly outreachId: string;
  readonly at: string;
}

/** Text messages of the last eight days that count towards the caps: sent, under way, or perhaps sent. */
export async function countedTexts(db: Reader, patientIds: readonly string[], now: Date): Promise<CountedText[]> {
  const { rows } = await sql<{ patientId: string; outreachId: string; at: Date }>`
    select patient_id as "patientId", outreach_id as "outreachId", coalesce(sent_at, attempted_at) as at from outreach
    where patient_id = any(${[...new Set(patientIds)]}::text[]) and channel = 'sms' and category not in ('answer', 'page')
      and (status in ('attempting', 'in_doubt', 'sent', 'delivered', 'unproven') or provider_message_id is not null)
      and coalesce(sent_at, attempted_at) > ${now}::timestamptz - interval '8 days'`.execute(db);
  return rows.map(({ at, ...text }) => ({ ...text, at: at.toISOString() }));
}

/** Ids at the carrier that belong to some row already, since an instant; copies too. */
export async function claimedIds(db: Reader, since: Date): Promise<Set<string>> {
  const rows = await db
    .selectFrom('outreach')
    .select('provider_message_id')
    .where('provider_message_id', 'is not', null)
    .where('attempted_at', '>=', new Date(since.getTime() - 86_400_000))
    .unionAll(db.selectFrom('outreach_attempt').select('provider_message_id').where('outcome', '=', 'copy'))
    .execute();
  return new Set(rows.flatMap(({ provider_message_id: id }) => id ?? []));
}

/** When the first attempt of a row began. */
export async function firstAttemptAt(db: Reader, outreachId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('outreach_attempt')
    .select(({ fn }) => fn.min('at').as('at'))
    .where('outreach_id', '=', outreachId)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** A row and the moment at which it wants something. */
export interface Waking {
  readonly id: string;
  readonly version: number;
  readonly at: Date;
}

/** Rows that want something now, the longest waiting first; of equals by their key, so that the same story is told the same way. */
export async function sweep(db: Reader, now: Date, limit: number): Promise<Waking[]> {
  const rows = await db
    .selectFrom('outreach')
    .select(['outreach_id as id', 'version', 'next_attempt_at as at'])
    .where('next_attempt_at', '<=', now)
    .orderBy('next_attempt_at')
    .orderBy('key')
    .orderBy('outreach_id')
    .limit(limit)
    .execute();
  return rows.flatMap(({ at, ...row }) => (at === null ? [] : [{ ...row, at }]));
}

/** Rows that will want something until `horizon`, for the queue, in pages: `after` is the last row of the page before. */
export async function handover(db: Reader, horizon: Date, limit: number, after: Waking | null): Promise<Waking[]> {
  const rows = await db
    .selectFrom('outreach')
    .select(['outreach_id as id', 'version', 'next_attempt_at as at'])
    .where('next_attempt_at', '<=', horizon)
    .$if(after !== null, (query) => query.where(sql<boolean>`(next_attempt_at, outreach_id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid)`))
    .orderBy('next_attempt_at')
    .orderBy('outreach_id')
    .limit(limit)
    .execute();
  return rows.flatMap(({ at, ...row }) => (at === null ? [] : [{ ...row, at }]));
}

/** The next moment at which a row wants something; null when none is open. */
export async function nextDueAt(db: Reader): Promise<Date | null> {
  const row = await db
    .selectFrom('outreach')
    .select('next_attempt_at')
    .where('next_attempt_at', 'is not', null)
    .orderBy('next_attempt_at')
    .limit(1)
    .executeTakeFirst();
  return row?.next_attempt_at ?? null;
}

/** A row as the public contract shows it. */
export interface OutreachView {
  readonly id: string;
  readonly key: string;
  readonly patientId: string | null;
  readonly sessionId: string | null;
  readonly touchpoint: string;
  readonly channel: string;
  readonly dueAt: string;
  readonly status: OutreachStatus;
  readonly sentAt: string | null;
  readonly providerMessageId: string | null;
  readonly attempts: number;
  /** Why it stands as it does; `because` is the rule that called for it. */
  readonly why: string;
  readonly because: string;
  readonly category: string;
  readonly courseId: string | null;
  readonly consultationId: string | null;
  readonly conversationId: string | null;
  readonly taskId: string | null;
  readonly staffId: string | null;
  readonly expiresAt: string;
  readonly nextAttemptAt: string | null;
  /** A person holds it back until its release. */
  readonly held: boolean;
  /** Who holds it back, or called it off. */
  readonly stoppedBy: string | null;
}

export interface OutreachFilter {
  readonly patientId?: string | undefined;
  /** One of these patients. */
  readonly patientIds?: readonly string[] | undefined;
  readonly channel?: OutreachChannel | undefined;
  readonly touchpoint?: string | undefined;
  /** Only what a person holds back. */
  readonly held?: boolean | undefined;
  /** Only what ended without reaching anybody: failed, missed or unproven, the latest first. */
  readonly trouble?: boolean | undefined;
  readonly sessionId?: string | undefined;
  readonly status?: OutreachStatus | undefined;
  /** Due at or after, due before. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const viewOf = (row: Outreach): OutreachView => ({
  id: row.outreachId,
  key: row.key,
  patientId: row.patientId,
  sessionId: row.sessionId ?? null,
  touchpoint: row.touchpoint,
  channel: row.channel,
  dueAt: row.dueAt,
  status: row.status,
  sentAt: row.sentAt,
  providerMessageId: row.providerMessageId,
  attempts: row.attempts,
  why: row.why,
  because: row.because,
  category: row.category,
  courseId: row.courseId ?? null,
  consultationId: row.consultationId ?? null,
  conversationId: row.conversationId ?? null,
  taskId: row.taskId ?? null,
  staffId: row.staffId ?? null,
  expiresAt: row.expiresAt,
  nextAttemptAt: row.nextAttemptAt,
  held: isHeld(row),
  stoppedBy: row.stoppedBy,
});

const cursorForm = z.tuple([z.iso.datetime(), z.uuid()]);
const writeCursor = ({ dueAt, id }: OutreachView) => Buffer.from(JSON.stringify([dueAt, id])).toString('base64url');

function readCursor(cursor: string): readonly [string, string] {
  try {
    return cursorForm.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new Rejected('wrong_cursor', 'The cursor is not one of ours.', { status: 400, path: 'cursor' });
  }
}

const troubles: readonly OutreachStatus[] = ['failed', 'missed', 'unproven'];

function filtered(db: Reader, { patientId, patientIds, sessionId, status, channel, touchpoint, held, trouble, from, to }: OutreachFilter) {
  return db
    .selectFrom('outreach')
    .selectAll()
    .$if(patientId !== undefined, (query) => query.where('patient_id', '=', patientId ?? ''))
    .$if(patientIds !== undefined, (query) => query.where('patient_id', 'in', patientIds?.length === 0 ? [''] : [...(patientIds ?? [])]))
    .$if(sessionId !== undefined, (query) => query.where('session_id', '=', sessionId ?? ''))
    .$if(status !== undefined, (query) => query.where('status', '=', status ?? ''))
    .$if(channel !== undefined, (query) => query.where('channel', '=', channel ?? ''))
    .$if(touchpoint !== undefined, (query) => query.where('touchpoint', '=', touchpoint ?? ''))
    .$if(held === true, (query) => query.where('status', '=', 'planned').where('stopped_by', 'is not', null))
    .$if(trouble === true, (query) => query.where('status', 'in', [...troubles]))
    .$if(from !== undefined, (query) => query.where('due_at', '>=', new Date(from ?? '')))
    .$if(to !== undefined, (query) => query.where('due_at', '<', new Date(to ?? '')));
}

/** Messages by due time (what went wrong: the latest first): planned, under way and finished. @throws Rejected `wrong_cursor`. */
export async function listOutreach(db: Reader, filter: OutreachFilter): Promise<{ readonly items: readonly OutreachView[]; readonly next: string | null }> {
  const { limit, cursor, trouble } = filter;
  const way = trouble === true ? 'desc' : 'asc';
  let query = filtered(db, filter)
    .orderBy('due_at', way)
    .orderBy('outreach_id', way)
    .limit(limit + 1);
  if (cursor !== undefined) {
    const [dueAt, id] = readCursor(cursor);
    const passed = sql<boolean>`(due_at, outreach_id) ${sql.raw(way === 'desc' ? '<' : '>')} (${dueAt}::timestamptz, ${id}::uuid)`;
    query = query.where(passed);
  }
  const found = (await query.execute()).map((row) => viewOf(rowOf(row)));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? writeCursor(last) : null };
}

/** One message, with what happened to it, in order; null when there is none. */
export async function outreachStory(
  db: Reader,
  store: EventStore,
  outreachId: string,
): Promise<{ readonly row: OutreachView; readonly story: readonly { readonly at: string; readonly event: OutreachEvent }[] } | null> {
  const stored = await db.selectFrom('outreach').selectAll().where('outreach_id', '=', outreachId).executeTakeFirst();
  if (stored === undefined) return null;
  const story = (await store.readStream(db, stored.stream)).flatMap((recorded) => {
    const event = readOutreachEvent(recorded);
    return event?.data.outreachId === outreachId ? [{ at: recorded.occurredAt.toISOString(), event }] : [];
  });
  return { row: viewOf(rowOf(stored)), story };
}

/** Patients who have something planned, or had since an instant, by id after another: whom new settings may concern. */
export async function patientsWithOutreach(
  db: Reader,
  { after, since, limit }: { readonly after: string; readonly since: Date; readonly limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('outreach')
    .select('patient_id')
    .distinct()
    .where('patient_id', '>', after)
    .where((eb) => eb.or([eb('next_attempt_at', 'is not', null), eb('due_at', '>', since)]))
    .orderBy('patient_id')
    .limit(limit)
    .execute();
  return rows.flatMap(({ patient_id: id }) => id ?? []);
}
