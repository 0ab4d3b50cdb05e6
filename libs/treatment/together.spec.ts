import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainPicture, protocols, sampleClinic } from '../../test/support/booking.js';
import { keepTimes, settle } from './commands.js';
import { type Course, noCourse, type Session } from './decider.js';
import type { Booking } from './events.js';
import { PatientBook } from './patient-book.js';
import type { Busy } from './plan-request.js';
import { faultsOf, scheduleSessions } from './planning.js';
import { priceOf, settleTogether, SharedTime } from './together.js';

const now = new Date('2026-11-29T14:00:00Z');
const protocolIds = ['chemical_peel.superficial', 'microneedling.cosmetic', 'laser_nonablative.fractional'].filter((id) => protocols.has(id));

interface World {
  readonly shared: SharedTime;
  readonly books: readonly PatientBook[];
  readonly ledger: readonly Busy[];
}

/** Patients with a booked course each, and a ledger that knows of no more than `away`. */
function worldOf(
  patients: readonly (readonly string[])[],
  { confirmed, completed }: Pick<Instance, 'confirmed' | 'completed'>,
  away: (sessions: readonly Session[]) => readonly Busy[],
): World {
  const shared = new SharedTime();
  const ledger: Busy[] = [];
  const read = (courses: ReadonlyMap<string, Course>, courseId: string) => ({
    ...{ courses, versions: new Map<string, number>(), pictures: new Map([[courseId, plainPicture]]), clinic: sampleClinic, protocols },
    get busy() {
      return shared.amid(ledger);
    },
  });
  const booked = patients.map((items, patient) => {
    const courseId = `course-${patient}`;
    const book = new PatientBook(`p-${patient}`, now, read(new Map(), courseId));
    const plan = { courseId, consultationId: 'c', patientId: `p-${patient}`, planId: 'plan', locationId: 'nyc' };
    book.apply(courseId, { type: 'open', plan: { ...plan, items: items.map((protocolId, item) => ({ item, protocolId, protocolVersion: 1, sessions: 2 })) } });
    const schedule = scheduleSessions(book.scene(courseId), book.course(courseId), book.course(courseId).sessions, ['nyc'], true);
    if (schedule.status === 'scheduled') book.apply(courseId, { type: 'book', bookings: schedule.bookings, by: 'schedule' });
    book.course(courseId).sessions.forEach(({ sessionId }, index) => {
      if (confirmed[(patient + index) % confirmed.length] === true && schedule.status === 'scheduled')
        book.apply(courseId, { type: 'confirm', sessionId, by: 'patient' });
    });
    const [first] = book.course(courseId).sessions;
    if (first?.booking !== null && first?.booking !== undefined && completed[patient % completed.length] === true)
      book.apply(courseId, { type: 'complete', sessionId: first.sessionId, at: first.booking.end, on: first.booking.start.slice(0, 10) });
    shared.take(book.events);
    return book;
  });
  const courses = booked.map((book) => book.courses[0] ?? noCourse);
  const rows = shared.amid([{ sessionId: '', kind: 'room', resourceId: '', from: '', to: '' }]);
  ledger.push(...rows.filter(({ sessionId }) => sessionId !== ''), ...away(courses.flatMap(({ sessions }) => sessions)));
  shared.clear();
  const books = courses.map((course) => new PatientBook(course.patientId, now, read(new Map([[course.courseId, course]]), course.courseId)));
  return { shared, books, ledger };
}

const sessionsOf = (books: readonly PatientBook[]): Session[] => books.flatMap(({ courses }) => courses.flatMap(({ sessions }) => sessions));
const standing = (books: readonly PatientBook[]): Booking[] =>
  sessionsOf(books).flatMap(({ status, booking }) => ((status === 'booked' || status === 'confirmed') && booking !== null ? [booking] : []));
const cleared = ({ end, turnoverMinutes }: Booking) => new Date(Date.parse(end) + turnoverMinutes * 60_000).toISOString();
const meet = (one: readonly [string, string], other: readonly [string, string]) => one[0] < other[1] && other[0] < one[1];

const instance = fc.record({
  patients: fc.array(fc.subarray(protocolIds, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 }),
  confirmed: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
  completed: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
  victim: fc.nat(20),
  days: fc.integer({ min: 1, max: 10 }),
});
type Instance = typeof instance extends fc.Arbitrary<infer T> ? T : never;

/** Somebody who has a session falls ill on its day, for some days. */
function sick({ patients, victim, days, ...flags }: Instance): World {
  return worldOf(patients, flags, (sessions) => {
    const booking = sessions.flatMap((session) => session.booking ?? []).sort((one, other) => (one.start < other.start ? -1 : 1))[victim % sessions.length];
    if (booking === undefined) return [];
    const from = `${booking.start.slice(0, 10)}T05:00:00.000Z`;
    return [{ sessionId: 'away', kind: 'provider', resourceId: booking.providerId, from, to: new Date(Date.parse(from) + days * 86_400_000).toISOString() }];
  });
}

