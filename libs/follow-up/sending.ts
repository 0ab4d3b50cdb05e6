/*
 * From a row that is due to its end, in three steps: a short transaction claims it and commits `attempting` before anything
 * leaves; the channel is asked with no transaction open; another short transaction records the answer. Whatever happens in
 * between, the row says what is known, and nothing is sent again on a guess (invariants 5, 6, 7).
 */
import type { Refused, SendAnswer, StatusReport } from '#messaging';
import { inTransaction, isDuplicate, lockInOrder, newId, Together, type Transaction } from '#platform';
import { approvedTexts, claimContexts, type Known, type MadeMessage, messageFor, type Texts } from './claim-context.js';
import { decideClaim, graceMillis, later, leaseMillis, minutes, type Outreach, retryAt, type Verdict } from './decider.js';
import type { OutreachEvent } from './events.js';
import { again, type Again, appendAll, endOf, type Entry, type FollowUpContext, lockedRows, type Said, streamFor } from './ledger.js';
import { proved } from './proof.js';
import { claimedIds, findOutreach, firstAttemptAt } from './queries.js';
import { recordReports, sentIn, takeEarly } from './reports.js';
import { substitute, substituteId } from './substitute.js';

/** A wake-up call for a row. `version`: the row that the call was set for; a call without one speaks of the row as it is. */
export interface Call {
  readonly outreachId: string;
  readonly version?: number | undefined;
}

interface Claimed {
  readonly context: FollowUpContext;
  readonly do: 'send' | 'resolve';
  readonly row: Outreach;
  readonly attemptId: string;
  readonly message: MadeMessage;
}

interface Ended {
  readonly claimed: Claimed;
  readonly events: readonly OutreachEvent[];
}

/**
 * Answers wake-up calls and carriers' reports, many in one transaction while there are many; `context` is asked for once a
 * transaction.
 */
export class Sender {
  readonly #claims: Together<Call, Claimed | string | Again>;
  readonly #ends: Together<Ended, string>;
  readonly #reports: Together<StatusReport, boolean | Again>;

  constructor(context: () => Promise<FollowUpContext>) {
    this.#claims = new Together(async (calls) => claimAll(await context(), calls));
    this.#ends = new Together(async (ended) => recordAll(await context(), ended));
    this.#reports = new Together(async (reports) => recordReports(await context(), reports));
  }

  /** As `sendDue`. */
  async send(call: Call): Promise<string> {
    let claimed = await this.#claims.ask(call);
    while (claimed === again) claimed = await this.#claims.ask(call);
    if (typeof claimed === 'string') return claimed;
    return this.#ends.ask({ claimed, events: await carryOver(claimed) });
  }

  /**
   * Takes a carrier's report: the same one again changes nothing, and a report on an attempt in doubt is its proof. Answers
   * false when no row knows of it; it is kept until one does.
   */
  async report(report: StatusReport): Promise<boolean> {
    let known = await this.#reports.ask(report);
    while (known === again) known = await this.#reports.ask(report);
    return known;
  }
}

/**
 * Answers one wake-up call: sends the row, moves it, ends it, or does nothing, whatever the row says by now.
 * @returns what was done, for logs and tests.
 */
export const sendDue = (context: FollowUpContext, outreachId: string, version?: number): Promise<string> =>
  new Sender(async () => context).send({ outreachId, version });

const carryOver = (claimed: Claimed): Promise<readonly OutreachEvent[]> => (claimed.do === 'send' ? handOver(claimed) : lookUp(claimed));

/** What the claims of one transaction share. */
interface Claims {
  readonly trx: Transaction;
  readonly context: FollowUpContext;
  readonly texts: Texts;
}

interface Decided {
  readonly answer: Claimed | string;
  readonly entry?: Entry;
}

function claimAll(context: FollowUpContext, calls: readonly Call[]): Promise<(Claimed | string | Again)[]> {
  return inTransaction(context.db, async (trx) => {
    const { rows, later: postponed } = await lockedRows(
      trx,
      calls.map(({ outreachId }) => outreachId),
    );
    const versions = new Map(calls.map(({ outreachId, version }) => [outreachId, version]));
    const claiming = [...rows.values()];
    const known = await claimContexts(trx, context, claiming);
    const claims: Claims = { trx, context, texts: approvedTexts(trx) };
    const decided = new Map<string, Decided>();
    for (const [index, row] of claiming.entries())
      decided.set(row.outreachId, await claim(claims, row, versions.get(row.outreachId) ?? row.version, known[index] as Known));
    await appendAll(
      trx,
      context,
      [...decided.values()].flatMap(({ entry }) => entry ?? []),
    );
    // The same row called for twice: the first call answers for both, what is sent is sent once.
    const seen = new Set<string>();
    return calls.map(({ outreachId }) => {
      if (postponed.has(outreachId) || seen.has(outreachId)) return again;
      seen.add(outreachId);
      return decided.get(outreachId)?.answer ?? 'unknown';
    });
  });
}

