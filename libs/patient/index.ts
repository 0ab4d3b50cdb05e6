export { changeContactConsent, erasePatient, suppressAddress } from './commands.js';
export { type Availability, type Consent, foldPatient, hasConsent, type Patient } from './decider.js';
export { openPatientPart, type PatientEventType, patientEventTypes, patientSchemas } from './events.js';
export { patientProjection } from './projections.js';
export {
  listPatients,
  loadPatient,
  loadPatients,
  patientInitials,
  patientsByEmail,
  patientsByPhone,
  type PatientRow,
  patientTimeline,
  type TimelineEntry,
} from './queries.js';
