import { sql } from 'kysely';
import type { Reader, Span } from '#platform';
import type { SessionStatus } from './decider.js';

export interface SessionFigures {
  readonly byStatus: Readonly<Partial<Record<SessionStatus, number>>>;
  /** Visits at which somebody was expected and that have an end: they came, or they did not. Cancelled ones are none. */
  readonly due: number;
  readonly noShows: number;
  /** Moves made in the period, by who made them, and of how many sessions. */
  readonly moves: { readonly sessions: number; readonly byPatient: number; readonly byStaff: number; readonly bySchedule: number };
}

/** Sessions whose start lies in the span, as they stand now, and moves that were made in it. */
export async function sessionFigures(db: Reader, { from, to }: Span): Promise<SessionFigures> {
  const statuses = await db
    .selectFrom('session')
    .select(({ fn, ref }) => [ref('status').$castTo<SessionStatus>().as('status'), fn.countAll<number>().as('sessions')])
    .where('start_at', '>=', from)
    .where('start_at', '<', to)
    .groupBy('status')
    .orderBy('status')
    .execute();
  const byStatus = Object.fromEntries(statuses.map(({ status, sessions }) => [status, sessions])) as SessionFigures['byStatus'];
  const { arrived = 0, completed = 0, no_show: noShows = 0 } = byStatus;
  return { byStatus, due: arrived + completed + noShows, noShows, moves: await moves(db, { from, to }) };
}

async function moves(db: Reader, { from, to }: Span): Promise<SessionFigures['moves']> {
  const { rows } = await sql<SessionFigures['moves']>`
    select count(distinct data ->> 'sessionId') as sessions,
      count(*) filter (where data ->> 'by' in ('patient', data ->> 'patientId')) as "byPatient",
      count(*) filter (where data ->> 'by' not in ('patient', 'schedule', data ->> 'patientId')) as "byStaff",
      count(*) filter (where data ->> 'by' = 'schedule') as "bySchedule"
    from event where type = 'session.rescheduled.v1' and occurred_at >= ${from} and occurred_at < ${to}`.execute(db);
  return rows[0] ?? { sessions: 0, byPatient: 0, byStaff: 0, bySchedule: 0 };
}

export interface CourseFigures {
  /** Everything that the plan asked for was done. */
  readonly completed: number;
  /** Something is still to come, or still wants a time. */
  readonly underWay: number;
  /** Nothing is to come, and not everything was done. */
  readonly abandoned: number;
}

/** Courses with a session that starts in the span, as they stand now. A plan that took another's place counts, not the old one. */
export async function courseFigures(db: Reader, { from, to }: Span): Promise<CourseFigures> {
  const { rows } = await sql<CourseFigures>`
    with standing as (
      select bool_or(status in ('unscheduled', 'held', 'booked', 'confirmed', 'arrived', 'on_hold')) as "toCome",
        count(*) filter (where status = 'completed')
          >= (select sum((item ->> 'sessions')::int) from course, jsonb_array_elements(state -> 'items') item where course.course_id = session.course_id) as done
      from session
      where course_id in (select course_id from session where start_at >= ${from} and start_at < ${to})
      group by course_id)
    select count(*) filter (where done and not "toCome") as completed, count(*) filter (where "toCome") as "underWay",
      count(*) filter (where not done and not "toCome") as abandoned
    from standing`.execute(db);
  return rows[0] ?? { completed: 0, underWay: 0, abandoned: 0 };
}
