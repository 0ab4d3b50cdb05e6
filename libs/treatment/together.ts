import { type Course, type Session } from './decider.js';
import type { Booking, TreatmentEvent } from './events.js';
import { keepTimes, settle } from './commands.js';
import type { PatientBook } from './patient-book.js';
import type { Busy } from './plan-request.js';
import { faultsOf } from './planning.js';
import { localDate } from './recovery.js';

/*
 * Courses of several patients planned again together, because one cause forbids sessions of all of them: they compete for the
 * same free time. Pure, over books that were read at one moment. Invariants (numbers of the design, letters of this page):
 *  1. Two sessions never hold one resource at once, whichever books they are in.
 *  3. Every interval and spacing rule holds for what moves.
 *  A. What was completed, or has begun, does not move.
 *  B. Whoever can keep their time with somebody else keeps it, before anybody moves to another time.
 *  C. Confirmed sessions choose first, then the soonest; the answer does not depend on the order in which books are given.
 *  D. What has no other time is put on hold, and nothing is left where it may not stand.
 */

const heldBy = ({ sessionId, start, end, timeZone, turnoverMinutes, locationId, providerId, roomId, deviceId }: Booking): Busy[] => {
  const cleared = new Date(Date.parse(end) + turnoverMinutes * 60_000).toISOString();
  const held = (kind: Busy['kind'], resourceId: string | null, to: string): Busy[] =>
    resourceId === null ? [] : [{ sessionId, kind, resourceId, from: start, to }];
  const provider = held('provider', providerId, end).map((row) => ({ ...row, place: locationId, onDay: localDate(start, timeZone) }));
  return [...provider, ...held('room', roomId, cleared), ...held('device', deviceId, cleared)];
};

/** What sessions hold while several books are at work: the ledger, and on top of it what has been moved in any of them. */
export class SharedTime {
  readonly #placed = new Map<string, Booking>();

  /** The ledger as it would be. */
  readonly amid = (busy: readonly Busy[]): readonly Busy[] =>
    this.#placed.size === 0 ? busy : [...busy.filter(({ sessionId }) => !this.#placed.has(sessionId)), ...[...this.#placed.values()].flatMap(heldBy)];

  take(events: readonly TreatmentEvent[]): void {
    for (const event of events)
      if (event.type === 'session.rescheduled.v1' || event.type === 'session.booked.v1') this.#placed.set(event.data.sessionId, event.data);
  }

  clear(): void {
    this.#placed.clear();
  }
}

const openCourses = ({ courses }: PatientBook): Course[] => courses.filter(({ status }) => status !== 'closed');
const faultySessions = (book: PatientBook): Session[] =>
  openCourses(book).flatMap((course) => faultsOf(book.scene(course.courseId), course).map(({ session }) => session));

/** Confirmed first, then the soonest; ids last, so that the order is one. */
function byUrgency(books: readonly PatientBook[]): PatientBook[] {
  const urgency = (book: PatientBook): string =>
    faultySessions(book)
      .map(({ status, booking, sessionId }) => `${status === 'confirmed' ? 0 : 1} ${booking?.start ?? ''} ${sessionId}`)
      .sort()[0] ?? `2 ${book.patientId}`;
  return books
    .map((book) => [urgency(book), book] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, book]) => book);
}

/** What an attempt costs: sessions without a time, confirmed ones at another time, all at another time, days of delay. */
export function priceOf(books: readonly PatientBook[], before: ReadonlyMap<string, Session>): readonly [number, number, number, number] {
  const after = books.flatMap(({ courses }) => courses.flatMap(({ sessions }) => sessions));
  const held = after.filter(({ sessionId, status }) => status === 'on_hold' && before.get(sessionId)?.status !== 'on_hold');
  const moved = after.flatMap((session) => {
    const was = before.get(session.sessionId);
    const [from, to] = [was?.booking?.start, session.booking?.start];
    return was === undefined || from === undefined || to === undefined || from === to ? [] : [{ was, days: (Date.parse(to) - Date.parse(from)) / 86_400_000 }];
  });
  const delay = moved.reduce((days, one) => days + Math.abs(one.days), 0);
  return [held.length, moved.filter(({ was }) => was.status === 'confirmed').length, moved.length, delay];
}

const cheaper = (one: readonly number[], other: readonly number[]): number =>
  one.map((price, index) => price - (other[index] ?? 0)).find((difference) => difference !== 0) ?? 0;

function settleInOrder(order: readonly PatientBook[], shared: SharedTime): PatientBook[] {
  shared.clear();
  const books = order.map((book) => book.fresh());
  for (const step of [keepTimes, settle]) {
    for (const book of books) {
      for (const { courseId } of openCourses(book)) {
        step(book, courseId);
        shared.take(book.events);
      }
    }
  }
  return books;
}

/** So many books are tried in every order when the first one costs somebody more than the cause itself. */
const mostOrders = 3;

function* orders<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length < 2) return void (yield list);
  for (const [index, first] of list.entries()) for (const rest of orders(list.toSpliced(index, 1))) yield [first, ...rest];
}

/**
 * Settles all the books, which must read `shared`: nobody who is not at fault moves where that can be helped, and as few are
 * left without a time. Answers the books with their events, in the order in which they chose.
 */
export function settleTogether(books: readonly PatientBook[], shared: SharedTime): readonly PatientBook[] {
  shared.clear();
  const order = byUrgency(books);
  const before = new Map(order.flatMap(({ courses }) => courses.flatMap(({ sessions }) => sessions.map((session) => [session.sessionId, session] as const))));
  const faults = order.reduce((count, book) => count + faultySessions(book).length, 0);
  let best = settleInOrder(order, shared);
  let price = priceOf(best, before);
  if (price[0] === 0 && price[2] <= faults) return best;
  const unlucky = best.filter((book) => priceOf([book], before)[0] > 0).map(({ patientId }) => patientId);
  const luckyLast = [...order].sort((one, other) => Number(unlucky.includes(other.patientId)) - Number(unlucky.includes(one.patientId)));
  for (const other of order.length <= mostOrders ? orders(order) : [luckyLast]) {
    const found = settleInOrder(other, shared);
    const cost = priceOf(found, before);
    if (cheaper(cost, price) < 0) [best, price] = [found, cost];
  }
  return best;
}
