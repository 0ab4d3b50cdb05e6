import { type RawBuilder, sql } from 'kysely';
import type { Projection, RecordedEvent } from '#event-store';
import type { Transaction } from '#platform';
import { entry } from '#protocols';
import { answerAwaited, answerOverdue, answersEnded, reminderEnded, taskOverdue } from './deadline-projections.js';
import { type ConversationEvent, conversationEventTypes, conversationStream, type DataOf, readConversationEvent } from './events.js';
import { pageFailed, taskAcknowledged, taskCompleted, taskEscalated, taskOpened } from './task-projections.js';
import { keepTexts, messageOfOutreach, showTexts } from './text-projections.js';
import { urgencies } from './triage/index.js';

type Handler<T extends ConversationEvent['type']> = (trx: Transaction, data: DataOf<T>, event: RecordedEvent) => Promise<void>;

const json = (value: unknown): RawBuilder<never> => sql`${JSON.stringify(value)}::jsonb`;
/** The rank of an urgency within SQL: the highest comes first. */
const rank = sql<number>`array_position(${sql.raw(`array['${urgencies.join("','")}']`)}, triage ->> 'urgency')`;

/** A thread's urgency is that of its gravest message since it was last resolved: counted from the rows, never remembered. */
async function refreshUrgency(trx: Transaction, conversationId: string): Promise<void> {
  const open = await trx.selectFrom('conversation').select('resolved_position').where('conversation_id', '=', conversationId).executeTakeFirst();
  if (open === undefined) return;
  const gravest = await trx
    .selectFrom('message')
    .select(sql<string>`triage ->> 'urgency'`.as('urgency'))
    .where('conversation_id', '=', conversationId)
    .where('position', '>', open.resolved_position)
    .where('triage', 'is not', null)
    .orderBy(rank)
    .limit(1)
    .executeTakeFirst();
  await trx
    .updateTable('conversation')
    .set({ urgency: gravest?.urgency ?? null })
    .where('conversation_id', '=', conversationId)
    .execute();
}

interface ThreadMessage {
  readonly conversationId: string;
  readonly patientId: string | null;
  readonly channel: string;
  readonly address: string | null;
}

async function touchThread(
  trx: Transaction,
  { conversationId, patientId, channel, address }: ThreadMessage,
  { position, occurredAt }: RecordedEvent,
  reopens: boolean,
): Promise<void> {
  await trx
    .insertInto('conversation')
    .values({
      conversation_id: conversationId,
      patient_id: patientId,
      channel,
      address,
      status: reopens ? 'open' : 'resolved',
      last_message_at: occurredAt,
      position,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['clinic_id', 'conversation_id'])
        .doUpdateSet((row) => ({
          ...(reopens ? { status: 'open', snoozed_until: null, channel: row.ref('excluded.channel'), address: row.ref('excluded.address') } : {}),
          last_message_at: row.ref('excluded.last_message_at'),
          position: row.ref('excluded.position'),
        }))
        .where('conversation.position', '<', position),
    )
    .execute();
}

const received: Handler<'message.received.v1'> = async (trx, data, event) => {
  await touchThread(trx, { ...data, address: data.from ?? null }, event, true);
  await trx
    .insertInto('message')
    .values({
      message_id: data.messageId,
      conversation_id: data.conversationId,
      position: event.position,
      direction: 'in',
      channel: data.channel,
      body: event.erased ? null : (data.body ?? ''),
      media: json(data.media ?? []),
      at: event.occurredAt,
    })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'message_id']).doNothing())
    .execute();
  await trx
    .updateTable('clarification')
    .set({ status: 'answered' })
    .where('conversation_id', '=', data.conversationId)
    .where('status', '=', 'waiting')
    .execute();
};

const answered: Handler<'message.answered.v1'> = async (trx, data, event) => {
  await touchThread(trx, { conversationId: data.conversationId, patientId: event.patientId, channel: data.channel, address: null }, event, false);
  await trx
    .insertInto('message')
    .values({
      message_id: data.messageId,
      conversation_id: data.conversationId,
      position: event.position,
      direction: 'out',
      channel: data.channel,
      body: event.erased ? null : (data.body ?? ''),
      media: json([]),
      at: event.occurredAt,
      author: data.author,
      outreach_id: data.outreachId ?? null,
      reply_to: data.replyTo ?? null,
    })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'message_id']).doNothing())
    .execute();
  if (data.author !== 'afterglow') await answersEnded(trx, data.conversationId);
};

