import { Temporal } from 'temporal-polyfill';
import type { Answers } from './api.js';

/** What `/v1/insight` answers. Rates lie between 0 and 1; null where there is nothing to divide. */
export type Insight = Answers['Insight'];
export type CheckInDay = Insight['checkIns']['days'][number];

/** Local days, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Periods that people ask for, by their name; `today` is the clinic's. */
export function periods(today: string): readonly (readonly [name: string, days: Days])[] {
  const day = Temporal.PlainDate.from(today);
  const last = (days: number): Days => ({ from: day.subtract({ days: days - 1 }).toString(), to: today });
  const month = day.with({ day: 1 });
  return [
    ['Last 7 days', last(7)],
    ['Last 30 days', last(30)],
    ['Last 90 days', last(90)],
    ['This month', { from: month.toString(), to: today }],
    ['Last month', { from: month.subtract({ months: 1 }).toString(), to: month.subtract({ days: 1 }).toString() }],
    ['Last 12 months', { from: day.subtract({ years: 1 }).add({ days: 1 }).toString(), to: today }],
  ];
}

/** "November 3, 2026". */
export const fullDay = (date: string): string => Temporal.PlainDate.from(date).toLocaleString('en-US', { dateStyle: 'long' });

/** "30 min", "1 h 42 min", "2 days". */
export function lasting(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole} min`;
  if (whole < 48 * 60) return whole % 60 === 0 ? `${whole / 60} h` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
  return `${Math.round(whole / 1_440)} days`;
}

export const percent = (rate: number | null): string => (rate === null ? '–' : `${Math.round(rate * 100)}%`);
export const nothingHappened = ({ sessions, checkIns, messages, answers, satisfaction }: Insight): boolean =>
  Object.keys(sessions.byStatus).length === 0 && checkIns.asked === 0 && messages.length === 0 && answers.waits === 0 && satisfaction.asked === 0;
