import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { courseRequest, everyDay } from '../../test/support/course-request.js';
import { integerOptimum, openDaysOf } from '../../test/support/integer-program.js';
import { parsePlanRequest, planCourse, type PlanRequestInput } from './index.js';

// More cases while working on the engine: PLANNER_RUNS=200
const runs = Number(process.env.PLANNER_RUNS ?? 5);
const HORIZON = 56;
const start = Date.parse('2026-12-01T05:00:00Z');
const at = (day: number, hour: number) => new Date(start + day * 86_400_000 + hour * 3_600_000).toISOString();
const hours = everyDay(['09:00', '13:00']);

const protocol = fc.record({ min: fc.integer({ min: 4, max: 10 }), more: fc.nat(6), ideal: fc.nat(6) }).map(({ min, more, ideal }) => ({
  durationMinutes: 60,
  turnoverMinutes: 15,
  intervalDays: { min, ideal: min + Math.min(ideal, more), max: min + more },
  downtimeDays: 1,
}));
const day = fc.nat(HORIZON - 1);

/** Two or three interleaved items over eight weeks of a clinic that is shut and booked up on many days. */
const requests: fc.Arbitrary<PlanRequestInput> = fc
  .record({
    sessions: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 2, maxLength: 3 }),
    protocols: fc.record({ peel: protocol, laser: protocol, needling: protocol }),
    apart: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 6, maxLength: 6 }),
    full: fc.array(day, { maxLength: 40 }),
    away: fc.array(day, { maxLength: 6 }),
    preferred: fc.subarray([2, 3, 5], { minLength: 0 }),
    event: day,
  })
  .map(({ sessions, protocols, apart, full, away, preferred, event }) => {
    const ids = Object.keys(protocols);
    const pairs = ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => ({ from, to })));
    return {
      ...courseRequest(),
      clinic: { timeZone: 'America/New_York', gridMinutes: 60, hours },
      providers: [{ id: 'p1', protocols: ids, hours }],
      rooms: [{ id: 'r1', protocols: ids }],
      busy: full.map((on) => ({ resource: 'p1', from: at(on, 0), to: at(on, 24) })),
      protocols,
      spacing: pairs.map((pair, index) => ({ ...pair, minDays: apart[index]! })),
      patient: {
        unavailable: away.map((on) => ({ from: at(on, 0), to: at(on, 24) })),
        preferred: preferred.map((weekday) => ({ weekday, from: '09:00', to: '11:00' })),
        socialEvents: [{ on: at(event, 0).slice(0, 10) }],
      },
      course: { items: sessions.map((count, index) => ({ protocolId: ids[index]!, sessions: count })) },
      horizonDays: HORIZON,
    };
  });

describe('a course of two or three items over eight weeks', () => {
  it('costs what an integer program says is the least, and is infeasible when that is', () => {
    let scheduled = 0;
    fc.assert(
      fc.property(requests, (input) => {
        const request = parsePlanRequest(input);
        const answer = planCourse(request);
        const least = integerOptimum(request, openDaysOf(request));
        expect(answer).toMatchObject(least === null ? { status: 'infeasible' } : { status: 'scheduled', cost: least, optimal: true });
        if (least !== null) scheduled++;
      }),
      { numRuns: runs },
    );
    expect(scheduled).toBeGreaterThan(0);
  });
});
