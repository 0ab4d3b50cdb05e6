import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, daysBetween } from '#protocols';
import type { Session } from './decider.js';
import type { Override } from './events.js';
import { dayBegins, dayEnds, laneConflicts, localDate, recoveryLanes } from './recovery.js';

const timeZone = 'America/New_York';
const protocols = ['a', 'b', 'c'];
/** Days from one protocol to another; the own interval on the diagonal; 0 in one direction of a pair. */
const spacing: Record<string, Record<string, number>> = { a: { a: 28, b: 14 }, b: { b: 14, a: 3, c: 7 }, c: { c: 90 } };

function sessionOn(sessionId: string, protocolId: string, start: string, more: Partial<Session> = {}): Session {
  const booking = {
    sessionId,
    courseId: 'course-1',
    patientId: 'p-1',
    item: 0,
    number: 1,
    protocolId,
    protocolVersion: 1,
    start,
    end: new Date(Date.parse(start) + 3_600_000).toISOString(),
    turnoverMinutes: 15,
    timeZone,
    locationId: 'nyc',
    providerId: 'x',
    roomId: 'y',
    deviceId: null,
    earliest: start,
    latest: null,
    because: [],
    spacing: spacing[protocolId] ?? {},
  };
  return {
    sessionId,
    courseId: 'course-1',
    patientId: 'p-1',
    item: 0,
    number: 1,
    protocolId,
    protocolVersion: 1,
    status: 'booked',
    booking,
    holds: [],
    override: null,
    completedAt: null,
    completedOn: null,
    deadlineTold: null,
    sequence: 0,
    ...more,
  };
}

const startOf = (session: Session) => session.booking?.start ?? '';

/** The rule as the contract says it: calendar days between local dates, in the direction in which they happen. */
function keepsRules(one: Session, other: Session): boolean {
  const [first, second] = startOf(one) < startOf(other) ? [one, other] : [other, one];
  return daysBetween(localDate(startOf(first), timeZone), localDate(startOf(second), timeZone)) >= (spacing[first.protocolId]?.[second.protocolId] ?? 0);
}

const anyStart = fc.record({ day: fc.integer({ min: 0, max: 120 }), minute: fc.integer({ min: 0, max: 90 }) }).map(({ day, minute }) =>
  // Starts within the clinic's day, over the change to summer time in March 2027, an hour or more apart from each other's minute.
  new Date(Date.parse(dayBegins(addDays('2027-01-20', day), timeZone)) + (600 + minute * 2) * 60_000).toISOString(),
);

describe('lanes', () => {
  test('conflict exactly where a spacing or interval rule is broken (invariant 3)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...protocols), anyStart, fc.constantFrom(...protocols), anyStart, (p, s, q, t) => {
        fc.pre(Math.abs(Date.parse(s) - Date.parse(t)) >= 3_600_000);
        const [one, other] = [sessionOn('1', p, s), sessionOn('2', q, t)];
        expect(laneConflicts(recoveryLanes([one, other], [])).length === 0).toBe(keepsRules(one, other));
      }),
      { numRuns: 500 },
    );
  });

  test('a session never stands in its own shadow; one on hold or called off stands nowhere', () => {
    const one = sessionOn('1', 'a', '2027-02-01T15:00:00.000Z');
    expect(laneConflicts(recoveryLanes([one], []))).toEqual([]);
    expect(
      recoveryLanes(
        [
          { ...one, status: 'on_hold' },
          { ...one, status: 'cancelled' },
          { ...one, status: 'no_show' },
        ],
        [],
      ),
    ).toEqual([]);
  });

  test('an override takes its day out of the shadow it names, and no other (invariant 3)', () => {
    const first = sessionOn('1', 'a', '2027-02-01T15:00:00.000Z');
    const override: Override = { by: 'dr-okafor', reason: 'travels', constraints: [], waives: [{ source: '1', lane: 'a', on: '2027-02-10' }] };
    const second = sessionOn('2', 'a', '2027-02-10T15:00:00.000Z', { override });
    expect(laneConflicts(recoveryLanes([first, second], []))).toEqual([]);
    const third = sessionOn('3', 'a', '2027-02-11T15:00:00.000Z');
    expect(
      laneConflicts(recoveryLanes([first, second, third], []))
        .map(({ shadow }) => shadow.source)
        .sort(),
    ).toEqual(['1', '2']);
  });

  test('a fact that is learned late forbids what is to come, not what was', () => {
    const until = dayBegins('2027-03-01', timeZone);
    const courses = [
      { courseId: 'course-1', status: 'open' as const, blackouts: [{ protocolId: 'a', from: null, until, constraint: 'clear', detail: 'sunburn' }] },
    ];
    const given = sessionOn('1', 'a', '2027-02-01T15:00:00.000Z', { status: 'completed', completedAt: '2027-02-01T16:00:00.000Z', completedOn: '2027-02-01' });
    expect(laneConflicts(recoveryLanes([given], courses))).toEqual([]);
    const toCome = sessionOn('2', 'a', '2027-02-28T15:00:00.000Z');
    expect(laneConflicts(recoveryLanes([toCome], courses)).map(({ shadow }) => shadow.source)).toEqual(['course-1']);
    expect(laneConflicts(recoveryLanes([toCome], [{ ...courses[0]!, status: 'closed' }]))).toEqual([]);
  });

  test('what was given on another day than planned casts its shadow from that day', () => {
    const given = sessionOn('1', 'a', '2027-02-01T15:00:00.000Z', { status: 'completed', completedAt: '2027-02-03T16:00:00.000Z', completedOn: '2027-02-03' });
    const rows = recoveryLanes([given], []);
    expect(rows.filter(({ role }) => role === 0)).toEqual([]);
    expect(rows.find(({ lane }) => lane === 'a')?.until).toBe(dayBegins('2027-03-03', timeZone));
  });
});

test('a local day is 23 or 25 hours long when the clocks change', () => {
  const hours = (on: string) => (Date.parse(dayEnds(on, timeZone)) - Date.parse(dayBegins(on, timeZone))) / 3_600_000;
  expect([hours('2027-03-14'), hours('2027-11-07'), hours('2027-06-01')]).toEqual([23, 25, 24]);
});
