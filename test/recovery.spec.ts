import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { clinicDocument } from '#clinic';
import { enqueueAnswer } from '#follow-up';
import { type Database, inTransaction, openDatabase, projectRoot, SimulatedClock, systemClock } from '#platform';
import { type Sandbox, startSandbox } from '../apps/sandbox/index.js';
import { type Afterglow, openAfterglow } from '../apps/worker/afterglow.js';
import { Worker } from '../apps/worker/worker.js';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { endProducts, newFolder, Product, removeFolders, runToEnd } from './support/product.js';

jest.setTimeout(120_000);

const masterKey = Buffer.alloc(32, 7).toString('base64');
const cli = 'dist/apps/cli/main.js';
const copies = 8;

/** The sample stream several times over, each copy about people of its own; bad lines, duplicates and disorder included. */
function longStream(): { file: string; lines: number } {
  const sample = readFileSync(join(projectRoot, 'test/fixtures/consultations.ndjson'), 'utf8');
  const text = Array.from({ length: copies }, (_, copy) => sample.replaceAll(/\b([cp])-7-(\d{5})/g, `$1-${copy}-$2`)).join('\n');
  const file = join(newFolder(), 'long.ndjson');
  writeFileSync(file, text);
  return { file, lines: text.split('\n').filter((line) => line.trim() !== '').length };
}

interface Counts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly unknown[];
}

const envOf = ({ url }: TestDatabase) => ({ DATABASE_URL: url, MASTER_KEY: masterKey });

const sampleClinic = join(projectRoot, 'libs/clinic/data/sample-clinic.json');

/** A clinic's own database is set up by its people, and not by an import. */
async function setUp(database: TestDatabase, file: string): Promise<void> {
  expect(await runToEnd(cli, ['import', file], { env: envOf(database) })).toMatchObject({ code: 2, err: expect.stringContaining('has not been set up') });
  expect(await runToEnd(cli, ['clinic', sampleClinic], { env: envOf(database) })).toMatchObject({ code: 0 });
}

async function importInto(database: TestDatabase, file: string): Promise<Counts> {
  const { code, out, err } = await runToEnd(cli, ['import', file], { env: envOf(database) });
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Counts;
}

const ofTheStream = (db: Database) =>
  db.selectFrom('event').where((where) => where.or([where('stream', 'like', 'consultation/%'), where('stream', 'like', 'patient/%')]));
const stored = async (db: Database): Promise<number> =>
  Number(
    (
      await ofTheStream(db)
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .executeTakeFirstOrThrow()
    ).count,
  );

/** What must be the same wherever the stream was imported, in one run or in two. */
async function recorded(db: Database) {
  const events = await ofTheStream(db).select(['stream', 'version', 'event_id', 'type', 'data']).orderBy('stream').orderBy('version').execute();
  const quarantined = await db.selectFrom('quarantine').select(['sender_source', 'sender_id', 'code']).orderBy('id').execute();
  const consultations = await db.selectFrom('consultation').selectAll().orderBy('consultation_id').execute();
  return { events, quarantined, consultations };
}

beforeAll(async () => {
  expect((await runToEnd('scripts/afterglow.mjs', ['help'])).code).toBe(0);
});

afterAll(async () => {
  await endProducts();
  removeFolders();
});

describe('an import that is killed', () => {
  let [broken, clean]: TestDatabase[] = [];
  const opened: Database[] = [];
  const readers = new Map<TestDatabase, Database>();

  beforeAll(async () => {
    [broken, clean] = [await createTestDatabase(), await createTestDatabase()];
    for (const database of [broken, clean]) readers.set(database, openDatabase(database.url, { clinicId: 'clinic', max: 2 }));
    opened.push(...readers.values());
  });
  afterAll(async () => {
    await Promise.all(opened.map((db) => db.destroy()));
    await Promise.all([broken, clean].map((database) => database?.close()));
  });

  test('is finished by running it again: nothing lost, nothing double (invariant 10)', async () => {
    if (broken === undefined || clean === undefined) throw new Error('no databases');
    const [one, other] = [readers.get(broken), readers.get(clean)];
    if (one === undefined || other === undefined) throw new Error('no readers');
    const { file, lines } = longStream();
    await setUp(clean, file);
    await setUp(broken, file);
    const expected = await importInto(clean, file);
    expect(expected.accepted + expected.duplicates + expected.rejected.length).toBe(lines);
    const whole = await stored(other);
    expect(whole).toBe(expected.accepted);

    const killed = new Product(cli, ['import', file], { env: envOf(broken) });
    while ((await stored(one)) < whole / 4) await pause(2);
    expect(await killed.stop('SIGKILL')).toMatchObject({ code: null, signal: 'SIGKILL' });
    const kept = await stored(one);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(whole);

    const again = await importInto(broken, file);
    expect(again).toEqual({ accepted: whole - kept, duplicates: expected.duplicates + kept, rejected: expected.rejected });
    expect(await recorded(one)).toEqual(await recorded(other));
    const verified = await runToEnd(cli, ['verify'], { env: envOf(broken) });
    expect([verified.code, verified.err]).toEqual([0, expect.stringContaining('the log holds')]);
    expect(await importInto(broken, file)).toEqual({ accepted: 0, duplicates: expected.duplicates + whole, rejected: expected.rejected });
  });
});

