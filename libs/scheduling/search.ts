import { Costs } from './costs.js';
import { Packing } from './packing.js';
import { type Item, type Problem, startOfDay } from './problem.js';
import type { FixedPlace } from './shadows.js';
import { type Hold, type Slot, Slots } from './slots.js';
import { emptyState, keyOf, nextDay, type State, stateAfter } from './state.js';

/** One more session. `cost` is what it adds, `least` the least cost of the whole rest with it. */
export interface Move {
  readonly item: Item;
  readonly slot: Slot;
  readonly cost: number;
  readonly least: number;
  readonly after: State;
}

/** One more session of an item on a day, before its start is chosen; `least` bounds every start of that day. */
export interface DayChoice {
  readonly item: Item;
  readonly day: number;
  readonly least: number;
  readonly fixed: FixedPlace | undefined;
}

interface Choices {
  readonly days: readonly DayChoice[];
  /** No choice that was left out, for costing more than the budget, leads to less than this. */
  readonly beyond: number;
  /** Whether days farther off are still to be asked for. */
  readonly more: boolean;
}

/** What is proved of a state: no rest is cheaper than `lower`; one that starts with `move` costs `upper`. */
interface Verdict {
  lower: number;
  upper: number;
  move: Move | undefined;
}

/** Days from the ideal one, or from the first possible one, that are weighed together before any farther off. */
const DAYS_TOGETHER = 28;

/** Thrown when the search has weighed as many placements as it may. */
export class BudgetSpent extends Error {}

/**
 * Depth-first branch and bound over the sessions in time order. Each item's remaining chain bounds the cost from
 * below; what is learnt of a state is kept, so that no state is proved hopeless twice for the same cost.
 */
export class Search {
  readonly root: State;
  readonly slots: Slots;
  readonly costs: Costs;
  private readonly packing: Packing;
  private readonly verdicts = new Map<string, Verdict>();

  constructor(
    readonly problem: Problem,
    private stepsLeft: number,
  ) {
    this.slots = new Slots(problem);
    this.costs = new Costs(problem, this.slots);
    this.packing = new Packing(problem, this.slots, this.costs.chains);
    this.root = emptyState(problem);
  }

  /** Counts work against the budget. @throws BudgetSpent */
  spend(steps: number): void {
    this.stepsLeft -= steps;
    if (this.stepsLeft < 0) throw new BudgetSpent();
  }

  /** Sets how many more placements may be weighed: an item on a day, or at a start with its resources, is one step. */
  allow(steps: number): void {
    this.stepsLeft = steps;
  }

  /** The least cost of the whole course, proved; infinite when there is no schedule. @throws BudgetSpent */
  leastCost(): number {
    let bound = this.costToGo(this.root, Number.NEGATIVE_INFINITY);
    for (;;) {
      const proved = this.costToGo(this.root, bound);
      if (proved <= bound || proved === Number.POSITIVE_INFINITY) return proved;
      bound = proved;
    }
  }

  /** Whether the rest can be placed for at most `budget`. @throws BudgetSpent */
  canFinish(state: State, budget: number): boolean {
    return this.costToGo(state, budget) <= budget;
  }

  /**
   * Any schedule, then cheaper ones while the steps last. Undefined when none was found; `isImpossible` tells whether
   * that is proved.
   */
  bestFound(steps: number): { moves: Move[]; cost: number } | undefined {
    this.cheapest(Number.NEGATIVE_INFINITY, steps);
    let best = this.cheapest(Number.MAX_SAFE_INTEGER, steps);
    // A far aim that cannot be settled soon gives way to a nearer one.
    for (let [left, nearer] = [steps, 1]; best && left > 1 && best.cost > this.proved() && nearer <= best.cost - this.proved();) {
      const aim = best.cost - Math.ceil((best.cost - this.proved()) / nearer);
      const share = left >> 1;
      const better = this.cheapest(aim, share);
      left -= share - Math.max(0, this.stepsLeft);
      if (better) best = better;
      else if (this.proved() <= aim) nearer *= 8;
    }
    return best;
  }

  /** Whether it is proved that there is no schedule. */
  isImpossible(): boolean {
    return this.proved() === Number.POSITIVE_INFINITY;
  }

  /** What is proved that every schedule costs at least. */
  private proved(): number {
    return this.verdicts.get(keyOf(this.root))?.lower ?? Number.NEGATIVE_INFINITY;
  }

  /** A schedule for at most `budget`; undefined when there is none or the steps ran out. */
  private cheapest(budget: number, steps: number): { moves: Move[]; cost: number } | undefined {
    this.allow(steps);
    try {
      return this.canFinish(this.root, budget) ? this.found() : undefined;
    } catch (spent) {
      if (spent instanceof BudgetSpent) return undefined;
      throw spent;
    }
  }

  isComplete(state: State): boolean {
    return this.problem.items.every(({ sessions, index }) => state.placed[index] === sessions);
  }

