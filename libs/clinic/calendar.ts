import { Temporal } from 'temporal-polyfill';
import { isFederalHoliday } from '#messaging';
import type { ClinicShape } from './shape.js';
import type { Ranges } from './times.js';

type Place = Pick<ClinicShape['locations'][number], 'hours' | 'closed' | 'observesFederalHolidays' | 'extraHours'>;

const holidays = new Map<number, readonly string[]>();

/** The federal holidays of a year, as they are kept. */
function holidaysOf(year: number): readonly string[] {
  const known = holidays.get(year);
  if (known !== undefined) return known;
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  const days = Array.from({ length: first.daysInYear }, (_day, index) => first.add({ days: index }));
  const found = days.filter(isFederalHoliday).map(String);
  holidays.set(year, found);
  return found;
}

/** The local dates between two, both included, on which a location keeps none of its weekly hours. */
export function closedDays({ closed, observesFederalHolidays }: Place, from: string, to: string): string[] {
  const [first, last] = [Number(from.slice(0, 4)), Number(to.slice(0, 4))];
  const years = observesFederalHolidays ? Array.from({ length: last - first + 1 }, (_year, index) => first + index) : [];
  return [...new Set([...closed, ...years.flatMap(holidaysOf)])].filter((day) => from <= day && day <= to);
}

/** When a location is open on a local date: the hours of the week unless it is closed, and what it opens besides. */
export function openingOn(place: Place, date: string): Ranges {
  const weekday = Temporal.PlainDate.from(date).dayOfWeek;
  const usual = closedDays(place, date, date).length > 0 ? [] : (Object.entries(place.hours).find(([day]) => Number(day) === weekday)?.[1] ?? []);
  return [...usual, ...place.extraHours.filter(({ on }) => on === date).flatMap(({ hours }) => hours)];
}

/** Whether a range of a day lies within ranges that may touch or overlap. */
export function liesWithin(ranges: Ranges, [from, to]: Ranges[number]): boolean {
  let reached = from;
  for (const [opens, closes] of [...ranges].sort(([one], [other]) => (one < other ? -1 : 1))) if (opens <= reached && closes > reached) reached = closes;
  return reached >= to;
}