const triaged: Handler<'reply.triaged.v1'> = async (trx, data, event) => {
  const { messageId, conversationId, urgency, codes, rules, questions, wish, channel, answerDueAt } = data;
  await trx
    .updateTable('message')
    .set({ triage: json({ urgency, codes, rules, by: data.by, ambiguous: data.ambiguous, reason: data.reason }), check_in: json(questions) })
    .where('message_id', '=', messageId)
    .execute();
  await refreshUrgency(trx, conversationId);
  await answerAwaited(trx, data, event);
  const answeredIds = data.ambiguous ? [] : questions.map(({ outreachId }) => outreachId);
  if (answeredIds.length > 0) {
    await trx
      .updateTable('asked_question')
      .set({ answered_at: event.occurredAt })
      .where('outreach_id', 'in', answeredIds)
      .where('answered_at', 'is', null)
      .execute();
  }
  if (wish === 'stop' || wish === 'start') await setStopped(trx, conversationId, channel ?? 'sms', wish === 'stop', event.occurredAt);
  if (answerDueAt !== null) {
    await trx
      .insertInto('clarification')
      .values({ message_id: messageId, conversation_id: conversationId, patient_id: event.patientId, due_at: answerDueAt, status: 'waiting' })
      .onConflict((conflict) => conflict.columns(['clinic_id', 'message_id']).doNothing())
      .execute();
  }
};

async function setStopped(trx: Transaction, conversationId: string, channel: string, stopped: boolean, changedAt: Date): Promise<void> {
  await trx
    .insertInto('stopped_thread')
    .values({ conversation_id: conversationId, channel, stopped, changed_at: changedAt })
    .onConflict((conflict) =>
      conflict
        .columns(['clinic_id', 'conversation_id', 'channel'])
        .doUpdateSet({ stopped, changed_at: changedAt })
        .where('stopped_thread.changed_at', '<=', changedAt),
    )
    .execute();
}

type Sent = DataOf<'outreach.sent.v1'>;

/** What went out by itself stands in the threads too, many at once; what a person wrote stands there already, with its words. */
async function showSent(trx: Transaction, events: readonly RecordedEvent[]): Promise<void> {
  const sent = events.flatMap((event) => {
    const own = readConversationEvent(event);
    return own?.type === 'outreach.sent.v1' ? [{ event, data: own.data }] : [];
  });
  const rows = sent.flatMap(({ event, data }) => rowOfSent(data, event));
  if (rows.length === 0) return;
  await trx
    .insertInto('message')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['clinic_id', 'message_id']).doNothing())
    .execute();
  for (const { event, data } of sent) await asked(trx, data, event);
}

function rowOfSent(data: Sent, { patientId, position }: RecordedEvent) {
  const conversationId = data.conversationId ?? data.patientId ?? patientId;
  if (conversationId === null || (data.staffId ?? null) !== null || data.touchpoint === 'written') return [];
  return [
    {
      message_id: messageOfOutreach(data.outreachId),
      conversation_id: conversationId,
      position,
      direction: 'out',
      channel: data.channel,
      body: null,
      media: json([]),
      at: data.sentAt,
      author: 'afterglow',
      outreach_id: data.outreachId,
      touchpoint: data.touchpoint ?? null,
    },
  ];
}

const asked: Handler<'outreach.sent.v1'> = async (trx, data, event) => {
  const patientId = data.patientId ?? event.patientId;
  if (data.question === null || data.question === undefined || patientId === null || data.sessionId === null || data.sessionId === undefined) return;
  await trx
    .insertInto('asked_question')
    .values({
      outreach_id: data.outreachId,
      patient_id: patientId,
      channel: data.channel,
      question: data.question,
      session_id: data.sessionId,
      protocol_id: data.protocolId ?? null,
      day: data.day ?? null,
      asked_at: data.sentAt,
    })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'outreach_id']).doNothing())
    .execute();
};

