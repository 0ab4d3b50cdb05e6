import { Temporal } from 'temporal-polyfill';
import type { ClinicDocument } from '#clinic';
import { avoidWords, type EmailParts, type Language, languageOf, renderEmail, renderSms, type Variables } from '#messaging';
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
}

export interface RenderedMessage {
  readonly body: string;
  readonly email?: EmailParts;
}

const locale: Readonly<Record<Language, string>> = { en: 'en-US', es: 'es-US' };

function spoken(start: string, timeZone: string, language: Language): { readonly date: string; readonly time: string } {
  const local = Temporal.Instant.from(start).toZonedDateTimeISO(timeZone);
  const date = local.toLocaleString(locale[language], { weekday: 'short', month: 'short', day: 'numeric' });
  // Intl puts a narrow no-break space before AM, which no text message should pay for.
  const time = local.toLocaleString(locale[language], { hour: 'numeric', minute: '2-digit' }).replaceAll(/[\u00a0\u202f]/g, ' ');
  return { date, time };
}

function variablesOf(
  { start, timeZone = 'UTC', locationId, visits, avoid, urgency }: Locals,
  { clinic, link, text }: MessageContext,
  language: Language,
): Variables {
  const when = start === undefined ? {} : spoken(start, timeZone, language);
  const listed = visits?.map((each) => Object.values(spoken(each, timeZone, language)).join(', ')).join('; ');
  const place = clinic.locations.find(({ id }) => id === locationId)?.name ?? clinic.name;
  const words = avoid?.flatMap((code) => avoidWords[language][code] ?? []).join(', ');
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
  const variables = variablesOf(row.locals, context, language);
  if (row.channel !== 'email') return { body: renderSms(row.template, language, variables) };
  const { subject, text, html } = renderEmail(row.template, language, variables);
  return { body: text, email: { subject, html, ...(context.unsubscribeUrl === undefined ? {} : { unsubscribeUrl: context.unsubscribeUrl }) } };
}
