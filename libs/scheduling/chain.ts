import type { Item, Problem } from './problem.js';
import type { Slots } from './slots.js';

const IMPOSSIBLE = Number.POSITIVE_INFINITY;

/**
 * One item as if it were alone: the least cost of its remaining sessions, by dynamic programming over days from the
 * last session back. It is exact for a course of one item whose days do not touch, and a lower bound for any other.
 */
export class Chain {
  /** rest[k][day]: least cost of the sessions after number k when number k lies on that day. */
  private readonly rest: Float64Array[] = [];
  /** on[k][day]: least cost of session k, its gap left out, and those after it when number k lies on that day. */
  private readonly on: Float64Array[] = [];
  /** from[k][day]: least cost of session k and those after it when number k lies on that day or later. */
  private readonly from: Float64Array[] = [];

  constructor(
    private readonly problem: Problem,
    private readonly slots: Slots,
    private readonly item: Item,
  ) {
    for (let number = item.sessions; number >= 1; number--) {
      const rest = (this.rest[number] = new Float64Array(problem.horizon).fill(IMPOSSIBLE));
      const on = (this.on[number] = new Float64Array(problem.horizon).fill(IMPOSSIBLE));
      const from = (this.from[number] = new Float64Array(problem.horizon + 1).fill(IMPOSSIBLE));
      for (let day = problem.horizon - 1; day >= 0; day--) {
        if (this.canLieOn(number, day)) rest[day] = this.restFrom(number, day, day + item.minGap);
        on[day] = this.costOn(number, day) + rest[day]!;
        from[day] = Math.min(from[day + 1]!, on[day]!);
      }
    }
  }

  /** Least cost of the sessions after `placed` ones, the last of them on `last`, the next not before day `from`. */
  remaining(placed: number, last: number, from: number): number {
    const { item, problem } = this;
    if (placed === item.sessions) return 0;
    if (placed > 0) {
      const known = last >= 0 && last < problem.horizon && from <= last + item.minGap;
      return known ? this.rest[placed]![last]! : this.restFrom(placed, last, from);
    }
    const fixed = item.fixed.get(1);
    if (fixed) return this.fixedCost(1) + this.restAfter(1, fixed.day);
    return this.leastFrom(1, from);
  }

  /** The cost of the gap between session `number` on `day` and the one before on `last`; infinite outside the interval. */
  gapCost(number: number, last: number, day: number): number {
    const { minGap, maxGap, idealGap, fixed } = this.item;
    const gap = day - last;
    // Two sessions that stay where they are are not judged again.
    if ((gap < minGap || gap > maxGap) && !(fixed.has(number) && fixed.has(number - 1))) return IMPOSSIBLE;
    return maxGap === Number.POSITIVE_INFINITY ? 0 : Math.abs(gap - idealGap);
  }

  /** What a fixed session costs for lying outside the preferred windows. */
  fixedCost(number: number): number {
    const place = this.item.fixed.get(number)!;
    return this.slots.preferenceCost(this.item, place.day, place.start);
  }

  private restAfter(number: number, day: number): number {
    const inside = day >= 0 && day < this.problem.horizon;
    return inside ? this.rest[number]![day]! : this.restFrom(number, day, day + this.item.minGap);
  }

  private leastFrom(number: number, day: number): number {
    return this.from[number]![Math.max(0, Math.min(day, this.problem.horizon))]!;
  }

  private restFrom(number: number, last: number, from: number): number {
    const { item, problem } = this;
    const next = number + 1;
    if (next > item.sessions) return 0;
    const fixed = item.fixed.get(next);
    if (fixed) return this.gapCost(next, last, fixed.day) + this.fixedCost(next) + this.restAfter(next, fixed.day);
    // Without an interval every later day does, so the least of them is known already.
    if (item.maxGap === Number.POSITIVE_INFINITY) return this.leastFrom(next, Math.max(from, last + item.minGap));
    let least = IMPOSSIBLE;
    const on = this.on[next]!;
    const ideal = last + item.idealGap;
    const until = Math.min(problem.horizon - 1, last + item.maxGap);
    for (let day = Math.max(0, from, last + item.minGap); day <= until; day++) {
      const cost = Math.abs(day - ideal) + on[day]!;
      if (cost < least) least = cost;
    }
    return least;
  }

  private canLieOn(number: number, day: number): boolean {
    const fixed = this.item.fixed.get(number);
    return fixed ? fixed.day === day : this.slots.best(this.item, day) !== null;
  }

  private costOn(number: number, day: number): number {
    if (this.item.fixed.has(number)) return IMPOSSIBLE;
    return this.slots.best(this.item, day)?.cost ?? IMPOSSIBLE;
  }
}
