import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { projectRoot } from '#platform';
import { setPassword } from '../apps/api/accounts.js';
import { type Demo, startDemo } from '../apps/cli/demo-services.js';
import { openLog } from '../libs/platform/logging.js';
import { freePort } from '../libs/platform/ports.js';
import { describeInBrowser, hasBrowser, openBrowser, pictures, violations } from './support/browser.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const people = { okafor: 'dr-okafor', tan: 'desk-tan', moss: 'auditor-moss', admin: 'office-pike' } as const;
const password = 'a long enough password';

let database: TestDatabase;
let demo: Demo;
let dataDir: string;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  if (!hasBrowser) return;
  execFileSync(process.execPath, [join(projectRoot, 'scripts', 'console.mjs')], { timeout: 60_000 });
  mkdirSync(pictures, { recursive: true });
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'afterglow-office-'));
  const clinic = JSON.parse(await readFile(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as { staff: object[] };
  clinic.staff.push({ id: 'auditor-moss', name: 'Ira Moss', roles: ['auditor'] }, { id: 'office-pike', name: 'Lou Pike', roles: ['admin'] });
  demo = await startDemo({
    port: await freePort(),
    start: new Date('2026-12-01T15:00:00Z'),
    clinic,
    dataDir,
    databaseUrl: database.url,
    repeatable: { seed: 1, log: openLog('silent') },
  });
  for (const [name, staffId] of Object.entries(people)) await setPassword(demo.afterglow.db, { staffId, email: `${name}@clinic.example`, password });
  const headers = { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/x-ndjson' };
  const stream = await readFile(join(projectRoot, 'test/fixtures/consultations.ndjson'), 'utf8');
  const body = stream
    .split('\n')
    .filter((line) => line.includes(`"p-7-0000`) || line.includes(`"p-7-00022"`))
    .join('\n');
  await fetch(`${demo.address}/v1/events`, { method: 'POST', headers, body });
  await demo.advance(new Date('2026-12-01T15:01:00Z'));
  browser = await openBrowser();
  page = browser.page;
  page.on('pageerror', (error) => faults.push(error.message));
  // The browser tells of every answer that is not 2xx; what else it tells is a fault.
  page.on('console', (message) => void (message.type() === 'error' && !message.text().startsWith('Failed to load resource') && faults.push(message.text())));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  await database?.close();
  if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true });
});

async function signInAs(name: keyof typeof people): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${demo.address}/#/outreach`);
  await page.reload();
  await page.getByLabel('E-mail').fill(`${name}@clinic.example`);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
}
async function loaded(): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const loading = page.getByLabel('Loading');
  while ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' });
}
async function show(place: string): Promise<void> {
  await page.goto(`${demo.address}/#/${place}`);
  await loaded();
}

