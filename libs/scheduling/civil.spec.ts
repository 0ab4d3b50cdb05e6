import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { CivilTime, dayNumber, localDate, minuteCeil, minuteFloor, weekdayOf } from './civil.js';

const zones = [
  'UTC',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Havana',
  'Africa/Cairo',
  'America/St_Johns',
  'Africa/Casablanca',
  'Pacific/Chatham',
  'Asia/Beirut',
];
const first = dayNumber('2026-01-01');
const days = 3 * 365;
const someDay = fc.integer({ min: first, max: first + days });
const minuteOf = (zoned: Temporal.ZonedDateTime): number => zoned.epochMilliseconds / 60_000;

describe.each(zones)('civil time in %s', (timeZone) => {
  const civil = CivilTime.of(timeZone, first, first + days);

  it('agrees with Temporal on the date of an instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: first * 1440, max: (first + days) * 1440 }), (minute) => {
        const zoned = Temporal.Instant.fromEpochMilliseconds(minute * 60_000).toZonedDateTimeISO(timeZone);
        expect(localDate(civil.dayAt(minute))).toBe(zoned.toPlainDate().toString());
      }),
    );
  });

  it('agrees with Temporal on the first instant of every date', () => {
    for (let day = first; day < first + days; day++) {
      expect(civil.firstInstant(day)).toBe(minuteOf(Temporal.PlainDate.from(localDate(day)).toZonedDateTime(timeZone)));
    }
  });

  it('agrees with Temporal on wall-clock times, skipped and repeated ones too', () => {
    const changes = changesOf(timeZone);
    // Every second case lies within hours of a change of the clock, where there is one.
    const nearChange = changes.length > 0 ? fc.constantFrom(...changes) : someDay;
    fc.assert(
      fc.property(fc.oneof(someDay, nearChange), fc.integer({ min: 1, max: 1439 }), (day, minutes) => {
        const plainTime = new Temporal.PlainTime(Math.floor(minutes / 60), minutes % 60);
        expect(civil.instant(day, minutes)).toBe(minuteOf(Temporal.PlainDate.from(localDate(day)).toZonedDateTime({ timeZone, plainTime })));
      }),
      { numRuns: 200 },
    );
  });
});

function changesOf(timeZone: string): number[] {
  const changes: number[] = [];
  let at: Temporal.ZonedDateTime | null = Temporal.PlainDate.from(localDate(first)).toZonedDateTime(timeZone);
  while ((at = at.getTimeZoneTransition('next')) && dayNumber(at.toPlainDate().toString()) < first + days) {
    const day = dayNumber(at.toPlainDate().toString());
    changes.push(day, day - 1);
  }
  return changes;
}

describe('weekdays', () => {
  it('count from Monday to Sunday', () => {
    expect(['2026-11-30', '2026-12-06', '1969-12-31'].map((date) => weekdayOf(dayNumber(date)))).toEqual([1, 7, 3]);
  });
});

describe('an instant', () => {
  const millis = fc.integer({ min: Date.parse('1900-01-01T00:00:00Z'), max: Date.parse('2199-12-31T23:59:59.999Z') });
  const forms: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => text.replace(/\.\d+Z$/, 'Z'),
    (text) => text.replace(/:\d\d\.\d+Z$/, 'Z'),
    (text) => text.replace('Z', '+05:45'),
    (text) => text.replace('Z', '4567Z'),
  ];

  it('is read in every form as Date.parse reads it, its part of a minute down or up', () => {
    fc.assert(
      fc.property(millis, fc.constantFrom(...forms), (at, form) => {
        const text = form(new Date(at).toISOString());
        expect(minuteFloor(text)).toBe(Math.floor(Date.parse(text) / 60_000));
        expect(minuteCeil(text)).toBe(Math.ceil(Date.parse(text) / 60_000));
      }),
      { numRuns: 1000 },
    );
  });
});
