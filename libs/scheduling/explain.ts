import type { Scheduled, SessionWindow } from './answer.js';
import type { PlanRequest } from './request.js';

/** For each session of a schedule: the local dates it may lie on while the others stay, and what set them. */
export function explainSessions(_request: PlanRequest, _schedule: Scheduled): SessionWindow[] {
  throw new Error('not built yet');
}
