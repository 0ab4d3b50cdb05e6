import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { courseRequest, everyDay } from '../../test/support/course-request.js';
import { anySchedule } from '../../test/support/exhaustive-planner.js';
import { planRequests } from '../../test/support/schedule-requests.js';
import { type Constraint, CONSTRAINTS, parsePlanRequest, planCourse, type PlanRequest } from './index.js';
import { waysOut } from './relaxations.js';

// More cases while working on the engine: PLANNER_RUNS=2000
const runs = Number(process.env.PLANNER_RUNS ?? 12);
const MOST_TRIES = 300_000;
const allDay = everyDay(['00:00', '24:00']);

/** What a constraint means, by the request that does not have it; nothing of the engine is used. */
const WITHOUT: Record<Constraint, (request: PlanRequest) => PlanRequest> = {
  provider: (request) => ({ ...request, providers: [...request.providers, { id: 'anyone', protocols: named(request), hours: allDay, validUntil: {} }] }),
  room: (request) => ({ ...request, rooms: [...request.rooms, { id: 'anywhere', protocols: named(request) }, { id: 'elsewhere', protocols: named(request) }] }),
  device: (request) => ({ ...request, devices: [] }),
  licence: (request) => ({ ...request, providers: request.providers.map((provider) => ({ ...provider, validUntil: {} })) }),
  hours: ({ clinic, providers, ...rest }) => ({
    ...rest,
    clinic: { ...clinic, hours: allDay, closed: [], closures: [] },
    providers: providers.map((provider) => ({ ...provider, hours: allDay, absences: [] })),
  }),
  busy: (request) => ({ ...request, busy: [] }),
  unavailable: ({ patient, ...rest }) => ({ ...rest, patient: { ...patient, unavailable: [] } }),
  interval: ({ protocols, patient, spacing, ...rest }) => ({
    ...rest,
    protocols: Object.fromEntries(Object.entries(protocols).map(([id, protocol]) => [id, { ...protocol, intervalDays: { min: 0, ideal: 0, max: 3000 } }])),
    // A past treatment under another name keeps its spacing, and no longer holds the first session of its own protocol.
    patient: { ...patient, treated: patient.treated.map(({ protocolId, on }) => ({ protocolId: past(protocolId), on })) },
    spacing: spacing.flatMap((rule) => [rule, { ...rule, from: past(rule.from) }, { ...rule, to: past(rule.to) }]),
  }),
  spacing: (request) => ({ ...request, spacing: [] }),
  clear: ({ patient, ...rest }) => ({ ...rest, patient: { ...patient, clear: [] } }),
  social_event: ({ patient, ...rest }) => ({ ...rest, patient: { ...patient, socialEvents: [] } }),
  horizon: (request) => ({ ...request, horizonDays: request.horizonDays + 35 }),
};

function past(protocolId: string): string {
  return `past ${protocolId}`;
}

function named({ course }: PlanRequest): string[] {
  return course.items.map(({ protocolId }) => protocolId);
}

function without(request: PlanRequest, constraints: readonly Constraint[]): PlanRequest {
  return constraints.reduce((left, constraint) => WITHOUT[constraint](left), request);
}

/** Few starts a day, so that even a calendar that lacks most constraints can be tried through. */
const coarse = planRequests({ items: 2, sessions: 2, horizon: 4 }).map((input) => ({ ...input, clinic: { ...input.clinic, gridMinutes: 360 } }));

describe('because', () => {
  it('names constraints that cannot hold together though no other did, each of them needed', () => {
    let judged = 0;
    fc.assert(
      fc.property(coarse, (input) => {
        const request = parsePlanRequest(input);
        const answer = planCourse(request);
        fc.pre(answer.status === 'infeasible');
        if (answer.status !== 'infeasible') return;
        const because = answer.because.map(({ constraint }) => constraint);
        expect(because.length).toBeGreaterThan(0);
        const others = CONSTRAINTS.filter((constraint) => !because.includes(constraint));
        const alone = anySchedule(without(request, others), MOST_TRIES);
        fc.pre(alone !== 'too many to try');
        expect({ because, alone }).toEqual({ because, alone: false });
        for (const constraint of because) {
          const relaxed = anySchedule(without(request, [...others, constraint]), MOST_TRIES);
          if (relaxed === 'too many to try') continue;
          expect({ because, without: constraint, relaxed }).toEqual({ because, without: constraint, relaxed: true });
          judged++;
        }
      }),
      { numRuns: runs },
    );
    expect(judged).toBeGreaterThan(runs);
  });
});

