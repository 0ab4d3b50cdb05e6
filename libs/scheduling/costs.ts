import { Chain } from './chain.js';
import type { Item, Problem } from './problem.js';
import type { Slots } from './slots.js';
import { emptyState, isHealedFor, nextDay, spareAfter, type State } from './state.js';

/** What sessions cost by the public contract, and what the rest of a course costs at least: each item's chain bounds it from below. */
export class Costs {
  /** By item: the item as if it were alone. */
  readonly chains: readonly Chain[];
  /** By item that is to end near the best day: its chain with the days that it leaves unused before that day. */
  private readonly ending: ReadonlyMap<number, Chain>;
  private readonly earliest: number;

  constructor(
    private readonly problem: Problem,
    private readonly slots: Slots,
  ) {
    this.chains = problem.items.map((item) => new Chain(problem, this.slots, item));
    this.ending = new Map([...(problem.best?.items ?? [])].map((index) => [index, this.endingChain(problem.items[index]!)]));
    this.earliest = Math.min(...problem.items.map(({ earliest }) => earliest));
  }

  /** What a session adds to the cost; infinite when its interval does not permit the day. */
  step(state: State, item: Item, day: number, preference: number): number {
    const placed = state.placed[item.index]!;
    const gap = placed > 0 ? this.chains[item.index]!.gapCost(placed + 1, state.last[item.index]!, day) : 0;
    const isFirst = state.placed.every((count) => count === 0);
    return gap + preference + (this.problem.best ? this.spareCost(state, item, day) : isFirst ? day - this.earliest : 0);
  }

  /** Paid with the last session that bears on the best day. */
  private spareCost(state: State, item: Item, day: number): number {
    const placed = state.placed.map((count, index) => (index === item.index ? count + 1 : count));
    return this.problem.best?.items.has(item.index) && isHealedFor(this.problem, placed) ? spareAfter(this.problem, state, item, day) : 0;
  }

  private endingChain(item: Item): Chain {
    const last = { ...emptyState(this.problem), placed: this.problem.items.map(({ sessions }) => sessions - 1) };
    return new Chain(this.problem, this.slots, item, (day) => spareAfter(this.problem, last, item, day));
  }

  /** What a day costs as the course's first; without bound below for a later session, to which it makes no difference. */
  waiting(state: State, day: number): number {
    return !this.problem.best && state.placed.every((count) => count === 0) ? day - this.earliest : Number.NEGATIVE_INFINITY;
  }

  /** What the rest costs at least after a session of `item` on a day: each item's chain, as if the others were not there. */
  leastAfter(state: State, item: Item, day: number): number {
    let sum = 0;
    let spare = spareAfter(this.problem, state, item, day);
    let bearsOnBest = false;
    for (const { index, sessions } of this.problem.items) {
      const next = nextDay(this.problem, state, item, day, index);
      const moved = index === item.index;
      const [placed, last] = [state.placed[index]! + (moved ? 1 : 0), moved ? day : state.last[index]!];
      const least = this.chains[index]!.remaining(placed, last, next);
      sum += least;
      const ending = placed < sessions && least < Number.POSITIVE_INFINITY ? this.ending.get(index) : undefined;
      if (!ending) continue;
      bearsOnBest = true;
      // Whichever item heals last decides, so one of them pays and the others are as cheap as they can be.
      spare = Math.min(spare, ending.remaining(placed, last, next) - least);
    }
    return bearsOnBest ? sum + spare : sum;
  }
}
