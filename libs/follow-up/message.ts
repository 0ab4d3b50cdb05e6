import type { ClinicDocument } from '#clinic';
import {
  avoidWords,
  type EmailParts,
  type Language,
  languageOf,
  type Length,
  renderEmail,
  renderSms,
  shipped,
  spokenTime,
  type Variables,
  type Wording,
} from '#messaging';
import type { Outreach } from './decider.js';
import type { Locals } from './events.js';

/** What the row's text needs besides the row: all of it read at the moment of sending. */
export interface MessageContext {
  readonly clinic: ClinicDocument;
  readonly language: string | undefined;
  /** The patient's own page for this message, or the console for a page to staff. */
  readonly link: string;
  /** One-click unsubscribe of an e-mail to a patient. */
  readonly unsubscribeUrl: string | undefined;
  /** What a person wrote, for a row that carries it. */
  readonly text?: string | undefined;
  /** The clinic's own approved texts, where it has any. */
  readonly wordings?: Readonly<Partial<Record<Language, Wording>>>;
}

export interface RenderedMessage {
  readonly body: string;
  readonly email?: EmailParts;
  /** Version of the approved text that it was made of. */
  readonly textVersion: number;
}

function variablesOf(
  { start, timeZone = 'UTC', locationId, visits, avoid, urgency }: Locals,
  { clinic, link, text }: MessageContext,
  language: Language,
  length: Length,
): Variables {
  const spoken = (instant: string) => spokenTime(instant, timeZone, language, length);
  const when = start === undefined ? {} : spoken(start);
  const listed = visits?.map((each) => Object.values(spoken(each)).join(', '));
  const place = clinic.locations.find(({ id }) => id === locationId)?.name ?? clinic.name;
  const words = avoid?.flatMap((code) => avoidWords[language][code] ?? []);
  return {
    clinic: clinic.name,
    phone: clinic.phone,
    link,
    place,
    ...when,
    ...(listed === undefined ? {} : { visits: listed }),
    ...(words === undefined ? {} : { avoid: words }),
    ...(text === undefined ? {} : { text }),
    ...(urgency === undefined ? {} : { urgency }),
  };
}

/**
 * The message of a row, made from the approved templates only (invariants 10 and 11). The same row and context give the same
 * text: that is how the carrier's list can prove an attempt.
 * @throws Error when a template lacks a variable: a message with a hole must not leave.
 */
export function messageOf(row: Pick<Outreach, 'template' | 'channel' | 'locals'>, context: MessageContext): RenderedMessage {
  const language = languageOf(row.locals.language ?? context.language);
  const wording = context.wordings?.[language] ?? shipped(row.template, language);
  const variables = variablesOf(row.locals, context, language, row.channel === 'email' ? 'long' : 'short');
  if (row.channel !== 'email') return { body: renderSms(wording, variables), textVersion: wording.version };
  const { unsubscribeUrl } = context;
  const { subject, text, html } = renderEmail(wording, variables, { unsubscribeUrl });
  return { body: text, email: { subject, html, ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }) }, textVersion: wording.version };
}
