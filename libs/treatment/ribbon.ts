import { addDays, type LocalDate } from '#protocols';
import type { Course, Session, SessionStatus } from './decider.js';
import type { TreatmentContext } from './patient-book.js';
import { blackoutsOf, type Scene } from './plan-request.js';
import { patientCourses } from './queries.js';
import { localDate } from './recovery.js';

/** A stretch of local days, both ends in it, and what it is in words. */
export interface RibbonBand {
  readonly kind: 'downtime' | 'window' | 'washout' | 'sun';
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly say: string;
}

/** Everything that ties one date of a patient's courses to another, on one axis of local days. */
export interface Ribbon {
  readonly timeZone: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly sessions: readonly {
    readonly id: string;
    readonly number: number;
    readonly protocolId: string;
    readonly status: SessionStatus;
    readonly on: LocalDate;
  }[];
  readonly events: readonly { readonly on: LocalDate; readonly name: string | null }[];
  readonly bands: readonly RibbonBand[];
}

const marginDays = 5;
const drawn: readonly SessionStatus[] = ['held', 'booked', 'confirmed', 'arrived', 'completed', 'on_hold'];
const ahead: readonly SessionStatus[] = ['held', 'booked', 'confirmed', 'on_hold'];

interface Placed {
  readonly session: Session;
  readonly on: LocalDate;
  readonly timeZone: string;
}

const placed = (session: Session): Placed[] => {
  const { booking, status, completedOn } = session;
  if (booking === null || !drawn.includes(status)) return [];
  return [{ session, on: completedOn ?? localDate(booking.start, booking.timeZone), timeZone: booking.timeZone }];
};

function bandsOfSession({ protocols }: Scene, { session: { protocolId, number, booking, status }, on, timeZone }: Placed): RibbonBand[] {
  const { downtimeDays = 0, sunAvoidBeforeDays = 0 } = protocols.get(protocolId) ?? {};
  const downtime: RibbonBand = { kind: 'downtime', from: on, to: addDays(on, downtimeDays), say: `${downtimeDays} days of downtime after visit ${number}` };
  const sun: RibbonBand = { kind: 'sun', from: addDays(on, -sunAvoidBeforeDays), to: addDays(on, -1), say: `no sun or tan before visit ${number}` };
  const window: RibbonBand[] =
    booking?.earliest === undefined || booking.latest === null
      ? []
      : [{ kind: 'window', from: localDate(booking.earliest, timeZone), to: localDate(booking.latest, timeZone), say: `visit ${number} may lie here` }];
  const isAhead = ahead.includes(status);
  return [...(downtimeDays > 0 ? [downtime] : []), ...(isAhead && sunAvoidBeforeDays > 0 ? [sun] : []), ...(isAhead ? window : [])];
}

/** Waits that medicines and other facts impose on protocols that are still to come. Their beginning may lie before the axis. */
function washoutsOf(scene: Scene, courses: readonly Course[], timeZone: string): (Omit<RibbonBand, 'from'> & { from: LocalDate | null })[] {
  const protocolIds = [
    ...new Set(courses.flatMap(({ sessions }) => sessions.filter(({ status }) => ahead.includes(status)).map(({ protocolId }) => protocolId))),
  ];
  const before = courses.flatMap(({ blackouts }) => blackouts);
  return blackoutsOf(scene, protocolIds, timeZone, before)
    .filter(({ constraint }) => constraint === 'clear')
    .map(({ from, until, detail }) => ({
      kind: 'washout',
      from: from === null ? null : localDate(from, timeZone),
      to: addDays(localDate(until, timeZone), -1),
      say: detail,
    }));
}

/** A patient's courses as one ribbon of days; null when nothing has a date yet. */
export function ribbonOf(scene: Scene, courses: readonly Course[]): Ribbon | null {
  const all = courses.flatMap(({ sessions }) => sessions.flatMap(placed)).sort((one, other) => one.on.localeCompare(other.on));
  const timeZone = all[0]?.timeZone ?? scene.clinic.locations[0]?.timeZone ?? 'UTC';
  const events = scene.patient.availability.socialEvents;
  if (all.length === 0) return null;
  const own = all.flatMap((each) => bandsOfSession(scene, each));
  const waits = washoutsOf(scene, courses, timeZone);
  const dates = [
    ...waits.map((wait) => wait.to),
    ...all.map(({ on }) => on),
    ...own.flatMap(({ from, to }) => [from, to]),
    ...events.map(({ on }) => on),
  ].sort();
  const [from, to] = [addDays(dates[0] ?? '', -marginDays), addDays(dates.at(-1) ?? '', marginDays)];
  const washouts = waits.map((band): RibbonBand => ({
    ...band,
    from: band.from === null || band.from < from ? from : band.from,
  }));
  return {
    timeZone,
    from,
    to,
    sessions: all.map(({ session: { sessionId: id, number, protocolId, status }, on }) => ({ id, number, protocolId, status, on })),
    events: events.map((event) => ({ on: event.on, name: 'name' in event && typeof event.name === 'string' ? event.name : null })),
    bands: [...own, ...washouts],
  };
}

/** The ribbon of a patient as things stand; null when nothing has a date yet. */
export async function patientRibbon({ db, clock, clinic, protocols, pictureOf }: TreatmentContext, patientId: string): Promise<Ribbon | null> {
  const courses = await patientCourses(db, patientId);
  const patient = await pictureOf(db, patientId, courses.at(-1)?.consultationId ?? null);
  return ribbonOf({ now: clock.now(), clinic, protocols, patient, busy: [], others: [] }, courses);
}
