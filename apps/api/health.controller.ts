import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { sql } from 'kysely';
import type { Registry } from 'prom-client';
import { type Database, systemClock } from '#platform';
import { canaryAge } from '../../libs/platform/canary.js';
import type { JobQueue } from '../../libs/platform/queue.js';
import { Open } from './access.js';
import { Answers } from './answers.js';
import { alive as aliveAnswer, ready as readyAnswer } from './answers/access.js';

@ApiExcludeController()
@Controller()
@Open()
export class HealthController {
  readonly #since = systemClock.now();

  constructor(
    @Inject('database') private readonly db: Database,
    @Inject('queue') private readonly queue: JobQueue,
    @Inject('metrics') private readonly metrics: Registry,
  ) {}

  /** Alive: this process answers. */
  @Get('healthz')
  @Answers(aliveAnswer)
  alive() {
    return { status: 'alive' };
  }

  /**
   * Ready: the database answers and is migrated, the queue answers. `warnings` say what works and may not for long: a queue that
   * rings no more (the sweeper then sends alone), or may lose jobs unseen.
   */
  @Get('readyz')
  @Answers(readyAnswer)
  async ready(@Res({ passthrough: true }) response: Response) {
    const checks = {
      database: await holds(sql`select 1`.execute(this.db)),
      migrations: await holds(this.db.selectFrom('event').select('position').limit(1).execute()),
      queue: await holds(this.queue.depth()),
    };
    const warnings = checks.database && checks.queue ? [await this.silence(), await this.risk()].filter((warning) => warning !== null) : [];
    const ready = Object.values(checks).every((check) => check);
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', checks, ...(warnings.length > 0 && { warnings }) };
  }

  private async silence(): Promise<string | null> {
    const age = await inTime(canaryAge(this.db, this.queue.name)).catch(() => null);
    const silent = age ?? (systemClock.now().getTime() - this.#since.getTime()) / 1_000;
    return silent < silenceSeconds ? null : `The queue has rung for nothing for ${Math.round(silent)} s: is a worker running?`;
  }

  private async risk(): Promise<string | null> {
    return (await inTime(this.queue.state()).catch(() => null))?.risk ?? null;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async text() {
    return this.metrics.metrics();
  }
}

/** Who asks whether we are ready does not wait for long. */
const patienceMillis = 2_500;
/** The canary is put in every 15 s, under one name a minute. */
const silenceSeconds = 180;

async function inTime<T>(check: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => (timer = setTimeout(() => reject(new Error('it does not answer')), patienceMillis)));
  return Promise.race([check, late]).finally(() => clearTimeout(timer));
}

const holds = (check: Promise<unknown>): Promise<boolean> =>
  inTime(check).then(
    () => true,
    () => false,
  );
