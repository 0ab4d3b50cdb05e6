export * from './channels/index.js';
export { type ContactHours, nextPermitted, permittedUntil } from './hours.js';
export { foldToGsm, segmentsOf } from './segments.js';
export { languageOf, renderEmail, type RenderedEmail, renderSms, type Variables } from './templates/render.js';
export { avoidWords, type Language, type TemplateKey, templateKeys, version as templateVersion } from './templates/texts.js';
