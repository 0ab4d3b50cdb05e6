import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

/** What can be said of the place where the queue keeps its jobs. */
export interface QueueState {
  /** The same as long as nothing was lost. */
  readonly life: string;
  /** How jobs may vanish without an error; null when they may not. */
  readonly risk: string | null;
}

const patienceMillis = 2_000;
const retryStrategy = (times: number) => Math.min(times * 100, 2_000);

const field = (info: string, name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';

/**
 * Watches a Redis for the losses that raise no error anywhere: a start with an empty memory, a flush, an eviction. A marker of
 * our own goes where the jobs go, and the server's run id changes with each start.
 */
export class RedisState {
  readonly #redis: Redis;

  constructor(
    url: string,
    private readonly marker: string,
  ) {
    // Fails at once while the server is away, instead of waiting in line.
    const hurry = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: patienceMillis, connectTimeout: patienceMillis };
    this.#redis = new Redis(url, { ...hurry, lazyConnect: true, retryStrategy });
    // The queue's own connections report that the server is away; here the next look says so.
    this.#redis.on('error', () => undefined);
  }

  /** @throws when the server does not answer in time. */
  async look(): Promise<QueueState> {
    if (this.#redis.status === 'wait') await this.#redis.connect();
    const [server, memory] = [await this.#redis.info('server'), await this.#redis.info('memory')];
    await this.#redis.set(this.marker, randomUUID(), 'NX');
    const policy = field(memory, 'maxmemory_policy');
    const life = `${field(server, 'run_id')} ${await this.#redis.get(this.marker)}`;
    return { life, risk: policy === 'noeviction' ? null : `Redis evicts (maxmemory-policy ${policy}): jobs may vanish. It must be noeviction.` };
  }

  close(): void {
    this.#redis.disconnect();
  }
}
