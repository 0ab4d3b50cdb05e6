export {
  CONSTRAINTS,
  type Constraint,
  type DayAnswer,
  type FreeStart,
  type Infeasible,
  type Placement,
  type PlacementAnswer,
  type PlanAnswer,
  type PlannedSession,
  type Reason,
  type Relaxation,
  type Scheduled,
  type SessionWindow,
  type Undecided,
} from './answer.js';
export { freeStarts, freeStartsByProvider, type ProviderStarts } from './availability.js';
export { startsOn, whyNotOn } from './day.js';
export { explainSessions } from './explain.js';
export { type Holds, holdsOf, type Part } from './holds.js';
export { checkPlacement } from './placement.js';
export { planCourse, type PlanOptions } from './plan.js';
export { type AvailabilityRequest, parsePlanRequest, type PlanRequest, type PlanRequestInput } from './request.js';
export { unitId } from './units.js';
