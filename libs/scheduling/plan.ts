import type { PlanAnswer, PlannedSession, Scheduled } from './answer.js';
import { instantText } from './civil.js';
import { conflictOf } from './conflict.js';
import { problemOf } from './problem.js';
import { relaxationsOf } from './relaxations.js';
import type { PlanRequest } from './request.js';
import { BudgetSpent, costOf, type Move, Search } from './search.js';
import { firstOfCost, namedSchedule } from './ties.js';

/** A few seconds; a usual course takes some thousands of steps. */
const DEFAULT_STEP_BUDGET = 3_000_000;
const DEFAULT_FALLBACK_STEPS = 500_000;

export interface PlanOptions {
  /** How many placements may be weighed before the best schedule found so far is taken (default 3,000,000). */
  readonly stepBudget?: number;
  /** How many more are then spent on finding any schedule, when no proof of the best was reached (default 500,000). */
  readonly fallbackSteps?: number;
  /** Whether a course that cannot be is told why (the default); without, `because` and `relaxations` stay empty. */
  readonly explain?: boolean;
}

/**
 * The best schedule of a course, or why there is none (public contract, section 7). Pure and deterministic.
 * `infeasible` is always proved; `undecided` says that the budget ended before a schedule or a proof was found.
 */
export function planCourse(request: PlanRequest, options: PlanOptions = {}): PlanAnswer {
  const { stepBudget = DEFAULT_STEP_BUDGET, fallbackSteps = DEFAULT_FALLBACK_STEPS, explain = true } = options;
  const search = new Search(problemOf(request), stepBudget);
  const best = bestSchedule(search) ?? anySchedule(search, fallbackSteps);
  if (best) return best;
  if (!search.isImpossible()) {
    return { status: 'undecided', detail: `no schedule and no proof that there is none was found within ${stepBudget + fallbackSteps} steps` };
  }
  if (!explain) return { status: 'infeasible', because: [], relaxations: [] };
  const because = conflictOf(request);
  const conflict = because.map(({ constraint }) => constraint);
  return { status: 'infeasible', because, relaxations: relaxationsOf(request, conflict) };
}

/** The best schedule, proved; undefined when there is none or the budget ended. */
function bestSchedule(search: Search): Scheduled | undefined {
  try {
    const cost = search.leastCost();
    return cost === Number.POSITIVE_INFINITY ? undefined : scheduled(firstOfCost(search, cost), true);
  } catch (spent) {
    if (spent instanceof BudgetSpent) return undefined;
    throw spent;
  }
}

/** The best that a short search finds, not proved. */
function anySchedule(search: Search, steps: number): Scheduled | undefined {
  const found = search.isImpossible() ? undefined : search.bestFound(steps);
  if (!found) return undefined;
  search.allow(Number.POSITIVE_INFINITY);
  const starts = found.moves.map(({ slot }) => slot.start);
  const items = found.moves.map(({ item }) => item);
  return scheduled(namedSchedule(search, found.cost, starts, items), false);
}

function scheduled(moves: readonly Move[], optimal: boolean): Scheduled {
  const placed = new Map<number, number>();
  const sessions: PlannedSession[] = [];
  for (const { item, slot } of moves) {
    const number = (placed.get(item.index) ?? 0) + 1;
    placed.set(item.index, number);
    if (item.fixed.has(number)) continue;
    sessions.push({
      item: item.index,
      number,
      protocolId: item.protocolId,
      start: instantText(slot.start),
      end: instantText(slot.start + item.duration),
      providerId: slot.provider?.id ?? '',
      roomId: slot.room?.id ?? '',
      deviceId: slot.device?.id ?? null,
    });
  }
  return { status: 'scheduled', cost: costOf(moves), sessions, optimal };
}
