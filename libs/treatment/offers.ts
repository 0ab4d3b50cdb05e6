import { Conflict, deterministicId, Rejected } from '#platform';
import { forbidden, movedTo, onSession, type Outcome, settle } from './commands.js';
import { type CourseCommand, type Session, sessionOf } from './decider.js';
import type { Booking, Slot } from './events.js';
import { letGoOfOvertaken, type PatientBook, type TreatmentContext } from './patient-book.js';
import { daysOfChoice, placeSession } from './planning.js';
import { openOffers, waitingSessions } from './queries.js';
import { localDate } from './recovery.js';
import { type Candidate, isOffered, offerOrder, startsWithin } from './waitlist.js';

export interface WaitFor {
  readonly sessionId: string;
  readonly wish: 'earlier' | 'any';
  /** Hours of the week at which the patient could come; none: any. */
  readonly windows?: readonly { readonly weekday: number; readonly from: string; readonly to: string }[];
}

/** The patient waits for another time of a session; again, they keep their place. @throws Rejected `session_final`, `not_booked`. */
export const joinWaitlist = (context: TreatmentContext, { sessionId, wish, windows = [] }: WaitFor, by: string): Promise<Outcome> =>
  onSession(context, sessionId, by, (book, { courseId }) =>
    book.apply(courseId, { type: 'wait', sessionId, since: book.now.toISOString(), wish, windows, by }),
  );

/** The patient waits no more; an offer that is open is let go of. */
export const leaveWaitlist = (context: TreatmentContext, sessionId: string, by: string): Promise<Outcome> =>
  onSession(context, sessionId, by, (book, { courseId, held }) => {
    if (held?.reason === 'offer') book.apply(courseId, { type: 'release-slots', sessionIds: [sessionId], why: 'released', by });
    book.apply(courseId, { type: 'wait-no-more', sessionId, by });
  });

export interface Asking {
  /** Until when an answer counts. */
  readonly until: string;
  /** No visit begins before this: the patient has to answer and to come. */
  readonly notBefore: string;
  /** Can word of an offer reach the patient before it ends? */
  reaches(session: Session, slot: Booking): Promise<boolean>;
}

/**
 * Offers a time that came free to whom it helps most, and keeps it for them until they answer. Whoever cannot be reached in
 * time, or may not be treated then, is passed over. Answers the session that is offered it; null when it is nobody's.
 * Several at once, or twice: only one offer comes of it, because the offer itself takes the slot.
 */
export async function offerFreed(context: TreatmentContext, freed: Slot, asking: Asking): Promise<string | null> {
  if (freed.start <= asking.notBefore) return null;
  const order = offerOrder(freed, await waitingSessions(context.db), await openOffers(context.db));
  for (const candidate of order) {
    const slot = await placeFor(context, candidate, freed, asking);
    if (slot === null || !(await asking.reaches(candidate.session, slot))) continue;
    if (await isKeptFor(context, candidate, slot, asking.until, order.length)) return candidate.session.sessionId;
    // Somebody else is at work on the same free time: it is theirs to offer.
    if (isOffered(freed, await openOffers(context.db))) return null;
  }
  return null;
}

/** Where the session could lie in what came free; null when rules or others' bookings forbid it. */
async function placeFor(context: TreatmentContext, { session }: Candidate, freed: Slot, { notBefore }: Asking): Promise<Booking | null> {
  let found: Booking | null = null;
  await onSession(context, session.sessionId, 'schedule', (book) => {
    const minutes = context.protocols.get(session.protocolId)?.durationMinutes ?? 0;
    const [scene, course] = [book.scene(session.courseId), book.course(session.courseId)];
    const now = sessionOf(course, session.sessionId);
    const [day] = daysOfChoice(scene, course, now, [localDate(freed.start, freed.timeZone)]);
    const [start] = startsWithin(freed, day?.starts ?? [], now, minutes, notBefore);
    const placed = start === undefined ? null : placeSession(scene, course, now, start);
    found = placed?.allowed === true && disturbsNothing(book, now, placed.booking) ? placed.booking : null;
  });
  return found;
}

