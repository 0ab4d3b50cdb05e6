import { type TemplateKey, templateKeys } from '#messaging';
import { deterministicId, lockInOrder, newId, Rejected, type Transaction } from '#platform';
import { type ByHand, decideByHand } from './by-hand.js';
import { claimContexts } from './claim-context.js';
import { later, minutes, hours, openAtMostMillis } from './decider.js';
import type { Category, Locals, OutreachEvent, Subject } from './events.js';
import { knowledgeOf } from './knowledge.js';
import { append, type FollowUpContext, type LedgerContext, lockedRows, lockOutreach, streamFor } from './ledger.js';
import { plan } from './plan.js';
import { countedTexts, plannedOutreach } from './queries.js';

/** Plans several patients' touchpoints again. Their locks are taken together: two transactions of many patients must not wait for each other in a ring. */
export async function replanPatients(trx: Transaction, context: LedgerContext, patientIds: readonly string[]): Promise<void> {
  await lockInOrder(
    trx,
    patientIds.map((patientId) => streamFor({ patientId, outreachId: '' })),
  );
  for (const patientId of patientIds) await replanPatient(trx, context, patientId);
}

/**
 * Plans a patient's touchpoints again and brings the ledger to them: creates, moves, cancels. Twice changes nothing; rows in
 * flight or ended are never touched.
 */
export async function replanPatient(trx: Transaction, context: LedgerContext, patientId: string): Promise<void> {
  const { store, clock, clinic } = context;
  const about = { patientId, outreachId: '' };
  await lockOutreach(trx, streamFor(about));
  const now = clock.now();
  const knowledge = await knowledgeOf(trx, store, clinic, patientId, now);
  const rows = await plannedOutreach(trx, patientId);
  const texts = (await countedTexts(trx, [patientId], now)).map(({ at }) => at);
  const events = plan(knowledge, rows, { patientId, clinic, now: now.toISOString(), texts, newId: () => newId(now) });
  await append(trx, context, about, events);
}

interface Single extends Omit<Subject, 'patientId'> {
  readonly occasion: string;
  readonly patientId: string | null;
  readonly touchpoint: string;
  readonly channel: 'sms' | 'email';
  readonly category: Category;
  readonly template: TemplateKey;
  readonly locals: Locals;
  readonly dueAt: string;
  readonly expiresAt: string;
  readonly because: string;
}

/** Enters one message that no plan made; the same occasion and channel again enter nothing. Answers its id. */
async function enter(trx: Transaction, context: LedgerContext, single: Single): Promise<string> {
  const key = `${single.occasion}/${single.channel}`;
  const outreachId = deterministicId('outreach', key);
  const event: OutreachEvent = { type: 'outreach.planned.v1', data: { ...single, outreachId, key, question: null, targetAt: null } };
  await lockOutreach(trx, streamFor(event.data));
  await append(trx, context, event.data, [event], () => deterministicId('outreach-planned', key));
  return outreachId;
}

export interface Answer {
  readonly conversationId: string;
  readonly patientId: string | null;
  readonly channel: 'sms' | 'email';
  readonly template: string;
  /** Used when the director has approved no text of that very key. */
  readonly fallback: string;
  readonly category: 'stop-confirmation' | 'safety' | 'answer';
  /** The patient's message that is answered, and when it came. */
  readonly replyTo: string;
  readonly receivedAt: Date;
  readonly language?: string;
}

const isTemplate = (key: string): key is TemplateKey => (templateKeys as readonly string[]).includes(key);
/** An answer is exempt from hours and caps for so long after the patient's own message; a safety instruction is worth sending longer. */
const [answerMillis, safetyMillis] = [minutes(15), hours(1)];

/** Answers a patient's own message from an approved template, at once. Answers the id of the row. */
export async function enqueueAnswer(trx: Transaction, context: LedgerContext, answer: Answer): Promise<string> {
  const { conversationId, patientId, channel, template, fallback, category, replyTo, receivedAt, language } = answer;
  const approved = [template, fallback].find(isTemplate) ?? 'received';
  return enter(trx, context, {
    occasion: `answer/${replyTo}`,
    conversationId,
    patientId,
    touchpoint: approved,
    channel,
    category: 'answer',
    template: approved,
    locals: language === undefined ? {} : { language },
    dueAt: context.clock.now().toISOString(),
    expiresAt: later(receivedAt, category === 'safety' ? safetyMillis : answerMillis),
    because: `answer to a message (${category})`,
  });
}