async function claim(claims: Claims, row: Outreach, version: number, known: Known): Promise<Decided> {
  const now = claims.context.clock.now().toISOString();
  const verdict = decideClaim(row, version, now, known);
  if (verdict.do === 'nothing') return { answer: verdict.why };
  if (verdict.do === 'send' || verdict.do === 'resolve') return claimMessage(claims, row, verdict.do, known);
  return { answer: verdict.do, entry: { about: row, events: await eventsOf(claims.trx, row, verdict, now) } };
}

/** Makes the message and takes the row. A text that cannot be made ends the row: a message with a hole must not leave. */
async function claimMessage({ trx, context, texts }: Claims, row: Outreach, step: Claimed['do'], known: Known): Promise<Decided> {
  const made = await messageFor(trx, context, row, known, texts).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  if (made instanceof Error) {
    const data = { ...endOf(row), why: `the text could not be made: ${made.message}` };
    return { answer: 'failed', entry: { about: row, events: [{ type: step === 'send' ? 'outreach.failed.v1' : 'outreach.unproven.v1', data }] } };
  }
  if (step === 'resolve') return { answer: { context, do: 'resolve', row, attemptId: row.attemptId ?? '', message: made } };
  const now = context.clock.now();
  const attemptId = newId(now);
  const data = { outreachId: row.outreachId, attemptId, at: now.toISOString(), leaseUntil: later(now, leaseMillis), textVersion: made.textVersion };
  return {
    answer: { context, do: 'send', row: { ...row, textVersion: made.textVersion }, attemptId, message: made },
    entry: { about: row, events: [{ type: 'outreach.attempted.v1', data, ...saidOf(row, made) }] },
  };
}

/** The link leads to the patient's own page: whoever reads the thread must not be able to follow it. */
const hidden = (text: string) => text.replace(/(\/p\/)[\w-]{16,}/g, '$1…');

/** What the thread will show. Pages are no word to the patient, and what a person wrote stands there already. */
function saidOf({ category, template }: Outreach, { body, email }: MadeMessage): { readonly said?: Said } {
  if (category === 'page' || template === 'written') return {};
  return { said: { body: hidden(body), ...(email === undefined ? {} : { subject: email.subject }) } };
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
      return [{ type: 'outreach.missed.v1', data: { ...endOf(row), why } }];
    case 'give-up':
      return [{ type: 'outreach.unproven.v1', data: { ...endOf(row), why } }];
    case 'divert':
      return divert(trx, row, verdict.to, why, now);
  }
}

/** The same touchpoint by the other channel, at once: the row is called off and another takes its place. */
async function divert(trx: Transaction, row: Outreach, channel: 'sms' | 'email', why: string, now: string): Promise<OutreachEvent[]> {
  const taken = (await findOutreach(trx, [substituteId(row, channel)])).size > 0;
  if (taken) return [{ type: 'outreach.missed.v1', data: { ...endOf(row), why } }];
  const said = `${why}: it goes by ${channel === 'email' ? 'e-mail' : 'text message'}`;
  return [{ type: 'outreach.cancelled.v1', data: { outreachId: row.outreachId, why: said } }, substitute(row, channel, why, now)];
}

async function handOver({ context: { channels, clock }, row, message, attemptId }: Claimed): Promise<OutreachEvent[]> {
  const channel = channels[row.channel === 'email' ? 'email' : 'sms'];
  const answer = await channel
    .send(message, attemptId)
    .catch((error: unknown): SendAnswer => ({ kind: 'in-doubt', why: `the channel broke: ${String(error)}` }));
  const now = clock.now().toISOString();
  if (answer.kind === 'sent') return proved(row, { providerMessageId: answer.providerMessageId, attemptId, at: now });
  if (answer.kind === 'in-doubt')
    return [{ type: 'outreach.in-doubt.v1', data: { outreachId: row.outreachId, until: later(now, graceMillis), why: answer.why } }];
  return [refusedEvent(row, answer, now)];
}

