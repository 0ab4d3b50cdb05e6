import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arrange, type Rules } from './arrange.js';
import type { Category } from './events.js';
import type { Draft } from './draft.js';

const everyDay = [['09:00', '20:00']] as const;
const rules: Rules = {
  now: '2026-11-24T15:00:00.000Z',
  zones: ['America/New_York'],
  hours: { 1: everyDay, 2: everyDay, 3: everyDay, 4: everyDay, 5: everyDay, 6: everyDay, 7: [['12:00', '20:00']] },
  caps: { perDay: 1, perWeek: 3 },
  reachable: { sms: true, email: true },
  reachableForOffers: { sms: true, email: true },
  texts: [],
};
const draft = (occasion: string, category: Category, at: string, more: Partial<Draft> = {}): Draft => ({
  occasion,
  touchpoint: 'reminder',
  template: 'reminder',
  category,
  question: null,
  locals: {},
  prefers: 'sms',
  yields: false,
  scope: 'care',
  elseCall: category === 'safety',
  at,
  expiresAt: new Date(Date.parse(at) + 86_400_000).toISOString(),
  because: 'a test',
  ...more,
});
const placed = (drafts: readonly Draft[], more: Partial<Rules> = {}, reserved: readonly Draft[] = []) =>
  arrange(drafts, reserved, { ...rules, ...more }).map(({ occasion, channel, targetAt }) => [occasion, channel, targetAt]);

describe('channels and hours', () => {
  test('a text goes by e-mail, a safety one to a person, where consent does not carry it (invariant 7)', () => {
    const at = '2026-12-01T15:00:00.000Z';
    const both = [draft('a', 'safety', at), draft('b', 'reminder', at)];
    expect(placed(both, { reachable: { sms: false, email: true } })).toEqual([
      ['a', 'email', at],
      ['b', 'email', at],
    ]);
    expect(placed(both, { reachable: { sms: false, email: false } })).toEqual([['a', 'call', at]]);
  });

  test('what is wished at night is due in the morning, noon on a Sunday (invariant 6)', () => {
    expect(placed([draft('a', 'reminder', '2026-12-02T03:00:00.000Z')])).toEqual([['a', 'sms', '2026-12-02T14:00:00.000Z']]);
    expect(placed([draft('a', 'reminder', '2026-12-06T03:00:00.000Z')])).toEqual([['a', 'sms', '2026-12-06T17:00:00.000Z']]);
  });

  test('what can no longer arrive in time becomes a call at once, not silence and not a late text (invariant 5)', () => {
    const at = '2026-12-02T03:00:00.000Z';
    const expiresAt = '2026-12-02T05:00:00.000Z';
    const late = [
      draft('c/s/preparation/3', 'preparation', at, { touchpoint: 'preparation', elseCall: true, expiresAt }),
      draft('c/s/reminder/0', 'reminder', at, { expiresAt }),
      draft('c/s/reminder/2', 'reminder', at, { expiresAt, yields: true }),
    ];
    expect(placed(late)).toEqual([
      ['c/s/preparation/3', 'call', at],
      ['c/s/reminder/0', 'call', at],
    ]);
  });

  test('a washout that finds no channel, no room or no time is a call; how to come is left out (invariants 5 and 7)', () => {
    const at = '2026-12-01T15:00:00.000Z';
    const [washout, directions] = [
      draft('a', 'preparation', at, { touchpoint: 'preparation', elseCall: true }),
      draft('b', 'preparation', at, { touchpoint: 'instructions' }),
    ];
    const callAt = (targetAt: string) => [['a', 'call', targetAt]];
    expect(placed([washout, directions], { reachable: { sms: false, email: false } })).toEqual(callAt(at));
    const full = { texts: ['2026-12-01T14:59:00.000Z', '2026-11-29T15:00:00.000Z', '2026-11-28T15:00:00.000Z'] };
    expect(placed([washout, directions], { ...full, reachable: { sms: true, email: false } })).toEqual(callAt(at));
    expect(placed([washout, directions], { now: '2026-12-03T15:00:00.000Z' })).toEqual(callAt(at));
    // It is night and the hours open when it is too late.
    expect(placed([{ ...washout, expiresAt: '2026-12-02T13:00:00.000Z' }], { now: '2026-12-02T03:00:00.000Z' })).toEqual(callAt(at));
  });

  test('what is overdue keeps the hour that was meant, and finds room from now on', () => {
    const at = '2026-12-01T15:00:00.000Z';
    const two = [draft('a', 'safety', at), draft('b', 'reminder', at, { expiresAt: '2026-12-04T15:00:00.000Z' })];
    const rest = { now: '2026-12-01T18:00:00.000Z', reachable: { sms: true, email: false } };
    expect(placed(two, rest)).toEqual([
      ['a', 'sms', at],
      ['b', 'sms', '2026-12-02T18:00:00.000Z'],
    ]);
  });

  test("surveys rest on holidays, and every message keeps to the state's hours (invariant 6)", () => {
    const thanksgiving = '2026-11-26T15:00:00.000Z';
    const two = [draft('a', 'survey', thanksgiving, { touchpoint: 'satisfaction', expiresAt: '2026-11-29T00:00:00.000Z' }), draft('b', 'safety', thanksgiving)];
    expect(placed(two, { caps: { perDay: 2, perWeek: 3 } })).toEqual([
      ['b', 'sms', thanksgiving],
      ['a', 'sms', '2026-11-27T14:00:00.000Z'],
    ]);
    expect(placed([draft('a', 'reminder', '2026-12-02T14:00:00.000Z')], { states: ['KY'] })).toEqual([['a', 'sms', '2026-12-02T15:00:00.000Z']]);
  });

  test('a check of the same day comes before closing when two hours later would be tomorrow', () => {
    const evening = draft('a', 'safety', '2026-12-02T01:30:00.000Z', { locals: { day: 0 }, expiresAt: '2026-12-02T05:00:00.000Z' });
    expect(placed([evening])).toEqual([['a', 'sms', '2026-12-02T00:45:00.000Z']]);
  });
});

