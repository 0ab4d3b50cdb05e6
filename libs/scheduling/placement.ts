import type { Placement, PlacementAnswer } from './answer.js';
import type { PlanRequest } from './request.js';

/** Whether one session may start at an instant while the request's `fixed` sessions stay; otherwise every rule it breaks. */
export function checkPlacement(_request: PlanRequest, _placement: Placement): PlacementAnswer {
  throw new Error('not built yet');
}
