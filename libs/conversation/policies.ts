import type { ClinicDocument } from '#clinic';
import type { NewEvent, RecordedEvent, Subscription } from '#event-store';
import type { Reader, Transaction } from '#platform';
import { type ConversationContext, openTask } from './commands.js';
import { type Decision, decideReply, type Effect, type Incoming, type PageStaff, rulesVersion, type Situation } from './decider.js';
import { climbLadder } from './escalation.js';
import { conversationEvent, conversationStream, type MessageReceived, readConversationEvent } from './events.js';
import { hasUpcomingSession, isStopped, openQuestions, openRecoveries, requireClinic } from './queries.js';

/** Carries effects out that belong to other slices, in the same transaction. */
export type ExecuteEffects = (trx: Transaction, effects: readonly Effect[], cause: RecordedEvent | null) => Promise<void>;

async function situationOf(db: Reader, incoming: Incoming, clinic: ClinicDocument): Promise<Situation> {
  const { patientIds, at, conversationId, channel, outreachId } = incoming;
  return {
    clinic,
    contexts: await openRecoveries(db, patientIds, at),
    questions: await openQuestions(db, patientIds, at, outreachId),
    hasUpcomingSession: await hasUpcomingSession(db, patientIds, at),
    stopped: await isStopped(db, conversationId, channel === 'email' ? 'email' : 'sms', at),
  };
}

function incomingOf(data: MessageReceived, event: RecordedEvent): Incoming {
  const { messageId, conversationId, patientId, patientIds, channel, outreachId, body, media } = data;
  return {
    messageId,
    conversationId,
    patientId,
    patientIds,
    channel,
    outreachId: outreachId ?? null,
    body: body ?? '',
    hasMedia: (media ?? []).length > 0,
    at: event.occurredAt,
  };
}

/** What a message says of the patient's satisfaction, as an event of its own. */
function satisfactionEvents({ satisfaction, questions }: Decision, { messageId, conversationId, patientId, at }: Incoming, cause: string): NewEvent[] {
  const [question] = questions;
  if (satisfaction === null || question === undefined || patientId === null) return [];
  const about = { messageId, conversationId, patientId, outreachId: question.outreachId };
  const more = { patientId, occurredAt: at, meta: { cause } };
  if (satisfaction.score === null) return [conversationEvent('satisfaction.explained.v1', [messageId], about, more)];
  const { sessionId, protocolId } = question;
  return [conversationEvent('satisfaction.answered.v1', [messageId], { ...about, sessionId, protocolId, score: satisfaction.score }, more)];
}

/** Judges one message and records the judgement and its tasks; answers what other slices must do. Doing it twice records nothing twice. */
export async function triageMessage(trx: Transaction, context: ConversationContext, event: RecordedEvent): Promise<readonly Effect[]> {
  const own = readConversationEvent(event);
  if (own?.type !== 'message.received.v1' || event.erased) return [];
  const incoming = incomingOf(own.data, event);
  const decision = decideReply(incoming, await situationOf(trx, incoming, await requireClinic(trx)));
  const { triage, questions, ambiguous, wish, answerDueAt, answerBy, tasks, effects } = decision;
  const { messageId, conversationId, patientId, channel, at } = incoming;
  const triaged = conversationEvent(
    'reply.triaged.v1',
    [messageId],
    {
      messageId,
      conversationId,
      urgency: triage.urgency,
      codes: [...triage.codes],
      rules: [...triage.rules],
      by: 'afterglow',
      rulesVersion,
      questions: questions.map((question) => ({ ...question })),
      ambiguous,
      wish,
      channel: channel === 'email' ? 'email' : 'sms',
      answerDueAt: answerDueAt?.toISOString() ?? null,
      answerBy: answerBy?.toISOString() ?? null,
    },
    { ...(patientId === null ? {} : { patientId }), occurredAt: at, meta: { cause: event.id } },
  );
  const [recorded] = await context.store.append(trx, [
    { stream: conversationStream(conversationId), expected: 'any', events: [triaged, ...satisfactionEvents(decision, incoming, event.id)] },
  ]);
  if (recorded?.duplicate === true) return [];
  for (const task of tasks) await openTask(trx, context, task, event.id);
  const pages: PageStaff[] = [];
  for (const { taskId, ladder } of tasks) if (ladder !== undefined) pages.push(...(await climbLadder(trx, context, taskId)));
  return [...effects, ...pages];
}

/** The policy on every message that came in. */
export function replyPolicy(context: ConversationContext, execute: ExecuteEffects): Subscription {
  return {
    name: 'replies',
    types: ['message.received.v1'],
    handle: async (trx, events) => {
      for (const event of events) await execute(trx, await triageMessage(trx, context, event), event);
    },
  };
}