describe('caps', () => {
  test('priority is safety, preparation, reminder, survey', () => {
    const at = '2026-12-01T15:00:00.000Z';
    const drafts = (['survey', 'reminder', 'preparation', 'safety'] as const).map((category) => draft(category, category, at));
    expect(placed(drafts).filter(([, channel]) => channel === 'sms')).toEqual([['safety', 'sms', at]]);
    expect(placed(drafts, { reachable: { sms: true, email: false } })).toEqual([['safety', 'sms', at]]);
  });

  test('texts leave room for the check-ins that a session will ask for', () => {
    const checks = ['2026-12-16', '2026-12-18', '2026-12-22'].map((day) => draft(day, 'safety', `${day}T15:00:00.000Z`));
    const reminders = [draft('2', 'reminder', '2026-12-13T15:30:00.000Z'), draft('1', 'reminder', '2026-12-14T15:30:00.000Z')];
    expect(placed(reminders, {}, checks).map(([occasion, channel]) => [occasion, channel])).toEqual([
      ['2', 'sms'],
      ['1', 'email'],
    ]);
  });

  test('no day has more texts than the cap, no week either, and every due time is permitted, whatever is wished', () => {
    const start = Date.parse('2026-12-01T00:00:00Z');
    const wish = fc.record({
      hour: fc.integer({ min: 0, max: 24 * 21 }),
      lasts: fc.integer({ min: 2, max: 72 }),
      category: fc.constantFrom<Category>('safety', 'preparation', 'reminder', 'survey'),
    });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 25 }), fc.array(fc.integer({ min: 0, max: 24 * 7 }), { maxLength: 3 }), (wanted, before) => {
        const drafts = wanted.map(({ hour, lasts, category }, index) => {
          const at = start + hour * 3_600_000;
          return draft(String(index), category, new Date(at).toISOString(), { expiresAt: new Date(at + lasts * 3_600_000).toISOString() });
        });
        const given = before.slice(0, 1).map((hour) => new Date(start - hour * 3_600_000).toISOString());
        const touchpoints = arrange(drafts, [], { ...rules, texts: given });
        const texts = [...given, ...touchpoints.filter(({ channel }) => channel === 'sms').map(({ targetAt }) => targetAt)]
          .map((at) => Date.parse(at))
          .sort((a, b) => a - b);
        texts.forEach((at, index) => {
          if (index >= 1) expect(at - (texts[index - 1] ?? 0)).toBeGreaterThanOrEqual(86_400_000);
          if (index >= 3) expect(at - (texts[index - 3] ?? 0)).toBeGreaterThanOrEqual(7 * 86_400_000);
        });
        const safety = drafts.filter(({ category }) => category === 'safety').map(({ occasion }) => occasion);
        const kept = new Set(touchpoints.map(({ occasion }) => occasion));
        expect(safety.filter((occasion) => !kept.has(occasion))).toEqual([]);
        expect(arrange([...drafts].reverse(), [], { ...rules, texts: given }).map(({ occasion }) => occasion)).toEqual(
          touchpoints.map(({ occasion }) => occasion),
        );
      }),
      { numRuns: 60 },
    );
  });
});
