import { sql } from 'kysely';
import { Rejected, type Reader, type Transaction } from '#platform';
import { freeStarts } from '#scheduling';
import type { Course, Session, SessionStatus } from './decider.js';
import type { Because, Booking, CourseItem, Held } from './events.js';
import type { OpenOffer } from './waitlist.js';
import { availabilityTask, type Busy, type Scene } from './plan-request.js';

/** A session as the public contract shows it. */
export interface SessionView {
  readonly id: string;
  readonly courseId: string;
  readonly patientId: string;
  readonly item: number;
  readonly number: number;
  readonly protocolId: string;
  readonly protocolVersion: number;
  readonly status: SessionStatus;
  readonly start: string | null;
  readonly end: string | null;
  readonly turnoverMinutes: number | null;
  readonly timeZone: string | null;
  readonly locationId: string | null;
  readonly providerId: string | null;
  readonly roomId: string | null;
  readonly deviceId: string | null;
  /** Instants between which the session may begin while the others stay; null where nothing binds. */
  readonly earliest: string | null;
  readonly latest: string | null;
  readonly because: readonly Because[];
  readonly holds: Session['holds'];
  readonly override: Session['override'];
  /** A slot that is kept while somebody decides, and until when; null when there is none. */
  readonly held: HeldView | null;
  readonly completedAt: string | null;
  readonly completedOn: string | null;
  /** How often its time was set anew or called off (RFC 5545, SEQUENCE). */
  readonly sequence: number;
}

export interface HeldView extends Pick<Booking, 'start' | 'end' | 'locationId' | 'providerId' | 'roomId' | 'deviceId'> {
  readonly holdId: string;
  readonly until: string;
  readonly reason: Held['reason'];
}

