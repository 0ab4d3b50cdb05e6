import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Clock, Conflict, type Database, inTransaction, type Reader, type Transaction } from '#platform';
import type { EventStore } from './event-store.js';
import type { RecordedEvent, Subscription } from './types.js';

/*
 * How a reader skips nothing and inverts nothing, while nobody waits for it (the holder fence):
 * a writer takes a shared lock, then draws positions, and holds the lock until it has committed. A reader reads the
 * sequence (H), then lists the holders of the lock. Every position up to H that is not committed yet belongs to one of
 * those holders; once they are gone, everything up to H is settled.
 */

const batchEvents = 500;
const [pollMillis, breathMillis] = [200, 15];
const fenceStepMillis = 2;

interface Fence {
  readonly drawn: number;
  readonly holders: readonly string[];
}

async function readFence(db: Reader): Promise<Fence> {
  const { rows } = await sql<Fence>`select drawn, holders from fence()`.execute(db);
  return rows[0] ?? { drawn: 0, holders: [] };
}

/** The highest position below which nothing can appear any more. Waits for the writers of this moment, and no others. */
export async function settledPosition(db: Reader): Promise<number> {
  const { drawn, holders } = await readFence(db);
  for (let left = holders; left.length > 0;) {
    await pause(fenceStepMillis);
    const now = new Set((await readFence(db)).holders);
    left = left.filter((holder) => now.has(holder));
  }
  return drawn;
}

const patientTries = 10;

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');
/** The database went away or is short of something: the same event may well be taken later. */
const isPassing = (error: unknown) =>
  /^(08|53|57P|ECONN|EPIPE|ETIMEDOUT)/.test(codeOf(error)) ||
  (error instanceof Error && /^Connection terminated|timeout exceeded when trying to connect/.test(error.message));

/** Runs every subscription of a process: each sees each event of its types once, in order, whatever the writers do. */
export class Subscriptions {
  readonly #db: Database;
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #all: readonly Subscription[];
  readonly #report: (error: unknown, subscription: string) => void;
  #draining: Promise<unknown> = Promise.resolve();
  #running: Promise<void> | null = null;
  #stopped = false;
  #woken = false;
  #rouse: () => void = () => undefined;
  #handled = 0;

  constructor(options: {
    db: Database;
    store: EventStore;
    clock: Clock;
    subscriptions: readonly Subscription[];
    report?: (error: unknown, subscription: string) => void;
  }) {
    this.#db = options.db;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#all = options.subscriptions;
    this.#report = options.report ?? (() => undefined);
  }

  /**
   * Takes everything that is settled now, through every subscription, and what their handlers append, until none has
   * anything left. Answers how many events. Drains of one process follow each other.
   */
  drain(): Promise<number> {
    const drained = this.#draining.then(() => this.#drain());
    this.#draining = drained.catch(() => undefined);
    return drained;
  }

  /** How many events were taken so far, by whoever asked for it: unchanged means that nothing happened meanwhile. */
  get handled(): number {
    return this.#handled;
  }

  /** Follows the log until `stop`; `wake` after a commit saves the wait for the next poll. */
  start(): void {
    this.#stopped = false;
    this.#running ??= this.#follow();
  }

  wake(): void {
    this.#woken = true;
    this.#rouse();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#running;
    this.#running = null;
  }

