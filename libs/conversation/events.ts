import { z } from 'zod';
import type { NewEvent, RecordedEvent } from '#event-store';
import { deterministicId, type JsonObject } from '#platform';
import { urgencies } from './triage/index.js';

/*
 * What happens on `conversation/{id}` and `task/{id}`, and what of the other slices' events matters here. Addresses, texts
 * and photos stand in the personal part of an event and are sealed; everything else is ids, codes and times.
 */

const instant = z.iso.datetime();
const urgency = z.enum(urgencies);
const media = z.array(z.looseObject({ url: z.string(), contentType: z.string().optional() }));

const checkIn = z.object({
  outreachId: z.string(),
  question: z.enum(['confirm', 'check-in', 'satisfaction', 'offer']),
  sessionId: z.string(),
  protocolId: z.string().nullable(),
  day: z.number().int().nullable(),
});
const triage = z.object({ urgency, codes: z.array(z.string()), rules: z.array(z.string()) });
const rung = z.object({ afterMinutes: z.number().int().min(0), role: z.string(), channels: z.array(z.enum(['sms', 'email'])) });
const page = z.object({ staffId: z.string(), channel: z.enum(['sms', 'email']) });

const schemas = {
  'message.received.v1': z.looseObject({
    messageId: z.uuid(),
    conversationId: z.string(),
    patientId: z.string().nullable(),
    /** Everybody who is reached at that address. */
    patientIds: z.array(z.string()),
    channel: z.enum(['sms', 'email', 'web']),
    providerMessageId: z.string(),
    /** Named by the way it came in (a page behind a link), not found by time. */
    outreachId: z.string().optional(),
    from: z.string().optional(),
    body: z.string().optional(),
    media: media.optional(),
  }),
  'message.answered.v1': z.looseObject({
    messageId: z.uuid(),
    conversationId: z.string(),
    channel: z.enum(['sms', 'email']),
    author: z.string(),
    outreachId: z.string().optional(),
    replyTo: z.string().optional(),
    body: z.string().optional(),
  }),
  'reply.triaged.v1': z.looseObject({
    messageId: z.uuid(),
    conversationId: z.string(),
    ...triage.shape,
    by: z.string(),
    /** Why a person judged it less urgent; in words, so it may say something of the patient. */
    reason: z.string().optional(),
    /** Version of the rules and the lexicon that judged (invariant 14). */
    rulesVersion: z.number().int().optional(),
    questions: z.array(checkIn).default([]),
    ambiguous: z.boolean().default(false),
    wish: z.enum(['stop', 'start', 'help']).nullable().default(null),
    channel: z.string().optional(),
    /** A clarifying question went out: until then it should be answered. */
    answerDueAt: instant.nullable().default(null),
    /** By when a person should have answered the patient; null when nobody is asked for. */
    answerBy: instant.nullable().default(null),
  }),
  /** Nobody answered the patient by then. */
  'answer.overdue.v1': z.looseObject({ messageId: z.uuid(), conversationId: z.string(), urgency, answerBy: instant }),
  /** How happy the patient is: ids and a number, so that what patients think of us outlasts any one of them. */
  'satisfaction.answered.v1': z.looseObject({
    messageId: z.uuid(),
    conversationId: z.string(),
    patientId: z.string(),
    outreachId: z.string(),
    sessionId: z.string(),
    protocolId: z.string().nullable(),
    score: z.int().min(1).max(5),
  }),
  /** The patient's why stands in that message. */
  'satisfaction.explained.v1': z.looseObject({ messageId: z.uuid(), conversationId: z.string(), patientId: z.string(), outreachId: z.string() }),
  'clarification.unanswered.v1': z.looseObject({ messageId: z.uuid(), conversationId: z.string() }),
  'conversation.resolved.v1': z.looseObject({ conversationId: z.string(), by: z.string() }),
  'conversation.assigned.v1': z.looseObject({ conversationId: z.string(), assignee: z.string().nullable(), by: z.string() }),
  'task.opened.v1': z.looseObject({
    taskId: z.string(),
    kind: z.string(),
    why: z.string().default(''),
    dueAt: instant,
    role: z.string().nullish(),
    assignee: z.string().nullish(),
    urgency: urgency.nullish(),
    patientId: z.string().nullish(),
    sessionId: z.string().nullish(),
    courseId: z.string().nullish(),
    outreachId: z.string().nullish(),
    conversationId: z.string().nullish(),
    messageId: z.string().nullish(),
    ladder: z.array(rung).default([]),
  }),
  /** `answerBy`: someone has the patient's message now, and until then to answer it. */
  'task.acknowledged.v1': z.looseObject({ taskId: z.string(), by: z.string(), answerBy: instant.nullish() }),
  'task.completed.v1': z.looseObject({ taskId: z.string(), by: z.string() }),
  'task.escalated.v1': z.looseObject({
    taskId: z.string(),
    rung: z.number().int(),
    attempt: z.number().int(),
    pages: z.array(page),
    nextAttemptAt: instant.nullable(),
  }),
  /** It was not done in time: who is told of it, on which day and when, and when it climbs on. */
  'task.overdue.v1': z.looseObject({
    taskId: z.string(),
    climb: z.int(),
    told: z.array(z.object({ staffId: z.string(), on: z.iso.date(), at: instant })),
    nextAt: instant.nullable(),
  }),
  /** The one reminder of a person's day goes out, for these tasks; or there is nothing left to remind of. */
  'staff.reminded.v1': z.looseObject({ staffId: z.string(), on: z.iso.date(), channel: z.enum(['sms', 'email']), taskIds: z.array(z.string()) }),
  'staff-reminder.dropped.v1': z.looseObject({ staffId: z.string(), on: z.iso.date() }),
  /** A page that its channel refused, lost, or could not prove: the other channel and the next rung take over at once. */
  'page.failed.v1': z.looseObject({
    taskId: z.string(),
    outreachId: z.string(),
    rung: z.number().int(),
    attempt: z.number().int(),
    ...page.shape,
    why: z.string(),
    /** The rung whose turn came early because of it. */
    hurries: z.number().int().nullable(),
  }),
  /** Not to be seen before then, unless the patient writes; `until` null: now. */
  'conversation.snoozed.v1': z.looseObject({ conversationId: z.string(), until: instant.nullable(), by: z.string() }),
  /** The time until which it was put off has come. */
  'conversation.woken.v1': z.looseObject({ conversationId: z.string() }),
  // Other slices' events, as far as they matter here.
  'outreach.attempted.v1': z.looseObject({ outreachId: z.string(), attemptId: z.string(), body: z.string().optional(), subject: z.string().optional() }),
  'outreach.sent.v1': z.looseObject({
    outreachId: z.string(),
    patientId: z.string().nullish(),
    channel: z.string(),
    sentAt: instant,
    sessionId: z.string().nullish(),
    question: z.enum(['confirm', 'check-in', 'satisfaction', 'offer']).nullish(),
    protocolId: z.string().nullish(),
    day: z.number().int().nullish(),
    conversationId: z.string().nullish(),
    staffId: z.string().nullish(),
    touchpoint: z.string().nullish(),
    category: z.string().nullish(),
    /** The attempt that left, when it is not the last one. */
    attemptId: z.string().nullish(),
  }),
  'outreach.failed.v1': z.looseObject({ outreachId: z.string() }),
  'session.booked.v1': z.looseObject({ sessionId: z.string(), patientId: z.string(), start: instant }),
  'session.held.v1': z.looseObject({ sessionId: z.string(), reason: z.string() }),
  'session.rescheduled.v1': z.looseObject({ sessionId: z.string(), patientId: z.string(), start: instant, previousStart: instant.optional() }),
  'session.completed.v1': z.looseObject({ sessionId: z.string(), patientId: z.string(), protocolId: z.string(), on: z.iso.date(), timeZone: z.string() }),
  'session.cancelled.v1': z.looseObject({ sessionId: z.string() }),
  'session.no-show.v1': z.looseObject({ sessionId: z.string() }),
  'patient.contact-consent-changed.v1': z.looseObject({ patientId: z.string(), channel: z.string(), scope: z.string(), granted: z.boolean() }),
  'patient.erased.v1': z.looseObject({ patientId: z.string() }),
} as const;

