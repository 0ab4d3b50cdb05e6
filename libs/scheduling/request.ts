import { Rejected } from '#platform';
import { z } from 'zod';
import { contradictions } from './contradictions.js';

/** The largest horizon that is planned in one go: ten years of days. */
const LONGEST_HORIZON_DAYS = 3653;
const DAY_MINUTES = 1440;

const id = z.string().min(1).max(128);
const localDate = z.iso.date().refine(isOurTime, 'must lie between 1900 and 2199');
const instant = z.iso.datetime({ offset: true }).refine(isOurTime, 'must lie between 1900 and 2199');
const openingTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time HH:MM from 00:00 to 23:59');
const closingTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a local time HH:MM from 00:00 to 24:00');
const weekday = z.enum(['1', '2', '3', '4', '5', '6', '7']);
const weeklyHours = z.partialRecord(weekday, z.array(z.tuple([openingTime, closingTime]))).default({});
const protocolIds = z.array(id).default([]);
const instantRange = z.object({ from: instant, to: instant });
const instantRanges = z.array(instantRange).optional();
/** Hours of single dates, beside those of the week; they hold on a closed date too. */
const extraHours = z.array(z.object({ on: localDate, hours: z.array(z.tuple([openingTime, closingTime])) })).optional();

const provider = z.object({
  id,
  protocols: protocolIds,
  hours: weeklyHours,
  validUntil: z.record(id, localDate).default({}),
  extraHours,
  absences: instantRanges,
});
const room = z.object({ id, protocols: protocolIds, closed: instantRanges });
const device = z.object({
  id,
  protocols: protocolIds,
  /** How many sessions it can serve at once; its units are named `id`, `id#2`, `id#3` and so on. */
  units: z.int().min(1).max(99).optional(),
  /** Of one unit, or of all. */
  downtime: z.array(instantRange.extend({ unit: z.int().min(1).optional() })).optional(),
});

const patient = z.object({
  unavailable: z.array(instantRange).default([]),
  socialEvents: z.array(z.object({ on: localDate })).default([]),
  preferred: z.array(z.object({ weekday: z.int().min(1).max(7), from: openingTime, to: closingTime })).default([]),
  treated: z.array(z.object({ protocolId: id, on: localDate })).default([]),
  clear: z.array(z.object({ protocolId: id, notBefore: localDate, because: z.string().default('clearance') })).default([]),
});

const days = z.int().min(0).max(LONGEST_HORIZON_DAYS);
/** A part of a session and what of the clinic it holds; the patient is there from beginning to end. */
const segment = z.object({ minutes: z.int().min(1).max(DAY_MINUTES), holds: z.array(z.enum(['provider', 'room', 'device'])) });
const protocol = z.object({
  durationMinutes: z.int().min(1).max(DAY_MINUTES),
  turnoverMinutes: z.int().min(0).max(DAY_MINUTES),
  intervalDays: z.object({ min: days, ideal: days, max: days }),
  downtimeDays: days,
  /** The session's parts one after the other; left out, it holds everything from beginning to end. */
  segments: z.array(segment).min(1).max(12).optional(),
});

/** A session that stays where it is: done already, or booked and not to be moved. The rest is planned around it. */
const fixedSession = z.object({
  item: z.int().min(0),
  number: z.int().min(1),
  start: instant,
  providerId: id.nullish(),
  roomId: id.nullish(),
  deviceId: id.nullish(),
});

const planRequest = z.object({
  clinic: z.object({
    timeZone: z.string().refine(isTimeZone, 'is not a known IANA time zone'),
    gridMinutes: z.int().min(1).max(DAY_MINUTES),
    hours: weeklyHours,
    closed: z.array(localDate).default([]),
    extraHours,
    closures: instantRanges,
  }),
  providers: z.array(provider).default([]),
  rooms: z.array(room).default([]),
  devices: z.array(device).default([]),
  busy: z
    .array(z.object({ resource: id, from: instant, to: instant }))
    .readonly()
    .default([]),
  patient: patient.prefault({}),
  protocols: z.record(id, protocol),
  spacing: z.array(z.object({ from: id, to: id, minDays: days })).default([]),
  course: z.object({
    items: z
      .array(z.object({ protocolId: id, sessions: z.int().min(1).max(24) }))
      .min(1)
      .max(24),
  }),
  fixed: z.array(fixedSession).default([]),
  /** The local date by which every planned session has healed: the course is then planned back from it, not forward from today. */
  bestOn: localDate.optional(),
  /** The items that end as near to that date as they can; all when left out. */
  bestItems: z.array(z.int().min(0)).min(1).optional(),
  notBefore: instant,
  horizonDays: z.int().min(1).max(LONGEST_HORIZON_DAYS),
});

/** What a caller may write: lists can be left out. */
export type PlanRequestInput = z.input<typeof planRequest>;
/** A request that was read and does not contradict itself; every list is there. */
export type PlanRequest = z.output<typeof planRequest>;
export type Protocol = PlanRequest['protocols'][string];
export type WeeklyHours = PlanRequest['clinic']['hours'];
/** What is needed to look for free time of one protocol: a plan request without a course and its horizon. */
export type AvailabilityRequest = Omit<PlanRequest, 'course' | 'fixed' | 'bestOn' | 'bestItems' | 'notBefore' | 'horizonDays'>;

/**
 * Reads a plan request (public contract, section 7). Unknown fields are tolerated.
 * @throws Rejected `invalid_request` naming the faulty field, when it cannot be read or contradicts itself
 */
export function parsePlanRequest(input: unknown): PlanRequest {
  const parsed = planRequest.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(issue?.path ?? [], issue?.message ?? 'cannot be read');
  }
  for (const { path, message } of contradictions(parsed.data)) throw invalid(path, message);
  return parsed.data;
}

function invalid(path: readonly PropertyKey[], message: string): Rejected {
  const field = fieldName(path);
  return new Rejected('invalid_request', `${field}: ${message}`, { path: field });
}

function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return name.replace(/^\./, '') || 'request';
}

function isOurTime(text: string): boolean {
  return text >= '1900' && text < '2200';
}

const knownTimeZones = new Set<string>();

function isTimeZone(name: string): boolean {
  // Asking costs a millisecond, more than planning a course, and a clinic has the same zone every time.
  if (knownTimeZones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    knownTimeZones.add(name);
    return true;
  } catch {
    return false;
  }
}
