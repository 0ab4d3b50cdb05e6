import { Temporal } from 'temporal-polyfill';
import type { Language } from './templates/text.js';

const locales: Readonly<Record<Language, string>> = { en: 'en-US', es: 'es-US' };
// Intl puts narrow and no-break spaces between figures and words, which no text message should pay for.
const plainSpaces = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

/** How long a date may be: "Wed, Dec 30" for a text message, "Wednesday, December 30" for a letter. */
export type Length = 'short' | 'long';

/** Day and time of day of an instant in a place, as people there say them. */
export function spokenTime(instant: string, timeZone: string, language: Language, length: Length): { readonly date: string; readonly time: string } {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);
  return {
    date: plainSpaces(local.toLocaleString(locales[language], { weekday: length, month: length, day: 'numeric' })),
    time: plainSpaces(local.toLocaleString(locales[language], { hour: 'numeric', minute: '2-digit' })),
  };
}

/** An amount in minor units, as a price: 45000 USD is "$450.00". */
export function spokenPrice(minorUnits: number, currency: string, language: Language): string {
  const format = new Intl.NumberFormat(locales[language], { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return plainSpaces(format.format(minorUnits / 10 ** decimals));
}

/** "retinol creams, sun, and alcohol" */
export const spokenList = (items: readonly string[], language: Language): string =>
  new Intl.ListFormat(locales[language], { type: 'conjunction' }).format(items);
