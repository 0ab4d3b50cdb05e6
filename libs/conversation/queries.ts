import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type ClinicDocument, clinicDocument } from '#clinic';
import { type Reader, Rejected, type Transaction } from '#platform';
import type { OpenQuestion } from './decider.js';
import type { CheckIn } from './events.js';
import type { RecoveryContext, Urgency } from './triage/index.js';

export interface Page<T> {
  readonly items: T[];
  /** Give it back to get what comes after; null at the end. */
  readonly next: string | null;
}

export interface ConversationRow {
  readonly id: string;
  readonly patientId: string | null;
  readonly channel: string;
  readonly address: string | null;
  readonly status: string;
  readonly urgency: string | null;
  readonly assignee: string | null;
  readonly lastMessageAt: string;
  /** Since when the patient waits for a person, and until when one should have answered; null when nobody is asked for. */
  readonly unansweredSince: string | null;
  readonly answerBy: string | null;
  /** Until when it was put off; null when it is not. */
  readonly snoozedUntil: string | null;
  /** Of what staff see of it. Given back with a command, it refuses one that was meant for an older state. */
  readonly version: number;
}

export interface TriageView {
  readonly urgency: Urgency;
  readonly codes: readonly string[];
  readonly rules: readonly string[];
  readonly by: string;
  readonly ambiguous: boolean;
  /** Why a person judged it less urgent. */
  readonly reason?: string;
}

export interface MessageRow {
  readonly id: string;
  readonly direction: string;
  readonly channel: string;
  /** Of an e-mail that we sent. */
  readonly subject: string | null;
  /** A message that was made of an approved text stands here as it left, its link without the token; null once the patient is erased. */
  readonly body: string | null;
  readonly media: readonly { readonly url: string; readonly contentType?: string }[];
  readonly at: string;
  readonly author: string | null;
  readonly outreachId: string | null;
  /** Of a message out that was made of an approved template: which. */
  readonly touchpoint: string | null;
  readonly triage: TriageView | null;
  /** The question that it answers; null when there is none, or more than one (`checkIns`). */
  readonly checkIn: CheckIn | null;
  readonly checkIns: readonly CheckIn[];
}

/** @throws Error when nothing is set up: then nobody could be told. */
export async function requireClinic(db: Reader): Promise<ClinicDocument> {
  const clinic = await clinicDocument(db);
  if (clinic === null) throw new Error('a message came in before the clinic was set up');
  return clinic;
}

const threads = (db: Reader) =>
  db
    .selectFrom('conversation')
    .select(['conversation_id', 'patient_id', 'channel', 'address', 'status', 'urgency', 'assignee', 'last_message_at', 'position'])
    .select(['unanswered_since', 'answer_by', 'snoozed_until', 'changed', 'urgency_rank']);
type ThreadRow = Awaited<ReturnType<ReturnType<typeof threads>['executeTakeFirstOrThrow']>>;

const threadOf = (row: ThreadRow): ConversationRow => ({
  id: row.conversation_id,
  patientId: row.patient_id,
  channel: row.channel,
  address: row.address,
  status: row.status,
  urgency: row.urgency,
  assignee: row.assignee,
  lastMessageAt: row.last_message_at.toISOString(),
  unansweredSince: row.unanswered_since?.toISOString() ?? null,
  answerBy: row.answer_by?.toISOString() ?? null,
  snoozedUntil: row.snoozed_until?.toISOString() ?? null,
  version: row.changed,
});

const wrongCursor = () => new Rejected('wrong_cursor', 'The cursor is none that this list gave', { path: 'cursor', status: 400 });

/** A position as a cursor. @throws Rejected `wrong_cursor`. */
export function positionOf(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw wrongCursor();
  return Number(cursor);
}

