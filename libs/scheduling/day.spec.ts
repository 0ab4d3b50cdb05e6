import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { courseRequest, everyDay } from '../../test/support/course-request.js';
import { sessionsAlone } from '../../test/support/exhaustive-planner.js';
import { planRequests } from '../../test/support/schedule-requests.js';
import { ScheduleRules } from '../../test/support/schedule-rules.js';
import { parsePlanRequest, planCourse, type PlanRequestInput, whyNotOn } from './index.js';

const DAY = '2026-12-08';

/** What forbids 8 December to the second of two peels, each constraint once. */
function forbids(change: Partial<PlanRequestInput>, number = 2): string {
  const answer = whyNotOn(parsePlanRequest(courseRequest(change, 2)), { item: 0, number }, DAY);
  if (answer.allowed) return answer.session.start;
  const names = [...new Set(answer.because.map(({ constraint }) => constraint))].join(' ');
  return answer.together ? `together: ${names}` : names;
}

const provider = courseRequest().providers![0]!;
const plain = courseRequest().protocols['peel']!;
const wholeDay = { from: '2026-12-08T05:00:00Z', to: '2026-12-09T05:00:00Z' };
const morning = { from: '2026-12-08T14:00:00Z', to: '2026-12-08T18:00:00Z' };
const afternoon = { from: '2026-12-08T18:00:00Z', to: '2026-12-08T22:00:00Z' };

describe('why not this day', () => {
  it('gives the first start when nothing forbids it', () => {
    expect(forbids({})).toBe('2026-12-08T14:00:00Z');
    expect(forbids({ busy: [{ resource: 'p1', ...morning }] })).toBe('2026-12-08T18:00:00Z');
  });

  it('names the interval to the session before and to the one after', () => {
    const at = (number: number, start: string) => ({ fixed: [{ item: 0, number, start, providerId: 'p1', roomId: 'r1' }] });
    expect(forbids(at(1, '2026-12-02T15:00:00Z'))).toBe('interval');
    expect(forbids(at(1, '2026-12-01T15:00:00Z'))).toBe('2026-12-08T14:00:00Z');
    expect(forbids(at(2, '2026-12-25T15:00:00Z'), 1)).toBe('interval');
  });

  it('names a washout, a past treatment of another kind, and a social event within the downtime', () => {
    const clear = [{ protocolId: 'peel', notBefore: '2026-12-09', because: 'retinoid washout' }];
    expect(forbids({ patient: { clear } })).toBe('clear');
    const treated = [{ protocolId: 'filler', on: '2026-12-01' }];
    expect(forbids({ patient: { treated }, spacing: [{ from: 'filler', to: 'peel', minDays: 8 }] })).toBe('spacing');
    expect(forbids({ patient: { socialEvents: [{ on: '2026-12-10' }] } })).toBe('social_event');
    expect(forbids({ patient: { unavailable: [wholeDay] } })).toBe('unavailable');
  });

  it('names a certificate that has ended, a role that nobody fills, a closed day, and hours too short for the session', () => {
    expect(forbids({ providers: [{ ...provider, validUntil: { peel: '2026-12-07' } }] })).toBe('licence');
    expect(forbids({ providers: [] })).toBe('provider');
    expect(forbids({ rooms: [] })).toBe('room');
    const { clinic } = courseRequest();
    expect(forbids({ clinic: { ...clinic, closed: [DAY] } })).toBe('hours');
    expect(forbids({ providers: [{ ...provider, hours: {} }] })).toBe('hours');
    expect(forbids({ protocols: { peel: { ...plain, durationMinutes: 481 } } })).toBe('hours');
    expect(forbids({ horizonDays: 7 })).toBe('horizon');
  });

  it('names what is taken, the night being no excuse, and every rule that forbids the day alone', () => {
    for (const resource of ['p1', 'r1', 'd1']) {
      expect(forbids({ devices: [{ id: 'd1', protocols: ['peel'] }], busy: [{ resource, ...wholeDay }] })).toBe('busy');
    }
    expect(forbids({ busy: [{ resource: 'p1', ...wholeDay }], patient: { socialEvents: [{ on: DAY }] } })).toBe('social_event busy');
  });

  it('names constraints that only together leave nothing', () => {
    expect(forbids({ busy: [{ resource: 'r1', ...morning }], patient: { unavailable: [afternoon] } })).toBe('together: busy unavailable');
  });

  it('says so when a closed day is forbidden by something else as well', () => {
    const clear = [{ protocolId: 'peel', notBefore: '2026-12-09', because: 'retinoid washout' }];
    expect(forbids({ patient: { clear }, providers: [{ ...provider, hours: { 1: everyDay(['09:00', '17:00'])[1] } }] })).toBe('hours clear');
  });

  it('allows a date exactly when a start of it breaks no rule, and then gives the first', () => {
    let [open, shut] = [0, 0];
    fc.assert(
      fc.property(planRequests({ items: 2, sessions: 2, horizon: 6 }), fc.nat(), fc.nat(), (input, which, whichDay) => {
        const request = parsePlanRequest(input);
        const answer = planCourse(request);
        fc.pre(answer.status === 'scheduled');
        if (answer.status !== 'scheduled') return;
        const moved = answer.sessions[which % answer.sessions.length]!;
        const others = answer.sessions.filter((session) => session !== moved);
        const rules = new ScheduleRules(request);
        const dates = [...new Set(rules.gridStarts().map((at) => rules.dateOf(at)))];
        const date = dates[whichDay % dates.length]!;
        const starts = [...sessionsAlone(request, moved.item, rules)]
          .map((session) => ({ ...session, number: moved.number }))
          .filter(({ start }) => rules.dateOf(Date.parse(start)) === date)
          .filter((session) => others.every((other) => rules.brokenBetween(...inOrder(session, other)).next().done))
          .map(({ start }) => start)
          .sort();
        const result = whyNotOn(parsePlanRequest({ ...request, fixed: others }), moved, date);
        if (starts[0]) expect(result).toMatchObject({ allowed: true, session: { start: starts[0], number: moved.number } });
        else expect(result).toMatchObject({ allowed: false, because: expect.arrayContaining([expect.anything()]) });
        if (starts[0]) open++;
        else shut++;
      }),
      { numRuns: 60 },
    );
    expect(Math.min(open, shut)).toBeGreaterThan(3);
  });
});

function inOrder<T extends { readonly start: string }>(a: T, b: T): [T, T] {
  return a.start < b.start ? [a, b] : [b, a];
}
