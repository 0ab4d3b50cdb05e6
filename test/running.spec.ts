import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { projectRoot } from '#platform';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { freePort } from '../libs/platform/ports.js';
import { endProducts, leftRunning, newFolder, Product, removeFolders, runToEnd } from './support/product.js';

jest.setTimeout(120_000);

const masterKey = Buffer.alloc(32, 7).toString('base64');
const demo = 'dist/apps/cli/demo.js';
const orderly = { code: 0, signal: null };
/** The promise is 5 s; a test machine that is busy with other tests gets a little more. */
const stopMillis = 6_000;

interface Serving {
  readonly product: Product;
  readonly address: string;
}

async function startDemo(args: readonly string[], options: { root?: string; env?: Record<string, string> } = {}): Promise<Serving> {
  const product = new Product(demo, ['--port', String(await freePort()), ...args], options);
  return { product, address: (await product.says(/^ready (\S+)$/m))[1] ?? '' };
}

async function call(address: string, path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  const response = await fetch(`${address}${path}`, {
    ...init,
    headers: { authorization: 'Bearer demo-key', 'content-type': 'application/json', ...init.headers },
  });
  return (await response.json()) as Record<string, unknown>;
}

/** One patient's first event. */
const requested = {
  specversion: '1.0',
  id: 'e-1',
  source: '/desk',
  type: 'consultation.requested.v1',
  subject: 'c-1',
  time: '2026-11-23T14:05:00Z',
  data: { consultationId: 'c-1', patientId: 'p-1', channel: 'phone', person: { givenName: 'Ana', familyName: 'Ruiz' } },
};
const send = (address: string) =>
  call(address, '/v1/events', { method: 'POST', body: `${JSON.stringify(requested)}\n`, headers: { 'content-type': 'application/x-ndjson' } });

beforeAll(async () => {
  // Builds what is not built yet; the specs then start the parts themselves.
  expect((await runToEnd('scripts/afterglow.mjs', ['help'])).code).toBe(0);
});

afterEach(endProducts);
afterAll(removeFolders);

