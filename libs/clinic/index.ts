export { activateNext, activateProtocol, type ClinicContext, configureClinic } from './commands.js';
export { validUntil } from './credentials.js';
export { type ClinicDocument, type Location, parseClinic, type StaffMember, type WeeklyHours } from './document.js';
export { clinicProjection } from './projections.js';
export {
  type ActivatedProtocol,
  activations,
  activeProtocols,
  clinicDocument,
  protocolVersion,
  type TemplateVersion,
  templateVersions,
  wordings,
} from './queries.js';
export { type BookableProvider, type BookableResource, type LocationResources, locationOf, resourcesAt, staffInRole, staffOf } from './resources.js';
export { approveTemplate, draftTemplate, refuseFlaws, type TemplateName } from './templates.js';