/** How long replies are judged by a treatment: the catalogue's recovery, and never less than its last check-in, two weeks at least. */
export function watchedDays(protocolId: string): number {
  const { full_recovery_days: recovery, checkin_days: checkIns } = entry(protocolId);
  return Math.max(14, recovery.value ?? recovery.unsourced_placeholder ?? 0, ...(checkIns.value ?? checkIns.unsourced_placeholder ?? []));
}

const completed: Handler<'session.completed.v1'> = async (trx, { sessionId, patientId, protocolId, on, timeZone }) => {
  await noLongerAwaited(trx, sessionId);
  await trx
    .insertInto('recovery_window')
    .values({
      session_id: sessionId,
      patient_id: patientId,
      protocol_id: protocolId,
      completed_on: on,
      time_zone: timeZone,
      until_day: watchedDays(protocolId),
    })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'session_id']).doNothing())
    .execute();
};

const awaited = async (trx: Transaction, { sessionId, patientId, start, previousStart }: DataOf<'session.rescheduled.v1'>): Promise<void> => {
  await trx
    .insertInto('awaited_session')
    .values({ session_id: sessionId, patient_id: patientId, starts_at: start })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'session_id']).doUpdateSet({ starts_at: start }))
    .execute();
  // Only who treats, or where, has changed: the patient still comes at the time that they were asked about.
  if (previousStart !== undefined && Date.parse(previousStart) === Date.parse(start)) return;
  await noLongerAsked(trx, sessionId, 'confirm');
};

/** What was asked before is not what is asked any more; a late answer must not be taken for one to something newer. */
async function noLongerAsked(trx: Transaction, sessionId: string, question: 'confirm' | 'offer'): Promise<void> {
  await trx.updateTable('asked_question').set({ void: true }).where('session_id', '=', sessionId).where('question', '=', question).execute();
}

async function noLongerAwaited(trx: Transaction, sessionId: string): Promise<void> {
  await trx.deleteFrom('awaited_session').where('session_id', '=', sessionId).execute();
  await noLongerAsked(trx, sessionId, 'confirm');
}

const erased: Handler<'patient.erased.v1'> = async (trx, { patientId }) => {
  await trx
    .updateTable('message')
    .set({ body: null, subject: null, media: json([]), triage: sql`triage - 'reason'` })
    .where('conversation_id', '=', patientId)
    .execute();
  await trx.updateTable('conversation').set({ address: null }).where('patient_id', '=', patientId).execute();
  await trx.deleteFrom('attempted_text').where('conversation_id', '=', patientId).execute();
  await answersEnded(trx, patientId);
  // Unreadable without the key already; but what nobody can read nobody should keep.
  await trx.deleteFrom('photo').where('patient_id', '=', patientId).execute();
};

const nothing = async (): Promise<void> => undefined;

