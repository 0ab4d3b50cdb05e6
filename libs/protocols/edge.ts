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
const firstDay = '1900-01-01';

const refusal = (code: string, message: string) => ({ message, params: { code } });

function isDay(value: string): boolean {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(value) && Temporal.PlainDate.from(value, { overflow: 'reject' }).toString() === value;
  } catch {
    return false;
  }
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** The instant that RFC 3339 text names, to the millisecond; null when there is none. A leap second counts as the one before. */
export function parseInstant(value: string): Date | null {
  const [, day = '', clockTime = '', fraction = '', offset = ''] = rfc3339.exec(value) ?? [];
  if (!isDay(day)) return null;
  const second = clockTime.endsWith(':60') ? `${clockTime.slice(0, 6)}59` : clockTime;
  try {
    return new Date(Temporal.Instant.from(`${day}T${second}${fraction.slice(0, 4)}${offset.toUpperCase()}`).epochMilliseconds);
  } catch {
    return null;
  }
}

function isTimeZone(value: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(value);
    return !/^[+-]/.test(value);
  } catch {
    return false;
  }
}

function isLanguage(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

/** Can a day, or an instant as text in UTC, lie that far ahead of now? Days and instants compare as text. */
function isNear(value: string, now: Date): boolean {
  const bound = `${now.getUTCFullYear() + farthestYears}${now.toISOString().slice(4)}`;
  return value >= firstDay && value <= bound.slice(0, value.length);
}

/** The pieces that know what time it is: nothing may lie more than 30 years ahead of the moment at which it arrives. */
export function pieces(clock: Clock) {
  const near = (value: string) => isNear(value, clock.now());
  const far = refusal('impossible_date', `lies before 1900 or more than ${farthestYears} years ahead`);
  const day = z
    .string()
    .refine(isDay, { ...refusal('impossible_date', 'is not a calendar day (YYYY-MM-DD)'), abort: true })
    .refine(near, far)
    .meta({ format: 'date' });
  /** Comes out in UTC. */
  const instant = z
    .string()
    .meta({ format: 'date-time' })
    .transform((value, context) => {
      const parsed = parseInstant(value)?.toISOString();
      if (parsed !== undefined && near(parsed)) return parsed;
      const { message, params } = parsed === undefined ? refusal('impossible_date', 'is not an instant (RFC 3339)') : far;
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
