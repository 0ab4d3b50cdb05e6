import type { PlanAnswer, PlannedSession, Scheduled } from './answer.js';
import { instantText } from './civil.js';
import { conflictOf } from './conflict.js';
import { type Problem, problemOf } from './problem.js';
import { relaxationsOf } from './relaxations.js';
import type { PlanRequest } from './request.js';
import { BudgetSpent, type Move, Search } from './search.js';
import { firstOfCost, namedSchedule } from './ties.js';

const DEFAULT_NODE_BUDGET = 200_000;
const RELAXATION_NODES = 20_000;
/** Of the budget, what is kept for finding any schedule once the proof of the best has run out. */
const FALLBACK_SHARE = 0.25;

export interface PlanOptions {
  /** How many search states may be opened before the best schedule found so far is taken (default 200,000). */
  readonly nodeBudget?: number;
}

/** The best schedule of a course, or why there is none (public contract, section 7). Pure and deterministic. */
export function planCourse(request: PlanRequest, { nodeBudget = DEFAULT_NODE_BUDGET }: PlanOptions = {}): PlanAnswer {
  const best = schedule(problemOf(request), nodeBudget);
  if (best) return best;
  const because = conflictOf(request);
  const conflict = because.map(({ constraint }) => constraint);
  const relaxations = relaxationsOf(request, conflict, (problem) => schedule(problem, RELAXATION_NODES));
  return { status: 'infeasible', because, relaxations };
}

/** The best schedule, proved or the best found within the budget; undefined when there is none or none was found. */
function schedule(problem: Problem, nodeBudget: number): Scheduled | undefined {
  const search = new Search(problem, nodeBudget);
  try {
    const cost = search.leastCost();
    return cost === Number.POSITIVE_INFINITY ? undefined : scheduled(firstOfCost(search, cost), true);
  } catch (spent) {
    if (!(spent instanceof BudgetSpent)) throw spent;
    return bestFound(search, Math.ceil(nodeBudget * FALLBACK_SHARE));
  }
}

/** Any schedule, then ever cheaper ones while the budget lasts. */
function bestFound(search: Search, nodes: number): Scheduled | undefined {
  search.allow(nodes);
  let best: Move[] | undefined;
  let cost = Number.POSITIVE_INFINITY;
  try {
    while (search.canFinish(search.root, cost === Number.POSITIVE_INFINITY ? Number.MAX_SAFE_INTEGER : cost - 1)) {
      best = search.found()!;
      cost = costOf(best);
    }
  } catch (spent) {
    if (!(spent instanceof BudgetSpent)) throw spent;
  }
  return best && scheduled(namedSchedule(search, cost, best.map(({ slot }) => slot.start)), false);
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

function costOf(moves: readonly Move[]): number {
  return moves.reduce((sum, { cost }) => sum + cost, 0);
}
