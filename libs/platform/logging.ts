import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Keys under which personal data could reach a log line; censored wherever they stand (invariant 11). */
const personalKeys = [
  'body',
  'text',
  'note',
  'notes',
  'email',
  'phone',
  'address',
  'from',
  'to',
  'givenName',
  'familyName',
  'name',
  'birthDate',
  'person',
  'personal',
  'media',
  'authorization',
  'cookie',
  'key',
  'token',
  'password',
] as const;

/** Structured logs, one JSON line each, with personal data and secrets censored at the first three levels of an object. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  const paths = personalKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  const options = { level, base: null, redact: { paths, censor: '[removed]' } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
