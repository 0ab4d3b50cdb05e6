import { type RawBuilder, sql } from 'kysely';
import type { Projection, RecordedEvent } from '#event-store';
import type { Transaction } from '#platform';
import { holdsOf, type Part } from '#scheduling';
import { type Course, evolve, isToCome, noCourse, type Session } from './decider.js';
import { type Booking, readTreatmentEvent, treatmentEventTypes } from './events.js';
import { localDate, recoveryLanes } from './recovery.js';

type CourseState = Omit<Course, 'sessions' | 'proposals'>;

/** A course and its sessions as the read model holds them; proposals stay in the log. */
export async function loadCourses(trx: Transaction, courseIds: readonly string[]): Promise<Map<string, Course>> {
  const courses = await trx
    .selectFrom('course')
    .select((row) => row.ref('state').$castTo<CourseState>().as('state'))
    .where('course_id', 'in', courseIds)
    .execute();
  const sessions = await trx
    .selectFrom('session')
    .select((row) => row.ref('state').$castTo<Session>().as('state'))
    .where('course_id', 'in', courseIds)
    .execute();
  const sessionsOf = (courseId: string) => sessions.map(({ state }) => state).filter((session) => session.courseId === courseId);
  return new Map(courses.map(({ state }) => [state.courseId, { ...state, proposals: [], sessions: sessionsOf(state.courseId) }]));
}

/**
 * Courses, sessions and both ledgers, in the transaction of the events. The events of a batch are folded first and the
 * ledgers written from the outcome, so that two sessions may change places in one append.
 */
export const treatmentProjection: Projection = {
  name: 'treatment',
  version: 3,
  tables: ['course', 'session', 'allocation', 'recovery_lane'],
  types: treatmentEventTypes,
  apply: async (trx, events) => {
    const courseIds = [...new Set(events.map(courseIdOf))];
    const before = await loadCourses(trx, courseIds);
    const after = new Map(before);
    for (const event of events) {
      const own = readTreatmentEvent(event);
      if (own !== null) after.set(courseIdOf(event), evolve(after.get(courseIdOf(event)) ?? noCourse, own));
    }
    const courses = [...after.values()];
    const known = new Map([...before.values()].flatMap(({ sessions }) => sessions.map((session) => [session.sessionId, session] as const)));
    const changed = courses.flatMap(({ sessions }) => sessions.filter((session) => known.get(session.sessionId) !== session));
    await writeCourses(trx, courses);
    await writeSessions(trx, changed);
    await writeAllocations(trx, changed);
    await writeLanes(trx, [...new Set(courses.map(({ patientId }) => patientId))]);
  },
};

const courseIdOf = ({ stream }: RecordedEvent) => stream.slice(stream.indexOf('/') + 1);
const json = (value: unknown): RawBuilder<never> => sql`${JSON.stringify(value)}::jsonb`;

async function writeCourses(trx: Transaction, courses: readonly Course[]): Promise<void> {
  const rows = courses.map(({ sessions: _sessions, proposals: _proposals, ...state }) => ({
    course_id: state.courseId,
    patient_id: state.patientId,
    consultation_id: state.consultationId,
    status: state.status,
    state: json(state),
  }));
  await trx
    .insertInto('course')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['clinic_id', 'course_id']).doUpdateSet((row) => ({ status: row.ref('excluded.status'), state: row.ref('excluded.state') })),
    )
    .execute();
}

async function writeSessions(trx: Transaction, sessions: readonly Session[]): Promise<void> {
  if (sessions.length === 0) return;
  const rows = sessions.map((session) => ({
    session_id: session.sessionId,
    course_id: session.courseId,
    patient_id: session.patientId,
    protocol_id: session.protocolId,
    status: session.status,
    start_at: session.booking?.start ?? null,
    end_at: session.booking?.end ?? null,
    provider_id: session.booking?.providerId ?? null,
    room_id: session.booking?.roomId ?? null,
    held_until: session.held?.until ?? null,
    waiting_since: isToCome(session) ? (session.waiting?.since ?? null) : null,
    state: json(session),
  }));
  await trx
    .insertInto('session')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['clinic_id', 'session_id']).doUpdateSet((row) => ({
        status: row.ref('excluded.status'),
        start_at: row.ref('excluded.start_at'),
        end_at: row.ref('excluded.end_at'),
        provider_id: row.ref('excluded.provider_id'),
        room_id: row.ref('excluded.room_id'),
        held_until: row.ref('excluded.held_until'),
        waiting_since: row.ref('excluded.waiting_since'),
        state: row.ref('excluded.state'),
      })),
    )
    .execute();
}

const holdsSlot = ({ status }: Session) => status !== 'unscheduled' && status !== 'cancelled' && status !== 'no_show';

interface Stretch {
  readonly kind: string;
  readonly id: string;
  readonly from: string;
  readonly until: string;
  /** Of a provider: the location, and the local date there. */
  readonly place: string | null;
  readonly onDay: string | null;
}