  /** Every item that may come next on a day. */
  choicesOn(state: State, day: number): DayChoice[] {
    const due = this.fixedDue(state);
    const days: DayChoice[] = [];
    for (const item of this.problem.items) {
      if (this.isDue(state, item, due)) {
        if (due?.day === day) this.chooseDay(days, state, item, day, this.fixedSlot(item, due), due);
        continue;
      }
      const { first, last } = this.range(state, item, due);
      const best = day >= first && day <= last ? this.slots.best(item, day) : null;
      if (best) this.chooseDay(days, state, item, day, best);
    }
    return days;
  }

  /** The days between which the next session of the course can lie. */
  span(state: State): { first: number; last: number } {
    const due = this.fixedDue(state);
    const ranges = this.problem.items.map((item) => this.range(state, item, due)).filter(({ first, last }) => first <= last);
    const first = Math.min(due?.day ?? Number.POSITIVE_INFINITY, ...ranges.map((range) => range.first));
    return { first, last: Math.max(due?.day ?? Number.NEGATIVE_INFINITY, ...ranges.map((range) => range.last)) };
  }

  /** The starts of a chosen day that can lead to a best schedule, the least bound first. */
  moves(state: State, { item, day, fixed }: DayChoice): Move[] {
    const limit = this.fixedDue(state)?.start ?? Number.POSITIVE_INFINITY;
    const slots = fixed ? [this.fixedSlot(item, fixed)] : this.slotsOf(state, item, day, limit).filter(({ start }) => start < limit);
    return slots
      .map((slot) => {
        const cost = this.costs.step(state, item, day, slot.cost);
        return { item, slot, cost, least: cost + this.costs.leastAfter(state, item, day), after: stateAfter(this.problem, state, item, day, slot) };
      })
      .sort((a, b) => a.least - b.least || a.slot.start - b.slot.start);
  }

  /** The schedule that was found last, from the moves that led to it. */
  private found(): { moves: Move[]; cost: number } {
    const moves: Move[] = [];
    for (let state = this.root; !this.isComplete(state);) {
      const move = this.verdicts.get(keyOf(state))!.move!;
      moves.push(move);
      state = move.after;
    }
    return { moves, cost: costOf(moves) };
  }

  private costToGo(state: State, budget: number): number {
    if (this.isComplete(state)) return 0;
    const key = keyOf(state);
    const known = this.verdicts.get(key);
    if (known && known.lower > budget) return known.lower;
    if (known && known.upper <= budget) return known.upper;
    this.spend(1);
    const verdict = known ?? { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY, move: undefined };
    this.verdicts.set(key, verdict);
    if (!known && !this.packing.fits(state)) return (verdict.lower = Number.POSITIVE_INFINITY);
    return this.tryMoves(state, budget, verdict);
  }

  private tryMoves(state: State, budget: number, verdict: Verdict): number {
    let lower = Number.POSITIVE_INFINITY;
    for (let [turn, more] = [0, true]; more; turn++) {
      const choices = this.choices(state, budget, turn);
      more = choices.more;
      lower = Math.min(lower, choices.beyond);
      for (const choice of choices.days) {
        if (choice.least > budget) {
          lower = Math.min(lower, choice.least);
          break;
        }
        for (const move of this.moves(state, choice)) {
          const total = move.least > budget ? move.least : move.cost + this.costToGo(move.after, budget - move.cost);
          if (total <= budget) {
            verdict.upper = total;
            verdict.move = move;
            return total;
          }
          lower = Math.min(lower, total);
        }
      }
    }
    return (verdict.lower = lower);
  }

  /**
   * Items and days that may come next within the budget, the least bound first. Days, and their starts, are worked out
   * only where they are needed: each turn goes farther from the ideal day, or on from the first possible one.
   */
  private choices(state: State, budget: number, turn: number): Choices {
    const due = this.fixedDue(state);
    const days: DayChoice[] = [];
    let [beyond, more] = [Number.POSITIVE_INFINITY, false];
    for (const item of this.problem.items) {
      if (this.isDue(state, item, due)) {
        if (turn === 0) this.chooseDay(days, state, item, due!.day, this.fixedSlot(item, due!), due);
        continue;
      }
      const left = this.chooseDays(days, state, item, due, budget, turn);
      beyond = Math.min(beyond, left.beyond);
      more ||= left.more;
    }
    days.sort((a, b) => a.least - b.least || a.day - b.day);
    return { days, beyond, more };
  }

  /** Adds the days of an item from the cheapest outwards; `beyond`: what the first one over the budget costs by its place alone. */
  private chooseDays(choices: DayChoice[], state: State, item: Item, due: FixedPlace | undefined, budget: number, turn: number): Omit<Choices, 'days'> {
    const { first, last } = this.range(state, item, due);
    const isStarted = state.placed[item.index]! > 0 && item.maxGap < Number.POSITIVE_INFINITY;
    const origin = isStarted ? state.last[item.index]! + item.idealGap : first;
    const costAtOrigin = isStarted ? 0 : this.costs.waiting(state, first);
    const nearest = Math.max(0, first - origin, origin - last) + turn * DAYS_TOGETHER;
    const isInside = (off: number): boolean => origin - off >= first || origin + off <= last;
    for (let off = nearest; off < nearest + DAYS_TOGETHER && isInside(off); off++) {
      for (const day of off === 0 ? [origin] : [origin - off, origin + off]) {
        const best = day >= first && day <= last ? this.slots.best(item, day) : null;
        if (best && off + costAtOrigin > budget) return { beyond: off + costAtOrigin, more: false };
        if (best) this.chooseDay(choices, state, item, day, best);
      }
    }
    return { beyond: Number.POSITIVE_INFINITY, more: first <= last && isInside(nearest + DAYS_TOGETHER) };
  }

