import { consultationEventTypes } from '#consultation';
import type { RecordedEvent } from '#event-store';
import { patientEventTypes } from '#patient';
import { deterministicId } from '#platform';
import { treatmentEventTypes } from '#treatment';
import { type About, type OutreachEvent, type OutreachEventOf, readOutreachEvent } from './events.js';

/** What another slice must do because a message did not reach its end well. */
export type OutreachEffect =
  | OpenTask
  /** What the task was for has turned out well: nobody has to act any more. */
  | { readonly effect: 'complete-task'; readonly taskId: string }
  | WordOnAddress;

/** The other side says something of the address that a message went to, which is not always the patient's present one. */
export interface WordOnAddress {
  readonly effect: 'withdraw-consent' | 'suppress-address';
  readonly patientId: string;
  readonly channel: 'sms' | 'email';
  /** The message whose last attempt it was. */
  readonly outreachId: string;
  readonly cause: string;
}

/** Something a person must do. The same event always asks for the same task. */
export interface OpenTask {
  readonly effect: 'open-task';
  readonly taskId: string;
  /** `call` the patient; `review` what the channel refused. */
  readonly kind: 'call' | 'review';
  readonly why: string;
  readonly outreachId?: string;
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
const accountHours = 1;

/** Whoever calls about a visit calls an hour before it at the latest, and at once when it is nearer than that. */
const beforeVisitHours = 1;

/** An end has its task; one that follows another end (sent after all, and then not delivered) has one of its own. */
const taskIdOf = (outreachId: string, type: Unhappy['type']): string =>
  type === 'outreach.failed.v1' ? deterministicId('task', 'outreach', outreachId, 'failed') : deterministicId('task', 'outreach', outreachId);

const subjectOf = ({ outreachId, patientId, sessionId, courseId, conversationId }: About) => ({
  outreachId,
  ...(patientId === null ? {} : { patientId }),
  ...(sessionId === undefined ? {} : { sessionId }),
  ...(courseId === undefined ? {} : { courseId }),
  ...(conversationId === undefined ? {} : { conversationId }),
});

const after = (at: Date, hours: number) => new Date(at.getTime() + hours * hourMillis).toISOString();

function callBy(at: Date, hours: number, visitAt: string | undefined): string {
  const [usual, now] = [after(at, hours), at.toISOString()];
  if (visitAt === undefined || visitAt <= now) return usual;
  const latest = after(new Date(visitAt), -beforeVisitHours);
  return latest < now ? now : latest < usual ? latest : usual;
}

function taskFor({ type, data }: Unhappy, at: Date): OpenTask {
  const { outreachId, category, touchpoint, patientId, why, visitAt } = data;
  // Carried by the other channel, it needs nobody to call; that this one does not work is for someone to look at.
  const instead = 'instead' in data ? data.instead : undefined;
  const mustCall = instead === undefined && patientId !== null && (category === 'safety' || category === 'reminder' || category === 'preparation');
  const ended = type === 'outreach.missed.v1' ? 'was not sent' : type === 'outreach.failed.v1' ? 'failed' : 'may not have arrived';
  const other = instead === undefined ? '' : `; it goes by ${instead === 'email' ? 'e-mail' : 'text message'}`;
  return {
    effect: 'open-task',
    taskId: taskIdOf(outreachId, type),
    kind: mustCall ? 'call' : 'review',
    why: `${touchpoint} ${ended}: ${why}${other}`,
    ...subjectOf(data),
    dueAt: mustCall ? callBy(at, callHours[category], visitAt) : after(at, reviewHours),
  };
}

/** Something went out that no one expects: a person decides what to tell the patient. */
const surprise = (about: About, what: string, at: Date, ...key: readonly string[]): OpenTask => ({
  effect: 'open-task',
  taskId: deterministicId('task', 'outreach', about.outreachId, ...key),
  kind: 'review',
  why: `${about.touchpoint} ${what}`,
  ...subjectOf(about),
  dueAt: after(at, reviewHours),
});

/** A message counts as handed over and is not in the carrier's list. One that asks how a patient is has asked nobody: that is a call. */
export function unlistedTask(row: About, at: Date): OpenTask {
  const task = surprise(row, "counts as sent, and the carrier's list does not have it", at, 'unlisted');
  return row.category === 'safety' && row.patientId !== null ? { ...task, kind: 'call', dueAt: after(at, callHours.safety) } : task;
}

/** The carrier has a message of ours that no row of the ledger knows. */
export const strangerTask = (providerMessageId: string, sentAt: Date, at: Date): OpenTask => ({
  effect: 'open-task',
  taskId: deterministicId('task', 'carrier-message', providerMessageId),
  kind: 'review',
  why: `the carrier has the message ${providerMessageId} of ${sentAt.toISOString()}, which no row of the ledger knows: look it up there`,
  dueAt: after(at, reviewHours),
});

/** What follows from proof that came after an end without it: the task of that end is done, or what was called off went out. */
function afterProof({ data }: OutreachEventOf<'outreach.sent.v1'>, at: Date): OutreachEffect[] {
  const { outreachId, corrects } = data;
  switch (corrects) {
    case undefined:
      return [];
    case 'cancelled':
      return [surprise(data, 'had been called off and went out all the same', at, 'went-out')];
    case 'failed':
      return [{ effect: 'complete-task', taskId: taskIdOf(outreachId, 'outreach.failed.v1') }];
    default:
      return [{ effect: 'complete-task', taskId: taskIdOf(outreachId, `outreach.${corrects}.v1`) }];
  }
}

/** Codes by which the carrier says that a number can never get a text: it is none, or no mobile. Others may pass (30005: a phone that is off). */
const neverANumber: readonly string[] = ['21211', '21614'];

/** What a refusal says of the address itself: its owner has opted out (invariant 7), or nobody is there. Pages go to staff. */
function wordOnAddress({ type, data }: Unhappy, cause: string): WordOnAddress[] {
  const { outreachId, patientId, channel, category, reason, code = '' } = data;
  if (type !== 'outreach.failed.v1' || patientId === null || channel === 'call' || category === 'page') return [];
  const word = { patientId, channel, outreachId, cause };
  if (reason === 'opted-out') return [{ effect: 'withdraw-consent', ...word }];
  const isClosed = reason === 'bad-address' && (channel === 'email' || neverANumber.includes(code));
  return isClosed ? [{ effect: 'suppress-address', ...word }] : [];
}

/**
 * A page, or a reminder of overdue tasks, speaks of a task that is there already and goes on to the next person by itself: one
 * that fails opens no other, however often the ladder repeats it. But an address of staff that is wrong is for someone to mend,
 * and is said once a day.
 */
function afterPage(event: OutreachEvent, at: Date): OpenTask[] {
  if (event.type !== 'outreach.failed.v1' || event.data.reason !== 'bad-address') return [];
  const { outreachId, staffId = 'somebody', channel, why } = event.data;
  return [
    {
      effect: 'open-task',
      taskId: deterministicId('task', 'staff-address', staffId, channel, at.toISOString().slice(0, 10)),
      kind: 'review',
      why: `${staffId} cannot be paged by ${channel === 'email' ? 'e-mail' : 'text message'}: ${why}`,
      outreachId,
      dueAt: after(at, reviewHours),
    },
  ];
}

/** While a channel refuses our account nothing leaves by it: someone hears of it at the first message, once a day, and not at the last. */
const accountTask = (channel: string, why: string, at: Date): OpenTask => ({
  effect: 'open-task',
  taskId: deterministicId('task', 'account', channel, at.toISOString().slice(0, 10)),
  kind: 'review',
  why: `nothing leaves by ${channel === 'email' ? 'e-mail' : 'text message'}, our account is refused: ${why}`,
  dueAt: after(at, accountHours),
});

/** What follows from an end that needs a person (invariant 5), from its correction, and from what is said of an address. */
export function effectsAfter(event: RecordedEvent): OutreachEffect[] {
  const own = readOutreachEvent(event);
  if (own === null) return [];
  if (own.type === 'outreach.deferred.v1') return own.data.account === undefined ? [] : [accountTask(own.data.account, own.data.why, event.occurredAt)];
  if ('category' in own.data && own.data.category === 'page') return afterPage(own, event.occurredAt);
  if (isUnhappy(own)) return [taskFor(own, event.occurredAt), ...wordOnAddress(own, event.id)];
  switch (own.type) {
    case 'outreach.sent.v1':
      return afterProof(own, event.occurredAt);
    case 'outreach.delivered.v1':
      return own.data.corrects === undefined ? [] : [{ effect: 'complete-task', taskId: taskIdOf(own.data.outreachId, 'outreach.failed.v1') }];
    case 'outreach.copied.v1':
      return [surprise(own.data, `may have arrived twice: ${own.data.why}`, event.occurredAt, 'copy', own.data.providerMessageId)];
    default:
      return [];
  }
}

/** Events after which a patient's touchpoints are planned again. */
export const replanTypes: readonly string[] = [...treatmentEventTypes, ...patientEventTypes, ...consultationEventTypes, 'patient.erased.v1'];