/** What a booking takes of whom: the patient from beginning to end, the others for their segments, room and device for the turnover too. */
function stretchesOf(patientId: string, booking: Booking): Stretch[] {
  const { start, end, turnoverMinutes, segments, providerId, roomId, deviceId, locationId, timeZone } = booking;
  const begins = Date.parse(start);
  const holds = holdsOf({ durationMinutes: (Date.parse(end) - begins) / minuteMillis, turnoverMinutes, segments });
  const taken = (kind: string, id: string, parts: readonly Part[], at: Pick<Stretch, 'place' | 'onDay'> = { place: null, onDay: null }): Stretch[] =>
    parts.map(([from, to]) => ({ kind, id, from: instant(begins + from * minuteMillis), until: instant(begins + to * minuteMillis), ...at }));
  return [
    { kind: 'patient', id: patientId, from: start, until: end, place: null, onDay: null },
    ...taken('provider', providerId, holds.provider, { place: locationId, onDay: localDate(start, timeZone) }),
    ...taken('room', roomId, holds.room),
    ...(deviceId === null ? [] : taken('device', deviceId, holds.device)),
  ];
}

const minuteMillis = 60_000;
const instant = (millis: number) => new Date(millis).toISOString();

/** What is left of a stretch beside one of the same resource. */
function beside(kept: Stretch, own: Stretch): Stretch[] {
  if (kept.kind !== own.kind || kept.id !== own.id || kept.until <= own.from || own.until <= kept.from) return [kept];
  return [
    { ...kept, until: own.from },
    { ...kept, from: own.until },
  ].filter(({ from, until }) => from < until);
}

/** What a session takes: its booking, and of a slot that is kept beside it what is not its own already. */
function takenBy({ patientId, booking, held }: Session): Stretch[] {
  const own = booking === null ? [] : stretchesOf(patientId, booking);
  const kept = held === undefined ? [] : own.reduce((left, one) => left.flatMap((stretch) => beside(stretch, one)), stretchesOf(patientId, held.slot));
  return [...own, ...kept];
}

/**
 * Brings the resources that these sessions take to what they say; rows that stay are left alone, so that a slot that was kept
 * and is booked is never free in between.
 * @throws an exclusion violation (23P01) when somebody else holds one of the resources then.
 */
async function writeAllocations(trx: Transaction, sessions: readonly Session[]): Promise<void> {
  if (sessions.length === 0) return;
  const wanted = sessions.filter(holdsSlot).flatMap((session) => takenBy(session).map((stretch) => ({ sessionId: session.sessionId, ...stretch })));
  const sessionIds = sessions.map(({ sessionId }) => sessionId);
  const rows = sql`(select session_id, kind, id, tstzrange(since, until) as during, place, on_day
    from unnest(${wanted.map((row) => row.sessionId)}::text[], ${wanted.map((row) => row.kind)}::text[], ${wanted.map((row) => row.id)}::text[],
      ${wanted.map((row) => row.from)}::timestamptz[], ${wanted.map((row) => row.until)}::timestamptz[],
      ${wanted.map((row) => row.place)}::text[], ${wanted.map((row) => row.onDay)}::date[]) as w (session_id, kind, id, since, until, place, on_day))`;
  await sql`delete from allocation a where a.session_id = any(${sessionIds}::text[]) and not exists (select from ${rows} w
    where w.session_id = a.session_id and w.kind = a.resource_kind and w.id = a.resource_id and w.during = a.during
      and (w.place, w.on_day) is not distinct from (a.place, a.on_day))`.execute(trx);
  await sql`insert into allocation (session_id, resource_kind, resource_id, during, place, on_day)
    select session_id, kind, id, during, place, on_day from ${rows} w
    on conflict (clinic_id, session_id, resource_kind, resource_id, during) do nothing`.execute(trx);
}

/**
 * Brings the lanes of these patients to what their sessions and facts say; rows that stay are left alone.
 * @throws an exclusion violation (23P01) when a treatment would stand in a shadow.
 */
async function writeLanes(trx: Transaction, patientIds: readonly string[]): Promise<void> {
  const sessions = await trx
    .selectFrom('session')
    .select((row) => row.ref('state').$castTo<Session>().as('state'))
    .where('patient_id', 'in', patientIds)
    .execute();
  const courses = await trx
    .selectFrom('course')
    .select((row) => row.ref('state').$castTo<CourseState>().as('state'))
    .where('patient_id', 'in', patientIds)
    .execute();
  const wanted = patientIds.flatMap((patientId) => {
    const mine = <T extends { readonly patientId: string }>(rows: readonly { state: T }[]) =>
      rows.map(({ state }) => state).filter((state) => state.patientId === patientId);
    return recoveryLanes(mine(sessions), mine(courses)).map((row) => ({ patient_id: patientId, ...row }));
  });
  const columns = [
    wanted.map((row) => row.patient_id),
    wanted.map((row) => row.source),
    wanted.map((row) => row.lane),
    wanted.map((row) => row.role),
    wanted.map((row) => row.from),
    wanted.map((row) => row.until),
  ] as const;
  const rows = sql`(select distinct patient_id, source, lane, role, tstzrange(since, until) as during
    from unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::text[], ${columns[3]}::smallint[], ${columns[4]}::timestamptz[], ${columns[5]}::timestamptz[])
      as w (patient_id, source, lane, role, since, until))`;
  await sql`delete from recovery_lane l where l.patient_id = any(${patientIds}::text[]) and not exists (select from ${rows} w
    where w.patient_id = l.patient_id and w.source = l.source and w.lane = l.lane and w.role = l.role and w.during = l.during)`.execute(trx);
  await sql`insert into recovery_lane (patient_id, source, lane, role, during) select patient_id, source, lane, role, during from ${rows} w
    on conflict (clinic_id, patient_id, source, lane, role, during) do nothing`.execute(trx);
}
