import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { courseRequest } from '../../test/support/course-request.js';
import { sessionsAlone } from '../../test/support/exhaustive-planner.js';
import { planRequests } from '../../test/support/schedule-requests.js';
import { ScheduleRules } from '../../test/support/schedule-rules.js';
import {
  checkPlacement,
  explainSessions,
  freeStarts,
  freeStartsByProvider,
  parsePlanRequest,
  planCourse,
  type PlannedSession,
  type PlanRequest,
} from './index.js';

const byIds = (a: PlannedSession, b: PlannedSession): number => ScheduleRules.compare([a], [b]);

/** The request with some sessions of a plan as the ones that stay. */
function withFixed(request: PlanRequest, sessions: readonly PlannedSession[]): PlanRequest {
  return parsePlanRequest({
    ...request,
    fixed: sessions.map(({ item, number, start, providerId, roomId, deviceId }) => ({ item, number, start, providerId, roomId, deviceId })),
  });
}

describe('checkPlacement', () => {
  it('allows exactly the starts that every rule allows, with the smallest free ids', () => {
    let allowed = 0;
    fc.assert(
      fc.property(planRequests({ items: 2, sessions: 2, horizon: 6 }), fc.nat(), fc.nat(), fc.constantFrom(0, 0, 0, 15), (input, which, when, offMinutes) => {
        const request = parsePlanRequest(input);
        const answer = planCourse(request);
        fc.pre(answer.status === 'scheduled');
        if (answer.status !== 'scheduled') return;
        const moved = answer.sessions[which % answer.sessions.length]!;
        const others = answer.sessions.filter((session) => session !== moved);
        const rules = new ScheduleRules(request);
        const alone = [...sessionsAlone(request, moved.item, rules)];
        // Half of the starts are ones at which only the other sessions can be in the way.
        const starts = when % 2 === 0 ? rules.gridStarts() : alone.map((session) => Date.parse(session.start));
        const start = new Date(starts[when % starts.length]! + offMinutes * 60_000).toISOString().replace('.000', '');
        const fits = alone
          .filter((session) => session.start === start)
          .map((session) => ({ ...session, number: moved.number }))
          .filter((session) => others.every((other) => rules.brokenBetween(...inOrder(session, other)).next().done))
          .sort(byIds);
        const result = checkPlacement(withFixed(request, others), { item: moved.item, number: moved.number, start });
        if (fits[0]) expect(result).toEqual({ allowed: true, session: fits[0] });
        else
          expect(result).toMatchObject({ allowed: false, violations: expect.arrayContaining([expect.objectContaining({ constraint: expect.any(String) })]) });
        if (fits[0]) allowed++;
      }),
      { numRuns: 60 },
    );
    expect(allowed).toBeGreaterThan(3);
  });

  const named = (change: object, start: string, number = 1, resources = {}): string[] => {
    const result = checkPlacement(parsePlanRequest({ ...courseRequest({}, 2), ...change }), { item: 0, number, start, ...resources });
    return result.allowed ? ['allowed'] : result.violations.map(({ constraint }) => constraint);
  };
  const at = '2026-12-08T15:00:00Z';
  const hour = { from: at, to: '2026-12-08T16:00:00Z' };
  const provider = courseRequest().providers![0]!;

  it('names each rule that is broken', () => {
    expect(named({}, at)).toEqual(['allowed']);
    expect(named({}, '2026-12-08T15:10:00Z')).toEqual(['hours']);
    expect(named({}, '2026-12-08T22:00:00Z')).toEqual(['hours', 'hours']);
    expect(named({}, '2027-12-08T15:00:00Z')).toEqual(['horizon']);
    expect(named({ clinic: { ...courseRequest().clinic, closed: ['2026-12-08'] } }, at)).toEqual(['hours']);
    expect(named({ patient: { unavailable: [hour] } }, at)).toEqual(['unavailable']);
    expect(named({ patient: { socialEvents: [{ on: '2026-12-09' }] } }, at)).toEqual(['social_event']);
    expect(named({ patient: { clear: [{ protocolId: 'peel', notBefore: '2026-12-09' }] } }, at)).toEqual(['clear']);
    expect(named({ patient: { treated: [{ protocolId: 'laser', on: '2026-12-07' }] }, spacing: [{ from: 'laser', to: 'peel', minDays: 2 }] }, at)).toEqual([
      'spacing',
    ]);
    expect(named({ providers: [{ ...provider, validUntil: { peel: '2026-12-07' } }] }, at)).toEqual(['licence']);
    expect(named({ providers: [] }, at)).toEqual(['provider']);
    expect(named({ rooms: [] }, at)).toEqual(['room']);
    expect(
      named(
        {
          busy: [
            { resource: 'p1', ...hour },
            { resource: 'r1', ...hour },
          ],
        },
        at,
      ),
    ).toEqual(['busy', 'busy']);
    expect(named({}, at, 1, { providerId: 'p9', roomId: 'r9' })).toEqual(['provider', 'room']);
  });

  it('holds the interval to the sessions before and after, and the order of all', () => {
    const fixed = (start: string, number: number) => ({ fixed: [{ item: 0, number, start, providerId: 'p1', roomId: 'r1' }] });
    expect(named(fixed('2026-12-02T15:00:00Z', 1), at, 2)).toEqual(['interval']);
    expect(named(fixed('2026-12-01T15:00:00Z', 1), at, 2)).toEqual(['allowed']);
    expect(named(fixed('2026-12-22T15:00:00Z', 2), at, 1)).toEqual(['allowed']);
    expect(named(fixed('2026-12-23T15:00:00Z', 2), at, 1)).toEqual(['interval']);
    expect(named(fixed('2026-12-07T15:00:00Z', 2), at, 1)).toEqual(['interval']);
    expect(named(fixed('2026-12-07T15:00:00Z', 1), at, 1)).toEqual(['allowed']);
  });
});

