import { z } from 'zod';
import { conversationDue, type Due, fetchMedia, nextAwaited, nextConversationDue } from '#conversation';
import { type Subscription, Subscriptions } from '#event-store';
import { handover, nextDueAt, Sender, sweep, type Waking } from '#follow-up';
import { type JsonObject, systemClock } from '#platform';
import { expireHolds, nextHoldEnd } from '#treatment';
import { canaryRang } from '../../libs/platform/canary.js';
import type { Job } from '../../libs/platform/queue.js';
import type { Afterglow } from './afterglow.js';
import { carryOut, followUpOf, mediaOf } from './effects.js';
import { subscriptions } from './flow.js';
import { deliverWebhooks, nextDelivery } from './webhooks/deliver.js';

/** A job that means nothing but that the queue still rings. */
const canary = 'canary';
const wakeJob = z.object({ outreachId: z.string() });
const planned = z.object({ outreachId: z.string(), dueAt: z.string().optional(), until: z.string().optional() });
/** A row that waits so long past its moment was not rung for; with a sweep every 15 s a page still leaves within the minute. */
const deafMillis = 30_000;
const [sweepLimit, handoverLimit] = [500, 5_000];
/** Only this much of the future is in the queue: what lies further off is safe in the ledger alone. */
const horizonMillis = 36 * 3_600_000;

/** The part of the product that acts by itself: follows the log, wakes what is due, sends. As many may run as wanted. */
export class Worker {
  readonly #afterglow: Afterglow;
  /** While so many messages wait for the carrier, their rows are claimed and ended together. */
  readonly #atOnce: number;
  readonly #subscriptions: Subscriptions;
  readonly #sender: Sender;
  #settling: Promise<void> = Promise.resolve();
  /** The queue's life and risk as last seen. */
  #life: string | null = null;
  #risk: string | null = null;

  /** `atOnce`: messages in flight at once. */
  constructor(afterglow: Afterglow, { atOnce = 64 } = {}) {
    this.#atOnce = atOnce;
    const { db, store, clock, log } = afterglow;
    this.#afterglow = afterglow;
    this.#sender = new Sender(() => followUpOf(afterglow));
    const report = (error: unknown, subscription: string) => log.error({ err: error, subscription }, 'a policy or read model could not take an event');
    this.#subscriptions = new Subscriptions({ db, store, clock, subscriptions: [...subscriptions(afterglow), this.#alarms()], report });
  }