/** Looks at the page that is shown, wide in the light and narrow in the dark; the pictures are kept. */
async function isSound(name: string): Promise<void> {
  for (const [width, height, colorScheme] of [
    [1440, 900, 'light'],
    [390, 844, 'dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await loaded();
    await page.screenshot({ path: join(pictures, `office-${name}-${width}-${colorScheme}.png`), fullPage: true });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
}
const machine = async <T>(path: string): Promise<T> =>
  (await fetch(`${demo.address}/v1/${path}`, { headers: { authorization: `Bearer ${demo.apiKey}` } })).json() as Promise<T>;

describeInBrowser('what is to go out', () => {
  const message = () => page.getByRole('complementary', { name: 'The message' });
  const decide = (name: string) => message().getByRole('button', { name, exact: true });
  interface Row {
    readonly id: string;
    readonly patientId: string;
    readonly touchpoint: string;
    readonly status: string;
    readonly why: string;
  }
  const rows = async (asked: string) => (await machine<{ items: readonly Row[] }>(`outreach?limit=200&${asked}`)).items;

  test('is listed with its reason, found by name, and reads in both languages', async () => {
    await signInAs('tan');
    await loaded();
    await isSound('outreach');
    await page.getByLabel('Patient', { exact: true }).fill('santos');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('link', { name: 'Jae Santos' }).first().waitFor();
    await loaded();
    expect(
      new Set(
        await page
          .getByRole('cell')
          .getByRole('link', { name: /Santos|Castillo/ })
          .allTextContents(),
      ),
    ).not.toContain('Dana Castillo');
    await show('outreach');
    await page.getByLabel('By').selectOption('sms');
    await page.getByRole('cell', { name: 'E-mail' }).first().waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Reminder' }).first().click();
    await message().getByText('The patient’s language').waitFor();
    expect(await message().locator('.said').textContent()).toMatch(/Afterglow Skin Studio/);
    await message().getByText('Spanish').click();
    await message().getByText('Not the patient’s language').waitFor();
    expect(await message().locator('.said').getAttribute('lang')).toBe('es');
    await isSound('outreach-message');
  });

  test('is held with a reason, stays so, and is released', async () => {
    await decide('Hold…').click();
    await message().getByRole('textbox', { name: 'Why' }).fill('he is travelling');
    await decide('Hold it').click();
    await decide('Release').waitFor();
    const [held] = await rows('held=true');
    expect(held?.why).toBe('desk-tan holds it: he is travelling');
    await isSound('outreach-held');
    await decide('Release').click();
    await decide('Hold…').waitFor();
    expect(await rows('held=true')).toEqual([]);
    expect(await message().getByRole('listitem').allTextContents()).toEqual([
      expect.stringMatching(/^Planned/),
      expect.stringMatching(/^Held back.*He is travelling.*Ren Tan|^Held back.*He is travelling/),
      expect.stringMatching(/^Released/),
    ]);
  });

  test('is sent at once within the hours, and called off for good', async () => {
    await decide('Send now').click();
    await message()
      .getByText(/^(Sent|Delivered)$/)
      .first()
      .waitFor();
    await message().getByText('Sent at once').waitFor();
    expect(await message().getByRole('button', { name: 'Hold…' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Close' }).click();
    await page.getByRole('link', { name: 'Reminder' }).first().click();
    await decide('Call off…').click();
    await message().getByRole('textbox', { name: 'Why' }).fill('told in person');
    await decide('Call it off').click();
    await message().getByText('Cancelled').waitFor();
    const [off] = await rows('status=cancelled&channel=sms');
    expect(off?.why).toBe('desk-tan called it off: told in person');
    // Everything is planned again; nobody gets it all the same.
    await demo.advance(new Date('2026-12-01T15:05:00Z'));
    expect((await rows(`patientId=${off?.patientId}`)).filter(({ why, status }) => status === 'planned' && why === off?.why)).toEqual([]);
  });

  test('what went wrong stands with what was done about it', async () => {
    const headers = { 'content-type': 'application/json' };
    await fetch(`${demo.address}/sandbox/faults`, { method: 'POST', headers, body: JSON.stringify({ channel: 'sms', mode: 'reject', code: 21610, count: 1 }) });
    await page.getByRole('link', { name: 'Close' }).click();
    await page.getByRole('link', { name: 'Reminder' }).first().click();
    await decide('Send now').click();
    await message().getByText('Failed').first().waitFor();
    await page.getByRole('link', { name: 'Close' }).click();
    await page.getByText('Went wrong').click();
    const row = page.getByRole('row', { name: /Failed/ });
    await row.getByRole('link', { name: 'Call' }).waitFor();
    expect(await row.textContent()).toMatch(/Call for front desk, due in/);
    await isSound('outreach-trouble');
  });

  test('is only read by the auditor; at night nothing is sent at once, and the hour is said', async () => {
    await signInAs('moss');
    await page.getByRole('link', { name: 'Reminder' }).first().click();
    await message().getByText('Why, and what happened').waitFor();
    expect(await message().getByRole('button').count()).toBe(0);
    await demo.advance(new Date('2026-12-02T04:00:00Z'));
    await signInAs('tan');
    await page.getByRole('link', { name: 'Instructions' }).first().click();
    await decide('Send now').click();
    await message().getByText('It may go from Wed, Dec 2').waitFor();
    expect(await message().getByRole('alert').textContent()).toMatch(/may not go now: outside the permitted hours/);
    expect(faults).toEqual([]);
  });
});

describeInBrowser('API keys', () => {
  const status = async (key: string) => (await fetch(`${demo.address}/v1/patients`, { headers: { authorization: `Bearer ${key}` } })).status;

  test('are made, shown once and kept as a fingerprint; a revoked one opens nothing', async () => {
    await signInAs('admin');
    await show('settings/keys');
    await page.getByRole('textbox', { name: 'Name' }).fill('Booking site');
    await page.getByLabel(/Front desk/).check();
    await page.getByRole('button', { name: 'Make the key' }).click();
    const shown = page.getByRole('status').filter({ hasText: 'copy it now' });
    const key = (await shown.locator('code').textContent()) ?? '';
    expect(await status(key)).toBe(200);
    await isSound('keys');
    await page.getByRole('button', { name: 'I have it' }).click();
    const kept = JSON.stringify(await demo.afterglow.db.selectFrom('idempotency_key').selectAll().execute()) + (await page.content());
    expect(kept).not.toContain(key);
    await page.reload();
    const row = page.getByRole('row', { name: /Booking site/ });
    expect(await row.textContent()).toMatch(/Events, Front desk.*Lou Pike.*now/);
    await row.getByRole('button', { name: 'Revoke…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke Booking site?' });
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Revoke it' }).click();
    await row.getByText(/Revoked/).waitFor();
    expect(await status(key)).toBe(401);
  });

  test('are no business of the desk, nor can a key be given what a clinician decides', async () => {
    const headers = { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'Too much', roles: ['medical_director'] });
    expect((await fetch(`${demo.address}/v1/api-keys`, { method: 'POST', headers, body })).status).toBe(400);
    await signInAs('tan');
    await show('settings/keys');
    await page.getByText('it is not for your role').waitFor();
    expect(await page.evaluate<number>("fetch('/v1/api-keys').then(({ status }) => status)")).toBe(403);
    expect(faults).toEqual([]);
  });
});

describeInBrowser('the settings', () => {
  const read = () => machine<{ version: string; document: { staff: { id: string; licences: { until: string }[] }[] } }>('clinic/document');
  const reyesUntil = async () => (await read()).document.staff.find(({ id }) => id === 'np-reyes')?.licences[0]?.until;
  const licence = () => page.getByRole('group', { name: 'Licences' }).getByLabel('Last valid day').first();

  test('of staff are changed in a form that shows what changes, a fault at its field; the second editor is refused', async () => {
    await signInAs('admin');
    await show('settings/staff');
    await page.getByRole('link', { name: 'Marisol Reyes NP' }).click();
    await licence().fill('2028-12-31');
    await page.getByLabel('Phone, for pages').fill('12');
    await isSound('staff-edit');
    await page.getByRole('button', { name: 'Look at what changes' }).click();
    const dialog = page.getByRole('dialog', { name: 'What changes' });
    await dialog.getByText(/→ 12$/).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'office-staff-review-1440-light.png') });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page
      .getByText(/must be a phone number in E.164/)
      .first()
      .waitFor();
    expect(await page.getByLabel('Phone, for pages').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Phone, for pages').fill('+18385550199');
    // Meanwhile somebody else saves.
    const { version, document } = await read();
    const headers = { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/json' };
    const save = (body: object) => fetch(`${demo.address}/v1/clinic/document`, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect((await save({ version, document: { ...document, turnoverMinutes: 20 } })).status).toBe(200);
    await page.getByRole('button', { name: 'Look at what changes' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Somebody else has saved other settings').waitFor();
    expect(await reyesUntil()).not.toBe('2028-12-31');
    await page.getByRole('button', { name: 'Read the newer settings' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await licence().fill('2028-12-31');
    await page.getByRole('button', { name: 'Look at what changes' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Staff' }).waitFor();
    await page.getByText('Dec 31, 2028').waitFor();
    expect(await reyesUntil()).toBe('2028-12-31');
  });

  test('of places hold hours, closed days, rooms and devices, and the ladder', async () => {
    await show('settings/places');
    await page.getByRole('link', { name: 'Change Manhattan' }).click();
    await page.getByRole('group', { name: 'Opening hours' }).getByLabel('Monday').fill('10:00-18:00');
    await page.getByRole('button', { name: 'Add to closed days' }).click();
    await page.getByRole('group', { name: 'Closed days' }).getByLabel(/^Day/).last().fill('2027-03-01');
    await isSound('place-edit');
    await page.getByRole('button', { name: 'Look at what changes' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('region', { name: 'Manhattan' }).getByText('10:00 to 18:00').waitFor();
    await page.getByRole('link', { name: 'Change who is called' }).click();
    await page.getByLabel('After minutes').last().waitFor();
    await isSound('ladder-edit');
  });

  test('are only looked at by the desk', async () => {
    await signInAs('tan');
    await show('settings/staff/np-reyes');
    expect(await page.getByRole('button', { name: 'Look at what changes' }).count()).toBe(0);
    expect(await page.evaluate<number>("fetch('/v1/clinic/document').then(({ status }) => status)")).toBe(403);
    expect(faults).toEqual([]);
  });
});

describeInBrowser('an absence', () => {
  test('is looked at for everybody before it is recorded, and then done as it was shown', async () => {
    await signInAs('tan');
    await show('settings/absences');
    const { items } = await machine<{ items: readonly { providerId: string; start: string }[] }>('sessions?from=2026-12-02T00:00:00Z&status=booked&limit=200');
    const [{ providerId, start }] = items as [(typeof items)[number]];
    await page.getByLabel('Who or what').selectOption(`providerId/${providerId}`);
    for (const field of ['From', 'To, that day included']) await page.getByLabel(field).fill(start.slice(0, 10));
    await page.getByLabel('Why').fill('influenza');
    await page.getByRole('button', { name: 'Look at what follows' }).click();
    const follows = page.getByRole('region', { name: 'What follows' });
    await follows.getByText(/must be called\.$/).waitFor();
    await isSound('absences');
    await follows.getByRole('button', { name: 'Record it and do this' }).click();
    await follows.getByText('It is recorded, visits are moved').waitFor();
    const left = await machine<{ items: readonly { providerId: string; start: string; status: string }[] }>('sessions?limit=200&from=2026-12-01T00:00:00Z');
    const standing = left.items.filter((session) => ['booked', 'confirmed'].includes(session.status) && session.start.startsWith(start.slice(0, 10)));
    expect(standing.filter((session) => session.providerId === providerId)).toEqual([]);
  });
});

describeInBrowser('webhooks', () => {
  interface Notice {
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }
  const told: Notice[] = [];
  let answers = 200;
  let receiver: Server;
  beforeAll(async () => {
    if (!hasBrowser) return;
    receiver = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        told.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
        response.writeHead(answers).end();
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
  });
  afterAll(() => void receiver?.close());
  const address = () => {
    const at = receiver.address();
    return `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}/in`;
  };
  const happens = async () => {
    const event = { specversion: '1.0', id: `w${told.length}`, source: '/spec', type: 'patient.registered.v1', subject: 'wim', time: demo.now().toISOString() };
    const data = { consultationId: 'c-wim', patientId: 'wim', person: { givenName: 'Wim', familyName: 'Aalto' } };
    const headers = { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/cloudevents+json' };
    await fetch(`${demo.address}/v1/events`, { method: 'POST', headers, body: JSON.stringify({ ...event, data }) });
    await demo.settle();
  };
  const row = () => page.getByRole('row', { name: /patient\.registered\.v1/ }).first();

  test('tell a receiver ids alone, signed with the secret that was shown once', async () => {
    await signInAs('admin');
    await show('settings/webhooks');
    await page.getByLabel('Address').fill('http://10.0.0.8/in');
    await page.getByLabel(/Patients and their facts/).check();
    await page.getByRole('button', { name: 'Add the receiver' }).click();
    await page.getByRole('alert').getByText('must begin with https://').waitFor();
    await page.getByLabel('Address').fill(address());
    await page.getByRole('button', { name: 'Add the receiver' }).click();
    const shown = page.getByRole('status').filter({ hasText: 'copy it now' });
    const secret = ((await shown.locator('code').textContent()) ?? '').replace('whsec_', '');
    await page.getByRole('button', { name: 'I have it' }).click();
    await happens();
    expect(told).toHaveLength(1);
    const [{ headers, body }] = told as [Notice];
    const signature = createHmac('sha256', Buffer.from(secret, 'base64'))
      .update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(body).not.toMatch(/Wim|Aalto/);
    expect(JSON.parse(body)).toMatchObject({ type: 'patient.registered.v1', data: { patientId: 'wim', consultationId: 'c-wim' } });
  });

  test('try again, give up with a task after two days, and are taken up by hand', async () => {
    answers = 503;
    await happens();
    expect(told).toHaveLength(2);
    await demo.advance(new Date(demo.now().getTime() + 90_000));
    expect(told).toHaveLength(3);
    expect(new Set(told.slice(1).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await page.reload();
    await page.getByText('2 failed in a row').waitFor();
    await page.getByRole('button', { name: 'What it was told' }).click();
    await row()
      .getByText(/Waiting/)
      .waitFor();
    await demo.advance(new Date(demo.now().getTime() + 48 * 3_600_000));
    expect(told).toHaveLength(1 + 8);
    const { items } = await machine<{ items: readonly { why: string; role: string }[] }>('tasks?status=open&kind=review&limit=200');
    expect(items).toContainEqual(expect.objectContaining({ role: 'admin', why: expect.stringContaining('is told nothing more: it answered 503') }));
    await page.reload();
    await page.getByText('Given up').waitFor();
    await page.getByRole('button', { name: 'What it was told' }).click();
    await row().getByText('Did not get through').waitFor();
    await isSound('webhooks');
    answers = 200;
    await page.getByRole('button', { name: 'Try it again' }).click();
    await page.getByText('In use').waitFor();
    await row().getByRole('button', { name: 'Send again' }).click();
    await row().getByText('Waiting').waitFor();
    await demo.settle();
    await page.reload();
    await page.getByRole('button', { name: 'What it was told' }).click();
    await row().getByText('Got through').waitFor();
    expect(faults).toEqual([]);
  });
});
