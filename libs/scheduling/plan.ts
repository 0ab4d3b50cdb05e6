import type { PlanAnswer, PlannedSession, Scheduled } from './answer.js';
import { instantText } from './civil.js';
import { conflictOf } from './conflict.js';
import { type Problem, problemOf } from './problem.js';
import { relaxationsOf } from './relaxations.js';
import type { PlanRequest } from './request.js';
import { BudgetSpent, costOf, type Move, Search } from './search.js';
import { firstOfCost, namedSchedule } from './ties.js';

/** A few seconds; a usual course takes some thousands of steps. */
const DEFAULT_STEP_BUDGET = 3_000_000;
/** What is kept for finding any schedule once the proof of the best has run out. */
const FALLBACK_STEPS = 500_000;

export interface PlanOptions {
  /** How many placements may be weighed before the best schedule found so far is taken (default 3,000,000). */
  readonly stepBudget?: number;
}

/** The best schedule of a course, or why there is none (public contract, section 7). Pure and deterministic. */
export function planCourse(request: PlanRequest, { stepBudget = DEFAULT_STEP_BUDGET }: PlanOptions = {}): PlanAnswer {
  const best = schedule(problemOf(request), stepBudget);
  if (best) return best;
  const because = conflictOf(request);
  const conflict = because.map(({ constraint }) => constraint);
  return { status: 'infeasible', because, relaxations: relaxationsOf(request, conflict) };
}

/** The best schedule, proved or the best found within the budget; undefined when there is none or none was found. */
function schedule(problem: Problem, stepBudget: number): Scheduled | undefined {
  const search = new Search(problem, stepBudget);
  try {
    const cost = search.leastCost();
    return cost === Number.POSITIVE_INFINITY ? undefined : scheduled(firstOfCost(search, cost), true);
  } catch (spent) {
    if (!(spent instanceof BudgetSpent)) throw spent;
  }
  const found = search.bestFound(FALLBACK_STEPS);
  if (!found) return undefined;
  search.allow(Number.POSITIVE_INFINITY);
  return scheduled(
    namedSchedule(
      search,
      found.cost,
      found.moves.map(({ slot }) => slot.start),
      found.moves.map(({ item }) => item),
    ),
    false,
  );
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
