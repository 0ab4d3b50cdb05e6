import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exhaustivePlan } from '../../test/support/exhaustive-planner.js';
import { planRequests } from '../../test/support/schedule-requests.js';
import { parsePlanRequest, planCourse } from './index.js';

const runs = Number(process.env.PLANNER_RUNS ?? 150);
const seed = process.env.PLANNER_SEED ? { seed: Number(process.env.PLANNER_SEED) } : {};

const shapes = [
  { items: 1, sessions: 4, horizon: 10 },
  { items: 2, sessions: 2, horizon: 6 },
  { items: 3, sessions: 1, horizon: 4 },
];

describe.each(shapes)('a course of $items items', (shape) => {
  it('is planned as trying everything would', () => {
    let feasible = 0;
    let infeasible = 0;
    fc.assert(
      fc.property(planRequests(shape), (input) => {
        const request = parsePlanRequest(input);
        const tried = exhaustivePlan(request, 30_000);
        fc.pre(tried !== 'too many to try');
        const { best } = tried as Exclude<typeof tried, string>;
        const answer = planCourse(request);
        if (best) feasible++;
        else infeasible++;
        if (best) expect(answer).toEqual({ status: 'scheduled', cost: best.cost, sessions: best.sessions, optimal: true });
        else expect(answer.status).toBe('infeasible');
      }),
      { numRuns: runs, ...seed },
    );
    expect([feasible > runs / 5, infeasible > runs / 20]).toEqual([true, true]);
    if (process.env.PLANNER_RUNS) console.log(feasible, infeasible);
  });
});
