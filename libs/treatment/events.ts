import { z } from 'zod';
import type { JsonObject } from '#platform';

/*
 * What happens on `course/{courseId}`. Everything a ledger or a screen needs stands in the event: resources, turnover,
 * spacing and the reasons, so that a read model built again needs neither the clinic's settings nor the catalogue of then.
 */

const instant = z.iso.datetime();
const localDate = z.iso.date();
const days = z.int().min(0);

export const becauseSchema = z.object({ constraint: z.string(), detail: z.string() });
export const itemSchema = z.object({
  item: z.int(),
  protocolId: z.string(),
  protocolVersion: z.int(),
  sessions: z.int(),
  area: z.string().optional(),
});
export const blackoutSchema = z.object({
  protocolId: z.string(),
  /** Null: since ever. */
  from: instant.nullable(),
  until: instant,
  constraint: z.string(),
  detail: z.string(),
});

const course = z.object({ courseId: z.string(), patientId: z.string() });
const plan = course.extend({ consultationId: z.string(), planId: z.string(), locationId: z.string(), items: z.array(itemSchema) });
const session = course.extend({ sessionId: z.string() });

export const bookingSchema = session.extend({
  item: z.int(),
  number: z.int(),
  protocolId: z.string(),
  protocolVersion: z.int(),
  start: instant,
  end: instant,
  turnoverMinutes: z.int(),
  /** The session's parts and what each of them holds; without them it holds everything from beginning to end. */
  segments: z.array(z.object({ minutes: z.int(), holds: z.array(z.enum(['provider', 'room', 'device'])) })).optional(),
  timeZone: z.string(),
  locationId: z.string(),
  providerId: z.string(),
  roomId: z.string(),
  deviceId: z.string().nullable(),
  earliest: instant,
  latest: instant.nullable(),
  because: z.array(becauseSchema),
  /** Days that must pass before a treatment by each protocol named here; its own is the minimal interval. */
  spacing: z.record(z.string(), days),
});
/** A booking that is kept for the patient until somebody decides, or until an instant. */
export const heldSchema = bookingSchema.extend({
  holdId: z.string(),
  until: instant,
  /** What is to be decided: a proposal of schedules, the patient's wish for that time, or an earlier time that came free. */
  reason: z.enum(['proposal', 'request', 'offer']),
  by: z.string(),
  /** Of an offer: why this patient is asked first. */
  why: z.string().optional(),
});
/** What became free. */
const slotSchema = bookingSchema.pick({ start: true, end: true, turnoverMinutes: true, timeZone: true, locationId: true, providerId: true });
export const wishSchema = z.object({ start: instant, timeZone: z.string() });
/** A named person let a session stand where `constraints` forbid it; `waives` names whose shadow over which lane on which day. */
export const overrideSchema = z.object({
  by: z.string(),
  reason: z.string(),
  constraints: z.array(becauseSchema),
  waives: z.array(z.object({ source: z.string(), lane: z.string(), on: localDate })),
});
export const proposalSchema = z.object({
  proposalId: z.string(),
  cost: z.number(),
  optimal: z.boolean(),
  explanation: z.array(z.string()),
  sessions: z.array(bookingSchema),
});

const schemas = {
  'course.opened.v1': plan,
  'course.plan-replaced.v1': plan,
  'course.unschedulable.v1': course.extend({
    because: z.array(becauseSchema),
    relaxations: z.array(z.object({ constraint: z.string(), change: z.string(), cost: z.number() })),
  }),
  'course.blackouts-set.v1': course.extend({ blackouts: z.array(blackoutSchema) }),
  'course.schedules-proposed.v1': course.extend({ proposals: z.array(proposalSchema) }),
  'course.closed.v1': course.extend({ reason: z.string() }),
  'session.booked.v1': bookingSchema,
  'session.held.v1': heldSchema,
  /** The slot is free again; what it was is said, so that it can be offered on. */
  'session.slot-released.v1': session.extend({
    holdId: z.string(),
    reason: heldSchema.shape.reason,
    why: z.enum(['expired', 'released', 'declined', 'overtaken']),
    by: z.string(),
    ...slotSchema.shape,
  }),
  /** The patient waits for an earlier time, or for any; `windows` are the hours at which they could come. */
  'session.waitlisted.v1': session.extend({
    since: instant,
    wish: z.enum(['earlier', 'any']),
    windows: z.array(z.object({ weekday: z.int().min(1).max(7), from: z.string(), to: z.string() })),
    by: z.string(),
  }),
  'session.waitlist-left.v1': session.extend({ by: z.string() }),
  'session.rescheduled.v1': bookingSchema.extend({
    previousStart: instant,
    by: z.string(),
    reason: z.string(),
    override: overrideSchema.optional(),
    freed: slotSchema.optional(),
  }),
  'session.confirmed.v1': session.extend({ by: z.string() }),
  /** `wish`: the time that the patient chose, kept for them meanwhile. */
  'session.reschedule-requested.v1': session.extend({ by: z.string(), wish: wishSchema.optional() }),
  'session.arrived.v1': session,
  'session.completed.v1': session.extend({
    protocolId: z.string(),
    protocolVersion: z.int(),
    completedAt: instant,
    on: localDate,
    timeZone: z.string(),
    /** It was begun and not finished; what was given counts for every interval as a whole one does. */
    cutShort: z.literal(true).optional(),
  }),
  'session.no-show.v1': session,
  'session.cancelled.v1': session.extend({ by: z.string(), reason: z.string(), freed: slotSchema.optional() }),
  'session.put-on-hold.v1': session.extend({ gate: z.string(), why: z.string() }),
  'session.released.v1': session.extend({ gate: z.string(), by: z.string() }),
  /** The longest recommended interval will be over before the next session: a deadline for the desk, not a wall. */
  'session.interval-exceeded.v1': session.extend({ latest: instant }),
  'session.adverse-reaction-recorded.v1': session.extend({
    codes: z.array(z.string()),
    severity: z.enum(['mild', 'moderate', 'severe']),
    note: z.string().optional(),
  }),
} as const;

type Schemas = typeof schemas;
export type TreatmentEventType = keyof Schemas;
export type TreatmentEvent = { [T in TreatmentEventType]: { readonly type: T; readonly data: z.output<Schemas[T]> } }[TreatmentEventType];

export type Because = z.output<typeof becauseSchema>;
export type CourseItem = z.output<typeof itemSchema>;
export type Blackout = z.output<typeof blackoutSchema>;
export type Booking = z.output<typeof bookingSchema>;
export type Held = Pick<z.output<typeof heldSchema>, 'holdId' | 'until' | 'reason'> & { readonly slot: Booking };
export type Slot = z.output<typeof slotSchema>;
export type Wish = z.output<typeof wishSchema>;
export type Override = z.output<typeof overrideSchema>;
export type Proposal = z.output<typeof proposalSchema>;

export const treatmentEventTypes = Object.keys(schemas) as TreatmentEventType[];
export const courseStream = (courseId: string): string => `course/${courseId}`;

const isTreatmentType = (type: string): type is TreatmentEventType => type in schemas;

/** An event of the log as one of this slice's, checked; null when it is another slice's. */
export function readTreatmentEvent({ type, data }: { readonly type: string; readonly data: JsonObject }): TreatmentEvent | null {
  if (!isTreatmentType(type)) return null;
  return { type, data: schemas[type].parse(data) } as TreatmentEvent;
}
