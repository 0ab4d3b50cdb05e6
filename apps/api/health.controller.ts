import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { sql } from 'kysely';
import type { Registry } from 'prom-client';
import type { Database } from '#platform';
import type { JobQueue } from '../../libs/platform/queue.js';
import { Open } from './access.js';

@ApiExcludeController()
@Controller()
@Open()
export class HealthController {
  constructor(
    @Inject('database') private readonly db: Database,
    @Inject('queue') private readonly queue: JobQueue,
    @Inject('metrics') private readonly metrics: Registry,
  ) {}

  /** Alive: this process answers. */
  @Get('healthz')
  alive() {
    return { status: 'alive' };
  }

  /** Ready: the database answers and is migrated, the queue answers. */
  @Get('readyz')
  async ready(@Res({ passthrough: true }) response: Response) {
    const checks = {
      database: await holds(sql`select 1`.execute(this.db)),
      migrations: await holds(this.db.selectFrom('event').select('position').limit(1).execute()),
      queue: await holds(this.queue.depth()),
    };
    const ready = Object.values(checks).every((check) => check);
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', checks };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async text() {
    return this.metrics.metrics();
  }
}

const holds = (check: Promise<unknown>): Promise<boolean> =>
  check.then(
    () => true,
    () => false,
  );
