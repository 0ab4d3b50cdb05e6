import type { Item, Problem } from './problem.js';
import type { Slots } from './slots.js';

const IMPOSSIBLE = Number.POSITIVE_INFINITY;

/**
 * One item as if it were alone: the least cost of its remaining sessions, by dynamic programming over days. It is exact
 * for a course of one item whose days do not touch, and a lower bound for any other. Days are weighed only when asked
 * for and from the ideal gap outwards, so that a course that finds its ideal days never looks at the rest of the year.
 */
export class Chain {
  /** rests[k][day]: least cost of the sessions after number k when number k lies on that day; NaN: not worked out. */
  private readonly rests: Float64Array[];
  /** fromDay[k][day]: least cost of session k and those after it when number k lies on that day or later. */
  private readonly fromDay: Float64Array[];

  constructor(
    private readonly problem: Problem,
    private readonly slots: Slots,
    private readonly item: Item,
    /** What the day of its last session costs besides. */
    private readonly endCost: (day: number) => number = () => 0,
  ) {
    const unknown = (): Float64Array => new Float64Array(problem.horizon).fill(Number.NaN);
    this.rests = Array.from({ length: item.sessions + 1 }, unknown);
    this.fromDay = Array.from({ length: item.sessions + 1 }, unknown);
  }

  /** Least cost of the sessions after `placed` ones, the last of them on `last`, the next not before day `from`. */
  remaining(placed: number, last: number, from: number): number {
    const { item } = this;
    if (placed === item.sessions) return 0;
    if (placed > 0) return from <= last + item.minGap ? this.restAfter(placed, last) : this.restFrom(placed, last, from);
    const fixed = item.fixed.get(1);
    return fixed ? this.fixedCost(1) + this.restAfter(1, fixed.day) : this.leastFrom(1, from);
  }

  /** The first day from `from` on, up to `until`, on which the session after `placed` ones can lie and be followed by the rest. */
  firstDay(placed: number, from: number, until: number): number {
    const last = Math.min(until, this.problem.horizon - 1);
    for (let day = Math.max(0, from); day <= last; day++) if (this.on(placed + 1, day) < IMPOSSIBLE) return day;
    return IMPOSSIBLE;
  }

  /** The cost of the gap between session `number` on `day` and the one before on `last`; infinite outside the interval. */
  gapCost(number: number, last: number, day: number): number {
    const { minGap, maxGap, idealGap, fixed } = this.item;
    const gap = day - last;
    // Two sessions that stay where they are are not judged again.
    if ((gap < minGap || gap > maxGap) && !(fixed.has(number) && fixed.has(number - 1))) return IMPOSSIBLE;
    return maxGap === IMPOSSIBLE ? 0 : Math.abs(gap - idealGap);
  }

  /** What a fixed session costs for lying outside the preferred windows. */
  fixedCost(number: number): number {
    const place = this.item.fixed.get(number)!;
    return this.slots.preferenceCost(this.item, place.day, place.start);
  }

  private restAfter(number: number, day: number): number {
    const from = day + this.item.minGap;
    if (day < 0 || day >= this.problem.horizon) return this.restFrom(number, day, from);
    const rests = this.rests[number]!;
    if (Number.isNaN(rests[day]!)) rests[day] = this.restFrom(number, day, from);
    return rests[day]!;
  }

  private restFrom(number: number, last: number, from: number): number {
    const { item, problem } = this;
    const next = number + 1;
    if (next > item.sessions) return this.endCost(last);
    const fixed = item.fixed.get(next);
    if (fixed) return this.gapCost(next, last, fixed.day) + this.fixedCost(next) + this.restAfter(next, fixed.day);
    const first = Math.max(0, from, last + item.minGap);
    // Without an interval every later day does.
    if (item.maxGap === IMPOSSIBLE) return this.leastFrom(next, first);
    return this.leastBetween(next, first, Math.min(problem.horizon - 1, last + item.maxGap), last + item.idealGap);
  }

  /** Least cost of session `number` and those after it when it lies between two days and each day off the ideal one costs 1. */
  private leastBetween(number: number, first: number, last: number, ideal: number): number {
    let least = IMPOSSIBLE;
    for (let off = Math.max(0, first - ideal, ideal - last); off < least; off++) {
      const [before, after] = [ideal - off, ideal + off];
      if (before < first && after > last) break;
      if (after >= first && after <= last) least = Math.min(least, off + this.on(number, after));
      if (before >= first && before <= last && off > 0) least = Math.min(least, off + this.on(number, before));
    }
    return least;
  }

  private leastFrom(number: number, from: number): number {
    const known = this.fromDay[number]!;
    const first = Math.max(0, from);
    let day = first;
    // Nothing is cheaper than nothing: the search for the least may end there.
    while (day < known.length && Number.isNaN(known[day]!)) if (this.on(number, day++) === 0) break;
    const isFree = day > first && this.on(number, day - 1) === 0;
    let least = isFree ? 0 : (known[day] ?? IMPOSSIBLE);
    while (--day >= first) known[day] = least = Math.min(least, this.on(number, day));
    return first < known.length ? known[first]! : IMPOSSIBLE;
  }

  /** Least cost of a session on a day, its gap left out, and of those after it. */
  private on(number: number, day: number): number {
    if (this.item.fixed.has(number)) return IMPOSSIBLE;
    const best = this.slots.best(this.item, day);
    return best ? best.cost + this.restAfter(number, day) : IMPOSSIBLE;
  }
}
