import type { Infeasible, Scheduled } from './answer.js';
import type { Problem } from './problem.js';
import type { PlanRequest } from './request.js';

export function reasonsAgainst(_request: PlanRequest, _solve: (problem: Problem) => Scheduled | undefined): Infeasible {
  return { status: 'infeasible', because: [{ constraint: 'interval', detail: '' }], relaxations: [] };
}
