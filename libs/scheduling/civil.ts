import { Temporal } from 'temporal-polyfill';

export const DAY_MINUTES = 1440;
const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = DAY_MINUTES * MINUTE_MILLIS;
const REMEMBERED_TABLES = 64;
const LEAP_DAYS_BEFORE_1970 = 477;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Days since 1970-01-01 of a local date 'YYYY-MM-DD'. */
export function dayNumber(localDate: string): number {
  return Date.parse(`${localDate}T00:00:00Z`) / DAY_MILLIS;
}

/** The local date 'YYYY-MM-DD' of a day number. */
export function localDate(day: number): string {
  return new Date(day * DAY_MILLIS).toISOString().slice(0, 10);
}

/** ISO weekday, 1 (Monday) to 7, of a day number. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Minutes since 1970 of an RFC 3339 instant; a part of a minute counts as the minute begun. */
export function minuteFloor(instant: string): number {
  return Math.floor(epochMillis(instant) / MINUTE_MILLIS);
}

/** Minutes since 1970 of an RFC 3339 instant; a part of a minute counts as the next one. */
export function minuteCeil(instant: string): number {
  return Math.ceil(epochMillis(instant) / MINUTE_MILLIS);
}

/** Reading busy times with Date.parse was most of the work of a plan, so the usual forms in UTC are read digit by digit. */
function epochMillis(instant: string): number {
  const { length } = instant;
  const isUsual = (length === 20 || length === 24) && instant.charCodeAt(length - 1) === 0x5a && instant.charCodeAt(16) === 0x3a;
  if (!isUsual) return Date.parse(instant);
  const day = civilDay(twoDigits(instant, 0) * 100 + twoDigits(instant, 2), twoDigits(instant, 5), twoDigits(instant, 8));
  const minute = day * DAY_MINUTES + twoDigits(instant, 11) * 60 + twoDigits(instant, 14);
  const millis = length === 24 ? twoDigits(instant, 20) * 10 + instant.charCodeAt(22) - 0x30 : 0;
  return minute * MINUTE_MILLIS + twoDigits(instant, 17) * 1000 + millis;
}

/** The day number of a date of the Gregorian calendar. */
function civilDay(year: number, month: number, day: number): number {
  const leapYears = month < 3 ? year - 1 : year;
  const leapDays = Math.floor(leapYears / 4) - Math.floor(leapYears / 100) + Math.floor(leapYears / 400) - LEAP_DAYS_BEFORE_1970;
  return 365 * (year - 1970) + DAYS_BEFORE_MONTH[month - 1]! + day - 1 + leapDays;
}

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 0x30 * 11;
}

/** RFC 3339 in UTC of minutes since 1970. */
export function instantText(minute: number): string {
  return new Date(minute * MINUTE_MILLIS).toISOString().replace('.000Z', 'Z');
}

/** Minutes since midnight of 'HH:MM', up to 24:00. */
export function clockMinutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** A stretch of time with one offset from UTC, both in minutes; it ends where the next begins. */
interface OffsetPeriod {
  readonly begins: number;
  readonly ends: number;
  readonly offset: number;
}

/**
 * Civil time of one zone as a table of its offset changes between two years, so that the hot loops convert with
 * additions only. Instants are minutes since 1970, days are day numbers.
 */
export class CivilTime {
  private constructor(private readonly periods: readonly OffsetPeriod[]) {}

  private static readonly remembered = new Map<string, CivilTime>();

  /** The table that is right from a day before `from` to a day after `to` (day numbers) and a little beyond. */
  static of(timeZone: string, from: number, to: number): CivilTime {
    const firstYear = Number(localDate(from - 7).slice(0, 4));
    const lastYear = Number(localDate(to + 7).slice(0, 4));
    const key = `${timeZone} ${firstYear} ${lastYear}`;
    const known = this.remembered.get(key);
    if (known) return known;
    // Finding the changes costs milliseconds, and a clinic asks for the same zone and years again and again.
    if (this.remembered.size >= REMEMBERED_TABLES) this.remembered.clear();
    const made = new CivilTime(offsetPeriods(timeZone, firstYear, lastYear));
    this.remembered.set(key, made);
    return made;
  }

  /** The day number of the local date at an instant. */
  dayAt(minute: number): number {
    const period = this.periods.find(({ ends }) => minute < ends);
    return Math.floor((minute + (period?.offset ?? 0)) / DAY_MINUTES);
  }

  /** The first instant whose local date is `day`; where midnight does not exist, the instant the clock jumps. */
  firstInstant(day: number): number {
    return this.resolve(day * DAY_MINUTES, (period) => period.begins);
  }

  /**
   * The instant of a local wall-clock time, as RFC 5545 reads it: a repeated time is the first of the two, a time that
   * the clock skips is read with the offset before the jump. 24:00 is the first instant of the next day.
   */
  instant(day: number, minuteOfDay: number): number {
    if (minuteOfDay === 0 || minuteOfDay === DAY_MINUTES) return this.firstInstant(day + minuteOfDay / DAY_MINUTES);
    const local = day * DAY_MINUTES + minuteOfDay;
    return this.resolve(local, (_period, before) => local - before.offset);
  }

  private resolve(local: number, skipped: (period: OffsetPeriod, before: OffsetPeriod) => number): number {
    let before: OffsetPeriod | undefined;
    for (const period of this.periods) {
      const minute = local - period.offset;
      if (minute < period.begins && before) return skipped(period, before);
      if (minute < period.ends) return minute;
      before = period;
    }
    throw new RangeError('the offset table ends before this day');
  }
}

function offsetPeriods(timeZone: string, firstYear: number, lastYear: number): OffsetPeriod[] {
  const periods: OffsetPeriod[] = [];
  const end = Temporal.Instant.from(`${String(lastYear + 1).padStart(4, '0')}-01-08T00:00:00Z`).epochMilliseconds;
  let at = Temporal.Instant.from(`${String(firstYear - 1).padStart(4, '0')}-12-24T00:00:00Z`).toZonedDateTimeISO(timeZone);
  let begins = Number.NEGATIVE_INFINITY;
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    const last = !next || next.epochMilliseconds >= end;
    const ends = last ? Number.POSITIVE_INFINITY : Math.floor(next.epochMilliseconds / MINUTE_MILLIS);
    periods.push({ begins, ends, offset: Math.floor(at.offsetNanoseconds / (MINUTE_MILLIS * 1e6)) });
    if (last) return periods;
    begins = ends;
    at = next;
  }
}