  /** Gives parked events to their subscriptions again, oldest first. Answers how many were taken this time; the others stay parked. */
  async retryParked(): Promise<number> {
    let taken = 0;
    for (const subscription of this.#all) {
      const parked = await this.#db.selectFrom('parked_event').select('position').where('name', '=', subscription.name).orderBy('position').execute();
      for (const { position } of parked) {
        const [event] = await this.#store.readAfter(this.#db, position - 1, position, 1);
        if (event === undefined) continue;
        const retried = await inTransaction(this.#db, async (trx) => {
          const mine = trx.deleteFrom('parked_event').where('name', '=', subscription.name).where('position', '=', position);
          if ((await mine.executeTakeFirst()).numDeletedRows === 0n) return 0;
          await subscription.handle(trx, [event]);
          return 1;
        }).catch((error: unknown) => (this.#report(error, subscription.name), 0));
        taken += retried;
      }
    }
    return taken;
  }

  /** Puts everything that is in the log behind them, unhandled: for a history that was written together with what followed from it. */
  async passOver(): Promise<void> {
    const upTo = await settledPosition(this.#db);
    for (const { name } of this.#all)
      await inTransaction(this.#db, async (trx) => {
        if ((await this.#lockCheckpoint(trx, name)) !== null) await this.#moveCheckpoint(trx, name, upTo);
      });
  }

  async #follow(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      const handled = await this.drain().catch((error: unknown) => (this.#report(error, 'all'), 0));
      if (this.#stopped) return;
      // Under load a commit follows the other: what comes within a breath is taken in one transaction for all.
      if (handled > 0 || this.#woken) await pause(breathMillis, undefined, { ref: false });
      else await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    const asleep = new AbortController();
    this.#rouse = () => asleep.abort();
    await pause(pollMillis, undefined, { signal: asleep.signal, ref: false }).catch(() => undefined);
  }

  async #drain(): Promise<number> {
    let total = 0;
    for (let round = -1; round !== 0; total += round, this.#handled += round) {
      round = 0;
      const upTo = await settledPosition(this.#db);
      // Who stops finishes the batch in hand and leaves the rest, which is not lost: the checkpoint stands before it.
      for (const subscription of await this.#behind(upTo)) if (!this.#stopped) round += await this.#drainOne(subscription, upTo);
    }
    return total;
  }

  /** The subscriptions that have not come so far yet: when nothing happens, a poll is two queries and no transaction. */
  async #behind(upTo: number): Promise<Subscription[]> {
    const names = this.#all.map(({ name }) => name);
    if (upTo === 0 || names.length === 0) return [];
    const reached = await this.#db.selectFrom('checkpoint').select('name').where('name', 'in', names).where('position', '>=', upTo).execute();
    const done = new Set(reached.map(({ name }) => name));
    return this.#all.filter(({ name }) => !done.has(name));
  }

  async #drainOne(subscription: Subscription, upTo: number): Promise<number> {
    let handled = 0;
    for (let batch = batchEvents; batch === batchEvents && !this.#stopped;) handled += batch = await this.#takeBatch(subscription, upTo);
    return handled;
  }

  /** One batch and its checkpoint in one transaction. Answers how many events; 0 also when another process is at it. */
  async #takeBatch(subscription: Subscription, upTo: number): Promise<number> {
    let taken: RecordedEvent[] = [];
    try {
      return await inTransaction(this.#db, async (trx) => {
        taken = [];
        const from = await this.#lockCheckpoint(trx, subscription.name);
        if (from === null) return 0;
        taken = (await subscription.idle?.(trx)) === true ? [] : await this.#store.readAfter(trx, from, upTo, batchEvents, subscription.types);
        if (taken.length > 0) await subscription.handle(trx, taken);
        const reached = taken.length < batchEvents ? upTo : (taken.at(-1)?.position ?? upTo);
        if (reached > from) await this.#moveCheckpoint(trx, subscription.name, reached);
        return taken.length;
      });
    } catch (error) {
      if (isPassing(error) || taken.length === 0) throw error;
      if (taken.length > 1 || !(error instanceof Conflict)) this.#report(error, subscription.name);
      for (const event of taken) await this.#takeAlone(subscription, event);
      return taken.length;
    }
  }

  /** After a failure in a batch each event has its own transaction; the one that fails is parked and stops nobody. */
  async #takeAlone(subscription: Subscription, event: RecordedEvent): Promise<void> {
    try {
      await this.#passing(subscription.name, event, (trx) => subscription.handle(trx, [event]), patientTries);
    } catch (error) {
      if (isPassing(error)) throw error;
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const row = { name: subscription.name, position: event.position, reason, parked_at: this.#clock.now() };
      await this.#passing(subscription.name, event, (trx) =>
        trx
          .insertInto('parked_event')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      );
    }
  }

  /** Does `work` and moves the checkpoint past the event, unless another process has done so. */
  async #passing(name: string, { position }: RecordedEvent, work: (trx: Transaction) => Promise<unknown>, tries?: number): Promise<void> {
    await inTransaction(
      this.#db,
      async (trx) => {
        const from = await this.#lockCheckpoint(trx, name);
        if (from === null || from >= position) return;
        await work(trx);
        await this.#moveCheckpoint(trx, name, position);
      },
      tries,
    );
  }

  /** The checkpoint's row is the lock: one consumer of a subscription at a time, in whichever process. */
  async #lockCheckpoint(trx: Transaction, name: string): Promise<number | null> {
    const held = await trx.selectFrom('checkpoint').select('position').where('name', '=', name).forUpdate().skipLocked().executeTakeFirst();
    if (held !== undefined) return held.position;
    const fresh = trx
      .insertInto('checkpoint')
      .values({ name, position: 0 })
      .onConflict((conflict) => conflict.doNothing());
    return (await fresh.returning('position').executeTakeFirst())?.position ?? null;
  }

  async #moveCheckpoint(trx: Transaction, name: string, position: number): Promise<void> {
    await trx.updateTable('checkpoint').set({ position }).where('name', '=', name).where('position', '<', position).execute();
  }
}
