/*
 * What comes due by itself, taken up one by one: each in a transaction of its own, under the lock of its row. Several workers
 * may do it at once, at any time and as often as they like; what one of them did, or is doing, no other does again.
 */
import { type Database, deterministicId, inTransaction, type Transaction } from '#platform';
import { type ConversationContext, openTask } from './commands.js';
import type { Effect } from './decider.js';
import { claimSilence, claimSnooze, type Due, dueNow } from './due-queries.js';
import { climbLadder } from './escalation.js';
import { conversationEvent, conversationStream } from './events.js';
import { afterOpenMinutes } from './opening-hours.js';
import { climbTask, recordSilence, remind } from './overdue.js';
import type { ExecuteEffects } from './policies.js';
import { requireClinic } from './queries.js';

const batch = 100;
const unansweredMinutes = 60;

/** What other slices must do; null when there was nothing to take up any more. */
type TakeUp = (trx: Transaction, context: ConversationContext, due: Due) => Promise<readonly Effect[] | null>;

/** A clarifying question that nobody answered in time becomes a review. */
const silence: TakeUp = async (trx, context, { id }) => {
  const now = context.clock.now();
  const silent = await claimSilence(trx, id, now);
  if (silent === null) return null;
  const { messageId, conversationId, patientId } = silent;
  const owner = patientId === null ? {} : { patientId };
  const event = conversationEvent('clarification.unanswered.v1', [messageId], { messageId, conversationId }, { ...owner, occurredAt: now });
  await context.store.append(trx, [{ stream: conversationStream(conversationId), expected: 'any', events: [event] }]);
  await openTask(trx, context, {
    taskId: deterministicId('task', 'review', messageId),
    kind: 'review',
    why: 'a clarifying question went unanswered',
    dueAt: afterOpenMinutes(await requireClinic(trx), now, unansweredMinutes),
    role: 'provider',
    urgency: 'ask',
    conversationId,
    messageId,
    ...owner,
  });
  return [];
};

const rung: TakeUp = async (trx, context, { id, step }) => {
  const pages = await climbLadder(trx, context, id, step);
  return pages.length === 0 ? null : pages;
};

/** A thread that was put off comes back by itself. */
const snooze: TakeUp = async (trx, context, { id: conversationId, at }) => {
  const now = context.clock.now();
  const slept = await claimSnooze(trx, conversationId, now);
  if (slept === null) return null;
  const owner = slept.patientId === null ? {} : { patientId: slept.patientId };
  const event = conversationEvent('conversation.woken.v1', [conversationId, at.toISOString()], { conversationId }, { ...owner, occurredAt: now });
  await context.store.append(trx, [{ stream: conversationStream(conversationId), expected: 'any', events: [event] }]);
  return [];
};

const takeUp: Readonly<Record<Due['kind'], TakeUp>> = {
  rung,
  silence,
  snooze,
  answer: async (trx, context, { id }) => ((await recordSilence(trx, context, id)) ? [] : null),
  overdue: async (trx, context, { id }) => ((await climbTask(trx, context, id)) ? [] : null),
  reminder: async (trx, context, { id, step }) => remind(trx, context, id, step),
};

export interface Rounds {
  readonly db: Database;
  readonly context: ConversationContext;
  readonly execute: ExecuteEffects;
  /** Told of each that could not be done: it stays due, and holds up no other. */
  readonly report: (error: unknown, due: Due) => void;
}

async function takeUpOne({ db, context, execute, report }: Rounds, due: Due): Promise<boolean> {
  try {
    return await inTransaction(db, async (trx) => {
      const effects = await takeUp[due.kind](trx, context, due);
      if (effects !== null) await execute(trx, effects, null);
      return effects !== null;
    });
  } catch (error) {
    report(error, due);
    return false;
  }
}

/** Does all that came due by itself up to now; the timer, and the simulated clock, call it. Answers how many were done. */
export async function conversationDue(rounds: Rounds): Promise<number> {
  let done = 0;
  for (let last: Due | null = null; ;) {
    const due: Due[] = await dueNow(rounds.db, rounds.context.clock.now(), last, batch);
    for (const one of due) done += Number(await takeUpOne(rounds, one));
    if (due.length < batch) return done;
    last = due.at(-1) ?? null;
  }
}
