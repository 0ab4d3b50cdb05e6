export * from './channels/index.js';
export { type Length, spokenList, spokenPrice, spokenTime } from './formats.js';
export { type ContactHours, nextPermitted, permittedUntil } from './hours.js';
export { foldToGsm, segmentsOf } from './segments.js';
export { avoidWords } from './templates/avoid-words.js';
export { type Foot, languageOf, letterText, renderEmail, type RenderedEmail, renderSms, type Variables } from './templates/render.js';
export { sampleFor } from './templates/sample.js';
export type { Language, Text } from './templates/text.js';
export { languages, shipped, shippedVersion, type TemplateKey, templateKeys, type Wording } from './templates/texts.js';
