export { type Clock, SimulatedClock, type Span, systemClock } from './clock.js';
export { deriveKey, hashToken, newDataKey, seal, unseal } from './crypto.js';
export { type Database, inTransaction, isDuplicate, isSlotTaken, lockInOrder, openDatabase, type Reader, type Transaction } from './database/database.js';
export { Conflict, Rejected } from './errors.js';
export { deterministicId, newId } from './ids.js';
export type { Json, JsonObject } from './json.js';
export { projectRoot } from './project-root.js';
export { Together } from './together.js';
