import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Clock } from '#platform';
import { catalogue, isProtocol, protocolIds } from './catalogue.js';

/*
 * The pieces of which the schemas of incoming facts are made. They stand here because codes and protocol ids are the
 * catalogue's, and both the consultation's and the patient's events are built from them. A piece that refuses with a code of
 * its own says so in `params`; `format` and `enum` are what a JSON Schema shows of a rule that only code can hold.
 */

const farthestYears = 30;
/** Nobody who was born before this is treated, and Postgres has no year 0. */
const firstYear = 1900;

const refusal = (code: string, message: string) => ({ message, params: { code } });

/** Midnight in UTC of a calendar day; null for one that the calendar does not have. */
function midnight(value: string): number | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined || year < firstYear) return null;
  const millis = Date.UTC(year, month - 1, day);
  return new Date(millis).getUTCMonth() === month - 1 && day > 0 ? millis : null;
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d{1,3})\d*)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** The instant that RFC 3339 text names, to the millisecond; null when there is none. A leap second counts as the one before. */
export function parseInstant(value: string): Date | null {
  const [, day = '', hours, minutes, seconds, fraction = '', sign, offsetHours = 0, offsetMinutes = 0] = rfc3339.exec(value) ?? [];
  const start = midnight(day);
  if (start === null) return null;
  const ofDay = ((Number(hours) * 60 + Number(minutes)) * 60 + Math.min(Number(seconds), 59)) * 1_000 + Number(fraction.padEnd(3, '0'));
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return new Date(start + ofDay - offset);
}

/** Zones and languages are few and their tables slow: what was asked once is remembered. */
function remembered(ask: (value: string) => boolean): (value: string) => boolean {
  const answers = new Map<string, boolean>();
  return (value) => {
    const known = answers.get(value);
    if (known !== undefined) return known;
    const answer = ask(value);
    if (answers.size >= 10_000) answers.clear();
    answers.set(value, answer);
    return answer;
  };
}

const isTimeZone = remembered((value) => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(value);
    return !/^[+-]/.test(value);
  } catch {
    return false;
  }
});

const isLanguage = remembered((value) => {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
});

/** Days, and instants as text in UTC, compare as text. */
function isNear(value: string, now: Date): boolean {
  const bound = `${now.getUTCFullYear() + farthestYears}${now.toISOString().slice(4)}`;
  return value <= bound.slice(0, value.length);
}

/** The pieces that know what time it is: nothing may lie more than 30 years ahead of the moment at which it arrives. */
export function pieces(clock: Clock) {
  const near = (value: string) => isNear(value, clock.now());
  const far = refusal('impossible_date', `lies more than ${farthestYears} years ahead`);
  const day = z
    .string()
    .refine((value) => midnight(value) !== null, { ...refusal('impossible_date', 'is not a calendar day since 1900 (YYYY-MM-DD)'), abort: true })
    .refine(near, far)
    .meta({ format: 'date' });
  /** Comes out in UTC. */
  const instant = z
    .string()
    .meta({ format: 'date-time' })
    .transform((value, context) => {
      const parsed = parseInstant(value)?.toISOString();
      if (parsed !== undefined && near(parsed)) return parsed;
      const { message, params } = parsed === undefined ? refusal('impossible_date', 'is not an instant since 1900 (RFC 3339)') : far;
      context.addIssue({ code: 'custom', message, params });
      return z.NEVER;
    });
  return { day, instant };
}

/** The sender's own ids. */
export const id = z.string().min(1).max(128);
export const protocolId = z
  .string()
  .refine(isProtocol, refusal('unknown_protocol', 'is not a protocol of the catalogue'))
  .meta({ enum: [...protocolIds] });
export const conditionCode = z
  .string()
  .refine((code) => catalogue.contraindication_codes.includes(code), refusal('unknown_code', 'is not a condition of the catalogue'))
  .meta({ enum: [...catalogue.contraindication_codes] });
export const exposureCode = z.enum(['sun_tan', 'self_tan', 'waxing', 'sunburn']);
/** An unknown medicine is kept and shown to a clinician: refusing it would hide it. */
export const medicationCode = z.string().min(1).max(128);
export const phone = z
  .string()
  .refine(
    (value) => /^\+[1-9]\d{6,14}$/.test(value) && parsePhoneNumberFromString(value) !== undefined,
    refusal('invalid_phone', 'is not a phone number in E.164'),
  )
  .meta({ pattern: '^\\+[1-9]\\d{6,14}$' });
export const email = z.email('is not an e-mail address').max(254);
export const timeZone = z.string().refine(isTimeZone, 'is not a time zone of the IANA database');
export const language = z.string().refine(isLanguage, 'is not a language tag (BCP 47)');
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'is not a time of day (HH:MM)');
/** Minor units. */
export const amount = z.int('must be a whole number of minor units').min(0);
export const currency = z.string().regex(/^[A-Z]{3}$/, 'is not a currency (ISO 4217)');
export const text = z.string().max(20_000);
export const texts = z.array(text).max(500);
