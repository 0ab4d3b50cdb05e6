import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { exhaustivePlan, sessionsAlone } from '../../test/support/exhaustive-planner.js';
import { planRequests } from '../../test/support/schedule-requests.js';
import { CONSTRAINTS, parsePlanRequest, planCourse, type PlanRequest } from './index.js';

// More cases while working on the engine: PLANNER_RUNS=2000
const runs = Number(process.env.PLANNER_RUNS ?? 15);
const MOST_SCHEDULES = 60_000;

const shapes = [
  { items: 1, sessions: 4, horizon: 10 },
  { items: 2, sessions: 2, horizon: 6 },
  { items: 3, sessions: 2, horizon: 7 },
];

/** The engine's answer must be the one that trying everything gives, ties included; true when there is a schedule. */
function expectSameAsExhaustive(request: PlanRequest): boolean {
  const tried = exhaustivePlan(request, MOST_SCHEDULES);
  if (tried === 'too many to try') return fc.pre(false) ?? false;
  const answer = planCourse(request);
  if (!tried.best) {
    expect(answer).toMatchObject({ status: 'infeasible' });
    return false;
  }
  const { cost, sessions } = tried.best;
  const isFixed = (item: number, number: number): boolean => request.fixed.some((place) => place.item === item && place.number === number);
  const planned = sessions.filter(({ item, number }) => !isFixed(item, number));
  expect(answer).toEqual({ status: 'scheduled', cost, sessions: planned, optimal: true });
  return true;
}

let plannedBack = 0;

describe.each(shapes)('a course of $items items on a tiny calendar', (shape) => {
  it('is planned as trying everything would plan it, ties included', () => {
    let scheduled = 0;
    fc.assert(
      fc.property(planRequests(shape), (input) => {
        if (expectSameAsExhaustive(parsePlanRequest(input))) scheduled++;
      }),
      { numRuns: runs },
    );
    // A third to a half of these calendars have a schedule; were it none or all, the property would say little.
    expect(scheduled).toBeGreaterThan(0);
    expect(scheduled).toBeLessThan(runs);
  });

  it('is planned around sessions that stay where they are', () => {
    fc.assert(
      fc.property(planRequests(shape), fc.nat(), fc.nat(), (input, which, whichNumber) => {
        const request = parsePlanRequest(input);
        const item = which % request.course.items.length;
        const alone = [...sessionsAlone(request, item)];
        fc.pre(alone.length > 0);
        const { start, providerId, roomId, deviceId } = alone[which % alone.length]!;
        const number = (whichNumber % request.course.items[item]!.sessions) + 1;
        expectSameAsExhaustive(parsePlanRequest({ ...request, fixed: [{ item, number, start, providerId, roomId, deviceId }] }));
      }),
      { numRuns: runs },
    );
  });

  it('is planned back from the day on which the skin is to be at its best', () => {
    fc.assert(
      fc.property(
        planRequests(shape),
        fc.integer({ min: shape.horizon >> 1, max: shape.horizon + 2 }),
        fc.option(fc.subarray([0, 1, 2].slice(0, shape.items), { minLength: 1 })),
        (input, day, items) => {
          const on = new Date(Date.parse(input.notBefore) + (day + 1) * 86_400_000).toISOString().slice(0, 10);
          if (expectSameAsExhaustive(parsePlanRequest({ ...input, bestOn: on, ...(items ? { bestItems: items } : {}) }))) plannedBack++;
        },
      ),
      { numRuns: runs >> 1 },
    );
  });

  it('does not depend on the order in which the request lists things', () => {
    fc.assert(
      fc.property(planRequests(shape), fc.infiniteStream(fc.nat()), (input, random) => {
        const shuffled = <T>(list: readonly T[] | undefined): T[] =>
          [...(list ?? [])]
            .map((entry) => ({ entry, key: random.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ entry }) => entry);
        const patient = Object.fromEntries(Object.entries(input.patient ?? {}).map(([name, list]) => [name, shuffled<unknown>(list)]));
        const other = {
          ...input,
          patient,
          ...Object.fromEntries((['providers', 'rooms', 'devices', 'busy', 'spacing'] as const).map((name) => [name, shuffled<unknown>(input[name])])),
        };
        const [answer, again] = [planCourse(parsePlanRequest(input)), planCourse(parsePlanRequest(other))];
        if (answer.status === 'scheduled') expect(again).toEqual(answer);
        else expect(again.status).toBe('infeasible');
      }),
      { numRuns: runs },
    );
  });
});

test('some of the courses with a day to be at their best on had a schedule', () => {
  expect(plannedBack).toBeGreaterThan(0);
});

describe('an infeasible course', () => {
  it('is blamed on constraints that are enough to make it so', () => {
    fc.assert(
      fc.property(planRequests({ items: 2, sessions: 2, horizon: 5 }), (input) => {
        const request = parsePlanRequest(input);
        const answer = planCourse(request);
        fc.pre(answer.status === 'infeasible');
        if (answer.status !== 'infeasible') return;
        const named = answer.because.map(({ constraint }) => constraint);
        expect(named.length).toBeGreaterThan(0);
        expect(CONSTRAINTS).toEqual(expect.arrayContaining(named));
        const { patient, providers } = request;
        const blamed = <T>(constraint: (typeof CONSTRAINTS)[number], list: readonly T[]): T[] => (named.includes(constraint) ? [...list] : []);
        const only: PlanRequest = {
          ...request,
          busy: blamed('busy', request.busy),
          spacing: blamed('spacing', request.spacing),
          providers: providers.map((provider) => (named.includes('licence') ? provider : { ...provider, validUntil: {} })),
          patient: {
            ...patient,
            unavailable: blamed('unavailable', patient.unavailable),
            clear: blamed('clear', patient.clear),
            socialEvents: blamed('social_event', patient.socialEvents),
          },
        };
        const tried = exhaustivePlan(only, MOST_SCHEDULES);
        fc.pre(tried !== 'too many to try');
        expect(tried).toEqual({ best: undefined });
      }),
      { numRuns: runs },
    );
  });
});