export interface ConversationFilter {
  readonly urgency?: string | undefined;
  readonly status?: string | undefined;
  readonly patientId?: string | undefined;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Where a page of the inbox ends: in the order of the list, so that it holds whatever is written meanwhile. */
const place = z.tuple([z.int(), z.iso.datetime().nullable(), z.int()]);

const cursorOf = ({ urgency_rank: rank, unanswered_since: since, position }: ThreadRow): string =>
  Buffer.from(JSON.stringify([rank, since?.toISOString() ?? null, position])).toString('base64url');

function placeOf(cursor: string): z.output<typeof place> {
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw wrongCursor();
  }
}

const waitingSince = sql<Date>`coalesce(unanswered_since, 'infinity'::timestamptz)`;

/** Threads: the gravest first, among equals whoever has waited longest for a person, then the latest message. @throws Rejected `wrong_cursor`. */
export async function listConversations(db: Reader, { urgency, status, patientId, limit, cursor }: ConversationFilter): Promise<Page<ConversationRow>> {
  let query = threads(db)
    .orderBy('urgency_rank')
    .orderBy(waitingSince)
    .orderBy(sql`-position`)
    .limit(limit + 1);
  if (urgency !== undefined) query = query.where('urgency', '=', urgency);
  if (status !== undefined) query = query.where('status', '=', status);
  if (patientId !== undefined) query = query.where('patient_id', '=', patientId);
  if (cursor !== null) {
    const [rank, since, position] = placeOf(cursor);
    query = query.where(sql<boolean>`(urgency_rank, ${waitingSince}, -position) > (${rank}, ${since ?? 'infinity'}::timestamptz, ${-position}::bigint)`);
  }
  const rows = await query.execute();
  const last = rows[limit - 1];
  return { items: rows.slice(0, limit).map(threadOf), next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** One thread with all its messages, oldest first; null when there is none. */
export async function conversation(db: Reader, conversationId: string): Promise<(ConversationRow & { readonly messages: MessageRow[] }) | null> {
  const row = await threads(db).where('conversation_id', '=', conversationId).executeTakeFirst();
  if (row === undefined) return null;
  const messages = await db
    .selectFrom('message')
    .select(['message_id', 'direction', 'channel', 'subject', 'body', 'at', 'author', 'outreach_id', 'touchpoint'])
    .select((eb) => [
      eb.ref('media').$castTo<MessageRow['media']>().as('media'),
      eb.ref('triage').$castTo<TriageView | null>().as('triage'),
      eb.ref('check_in').$castTo<CheckIn[] | null>().as('check_ins'),
    ])
    .where('conversation_id', '=', conversationId)
    .orderBy('position')
    .execute();
  return {
    ...threadOf(row),
    messages: messages.map(({ message_id: id, at, outreach_id: outreachId, check_ins: checkIns, ...rest }) => ({
      ...rest,
      id,
      at: at.toISOString(),
      outreachId: outreachId ?? (checkIns?.length === 1 ? (checkIns[0]?.outreachId ?? null) : null),
      checkIn: checkIns?.length === 1 ? (checkIns[0] ?? null) : null,
      checkIns: checkIns ?? [],
    })),
  };
}

/** A thread under its lock: what one member of staff does to it comes before or after what another does. */
export async function lockedThread(trx: Transaction, conversationId: string): Promise<ConversationRow | null> {
  const row = await threads(trx).where('conversation_id', '=', conversationId).forUpdate().executeTakeFirst();
  return row === undefined ? null : threadOf(row);
}

/** The thread that a message stands in; null when it was never stored. */
export async function threadOfMessage(db: Reader, messageId: string): Promise<{ conversationId: string; patientId: string | null } | null> {
  const row = await db
    .selectFrom('message')
    .innerJoin('conversation', (join) =>
      join.onRef('conversation.conversation_id', '=', 'message.conversation_id').onRef('conversation.clinic_id', '=', 'message.clinic_id'),
    )
    .select(['conversation.conversation_id', 'patient_id'])
    .where('message_id', '=', messageId)
    .executeTakeFirst();
  return row === undefined ? null : { conversationId: row.conversation_id, patientId: row.patient_id };
}

/** Recoveries of these patients that are still watched at an instant, with the local clinic day of each (triage rule 8). */
export async function openRecoveries(db: Reader, patientIds: readonly string[], at: Date): Promise<RecoveryContext[]> {
  if (patientIds.length === 0) return [];
  const rows = await db
    .selectFrom('recovery_window')
    .select(['protocol_id', 'completed_on', 'time_zone', 'until_day'])
    .where('patient_id', 'in', patientIds)
    .orderBy('completed_on', 'desc')
    .execute();
  return rows.flatMap(({ protocol_id: protocolId, completed_on: completedOn, time_zone: timeZone, until_day: untilDay }) => {
    const today = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
    const day = Temporal.PlainDate.from(completedOn).until(today).days;
    return day >= 0 && day <= untilDay ? [{ protocolId, day }] : [];
  });
}

/** A check-in is answered within days; a question whether they come stands until the visit, or until it is void. */
const answerableDays = 5;

/**
 * Questions of these patients that a text at this instant may answer, the newest first.
 * @param named the question whose own link the answer came through: it is answered however late.
 */
export async function openQuestions(db: Reader, patientIds: readonly string[], at: Date, named: string | null = null): Promise<OpenQuestion[]> {
  if (patientIds.length === 0) return [];
  const rows = await db
    .selectFrom('asked_question')
    .selectAll()
    .where('patient_id', 'in', patientIds)
    .where('void', '=', false)
    .where('asked_at', '<=', at)
    .where((eb) => eb.or([eb('asked_at', '>', new Date(at.getTime() - answerableDays * 86_400_000)), eb('outreach_id', '=', named ?? '')]))
    .orderBy('asked_at', 'desc')
    // Of what was asked in one instant the offer comes first: it is the one that does not wait.
    .orderBy((eb) => eb('question', '=', 'offer'), 'desc')
    .orderBy('outreach_id')
    .execute();
  return rows.map((row) => ({
    outreachId: row.outreach_id,
    patientId: row.patient_id,
    question: row.question === 'confirm' || row.question === 'satisfaction' || row.question === 'offer' ? row.question : 'check-in',
    sessionId: row.session_id,
    protocolId: row.protocol_id,
    day: row.day,
    answered: row.answered_at !== null && row.answered_at < at,
  }));
}

export async function hasUpcomingSession(db: Reader, patientIds: readonly string[], at: Date): Promise<boolean> {
  if (patientIds.length === 0) return false;
  return (
    (await db
      .selectFrom('awaited_session')
      .select('session_id')
      .where('patient_id', 'in', patientIds)
      .where('starts_at', '>', at)
      .limit(1)
      .executeTakeFirst()) !== undefined
  );
}

/** Has the person in this thread asked for no more messages on the channel, before this instant? */
export async function isStopped(db: Reader, conversationId: string, channel: string, before: Date): Promise<boolean> {
  const row = await db
    .selectFrom('stopped_thread')
    .select(['stopped', 'changed_at'])
    .where('conversation_id', '=', conversationId)
    .where('channel', '=', channel)
    .executeTakeFirst();
  return row !== undefined && row.stopped && row.changed_at < before;
}

/** Those of the patients who wrote since an instant what was stored and not triaged yet. */
export async function unheardPatients(db: Reader, patientIds: readonly string[], since: Date): Promise<ReadonlySet<string>> {
  if (patientIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('message')
    .innerJoin('conversation', 'conversation.conversation_id', 'message.conversation_id')
    .select('conversation.patient_id')
    .where('message.direction', '=', 'in')
    .where('message.triage', 'is', null)
    .where('message.at', '>', since)
    .where('conversation.patient_id', 'in', patientIds)
    .execute();
  return new Set(rows.flatMap(({ patient_id: id }) => id ?? []));
}
