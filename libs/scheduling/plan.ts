import type { PlanAnswer } from './answer.js';
import type { PlanRequest } from './request.js';

export interface PlanOptions {
  /** How many search states may be opened before the best schedule so far is taken. */
  readonly nodeBudget?: number;
}

/** The best schedule of a course, or why there is none (public contract, section 7). Pure and deterministic. */
export function planCourse(_request: PlanRequest, _options: PlanOptions = {}): PlanAnswer {
  throw new Error('not built yet');
}
