import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { type ContactHours, nextPermitted, permittedUntil } from './hours.js';

const weekdays: ContactHours = {
  1: [['09:00', '20:00']],
  2: [['09:00', '20:00']],
  3: [['09:00', '20:00']],
  4: [['09:00', '20:00']],
  5: [['09:00', '20:00']],
  6: [['09:00', '20:00']],
  7: [['12:00', '20:00']],
};
const zones = ['America/New_York', 'America/Phoenix', 'Europe/Madrid', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Honolulu'];
const local = (at: Date, zone: string) => Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);

describe('permitted hours (invariant 6)', () => {
  test('wait for the morning, for noon on Sundays, and over both changes of the clock', () => {
    const next = (at: string) => nextPermitted(new Date(at), ['America/New_York'], weekdays)?.toISOString();
    expect(next('2026-11-24T01:30:00Z')).toBe('2026-11-24T14:00:00.000Z');
    expect(next('2026-11-24T15:00:00Z')).toBe('2026-11-24T15:00:00.000Z');
    expect(next('2027-03-14T06:30:00Z')).toBe('2027-03-14T16:00:00.000Z');
    expect(next('2026-11-01T05:30:00Z')).toBe('2026-11-01T17:00:00.000Z');
  });

  test("hold in the patient's zone and in the clinic's", () => {
    expect(nextPermitted(new Date('2026-11-24T14:30:00Z'), ['Pacific/Honolulu', 'America/New_York'], weekdays)?.toISOString()).toBe('2026-11-24T19:00:00.000Z');
    expect(permittedUntil(new Date('2026-11-24T19:30:00Z'), ['Pacific/Honolulu', 'America/New_York'], weekdays)?.toISOString()).toBe(
      '2026-11-25T01:00:00.000Z',
    );
    expect(permittedUntil(new Date('2026-11-25T01:00:00Z'), ['America/New_York'], weekdays)).toBeNull();
  });

  test('the instant found is permitted in every zone, and none before it is', () => {
    const instants = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2028-01-01T00:00:00Z'), noInvalidDate: true });
    const isOpen = (at: Date, zone: string) => {
      const { dayOfWeek, hour } = local(at, zone);
      return hour >= (dayOfWeek === 7 ? 12 : 9) && hour < 20;
    };
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), fc.constantFrom(...zones), fc.double({ min: 0, max: 1, noNaN: true }), (at, one, other, part) => {
        const found = nextPermitted(at, [one, other], weekdays);
        if (found === null) return;
        expect([one, other].every((zone) => isOpen(found, zone))).toBe(true);
        const between = new Date(at.getTime() + Math.floor((found.getTime() - at.getTime() - 1) * part));
        if (between >= at && between < found) expect([one, other].every((zone) => isOpen(between, zone))).toBe(false);
        const until = permittedUntil(found, [one, other], weekdays);
        expect(until !== null && until > found && [one, other].every((zone) => isOpen(new Date(until.getTime() - 1), zone))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('random hours, half-hour zones, both changes of the clock: minute by minute the answer of a wall clock', () => {
    const minute = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15);
    const spell = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    const range = fc.tuple(minute, minute).filter(([from, to]) => from < to);
    // Around the days on which clocks change in these zones; Lord Howe Island shifts by half an hour.
    const near = fc
      .tuple(fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'), fc.integer({ min: -2_880, max: 2_880 }))
      .map(([day, offset]) => new Date(Date.parse(`${day}T00:00:00Z`) + offset * 60_000));
    const wall = (at: Date, zone: string) => {
      const { hour, minute: past } = local(at, zone);
      return hour * 60 + past;
    };
    fc.assert(
      fc.property(near, fc.constantFrom(...zones), fc.constantFrom(...zones), range, (at, one, other, [from, to]) => {
        const day = [[spell(from), spell(to)]] as const;
        const hours: ContactHours = { 1: day, 2: day, 3: day, 4: day, 5: day, 6: day, 7: day };
        const isOpen = (instant: Date) => [one, other].every((zone) => wall(instant, zone) >= from && wall(instant, zone) < to);
        const found = nextPermitted(at, [one, other], hours);
        if (found === null) return;
        // An hour that is left out or comes twice may hold a bound; elsewhere the wall clock decides.
        const steady = [one, other].every((zone) => local(found, zone).hoursInDay === 24);
        if (steady) expect(isOpen(found)).toBe(true);
        const until = permittedUntil(found, [one, other], hours);
        expect(until !== null && until > found).toBe(true);
        if (steady && found > at) expect(isOpen(new Date(found.getTime() - 60_000))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
