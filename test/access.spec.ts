import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { projectRoot } from '#platform';
import { setPassword } from '../apps/api/accounts.js';
import { type Demo, startDemo } from '../apps/cli/demo-services.js';
import { openLog } from '../libs/platform/logging.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { freePort } from '../libs/platform/ports.js';

const [email, password] = ['reyes@clinic.example', 'a long enough password'];
let database: TestDatabase;
let demo: Demo;
let dataDir: string;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'afterglow-access-'));
  const clinic = JSON.parse(await readFile(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as unknown;
  const repeatable = { seed: 1, log: openLog('silent') };
  demo = await startDemo({ port: await freePort(), start: null, clinic, dataDir, databaseUrl: database.url, repeatable });
});

afterAll(async () => {
  await demo.stop();
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A browser: it keeps its cookie. */
class Browser {
  #cookie = '';

  constructor(private readonly userAgent = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/130.0 Safari/537.36') {}

  async call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
    const headers = { 'user-agent': this.userAgent, cookie: this.#cookie, 'x-requested-with': 'spec', 'content-type': 'application/json' };
    const response = await fetch(`${demo.address}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const set = response.headers.get('set-cookie');
    if (set !== null) this.#cookie = set.split(';')[0] ?? '';
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  }

  signIn(more: Record<string, unknown> = {}) {
    return this.call('POST', '/v1/sign-in', { email, password, ...more });
  }
}

const signedIn = async (userAgent?: string) => {
  const browser = new Browser(userAgent);
  expect((await browser.signIn()).status).toBe(200);
  return browser;
};

type Sessions = readonly { readonly id: string; readonly device: string; readonly current: boolean; readonly seenAt: string | null }[];
const sessionsOf = async (browser: Browser) => (await browser.call('GET', '/v1/me/sessions')).body['items'] as Sessions;

beforeEach(async () => {
  await database.open('clinic').deleteFrom('staff_session').execute();
  await setPassword(demo.afterglow.db, { staffId: 'np-reyes', email, password });
});

describe('where somebody is signed in', () => {
  test('is told with the device, and the one that asks is marked', async () => {
    const [laptop, phone] = [await signedIn(), await signedIn('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')];
    expect((await sessionsOf(laptop)).map(({ device, current }) => [device, current]).sort()).toEqual([
      ['Chrome on macOS', true],
      ['Safari on iOS', false],
    ]);
    expect((await sessionsOf(phone)).find(({ current }) => current)?.seenAt).toBe(demo.now().toISOString());
  });

  test('can be ended there, one device or all others', async () => {
    const [laptop, phone, lost] = [await signedIn(), await signedIn(), await signedIn()];
    const id = (await sessionsOf(lost)).find(({ current }) => current)?.id ?? '';
    expect((await laptop.call('DELETE', `/v1/me/sessions/${id}`)).status).toBe(204);
    expect((await lost.call('GET', '/v1/me')).status).toBe(401);
    expect((await laptop.call('DELETE', `/v1/me/sessions/${id}`)).status).toBe(404);
    expect((await laptop.call('POST', '/v1/me/sign-out-everywhere')).body).toEqual({ ended: 1 });
    expect((await phone.call('GET', '/v1/me')).status).toBe(401);
    expect((await laptop.call('GET', '/v1/me')).status).toBe(200);
  });

  test("nobody ends somebody else's, and a machine has none", async () => {
    const laptop = await signedIn();
    await setPassword(demo.afterglow.db, { staffId: 'desk-tan', email: 'tan@clinic.example', password });
    const tan = new Browser();
    await tan.call('POST', '/v1/sign-in', { email: 'tan@clinic.example', password });
    const id = (await sessionsOf(laptop))[0]?.id ?? '';
    expect((await tan.call('DELETE', `/v1/me/sessions/${id}`)).status).toBe(404);
    expect((await laptop.call('GET', '/v1/me')).status).toBe(200);
    const machine = await fetch(`${demo.address}/v1/me/sessions`, { headers: { authorization: `Bearer ${demo.apiKey}` } });
    expect(machine.status).toBe(403);
  });
});

describe('a second factor', () => {
  const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: demo.now().getTime() });
  const later = (seconds: number) => demo.advance(new Date(demo.now().getTime() + seconds * 1_000));

  test('is asked for once it is confirmed; each code is good once', async () => {
    const laptop = await signedIn();
    const { body } = await laptop.call('POST', '/v1/me/second-factor');
    expect(body['uri']).toMatch(/^otpauth:\/\/totp\/Afterglow%20Skin%20Studio:np-reyes\?/);
    const secret = String(body['secret']);
    expect((await new Browser().signIn()).status).toBe(200);
    expect((await laptop.call('POST', '/v1/me/second-factor/confirm', { code: '000000' })).body).toMatchObject({ code: 'wrong_code' });
    expect((await laptop.call('POST', '/v1/me/second-factor/confirm', { code: codeOf(secret) })).status).toBe(204);
    expect((await laptop.call('GET', '/v1/me/second-factor')).body).toEqual({ on: true });
    expect((await laptop.call('POST', '/v1/me/second-factor')).status).toBe(409);

    const phone = new Browser();
    expect((await phone.signIn()).body).toMatchObject({ code: 'second_factor_needed', status: 401 });
    expect((await phone.signIn({ code: codeOf(secret) })).body).toMatchObject({ code: 'wrong_sign_in' });
    await later(30);
    const answers = await Promise.all([new Browser().signIn({ code: codeOf(secret) }), new Browser().signIn({ code: codeOf(secret) })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    await later(60);
    expect((await laptop.call('POST', '/v1/me/second-factor/end', { code: codeOf(secret) })).status).toBe(204);
    expect((await new Browser().signIn()).status).toBe(200);
  });

  test('five wrong codes lock the account, however often the password alone is sent between them', async () => {
    const laptop = await signedIn();
    const secret = String((await laptop.call('POST', '/v1/me/second-factor')).body['secret']);
    await laptop.call('POST', '/v1/me/second-factor/confirm', { code: codeOf(secret) });
    await later(30);
    for (let guess = 0; guess < 5; guess += 1) {
      expect((await new Browser().signIn({ code: '000000' })).status).toBe(401);
      if (guess < 4) expect((await new Browser().signIn()).body).toMatchObject({ code: 'second_factor_needed' });
    }
    expect((await new Browser().signIn({ code: codeOf(secret) })).body).toMatchObject({ code: 'wrong_sign_in' });
    await later(16 * 60);
    expect((await new Browser().signIn({ code: codeOf(secret) })).status).toBe(200);
    await later(60);
    await laptop.call('POST', '/v1/me/second-factor/end', { code: codeOf(secret) });
  });

  test('its secret cannot be read from the database', async () => {
    const laptop = await signedIn();
    const secret = String((await laptop.call('POST', '/v1/me/second-factor')).body['secret']);
    const row = await demo.afterglow.db.selectFrom('staff_account').select('totp_secret').where('staff_id', '=', 'np-reyes').executeTakeFirstOrThrow();
    const bytes = Buffer.from(Secret.fromBase32(secret).bytes);
    expect(row.totp_secret?.includes(bytes)).toBe(false);
  });
});

describe("the log of who read which patient's record", () => {
  test('is shown to the auditor and the admin only, newest first, page by page', async () => {
    const machine = async (path: string) => {
      const response = await fetch(`${demo.address}${path}`, { headers: { authorization: `Bearer ${demo.apiKey}` } });
      return (await response.json()) as { items: { actor: string; action: string; patientId: string }[]; next: string | null };
    };
    for (const patientId of ['p-1', 'p-2', 'p-1']) await machine(`/v1/patients/${patientId}/timeline`);
    const laptop = await signedIn();
    expect((await laptop.call('GET', '/v1/access-log')).status).toBe(403);
    const first = await machine('/v1/access-log?limit=2');
    expect(first.items.map(({ actor, action, patientId }) => [actor, action, patientId])).toEqual([
      ['environment/demo', 'read timeline', 'p-1'],
      ['environment/demo', 'read timeline', 'p-2'],
    ]);
    expect((await machine(`/v1/access-log?limit=2&cursor=${first.next}`)).items).toHaveLength(1);
    expect((await machine('/v1/access-log?patientId=p-2')).items).toHaveLength(1);
    expect((await machine('/v1/access-log?actor=np-reyes')).items).toEqual([]);
  });
});
