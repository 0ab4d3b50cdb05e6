import type { Constraint, DayAnswer, Placement, Reason } from './answer.js';
import { dayNumber } from './civil.js';
import { openingStarts, placementIn, problemAround } from './placement.js';
import { type Problem, startOfDay } from './problem.js';
import type { PlanRequest } from './request.js';

/** How many starts of a day a constraint takes, and in which words. */
interface Tally {
  starts: number;
  readonly details: Set<string>;
}

/**
 * Why a session may not lie on a local date ('YYYY-MM-DD') while the request's `fixed` sessions stay, itself excepted,
 * or the first start that it may have. Each constraint that alone leaves no start of the day is named; when none does
 * so alone, all those that together leave none. Closing times are no reason on a day that has opening hours.
 * What the session holds today must not be in `busy`.
 */
export function whyNotOn(request: PlanRequest, { item, number }: Pick<Placement, 'item' | 'number'>, date: string): DayAnswer {
  const problem = problemAround(request, { item, number });
  const day = dayNumber(date) - problem.firstDay;
  if (day < 0 || day >= problem.horizon) {
    const detail = `planning runs ${problem.horizon} days from ${request.notBefore}`;
    return { allowed: false, together: false, because: [{ constraint: 'horizon', detail }] };
  }
  const tallies = new Map<Constraint, Tally>();
  const starts = startsToAsk(problem, item, day);
  for (const start of starts) {
    const answer = placementIn(problem, { item, number }, start);
    if (answer.allowed) return { allowed: true, session: answer.session };
    count(tallies, answer.violations);
  }
  const alone = [...tallies].filter(([, tally]) => tally.starts === starts.length);
  const named = alone.length > 0 ? alone : [...tallies];
  const because = named.flatMap(([constraint, { details }]) => [...details].map((detail) => ({ constraint, detail })));
  return { allowed: false, together: alone.length === 0, because };
}

/** Every start, as an instant, that `whyNotOn` would allow on the date; none on a day that it forbids. */
export function startsOn(request: PlanRequest, { item, number }: Pick<Placement, 'item' | 'number'>, date: string): string[] {
  const problem = problemAround(request, { item, number });
  const day = dayNumber(date) - problem.firstDay;
  if (day < 0 || day >= problem.horizon) return [];
  return startsToAsk(problem, item, day).flatMap((start) => {
    const answer = placementIn(problem, { item, number }, start);
    return answer.allowed ? [answer.session.start] : [];
  });
}

/** The starts within opening hours; on a day that has none, every start of the grid, so that the other rules are named too. */
function startsToAsk(problem: Problem, item: number, day: number): number[] {
  const within = [...openingStarts(problem, problem.items[item]!, day)];
  if (within.length > 0) return within;
  const [opens, closes] = [startOfDay(problem, day), startOfDay(problem, day + 1)];
  return Array.from({ length: Math.ceil((closes - opens) / problem.grid) }, (_start, index) => opens + index * problem.grid);
}

function count(tallies: Map<Constraint, Tally>, violations: readonly Reason[]): void {
  for (const { constraint, detail } of violations) {
    const tally = tallies.get(constraint) ?? { starts: 0, details: new Set() };
    tallies.set(constraint, tally);
    tally.details.add(detail);
  }
  for (const constraint of new Set(violations.map((violation) => violation.constraint))) tallies.get(constraint)!.starts++;
}
