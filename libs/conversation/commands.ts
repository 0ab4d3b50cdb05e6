import type { EventStore, NewEvent } from '#event-store';
import { type Clock, deterministicId, lockInOrder, type Reader, Rejected, type Transaction } from '#platform';
import type { NewTask } from './decider.js';
import { conversationEvent, conversationStream, taskStream } from './events.js';
import { conversation, openQuestions, openRecoveries, threadOfMessage } from './queries.js';
import { lockedLadder, task } from './task-queries.js';
import { atLeast, type Urgency } from './triage/index.js';
import type { ClinicDocument } from '#clinic';

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
  const { channel, from, body, media = [], providerMessageId, receivedAt, outreachId } = inbound;
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
    { personal: { from, body, media: media.map((item) => ({ ...item })) }, patientId: conversationId, occurredAt: receivedAt },
  );
  const [answer] = await store.append(trx, [{ stream: conversationStream(conversationId), expected: 'any', events: [event] }]);
  return { messageId, conversationId, patientId, duplicate: answer?.duplicate ?? false };
}

const append = (trx: Transaction, { store }: ConversationContext, stream: string, ...events: NewEvent[]) =>
  store.append(trx, [{ stream, expected: 'any', events }]);

async function existing(trx: Transaction, conversationId: string) {
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

/** Closes a thread until its next message; its urgency is dealt with. Open escalations stay open: they end by acknowledgement. */
export async function resolveConversation(
  trx: Transaction,
  context: ConversationContext,
  { conversationId, by }: { conversationId: string; by: string },
): Promise<void> {
  const { status, patientId, lastMessageAt } = await existing(trx, conversationId);
  if (status === 'resolved') return;
  const event = conversationEvent(
    'conversation.resolved.v1',
    [conversationId, lastMessageAt, by, context.clock.now().toISOString()],
    { conversationId, by },
    { ...ownedBy(patientId), occurredAt: context.clock.now() },
  );
  await append(trx, context, conversationStream(conversationId), event);
}

export async function assignConversation(
  trx: Transaction,
  context: ConversationContext,
  { conversationId, assignee, by }: { conversationId: string; assignee: string | null; by: string },
): Promise<void> {
  const found = await existing(trx, conversationId);
  if (found.assignee === assignee) return;
  const identity = [conversationId, assignee ?? '', by, context.clock.now().toISOString()];
  await append(
    trx,
    context,
    conversationStream(conversationId),
    conversationEvent('conversation.assigned.v1', identity, { conversationId, assignee, by }, { ...ownedBy(found.patientId), occurredAt: context.clock.now() }),
  );
}

const ownedBy = (patientId: string | null | undefined) => (patientId === null || patientId === undefined ? {} : { patientId });

/** Who may say that a reply is less urgent than it was judged (invariant 9: automation never does). */
const mayLower = ['provider', 'medical_director'];

/**
 * A person's own judgement of a reply. Anyone may raise it, and an urgent one pages like any other.
 * @throws Rejected `may_not_lower` when someone else than a provider or medical director lowers it; `unknown_message`.
 */
export async function markTriage(
  trx: Transaction,
  context: ConversationContext,
  {
    conversationId,
    messageId,
    urgency,
    by,
    roles,
    clinic,
  }: { conversationId: string; messageId: string; urgency: Urgency; by: string; roles: readonly string[]; clinic: ClinicDocument },
): Promise<void> {
  const { patientId, messages } = await existing(trx, conversationId);
  const message = messages.find(({ id, direction }) => id === messageId && direction === 'in');
  if (message === undefined) throw new Rejected('unknown_message', `There is no message ${messageId} in this conversation`, { status: 404 });
  const before = message.triage?.urgency ?? 'administrative';
  if (before === urgency) return;
  const raises = atLeast(urgency, before);
  if (!raises && !roles.some((role) => mayLower.includes(role)))
    throw new Rejected('may_not_lower', 'Only a provider or the medical director may lower an urgency', { status: 403 });
  const now = context.clock.now();
  const data = { messageId, conversationId, urgency, codes: [...(message.triage?.codes ?? [])], rules: [`by:${by}`], by };
  await append(
    trx,
    context,
    conversationStream(conversationId),
    conversationEvent('reply.triaged.v1', [messageId, urgency, by, now.toISOString()], data, { ...ownedBy(patientId), occurredAt: now, meta: { actor: by } }),
  );
  if (raises && atLeast(urgency, 'urgent') && !atLeast(before, 'urgent')) {
    await openTask(trx, context, {
      taskId: deterministicId('task', 'escalation', messageId),
      kind: 'escalation',
      why: `${urgency} reply`,
      dueAt: now,
      role: clinic.escalation[0]?.role ?? 'on_call',
      urgency,
      conversationId,
      messageId,
      ladder: clinic.escalation,
      ...ownedBy(patientId),
    });
  }
}

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

async function endTask(
  trx: Transaction,
  context: ConversationContext,
  type: 'task.acknowledged.v1' | 'task.completed.v1',
  { taskId, by }: { taskId: string; by: string },
): Promise<void> {
  const found = await task(trx, taskId);
  if (found === null) throw new Rejected('unknown_task', `There is no task ${taskId}`, { status: 404 });
  await lockedLadder(trx, taskId);
  const event = conversationEvent(type, [taskId], { taskId, by }, { ...ownedBy(found.patientId), occurredAt: context.clock.now(), meta: { actor: by } });
  await append(trx, context, taskStream(taskId), event);
}

/** Someone has it: paging stops. A second acknowledgement changes nothing. @throws Rejected `unknown_task`. */
export const acknowledgeTask = (trx: Transaction, context: ConversationContext, command: { taskId: string; by: string }): Promise<void> =>
  endTask(trx, context, 'task.acknowledged.v1', command);

/** It is done; paging stops too. A second completion changes nothing. @throws Rejected `unknown_task`. */
export const completeTask = (trx: Transaction, context: ConversationContext, command: { taskId: string; by: string }): Promise<void> =>
  endTask(trx, context, 'task.completed.v1', command);