const handlers: { readonly [T in ConversationEvent['type']]: Handler<T> } = {
  'message.received.v1': received,
  'message.answered.v1': answered,
  'reply.triaged.v1': triaged,
  'clarification.unanswered.v1': async (trx, { messageId }) =>
    void (await trx.updateTable('clarification').set({ status: 'escalated' }).where('message_id', '=', messageId).where('status', '=', 'waiting').execute()),
  'conversation.resolved.v1': async (trx, { conversationId }, { position }) => {
    await trx
      .updateTable('conversation')
      .set({ status: 'resolved', snoozed_until: null, resolved_position: position })
      .where('conversation_id', '=', conversationId)
      .where('resolved_position', '<', position)
      .execute();
    await refreshUrgency(trx, conversationId);
    await answersEnded(trx, conversationId);
  },
  'conversation.assigned.v1': async (trx, { conversationId, assignee }) =>
    void (await trx.updateTable('conversation').set({ assignee }).where('conversation_id', '=', conversationId).execute()),
  'conversation.snoozed.v1': async (trx, { conversationId, until }) =>
    void (await trx
      .updateTable('conversation')
      .set({ status: until === null ? 'open' : 'snoozed', snoozed_until: until })
      .where('conversation_id', '=', conversationId)
      .where('status', '!=', 'resolved')
      .execute()),
  'conversation.woken.v1': async (trx, { conversationId }) =>
    void (await trx
      .updateTable('conversation')
      .set({ status: 'open', snoozed_until: null })
      .where('conversation_id', '=', conversationId)
      .where('status', '=', 'snoozed')
      .execute()),
  'answer.overdue.v1': answerOverdue,
  'task.opened.v1': taskOpened,
  'task.acknowledged.v1': taskAcknowledged,
  'task.completed.v1': taskCompleted,
  'task.escalated.v1': taskEscalated,
  'task.overdue.v1': taskOverdue,
  'staff.reminded.v1': async (trx, { staffId, on }) => reminderEnded(trx, staffId, on, 'sent'),
  'staff-reminder.dropped.v1': async (trx, { staffId, on }) => reminderEnded(trx, staffId, on, 'dropped'),
  'page.failed.v1': pageFailed,
  // Both are taken together, below.
  'outreach.attempted.v1': nothing,
  'outreach.sent.v1': nothing,
  // A check-in stays open: an answer to it says better that it arrived than the carrier that it did not, and 3 must be heard.
  'outreach.failed.v1': async (trx, { outreachId }) =>
    void (await trx.updateTable('asked_question').set({ void: true }).where('outreach_id', '=', outreachId).where('question', '<>', 'check-in').execute()),
  'satisfaction.answered.v1': nothing,
  'satisfaction.explained.v1': nothing,
  'session.booked.v1': awaited,
  'session.rescheduled.v1': awaited,
  // A newer offer for the same session: an answer to the older one, which the patient did not see replaced, takes nothing.
  'session.held.v1': async (trx, { sessionId, reason }) => (reason === 'offer' ? noLongerAsked(trx, sessionId, 'offer') : nothing()),
  'session.completed.v1': completed,
  'session.cancelled.v1': async (trx, { sessionId }) => noLongerAwaited(trx, sessionId),
  'session.no-show.v1': async (trx, { sessionId }) => noLongerAwaited(trx, sessionId),
  'patient.contact-consent-changed.v1': async (trx, { patientId, channel, scope, granted }, { occurredAt }) =>
    scope === 'care' ? setStopped(trx, patientId, channel, !granted, occurredAt) : nothing(),
  'patient.erased.v1': erased,
};

/** What staff who act on a thread should have seen: each gives it a new version. */
const changes: readonly string[] = [
  'message.received.v1',
  'message.answered.v1',
  'reply.triaged.v1',
  'conversation.assigned.v1',
  'conversation.resolved.v1',
  'conversation.snoozed.v1',
  'conversation.woken.v1',
];

async function renumber(trx: Transaction, { stream, type, position }: RecordedEvent): Promise<void> {
  if (!changes.includes(type)) return;
  const conversationId = stream.slice(conversationStream('').length);
  await trx.updateTable('conversation').set({ changed: position }).where('conversation_id', '=', conversationId).where('changed', '<', position).execute();
}

const apply = <T extends ConversationEvent['type']>(
  trx: Transaction,
  own: { readonly type: T; readonly data: DataOf<T> },
  event: RecordedEvent,
): Promise<void> => (handlers[own.type] as Handler<T>)(trx, own.data, event);

async function take(trx: Transaction, event: RecordedEvent): Promise<void> {
  const own = readConversationEvent(event);
  if (own === null) return;
  await apply(trx, own, event);
  await renumber(trx, event);
}

/** Neighbours of one type, in their order. */
function runsOf(events: readonly RecordedEvent[]): readonly (readonly RecordedEvent[])[] {
  const runs: RecordedEvent[][] = [];
  for (const event of events) {
    const last = runs.at(-1);
    if (last?.[0]?.type === event.type) last.push(event);
    else runs.push([event]);
  }
  return runs;
}

/** Threads, open questions, recoveries, tasks and ladders, in the transaction of the events: replies are judged by them at once. */
export const conversationProjection: Projection = {
  name: 'conversations',
  version: 3,
  tables: [
    'conversation',
    'message',
    'attempted_text',
    'asked_question',
    'recovery_window',
    'awaited_session',
    'stopped_thread',
    'clarification',
    'awaited_answer',
    'task',
    'escalation',
    'staff_reminder',
  ],
  types: conversationEventTypes,
  apply: async (trx, events) => {
    await keepTexts(trx, events);
    for (const run of runsOf(events)) {
      if (run[0]?.type === 'outreach.sent.v1') await showSent(trx, run);
      else for (const event of run) await take(trx, event);
    }
    await showTexts(trx, events);
  },
};
