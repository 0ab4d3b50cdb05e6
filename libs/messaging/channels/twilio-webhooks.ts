import twilio from 'twilio';
import { z } from 'zod';
import { Rejected } from '#platform';
import { carrierError, type CarrierError } from './carrier-errors.js';

export interface InboundText {
  /** The same text may come twice: this is what tells. */
  readonly providerMessageId: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly media: readonly { readonly url: string; readonly contentType: string }[];
}

export interface StatusReport {
  readonly providerMessageId: string;
  /** From the callback's address; null when it was not ours to set. */
  readonly attemptId: string | null;
  /** Reports come in any order: a later stage is never undone by an earlier one. */
  readonly stage: 'on-its-way' | 'sent' | 'delivered' | 'not-delivered';
  /** Why it was not delivered; only then. */
  readonly error: CarrierError | null;
  /** The same report may come twice: this is what tells. */
  readonly key: string;
}

/**
 * Whether the carrier signed this call.
 * @param publicUrl the exact address that it called, query included, made of PUBLIC_URL and never of the request's headers.
 */
export function verifyTwilioSignature(authToken: string, signature: string, publicUrl: string, params: Readonly<Record<string, unknown>>): boolean {
  return signature !== '' && twilio.validateRequest(authToken, signature, publicUrl, params);
}

function parse<Schema extends z.ZodType>(schema: Schema, form: unknown): z.output<Schema> {
  const parsed = schema.safeParse(form);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Rejected('unreadable_webhook', `the form lacks a readable ${path}`, { path, status: 400 });
}

const inboundForm = z.looseObject({
  MessageSid: z.string().min(1),
  From: z.string().min(1),
  To: z.string().default(''),
  Body: z.string().default(''),
  NumMedia: z.coerce.number().int().min(0).max(10).catch(0).default(0),
});

/** A text that came in. @throws Rejected `unreadable_webhook` when sid or sender is missing. */
export function parseInbound(form: unknown): InboundText {
  const fields = parse(inboundForm, form);
  const text = (name: string) => z.string().catch('').parse(fields[name]);
  const media = Array.from({ length: fields.NumMedia }, (_, index) => ({ url: text(`MediaUrl${index}`), contentType: text(`MediaContentType${index}`) }));
  return { providerMessageId: fields.MessageSid, from: fields.From, to: fields.To, body: fields.Body, media: media.filter(({ url }) => url !== '') };
}

const statusForm = z.looseObject({
  MessageSid: z.string().min(1),
  MessageStatus: z.string().min(1),
  ErrorCode: z.coerce.number().int().positive().optional().catch(undefined),
});

const stages: Readonly<Record<string, StatusReport['stage']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'not-delivered',
  failed: 'not-delivered',
  canceled: 'not-delivered',
};

/** What the carrier says of a message, in a callback or in its list. */
export function statusReport({ sid, status, code, attemptId }: { sid: string; status: string; code: number | null; attemptId: string | null }): StatusReport {
  const stage = stages[status] ?? 'on-its-way';
  const error = stage === 'not-delivered' ? carrierError(code ?? 30008) : null;
  return { providerMessageId: sid, attemptId, stage, error, key: `${sid}/${status}/${code ?? ''}` };
}

/** A report on a message that went out. @throws Rejected `unreadable_webhook` when sid or status is missing. */
export function parseStatus(form: unknown, attemptId: string | null): StatusReport {
  const { MessageSid: sid, MessageStatus: status, ErrorCode: code = null } = parse(statusForm, form);
  return statusReport({ sid, status, code, attemptId });
}
