import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { isFederalHoliday } from './federal-holidays.js';
import { type ContactHours, nextPermitted, permittedUntil } from './hours.js';
import { narrowedBy, type Purpose, stateOfPhone } from './state-hours.js';

const wide: ContactHours = { 1: [['06:00', '23:00']], 6: [['06:00', '23:00']], 7: [['06:00', '23:00']] };
const figures = (state: string, purpose: Purpose = 'solicitation') => {
  const { 1: monday, 6: saturday, 7: sunday } = narrowedBy([state], wide, purpose);
  return [monday, saturday, sunday].map((ranges) => (ranges ?? []).map((range) => range.join('-')).join() || 'none');
};

describe('hours of the states (invariant 6)', () => {
  test.each([
    ...['FL', 'OK', 'MD', 'NJ'].map((state) => [state, '08:00-20:00', '08:00-20:00', '08:00-20:00']),
    ...['AL', 'LA', 'MS'].map((state) => [state, '08:00-20:00', '08:00-20:00', 'none']),
    ['CT', '09:00-20:00', '09:00-20:00', '09:00-20:00'],
    ['TX', '09:00-21:00', '09:00-21:00', '12:00-21:00'],
    ['RI', '09:00-18:00', '10:00-17:00', 'none'],
    ['KY', '10:00-21:00', '10:00-21:00', '10:00-21:00'],
    ['NY', '06:00-23:00', '06:00-23:00', '06:00-23:00'],
  ])('of %s are %s, on Saturdays %s, on Sundays %s', (state, ...days) => expect(figures(state)).toEqual(days));

  test('a Sunday off is off for solicitations; care keeps to the hours of the other days', () => {
    expect(figures('LA', 'care')).toEqual(['08:00-20:00', '08:00-20:00', '08:00-20:00']);
    expect(figures('RI', 'care')).toEqual(['09:00-18:00', '10:00-17:00', '10:00-17:00']);
  });

  test('an area code tells the state of a number where that narrows anything', () => {
    expect(['+12145550100', '+14015550100', '+12125550100', '+442079460000', undefined].map(stateOfPhone)).toEqual(['TX', 'RI', null, null, null]);
  });

  test('only ever narrow what the clinic set, in every state and for both purposes', () => {
    const time = fc.integer({ min: 0, max: 47 }).map((half) => `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`);
    const range = fc
      .tuple(time, time)
      .filter(([from, to]) => from < to)
      .map((one) => [one] as const);
    const hours = fc.record({ 1: range, 3: range, 6: range, 7: range }, { requiredKeys: [] }) as fc.Arbitrary<ContactHours>;
    const states = fc.array(fc.constantFrom('AL', 'CT', 'FL', 'KY', 'LA', 'RI', 'TX', 'NY', '??', 'constructor'), { maxLength: 3 });
    const at = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
    const zone = fc.constantFrom('America/New_York', 'America/Chicago', 'Asia/Kathmandu');
    fc.assert(
      fc.property(hours, states, at, zone, (clinic, where, instant, timeZone) => {
        const found = nextPermitted(instant, [timeZone], narrowedBy(where, clinic, 'solicitation'), 'solicitation');
        const care = nextPermitted(instant, [timeZone], narrowedBy(where, clinic, 'care'));
        for (const one of [found, care]) {
          if (one === null) continue;
          expect(permittedUntil(one, [timeZone], clinic)).not.toBeNull();
          for (const state of where) expect(permittedUntil(one, [timeZone], narrowedBy([state], clinic, 'care'))).not.toBeNull();
        }
        if (found !== null) expect(care !== null && care <= found).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('federal holidays', () => {
  const ofYear = (year: number) =>
    Array.from({ length: 366 }, (_, day) => Temporal.PlainDate.from({ year, month: 1, day: 1 }).add({ days: day }))
      .filter((date) => date.year === year && isFederalHoliday(date))
      .map((date) => date.toString().slice(5));

  test('are those of the calendar, and the working days on which they are kept', () => {
    // Independence Day of 2026 is a Saturday, kept on the Friday before.
    expect(ofYear(2026)).toEqual(['01-01', '01-19', '02-16', '05-25', '06-19', '07-03', '07-04', '09-07', '10-12', '11-11', '11-26', '12-25']);
    // 2027: Juneteenth on a Saturday, Independence Day on a Sunday, Christmas on a Saturday; New Year 2028 is kept on 31 December.
    expect(ofYear(2027)).toEqual([
      '01-01',
      '01-18',
      '02-15',
      '05-31',
      '06-18',
      '06-19',
      '07-04',
      '07-05',
      '09-06',
      '10-11',
      '11-11',
      '11-25',
      '12-24',
      '12-25',
      '12-31',
    ]);
  });

  test('are free of solicitations, not of care: who comes on the day after is reminded', () => {
    const hours: ContactHours = { 4: [['09:00', '20:00']], 5: [['09:00', '20:00']] };
    const thanksgiving = new Date('2026-11-26T15:00:00Z');
    expect(nextPermitted(thanksgiving, ['America/New_York'], hours, 'solicitation')?.toISOString()).toBe('2026-11-27T14:00:00.000Z');
    expect(nextPermitted(thanksgiving, ['America/New_York'], hours)).toEqual(thanksgiving);
  });
});
