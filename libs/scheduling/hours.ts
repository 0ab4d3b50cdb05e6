import { clockMinutes, dayNumber, weekdayOf } from './civil.js';
import type { PlanRequest, WeeklyHours } from './request.js';
import { joined, type Spans } from './spans.js';
import { minuteRange } from './taken.js';

/** Ranges of a day, as minutes of the wall clock. */
export type DayRanges = readonly (readonly [from: number, to: number])[];

/** Hours as a request writes them, of the clinic or of a provider. */
export interface HoursText {
  readonly hours: WeeklyHours;
  readonly closed?: readonly string[] | undefined;
  readonly extraHours?: PlanRequest['clinic']['extraHours'];
  /** Times within the hours that are not to be had. */
  readonly away?: PlanRequest['clinic']['closures'];
}

/** When somebody works or a place is open; days are counted from the local date of `notBefore` = 0. */
export class Hours {
  /** Minutes since 1970 in which the hours do not hold. */
  readonly away: Spans;
  private readonly weekly: readonly DayRanges[];
  private readonly closed: ReadonlySet<number>;
  private readonly extra: ReadonlyMap<number, DayRanges>;

  constructor(
    { hours, closed = [], extraHours = [], away = [] }: HoursText,
    private readonly firstDay: number,
  ) {
    const days = ['0', '1', '2', '3', '4', '5', '6', '7'] as (keyof WeeklyHours)[];
    this.weekly = days.map((day) => minutesOf(hours[day] ?? []));
    this.closed = new Set(closed.map((date) => dayNumber(date) - firstDay));
    const dates = [...new Set(extraHours.map(({ on }) => on))];
    this.extra = new Map(
      dates.map((date) => [dayNumber(date) - firstDay, minutesOf(extraHours.filter(({ on }) => on === date).flatMap((extra) => extra.hours))]),
    );
    this.away = joined(away.map(minuteRange));
  }

  /** The ranges of a day, whether or not parts of it are not to be had. */
  on(day: number): DayRanges {
    const usual = this.closed.has(day) ? [] : this.weekly[weekdayOf(this.firstDay + day)]!;
    const extra = this.extra.get(day);
    return extra ? [...usual, ...extra] : usual;
  }

  /** Whether nobody is there on a day that has hours in other weeks. */
  isClosed(day: number): boolean {
    return this.closed.has(day) && !this.extra.has(day);
  }
}

function minutesOf(ranges: readonly (readonly [string, string])[]): DayRanges {
  return ranges.map(([from, to]) => [clockMinutes(from), clockMinutes(to)] as const);
}
