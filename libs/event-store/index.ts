export { EventStore, type EventStoreOptions, type Upcasters } from './event-store.js';
export { byOccurrence } from './order.js';
export { compareWithLog, rebuild, type RebuildOptions, type RebuildReport, type TableDifference } from './rebuild.js';
export { settledPosition, Subscriptions } from './subscriptions.js';
export type { AppendAnswer, ExpectedVersion, NewEvent, Projection, RecordedEvent, StreamAppend, Subscription } from './types.js';
export { type LogReport, sealLog, verifyLog } from './verify.js';
