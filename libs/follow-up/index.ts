export { type Answer, enqueueAnswer, enqueuePage, enqueueWritten, replanPatient } from './commands.js';
export { type Outreach, type OutreachStatus } from './decider.js';
export { type Category, type OutreachChannel, outreachEventTypes } from './events.js';
export { type FollowUpContext, type LedgerContext } from './ledger.js';
export { effectsAfter, type OutreachEffect, replanTypes } from './policies.js';
export { arrivalLines } from './message.js';
export { outreachLedger } from './projections.js';
export { handover, listOutreach, nextDueAt, type OutreachFilter, type OutreachView, sweep } from './queries.js';
export { recordStatus, sendDue } from './sending.js';
