export { activateNext, activateProtocol, type ClinicContext, configureClinic } from './commands.js';
export { validUntil } from './credentials.js';
export { closedDays } from './calendar.js';
export { type ClinicDocument, type Location, parseClinic, type StaffMember } from './document.js';
export type { Recipe } from './recipe.js';
export type { WeeklyHours } from './times.js';
export { endException, recordException, supposeException } from './exception-commands.js';
export { type Exception, exceptionAsk, type ExceptionKind, exceptionKinds } from './exceptions.js';
export { clinicProjection } from './projections.js';
export {
  type Absence,
  absencesBetween,
  type ActivatedProtocol,
  activations,
  activeProtocols,
  clinicDocument,
  clinicSettings,
  exceptions,
  protocolVersion,
  type TemplateVersion,
  templateVersions,
  wordings,
} from './queries.js';
export { type BookableProvider, type BookableResource, type LocationResources, locationOf, resourcesAt, staffInRole, staffOf } from './resources.js';
export { reviseClinic, settingsVersion } from './revise.js';
export { approveTemplate, draftTemplate, refuseFlaws, type TemplateName } from './templates.js';
export { type ConsentDocument, type ConsentWording } from './consent.js';