describe('stopping the demo', () => {
  test('SIGTERM in the middle of the story ends everything in order, and its temporary data with it', async () => {
    const temporary = newFolder();
    const { product } = await startDemo([], { env: { TMPDIR: temporary } });
    await product.says(/all gates met/);
    const { millis, ...ending } = await product.stop('SIGTERM');
    expect([ending, product.err]).toEqual([orderly, '']);
    expect(millis).toBeLessThan(stopMillis);
    expect(await leftRunning(temporary)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('Ctrl-C ends it although somebody listens to the stream of changes', async () => {
    const data = newFolder();
    const { product, address } = await startDemo(['--no-seed', '--data', data]);
    const listening = await fetch(`${address}/v1/stream`, { headers: { authorization: 'Bearer demo-key' } });
    expect(listening.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const { millis, ...ending } = await product.stop('SIGINT');
    await listening.body?.cancel().catch(() => undefined);
    expect([ending, product.err]).toEqual([orderly, '']);
    expect(millis).toBeLessThan(stopMillis);
    expect(await leftRunning(data)).toEqual([]);
  });

  test('killed outright, it takes its database along', async () => {
    const data = newFolder();
    const { product } = await startDemo(['--no-seed', '--data', data]);
    await product.stop('SIGKILL');
    expect(await leftRunning(data, 10_000)).toEqual([]);
  });
});

describe('a start that cannot be', () => {
  test('a taken port: one clear message, and nothing left', async () => {
    const server = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const temporary = newFolder();
    const { code, err, out } = await runToEnd(demo, ['--no-seed', '--port', String(port)], { env: { TMPDIR: temporary } });
    server.close();
    expect([code, out]).toEqual([2, '']);
    expect(err.trim().split('\n')).toEqual([expect.stringMatching(new RegExp(`^Port ${port} is taken`))]);
    expect(await leftRunning(temporary)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('a wrong environment: one message that names every faulty variable', async () => {
    for (const main of ['dist/apps/api/main.js', 'dist/apps/worker/main.js']) {
      const { code, err } = await runToEnd(main, [], {
        env: { MASTER_KEY: 'short', PORT: 'x', DATABASE_URL: 'http://x', TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}` },
      });
      expect(code).toBe(2);
      for (const variable of ['MASTER_KEY', 'PORT', 'DATABASE_URL', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'])
        expect(err).toMatch(new RegExp(`^  ${variable}: `, 'm'));
      expect(err).not.toMatch(/^\s+at /m);
    }
    const missing = await runToEnd('dist/apps/api/main.js', [], { env: { DATABASE_URL: 'postgres://127.0.0.1:1/none', PORT: '-1' } });
    expect(missing.code).toBe(2);
    expect(missing.err).toMatch(/PORT: [^]*MASTER_KEY: is required beside DATABASE_URL/);
  });

  test('a database that does not answer: one message that names the variable', async () => {
    const { code, err } = await runToEnd('dist/apps/api/main.js', [], {
      env: { DATABASE_URL: `postgres://x:secret-word@127.0.0.1:${await freePort()}/none`, MASTER_KEY: masterKey },
    });
    expect(code).toBe(2);
    expect(err).toMatch(/DATABASE_URL/);
    expect(err).not.toMatch(/secret-word|^\s+at /m);
  });

  test('a file where the data should lie: one clear message', async () => {
    const file = join(newFolder(), 'taken');
    writeFileSync(file, '');
    for (const [main, args, env] of [
      [demo, ['--no-seed', '--port', String(await freePort()), '--data', file], {}],
      ['dist/apps/api/main.js', [], { DATA_DIR: file, PORT: '0' }],
    ] as const) {
      const { code, err } = await runToEnd(main, args, { env });
      expect(code).toBe(2);
      expect(err.trim().split('\n')).toEqual([expect.stringMatching(`^The folder ${file} cannot be written: `)]);
    }
  });

  test('a clinic that is none: one message that names what is wrong, and nothing left', async () => {
    const [temporary, file] = [newFolder(), join(newFolder(), 'clinic.json')];
    writeFileSync(file, '{"name": "Nowhere"}');
    const { code, err } = await runToEnd(demo, ['--no-seed', '--port', String(await freePort()), '--clinic', file], { env: { TMPDIR: temporary } });
    expect(code).toBe(2);
    expect(err).toMatch(/clinicId|locations/);
    expect(err).not.toMatch(/^\s+at /m);
    expect(await leftRunning(temporary)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('options that do not exist or cannot be read: a message and how it is called', async () => {
    for (const args of [
      ['--prot', '3000'],
      ['--port', 'x'],
      ['--start', 'monday'],
      ['--clinic', '/nowhere.json'],
    ]) {
      const { code, err } = await runToEnd(demo, args);
      expect([args[0], code]).toEqual([args[0], 2]);
      expect(err).toContain(args[0]);
      expect(err).not.toMatch(/^\s+at /m);
    }
  });
});

describe('starting again', () => {
  test('--data keeps what was there, and the clock never goes back', async () => {
    const data = join(newFolder(), 'kept');
    const first = await startDemo(['--no-seed', '--data', data, '--start', '2026-11-23T14:00:00Z']);
    expect(await send(first.address)).toMatchObject({ accepted: 1 });
    expect(await call(first.address, '/sandbox/clock/advance', { method: 'POST', body: '{"by":"P1D"}' })).toEqual({ now: '2026-11-24T14:00:00.000Z' });
    expect((await first.product.stop()).code).toBe(0);

    const second = await startDemo(['--no-seed', '--data', data, '--start', '2026-11-20T14:00:00Z']);
    expect(await call(second.address, '/sandbox/clock')).toEqual({ now: '2026-11-24T14:00:00.000Z' });
    expect(await send(second.address)).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await call(second.address, '/v1/patients/p-1')).toMatchObject({ givenName: 'Ana', familyName: 'Ruiz' });
    expect((await second.product.stop()).code).toBe(0);

    const told = await runToEnd(demo, ['--exit', '--data', data]);
    expect([told.code, told.err.trim().split('\n')]).toEqual([2, [expect.stringMatching(/^--exit: the story begins in an empty folder/)]]);
  });

  test('it runs from a folder with a space in its name', async () => {
    const root = join(newFolder('afterglow spec '), 'a copy');
    mkdirSync(root);
    for (const part of ['dist', 'libs', 'migrations', 'scripts', 'apps', 'package.json'])
      cpSync(join(projectRoot, part), join(root, part), { recursive: true, preserveTimestamps: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    const data = join(root, 'its data');
    const { product, address } = await startDemo(['--no-seed', '--data', data], { root });
    expect(await call(address, '/readyz')).toMatchObject({ status: 'ready' });
    for (const page of ['/', '/sandbox', '/docs']) expect([page, (await fetch(`${address}${page}`)).status]).toEqual([page, 200]);
    expect(readFileSync(join(data, 'clock'), 'utf8')).toMatch(/^2026-/);
    expect((await product.stop()).code).toBe(0);
    expect(await leftRunning(root)).toEqual([]);
  });
});

describe('API and worker apart', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
  });
  afterAll(() => database.close());

  test('several of each start together on one new database, answer, and end on SIGTERM', async () => {
    const env = { DATABASE_URL: database.url, MASTER_KEY: masterKey, API_KEYS: 'desk:desk-key' };
    const ports = [await freePort(), await freePort()];
    const apis = ports.map((port) => new Product('dist/apps/api/main.js', [], { env: { ...env, PORT: String(port) } }));
    const workers = [0, 1].map(() => new Product('dist/apps/worker/main.js', [], { env }));
    await Promise.all([...apis.map((api) => api.says(/the API is listening/)), ...workers.map((worker) => worker.says(/the worker is running/))]);
    for (const port of ports) {
      expect(await call(`http://127.0.0.1:${port}`, '/readyz')).toEqual({ status: 'ready', checks: { database: true, migrations: true, queue: true } });
      expect((await fetch(`http://127.0.0.1:${port}/v1/sessions`, { headers: { authorization: 'Bearer desk-key' } })).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${port}/sandbox/messages`)).status).toBe(404);
    }
    const endings = await Promise.all([...apis, ...workers].map((process) => process.stop()));
    expect(endings.map(({ code, signal }) => ({ code, signal }))).toEqual([orderly, orderly, orderly, orderly]);
    expect(Math.max(...endings.map(({ millis }) => millis))).toBeLessThan(stopMillis);
    for (const { out, err } of [...apis, ...workers]) expect(`${out}${err}`).not.toMatch(/"level":"?(error|fatal|50|60)|UnhandledPromise|stopping went wrong/);
  });
});