const completedOf = (books: readonly PatientBook[]) => sessionsOf(books).filter(({ status }) => status === 'completed');
const place = ({ sessionId, status, booking }: Session) => [sessionId, status, booking?.start, booking?.providerId, booking?.roomId, booking?.deviceId];

describe('a sick day, planned for everybody together', () => {
  test('property: nothing overlaps and no rule is broken (invariants 1, 3); nobody is left with the one who is away (D), and what was completed stays (A)', () => {
    fc.assert(
      fc.property(instance, (some) => {
        const { shared, books, ledger } = sick(some);
        const after = settleTogether(books, shared);
        const bookings = standing(after);
        expect(completedOf(after).map(place).sort()).toEqual(completedOf(books).map(place).sort());
        for (const [index, one] of bookings.entries())
          for (const other of bookings.slice(index + 1)) {
            if (one.providerId === other.providerId) expect(meet([one.start, one.end], [other.start, other.end])).toBe(false);
            if (one.roomId === other.roomId) expect(meet([one.start, cleared(one)], [other.start, cleared(other)])).toBe(false);
            if (one.deviceId !== null && one.deviceId === other.deviceId) expect(meet([one.start, cleared(one)], [other.start, cleared(other)])).toBe(false);
          }
        const away = ledger.filter(({ sessionId }) => sessionId === 'away');
        for (const { providerId, start, end } of bookings)
          expect(away.some(({ resourceId, from, to }) => resourceId === providerId && meet([start, end], [from, to]))).toBe(false);
        for (const book of after) for (const course of book.courses) expect(faultsOf(book.scene(course.courseId), course)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test('property: whoever can keep their time keeps it and stays confirmed (B); the order of the books changes nothing (C)', () => {
    fc.assert(
      fc.property(instance, (some) => {
        const { shared, books } = sick(some);
        const before = new Map(sessionsOf(books).map((session) => [session.sessionId, session]));
        const alone = books.map((book) => {
          shared.clear();
          const trial = book.fresh();
          for (const { courseId } of trial.courses) keepTimes(trial, courseId);
          return trial;
        });
        const keeps = alone.flatMap(({ events }) => events.flatMap((event) => (event.type === 'session.rescheduled.v1' ? event.data.sessionId : [])));
        const after = settleTogether(books, shared);
        for (const session of sessionsOf(after)) {
          if (!keeps.includes(session.sessionId)) continue;
          expect([session.booking?.start, session.status]).toEqual([before.get(session.sessionId)?.booking?.start, before.get(session.sessionId)?.status]);
        }
        const again = settleTogether([...books].reverse(), shared);
        expect(sessionsOf(again).map(place).sort()).toEqual(sessionsOf(after).map(place).sort());
      }),
      { numRuns: 20 },
    );
  });

  test('property: on small instances never dearer than one patient after the other, in whichever order', () => {
    const permutations = <T>(list: readonly T[]): T[][] =>
      list.length < 2 ? [[...list]] : list.flatMap((one, index) => permutations(list.toSpliced(index, 1)).map((rest) => [one, ...rest]));
    fc.assert(
      fc.property(instance, (some) => {
        const { shared, books } = sick({ ...some, patients: some.patients.slice(0, 3) });
        const before = new Map(sessionsOf(books).map((session) => [session.sessionId, session]));
        const [held, confirmed, moved] = priceOf(settleTogether(books, shared), before);
        for (const order of permutations(books)) {
          shared.clear();
          const inTurn = order.map((book) => {
            const own = book.fresh();
            for (const { courseId } of own.courses) settle(own, courseId);
            shared.take(own.events);
            return own;
          });
          const [heldThen, confirmedThen, movedThen] = priceOf(inTurn, before);
          expect(held * 1e6 + confirmed * 1e3 + moved).toBeLessThanOrEqual(heldThen * 1e6 + confirmedThen * 1e3 + movedThen);
        }
      }),
      { numRuns: 8 },
    );
  });
});

test('what was moved holds its provider at one place that day, as the ledger says it', () => {
  const { shared, books } = worldOf([['chemical_peel.superficial']], { confirmed: [false], completed: [false] }, () => []);
  const [booking] = sessionsOf(books).flatMap((session) => session.booking ?? []);
  if (booking === undefined) throw new Error('nothing is booked');
  shared.take([{ type: 'session.booked.v1', data: booking }]);
  const rows = shared.amid([]).filter(({ kind }) => kind === 'provider');
  expect(rows).toMatchObject([{ resourceId: booking.providerId, place: 'nyc', onDay: booking.start.slice(0, 10) }]);
});
