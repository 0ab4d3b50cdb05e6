export { type Consultation, foldConsultation, type Plan, type PlanItem, type Status, statusOf } from './decider.js';
export { type ConsultationEventType, consultationEventTypes, consultationSchemas, openConsultationPart } from './events.js';
export { type CourseDecision, decideCourse, type Gate, type GateContext, type GateName, judgeGates, type PatchWait, patchWaits } from './gates.js';
export { consultationProjection } from './projections.js';
export { type Bound, consultationsOf, loadConsultation, patientsOf } from './queries.js';
