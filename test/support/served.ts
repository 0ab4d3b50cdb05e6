import { Module, type Type } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import supertest from 'supertest';
import { openLog } from '../../libs/platform/logging.js';
import { ProblemFilter } from '../../libs/platform/problem.js';
import type { Clock, Database } from '#platform';
import { AccessGuard } from '../../apps/api/access.js';
import { AnswersFit } from './answers.js';

export interface Served {
  readonly http: ReturnType<typeof supertest>;
  readonly address: string;
  close(): Promise<void>;
}

/** Controllers over HTTP behind the product's own guard and its problem+json, held to what they describe. `afterglow` holds what they use of it. */
export async function serve<T extends { readonly db: Database; readonly clock: Clock }>(controllers: Type[], afterglow: T): Promise<Served> {
  @Module({
    controllers,
    providers: [
      { provide: 'afterglow', useValue: afterglow },
      { provide: 'database', useValue: afterglow.db },
      { provide: 'clock', useValue: afterglow.clock },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_INTERCEPTOR, useClass: AnswersFit },
    ],
  })
  class Controllers {}
  const app = await NestFactory.create<NestExpressApplication>(Controllers, { logger: false });
  app.useGlobalFilters(new ProblemFilter(openLog('silent')));
  await app.listen(0, '127.0.0.1');
  return { http: supertest(app.getHttpServer()), address: await app.getUrl(), close: () => app.close() };
}
