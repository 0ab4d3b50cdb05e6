export {
  type Actor,
  type AdverseReaction,
  arriveSession,
  bookProposal,
  cancelSession,
  completeSession,
  confirmSession,
  confirmVisit,
  courseIdFor,
  factsChanged,
  noShowSession,
  openCourse,
  type OpenCourse,
  type Outcome,
  proposals,
  putOnHold,
  recordAdverseReaction,
  releaseHold,
  requestReschedule,
  type Reschedule,
  rescheduleSession,
} from './commands.js';
export { type AbsencePreview, absenceSchema, applyAbsence, previewAbsence, type SessionChange } from './absence.js';
export { type Course, type Session, sessionIdOf, type SessionStatus } from './decider.js';
export {
  type Because,
  type Booking,
  courseStream,
  type CourseItem,
  type Proposal,
  readTreatmentEvent,
  type TreatmentEvent,
  type TreatmentEventType,
  treatmentEventTypes,
} from './events.js';
export { declineOffer, joinWaitlist, leaveWaitlist, offerFreed, type Asking, takeOffer, type WaitFor } from './offers.js';
export { freedBy, freeingTypes } from './waitlist.js';
export { choicesOf, chooseTime } from './choice.js';
export { expireHolds, type HoldProposal, holdProposal, releaseHolds } from './holds.js';
export { courseFigures, type CourseFigures, sessionFigures, type SessionFigures } from './insight-queries.js';
export { availability, dayOfSession, daysOfSession, type TreatmentContext } from './patient-book.js';
export { type Busy, type PatientPicture, type Scene } from './plan-request.js';
export { type OpenTask, tasksAfter } from './policies.js';
export { type Preview, previewCourse, type PreviewedSession } from './preview.js';
export { treatmentProjection } from './projections.js';
export { replanCourses, replanCoursesTypes } from './replan-clinic.js';
export { patientRibbon } from './ribbon.js';
export {
  type AvailabilityAsk,
  busyRanges,
  courseIdOfConsultation,
  type CourseView,
  courseView,
  findCourse,
  findSession,
  findSessions,
  type FreeSlot,
  listSessions,
  nextHoldEnd,
  waitingSessions,
  type Page,
  patientCourses,
  patientsToCome,
  type SessionFilter,
  type SessionView,
  sessionView,
} from './queries.js';
