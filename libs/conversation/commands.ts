import type { EventStore, NewEvent } from '#event-store';
import { type Clock, deterministicId, lockInOrder, type Reader, Rejected, type Transaction } from '#platform';
import { answerBy } from './deadlines.js';
import type { NewTask } from './decider.js';
import { conversationEvent, conversationStream, taskStream } from './events.js';
import { conversation, openQuestions, openRecoveries, requireClinic, threadOfMessage } from './queries.js';
import { lockedLadder, task, type TaskRow } from './task-queries.js';

export interface ConversationContext {
  readonly store: EventStore;
  readonly clock: Clock;
}

/** A message as it reached the outside door: a text, an e-mail, or words left on the patient's own page. */
export interface InboundMessage {
  readonly channel: 'sms' | 'email' | 'web';
  readonly from: string;
  readonly body: string;
  readonly media?: readonly { readonly url: string; readonly contentType?: string }[];
  /** What it only repeats, as an e-mail does: kept with it, neither shown nor judged. */
  readonly quoted?: string;
  /** What the carrier calls it; the same id is the same message, however often it comes. */
  readonly providerMessageId: string;
  readonly receivedAt: Date;
  /** Known when it came through a patient's own link. */
  readonly patientId?: string;
  readonly outreachId?: string;
}

/** Who may be at an address: several people may share one. */
export type FindPatients = (db: Reader, address: string) => Promise<readonly string[]>;

export interface Received {
  readonly messageId: string;
  readonly conversationId: string;
  readonly patientId: string | null;
  readonly duplicate: boolean;
}

/** A number that is no patient's has a thread of its own; its id tells nothing and its texts are sealed with a key of its own. */
const contactId = (address: string) => `contact-${deterministicId('contact', address)}`;

/** Of several people at one address, the one who was asked last, else the one last treated. */
async function mostLikely(trx: Transaction, patientIds: readonly string[], at: Date): Promise<string | null> {
  if (patientIds.length <= 1) return patientIds[0] ?? null;
  const [question] = await openQuestions(trx, patientIds, at);
  if (question !== undefined) return question.patientId;
  const recoveries = await Promise.all(
    patientIds.map(async (patientId) => ({ patientId, days: (await openRecoveries(trx, [patientId], at)).map(({ day }) => day) })),
  );
  const [nearest] = recoveries.filter(({ days }) => days.length > 0).sort((a, b) => Math.min(...a.days) - Math.min(...b.days));
  return nearest?.patientId ?? patientIds[0] ?? null;
}

/**
 * Stores a message (invariant 8: before it is acknowledged; commit, then answer the carrier). The same carrier's id again
 * changes nothing and gives the first answer. What follows from it is decided by `replyPolicy`.
 */
export async function receiveMessage(trx: Transaction, { store }: ConversationContext, inbound: InboundMessage, find: FindPatients): Promise<Received> {
  const { channel, from, body, media = [], quoted = '', providerMessageId, receivedAt, outreachId } = inbound;
  const personal = { from, body, media: media.map((item) => ({ ...item })), ...(quoted === '' ? {} : { quoted }) };
  const messageId = deterministicId('message', channel, providerMessageId);
  await lockInOrder(trx, [`message/${messageId}`]);
  const before = await threadOfMessage(trx, messageId);
  if (before !== null) return { messageId, ...before, duplicate: true };
  const patientIds = inbound.patientId === undefined ? [...(await find(trx, from))] : [inbound.patientId];
  const patientId = await mostLikely(trx, patientIds, receivedAt);
  const conversationId = patientId ?? contactId(from);
  const event = conversationEvent(
    'message.received.v1',
    [messageId],
    { messageId, conversationId, patientId, patientIds, channel, providerMessageId, ...(outreachId === undefined ? {} : { outreachId }) },
    { personal, patientId: conversationId, occurredAt: receivedAt },
  );
  const [answer] = await store.append(trx, [{ stream: conversationStream(conversationId), expected: 'any', events: [event] }]);
  return { messageId, conversationId, patientId, duplicate: answer?.duplicate ?? false };
}

