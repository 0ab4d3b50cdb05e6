import { inTransaction } from '#platform';
import { addDays } from '#protocols';
import { courseIdFor, type OpenCourse, planOf } from './commands.js';
import { openBook, type TreatmentContext } from './patient-book.js';
import { blackoutsOf } from './plan-request.js';
import { locationsFor, type Schedule, scheduleSessions } from './planning.js';
import { localDate } from './recovery.js';

/** A session as it would be booked now, with its downtime as local days ('YYYY-MM-DD', both ends in it). */
export interface PreviewedSession {
  readonly item: number;
  readonly number: number;
  readonly protocolId: string;
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
  readonly locationId: string;
  readonly providerId: string;
  readonly downtime: { readonly from: string; readonly to: string };
  /** What limits it. */
  readonly because: readonly { readonly constraint: string; readonly detail: string }[];
}

export interface Preview {
  readonly sessions: readonly PreviewedSession[];
  /** Why there is no schedule; empty when there is one. */
  readonly because: readonly { readonly constraint: string; readonly detail: string }[];
}

/**
 * The schedule that a plan would get if every gate were met now: planned among everything that is booked, and nothing of it
 * is kept.
 * @throws Rejected `protocol_inactive` for a protocol that is not in force.
 */
export async function previewCourse(context: TreatmentContext, ask: OpenCourse): Promise<Preview> {
  const plan = planOf(context, ask);
  const { patientId, consultationId } = ask;
  const courseId = courseIdFor(consultationId);
  const schedule = await inTransaction(context.db, async (trx): Promise<Schedule> => {
    const book = await openBook(context, trx, { patientId, actor: '', opening: { courseId, consultationId } });
    book.apply(courseId, book.course(courseId).status === 'absent' ? { type: 'open', plan } : { type: 'replace-plan', plan, by: '' });
    const [scene, opened] = [book.scene(courseId), book.course(courseId)];
    const timeZone = scene.clinic.locations.find(({ id }) => id === opened.locationId)?.timeZone ?? 'UTC';
    const blackouts = blackoutsOf(scene, [...new Set(plan.items.map(({ protocolId }) => protocolId))], timeZone, opened.blackouts);
    const course = { ...opened, blackouts };
    const open = course.sessions.filter(({ status }) => status === 'unscheduled');
    return scheduleSessions(scene, course, open, locationsFor(scene, course), true);
  });
  if (schedule.status === 'infeasible') return { sessions: [], because: schedule.because };
  return { sessions: schedule.bookings.map((booking) => previewed(context, booking)), because: [] };
}

function previewed({ protocols }: TreatmentContext, booking: Extract<Schedule, { status: 'scheduled' }>['bookings'][number]): PreviewedSession {
  const { item, number, protocolId, start, end, timeZone, locationId, providerId, because } = booking;
  const on = localDate(start, timeZone);
  const downtime = { from: on, to: addDays(on, protocols.get(protocolId)?.downtimeDays ?? 0) };
  return { item, number, protocolId, start, end, timeZone, locationId, providerId, downtime, because };
}