export interface CourseView {
  readonly id: string;
  readonly consultationId: string;
  readonly patientId: string;
  readonly planId: string;
  readonly locationId: string;
  readonly status: Course['status'];
  readonly items: readonly CourseItem[];
  readonly sessions: readonly SessionView[];
  readonly because: readonly Because[];
  readonly relaxations: Course['relaxations'];
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

type CourseState = Omit<Course, 'sessions' | 'proposals'>;

export function sessionView(session: Session): SessionView {
  const {
    sessionId: id,
    courseId,
    patientId,
    item,
    number,
    protocolId,
    protocolVersion,
    status,
    booking,
    holds,
    override,
    completedAt,
    completedOn,
    sequence,
  } = session;
  return {
    id,
    courseId,
    patientId,
    item,
    number,
    protocolId,
    protocolVersion,
    status,
    start: booking?.start ?? null,
    end: booking?.end ?? null,
    turnoverMinutes: booking?.turnoverMinutes ?? null,
    timeZone: booking?.timeZone ?? null,
    locationId: booking?.locationId ?? null,
    providerId: booking?.providerId ?? null,
    roomId: booking?.roomId ?? null,
    deviceId: booking?.deviceId ?? null,
    earliest: booking?.earliest ?? null,
    latest: booking?.latest ?? null,
    because: booking?.because ?? [],
    holds,
    override,
    held: session.held === undefined ? null : heldView(session.held),
    completedAt,
    completedOn,
    sequence,
  };
}

const heldView = ({ holdId, until, reason, slot: { start, end, locationId, providerId, roomId, deviceId } }: Held): HeldView => ({
  holdId,
  until,
  reason,
  start,
  end,
  locationId,
  providerId,
  roomId,
  deviceId,
});

export function courseView({ courseId: id, sessions, proposals: _proposals, blackouts: _blackouts, ...course }: Course): CourseView {
  const { consultationId, patientId, planId, locationId, status, items, because, relaxations } = course;
  const byTime = [...sessions].sort(
    (one, other) => (one.booking?.start ?? '~').localeCompare(other.booking?.start ?? '~') || one.item - other.item || one.number - other.number,
  );
  return { id, consultationId, patientId, planId, locationId, status, items, sessions: byTime.map(sessionView), because, relaxations };
}

const states = (db: Reader) => ({
  courses: db.selectFrom('course').select((row) => row.ref('state').$castTo<CourseState>().as('state')),
  sessions: db.selectFrom('session').select((row) => row.ref('state').$castTo<Session>().as('state')),
});

/** Every course of a patient with its sessions, whatever their status. */
export async function patientCourses(db: Reader, patientId: string): Promise<Course[]> {
  const courses = await states(db).courses.where('patient_id', '=', patientId).orderBy('course_id').execute();
  const sessions = await states(db).sessions.where('patient_id', '=', patientId).execute();
  return courses.map(({ state }) => ({
    ...state,
    proposals: [],
    sessions: sessions.map((row) => row.state).filter(({ courseId }) => courseId === state.courseId),
  }));
}

/** One course as the public contract shows it; null when there is none. */
export async function findCourse(db: Reader, courseId: string): Promise<CourseView | null> {
  const course = await states(db).courses.where('course_id', '=', courseId).executeTakeFirst();
  if (course === undefined) return null;
  const sessions = await states(db).sessions.where('course_id', '=', courseId).execute();
  return courseView({ ...course.state, proposals: [], sessions: sessions.map(({ state }) => state) });
}

/** The course that came of a consultation; null until it opens. */
export async function courseIdOfConsultation(db: Reader, consultationId: string): Promise<string | null> {
  const row = await db.selectFrom('course').select('course_id').where('consultation_id', '=', consultationId).executeTakeFirst();
  return row?.course_id ?? null;
}

export async function courseIdsOfPatient(db: Reader, patientId: string): Promise<string[]> {
  const rows = await db.selectFrom('course').select('course_id').where('patient_id', '=', patientId).orderBy('course_id').execute();
  return rows.map((row) => row.course_id);
}

/**
 * Patients with a session still to come or to be found a time for, by id after `after`: whose courses are looked at again when
 * the clinic's settings change.
 */
export async function patientsToCome(db: Reader, now: Date, { after = '', limit }: { after?: string; limit?: number } = {}): Promise<string[]> {
  const rows = await db
    .selectFrom('session')
    .select('patient_id')
    .distinct()
    .where('patient_id', '>', after)
    .where((is) => is.or([is.and([is('status', 'in', ['booked', 'confirmed', 'on_hold']), is('start_at', '>', now)]), is('status', '=', 'unscheduled')]))
    .orderBy('patient_id')
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
    .execute();
  return rows.map((row) => row.patient_id);
}

export async function findSession(db: Reader, sessionId: string): Promise<SessionView | null> {
  const row = await states(db).sessions.where('session_id', '=', sessionId).executeTakeFirst();
  return row === undefined ? null : sessionView(row.state);
}

/** Several sessions at once, by id. */
export async function findSessions(db: Reader, sessionIds: readonly string[]): Promise<ReadonlyMap<string, SessionView>> {
  if (sessionIds.length === 0) return new Map();
  const rows = await states(db)
    .sessions.where('session_id', 'in', [...new Set(sessionIds)])
    .execute();
  return new Map(rows.map(({ state }) => [state.sessionId, sessionView(state)]));
}

export interface SessionFilter {
  readonly from?: string;
  readonly to?: string;
  readonly providerId?: string;
  readonly roomId?: string;
  readonly locationId?: string;
  readonly protocolId?: string;
  readonly patientId?: string;
  /** Of any of these; none when there are none. */
  readonly patientIds?: readonly string[];
  readonly status?: SessionStatus;
  readonly limit: number;
  readonly cursor?: string;
}

/** Sessions that have a time, by start: `from <= start < to`. @throws Rejected `wrong_cursor`. */
export async function listSessions(db: Reader, filter: SessionFilter): Promise<Page<SessionView>> {
  const { from, to, providerId, roomId, locationId, protocolId, patientId, patientIds, status, limit, cursor } = filter;
  if (patientIds?.length === 0) return { items: [], next: null };
  let query = states(db)
    .sessions.where('start_at', 'is not', null)
    .orderBy('start_at')
    .orderBy('session_id')
    .limit(limit + 1);
  if (from !== undefined) query = query.where('start_at', '>=', new Date(from));
  if (to !== undefined) query = query.where('start_at', '<', new Date(to));
  if (providerId !== undefined) query = query.where('provider_id', '=', providerId);
  if (roomId !== undefined) query = query.where('room_id', '=', roomId);
  if (locationId !== undefined) query = query.where(sql<boolean>`state #>> '{booking,locationId}' = ${locationId}`);
  if (protocolId !== undefined) query = query.where('protocol_id', '=', protocolId);
  if (patientId !== undefined) query = query.where('patient_id', '=', patientId);
  if (patientIds !== undefined) query = query.where('patient_id', 'in', patientIds);
  if (status !== undefined) query = query.where('status', '=', status);
  if (cursor !== undefined) {
    const [start, id] = readCursor(cursor);
    query = query.where(sql<boolean>`(start_at, session_id) > (${start}::timestamptz, ${id})`);
  }
  const found = (await query.execute()).map(({ state }) => sessionView(state));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && typeof last?.start === 'string' ? writeCursor(last.start, last.id) : null };
}

const writeCursor = (...parts: readonly [string, string]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

function readCursor(cursor: string): readonly [string, string] {
  const wrong = new Rejected('wrong_cursor', 'The cursor is not one of ours.', { status: 400, path: 'cursor' });
  try {
    const [start, id]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof start === 'string' && typeof id === 'string' && !Number.isNaN(Date.parse(start))) return [start, id];
  } catch {
    throw wrong;
  }
  throw wrong;
}

