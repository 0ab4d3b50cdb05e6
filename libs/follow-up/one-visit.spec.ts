import { describe, expect, test } from '@jest/globals';
import { type Draft, draftOf } from './draft.js';
import { onceAVisit } from './one-visit.js';

const reminder = (sessionId: string, start: string, more: Partial<Draft> = {}): Draft =>
  draftOf('reminder', {
    courseId: `course-${sessionId}`,
    sessionId,
    occasion: `course-${sessionId}/${sessionId}/reminder/${start}/1`,
    locals: { start, timeZone: 'America/New_York', locationId: 'nyc' },
    at: '2026-12-14T15:30:00.000Z',
    expiresAt: new Date(Date.parse(start) - 3_600_000).toISOString(),
    because: 'the day before the session',
    ...more,
  });
const [morning, afternoon] = [reminder('s-1', '2026-12-15T15:00:00.000Z'), reminder('s-2', '2026-12-15T19:00:00.000Z')];
const merged = (drafts: readonly Draft[], done: readonly string[] = []) => onceAVisit(drafts, (occasion) => done.includes(occasion));

describe('sessions of one day at one place', () => {
  test('are spoken of in one message, with all the times, in time for the first', () => {
    for (const drafts of [
      [morning, afternoon],
      [afternoon, morning],
    ])
      expect(merged(drafts)).toEqual([
        expect.objectContaining({
          sessionId: 's-1',
          occasion: morning.occasion,
          expiresAt: morning.expiresAt,
          locals: { ...morning.locals, visits: ['2026-12-15T15:00:00.000Z', '2026-12-15T19:00:00.000Z'], covers: [afternoon.occasion] },
        }),
      ]);
  });

  test('of which one is confirmed are asked about by the other', () => {
    const confirmed = { ...morning, template: 'reminder.confirmed' as const };
    expect(merged([confirmed, afternoon])).toEqual([expect.objectContaining({ sessionId: 's-2', template: 'reminder', expiresAt: morning.expiresAt })]);
  });

  test('stay apart when one was told already, on different days, at different places, and when different things are said (invariant 5)', () => {
    const apart = [
      [morning, reminder('s-2', '2026-12-16T15:00:00.000Z')],
      [morning, { ...afternoon, locals: { ...afternoon.locals, locationId: 'westport' } }],
      [morning, { ...afternoon, at: '2026-12-13T15:30:00.000Z' }],
      [morning, { ...afternoon, touchpoint: 'preparation' as const }],
    ];
    for (const drafts of apart) expect(merged(drafts)).toHaveLength(2);
    expect(merged([morning, afternoon], [morning.occasion])).toEqual([morning, afternoon]);
  });
});
