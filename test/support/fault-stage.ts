import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, deterministicId, inTransaction, projectRoot, SimulatedClock } from '#platform';
import { type Api, startApi } from '../../apps/api/app.js';
import { type Sandbox, startSandbox } from '../../apps/sandbox/index.js';
import { type Afterglow, openAfterglow } from '../../apps/worker/afterglow.js';
import { activateSampleProtocols, setUpClinic } from '../../apps/worker/set-up.js';
import { Worker } from '../../apps/worker/worker.js';
import { readConfig } from '../../libs/platform/config.js';
import { openLog } from '../../libs/platform/logging.js';
import { freePort } from '../../libs/platform/ports.js';

export type StageChannel = 'sms' | 'email';

export interface StageOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly workers: number;
  /** A Friday at nine in New York: visits were this morning, others are on Monday. */
  readonly friday: string;
}

export interface StagePatient {
  readonly id: string;
  /** The only way to reach them. */
  readonly channel: StageChannel;
  readonly address: string;
  /** Treated on Friday; else expected on Monday. */
  readonly isTreated: boolean;
  readonly zone: string;
}

const [accountSid, authToken] = [`AC${'0'.repeat(31)}1`, 'sandbox-token'];
const clinicZone = 'America/New_York';
/** Arizona knows no daylight saving, California changes three hours after New York. */
const zones = [clinicZone, clinicZone, 'America/Los_Angeles', 'America/Phoenix'];
const hourMillis = 3_600_000;
/** What is due within it is woken together, so that workers have something to quarrel about. */
const stepMillis = 2 * hourMillis;
const protocolId = 'microneedling.cosmetic';

/**
 * A clinic over one weekend on a simulated clock: its workers as separate as processes are, real Postgres, real BullMQ, the
 * real SDKs, and the sandbox whose log is the truth. Half of the patients were treated on Friday, the others come on Monday.
 */
export class FaultStage {
  readonly patients: readonly StagePatient[];
  readonly #workers: Worker[] = [];
  readonly #opened: Afterglow[] = [];
  #api: Api | null = null;
  #facts = 0;

  private constructor(
    readonly options: StageOptions,
    readonly clock: SimulatedClock,
    readonly sandbox: Sandbox,
    readonly env: Readonly<Record<string, string | undefined>>,
  ) {
    this.patients = Array.from({ length: 8 }, (_, n) => ({
      id: `p-${n}`,
      ...(n < 4 ? { channel: 'sms', address: `+1212555010${n}` } : { channel: 'email', address: `p-${n}@example.com` }),
      isTreated: n % 2 === 0,
      zone: zones[n % zones.length] ?? clinicZone,
    }));
  }

  static async open(options: StageOptions): Promise<FaultStage> {
    const clock = new SimulatedClock(new Date(options.friday));
    const publicUrl = `http://127.0.0.1:${await freePort()}`;
    const parts: { settle: () => Promise<void> } = { settle: async () => undefined };
    const sandbox = await startSandbox({
      webhookBaseUrl: publicUrl,
      accountSid,
      authToken,
      clock: { now: () => clock.now(), advance: async (to) => clock.moveTo(to) },
      settle: () => parts.settle(),
    });
    const env = {
      DATABASE_URL: options.databaseUrl,
      REDIS_URL: options.redisUrl,
      MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
      PUBLIC_URL: publicUrl,
      AFTERGLOW_CLOCK: 'simulated',
      SMTP_URL: sandbox.smtpUrl,
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_FROM: '+18385550100',
      TWILIO_API_BASE_URL: sandbox.url,
    };
    const stage = new FaultStage(options, clock, sandbox, env);
    parts.settle = () => stage.#settle();
    await stage.#furnish(publicUrl);
    return stage;
  }

  get db(): Database {
    return this.#first.db;
  }

