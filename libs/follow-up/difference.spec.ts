import { describe, expect, test } from '@jest/globals';
import type { Touchpoint } from './arrange.js';
import { evolve, type Outreach } from './decider.js';
import { difference } from './difference.js';

const now = '2026-12-15T12:30:00.000Z';
const opens = '2026-12-15T14:00:00.000Z';
const touchpoint = (more: Partial<Touchpoint> = {}): Touchpoint => ({
  occasion: 'course-1/s-1/reminder/2026-12-15T15:00:00.000Z/1',
  touchpoint: 'reminder',
  template: 'reminder',
  category: 'reminder',
  question: 'confirm',
  locals: { start: '2026-12-15T15:00:00.000Z' },
  sessionId: 's-1',
  channel: 'sms',
  targetAt: '2026-12-14T15:30:00.000Z',
  expiresAt: '2026-12-15T14:30:00.000Z',
  because: 'a test',
  ...more,
});
let ids = 0;
const context = {
  patientId: 'p-1',
  now,
  newId: () => `018f0000-0000-7000-8000-${String((ids += 1)).padStart(12, '0')}`,
  permittedFrom: (at: string) => (at < opens ? opens : at),
  whyNot: () => 'it is not called for any more',
};
const planned = (touchpoints: readonly Touchpoint[], rows: readonly Outreach[] = [], at = now): Outreach[] => {
  const found = new Map(rows.map((row) => [row.outreachId, row]));
  for (const event of difference(rows, touchpoints, { ...context, now: at })) {
    const after = evolve(found.get(event.data.outreachId), event);
    if (after !== undefined) found.set(after.outreachId, after);
  }
  return [...found.values()];
};
describe('a row that waits', () => {
  test('past its time is about to end: nothing is made beside it (invariant 5)', () => {
    const rows = planned([touchpoint()], [], '2026-12-14T12:00:00.000Z');
    for (const channel of ['sms', 'email', 'call'] as const)
      expect(difference(rows, [touchpoint({ channel })], { ...context, now: '2026-12-15T14:30:00.000Z' })).toEqual([]);
    expect(difference(rows, [], { ...context, now: '2026-12-15T14:30:00.000Z' })).toEqual([]);
  });

  test('says how its occasion goes from now on, when the way changes (invariant 14)', () => {
    const rows = planned([touchpoint()]);
    const after = planned([touchpoint({ channel: 'call' })], rows);
    expect(after.map(({ channel, status, why }) => [channel, status, why])).toEqual([
      ['sms', 'cancelled', 'a person calls instead'],
      ['call', 'planned', 'a test'],
    ]);
    expect(planned([], rows)[0]?.why).toBe('it is not called for any more');
  });

  test('as a call is due at once when its time has come, at whatever hour', () => {
    expect(planned([touchpoint({ channel: 'call' })]).map(({ dueAt }) => dueAt)).toEqual([now]);
    expect(planned([touchpoint()]).map(({ dueAt }) => dueAt)).toEqual([opens]);
  });
});