export const append = (trx: Transaction, { store }: ConversationContext, stream: string, ...events: NewEvent[]) =>
  store.append(trx, [{ stream, expected: 'any', events }]);

export async function existing(trx: Transaction, conversationId: string) {
  const found = await conversation(trx, conversationId);
  if (found === null) throw new Rejected('unknown_conversation', `There is no conversation ${conversationId}`, { status: 404 });
  return found;
}

export interface OutgoingMessage {
  readonly conversationId: string;
  readonly messageId: string;
  readonly channel: 'sms' | 'email';
  readonly body: string;
  /** A staff member's id, or `afterglow` for an approved template. */
  readonly author: string;
  readonly outreachId?: string;
  readonly replyTo?: string;
}

/** Shows in the thread what was said to the patient. Sending is the outreach ledger's. @throws Rejected `unknown_conversation`. */
export async function recordAnswer(trx: Transaction, context: ConversationContext, message: OutgoingMessage): Promise<void> {
  const { conversationId, messageId, channel, body, author, outreachId, replyTo } = message;
  await existing(trx, conversationId);
  const open = {
    messageId,
    conversationId,
    channel,
    author,
    ...(outreachId === undefined ? {} : { outreachId }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
  const event = conversationEvent('message.answered.v1', [messageId], open, { personal: { body }, patientId: conversationId, occurredAt: context.clock.now() });
  await append(trx, context, conversationStream(conversationId), event);
}

export const ownedBy = (patientId: string | null | undefined) => (patientId === null || patientId === undefined ? {} : { patientId });

/** Opens a task for a person; the same id again opens nothing. With a ladder, its first rung is due at once. */
export async function openTask(trx: Transaction, context: ConversationContext, { dueAt, ladder = [], ...rest }: NewTask, cause?: string): Promise<void> {
  const rungs = ladder.map(({ afterMinutes, role, channels }) => ({ afterMinutes, role, channels: [...channels] }));
  const event = conversationEvent(
    'task.opened.v1',
    [rest.taskId],
    { ...rest, dueAt: dueAt.toISOString(), ladder: rungs },
    { ...ownedBy(rest.patientId), occurredAt: context.clock.now(), ...(cause === undefined ? {} : { meta: { cause } }) },
  );
  await append(trx, context, taskStream(rest.taskId), event);
}

type TaskCommand = { readonly taskId: string; readonly by: string };

/** A task under the lock of its ladder: a rung that is being paged comes before the word that ends it, or after. */
async function lockedTask(trx: Transaction, taskId: string): Promise<TaskRow> {
  const found = await task(trx, taskId);
  if (found === null) throw new Rejected('unknown_task', `There is no task ${taskId}`, { status: 404 });
  await lockedLadder(trx, taskId);
  return found;
}

/**
 * Someone has it: paging stops, and from now on the patient's message waits for that one's answer. A second acknowledgement
 * changes nothing. @throws Rejected `unknown_task`.
 */
export async function acknowledgeTask(trx: Transaction, context: ConversationContext, { taskId, by }: TaskCommand): Promise<void> {
  const { patientId, kind, messageId, urgency } = await lockedTask(trx, taskId);
  const now = context.clock.now();
  const waits = kind === 'escalation' && messageId !== null;
  const until = waits ? answerBy(await requireClinic(trx), urgency ?? 'urgent', now).toISOString() : null;
  const data = { taskId, by, ...(until === null ? {} : { answerBy: until }) };
  const event = conversationEvent('task.acknowledged.v1', [taskId], data, { ...ownedBy(patientId), occurredAt: now, meta: { actor: by } });
  await append(trx, context, taskStream(taskId), event);
}

/** It is done; paging stops too. A second completion changes nothing. @throws Rejected `unknown_task`. */
export async function completeTask(trx: Transaction, context: ConversationContext, { taskId, by }: TaskCommand): Promise<void> {
  const { patientId } = await lockedTask(trx, taskId);
  const more = { ...ownedBy(patientId), occurredAt: context.clock.now(), meta: { actor: by } };
  await append(trx, context, taskStream(taskId), conversationEvent('task.completed.v1', [taskId], { taskId, by }, more));
}
