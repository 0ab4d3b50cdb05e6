/*
 * A clinic for measuring: the real worker, queue, ledger and Twilio SDK against the sandbox on this machine, at hours that
 * are always permitted, so that only the work counts.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { z } from 'zod';
import type { NewEvent, StreamAppend } from '#event-store';
import { deterministicId, inTransaction, newId, projectRoot, systemClock } from '#platform';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { startApi } from '../apps/api/app.js';
import { type Afterglow, openAfterglow } from '../apps/worker/afterglow.js';
import { setUpClinic } from '../apps/worker/set-up.js';
import { Worker } from '../apps/worker/worker.js';
import { freePort } from '../libs/platform/ports.js';

const [accountSid, authToken] = [`AC${'0'.repeat(31)}1`, 'sandbox-token'];
const allDay = Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((day) => [day, [['00:00', '24:00']]]));
const batch = 500;

function benchClinic(): unknown {
  const sample = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as Record<string, unknown>;
  return { ...sample, contactHours: allDay, messageCaps: { perDay: 1_000, perWeek: 5_000 } };
}

export const phoneOf = (number: number): string => `+1212${String(5_000_000 + number)}`;
const patientOf = (number: number) => `p-${number}`;

/** Where the sandbox answers: the carrier's API, its log, the mail server. */
export type Outside = z.infer<typeof outsideSchema>;
const outsideSchema = z.object({ url: z.string(), smtpUrl: z.string() });

async function startOutside(webhookBaseUrl: string): Promise<{ readonly outside: Outside; stop(): void }> {
  const child = fork(new URL('./sandbox-process.js', import.meta.url), [webhookBaseUrl, accountSid, authToken, '+18385550100']);
  const [told] = (await once(child, 'message')) as [unknown];
  return { outside: outsideSchema.parse(told), stop: () => child.disconnect() };
}

export interface DeskOptions {
  readonly databaseUrl: string;
  readonly redisUrl?: string;
}

export class OutreachDesk {
  private constructor(
    readonly afterglow: Afterglow,
    readonly sandbox: Outside,
    readonly worker: Worker,
    readonly close: () => Promise<void>,
  ) {}

  static async open({ databaseUrl, redisUrl }: DeskOptions): Promise<OutreachDesk> {
    const port = await freePort();
    const { outside: sandbox, stop } = await startOutside(`http://127.0.0.1:${port}`);
    const config = readConfig({
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      MASTER_KEY: randomBytes(32).toString('base64'),
      PORT: String(port),
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_FROM: '+18385550100',
      TWILIO_API_BASE_URL: sandbox.url,
      SMTP_URL: sandbox.smtpUrl,
      LOG_LEVEL: 'error',
    });
    const afterglow = await openAfterglow({ config, clock: systemClock, log: openLog('error') });
    await setUpClinic(afterglow, benchClinic());
    const api = await startApi(afterglow, { port, requestsPerMinute: 10_000_000 });
    const worker = new Worker(afterglow);
    return new OutreachDesk(afterglow, sandbox, worker, async () => {
      await worker.stop();
      // First: who still calls back finds the door open.
      stop();
      await api.stop();
      await afterglow.close();
    });
  }

  /** Patients with a phone and consent by text. */
  async register(count: number): Promise<void> {
    const now = systemClock.now();
    const event = (number: number, type: string, data: NewEvent['data'], personal: NewEvent['personal']): NewEvent => ({
      id: newId(now),
      type,
      data: { consultationId: `c-${number}`, patientId: patientOf(number), ...data },
      personal,
      patientId: patientOf(number),
      occurredAt: now,
    });
    await this.#append(
      Array.from({ length: count }, (_, number) => ({
        stream: `patient/${patientOf(number)}`,
        expected: 'any' as const,
        events: [
          event(
            number,
            'patient.registered.v1',
            {},
            { person: { givenName: 'Ana', familyName: 'Ruiz', phone: phoneOf(number), timeZone: 'America/New_York' } },
          ),
          event(
            number,
            'patient.contact-consent-changed.v1',
            { channel: 'sms', scope: 'care', granted: true, method: 'form', recordedOn: now.toISOString() },
            { address: phoneOf(number) },
          ),
        ],
      })),
    );
  }

  /** Rows of the ledger for the first `count` patients, one each, due at an instant; answers their ids. */
  async plan(count: number, dueAt: Date, occasion: string): Promise<string[]> {
    const rows = Array.from({ length: count }, (_, number) => ({ number, id: deterministicId(occasion, number) }));
    await this.#append(
      rows.map(({ number, id }) => ({ stream: `outreach/${patientOf(number)}`, expected: 'any' as const, events: [planned(number, id, dueAt, occasion)] })),
    );
    return rows.map(({ id }) => id);
  }

  async #append(streams: readonly StreamAppend[]): Promise<void> {
    const { db, store } = this.afterglow;
    for (let from = 0; from < streams.length; from += batch) await inTransaction(db, (trx) => store.append(trx, streams.slice(from, from + batch)));
  }

  /** When the outside accepted what was sent after its message number `since`, in order. */
  async accepted(since: number): Promise<readonly { readonly n: number; readonly acceptedAt: string }[]> {
    const answer = await fetch(`${this.sandbox.url}/sandbox/messages?since=${since}`);
    return acceptedSchema.parse(await answer.json()).items;
  }

  /** Rows of an occasion that have ended as sent. */
  async sent(occasion: string): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from outreach where occasion like ${`${occasion}/%`} and status in ('sent', 'delivered')`.execute(this.afterglow.db);
    return rows[0]?.n ?? 0;
  }
}

const acceptedSchema = z.object({ items: z.array(z.object({ n: z.number(), acceptedAt: z.string() })) });

function planned(number: number, outreachId: string, dueAt: Date, occasion: string): NewEvent {
  const own = `${occasion}/${number}`;
  return {
    id: newId(systemClock.now()),
    type: 'outreach.planned.v1',
    patientId: patientOf(number),
    occurredAt: systemClock.now(),
    data: {
      outreachId,
      patientId: patientOf(number),
      touchpoint: 'next-session',
      channel: 'sms',
      // What a person wrote: no plan of touchpoints calls it off.
      category: 'message',
      key: `${own}/sms`,
      occasion: own,
      template: 'next-session',
      locals: {},
      question: null,
      targetAt: dueAt.toISOString(),
      dueAt: dueAt.toISOString(),
      expiresAt: new Date(dueAt.getTime() + 48 * 3_600_000).toISOString(),
      because: 'measured',
    },
  };
}
