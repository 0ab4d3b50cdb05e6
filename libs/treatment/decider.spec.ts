import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Course, type CourseCommand, decide, evolve, fold, noCourse, type Plan, sessionIdOf } from './decider.js';
import type { Booking, TreatmentEvent } from './events.js';

const plan: Plan = {
  courseId: 'course-1',
  consultationId: 'c-1',
  patientId: 'p-1',
  planId: 'plan-1',
  locationId: 'nyc',
  items: [{ item: 0, protocolId: 'microneedling.cosmetic', protocolVersion: 1, sessions: 3 }],
};
const ids = [1, 2, 3].map((number) => sessionIdOf(plan, 0, number));
const id = (number: number) => ids[number - 1] ?? '';
const starts = ['2026-12-01T14:00:00.000Z', '2026-12-29T14:00:00.000Z', '2027-01-26T14:00:00.000Z'];

const booking = (number: number, start = starts[number - 1] ?? ''): Booking => ({
  sessionId: id(number),
  courseId: 'course-1',
  patientId: 'p-1',
  item: 0,
  number,
  protocolId: 'microneedling.cosmetic',
  protocolVersion: 1,
  start,
  end: new Date(Date.parse(start) + 5_400_000).toISOString(),
  turnoverMinutes: 15,
  timeZone: 'America/New_York',
  locationId: 'nyc',
  providerId: 'np-reyes',
  roomId: 'nyc-care-1',
  deviceId: 'pen-1',
  earliest: start,
  latest: null,
  because: [],
  spacing: { 'microneedling.cosmetic': 28 },
});

const after = (course: Course, ...commands: CourseCommand[]): Course =>
  commands.reduce((state, command) => decide(command, state).reduce(evolve, state), course);
const booked = after(noCourse, { type: 'open', plan }, { type: 'book', bookings: [booking(1), booking(2), booking(3)], by: 'schedule' });
const statuses = (course: Course) => course.sessions.map(({ status }) => status);
const code = (value: string) => expect.objectContaining({ code: value });

const command = fc.oneof(
  fc.constantFrom<CourseCommand>(
    { type: 'open', plan },
    { type: 'hold', gate: 'consent', why: 'withdrawn' },
    { type: 'release', gate: 'consent', by: 'desk' },
    { type: 'hold', gate: 'window', why: 'a wedding' },
  ),
  fc
    .record({ number: fc.integer({ min: 1, max: 3 }), kind: fc.integer({ min: 0, max: 7 }), day: fc.integer({ min: 0, max: 60 }) })
    .map(({ number, kind, day }): CourseCommand => {
      const sessionId = id(number);
      const start = new Date(Date.parse(starts[number - 1] ?? '') + day * 86_400_000).toISOString();
      const kinds: CourseCommand[] = [
        { type: 'confirm', sessionId, by: 'patient' },
        { type: 'move', sessionId, booking: booking(number, start), by: 'desk', reason: 'asked' },
        { type: 'cancel', sessionId, by: 'patient', reason: 'no time' },
        { type: 'arrive', sessionId, today: '2027-06-01' },
        { type: 'no-show', sessionId, now: '2027-06-01T00:00:00.000Z' },
        { type: 'complete', sessionId, at: '2027-06-01T15:00:00.000Z', on: '2027-06-01' },
        { type: 'record-reaction', sessionId, codes: ['blistering'], severity: 'severe' },
        { type: 'tell-deadline', sessionId, latest: '2027-02-01T05:00:00.000Z' },
      ];
      return kinds[kind] ?? { type: 'open', plan };
    }),
);

/** Applies a command, or leaves the course when it is refused. */
function attempt(course: Course, one: CourseCommand): Course {
  try {
    return after(course, one);
  } catch {
    return course;
  }
}

describe('a course', () => {
  test('completed and cancelled are final, and an id never changes (invariant A)', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        let course = booked;
        for (const one of commands) {
          const next = attempt(course, one);
          expect(next.sessions.map(({ sessionId }) => sessionId)).toEqual(ids);
          course.sessions.forEach(({ status }, index) => {
            if (status === 'completed' || status === 'cancelled') expect(next.sessions[index]?.status).toBe(status);
          });
          course = next;
        }
      }),
    );
  });

  test('a session with a hold is on hold, and neither arrives nor completes (invariant 2)', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        const course = commands.reduce(attempt, booked);
        for (const { sessionId, status, holds } of course.sessions) {
          expect(status === 'on_hold').toBe(holds.length > 0);
          if (status !== 'on_hold') continue;
          expect(() => decide({ type: 'arrive', sessionId, today: '2027-06-01' }, course)).toThrow(code('on_hold'));
          expect(() => decide({ type: 'complete', sessionId, at: starts[0] ?? '', on: '2027-06-01' }, course)).toThrow(code('on_hold'));
        }
      }),
    );
  });

  test('the same command twice gives no events (invariant C)', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 15 }), command, (commands, last) => {
        // Each reaction and each request is a fact of its own.
        fc.pre(last.type !== 'record-reaction');
        const before = commands.reduce(attempt, booked);
        const once = attempt(before, last);
        fc.pre(once !== before);
        expect(decide(last, once)).toEqual([]);
      }),
    );
  });

  test('is what its events tell, in whatever portions they are read', () => {
    const events: TreatmentEvent[] = [...decide({ type: 'open', plan }, noCourse), { type: 'session.booked.v1', data: booking(1) }];
    expect(fold(events)).toEqual(events.slice(1).reduce(evolve, fold(events.slice(0, 1))));
  });
});

describe('refusals', () => {
  test('name the state that forbids', () => {
    expect(() => decide({ type: 'confirm', sessionId: id(1), by: 'patient' }, noCourse)).toThrow(code('no_course'));
    expect(() => decide({ type: 'confirm', sessionId: 'nothing', by: 'patient' }, booked)).toThrow(code('no_session'));
    expect(() => decide({ type: 'arrive', sessionId: id(1), today: '2026-11-30' }, booked)).toThrow(code('too_early'));
    expect(() => decide({ type: 'no-show', sessionId: id(1), now: '2026-12-01T13:59:00.000Z' }, booked)).toThrow(code('too_early'));
    expect(() => decide({ type: 'record-reaction', sessionId: id(1), codes: ['pus'], severity: 'mild' }, booked)).toThrow(code('not_treated'));
    const arrived = after(booked, { type: 'arrive', sessionId: id(1), today: '2026-12-01' });
    expect(() => decide({ type: 'move', sessionId: id(1), booking: booking(1, starts[1]), by: 'desk', reason: '' }, arrived)).toThrow(code('session_begun'));
  });

  test('a moved session has to be confirmed again; one held for two gates waits for both', () => {
    const confirmed = after(booked, { type: 'confirm', sessionId: id(2), by: 'patient' });
    expect(statuses(confirmed)).toEqual(['booked', 'confirmed', 'booked']);
    expect(statuses(after(confirmed, { type: 'move', sessionId: id(2), booking: booking(2, starts[2]), by: 'desk', reason: '' }))[1]).toBe('booked');
    const held = after(
      booked,
      { type: 'hold', gate: 'consent', why: 'withdrawn' },
      { type: 'hold', gate: 'deposit', why: 'refunded' },
      { type: 'release', gate: 'consent', by: 'desk' },
    );
    expect(statuses(held)).toEqual(['on_hold', 'on_hold', 'on_hold']);
    expect(statuses(after(held, { type: 'release', gate: 'deposit', by: 'desk' }))).toEqual(['booked', 'booked', 'booked']);
  });
});