  /** Follows the log and takes jobs. The ledgers' next hours are put into the queue, which may have been emptied meanwhile. */
  async start(): Promise<void> {
    const { db, outreachQueue, eventQueue, intake, log } = this.#afterglow;
    await outreachQueue.work((name, payload) => (name === canary ? canaryRang(db, outreachQueue.name) : this.#wake(payload)), this.#atOnce);
    await eventQueue.work(async (_name, event) => void (await intake.acceptOne(event)));
    this.#afterglow.onWake(() => this.#subscriptions.wake());
    this.#subscriptions.start();
    await this.watchQueue().catch((error: unknown) => log.warn({ err: error }, 'the queue could not be filled: the ledger is served without it'));
  }

  async stop(): Promise<void> {
    await this.#subscriptions.stop();
    await this.#settling;
  }

  async #wake(payload: JsonObject): Promise<void> {
    const { outreachId } = wakeJob.parse(payload);
    await this.#sender.send({ outreachId });
    this.#subscriptions.wake();
  }

  /** What was just planned for the next hours goes into the queue at once: an answer must not wait for the sweeper. */
  #alarms(): Subscription {
    return {
      name: 'wake-outreach',
      types: ['outreach.planned.v1', 'outreach.moved.v1', 'outreach.deferred.v1', 'outreach.released.v1', 'outreach.hastened.v1'],
      handle: async (_trx, events) => {
        const { clock, config, outreachQueue } = this.#afterglow;
        const now = clock.now().getTime();
        const furthest = config.AFTERGLOW_CLOCK === 'simulated' ? 0 : horizonMillis;
        const jobs = events.flatMap(({ data, position }): Job[] => {
          const { outreachId, dueAt, until } = planned.parse(data);
          const delayMillis = Date.parse(until ?? dueAt ?? '') - now;
          return delayMillis > furthest ? [] : [{ ...this.#job(outreachId, position), delayMillis }];
        });
        // Not waited for: the queue may be slow or away, and a transaction is open. What it does not take, the sweeper finds.
        void outreachQueue.add(jobs);
      },
    };
  }

  /**
   * A queue that has lost what it held raises no error: it is known by its new life, and filled again. One that is deaf is known
   * by its canary, one a minute, which does not ring. @throws when the queue is away: it is looked for again.
   */
  async watchQueue(): Promise<void> {
    const { outreachQueue, log } = this.#afterglow;
    await outreachQueue.add([{ name: canary, payload: {}, id: `${canary}_${Math.floor(systemClock.now().getTime() / 60_000)}` }]);
    const { life, risk } = await outreachQueue.state();
    if (risk !== null && risk !== this.#risk) log.warn(risk);
    this.#risk = risk;
    if (life !== this.#life && (await this.#fill()).whole) this.#life = life;
  }

  /** Puts the rows of the next hours into the queue, each under its version. Answers how many. */
  async fillQueue(): Promise<number> {
    return (await this.#fill()).filled;
  }

  async #fill(): Promise<{ readonly filled: number; readonly whole: boolean }> {
    const { db, clock, outreachQueue, config } = this.#afterglow;
    // A simulated clock does not let timers of the real one ring: there, rows are woken as they come due.
    if (config.AFTERGLOW_CLOCK === 'simulated') return { filled: 0, whole: true };
    const now = clock.now();
    const horizon = new Date(now.getTime() + horizonMillis);
    let filled = 0;
    for (let last: Waking | null = null; ;) {
      const rows: Waking[] = await handover(db, horizon, handoverLimit, last);
      const taken = await outreachQueue.add(rows.map(({ id, version, at }): Job => ({ ...this.#job(id, version), delayMillis: at.getTime() - now.getTime() })));
      // A queue that takes nothing now is filled at the next round; until then the sweeper wakes what is due.
      if (!taken) return { filled, whole: false };
      filled += rows.length;
      last = rows.at(-1) ?? null;
      if (rows.length < handoverLimit) return { filled, whole: true };
    }
  }

  #job(id: string, version: number | string): Job {
    return { name: 'wake-outreach', payload: { outreachId: id }, id: `${id}_${version}` };
  }

  /** Wakes every row that is due now, straight from the ledger: what the queue lost or never had. */
  async sweep(): Promise<number> {
    const { db, clock, outreachQueue } = this.#afterglow;
    const due = await sweep(db, clock.now(), sweepLimit);
    // A name of its own each minute: a job that failed, or waits for an hour that has passed, keeps its name and would swallow this one.
    const minute = Math.floor(clock.now().getTime() / 60_000);
    const queued = await outreachQueue.add(due.map(({ id, version }) => this.#job(id, `${version}_${minute}`)));
    // A queue that takes calls and never rings looks like one that works: what waits past its moment goes straight from the ledger.
    const overdue = clock.now().getTime() - deafMillis;
    await this.#wakeAll(queued ? due.filter(({ at }) => at.getTime() < overdue) : due);
    return due.length;
  }

  /** Some at a time; one that cannot be done now does not hold up the others, and is found again by the next sweep. */
  async #wakeAll(rows: readonly Waking[]): Promise<void> {
    for (let from = 0; from < rows.length; from += this.#atOnce) {
      const woken = await Promise.allSettled(rows.slice(from, from + this.#atOnce).map(({ id }) => this.#wake({ outreachId: id })));
      for (const one of woken) if (one.status === 'rejected') this.#afterglow.log.error({ err: one.reason as unknown }, 'a due row could not be served');
    }
  }

  /** What a policy could not take may be possible now: it gets another chance. */
  async retryParked(): Promise<void> {
    await this.#subscriptions.retryParked();
  }

  /** Climbs the escalation ladders and follows up on silence; one that cannot be done now holds up no other. */
  async escalate(): Promise<number> {
    const { db, log } = this.#afterglow;
    const report = (error: unknown, due: Due) => log.error({ err: error, due }, 'what came due for a person could not be done');
    const done = await conversationDue({ db, context: this.#afterglow, execute: carryOut(this.#afterglow), report });
    if (done > 0) this.#subscriptions.wake();
    return done;
  }

  /** Lets go of slots whose time to decide is over; one that cannot be let go of now holds up no other. */
  async expireHolds(): Promise<number> {
    const { db, clock, log } = this.#afterglow;
    const next = await nextHoldEnd(db);
    if (next === null || next > clock.now()) return 0;
    const report = (error: unknown, sessionId: string) => log.error({ err: error, sessionId }, 'a slot could not be let go of');
    const ended = await expireHolds(await this.#afterglow.treatment(), report);
    if (ended > 0) this.#subscriptions.wake();
    return ended;
  }

  /** Tells receivers what is due; a slow one holds up nothing but itself. */
  deliverWebhooks(): Promise<number> {
    return deliverWebhooks(this.#afterglow);
  }

  /** Fetches photos that came with texts and stand at the carrier. */
  fetchMedia(): Promise<number> {
    return fetchMedia(this.#afterglow, mediaOf(this.#afterglow.config));
  }

  /** Resolves once nothing is left to do at this instant. */
  settle(outside: () => Promise<void> = async () => undefined): Promise<void> {
    const turn = this.#settling.then(() => this.#settle(outside));
    this.#settling = turn.catch(() => undefined);
    return turn;
  }

  async #settle(outside: () => Promise<void>): Promise<void> {
    for (let round = 0; round < 200; round += 1) {
      // The subscriptions also run by themselves: what they took in the meantime counts, whoever asked them.
      const before = this.#subscriptions.handled;
      await outside();
      await this.#subscriptions.drain();
      const woken = (await this.escalate()) + (await this.expireHolds()) + (await this.sweep()) + (await this.fetchMedia()) + (await this.deliverWebhooks());
      await this.#queueEmpty();
      if (woken === 0 && this.#subscriptions.handled === before) return;
    }
    this.#afterglow.log.error('the product did not come to rest at this instant');
  }

  /** A queue that is away holds nothing that could be waited for. */
  async #queueEmpty(): Promise<void> {
    const { outreachQueue } = this.#afterglow;
    const due = () =>
      outreachQueue
        .depth()
        .then(({ due: count }) => count)
        .catch(() => 0);
    while ((await due()) > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  /** The next moment at which anything wants to happen by itself; null when nothing does. */
  async nextMoment(): Promise<Date | null> {
    const { db } = this.#afterglow;
    const moments = [await nextDueAt(db), await nextConversationDue(db), await nextAwaited(db), await nextDelivery(db), await nextHoldEnd(db)].filter(
      (at) => at !== null,
    );
    return moments.sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
  }
}
