import type { NextFunction, Request, Response } from 'express';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { lastReconciliations } from '#follow-up';
import { canaryAge } from '../../libs/platform/canary.js';
import type { Afterglow } from '../worker/afterglow.js';

/** The route as it is declared, `/p/:token`: what stands in a path may be a link or a name, and never becomes a label (invariant 11). */
const routeOf = (request: Request) => {
  const route: unknown = request.route;
  return typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string' ? route.path : 'none';
};

/** What the queue holds, and whether it rings. */
function measureQueue(registry: Registry, { db, outreachQueue }: Afterglow): void {
  new Gauge({
    name: 'afterglow_queue_jobs',
    help: 'Jobs of the outreach queue by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      // While the queue is away nothing is known of it; the other figures are shown all the same.
      this.reset();
      const depth = await outreachQueue.depth().catch(() => ({}));
      for (const [state, count] of Object.entries(depth)) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'afterglow_queue_canary_age_seconds',
    help: 'Seconds since the queue last rang for a job that means nothing',
    registers: [registry],
    async collect() {
      const age = await canaryAge(db, outreachQueue.name);
      this.set(age ?? Number.NaN);
    },
  });
}

/** Counts requests, and shows what is open in the ledgers and the queue whenever metrics are asked for. */
export function measure(registry: Registry, afterglow: Afterglow) {
  const { db } = afterglow;
  const requests = new Counter({
    name: 'afterglow_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'afterglow_http_seconds',
    help: 'Time to answer',
    labelNames: ['method'],
    buckets: [0.01, 0.05, 0.2, 1, 5],
    registers: [registry],
  });
  new Gauge({
    name: 'afterglow_outreach',
    help: 'Messages by state',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      this.reset();
      const rows = await db
        .selectFrom('outreach')
        .select(['status', ({ fn }) => fn.countAll<number>().as('count')])
        .groupBy('status')
        .execute();
      for (const { status, count } of rows) this.set({ status }, Number(count));
    },
  });
  new Gauge({
    name: 'afterglow_parked_events',
    help: 'Events that a read model or a policy could not take',
    registers: [registry],
    async collect() {
      const row = await db
        .selectFrom('parked_event')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirst();
      this.set(Number(row?.count ?? 0));
    },
  });
  measureReconciliation(registry, db);
  measureQueue(registry, afterglow);
  return (request: Request, response: Response, next: NextFunction): void => {
    const end = seconds.startTimer({ method: request.method });
    response.once('finish', () => {
      end();
      requests.inc({ method: request.method, route: routeOf(request), status: String(response.statusCode) });
    });
    next();
  };
}

/** What the last comparison with each carrier found, and when it was: one that does not happen any more must show. */
function measureReconciliation(registry: Registry, db: Afterglow['db']): void {
  new Gauge({
    name: 'afterglow_reconciliation_messages',
    help: 'Messages of the last comparison of the ledger with the carrier, by what was found',
    labelNames: ['channel', 'found'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { channel, at: _at, since: _since, ...counts } of await lastReconciliations(db))
        for (const [found, count] of Object.entries(counts)) this.set({ channel, found }, count);
    },
  });
  new Gauge({
    name: 'afterglow_reconciliation_timestamp_seconds',
    help: 'When the ledger was last compared with the carrier',
    labelNames: ['channel'],
    registers: [registry],
    async collect() {
      for (const { channel, at } of await lastReconciliations(db)) this.set({ channel }, Date.parse(at) / 1_000);
    },
  });
}
