import type { Temporal } from 'temporal-polyfill';

/** The n-th such weekday of a month; -1: the last one. */
const floating = [
  { month: 1, weekday: 1, nth: 3 },
  { month: 2, weekday: 1, nth: 3 },
  { month: 5, weekday: 1, nth: -1 },
  { month: 9, weekday: 1, nth: 1 },
  { month: 10, weekday: 1, nth: 2 },
  { month: 11, weekday: 4, nth: 4 },
] as const;

/** New Year, Juneteenth, Independence Day, Veterans Day, Christmas. */
const fixed = ['01-01', '06-19', '07-04', '11-11', '12-25'];

const isFixed = (date: Temporal.PlainDate) => fixed.includes(date.toString().slice(5));

/**
 * Is this a federal holiday of the United States, on its own day or on the working day on which it is kept: the Friday before
 * a Saturday, the Monday after a Sunday (5 U.S.C. 6103, Executive Order 11582)?
 */
export function isFederalHoliday(date: Temporal.PlainDate): boolean {
  const { month, dayOfWeek, day, daysInMonth } = date;
  if (isFixed(date)) return true;
  if (dayOfWeek === 5 && isFixed(date.add({ days: 1 }))) return true;
  if (dayOfWeek === 1 && isFixed(date.subtract({ days: 1 }))) return true;
  const isLast = day + 7 > daysInMonth;
  return floating.some((one) => one.month === month && one.weekday === dayOfWeek && (one.nth === -1 ? isLast : one.nth === Math.ceil(day / 7)));
}
