import { createHmac } from 'node:crypto';
import type { RecordedEvent } from '#event-store';

/** Families of events that one may be told of, by the first part of their types. */
export const families = ['consultation', 'patient', 'course', 'session', 'outreach', 'message', 'reply', 'conversation', 'task'] as const;
const known = new RegExp(`^(${families.join('|')})\\.(\\*|[a-z-]+\\.v\\d+)$`);

/** Whether a subscription may name it: one type with its version, or a family such as `session.*`. */
export const isOffered = (pattern: string): boolean => known.test(pattern);

/** Whether a subscription to these types is told of an event. */
export const isWanted = (patterns: readonly string[], type: string): boolean =>
  patterns.some((pattern) => pattern === type || pattern === `${type.split('.')[0]}.*`);

/** What a notice may hold besides its type and time: names of things, by which the receiver asks for what it may see (invariant 11). */
const ids = ['patientId', 'consultationId', 'courseId', 'sessionId', 'planId', 'outreachId', 'conversationId', 'messageId', 'taskId', 'staffId'] as const;

/** An event as it is told: a CloudEvent of ids alone. */
export function noticeOf({ id, type, occurredAt, data, patientId }: RecordedEvent): string {
  const named = ids.flatMap((name) => (typeof data[name] === 'string' ? [[name, data[name]] as const] : []));
  const about = { ...(patientId === null ? {} : { patientId }), ...Object.fromEntries(named) };
  const [family] = type.split('.');
  const subject = data[`${family}Id`] ?? Object.values(about)[0] ?? id;
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: 'afterglow',
    type,
    subject,
    time: occurredAt.toISOString(),
    datacontenttype: 'application/json',
    data: about,
  });
}

/**
 * Headers by which the receiver knows a notice for ours and for fresh, as Standard Webhooks has them: HMAC-SHA256 over
 * `id.timestamp.body` with the subscription's secret. `id` stays through repetitions.
 */
export function signed(secret: Uint8Array, { id, at, body }: { readonly id: string; readonly at: Date; readonly body: string }): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
