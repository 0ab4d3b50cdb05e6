/*
 * What staff do to a thread, several of them at once. Each command may name the version that its author saw; when the thread has
 * changed since, it is refused with the newer state, so that nobody closes over a message that they have not read, and nobody
 * takes what someone else has taken.
 */
import type { NewEvent } from '#event-store';
import { Rejected, type Transaction } from '#platform';
import { append, type ConversationContext, ownedBy } from './commands.js';
import { conversationEvent, conversationStream } from './events.js';
import { type ConversationRow, lockedThread } from './queries.js';

export interface ThreadCommand {
  readonly conversationId: string;
  readonly by: string;
  /** The version of the thread that was looked at; without it the command is meant for any. */
  readonly version?: number | undefined;
}

/**
 * The thread as it is, locked until the transaction ends.
 * @throws Rejected `unknown_conversation`; `changed_meanwhile` (409) with `current`, the newer state.
 */
export async function expectVersion(
  trx: Transaction,
  { conversationId, version }: Pick<ThreadCommand, 'conversationId' | 'version'>,
): Promise<ConversationRow> {
  const current = await lockedThread(trx, conversationId);
  if (current === null) throw new Rejected('unknown_conversation', `There is no conversation ${conversationId}`, { status: 404 });
  if (version !== undefined && version !== current.version)
    throw new Rejected('changed_meanwhile', 'The conversation has changed since you looked at it', { status: 409, current });
  return current;
}

type Data = Parameters<typeof conversationEvent<'conversation.assigned.v1' | 'conversation.resolved.v1' | 'conversation.snoozed.v1'>>;

/** The event of one command; the version that it changes makes it the same one when it is decided again. */
function change(trx: Transaction, context: ConversationContext, thread: ConversationRow, type: Data[0], data: Data[2], by: string): Promise<unknown> {
  const more: Omit<NewEvent, 'id' | 'type' | 'data'> = { ...ownedBy(thread.patientId), occurredAt: context.clock.now(), meta: { actor: by } };
  return append(trx, context, conversationStream(thread.id), conversationEvent(type, [thread.id, thread.version], data, more));
}

/**
 * Closes a thread until its next message; its urgency is dealt with. Open escalations stay open: they end by acknowledgement.
 * @throws as `expectVersion`.
 */
export async function resolveConversation(trx: Transaction, context: ConversationContext, command: ThreadCommand): Promise<void> {
  const thread = await expectVersion(trx, command);
  const { conversationId, by } = command;
  if (thread.status !== 'resolved') await change(trx, context, thread, 'conversation.resolved.v1', { conversationId, by }, by);
}

/**
 * Gives a thread to someone, or to nobody. `assignee` undefined: whoever asks takes it, unless someone else has it.
 * @throws as `expectVersion`; `taken` (409) with `current`.
 */
export async function assignConversation(
  trx: Transaction,
  context: ConversationContext,
  command: ThreadCommand & { readonly assignee?: string | null | undefined },
): Promise<void> {
  const thread = await expectVersion(trx, command);
  const { conversationId, by, version, assignee = by } = command;
  if (thread.assignee === assignee) return;
  if (command.assignee === undefined && version === undefined && thread.assignee !== null)
    throw new Rejected('taken', `${thread.assignee} has this conversation`, { status: 409, current: thread });
  await change(trx, context, thread, 'conversation.assigned.v1', { conversationId, assignee, by }, by);
}

/** Nothing is put off for longer. */
const longestSnoozeMillis = 30 * 86_400_000;

/**
 * Puts a thread off until an instant; it comes back by itself then, or when the patient writes. `until` null: now. What waits for
 * an answer still does, and is overdue as before.
 * @throws as `expectVersion`; `invalid_until`; `needs_a_person` for one that is urgent; `already_resolved`.
 */
export async function snoozeConversation(
  trx: Transaction,
  context: ConversationContext,
  command: ThreadCommand & { readonly until: string | null },
): Promise<void> {
  const thread = await expectVersion(trx, command);
  const { conversationId, by, until } = command;
  if (thread.status === 'resolved')
    throw new Rejected('already_resolved', 'A resolved conversation comes back with the next message', { status: 409, current: thread });
  if (until === null && thread.status === 'open') return;
  if (until !== null) {
    const wait = Date.parse(until) - context.clock.now().getTime();
    if (!(wait > 0 && wait <= longestSnoozeMillis))
      throw new Rejected('invalid_until', 'until: must be within the next 30 days', { path: 'until', status: 400 });
    if (thread.urgency === 'urgent' || thread.urgency === 'emergency')
      throw new Rejected('needs_a_person', 'An urgent reply cannot be put off: acknowledge it, answer it, or have a clinician judge it', { path: 'until' });
  }
  await change(trx, context, thread, 'conversation.snoozed.v1', { conversationId, until, by }, by);
}
