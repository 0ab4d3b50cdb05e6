/*
 * From a row that is due to its end, in three steps: a short transaction claims it and commits `attempting` before anything
 * leaves; the channel is asked with no transaction open; another short transaction records the answer. Whatever happens in
 * between, the row says what is known, and nothing is sent again on a guess (invariants 5, 6, 7).
 */
import { type Refused, type SendAnswer, type StatusReport, shippedVersion } from '#messaging';
import { deterministicId, inTransaction, isDuplicate, newId, type Transaction } from '#platform';
import { claimContext, type MadeMessage, messageFor } from './claim-context.js';
import { closesAt, decideClaim, graceMillis, later, leaseMillis, minutes, type Outreach, retryAt, type Verdict } from './decider.js';
import type { OutreachEvent } from './events.js';
import { aboutOf, append, type FollowUpContext, lockedRow, lockOutreach } from './ledger.js';
import { claimedIds, findOutreach, outreachOfReport } from './queries.js';

interface Claimed {
  readonly do: 'send' | 'resolve';
  readonly row: Outreach;
  readonly attemptId: string;
  readonly message: MadeMessage;
}

/**
 * Answers a wake-up call for a row: sends it, moves it, ends it, or does nothing, whatever the row says by now. `version`:
 * the row the call was set for; a call without one speaks of the row as it is.
 * @returns what was done, for logs and tests.
 */
export async function sendDue(context: FollowUpContext, outreachId: string, version?: number): Promise<string> {
  const { db } = context;
  const claimed = await inTransaction(db, (trx) => claim(trx, context, outreachId, version));
  if (typeof claimed === 'string') return claimed;
  const events = claimed.do === 'send' ? await handOver(context, claimed) : await lookUp(context, claimed);
  return record(context, claimed, events);
}

async function claim(trx: Transaction, context: FollowUpContext, outreachId: string, version?: number): Promise<Claimed | string> {
  const row = await lockedRow(trx, outreachId);
  if (row === undefined) return 'unknown';
  const now = context.clock.now().toISOString();
  const known = await claimContext(trx, context, row);
  const verdict = decideClaim(row, version ?? row.version, now, known);
  if (verdict.do === 'nothing') return verdict.why;
  if (verdict.do !== 'send' && verdict.do !== 'resolve') {
    await append(trx, context, row, await eventsOf(trx, row, verdict, now));
    return verdict.do;
  }
  return claimMessage(trx, context, row, verdict.do, known.address ?? '', now);
}

/** Makes the message and takes the row. A text that cannot be made ends the row: a message with a hole must not leave. */
async function claimMessage(
  trx: Transaction,
  context: FollowUpContext,
  row: Outreach,
  step: Claimed['do'],
  address: string,
  now: string,
): Promise<Claimed | string> {
  const made = await messageFor(trx, context, row, address).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  if (made instanceof Error) {
    await append(trx, context, row, [
      { type: step === 'send' ? 'outreach.failed.v1' : 'outreach.unproven.v1', data: { ...aboutOf(row), why: `the text could not be made: ${made.message}` } },
    ]);
    return 'failed';
  }
  if (step === 'resolve') return { do: 'resolve', row, attemptId: row.attemptId ?? '', message: made };
  const attemptId = newId(context.clock.now());
  await append(trx, context, row, [
    {
      type: 'outreach.attempted.v1',
      data: { outreachId: row.outreachId, attemptId, at: now, leaseUntil: later(now, leaseMillis), textVersion: made.textVersion },
    },
  ]);
  return { do: 'send', row: { ...row, textVersion: made.textVersion }, attemptId, message: made };
}

type Settled = Exclude<Verdict, { do: 'nothing' | 'send' | 'resolve' }>;

async function eventsOf(trx: Transaction, row: Outreach, verdict: Settled, now: string): Promise<OutreachEvent[]> {
  const { outreachId } = row;
  const { why } = verdict;
  switch (verdict.do) {
    case 'doubt':
      return [{ type: 'outreach.in-doubt.v1', data: { outreachId, until: now, why } }];
    case 'defer':
      return [{ type: 'outreach.deferred.v1', data: { outreachId, until: verdict.until, why } }];
    case 'cancel':
      return [{ type: 'outreach.cancelled.v1', data: { outreachId, why } }];
    case 'miss':
      return [{ type: 'outreach.missed.v1', data: { ...aboutOf(row), why } }];
    case 'give-up':
      return [{ type: 'outreach.unproven.v1', data: { ...aboutOf(row), why } }];
    case 'divert':
      return divert(trx, row, verdict.to, why, now);
  }
}

/** The same touchpoint by the other channel, at once: the row is called off and another takes its place. */
async function divert(trx: Transaction, row: Outreach, channel: 'sms' | 'email', why: string, now: string): Promise<OutreachEvent[]> {
  const { outreachId: replaced, occasion, template, locals, question, targetAt } = row;
  const key = `${occasion}/${channel}/instead-of/${replaced}`;
  const outreachId = deterministicId('outreach', key);
  const taken = (await findOutreach(trx, [outreachId])).has(outreachId);
  if (taken) return [{ type: 'outreach.missed.v1', data: { ...aboutOf(row), why } }];
  return [
    { type: 'outreach.cancelled.v1', data: { outreachId: replaced, why: `${why}: it goes by ${channel === 'email' ? 'e-mail' : 'text message'}` } },
    {
      type: 'outreach.planned.v1',
      data: {
        ...aboutOf(row),
        outreachId,
        channel,
        key,
        occasion,
        template,
        locals,
        question,
        targetAt,
        dueAt: now,
        expiresAt: closesAt(now, row.expiresAt),
        because: `${row.because}; ${why}`,
      },
    },
  ];
}

