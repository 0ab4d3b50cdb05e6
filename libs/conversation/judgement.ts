/*
 * A person judges a reply anew. Invariants of the design:
 *   8. What a person calls urgent pages like any other.
 *   9. Anyone may raise; only a clinician may lower, and says why.
 *  14. Who judged, and why, stands in the event.
 */
import type { ClinicDocument } from '#clinic';
import { deterministicId, Rejected, type Transaction } from '#platform';
import { acknowledgeTask, append, type ConversationContext, existing, openTask, ownedBy } from './commands.js';
import { answerBy } from './deadlines.js';
import type { NewTask } from './decider.js';
import { conversationEvent, conversationStream } from './events.js';
import { openTasksOf } from './task-queries.js';
import { atLeast, type Urgency } from './triage/index.js';

const mayLower = ['provider', 'medical_director'];

export interface Judgement {
  readonly conversationId: string;
  readonly messageId: string;
  readonly urgency: Urgency;
  /** Needed to lower an urgency. */
  readonly reason?: string | undefined;
  readonly by: string;
  readonly roles: readonly string[];
  readonly clinic: ClinicDocument;
}

function refuse({ roles, reason }: Judgement): void {
  if (!roles.some((role) => mayLower.includes(role)))
    throw new Rejected('may_not_lower', 'Only a provider or the medical director may lower an urgency', { status: 403 });
  if (reason === undefined || reason.trim() === '') throw new Rejected('reason_required', 'Say why it is less urgent than it was judged', { path: 'reason' });
}

/** What a person must do about a reply that was raised; nothing when a task for it is open already, but paging starts anew. */
async function openRaised(trx: Transaction, context: ConversationContext, { clinic, messageId, urgency, conversationId }: Judgement, owner: object, by: Date) {
  const now = context.clock.now();
  const about = { conversationId, messageId, urgency, ...owner };
  if (atLeast(urgency, 'urgent')) {
    const task: NewTask = {
      taskId: deterministicId('task', 'escalation', messageId, now.toISOString()),
      kind: 'escalation',
      why: `${urgency} reply`,
      dueAt: now,
      role: clinic.escalation[0]?.role ?? 'on_call',
      ladder: clinic.escalation,
      ...about,
    };
    return openTask(trx, context, task);
  }
  if (!atLeast(urgency, 'ask') || (await openTasksOf(trx, messageId)).length > 0) return;
  const taskId = deterministicId('task', 'review', messageId, now.toISOString());
  return openTask(trx, context, { taskId, kind: 'review', why: 'a person wants it looked at', dueAt: by, role: 'provider', ...about });
}

/** Whoever lowers an urgent reply has looked at it: paging for it stops. */
async function stopPaging(trx: Transaction, context: ConversationContext, { messageId, by }: Judgement): Promise<void> {
  const open = await openTasksOf(trx, messageId);
  for (const { id: taskId, kind, status } of open) if (kind === 'escalation' && status === 'open') await acknowledgeTask(trx, context, { taskId, by });
}

/**
 * A person's own judgement of a reply; the same one again changes nothing.
 * @throws Rejected `may_not_lower` when someone else than a provider or medical director lowers it, `reason_required` when that
 * one does not say why; `unknown_conversation`, `unknown_message`.
 */
export async function markTriage(trx: Transaction, context: ConversationContext, judgement: Judgement): Promise<void> {
  const { conversationId, messageId, urgency, reason, by, clinic } = judgement;
  const { patientId, messages } = await existing(trx, conversationId);
  const message = messages.find(({ id, direction }) => id === messageId && direction === 'in');
  if (message === undefined) throw new Rejected('unknown_message', `There is no message ${messageId} in this conversation`, { status: 404 });
  const before = message.triage?.urgency ?? 'administrative';
  if (before === urgency) return;
  const raises = atLeast(urgency, before);
  if (!raises) refuse(judgement);
  const now = context.clock.now();
  const until = answerBy(clinic, urgency, now);
  const data = {
    messageId,
    conversationId,
    urgency,
    codes: [...(message.triage?.codes ?? [])],
    rules: [`by:${by}`],
    by,
    questions: message.checkIns.map((question) => ({ ...question })),
    ambiguous: message.triage?.ambiguous ?? false,
    answerBy: atLeast(urgency, 'ask') ? until.toISOString() : null,
  };
  const more = { patientId: conversationId, occurredAt: now, meta: { actor: by }, ...(reason === undefined ? {} : { personal: { reason } }) };
  await append(
    trx,
    context,
    conversationStream(conversationId),
    conversationEvent('reply.triaged.v1', [messageId, urgency, by, now.toISOString()], data, more),
  );
  if (!raises && atLeast(before, 'urgent') && !atLeast(urgency, 'urgent')) await stopPaging(trx, context, judgement);
  const isNew = raises && !(atLeast(before, 'urgent') && atLeast(urgency, 'urgent'));
  if (isNew) await openRaised(trx, context, judgement, ownedBy(patientId), until);
}
