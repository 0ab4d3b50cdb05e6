import { consultationEventTypes } from '#consultation';
import type { RecordedEvent } from '#event-store';
import { patientEventTypes } from '#patient';
import { deterministicId } from '#platform';
import { treatmentEventTypes } from '#treatment';
import { type OutreachEvent, type OutreachEventOf, readOutreachEvent } from './events.js';

/** What another slice must do because a message did not reach its end well. */
export type OutreachEffect =
  | OpenTask
  | { readonly effect: 'withdraw-consent'; readonly patientId: string; readonly channel: 'sms' | 'email'; readonly cause: string }
  | { readonly effect: 'suppress-address'; readonly patientId: string; readonly channel: 'sms' | 'email'; readonly cause: string };

/** Something a person must do. The same event always asks for the same task. */
export interface OpenTask {
  readonly effect: 'open-task';
  readonly taskId: string;
  /** `call` the patient; `review` what the channel refused. */
  readonly kind: 'call' | 'review';
  readonly why: string;
  readonly outreachId: string;
  readonly patientId?: string;
  readonly sessionId?: string;
  readonly courseId?: string;
  readonly conversationId?: string;
  /** Instant by which it should be done. */
  readonly dueAt: string;
}

type Unhappy = OutreachEventOf<'outreach.missed.v1' | 'outreach.failed.v1' | 'outreach.unproven.v1'>;
const isUnhappy = (event: OutreachEvent): event is Unhappy =>
  event.type === 'outreach.missed.v1' || event.type === 'outreach.failed.v1' || event.type === 'outreach.unproven.v1';

const hourMillis = 3_600_000;
/** A check-in that did not arrive is a patient nobody has asked: the same day. */
const callHours = { safety: 4, reminder: 8, preparation: 8 } as const;
const reviewHours = 24;

function taskFor({ type, data }: Unhappy, at: Date): OpenTask {
  const { outreachId, category, touchpoint, patientId, sessionId, courseId, conversationId, why } = data;
  const mustCall = patientId !== null && (category === 'safety' || category === 'reminder' || category === 'preparation');
  const ended = type === 'outreach.missed.v1' ? 'was not sent' : type === 'outreach.failed.v1' ? 'failed' : 'may not have arrived';
  return {
    effect: 'open-task',
    taskId: deterministicId('task', 'outreach', outreachId),
    kind: mustCall ? 'call' : 'review',
    why: `${touchpoint} ${ended}: ${why}`,
    outreachId,
    ...(patientId === null ? {} : { patientId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(courseId === undefined ? {} : { courseId }),
    ...(conversationId === undefined ? {} : { conversationId }),
    dueAt: new Date(at.getTime() + (mustCall ? callHours[category] : reviewHours) * hourMillis).toISOString(),
  };
}

/** What a refusal says of the address itself: its owner has opted out (invariant 7), or the mailbox does not exist. */
function wordOnAddress({ type, data }: Unhappy, cause: string): OutreachEffect[] {
  const { patientId, channel, reason } = data;
  if (type !== 'outreach.failed.v1' || patientId === null || channel === 'call') return [];
  if (reason === 'opted-out') return [{ effect: 'withdraw-consent', patientId, channel, cause }];
  return reason === 'bad-address' && channel === 'email' ? [{ effect: 'suppress-address', patientId, channel, cause }] : [];
}

/** What follows from an end that needs a person (invariant 5), and from what the other side says of an address. */
export function effectsAfter(event: RecordedEvent): OutreachEffect[] {
  const own = readOutreachEvent(event);
  return own === null || !isUnhappy(own) ? [] : [taskFor(own, event.occurredAt), ...wordOnAddress(own, event.id)];
}

/** Events after which a patient's touchpoints are planned again. */
export const replanTypes: readonly string[] = [...treatmentEventTypes, ...patientEventTypes, ...consultationEventTypes, 'patient.erased.v1'];
