import type { Answers } from './api.js';

/** What the API answers about the clinic's settings. */
export type Language = 'en' | 'es';
export const languageWords: Readonly<Record<Language, string>> = { en: 'English', es: 'Spanish' };

export type Part = 'sms' | 'subject' | 'email';
export type Text = Readonly<Record<Part, string>>;

export type Template = Answers['Template'];
export type TemplateText = Answers['TemplateText'];
export type Preview = Answers['TextPreview'];
export type Segments = Pick<NonNullable<Preview['sms']>, 'encoding' | 'segments'>;
export type ClinicFigure = Answers['ClinicFigure'];
export type ClinicFigures = Readonly<Record<string, ClinicFigure>>;
export type Signed = Answers['SignedProtocol'];
export type ProtocolRow = Answers['ProtocolRow'];
export type ReviewedFigure = Answers['ReviewedFigure'];
export type Protocol = Answers['Protocol'];
export type Proposal = Answers['ProtocolPreview'];
export type SignedInAt = Answers['OpenSession'];
export type AccessEntry = Answers['AccessLogEntry'];
export type ClinicSettings = Answers['ClinicSettings'];
/** ISO weekday → local ranges; a day that is absent is closed. */
export type WeeklyHours = ClinicSettings['contactHours'];
export type ApiKey = Answers['ApiKey'];
export type Webhook = Answers['Webhook'];
export type Delivery = Answers['Delivery'];
export type AbsencePreview = Answers['AbsencePreview'];