describe('a worker that is killed while it sends', () => {
  // More than two workers have in flight at once, so that some are still waiting when one of them dies.
  const people = 400;
  const [accountSid, authToken] = [`AC${'0'.repeat(31)}1`, 'sandbox-token'];
  const final = ['sent', 'delivered', 'unproven', 'failed', 'missed', 'cancelled'];
  /** Real while the workers are processes; then it is moved on, for a lease lasts two minutes and proof may take hours. */
  let clock: SimulatedClock | null = null;
  let [database, sandbox, afterglow]: [TestDatabase?, Sandbox?, Afterglow?] = [];

  const phoneOf = (index: number) => `+1212555${String(index).padStart(4, '0')}`;
  const settings = () => ({
    ...envOf(database as TestDatabase),
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: '+18385550100',
    TWILIO_API_BASE_URL: sandbox?.url ?? '',
    SMTP_URL: sandbox?.smtpUrl ?? '',
    LOG_LEVEL: 'error',
  });

  beforeAll(async () => {
    database = await createTestDatabase();
    sandbox = await startSandbox({ webhookBaseUrl: 'http://127.0.0.1:1', accountSid, authToken, clock: { now: () => clock?.now() ?? systemClock.now() } });
    const file = join(newFolder(), 'people.ndjson');
    writeFileSync(file, Array.from({ length: people }, (_, index) => JSON.stringify(registered(index))).join('\n'));
    await setUp(database, file);
    expect((await importInto(database, file)).accepted).toBe(people);
  });

  afterAll(async () => {
    await afterglow?.close();
    await sandbox?.stop();
    await database?.close();
  });

  const registered = (index: number) => ({
    specversion: '1.0',
    id: `r-${index}`,
    source: '/desk',
    type: 'patient.registered.v1',
    subject: `p-${index}`,
    time: '2026-01-05T15:00:00Z',
    data: {
      consultationId: `c-${index}`,
      patientId: `p-${index}`,
      person: { givenName: 'Ana', familyName: 'Ruiz', phone: phoneOf(index), timeZone: 'America/New_York' },
    },
  });

  const statuses = async ({ db }: Afterglow) => {
    const rows = await db.selectFrom('outreach').select(['status', 'provider_message_id as providerMessageId']).execute();
    return { rows, count: (...wanted: string[]) => rows.filter(({ status }) => wanted.includes(status)).length };
  };

  test('every message ends, and none reaches the outside twice (invariant 5)', async () => {
    if (sandbox === undefined) throw new Error('no sandbox');
    // Some answers never come, so that there is always something on its way when the worker dies.
    sandbox.faults.add({ channel: 'sms', mode: 'timeout', rate: 0.15 });
    sandbox.faults.add({ channel: 'sms', mode: 'accept-then-drop', rate: 0.15 });
    const [config, log] = [readConfig(settings()), openLog('error')];
    afterglow = await openAfterglow({ config, clock: systemClock, log });
    const { db } = afterglow;
    const clinic = await clinicDocument(db);
    if (clinic === null) throw new Error('no clinic');
    const ledger = { ...afterglow, clinic };
    const answer = (index: number) => ({
      conversationId: `p-${index}`,
      patientId: `p-${index}`,
      channel: 'sms' as const,
      template: 'received',
      fallback: 'received',
      category: 'safety' as const,
      replyTo: `m-${index}`,
      receivedAt: systemClock.now(),
    });
    await inTransaction(db, async (trx) => {
      for (let index = 0; index < people; index += 1) await enqueueAnswer(trx, ledger, answer(index));
    });

    const [doomed, other] = [0, 1].map(() => new Product('dist/apps/worker/main.js', [], { env: settings() }));
    while (sandbox.messages().length < people / 6 || (await statuses(afterglow)).count('attempting') < 2) await pause(2);
    await Promise.all([doomed?.stop('SIGKILL'), other?.stop('SIGKILL')]);
    expect((await statuses(afterglow)).count('attempting')).toBeGreaterThan(0);
    expect((await statuses(afterglow)).count('planned')).toBeGreaterThan(0);

    const restarted = new Product('dist/apps/worker/main.js', [], { env: settings() });
    while ((await statuses(afterglow)).count('planned') > 0) await pause(20);
    expect((await restarted.stop()).code).toBe(0);
    sandbox.faults.end({});
    await afterglow.close();

    clock = new SimulatedClock(systemClock.now());
    afterglow = await openAfterglow({ config: readConfig({ ...settings(), AFTERGLOW_CLOCK: 'simulated' }), clock, log });
    const worker = new Worker(afterglow);
    await worker.start();
    const end = clock.now().getTime() + 72 * 3_600_000;
    for (let next = await worker.nextMoment(); next !== null && next.getTime() <= end; next = await worker.nextMoment()) {
      clock.moveTo(new Date(Math.max(next.getTime(), clock.now().getTime() + 60_000)));
      await worker.settle();
    }
    await worker.stop();

    const { rows, count } = await statuses(afterglow);
    expect([rows.length, count(...final)]).toEqual([people, people]);
    const sent = sandbox.messages();
    expect(new Set(sent.map(({ to }) => to)).size).toBe(sent.length);
    expect(sent.length).toBe(people);
    expect(rows.map(({ providerMessageId }) => providerMessageId).sort()).toEqual(sent.map(({ providerMessageId }) => providerMessageId).sort());
  });
});
