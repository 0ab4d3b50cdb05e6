import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aConsultation, aSession, zone } from '../../test/support/touchpoint-facts.js';
import type { SessionFacts } from './draft.js';
import { wishes } from './touchpoints.js';

const base = aSession();
const now = '2026-11-20T15:00:00.000Z';
const plan = (sessions: readonly SessionFacts[], at = now, done: readonly string[] = []) =>
  wishes(sessions, [], zone, (occasion) => (done.includes(occasion) ? { toldAt: null } : null), at);
const named = (touchpoint: string, sessions: readonly SessionFacts[], at = now) => plan(sessions, at).filter((draft) => draft.touchpoint === touchpoint);

const consulted = aConsultation();

describe('before a session', () => {
  test('each washout is told the day before it begins; what begins together is told together', () => {
    const preparation = [
      { code: 'sun', daysBefore: 14 },
      { code: 'topical_retinoid', daysBefore: 5 },
      { code: 'aha_bha', daysBefore: 5 },
    ];
    expect(named('preparation', [{ ...base, preparation }]).map(({ at, locals }) => [at, locals.avoid])).toEqual([
      ['2026-11-30T15:00:00.000Z', ['sun']],
      ['2026-12-09T15:00:00.000Z', ['aha_bha', 'topical_retinoid']],
    ]);
  });

  test('washouts that had begun when the session was set are told at once, in one message', () => {
    const preparation = [
      { code: 'sun', daysBefore: 30 },
      { code: 'topical_retinoid', daysBefore: 26 },
      { code: 'otc_nsaid', daysBefore: 3 },
    ];
    expect(named('preparation', [{ ...base, preparation }]).map(({ at, locals }) => [at, locals.avoid])).toEqual([
      [base.setAt, ['sun', 'topical_retinoid']],
      ['2026-12-11T15:00:00.000Z', ['otc_nsaid']],
    ]);
  });

  test('two reminders, one when it is confirmed, one at once when it was booked late', () => {
    expect(named('reminder', [base]).map(({ at }) => at)).toEqual(['2026-12-13T15:30:00.000Z', '2026-12-14T15:30:00.000Z']);
    expect(named('reminder', [{ ...base, status: 'confirmed' }]).map(({ at, template }) => [at, template])).toEqual([
      ['2026-12-13T15:30:00.000Z', 'reminder.confirmed'],
    ]);
    const late = '2026-12-14T20:00:00.000Z';
    expect(named('reminder', [{ ...base, setAt: late }], late).map(({ at }) => at)).toEqual([late]);
  });

  test('booked too late for a washout to be kept: still wished until the visit, because somebody has to ask (invariant 5)', () => {
    const start = '2026-12-15T15:00:00.000Z';
    const late = { ...base, start, setAt: '2026-12-15T09:00:00.000Z', preparation: [{ code: 'sun', daysBefore: 14 }] };
    expect(named('preparation', [late], '2026-12-15T09:00:00.000Z')).toEqual([
      expect.objectContaining({ at: late.setAt, expiresAt: '2026-12-15T03:00:00.000Z', elseCall: true }),
    ]);
    expect(named('preparation', [late], start)).toEqual([]);
    // How to come loses its sense unsaid.
    expect(named('instructions', [late], '2026-12-15T14:30:00.000Z')).toEqual([]);
  });

  test('what the summary told needs no notice of its own; a move after it does', () => {
    const moved = { ...base, setAt: '2026-11-21T15:00:00.000Z', moved: true };
    const notices = (toldAt: string) =>
      wishes([moved], [], zone, (occasion) => (occasion === 'course-1/plan-summary/0' ? { toldAt } : null), '2026-11-22T15:00:00.000Z').filter(
        ({ touchpoint }) => touchpoint === 'rescheduled',
      );
    expect(notices('2026-11-21T15:30:00.000Z')).toEqual([]);
    expect(notices('2026-11-20T15:30:00.000Z')).toHaveLength(1);
  });

  test('on hold, cancelled or missed sessions are not spoken of as if they stood', () => {
    for (const status of ['on_hold', 'cancelled', 'no_show', 'unscheduled', 'held'] as const) {
      const touchpoints = plan([{ ...base, status, noShowAt: null }]).map(({ touchpoint }) => touchpoint);
      expect(touchpoints).toEqual([]);
    }
  });

  test('a new time is a new occasion, so that it is told although the old one was sent (invariant 5)', () => {
    const moved = { ...base, start: '2026-12-20T15:00:00.000Z', moved: true };
    const before = new Set(plan([base]).map(({ occasion }) => occasion));
    const reminders = named('reminder', [moved]);
    expect(reminders.length).toBeGreaterThan(0);
    expect(reminders.some(({ occasion }) => before.has(occasion))).toBe(false);
  });

  test('sessions that moved together are told together, and not beside a summary that is still to come', () => {
    const second = { ...base, sessionId: 's-2', start: '2027-01-12T15:00:00.000Z' };
    const at = '2026-11-25T15:00:00.000Z';
    const both = [base, second].map((session) => ({ ...session, setAt: at, moved: true }));
    const summary = 'course-1/plan-summary/0';
    expect(plan(both, at).filter(({ touchpoint }) => touchpoint === 'rescheduled')).toEqual([]);
    const told = plan(both, at, [summary]).filter(({ touchpoint }) => touchpoint === 'rescheduled');
    expect(told.map(({ locals }) => locals.visits)).toEqual([[base.start, second.start]]);
  });
});