  private isDue({ placed }: State, item: Item, due: FixedPlace | undefined): boolean {
    return due?.item === item.index && due.number === placed[item.index]! + 1;
  }

  /** The days on which an item's next session may lie; none (first after last) when it has none or another fixed one comes first. */
  private range(state: State, { index, sessions, maxGap, fixed }: Item, due: FixedPlace | undefined): { first: number; last: number } {
    const placed = state.placed[index]!;
    if (placed === sessions || fixed.has(placed + 1)) return { first: 0, last: -1 };
    const own = placed > 0 ? state.last[index]! + maxGap : Number.POSITIVE_INFINITY;
    const last = Math.min(this.problem.horizon - 1, due?.day ?? Number.POSITIVE_INFINITY, this.deadline(state), own);
    return { first: Math.max(0, state.next[index]!), last };
  }

  private chooseDay(choices: DayChoice[], state: State, item: Item, day: number, best: Slot, fixed?: FixedPlace): void {
    this.stepsLeft--;
    const cost = this.costs.step(state, item, day, best.cost);
    if (cost === Number.POSITIVE_INFINITY) return;
    const least = cost + this.costs.leastAfter(state, item, day);
    if (least < Number.POSITIVE_INFINITY) choices.push({ item, day, least, fixed });
  }

  private fixedSlot(item: Item, { number, start }: FixedPlace): Slot {
    return { start, cost: this.costs.chains[item.index]!.fixedCost(number) };
  }

  /** One slot where nothing else of the course can touch it; otherwise each that leaves something else free. */
  private slotsOf(state: State, item: Item, day: number, limit: number): Slot[] {
    const opens = startOfDay(this.problem, day);
    const best = this.slots.best(item, day)!;
    const untouched = limit >= startOfDay(this.problem, day + 1) && state.freeFrom <= opens && state.holds.every(({ until }) => until <= opens);
    if (untouched && this.leavesNothing(state, item, day, best)) return [best];
    const slots = this.slots.choices(item, day, state.freeFrom, state.holds);
    this.stepsLeft -= slots.length;
    return this.undominated(state, item, day, slots);
  }

  /** Whether no later session can touch this one or its turnover. */
  private leavesNothing(state: State, item: Item, day: number, slot: Slot): boolean {
    const { items } = this.problem;
    const end = slot.start + item.duration + item.turnover;
    return items.every(({ index, sessions }) => {
      const left = sessions - state.placed[index]! - (index === item.index ? 1 : 0);
      const from = nextDay(this.problem, state, item, day, index);
      return left <= 0 || (from > day && (from >= this.problem.horizon || startOfDay(this.problem, from) >= end));
    });
  }

  private undominated(state: State, item: Item, day: number, slots: readonly Slot[]): Slot[] {
    const choices = slots.map((slot) => ({ slot, holds: stateAfter(this.problem, state, item, day, slot).holds }));
    type Choice = (typeof choices)[number];
    const covered = (a: Choice, b: Choice): boolean =>
      b.slot.start <= a.slot.start && b.slot.cost <= a.slot.cost && b.holds.every((hold) => isHeldBy(a.holds, hold));
    const keep = choices.filter((choice, i) => choices.every((other, j) => i === j || !covered(choice, other) || (covered(other, choice) && i < j)));
    return keep.map(({ slot }) => slot);
  }

  /** The next fixed session in time order that has not been passed. */
  private fixedDue(state: State): FixedPlace | undefined {
    let due: FixedPlace | undefined;
    for (const item of this.problem.items) {
      for (const place of item.fixed.values()) {
        if (place.number > state.placed[item.index]! && (!due || place.start < due.start)) due = place;
      }
    }
    return due;
  }

  /** The last day on which the next session of any item may lie, so that no started series runs past its interval. */
  private deadline(state: State): number {
    let deadline = Number.POSITIVE_INFINITY;
    for (const { index, sessions, maxGap, fixed } of this.problem.items) {
      const placed = state.placed[index]!;
      if (placed > 0 && placed < sessions && !fixed.has(placed + 1)) deadline = Math.min(deadline, state.last[index]! + maxGap);
    }
    return deadline;
  }
}

/** What a schedule costs. */
export function costOf(moves: readonly Move[]): number {
  return moves.reduce((sum, { cost }) => sum + cost, 0);
}

function isHeldBy(holds: readonly Hold[], { resource, until }: Hold): boolean {
  return holds.some((held) => held.resource.id === resource.id && held.until >= until);
}