const isoText = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
/** A session lasts a day at most, and its turnover another. */
const longestHoldMillis = 2 * 86_400_000;

/**
 * What sessions hold between two instants: providers, rooms and devices, and one patient's own time when named. They are found
 * by their starts: row-level security lets no index be used for an overlap of ranges, and the past would be read each time.
 * The few that keep a slot besides are all looked at, since it may lie far from their start.
 */
export async function busyRanges(db: Reader, from: Date, to: Date, patientId: string | null): Promise<Busy[]> {
  // Written as text where they are read: turning thousands of them into dates and back was a good part of a booking.
  const { rows } = await sql<Busy>`
    select session_id as "sessionId", resource_kind as kind, resource_id as "resourceId",
      to_char(lower(during) at time zone 'UTC', ${isoText}) as "from", to_char(upper(during) at time zone 'UTC', ${isoText}) as "to", place, on_day::text as "onDay"
    from session join allocation using (clinic_id, session_id)
    where ((start_at > ${new Date(from.getTime() - longestHoldMillis)} and start_at < ${to}) or held_until is not null)
      and during && tstzrange(${from}, ${to}) and (resource_kind <> 'patient' or resource_id = ${patientId})
    order by lower(during), session_id, resource_kind`.execute(db);
  return rows;
}

/** As many as are looked at when a time comes free. */
const mostWaiting = 500;

/** Sessions whose patients wait for another time, the longest first. */
export async function waitingSessions(db: Reader): Promise<Session[]> {
  const rows = await states(db).sessions.where('waiting_since', 'is not', null).orderBy('waiting_since').orderBy('session_id').limit(mostWaiting).execute();
  return rows.map(({ state }) => state);
}

/** Slots that are kept for patients who were asked. */
export async function openOffers(db: Reader): Promise<OpenOffer[]> {
  const rows = await states(db).sessions.where('held_until', 'is not', null).execute();
  return rows.flatMap(({ state: { held } }) => (held?.reason === 'offer' ? [held.slot] : []));
}

/** Slots that were kept until now or before, the earliest first. */
export async function dueHolds(db: Reader, now: Date, limit: number): Promise<{ readonly sessionId: string; readonly courseId: string }[]> {
  return db
    .selectFrom('session')
    .select(['session_id as sessionId', 'course_id as courseId'])
    .where('held_until', '<=', now)
    .orderBy('held_until')
    .orderBy('session_id')
    .limit(limit)
    .execute();
}

/** When the next slot that is kept has to be let go of; null when none is. */
export async function nextHoldEnd(db: Reader): Promise<Date | null> {
  const row = await db
    .selectFrom('session')
    .select(({ fn }) => fn.min('held_until').as('at'))
    .where('held_until', 'is not', null)
    .executeTakeFirst();
  return row?.at ?? null;
}

export interface FreeSlot {
  readonly start: string;
  readonly providerId: string;
  readonly roomId: string;
  readonly deviceId: string | null;
  readonly locationId: string;
}

export interface AvailabilityAsk {
  readonly protocolId: string;
  /** Instants: `from <= start < to`. */
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Free starts of a protocol at every location of the clinic, by start; the scene's patient, if it has one, sets windows. */
export function freeSlots(scene: Scene, ask: AvailabilityAsk): Page<FreeSlot> {
  const after = ask.cursor === undefined ? null : readCursor(ask.cursor);
  const from = after !== null && after[0] > ask.from ? after[0] : ask.from;
  const found = scene.clinic.locations.flatMap(({ id: locationId }) => {
    const request = availabilityTask(scene, locationId, ask.protocolId);
    const starts = request === null ? [] : freeStarts(request, ask.protocolId, from, ask.to, ask.limit * 4);
    return starts.map(({ start, providerId, roomId, deviceId }): FreeSlot => ({
      start: new Date(start).toISOString(),
      providerId,
      roomId,
      deviceId,
      locationId,
    }));
  });
  const keyOf = ({ start, providerId }: FreeSlot) => `${start} ${providerId}`;
  const open = found.filter((slot) => after === null || keyOf(slot) > `${after[0]} ${after[1]}`).sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const items = open.slice(0, ask.limit);
  const last = items.at(-1);
  return { items, next: open.length > ask.limit && last !== undefined ? writeCursor(last.start, last.providerId) : null };
}

/**
 * Who books is let in here first. Bookings of different people go together; one that lost its slot twice goes alone, so
 * that nobody can lose for ever. Always taken before any other lock, which rules out rings between patients.
 */
export async function lockPlanning(trx: Transaction, alone: boolean): Promise<void> {
  const key = sql`hashtextextended('treatment planning ' || clinic_id(), 0)`;
  await (alone ? sql`select pg_advisory_xact_lock(${key})` : sql`select pg_advisory_xact_lock_shared(${key})`).execute(trx);
}
