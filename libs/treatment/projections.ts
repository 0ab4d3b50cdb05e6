import { type RawBuilder, sql } from 'kysely';
import type { Projection, RecordedEvent } from '#event-store';
import type { Transaction } from '#platform';
import { type Course, evolve, noCourse, type Session } from './decider.js';
import { readTreatmentEvent, treatmentEventTypes } from './events.js';
import { recoveryLanes } from './recovery.js';

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
  version: 2,
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
        state: row.ref('excluded.state'),
      })),
    )
    .execute();
}

const holdsSlot = ({ status }: Session) => status !== 'unscheduled' && status !== 'cancelled' && status !== 'no_show';

/** @throws an exclusion violation (23P01) when somebody else holds one of the resources then. */
async function writeAllocations(trx: Transaction, sessions: readonly Session[]): Promise<void> {
  if (sessions.length === 0) return;
  await trx
    .deleteFrom('allocation')
    .where(
      'session_id',
      'in',
      sessions.map(({ sessionId }) => sessionId),
    )
    .execute();
  const rows = sessions.filter(holdsSlot).flatMap(({ sessionId, patientId, booking }) => {
    if (booking === null) return [];
    const { start, end, turnoverMinutes, providerId, roomId, deviceId } = booking;
    const cleared = new Date(Date.parse(end) + turnoverMinutes * 60_000).toISOString();
    const held: [string, string | null, string][] = [
      ['patient', patientId, end],
      ['provider', providerId, end],
      ['room', roomId, cleared],
      ['device', deviceId, cleared],
    ];
    return held.flatMap(([kind, id, until]) =>
      id === null ? [] : [{ session_id: sessionId, resource_kind: kind, resource_id: id, during: range(start, until) }],
    );
  });
  if (rows.length > 0) await trx.insertInto('allocation').values(rows).execute();
}

const range = (from: string | null, until: string): RawBuilder<string> => sql<string>`tstzrange(${from}::timestamptz, ${until}::timestamptz)`;

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