describe('freeStarts', () => {
  it('lists every start and provider that the rules allow, with the smallest free room and device', () => {
    fc.assert(
      fc.property(planRequests({ items: 1, sessions: 1, horizon: 3 }), fc.integer({ min: 0, max: 60 }), (input, hours) => {
        const request = parsePlanRequest(input);
        const to = new Date(Date.parse(request.notBefore) + hours * 3_600_000).toISOString();
        const { protocolId } = request.course.items[0]!;
        const wide = { ...request, horizonDays: 6 };
        const free = [...sessionsAlone(wide, 0)].filter(({ start }) => Date.parse(start) < Date.parse(to)).sort(byIds);
        const expected = free.filter(
          (session, index) => free.findIndex(({ start, providerId }) => start === session.start && providerId === session.providerId) === index,
        );
        const found = freeStarts(request, protocolId, request.notBefore, to);
        expect(found).toEqual(
          expected
            .map(({ start, end, providerId, roomId, deviceId }) => ({ start, end, providerId, roomId, deviceId }))
            .sort((a, b) => Date.parse(a.start) - Date.parse(b.start)),
        );
        expect(freeStarts(request, protocolId, request.notBefore, to, 2)).toEqual(found.slice(0, 2));
      }),
      { numRuns: 60 },
    );
  });

  it('are the same by provider, in minutes, asked once or again', () => {
    fc.assert(
      fc.property(planRequests({ items: 1, sessions: 1, horizon: 5 }), (input) => {
        const request = parsePlanRequest(input);
        const { protocolId } = request.course.items[0]!;
        const until = new Date(Date.parse(request.notBefore) + 4 * 86_400_000).toISOString();
        const listed = freeStarts(request, protocolId, request.notBefore, until).map(({ start, providerId }) => `${providerId} ${start}`);
        for (const _time of ['once', 'again']) {
          const byProvider = freeStartsByProvider(request, protocolId, request.notBefore, until);
          const all = byProvider.flatMap(({ providerId, starts }) =>
            starts.map((start) => `${providerId} ${new Date(start * 60_000).toISOString().replace('.000', '')}`),
          );
          expect(all.sort()).toEqual([...listed].sort());
        }
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a protocol it does not know and a reversed range', () => {
    const request = parsePlanRequest(courseRequest());
    expect(() => freeStarts(request, 'ghost', '2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z')).toThrow('protocolId');
    expect(() => freeStarts(request, 'peel', '2026-12-03T00:00:00Z', '2026-12-02T00:00:00Z')).toThrow('to:');
  });
});

describe('explainSessions', () => {
  const explained = (change: object, sessions = 1) => {
    const request = parsePlanRequest({ ...courseRequest({}, sessions), ...change });
    const answer = planCourse(request);
    if (answer.status !== 'scheduled') throw new Error(answer.status);
    return explainSessions(request, answer).map(({ earliest, latest, because }) => ({
      earliest,
      latest,
      because: because.map(({ constraint }) => constraint),
    }));
  };

  it('tells the window of each session and what set it', () => {
    const clear = [{ protocolId: 'peel', notBefore: '2026-12-05', because: 'washout' }];
    expect(explained({ patient: { clear } }, 2)).toEqual([
      { earliest: '2026-12-05', latest: '2027-01-29', because: ['clear', 'horizon'] },
      { earliest: '2026-12-12', latest: '2026-12-19', because: ['interval', 'interval'] },
    ]);
  });

  it('names spacing, licences, social events and absences that narrow it', () => {
    const patient = {
      treated: [{ protocolId: 'laser', on: '2026-12-01' }],
      socialEvents: [{ on: '2026-12-06' }],
      unavailable: [{ from: '2026-12-07T05:00:00Z', to: '2026-12-09T05:00:00Z' }],
    };
    const providers = [{ ...courseRequest().providers![0]!, validUntil: { peel: '2026-12-20' } }];
    expect(explained({ patient, providers, spacing: [{ from: 'laser', to: 'peel', minDays: 3 }] })).toEqual([
      { earliest: '2026-12-09', latest: '2026-12-20', because: ['spacing', 'licence', 'social_event', 'unavailable'] },
    ]);
  });

  it('holds every session of a plan inside its window', () => {
    fc.assert(
      fc.property(planRequests({ items: 2, sessions: 3, horizon: 10 }), (input) => {
        const request = parsePlanRequest(input);
        const answer = planCourse(request);
        fc.pre(answer.status === 'scheduled');
        if (answer.status !== 'scheduled') return;
        const rules = new ScheduleRules(request);
        for (const [index, { earliest, latest, because }] of explainSessions(request, answer).entries()) {
          const date = rules.dateOf(Date.parse(answer.sessions[index]!.start));
          expect([earliest <= date, date <= latest, because.length > 0]).toEqual([true, true, true]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function inOrder(a: PlannedSession, b: PlannedSession): [PlannedSession, PlannedSession] {
  return Date.parse(a.start) <= Date.parse(b.start) ? [a, b] : [b, a];
}