describe('the conflict named', () => {
  it('is a smallest one: no fewer constraints leave the course without a schedule', () => {
    let judged = 0;
    fc.assert(
      fc.property(coarse, fc.infiniteStream(fc.nat(CONSTRAINTS.length - 1)), (input, random) => {
        const request = parsePlanRequest(input);
        const answer = planCourse(request);
        fc.pre(answer.status === 'infeasible' && answer.because.length > 1);
        if (answer.status !== 'infeasible') return;
        const fewer = new Set<Constraint>();
        while (fewer.size < answer.because.length - 1) fewer.add(CONSTRAINTS[random.next().value as number]!);
        const alone = anySchedule(
          without(
            request,
            CONSTRAINTS.filter((constraint) => !fewer.has(constraint)),
          ),
          MOST_TRIES,
        );
        if (alone === 'too many to try') return;
        expect({ because: answer.because, fewer: [...fewer], alone }).toMatchObject({ alone: true });
        judged++;
      }),
      { numRuns: runs },
    );
    expect(judged).toBeGreaterThan(0);
  });

  it('has ways out, the cheapest first, each of which makes the course possible at a price that a schedule has', () => {
    let ways = 0;
    fc.assert(
      fc.property(coarse, (input) => {
        const request = parsePlanRequest(input);
        const answer = planCourse(request);
        fc.pre(answer.status === 'infeasible');
        if (answer.status !== 'infeasible') return;
        const out = waysOut(
          request,
          answer.because.map(({ constraint }) => constraint),
        );
        expect(answer.relaxations).toEqual(out.map(({ constraint, change, cost }) => ({ constraint, change, cost })));
        expect(out.map(({ cost }) => cost)).toEqual(out.map(({ cost }) => cost).sort((a, b) => a - b));
        for (const { request: changed, waived, cost } of out) {
          const possible = anySchedule(without(changed, waived), MOST_TRIES);
          if (possible !== 'too many to try') expect({ waived, possible }).toEqual({ waived, possible: true });
          if (waived.length > 0) continue;
          const best = planCourse(changed);
          expect(best).toMatchObject({ status: 'scheduled' });
          if (best.status === 'scheduled') expect(cost).toBeGreaterThanOrEqual(best.cost);
          ways++;
        }
      }),
      { numRuns: runs },
    );
    expect(ways).toBeGreaterThan(0);
  });

  it('may be two that share nothing, which only a pair of waivers resolves', () => {
    const course = {
      items: [
        { protocolId: 'peel', sessions: 1 },
        { protocolId: 'laser', sessions: 1 },
      ],
    };
    const providers = [{ id: 'p1', protocols: ['laser'], hours: allDay }];
    const rooms = [{ id: 'r1', protocols: ['peel'] }];
    const answer = planCourse(parsePlanRequest(courseRequest({ course, providers, rooms })));
    expect(answer).toMatchObject({
      status: 'infeasible',
      because: [{ constraint: 'room', detail: expect.stringContaining('no room is fit for laser') }],
      relaxations: [{ constraint: 'room', change: 'another room for the course, and another provider for the course', cost: 0 }],
    });
  });
});

describe('a budget that ends', () => {
  const packed = parsePlanRequest(
    courseRequest({
      course: {
        items: [
          { protocolId: 'peel', sessions: 6 },
          { protocolId: 'laser', sessions: 6 },
        ],
      },
      spacing: [
        { from: 'peel', to: 'laser', minDays: 6 },
        { from: 'laser', to: 'peel', minDays: 6 },
      ],
      horizonDays: 120,
    }),
  );

  it('is no proof: what was not searched through is undecided, and with more steps it is decided', () => {
    const [hurried, thorough] = [planCourse(packed, { stepBudget: 5, fallbackSteps: 5 }), planCourse(packed)];
    expect(hurried).toMatchObject({ status: 'undecided', detail: expect.stringContaining('10 steps') });
    expect(thorough.status).not.toBe('undecided');
  });
});
