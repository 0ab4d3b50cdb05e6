import { z } from 'zod';
import { templateKeys } from '#messaging';
import type { JsonObject } from '#platform';

/*
 * What happens on `outreach/{patientId}` (of a stranger or a member of staff: their conversation or staff id). The ledger is
 * folded from these events and from nothing else, so that it can be built again. No personal data: text and address are
 * made anew at every attempt.
 */

const instant = z.iso.datetime();
const text = z.string();

export const channelSchema = z.enum(['sms', 'email', 'call']);
export const categorySchema = z.enum(['safety', 'preparation', 'reminder', 'survey', 'answer', 'message', 'page']);
const questionSchema = z.enum(['confirm', 'check-in', 'satisfaction', 'offer']).nullable();

/** What a text is made of: instants, codes, ids. */
export const localsSchema = z.object({
  /** Start of the session that is spoken of, and its zone and place. */
  start: instant.optional(),
  timeZone: text.optional(),
  locationId: text.optional(),
  /** Starts of all visits of a course, where a text lists them. */
  visits: z.array(instant).optional(),
  /** Occasions of other sessions of the same visit that the message speaks for. */
  covers: z.array(text).optional(),
  /** Codes of what to leave off. */
  avoid: z.array(text).optional(),
  /** The last instant for what the text asks for. */
  by: instant.optional(),
  /** Of a check-in and of care at home: the protocol whose calendar asks, and the day after treatment. */
  protocolId: text.optional(),
  day: z.int().optional(),
  /** Of a page: how urgent, and the member of staff who is paged. */
  urgency: text.optional(),
  /** Of a page: which rung of the ladder, and which turn of it. */
  rung: z.int().optional(),
  attempt: z.int().optional(),
  language: text.optional(),
  /** Of what a person wrote: the message of the conversation that holds the sealed text. */
  messageId: text.optional(),
});

const subject = z.object({
  patientId: text.nullable(),
  staffId: text.optional(),
  conversationId: text.optional(),
  taskId: text.optional(),
  consultationId: text.optional(),
  courseId: text.optional(),
  sessionId: text.optional(),
});
const one = z.object({ outreachId: z.uuid() });
const content = z.object({
  key: text,
  occasion: text,
  template: z.enum(templateKeys),
  locals: localsSchema,
  question: questionSchema,
  targetAt: instant.nullable(),
  dueAt: instant,
  expiresAt: instant,
  because: text,
});
const about = one.extend(subject.shape).extend({ touchpoint: text, channel: channelSchema, category: categorySchema });
/** An end that needs a person; `reason` is the channel's, when it gave one. `visitAt`: start of the visit that it spoke of, before which somebody calls. */
const unhappyEnd = about.extend({ why: text, reason: text.optional(), code: text.optional(), visitAt: instant.optional() });

const schemas = {
  'outreach.planned.v1': about.extend(content.shape),
  'outreach.moved.v1': one.extend(content.shape),
  /** `account`: the channel that refuses us and not the message, for somebody to set right. */
  'outreach.deferred.v1': one.extend({ until: instant, why: text, account: channelSchema.optional() }),
  /** `by`: the person who called it off; the plan does not bring it back. */
  'outreach.cancelled.v1': one.extend({ why: text, by: text.optional() }),
  /** A person holds it back; until then it waits, and then it ends as missed. */
  'outreach.held.v1': one.extend({ by: text, reason: text }),
  'outreach.released.v1': one.extend({ by: text, dueAt: instant }),
  /** A person lets it go at once, in place of its own time. */
  'outreach.hastened.v1': one.extend({ by: text, dueAt: instant, expiresAt: instant }),
  /** `textVersion`: version of the approved text that the message was made of. */
  'outreach.attempted.v1': one.extend({ attemptId: z.uuid(), at: instant, leaseUntil: instant, textVersion: z.int().optional() }),
  'outreach.sent.v1': about.extend({
    providerMessageId: text,
    sentAt: instant,
    /** The attempt that is proved, where it is not the last one. */
    attemptId: z.uuid().optional(),
    /** The end without proof that this takes back: what seemed lost had left. */
    corrects: z.enum(['unproven', 'failed', 'missed', 'cancelled']).optional(),
    /** Version of the approved texts that it was made of. */
    textVersion: z.int().optional(),
    question: questionSchema,
    protocolId: text.optional(),
    day: z.int().optional(),
  }),
  /** `corrects`: the carrier had said before that it could not deliver it. */
  'outreach.delivered.v1': one.extend({ corrects: z.literal('failed').optional() }),
  /** A second attempt of the same message reached the carrier as well, although its list had not shown the first. */
  'outreach.copied.v1': about.extend({ attemptId: z.uuid(), providerMessageId: text, why: text }),
  'outreach.in-doubt.v1': one.extend({ until: instant, why: text }),
  'outreach.unproven.v1': unhappyEnd,
  /** `instead`: the channel that takes over what the carrier had accepted and could not deliver. */
  'outreach.failed.v1': unhappyEnd.extend({ instead: z.enum(['sms', 'email']).optional() }),
  'outreach.missed.v1': unhappyEnd,
} as const;

type Schemas = typeof schemas;
export type OutreachEventType = keyof Schemas;
export type OutreachEvent = { [T in OutreachEventType]: { readonly type: T; readonly data: z.output<Schemas[T]> } }[OutreachEventType];
export type OutreachEventOf<T extends OutreachEventType> = Extract<OutreachEvent, { readonly type: T }>;

export type OutreachChannel = z.output<typeof channelSchema>;
export type Category = z.output<typeof categorySchema>;
export type Question = z.output<typeof questionSchema>;
export type Locals = z.output<typeof localsSchema>;
export type Subject = z.output<typeof subject>;
export type Content = z.output<typeof content>;
/** Whom and what a row is about: what every end of it repeats, so that a policy needs no look-up. */
export type About = z.output<typeof about>;

export const outreachEventTypes = Object.keys(schemas) as OutreachEventType[];

const isOutreachType = (type: string): type is OutreachEventType => type in schemas;

/** An event of the log as one of the outreach's, checked; null when it is another slice's. */
export function readOutreachEvent({ type, data }: { readonly type: string; readonly data: JsonObject }): OutreachEvent | null {
  return isOutreachType(type) ? ({ type, data: schemas[type].parse(data) } as OutreachEvent) : null;
}
