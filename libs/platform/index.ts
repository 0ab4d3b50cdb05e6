export { type Clock, SimulatedClock, systemClock } from './clock.js';
export { Conflict, Rejected } from './errors.js';
export { deterministicId, newId } from './ids.js';
export type { Json, JsonObject } from './json.js';
