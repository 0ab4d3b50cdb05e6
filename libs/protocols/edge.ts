import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { catalogue, isProtocol } from './catalogue.js';

/*
 * The pieces of which the schemas of incoming facts are made. They stand here because codes and protocol ids are the
 * catalogue's, and both the consultation's and the patient's events are built from them.
 */

const farthestYears = 30;

/** A date further ahead than this is a slip of the keyboard. The bound moves with the event's own moment of arrival. */
const tooFar = (day: string, now: Date) => Number(day.slice(0, 4)) > now.getUTCFullYear() + farthestYears;

function isDay(value: string): boolean {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(value) && Temporal.PlainDate.from(value, { overflow: 'reject' }).toString() === value;
  } catch {
    return false;
  }
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

function isInstant(value: string): boolean {
  try {
    return rfc3339.test(value) && isDay(value.slice(0, 10)) && Temporal.Instant.from(value.replace(' ', 'T').replace(':60', ':59')) !== undefined;
  } catch {
    return false;
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

/** The pieces for events that arrive at `now`. */
export function pieces(now: Date) {
  const near = (value: string) => !tooFar(value, now);
  const farMessage = `lies more than ${farthestYears} years ahead`;
  return {
    day: z.string().refine(isDay, 'is not a calendar day (YYYY-MM-DD)').refine(near, farMessage),
    instant: z.string().refine(isInstant, 'is not an instant (RFC 3339)').refine(near, farMessage),
  };
}

/** The sender's own ids. */
export const id = z.string().min(1).max(128);
export const protocolId = z.string().refine(isProtocol, 'is not a protocol of the catalogue');
export const conditionCode = z.string().refine((code) => catalogue.contraindication_codes.includes(code), 'is not a condition of the catalogue');
export const exposureCode = z.enum(['sun_tan', 'self_tan', 'waxing', 'sunburn']);
/** An unknown medicine is kept and shown to a clinician: refusing it would hide it. */
export const medicationCode = z.string().min(1).max(128);
export const phone = z.string().refine((value) => /^\+[1-9]\d{6,14}$/.test(value) && parsePhoneNumberFromString(value) !== undefined, 'is not a phone number in E.164');
export const email = z.email('is not an e-mail address').max(254);
export const timeZone = z.string().refine(isTimeZone, 'is not a time zone of the IANA database');
export const language = z.string().refine(isLanguage, 'is not a language tag (BCP 47)');
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'is not a time of day (HH:MM)');
export const amount = z.number().int('must be in minor units').min(0).max(100_000_000);
export const currency = z.string().regex(/^[A-Z]{3}$/, 'is not a currency (ISO 4217)');
export const text = z.string().max(20_000);
export const texts = z.array(text).max(500);
