import { Temporal } from 'temporal-polyfill';
import type { WeeklyHours } from '../../settings.js';
import { treatment } from '../../words.js';

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

export const hoursOf = (hours: WeeklyHours, weekday: number): string =>
  (hours[String(weekday)] ?? []).map(([from, to]) => `${from} to ${to}`).join(', ') || 'closed';

/** "Mar 2, 2027". */
export const dateWords = (date: string): string => Temporal.PlainDate.from(date).toLocaleString('en-US', { month: 'short', day: 'numeric', year: 'numeric' });

/** `laser_*` or `chemical_peel.superficial` as the desk says it. */
export const coverWords = (pattern: string): string => (pattern === '*' ? 'Everything' : treatment(pattern.replace(/[._]?\*$/, '')));

/** Long enough before the end to renew a licence. */
const warnDays = 90;

/** What is to be said of something that is good until a day, its last valid one; null while that is far off. */
export function warningOf(until: string, today: string): { readonly look: 'urgent' | 'soon'; readonly word: string } | null {
  const days = Temporal.PlainDate.from(today).until(Temporal.PlainDate.from(until)).days;
  if (days < 0) return { look: 'urgent', word: 'Ended' };
  if (days > warnDays) return null;
  return { look: 'soon', word: days === 0 ? 'Ends today' : days === 1 ? 'Ends tomorrow' : `Ends in ${days} days` };
}
