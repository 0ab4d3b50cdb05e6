export { EventStore, type EventStoreOptions } from './event-store.js';
export { byOccurrence } from './order.js';
export { settledPosition, Subscriptions } from './subscriptions.js';
export type { AppendAnswer, ExpectedVersion, NewEvent, Projection, RecordedEvent, StreamAppend, Subscription } from './types.js';
