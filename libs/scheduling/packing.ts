import type { Chain } from './chain.js';
import type { Item, Problem } from './problem.js';
import type { Slots } from './slots.js';
import type { State } from './state.js';

const NEVER = Number.POSITIVE_INFINITY;

/** A session still to come: the last day on which it may lie, and the least days between it and whichever comes before it. */
interface Pending {
  readonly deadline: number;
  readonly gap: number;
}

/**
 * Whether the sessions still to come can lie between the first possible day and their deadlines at all, were every
 * wait between two of them the shortest there is. What fails this has no schedule, however it is searched: it is what
 * proves soon that many treatments which need days between them do not fit into a season.
 */
export class Packing {
  private readonly lastDays: (number | undefined)[] = [];

  constructor(
    private readonly problem: Problem,
    private readonly slots: Slots,
    private readonly chains: readonly Chain[],
  ) {}

  /** False only when no schedule can follow the state. */
  fits(state: State): boolean {
    const open = this.problem.items.filter(({ index, sessions }) => state.placed[index]! < sessions);
    const pending: Pending[] = [];
    let first = NEVER;
    for (const item of open) {
      const begins = this.firstDay(state, item);
      if (begins === NEVER) return false;
      first = Math.min(first, begins);
      this.addPending(pending, state, item, this.gapBefore(state, item, open));
    }
    pending.sort((a, b) => a.deadline - b.deadline);
    let [needed, longest] = [0, 0];
    return pending.every(({ deadline, gap }) => {
      needed += gap;
      longest = Math.max(longest, gap);
      // Nothing of them comes before the first, so one wait is not needed: at most the longest.
      return first + needed - longest <= deadline;
    });
  }

  private firstDay(state: State, item: Item): number {
    const [placed, from] = [state.placed[item.index]!, state.next[item.index]!];
    if (item.fixed.size > 0) return from;
    const deadline = placed > 0 ? state.last[item.index]! + item.maxGap : NEVER;
    return this.chains[item.index]!.firstDay(placed, from, deadline);
  }

  /** Sessions that stay are not judged again, so nothing is concluded from them. */
  private addPending(pending: Pending[], state: State, item: Item, gap: number): void {
    const placed = state.placed[item.index]!;
    const latest = (this.lastDays[item.index] ??= this.lastDay(item));
    for (let number = placed + 1; number <= item.sessions; number++) {
      if (item.fixed.has(number)) continue;
      const reached = placed > 0 ? state.last[item.index]! + (number - placed) * item.maxGap : NEVER;
      const deadline = item.fixed.size > 0 ? latest : Math.min(reached, latest - (item.sessions - number) * item.minGap);
      pending.push({ deadline, gap });
    }
  }

  private gapBefore(state: State, item: Item, open: readonly Item[]): number {
    let least = item.sessions - state.placed[item.index]! > 1 ? item.minGap : NEVER;
    for (const other of open) if (other !== item) least = Math.min(least, this.problem.spacing[other.index]![item.index]!);
    return least === NEVER ? 0 : least;
  }

  private lastDay(item: Item): number {
    for (let day = this.problem.horizon - 1; day >= 0; day--) if (this.slots.best(item, day)) return day;
    return -1;
  }
}