/** A definite no: tried again as a row while that makes sense, else the end of it. */
function refusedEvent(row: Outreach, { retry, reason, code, why }: Refused, now: string): OutreachEvent {
  const until = retry === 'once' ? later(now, minutes(30)) : retryAt({ ...row, attempts: row.attempts + 1 }, now);
  const again = retry === 'later' || (retry === 'once' && row.attempts === 0);
  const account = reason === 'account' ? { account: row.channel } : {};
  if (again && until < row.expiresAt) return { type: 'outreach.deferred.v1', data: { outreachId: row.outreachId, until, why, ...account } };
  return { type: 'outreach.failed.v1', data: { ...endOf(row), why, reason, code } };
}

/**
 * Looks for proof of an attempt in doubt, or of one before it that the list did not show then. Only a list that was complete and
 * lacks the message allows another attempt.
 */
async function lookUp({ context: { db, channels, clock }, row, message, attemptId }: Claimed): Promise<OutreachEvent[]> {
  const { outreachId } = row;
  const at = row.attemptedAt ?? row.dueAt;
  const since = (await firstAttemptAt(db, outreachId)) ?? new Date(at);
  const channel = channels[row.channel === 'email' ? 'email' : 'sms'];
  const proof = await channel
    .evidence({ to: message.to, body: message.body, since, claimed: await claimedIds(db, since) })
    .catch((error: unknown) => ({ kind: 'no-answer' as const, why: String(error) }));
  const now = clock.now().toISOString();
  const settledAt = later(at, graceMillis);
  const wait = (until: string, why: string): OutreachEvent[] => [{ type: 'outreach.in-doubt.v1', data: { outreachId, until, why } }];
  switch (proof.kind) {
    case 'accepted':
      return proved(row, { providerMessageId: proof.providerMessageId, attemptId, at });
    case 'not-found':
      if (now < settledAt) return wait(settledAt, "not in the carrier's list yet");
      return [{ type: 'outreach.deferred.v1', data: { outreachId, until: now, why: "the carrier's list shows that it never arrived" } }];
    case 'no-answer':
      return wait(later(now, minutes(5)), proof.why);
    case 'unprovable':
      return [{ type: 'outreach.unproven.v1', data: { ...endOf(row), why: proof.why } }];
  }
}

/**
 * Records what became of attempts. A row that has gone on without one (a proof came meanwhile, its lease ran out) is not
 * undone by it; but that a message left is recorded, whatever the row says by then.
 */
async function recordAll(context: FollowUpContext, ended: readonly Ended[]): Promise<string[]> {
  const written = inTransaction(context.db, async (trx) => {
    const ids = ended.map(({ claimed }) => claimed.row.outreachId);
    await lockInOrder(
      trx,
      ended.map(({ claimed }) => streamFor(claimed.row)),
    );
    const rows = await findOutreach(trx, ids);
    const standing = ended.map((one): Ended => {
      const stored = rows.get(one.claimed.row.outreachId);
      return { ...one, events: stored === undefined ? [] : stillTrue(stored, one) };
    });
    await appendAll(trx, context, byStream(standing));
    const after = await findOutreach(trx, ids);
    return standing.map(({ claimed, events }) => (events.length === 0 ? 'overtaken' : (after.get(claimed.row.outreachId)?.status ?? 'overtaken')));
  });
  // Two attempts in doubt looked for the same text at once: the other one has it, this one looks again.
  const answers = await written.catch((error: unknown) => {
    if (ended.length === 1 && isDuplicate(error)) return ['looked for again'];
    throw error;
  });
  await takeEarly(context, sentIn(ended.flatMap(({ events }) => events)));
  return answers;
}

/** What of an attempt's end still holds for the row as it is stored by now. */
function stillTrue(stored: Outreach, { claimed: { attemptId }, events }: Ended): readonly OutreachEvent[] {
  if (stored.attemptId === attemptId && stored.nextAttemptAt !== null) return events;
  return events.flatMap((event) =>
    event.type === 'outreach.sent.v1' ? proved(stored, { providerMessageId: event.data.providerMessageId, attemptId, at: event.data.sentAt }) : [],
  );
}

/** Ends of several rows of one patient, in one entry of their stream. */
function byStream(ended: readonly Ended[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const { claimed, events } of ended) {
    const stream = streamFor(claimed.row);
    entries.set(stream, { about: claimed.row, events: [...(entries.get(stream)?.events ?? []), ...events] });
  }
  return [...entries.values()];
}

/** As `Sender.report`, of one report alone. */
export const recordStatus = (context: FollowUpContext, report: StatusReport): Promise<boolean> => new Sender(async () => context).report(report);
