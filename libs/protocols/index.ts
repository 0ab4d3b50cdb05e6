export { activate, type ActiveProtocol, type ClinicFigures, openSafetyFields, readActiveProtocol, sampleFigures, sampleProtocols } from './activation.js';
export { catalogue, entry, type FlagUrgency, isProtocol, protocolIds } from './catalogue.js';
export { addDays, type Clearance, daysBetween, isTaken, type LocalDate, type Medication, noFacts, type PatientFacts } from './facts.js';
export { matches, matchesAny } from './patterns.js';
export { aftercareOn, type ClearDate, clearDates, type MedicineReview, medicineReviews, type PreparationStep, preparationSteps } from './preparation.js';
export { type Finding, type FindingLevel, screen } from './screening.js';
export { type Spacing, spacing } from './spacing.js';
export { emergencyCodes, expectedOn, isStaffFirst, redFlagAnywhere, redFlagOn, type Symptom, symptoms } from './symptoms.js';
export * as edge from './edge.js';
