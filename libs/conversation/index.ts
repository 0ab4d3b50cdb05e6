export {
  acknowledgeTask,
  completeTask,
  type ConversationContext,
  type FindPatients,
  type InboundMessage,
  openTask,
  type OutgoingMessage,
  receiveMessage,
  type Received,
  recordAnswer,
} from './commands.js';
export { type Effect, type NewTask, type PageStaff, type SendAnswer } from './decider.js';
export { type CheckIn, type Rung } from './events.js';
export { afterOpenMinutes } from './opening-hours.js';
export { conversationDue } from './due.js';
export { type Due, nextConversationDue } from './due-queries.js';
export { type Judgement, markTriage } from './judgement.js';
export {
  answerFigures,
  type AnswerFigures,
  type Asked,
  checkInFigures,
  type CheckInDay,
  confirmationFigures,
  satisfactionFigures,
  type SatisfactionFigures,
} from './insight-queries.js';
export { failedPage, type FailedPage } from './escalation.js';
export { assignConversation, expectVersion, resolveConversation, snoozeConversation, type ThreadCommand } from './thread-commands.js';
export { awaitMedia, fetchMedia, mediumPath } from './media.js';
export { nextAwaited } from './media-queries.js';
export { type ExecuteEffects, replyPolicy, triageMessage } from './policies.js';
export { keepPhotos, type Photo, photoPath, photoType, readPhoto } from './photos.js';
export { conversationProjection, watchedDays } from './projections.js';
export { conversation, type ConversationFilter, type ConversationRow, listConversations, type MessageRow, type Page, unheardPatients } from './queries.js';
export { isAcknowledged, listTasks, task, type TaskFilter, type TaskRow, tasksOfOutreach } from './task-queries.js';
export * from './triage/index.js';