type Schemas = typeof schemas;
export type ConversationEventType = keyof Schemas;
export type ConversationEvent = { [T in ConversationEventType]: { readonly type: T; readonly data: z.output<Schemas[T]> } }[ConversationEventType];
export type DataOf<T extends ConversationEventType> = z.output<Schemas[T]>;
export type CheckIn = z.output<typeof checkIn>;
export type Rung = z.output<typeof rung>;
export type Page = z.output<typeof page>;
export type MessageReceived = DataOf<'message.received.v1'>;

export const conversationEventTypes = Object.keys(schemas) as ConversationEventType[];
export const conversationStream = (conversationId: string): string => `conversation/${conversationId}`;
export const taskStream = (taskId: string): string => `task/${taskId}`;
export const staffStream = (staffId: string): string => `staff/${staffId}`;

const isOwn = (type: string): type is ConversationEventType => type in schemas;

/** An event of the log, checked, when it matters to conversations and tasks; null otherwise. */
export function readConversationEvent({ type, data }: Pick<RecordedEvent, 'type' | 'data'>): ConversationEvent | null {
  return isOwn(type) ? ({ type, data: schemas[type].parse(data) } as ConversationEvent) : null;
}

/** An event to append, checked before it is. The id comes from what makes it the same one, so that a repetition is recognised. */
export function conversationEvent<T extends ConversationEventType>(
  type: T,
  identity: readonly (string | number)[],
  data: z.input<Schemas[T]>,
  more: Omit<NewEvent, 'id' | 'type' | 'data'>,
): NewEvent {
  schemas[type].parse({ ...data, ...more.personal });
  return { ...more, id: deterministicId(type, ...identity), type, data: data as JsonObject };
}
