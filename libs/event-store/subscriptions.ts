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
const pollMillis = 200;
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
  for (let left = holders; left.length > 0; ) {
    await pause(fenceStepMillis);
    const now = new Set((await readFence(db)).holders);
    left = left.filter((holder) => now.has(holder));
  }
  return drawn;
}

const connectionLost = (error: unknown) =>
  error instanceof Error && (/terminat|ECONN|Connection|timeout/i.test(error.message) || ('code' in error && String(error.code).startsWith('57P')));

/** Runs every subscription of a process: each sees each event of its types once, in order, whatever the writers do. */
export class Subscriptions {
  readonly #db: Database;
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #all: readonly Subscription[];
  readonly #report: (error: unknown, subscription: string) => void;
  #running: Promise<void> | null = null;
  #stopped = false;
  #wake: (() => void) | null = null;

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

  /** Takes everything that is settled now, through every subscription, until none has anything left. Answers how many events. */
  async drain(): Promise<number> {
    let total = 0;
    for (let round = -1; round !== 0; ) {
      round = 0;
      for (const subscription of this.#all) round += await this.#drainOne(subscription);
      total += round;
    }
    return total;
  }

  /** Follows the log until `stop`; `wake` after a commit saves the wait for the next poll. */
  start(): void {
    this.#stopped = false;
    this.#running ??= this.#follow();
  }

  wake(): void {
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#running;
    this.#running = null;
  }

  async #follow(): Promise<void> {
    while (!this.#stopped) {
      const handled = await this.drain().catch((error: unknown) => (this.#report(error, 'all'), 0));
      if (handled === 0 && !this.#stopped) await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    const asleep = new AbortController();
    this.#wake = () => asleep.abort();
    await pause(pollMillis, undefined, { signal: asleep.signal, ref: false }).catch(() => undefined);
    this.#wake = null;
  }

  async #drainOne(subscription: Subscription): Promise<number> {
    const upTo = await settledPosition(this.#db);
    let handled = 0;
    for (let batch = -1; batch !== 0; handled += Math.max(batch, 0)) {
      batch = await this.#takeBatch(subscription, upTo);
      if (batch < 0) break;
    }
    return handled;
  }

  /** One batch and its checkpoint in one transaction. Answers how many events, 0 at the end, -1 when another process holds it. */
  async #takeBatch(subscription: Subscription, upTo: number): Promise<number> {
    const taken: { from: number; events: RecordedEvent[] } = { from: 0, events: [] };
    try {
      return await inTransaction(this.#db, async (trx) => {
        const from = await this.#lockCheckpoint(trx, subscription.name);
        if (from === null) return -1;
        const events = await this.#store.readAfter(trx, from, upTo, batchEvents, subscription.types);
        Object.assign(taken, { from, events });
        if (events.length > 0) await subscription.handle(trx, events);
        const reached = events.length < batchEvents ? upTo : (events.at(-1)?.position ?? upTo);
        if (reached > from) await this.#moveCheckpoint(trx, subscription.name, reached);
        return events.length;
      });
    } catch (error) {
      if (connectionLost(error) || error instanceof Conflict || taken.events.length === 0) throw error;
      this.#report(error, subscription.name);
      return this.#takeOneByOne(subscription, taken.events);
    }
  }

  /** After a failure in a batch each event has its own transaction; the one that fails is parked and stops nobody. */
  async #takeOneByOne(subscription: Subscription, events: readonly RecordedEvent[]): Promise<number> {
    for (const event of events) {
      try {
        await inTransaction(this.#db, async (trx) => {
          await subscription.handle(trx, [event]);
          await this.#moveCheckpoint(trx, subscription.name, event.position);
        });
      } catch (error) {
        if (connectionLost(error)) throw error;
        this.#report(error, subscription.name);
        await this.#park(subscription.name, event, error);
      }
    }
    return events.length;
  }

  async #park(name: string, { position }: RecordedEvent, error: unknown): Promise<void> {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    await inTransaction(this.#db, async (trx) => {
      const row = { name, position, reason, parked_at: this.#clock.now() };
      await trx.insertInto('parked_event').values(row).onConflict((conflict) => conflict.doNothing()).execute();
      await this.#moveCheckpoint(trx, name, position);
    });
  }

  /** The checkpoint's row is the lock: one consumer of a subscription at a time, in whichever process. */
  async #lockCheckpoint(trx: Transaction, name: string): Promise<number | null> {
    const held = await trx.selectFrom('checkpoint').select('position').where('name', '=', name).forUpdate().skipLocked().executeTakeFirst();
    if (held !== undefined) return held.position;
    const made = await trx.insertInto('checkpoint').values({ name, position: 0 }).onConflict((conflict) => conflict.doNothing()).returning('position').executeTakeFirst();
    return made?.position ?? null;
  }

  async #moveCheckpoint(trx: Transaction, name: string, position: number): Promise<void> {
    await trx
      .insertInto('checkpoint')
      .values({ name, position })
      .onConflict((conflict) => conflict.columns(['clinic_id', 'name']).doUpdateSet({ position }).where('checkpoint.position', '<', position))
      .execute();
  }
}