/** Taken, it may put no other visit of the patient's on hold. */
function disturbsNothing(book: PatientBook, session: Session, slot: Booking): boolean {
  const trial = book.fresh();
  take(trial, sessionOf(trial.course(session.courseId), session.sessionId), slot, 'schedule');
  return trial.events.every(({ type }) => type !== 'session.put-on-hold.v1');
}

/** What is kept was judged when it was offered; facts may forbid it by now. @throws Rejected what a move is refused for. */
function take(book: PatientBook, session: Session, slot: Booking, by: string): void {
  if (session.booking === null || session.status === 'held') {
    const placed = placeSession(book.scene(session.courseId), book.course(session.courseId), session, slot.start);
    if (!placed.allowed) throw forbidden(placed.violations);
    book.apply(session.courseId, { type: 'book', bookings: [placed.booking], by });
    settle(book, session.courseId, [session.sessionId]);
  } else movedTo(book, session, { start: slot.start, reason: 'the patient took an earlier time' }, { id: by, roles: [] });
}

/** Would the slot stay theirs once it is kept? One that their own other visits overtake would be free again at once, and offered for ever. */
function stands(book: PatientBook, { courseId, sessionId }: Session, hold: Extract<CourseCommand, { type: 'hold-slots' }>): boolean {
  const trial = book.fresh();
  trial.apply(courseId, hold);
  letGoOfOvertaken(trial);
  return sessionOf(trial.course(courseId), sessionId).held?.holdId === hold.holdId;
}

/** Keeps the slot for them. False when it is not free any more, cannot be kept, or they wait no more or were asked meanwhile. */
async function isKeptFor(context: TreatmentContext, { session, gainDays }: Candidate, slot: Booking, until: string, asked: number): Promise<boolean> {
  const { sessionId, courseId, waiting } = session;
  const gain = session.booking === null ? 'it has no time yet' : `${gainDays} days earlier`;
  const why = `${gain}, waiting since ${waiting?.since ?? ''}; of ${asked} who could be asked`;
  const holdId = deterministicId('offer', sessionId, slot.start, until);
  try {
    const { events } = await onSession(context, sessionId, 'schedule', (book, now) => {
      if (now.waiting === undefined || now.held !== undefined) return;
      const placed = placeSession(book.scene(courseId), book.course(courseId), now, slot.start);
      if (!placed.allowed) return;
      const hold = { type: 'hold-slots', holdId, until, reason: 'offer', bookings: [placed.booking], by: 'schedule', why } as const;
      if (stands(book, now, hold)) book.apply(courseId, hold);
    });
    return events.length > 0;
  } catch (error) {
    if (error instanceof Conflict || error instanceof Rejected) return false;
    throw error;
  }
}

/** @throws Rejected `offer_over` (409): nothing is offered any more. */
function offered({ held }: Session): Booking {
  if (held?.reason !== 'offer') throw new Rejected('offer_over', 'This time is not kept any more.', { status: 409 });
  return held.slot;
}

/**
 * The patient takes what they were offered: the session moves there, waits no more, and its old time is free for others.
 * Taken twice it is taken once. @throws Rejected `offer_over`; what a move is refused for.
 */
export const takeOffer = (context: TreatmentContext, sessionId: string, by: string): Promise<Outcome> =>
  onSession(context, sessionId, by, (book, session) => {
    take(book, session, offered(session), by);
    book.apply(session.courseId, { type: 'wait-no-more', sessionId, by });
  });

/** The patient keeps the time they have: the next one is asked, and this one not again for that day. @throws Rejected `offer_over`. */
export const declineOffer = (context: TreatmentContext, sessionId: string, by: string): Promise<Outcome> =>
  onSession(context, sessionId, by, (book, session) => {
    offered(session);
    book.apply(session.courseId, { type: 'release-slots', sessionIds: [sessionId], why: 'declined', by });
  });
