import { createPostgresBackend, type JobsOptions, Queue, type QueueOptions, Worker } from 'bullmq';
import { Rejected } from './errors.js';
import type { JsonObject } from './json.js';
import { type QueueState, RedisState } from './redis-state.js';

/** Where BullMQ keeps its jobs: Redis when there is one, else a schema of its own in the product's Postgres. */
export interface QueueHome {
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
}

/** A wake-up call: a name, ids to look things up by, and when. Never personal data (invariant 11). */
export interface Job {
  readonly name: string;
  readonly payload: JsonObject;
  /** The same id is not queued twice at once. No colon, not digits alone: BullMQ refuses both. */
  readonly id?: string;
  readonly delayMillis?: number;
}

export type JobHandler = (name: string, payload: JsonObject) => Promise<void>;

const schema = 'bullmq';
/** A queue that does not answer must not hold up the ledger: its sweeper delivers what the alarm clock could not. */
const patienceMillis = 2_000;
/** What was not answered for so long never will be. */
const swallowedMillis = 10_000;
const closeTimeoutMillis = 1_500;
/** Its tables are made in this time, or the database is the wrong one. */
const tablesTimeoutMillis = 10_000;
const keep: JobsOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000 },
  removeOnComplete: true,
  removeOnFail: { age: 7 * 24 * 3600, count: 1_000 },
};

const retryStrategy = (times: number) => Math.min(times * 100, 2_000);

function connectionOf(home: QueueHome) {
  return home.redisUrl === undefined
    ? { backend: 'postgres' as const, connection: { connectionString: home.databaseUrl, schema, migrate: true, max: 4 } }
    : { backend: 'redis' as const, connection: { url: home.redisUrl, maxRetriesPerRequest: null, retryStrategy } };
}

function openBull(name: string, home: QueueHome): Queue {
  const { backend, connection } = connectionOf(home);
  const options = { connection, defaultJobOptions: keep } as QueueOptions;
  return backend === 'redis' ? new Queue(name, options) : (new Queue(name, options as never, createPostgresBackend as never) as Queue);
}

function openBullWorker(name: string, home: QueueHome, handle: JobHandler, concurrency: number): Worker {
  const { backend, connection } = connectionOf(home);
  const process = async (job: { name: string; data: JsonObject }) => handle(job.name, job.data);
  // A worker that was killed must not keep its jobs for a minute (BullMQ's default): eight seconds are enough for a send.
  const options = { connection, concurrency, lockDuration: 5_000, stalledInterval: 5_000, maxStalledCount: 3 };
  return backend === 'redis'
    ? new Worker(name, process, options as never)
    : (new Worker(name, process, options as never, createPostgresBackend as never) as Worker);
}

/** One named BullMQ queue, on Redis or on Postgres alike. It may lose everything at any moment; the ledgers may not. */
export class JobQueue {
  readonly #queue: Queue;
  readonly #workers: Worker[] = [];
  readonly #report: (error: Error) => void;
  readonly #redis: RedisState | null;
  /** Calls that were given up on and may still be answered. */
  #unanswered = 0;
  #nextTryAt = 0;

  constructor(
    readonly name: string,
    private readonly home: QueueHome,
    report: (error: Error) => void = () => undefined,
  ) {
    this.#report = report;
    this.#queue = openBull(name, home);
    this.#queue.on('error', report);
    this.#redis = home.redisUrl === undefined ? null : new RedisState(home.redisUrl, `afterglow:${name}:filled`);
  }

  /**
   * Resolves once the back end answers; the Postgres back end makes its tables here. Answers false when Redis is away: it is
   * taken up when it comes, and until then the ledgers are served without it. @throws Rejected `queue_away` of Postgres.
   */
  async ready(): Promise<boolean> {
    const ready = this.#queue.waitUntilReady().then(() => true);
    const answer = await within(this.#redis === null ? tablesTimeoutMillis : patienceMillis, ready);
    if (answer === late && this.#redis === null) throw away('DATABASE_URL');
    return answer !== late;
  }

  /** Queues jobs in one round trip. Answers false when the queue did not take them in time: the caller's ledger still holds the work. */
  async add(jobs: readonly Job[]): Promise<boolean> {
    if (jobs.length === 0) return true;
    const bulk = jobs.map(({ name, payload, id, delayMillis }) => ({
      name,
      data: payload,
      opts: { ...(id === undefined ? {} : { jobId: id }), delay: Math.max(0, delayMillis ?? 0) },
    }));
    return this.#ask(() => this.#queue.addBulk(bulk)).then(
      () => true,
      (error: Error) => (this.#report(error), false),
    );
  }

  /**
   * Starts a worker in this process, at work as soon as the back end answers. Handlers read again and decide again: a job may
   * come twice, late, or for nothing.
   */
  async work(handle: JobHandler, concurrency = 20): Promise<void> {
    const worker = openBullWorker(this.name, this.home, handle, concurrency);
    worker.on('error', this.#report);
    worker.on('failed', (_job, error) => this.#report(error));
    this.#workers.push(worker);
    await within(patienceMillis, worker.waitUntilReady());
  }

  /** Jobs that wait or run now (`due`), and those that wait for their hour (`delayed`). @throws Rejected `queue_away`. */
  async depth(): Promise<{ due: number; delayed: number; failed: number }> {
    const counts = await this.#ask(() => this.#queue.getJobCounts('waiting', 'active', 'prioritized', 'delayed', 'failed'));
    const of = (state: string) => counts[state] ?? 0;
    return { due: of('waiting') + of('active') + of('prioritized'), delayed: of('delayed'), failed: of('failed') };
  }

  /**
   * `life` changes when the queue may have lost what it held: the server was started again, flushed, or evicts what it must
   * keep. `risk`: how it may lose jobs unnoticed. On Postgres neither happens. @throws when Redis is away.
   */
  async state(): Promise<QueueState> {
    return this.#redis === null ? { life: 'postgres', risk: null } : this.#redis.look();
  }

  /** Forgets every job, as a flushed Redis does. */
  async flush(): Promise<void> {
    await this.#queue.obliterate({ force: true });
  }

  /** Lets running jobs end, then lets go of the connections; a back end that is away holds nobody up. */
  async close(): Promise<void> {
    this.#redis?.close();
    await within(closeTimeoutMillis, Promise.allSettled(this.#workers.map((worker) => worker.close())));
    await within(closeTimeoutMillis, Promise.allSettled([...this.#workers.map((worker) => worker.close(true)), this.#queue.close()]));
  }

  /**
   * Asks the back end and gives up in time. While a call is unanswered no other is made: they would pile up behind it. One that a
   * broken connection has swallowed is never answered; after a while another is tried.
   */
  async #ask<T>(call: () => Promise<T>): Promise<T> {
    const where = this.#redis === null ? 'DATABASE_URL' : 'REDIS_URL';
    if (this.#unanswered > 0 && performance.now() < this.#nextTryAt) throw away(where);
    const calling = call();
    const answer = await within(patienceMillis, calling);
    if (answer !== late) return answer;
    this.#unanswered += 1;
    this.#nextTryAt = performance.now() + swallowedMillis;
    const answered = () => void (this.#unanswered -= 1);
    calling.then(answered, answered);
    throw away(where);
  }
}

const away = (where: string) => new Rejected('queue_away', `The queue does not answer: is ${where} right, and is its server running?`, { status: 503 });

const late = Symbol('late');

/** Waits for `work`, but no longer than this. */
async function within<T>(millis: number, work: Promise<T>): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof late>((resolve) => (timer = setTimeout(() => resolve(late), millis)));
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
