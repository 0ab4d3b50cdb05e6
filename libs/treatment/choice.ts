import { deterministicId } from '#platform';
import { addDays } from '#protocols';
import { Temporal } from 'temporal-polyfill';
import { forbidden, movedTo, onSession } from './commands.js';
import { type Course, movableBooking, type Session, sessionOf } from './decider.js';
import { asking, type OfSession, type PatientBook, type TreatmentContext } from './patient-book.js';
import type { Scene } from './plan-request.js';
import { daysOfChoice, placeSession } from './planning.js';
import { localDate } from './recovery.js';
import { isWithin } from './waitlist.js';

/*
 * A patient chooses another time for a visit. Own invariants:
 *   A. What is offered, every rule allows: intervals, spacing, washouts, social events, and the patient's own windows.
 *   B. What they chose is theirs at once, or kept for them while staff decide: nobody else is given it meanwhile.
 *   C. A choice never puts another visit of theirs on hold; where it would, staff decide.
 */

const mostChoices = 8;
/** Days that are looked at, those nearest to the present visit first. */
const nearbyDays = 42;
/** How long a time that a patient wishes for is kept while staff decide. */
const wishMillis = 24 * 3_600_000;

interface Pick {
  readonly start: string;
  /** 0: as the patient likes it; 1: at another hour; 2: later than the longest recommended interval. */
  readonly rank: number;
}

const localTime = (at: string, timeZone: string) => Temporal.Instant.from(at).toZonedDateTimeISO(timeZone);

/** Of a day's starts one before noon and one after, at hours that the patient likes where there are any. */
export function pickOfDay(
  starts: readonly string[],
  timeZone: string,
  preferred: Scene['patient']['availability']['preferred'],
  latest: string | null,
): Pick[] {
  const liked = starts.filter((start) => isWithin(start, timeZone, preferred));
  const pool = liked.length > 0 ? liked : starts;
  const noon = (start: string) => localTime(start, timeZone).hour < 12;
  const picks = [pool.find(noon), pool.find((start) => !noon(start))];
  return picks.flatMap((start) => (start === undefined ? [] : [{ start, rank: latest !== null && start >= latest ? 2 : liked.length > 0 ? 0 : 1 }]));
}

/** Local dates after today, those nearest to `around` first, the earlier of two that are equally near. */
function datesAround(around: string, today: string): string[] {
  const nearest = [around, ...Array.from({ length: nearbyDays }, (_, away) => [addDays(around, -away - 1), addDays(around, away + 1)]).flat()];
  return nearest.filter((date) => date > today).slice(0, nearbyDays);
}

/** Starts that a visit may have instead, spread over days near it and in time order; none when it cannot move. */
export function choicesFor(scene: Scene, course: Course, session: Session): string[] {
  const { booking } = session;
  if (booking === null) return [];
  const { timeZone, latest } = booking;
  const picks: Pick[] = [];
  for (const date of datesAround(localDate(booking.start, timeZone), localDate(scene.now.toISOString(), timeZone))) {
    const [day] = daysOfChoice(scene, course, session, [date]);
    const starts = (day?.starts ?? []).filter((start) => start !== booking.start && start > scene.now.toISOString());
    picks.push(...pickOfDay(starts, timeZone, scene.patient.availability.preferred, latest));
    if (picks.filter(({ rank }) => rank === 0).length >= mostChoices) break;
  }
  return [...picks]
    .sort((one, other) => one.rank - other.rank)
    .slice(0, mostChoices)
    .map(({ start }) => start)
    .sort();
}

/**
 * Up to eight times that a visit may have instead (A). Nothing is changed.
 * @throws Rejected `no_course`, `no_session`, `session_over`.
 */
export const choicesOf = (context: TreatmentContext, ask: OfSession): Promise<string[]> => asking(context, ask, choicesFor);

/** A clinic that books by itself lets the patient move, as long as their other visits stand (C). */
function isFree(book: PatientBook, { courseId, sessionId }: Session, start: string, by: string, scheduling: 'book' | 'propose'): boolean {
  if (scheduling !== 'book') return false;
  const trial = book.fresh();
  movedTo(trial, sessionOf(trial.course(courseId), sessionId), { start }, { id: by, roles: [] });
  return trial.events.every(({ type }) => type !== 'session.put-on-hold.v1');
}

/** @throws Rejected when the time cannot be had. */
function keepWish(book: PatientBook, session: Session, start: string, by: string): void {
  const { courseId, sessionId, held } = session;
  if (held?.reason === 'request' && held.slot.start === start) return;
  movableBooking(session);
  const placed = placeSession(book.scene(courseId), book.course(courseId), session, start);
  if (!placed.allowed) throw forbidden(placed.violations);
  const wished = new Date(book.now.getTime() + wishMillis).toISOString();
  const until = start < wished ? start : wished;
  book.apply(courseId, { type: 'hold-slots', holdId: deterministicId('wish', sessionId, start), until, reason: 'request', bookings: [placed.booking], by });
  book.apply(courseId, { type: 'request-reschedule', sessionId, by, wish: { start, timeZone: placed.booking.timeZone } });
}

/**
 * The patient takes one of the times that they were shown: the visit moves at once, or the time is kept for them and staff are
 * asked (B, C). Chosen twice it is chosen once.
 * @throws Rejected `slot_taken` or `forbidden_window` (409) when it cannot be had any more; what a move is refused for.
 */
export async function chooseTime(context: TreatmentContext, sessionId: string, chosen: string, by: string): Promise<'moved' | 'asked'> {
  const start = new Date(chosen).toISOString();
  let answer: 'moved' | 'asked' = 'asked';
  await onSession(context, sessionId, by, (book, session) => {
    answer = session.booking?.start === start || isFree(book, session, start, by, context.clinic.scheduling) ? 'moved' : 'asked';
    if (answer === 'moved') movedTo(book, session, { start, reason: 'the patient chose this time' }, { id: by, roles: [] });
    else keepWish(book, session, start, by);
  });
  return answer;
}