describe('after a session', () => {
  const completed: SessionFacts = { ...base, status: 'completed', completedAt: '2026-12-15T16:00:00.000Z' };
  const after = '2026-12-15T16:00:00.000Z';

  test('check-ins follow completion only, on the days of the protocol, by local date over a change of the clock', () => {
    expect(named('check-in', [base])).toEqual([]);
    const spring = { ...completed, completedAt: '2027-03-12T21:00:00.000Z', checkInDays: [0, 1, 3] };
    expect(named('check-in', [spring], '2027-03-12T21:00:00.000Z').map(({ at }) => at)).toEqual([
      '2027-03-12T23:00:00.000Z',
      '2027-03-13T15:00:00.000Z',
      '2027-03-15T14:00:00.000Z',
    ]);
  });

  test('a check-in whose time went by before anybody planned it is wished for three days more: as a call (invariant 7)', () => {
    const days = (at: string) => named('check-in', [completed], at).map(({ locals }) => locals.day);
    expect(days('2026-12-19T15:00:00.000Z')).toEqual([1, 3, 7]);
    expect(days('2026-12-22T15:00:00.000Z')).toEqual([3, 7]);
  });

  test('two treatments ask on the same day once, for the younger one', () => {
    const older = { ...completed, sessionId: 's-0', completedAt: '2026-12-11T16:00:00.000Z', checkInDays: [7] };
    const checks = named('check-in', [older, completed], after).filter(({ at }) => at.startsWith('2026-12-18'));
    expect(checks.map(({ sessionId, locals }) => [sessionId, locals.day])).toEqual([['s-1', 3]]);
  });

  test('the survey waits until no session is left', () => {
    expect(named('satisfaction', [completed, { ...base, sessionId: 's-2', start: '2027-01-12T15:00:00.000Z' }], after)).toEqual([]);
    expect(named('satisfaction', [completed, { ...base, sessionId: 's-2', status: 'unscheduled', start: null, setAt: null }], after)).toEqual([]);
    expect(named('satisfaction', [completed], after).map(({ at }) => at)).toEqual(['2026-12-31T16:00:00.000Z']);
  });

  test('a series without a next time is nudged, once', () => {
    const open = (number: number) => ({ ...base, sessionId: `s-${number}`, number, status: 'unscheduled' as const, start: null, setAt: null });
    expect(named('next-session', [completed, open(2), open(3)], after).map(({ sessionId, at }) => [sessionId, at])).toEqual([
      ['s-2', '2026-12-29T16:00:00.000Z'],
    ]);
  });
});

describe('around the course', () => {
  test('deferred gets one gentle recall, a request its receipt, a course neither', () => {
    const consultation = { ...consulted, requestedAt: now, deferredAt: now };
    const touchpoints = (hasCourse: boolean) =>
      wishes([], [{ ...consultation, hasCourse }], zone, () => null, now).map(({ touchpoint, at }) => [touchpoint, at]);
    expect(touchpoints(false)).toEqual([
      ['request-received', now],
      ['deferred-recall', '2026-12-20T15:00:00.000Z'],
    ]);
    expect(touchpoints(true)).toEqual([]);
  });

  test('the clinic tells of its own cancellation; a patient who cancelled has it in writing', () => {
    const cancelled = { ...base, status: 'cancelled' as const, cancelledAt: '2026-12-01T15:00:00.000Z' };
    expect(named('session-cancelled', [{ ...cancelled, cancelledBy: 'clinic' }])).toHaveLength(1);
    expect(named('session-cancelled', [{ ...cancelled, cancelledBy: 'patient' }])).toEqual([]);
    expect(named('cancelled-as-asked', [{ ...cancelled, cancelledBy: 'patient' }])).toHaveLength(1);
  });

  test('the order in which sessions are given changes nothing, and no occasion comes twice', () => {
    const session = fc.record({
      number: fc.integer({ min: 1, max: 6 }),
      status: fc.constantFrom<SessionFacts['status']>('booked', 'confirmed', 'completed', 'cancelled', 'no_show', 'on_hold', 'unscheduled'),
      day: fc.integer({ min: 1, max: 90 }),
      moved: fc.boolean(),
    });
    const sessions = fc.uniqueArray(session, { selector: ({ number }) => number, maxLength: 6 }).map((list) =>
      list.map(({ number, status, day, moved }): SessionFacts => {
        const start = new Date(Date.parse(now) + day * 86_400_000).toISOString();
        const at = (wanted: SessionFacts['status']) => (status === wanted ? start : null);
        return {
          ...base,
          sessionId: `s-${number}`,
          number,
          status,
          start: status === 'unscheduled' ? null : start,
          setAt: status === 'unscheduled' ? null : now,
          moved,
          completedAt: at('completed'),
          noShowAt: at('no_show'),
          cancelledAt: status === 'cancelled' ? now : null,
          cancelledBy: 'clinic',
          preparation: [{ code: 'sun', daysBefore: 14 }],
        };
      }),
    );
    const sorted = (list: readonly SessionFacts[]) => plan(list).sort((a, b) => (a.occasion < b.occasion ? -1 : 1));
    fc.assert(
      fc.property(sessions, (list) => {
        expect(sorted([...list].reverse())).toEqual(sorted(list));
        const occasions = plan(list).map(({ occasion }) => occasion);
        expect(new Set(occasions).size).toBe(occasions.length);
      }),
      { numRuns: 200 },
    );
  });
});
