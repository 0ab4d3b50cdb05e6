import type { ClinicDocument } from '#clinic';
import { aftercareOn } from '#protocols';
import {
  avoidWords,
  type EmailParts,
  type Language,
  languageOf,
  type Length,
  renderEmail,
  renderSms,
  shipped,
  spokenList,
  spokenPrice,
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
  /** What the plan costs, in minor units, where the text speaks of it and an estimate was given. */
  readonly estimate?: { readonly currency: string; readonly total: number; readonly depositRequired: number } | null;
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

/** How one comes to a place and what happens when one is late, as far as the clinic says it. */
export function arrivalLines({ locations, latePolicy }: ClinicDocument, locationId: string | undefined, language: Language): string[] {
  const place = locations.find(({ id }) => id === locationId);
  return [place?.address, place?.directions, place?.parking, latePolicy].flatMap((words) =>
    typeof words === 'object' ? (words[language] ?? []) : (words ?? []),
  );
}

/** Where the clinic gets its post, as every letter must say: the place that is spoken of, else the first that has an address. */
const postalAddress = ({ locations }: ClinicDocument, locationId: string | undefined): string | undefined =>
  (locations.find(({ id, address }) => id === locationId && address !== undefined) ?? locations.find(({ address }) => address !== undefined))?.address;

const priceOf = (amount: number | undefined, currency: string | undefined, language: Language): string =>
  amount === undefined || currency === undefined || amount === 0 ? '' : spokenPrice(amount, currency, language);

/** A day and its time; of several visits on that day all the times. */
function spokenVisit(instant: string, visits: readonly string[], spoken: (instant: string) => ReturnType<typeof spokenTime>, language: Language) {
  const { date } = spoken(instant);
  const times = [...new Set([instant, ...visits])].sort().map(spoken);
  return { date, time: spokenList([...new Set(times.filter((each) => each.date === date).map(({ time }) => time))], language) };
}

function variablesOf(
  { start, by, timeZone = 'UTC', locationId, visits, avoid, protocolId, day, urgency }: Locals,
  { clinic, link, text, estimate }: MessageContext,
  language: Language,
  length: Length,
): Variables {
  const spoken = (instant: string) => spokenTime(instant, timeZone, language, length);
  const instant = start ?? by;
  const when = instant === undefined ? {} : spokenVisit(instant, visits ?? [], spoken, language);
  const listed = visits?.map((each) => Object.values(spoken(each)).join(', '));
  const place = clinic.locations.find(({ id }) => id === locationId)?.name ?? clinic.name;
  const words = avoid?.flatMap((code) => avoidWords[language][code] ?? []);
  return {
    clinic: clinic.name,
    phone: clinic.phone,
    link,
    place,
    arrival: arrivalLines(clinic, locationId, language),
    total: priceOf(estimate?.total, estimate?.currency, language),
    deposit: priceOf(estimate?.depositRequired, estimate?.currency, language),
    ...when,
    ...(start === undefined || by === undefined ? {} : { until: Object.values(spoken(by)).join(', ') }),
    ...(listed === undefined ? {} : { visits: listed }),
    ...(words === undefined ? {} : { avoid: words }),
    ...(protocolId === undefined || day === undefined ? {} : { care: aftercareOn(protocolId, day, language) }),
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
  const { subject, text, html } = renderEmail(wording, variables, { unsubscribeUrl, address: postalAddress(context.clinic, row.locals.locationId) });
  return { body: text, email: { subject, html, ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }) }, textVersion: wording.version };
}