  get #first(): Afterglow {
    const [first] = this.#opened;
    if (first === undefined) throw new Error('nothing is open');
    return first;
  }

  async #openOne(): Promise<Afterglow> {
    const afterglow = await openAfterglow({ config: readConfig(this.env), clock: this.clock, log: openLog('silent') });
    this.#opened.push(afterglow);
    return afterglow;
  }

  async #furnish(publicUrl: string): Promise<void> {
    const first = await this.#openOne();
    const clinic = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as object;
    // Caps that bind would spread a weekend's texts over a week, one at a time.
    await setUpClinic(first, { ...clinic, messageCaps: { perDay: 5, perWeek: 20 } });
    await activateSampleProtocols(first);
    for (const [place, patient] of this.patients.entries()) await this.#register(patient, place);
    this.#api = await startApi(first, { port: Number(new URL(publicUrl).port) });
  }

  /** The workers begin, each with connections of its own. */
  async start(): Promise<void> {
    for (let n = 0; n < this.options.workers; n += 1) this.#workers.push(new Worker(n === 0 ? this.#first : await this.#openOne()));
    await Promise.all(this.#workers.map((worker) => worker.start()));
  }

  async #register(patient: StagePatient, place: number): Promise<void> {
    const { id, channel, address, zone, isTreated } = patient;
    const person = { givenName: 'Ana', familyName: 'Ruiz', timeZone: zone, [channel === 'sms' ? 'phone' : 'email']: address };
    await this.#fact('patient.registered.v1', id, { person });
    await this.#consent(patient, true);
    await this.#course(id, isTreated ? place - 12 : place + 74, isTreated);
  }

  #consent({ id, channel, address }: StagePatient, granted: boolean): Promise<void> {
    const recordedOn = this.clock.now().toISOString().slice(0, 10);
    return this.#fact('patient.contact-consent-changed.v1', id, { channel, scope: 'care', granted, address, method: granted ? 'form' : 'link', recordedOn });
  }

  /** The patient wants no more messages: by the keyword, or by the link of an e-mail. */
  async stop(patient: StagePatient): Promise<void> {
    if (patient.channel === 'email') await this.#consent(patient, false);
    else await this.sandbox.reply({ from: patient.address, body: 'STOP', media: [] });
  }

  /** Hands in a fact as any machine does. */
  async #fact(type: string, patientId: string, data: Record<string, unknown>): Promise<void> {
    const ids = { consultationId: `c-${patientId}`, patientId };
    const event = { specversion: '1.0', id: `f-${(this.#facts += 1)}`, source: '/stage', type, subject: patientId, time: this.clock.now().toISOString() };
    await this.#first.intake.acceptOne({ ...event, data: { ...ids, ...data } });
  }

  /** One visit, so many hours from the start; a completed one lies before it. */
  async #course(patientId: string, afterHours: number, isDone: boolean): Promise<void> {
    const courseId = `course-${patientId}`;
    const sessionId = deterministicId('session', courseId, 'plan-1', 0, 1);
    const start = Date.parse(this.options.friday) + afterHours * hourMillis;
    const ids = { sessionId, courseId, patientId, protocolId, protocolVersion: 1 };
    const booking = {
      ...ids,
      item: 0,
      number: 1,
      start: new Date(start).toISOString(),
      end: new Date(start + hourMillis / 2).toISOString(),
      turnoverMinutes: 15,
      timeZone: clinicZone,
      locationId: 'nyc',
      providerId: 'np-reyes',
      roomId: 'nyc-care-1',
      deviceId: null,
      earliest: new Date(start).toISOString(),
      latest: null,
      because: [],
      spacing: {},
    };
    const opened = {
      courseId,
      patientId,
      consultationId: `c-${patientId}`,
      planId: 'plan-1',
      locationId: 'nyc',
      items: [{ item: 0, protocolId, protocolVersion: 1, sessions: 1 }],
    };
    const done = { ...ids, completedAt: booking.end, on: this.options.friday.slice(0, 10), timeZone: clinicZone };
    const events = [['course.opened.v1', opened], ['session.booked.v1', booking], ...(isDone ? ([['session.completed.v1', done]] as const) : [])] as const;
    const recorded = events.map(([type, data]) => ({ id: deterministicId('stage', type, patientId), type, data, patientId, occurredAt: this.clock.now() }));
    await inTransaction(this.db, (trx) => this.#first.store.append(trx, [{ stream: `course/${courseId}`, expected: 'any', events: recorded }]));
  }

  /** All workers at once, then one until nothing is left to do. What breaks under a fault is tried again, as by the next tick of a timer. */
  async #settle(): Promise<void> {
    const settled = await Promise.allSettled([...this.#workers.map((worker) => worker.sweep()), this.#workers[0]?.settle()]);
    if (settled.every(({ status }) => status === 'fulfilled')) return;
    await pause(50);
    return this.#settle();
  }

  /**
   * Plays on to an instant, in steps; `each` is told how many rows are due at a step before anyone wakes them, and may answer with
   * a fault that strikes while they are being served.
   */
  async play(to: string, each: (due: number) => (() => Promise<void>) | null = () => null): Promise<void> {
    const end = new Date(to);
    await this.sandbox.advance(this.clock.now());
    for (let next = await this.#nextStep(end); next !== null; next = await this.#nextStep(end)) {
      this.clock.moveTo(next);
      const strike = each(await this.#dueCount());
      await Promise.all([this.sandbox.advance(next), strike?.()]);
      if (strike !== null) await this.sandbox.advance(next);
    }
    await this.sandbox.advance(end);
  }

  /** The end of the step in which something wants to happen; what could not be done at its moment is tried again a step later. */
  async #nextStep(end: Date): Promise<Date | null> {
    const next = await this.#workers[0]?.nextMoment();
    if (next === undefined || next === null) return null;
    const at = Math.max(Math.ceil(next.getTime() / stepMillis) * stepMillis, this.clock.now().getTime() + 60_000);
    return at > end.getTime() ? null : new Date(at);
  }

  async #dueCount(): Promise<number> {
    const due = this.db.selectFrom('outreach').where('next_attempt_at', '<=', this.clock.now());
    return Number((await due.select(({ fn }) => fn.countAll<string>().as('count')).executeTakeFirst())?.count ?? 0);
  }

  async statuses(): Promise<string[]> {
    return (await this.db.selectFrom('outreach').select('status').execute()).map(({ status }) => status);
  }

  /** The ledger as it stands, each row with whether a person has a task for it. */
  async rows() {
    const rows = await this.db
      .selectFrom('outreach')
      .select(['outreach_id as id', 'patient_id as patientId', 'touchpoint', 'channel', 'status', 'why'])
      .select(['provider_message_id as providerMessageId', 'next_attempt_at as nextAttemptAt'])
      .execute();
    const tasks = await this.db.selectFrom('task').select('outreach_id').execute();
    const known = new Set(tasks.map(({ outreach_id: id }) => id));
    return rows.map((row) => ({ ...row, hasTask: known.has(row.id) }));
  }

  /** Resolves once more messages have reached the outside than now. */
  async untilNextMessage(): Promise<void> {
    const before = this.sandbox.messages().length;
    while (this.sandbox.messages().length === before) await pause(1);
  }

  async close(): Promise<void> {
    await this.#api?.stop();
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await Promise.all(this.#opened.map((afterglow) => afterglow.close()));
    await this.sandbox.stop();
  }
}