/**
 * Sends what a member of staff wrote. Within 15 minutes of the patient's own message it goes as an answer; otherwise hours and
 * caps bind it, and at the cap it goes by e-mail where consent allows.
 */
export async function enqueueWritten(
  trx: Transaction,
  context: LedgerContext,
  {
    conversationId,
    patientId,
    channel,
    messageId,
    answersMessageAt,
    by,
  }: {
    readonly conversationId: string;
    readonly patientId: string | null;
    readonly channel: 'sms' | 'email';
    readonly messageId: string;
    readonly answersMessageAt: Date | null;
    readonly by: string;
  },
): Promise<string> {
  const now = context.clock.now().toISOString();
  const exemptUntil = answersMessageAt === null ? now : later(answersMessageAt, answerMillis);
  const isAnswer = exemptUntil > now;
  return enter(trx, context, {
    occasion: `written/${messageId}`,
    conversationId,
    patientId,
    touchpoint: 'written',
    channel,
    category: isAnswer ? 'answer' : 'message',
    template: 'written',
    locals: { messageId },
    dueAt: now,
    expiresAt: isAnswer ? exemptUntil : later(now, openAtMostMillis - hours(24)),
    because: `written by ${by}`,
  });
}

/** Pages a member of staff. No name and no procedure: a link to the console, where the caller signs in. */
export async function enqueuePage(
  trx: Transaction,
  context: LedgerContext,
  {
    taskId,
    rung,
    attempt,
    staffId,
    channel,
    urgency,
    conversationId,
    patientId,
  }: {
    readonly taskId: string;
    readonly rung: number;
    readonly attempt: number;
    readonly staffId: string;
    readonly channel: 'sms' | 'email';
    readonly urgency: string | null;
    readonly conversationId: string | null;
    readonly patientId: string | null;
  },
): Promise<string> {
  const now = context.clock.now().toISOString();
  return enter(trx, context, {
    occasion: `page/${taskId}/${rung}/${attempt}/${staffId}`,
    taskId,
    staffId,
    patientId,
    ...(conversationId === null ? {} : { conversationId }),
    touchpoint: 'page',
    channel,
    category: 'page',
    template: 'page',
    locals: { urgency: urgency ?? 'urgent', language: 'en', rung, attempt },
    dueAt: now,
    expiresAt: later(now, hours(1)),
    because: `rung ${rung} of the escalation, attempt ${attempt}`,
  });
}

/** Tells a member of staff that tasks of theirs are overdue; the same day again tells nothing. As a page, it says nothing of a patient. */
export async function enqueueReminder(
  trx: Transaction,
  context: LedgerContext,
  { staffId, on, channel }: { readonly staffId: string; readonly on: string; readonly channel: 'sms' | 'email' },
): Promise<string> {
  const now = context.clock.now().toISOString();
  return enter(trx, context, {
    occasion: `overdue-tasks/${staffId}/${on}`,
    staffId,
    patientId: null,
    touchpoint: 'overdue-tasks',
    channel,
    category: 'page',
    template: 'overdue-tasks',
    locals: { language: 'en' },
    dueAt: now,
    expiresAt: later(now, hours(8)),
    because: `tasks that were not done in time, on ${on}`,
  });
}

/**
 * A person holds a message back, lets it go, calls it off or sends it at once; the same again changes nothing.
 * @throws Rejected `not_found` (404), and as `decideByHand` does.
 */
export async function takeInHand(trx: Transaction, context: FollowUpContext, outreachId: string, command: ByHand): Promise<void> {
  const row = (await lockedRows(trx, [outreachId])).rows.get(outreachId);
  if (row === undefined) throw new Rejected('not_found', 'There is no such message.', { status: 404 });
  const [known] = await claimContexts(trx, context, [row]);
  if (known === undefined) throw new Error('a row has what is known of it');
  await append(trx, context, row, decideByHand(row, command, context.clock.now().toISOString(), known));
}