async function handOver({ channels, clock }: FollowUpContext, { row, message, attemptId }: Claimed): Promise<OutreachEvent[]> {
  const channel = channels[row.channel === 'email' ? 'email' : 'sms'];
  const answer = await channel
    .send(message, attemptId)
    .catch((error: unknown): SendAnswer => ({ kind: 'in-doubt', why: `the channel broke: ${String(error)}` }));
  const now = clock.now().toISOString();
  if (answer.kind === 'sent') return [sentEvent(row, answer.providerMessageId, now)];
  if (answer.kind === 'in-doubt')
    return [{ type: 'outreach.in-doubt.v1', data: { outreachId: row.outreachId, until: later(now, graceMillis), why: answer.why } }];
  return [refusedEvent(row, answer, now)];
}

const sentEvent = (row: Outreach, providerMessageId: string, sentAt: string): OutreachEvent => ({
  type: 'outreach.sent.v1',
  data: {
    ...aboutOf(row),
    providerMessageId,
    sentAt,
    textVersion: row.textVersion ?? shippedVersion,
    question: row.question,
    protocolId: row.locals.protocolId,
    day: row.locals.day,
  },
});

/** A definite no: tried again as a row while that makes sense, else the end of it. */
function refusedEvent(row: Outreach, { retry, reason, code, why }: Refused, now: string): OutreachEvent {
  const until = retry === 'once' ? later(now, minutes(30)) : retryAt({ ...row, attempts: row.attempts + 1 }, now);
  const again = retry === 'later' || (retry === 'once' && row.attempts === 0);
  if (again && until < row.expiresAt) return { type: 'outreach.deferred.v1', data: { outreachId: row.outreachId, until, why } };
  return { type: 'outreach.failed.v1', data: { ...aboutOf(row), why, reason, code } };
}

/** Looks for proof of an attempt in doubt. Only a list that was complete and lacks the message allows another attempt. */
async function lookUp({ db, channels, clock }: FollowUpContext, { row, message }: Claimed): Promise<OutreachEvent[]> {
  const { outreachId, attemptedAt } = row;
  const since = new Date(attemptedAt ?? row.dueAt);
  const channel = channels[row.channel === 'email' ? 'email' : 'sms'];
  const proof = await channel
    .evidence({ to: message.to, body: message.body, since, claimed: await claimedIds(db, since) })
    .catch((error: unknown) => ({ kind: 'no-answer' as const, why: String(error) }));
  const now = clock.now().toISOString();
  const settledAt = later(since, graceMillis);
  const wait = (until: string, why: string): OutreachEvent[] => [{ type: 'outreach.in-doubt.v1', data: { outreachId, until, why } }];
  switch (proof.kind) {
    case 'accepted':
      return [sentEvent(row, proof.providerMessageId, since.toISOString())];
    case 'not-found':
      if (now < settledAt) return wait(settledAt, "not in the carrier's list yet");
      return [{ type: 'outreach.deferred.v1', data: { outreachId, until: now, why: "the carrier's list shows that it never arrived" } }];
    case 'no-answer':
      return wait(later(now, minutes(5)), proof.why);
    case 'unprovable':
      return [{ type: 'outreach.unproven.v1', data: { ...aboutOf(row), why: proof.why } }];
  }
}

/** Records what became of an attempt, unless the row has gone on without it: a proof that came meanwhile is not undone. */
async function record(context: FollowUpContext, { row: { outreachId }, attemptId }: Claimed, events: readonly OutreachEvent[]): Promise<string> {
  const written = inTransaction(context.db, async (trx) => {
    const row = await lockedRow(trx, outreachId);
    if (row === undefined || row.attemptId !== attemptId || row.nextAttemptAt === null) return 'overtaken';
    await append(trx, context, row, events);
    return (await findOutreach(trx, [outreachId])).get(outreachId)?.status ?? 'unknown';
  });
  // Two attempts in doubt looked for the same text at once: the other one has it, this one looks again.
  return written.catch((error: unknown) => {
    if (isDuplicate(error)) return 'looked for again';
    throw error;
  });
}

/**
 * Takes a carrier's report. Reports may come twice and in any order: the same one again changes nothing, and none takes an
 * end back. A report on an attempt in doubt is its proof. Answers false when no row knows of it.
 */
export async function recordStatus(context: FollowUpContext, report: StatusReport): Promise<boolean> {
  return inTransaction(context.db, async (trx) => {
    const found = await outreachOfReport(trx, report);
    if (found === null) return false;
    await lockOutreach(trx, found.stream);
    const row = (await findOutreach(trx, [found.id])).get(found.id);
    if (row === undefined) return false;
    await append(trx, context, row, reported(row, report, context.clock.now().toISOString()), (index) =>
      deterministicId('report', report.key, row.outreachId, index),
    );
    return true;
  });
}

function reported(row: Outreach, { providerMessageId, stage, error }: StatusReport, now: string): OutreachEvent[] {
  const isOpen = row.nextAttemptAt !== null;
  if (!isOpen && row.status !== 'sent') return [];
  const accepted = isOpen ? [sentEvent(row, providerMessageId, row.attemptedAt ?? now)] : [];
  if (stage === 'delivered') return [...accepted, { type: 'outreach.delivered.v1', data: { outreachId: row.outreachId } }];
  if (stage !== 'not-delivered') return accepted;
  const why = `the carrier took it and could not deliver it${error === null ? '' : `: ${error.reason} (${error.code})`}`;
  return [...accepted, { type: 'outreach.failed.v1', data: { ...aboutOf(row), why, reason: error?.reason, code: error?.code } }];
}
