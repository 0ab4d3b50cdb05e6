import { describe, expect, test } from '@jest/globals';
import type { Touchpoint } from './arrange.js';
import { later, evolve, type Outreach } from './decider.js';
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
  mustArrive: true,
  channel: 'sms',
  targetAt: '2026-12-14T15:30:00.000Z',
  expiresAt: opens,
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
const seen = (rows: readonly Outreach[]) => rows.map(({ channel, dueAt, status }) => [channel, dueAt, status]);

describe('what can no longer be said in permitted hours', () => {
  test('is a call at once, and planning again makes no other (invariant 5)', () => {
    const rows = planned([touchpoint()]);
    expect(seen(rows)).toEqual([['call', now, 'planned']]);
    expect(difference(rows, [touchpoint()], context)).toEqual([]);
    expect(difference(rows, [touchpoint()], { ...context, now: later(now, 60_000) })).toEqual([]);
  });

  test('is left out where nobody needs to call', () => {
    expect(planned([touchpoint({ mustArrive: false })])).toEqual([]);
  });

  test('takes the place of a row that spoke of another hour; one that says the same is left to end as missed, with its call', () => {
    const early = '2026-12-14T15:00:00.000Z';
    const rows = planned([touchpoint({ expiresAt: '2026-12-16T14:00:00.000Z', targetAt: early })], [], '2026-12-14T12:00:00.000Z');
    expect(seen(planned([touchpoint()], rows))).toEqual([
      ['sms', early, 'cancelled'],
      ['call', now, 'planned'],
    ]);
    const same = planned([touchpoint()], [], '2026-12-14T12:00:00.000Z');
    expect(difference(same, [touchpoint()], context)).toEqual([]);
    // Past its time and not swept yet: it is about to end, nothing is made beside it.
    expect(difference(same, [touchpoint({ channel: 'call' })], { ...context, now: opens })).toEqual([]);
  });
});
