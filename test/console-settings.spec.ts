import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TOTP, URI } from 'otpauth';
import type { Page } from 'playwright-core';
import { projectRoot } from '#platform';
import { setPassword } from '../apps/api/accounts.js';
import { type Demo, startDemo } from '../apps/cli/demo-services.js';
import { openLog } from '../libs/platform/logging.js';
import { freePort } from '../libs/platform/ports.js';
import { describeInBrowser, hasBrowser, openBrowser, pictures, violations } from './support/browser.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

/** Who signs in, by the first part of the address. The auditor is the spec's own: the sample clinic has none. */
const people = { okafor: 'dr-okafor', tan: 'desk-tan', moss: 'auditor-moss' } as const;
/** One licence has lapsed on the day of the spec, one ends within ninety days, one just after them. */
const lapsing = {
  id: 'ae-voss',
  name: 'Ed Voss LE',
  roles: ['provider'],
  licences: [
    { kind: 'LE', state: 'NJ', until: '2026-11-30' },
    { kind: 'LE', state: 'NY', until: '2027-03-01' },
    { kind: 'LE', state: 'CT', until: '2027-03-02' },
  ],
  certifications: [{ protocols: ['chemical_peel.superficial'], until: '2026-12-01' }],
};
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
  dataDir = await mkdtemp(join(tmpdir(), 'afterglow-settings-'));
  const clinic = JSON.parse(await readFile(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as { staff: object[] };
  clinic.staff.push({ id: 'auditor-moss', name: 'Ira Moss', roles: ['auditor'] }, lapsing);
  demo = await startDemo({
    port: await freePort(),
    start: new Date('2026-12-01T15:00:00Z'),
    clinic,
    dataDir,
    databaseUrl: database.url,
    repeatable: { seed: 1, log: openLog('silent') },
  });
  for (const [name, staffId] of Object.entries(people)) await setPassword(demo.afterglow.db, { staffId, email: `${name}@clinic.example`, password });
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

async function signInAs(name: keyof typeof people, code?: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${demo.address}/#/settings`);
  await page.reload();
  await page.getByLabel('E-mail').fill(`${name}@clinic.example`);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.keyboard.press('Enter');
  if (code !== undefined) {
    await page.getByLabel('Code').fill(code);
    await page.keyboard.press('Enter');
  }
  await page.getByRole('navigation', { name: 'Settings' }).waitFor();
}
const show = async (place: string) => {
  await page.goto(`${demo.address}/#/settings/${place}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const loading = page.getByLabel('Loading');
  while ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' });
};
const offered = () => page.getByRole('navigation', { name: 'Settings' }).getByRole('link').allTextContents();

/** Looks at a page at both widths, light and dark; the pictures are kept. */
async function isSound(place: string): Promise<void> {
  for (const [width, height, colorScheme] of [
    [1440, 900, 'light'],
    [390, 844, 'light'],
    [390, 844, 'dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await show(place);
    await page.screenshot({ path: join(pictures, `settings-${place.replaceAll('/', '-')}-${width}-${colorScheme}.png`), fullPage: true });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
}

describeInBrowser('message texts', () => {
  test('are drafted by the desk with a live preview, its segments and its flaws where they stand', async () => {
    await signInAs('tan');
    await show('messages/reminder/en');
    const sms = page.getByLabel('Text message');
    await sms.fill('{{clinic}}: see you {{date}}, {{time}}. Reply 1 to confirm, 2 for another time. {{phone}} ☀');
    await page.getByText(/It .*outside GSM-7/).waitFor();
    expect(await page.getByRole('button', { name: 'Save the draft' }).isDisabled()).toBe(true);
    await sms.fill('{{clinic}}: see you {{date}}, {{time}}. Reply 1 to confirm, 2 for another time. {{phone}}');
    await page.getByText('1 of at most 2 segments, GSM-7').waitFor();
    expect(await page.locator('.bubble').textContent()).toMatch(/^Afterglow Skin Studio: see you .*\. Reply 1/);
    await page.frameLocator('iframe').getByRole('main').getByText('We look forward to seeing you').waitFor();
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.getByRole('heading', { name: 'Draft: version 2' }).waitFor();
    expect(await page.getByRole('button', { name: /Approve/ }).count()).toBe(0);
    await page.getByText('The medical director approves it.').waitFor();
  });

  test('are put in force by the medical director, who sees the approved one beside the draft', async () => {
    await signInAs('okafor');
    await isSound('messages');
    await page.getByText('Waiting for approval').click();
    await page.getByRole('link', { name: 'Version 1 of Reminder, English' }).click();
    expect(await page.getByRole('region', { name: 'In force' }).textContent()).toMatch(/version 1.*Came with the product/);
    await isSound('messages/reminder/en');
    await page.getByRole('button', { name: 'Approve version 2' }).click();
    await page.getByRole('heading', { name: 'In force: version 2' }).waitFor();
    expect(await page.getByRole('region', { name: 'In force' }).textContent()).toMatch(/Approved by Dr Ada Okafor/);
  });

  test('are only read by the auditor', async () => {
    await signInAs('moss');
    await show('messages/reminder/en');
    expect(await page.getByRole('textbox', { name: 'Text message' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Save the draft' }).count()).toBe(0);
  });
});

describeInBrowser('protocols', () => {
  const deep = 'protocols/chemical_peel.deep';

  test('are read by the desk with every source, and not activated by it', async () => {
    await signInAs('tan');
    await isSound('protocols');
    expect(await page.getByRole('row', { name: /Chemical peel, deep/ }).textContent()).toMatch(/Not in force/);
    await show('protocols/chemical_peel.superficial');
    const row = page.getByRole('row', { name: /Between sessions, days/ });
    expect(await row.textContent()).toMatch(/14 to 28.*Sourced.*TXT-PEEL-DARK/);
    expect(await row.getByRole('link').first().getAttribute('href')).toMatch(/^https:/);
    expect(await page.getByRole('button', { name: /Put in force/ }).count()).toBe(0);
  });

  test('are put in force by the medical director, once nothing is missing and after a confirmation', async () => {
    await signInAs('okafor');
    await isSound(deep);
    const begin = page.getByRole('button', { name: 'Put in force…' });
    await page.getByText('Still to be set').waitFor();
    expect(await begin.isDisabled()).toBe(true);
    for (const group of await page.locator('fieldset', { hasText: '(needed)' }).all()) {
      await group.getByLabel(/value$/).fill('14');
      await group.getByLabel(/grounds$/).fill('House rule of the director');
    }
    await page.getByText('Still to be set').waitFor({ state: 'detached' });
    await begin.click();
    const dialog = page.getByRole('dialog', { name: 'Chemical peel, deep, version 1' });
    await dialog.getByText('Sessions that are booked keep theirs').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'settings-protocol-confirmation-1440-light.png') });
    await dialog.getByRole('button', { name: 'Put version 1 in force' }).click();
    await page.getByText('Version 1 in force').waitFor();
    await dialog.waitFor({ state: 'detached' });
  });

  test('show what a new version changes against the one in force', async () => {
    await page.getByText('Nothing changes against the version in force').waitFor();
    await page.getByText(/What the clinic sets/).click();
    const group = page.locator('fieldset', { hasText: '(needed)' }).first();
    await group.getByLabel(/value$/).fill('21 to 9');
    await page.getByText('A number, or two as in 28 to 42').waitFor();
    await group.getByLabel(/value$/).fill('21');
    await page.getByText(/14 → 21/).waitFor();
    await page.screenshot({ path: join(pictures, 'settings-protocol-change-1440-light.png'), fullPage: true });
  });
});

describeInBrowser('my account', () => {
  const sessions = () => page.getByRole('region', { name: 'Where you are signed in' }).getByRole('listitem');
  /** Signs in with another program, on another device. */
  const elsewhere = (agent: string) =>
    fetch(`${demo.address}/v1/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': agent },
      body: JSON.stringify({ email: 'tan@clinic.example', password }),
    });
  const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1';

  test('shows where one is signed in, and ends one of them, or all others', async () => {
    await demo.afterglow.db.deleteFrom('staff_session').execute();
    await signInAs('tan');
    await elsewhere(iPhone);
    await elsewhere('Mozilla/5.0 (Windows NT 10.0) Firefox/130.0');
    await isSound('account');
    await page.getByRole('button', { name: 'Sign out Safari on iOS' }).click();
    await page.getByText('Safari on iOS').first().waitFor({ state: 'detached' });
    expect(await sessions().count()).toBe(2);
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await page.getByText('Firefox on Windows').first().waitFor({ state: 'detached' });
    expect(await sessions().allTextContents()).toEqual([expect.stringContaining('this one')]);
  });

  test('asks for a code at sign-in once a code has confirmed it', async () => {
    await page.getByRole('button', { name: 'Set it up' }).click();
    const address = (await page.getByRole('region', { name: 'Second factor' }).getByRole('link').getAttribute('href')) ?? '';
    expect(await page.getByRole('img', { name: /for the camera/ }).count()).toBe(1);
    const app = URI.parse(address);
    if (!(app instanceof TOTP)) throw new Error('the address is of another kind');
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'settings-second-factor-1440-light.png'), fullPage: true });
    const codeAt = (later: number) => app.generate({ timestamp: demo.now().getTime() + later });
    await page.getByLabel('Code of the app').fill('000000');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page
      .getByRole('alert')
      .getByText(/code is not right/)
      .waitFor();
    await page.getByLabel('Code of the app').fill(codeAt(0));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('A code is asked for at sign-in').waitFor();
    await page.goto('about:blank');
    // Each code is good once: the next step's is the one that is left.
    await signInAs('tan', codeAt(30_000));
    await show('account');
  });
});

describeInBrowser('the access log', () => {
  beforeAll(async () => {
    if (!hasBrowser) return;
    const event = { specversion: '1.0', id: 'r1', source: '/spec', type: 'patient.registered.v1', subject: 'ana', time: '2026-12-01T14:00:00Z' };
    const data = { consultationId: 'c-ana', patientId: 'ana', person: { givenName: 'Ana', familyName: 'Lima' } };
    const sent = await fetch(`${demo.address}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({ ...event, data }),
    });
    expect(sent.status).toBe(202);
    const reads = Array.from({ length: 60 }, (_, number) => ({
      at: new Date(Date.parse('2026-11-01T12:00:00Z') + number * 3_600_000),
      actor: number % 3 === 0 ? 'dr-okafor' : 'desk-tan',
      action: `looked at patient`,
      patient_id: 'ana',
    }));
    await demo.afterglow.db.insertInto('access_log').values(reads).execute();
  });

  test('is read by the auditor page by page, and by who, whom and when', async () => {
    await signInAs('moss');
    await isSound('access-log');
    const rows = page.locator('tbody tr');
    expect(await rows.count()).toBe(50);
    await page.getByRole('link', { name: 'Ana Lima' }).first().waitFor();
    await page.getByRole('button', { name: 'Earlier ones' }).click();
    await page.getByRole('button', { name: 'Earlier ones' }).waitFor({ state: 'detached' });
    expect(await rows.count()).toBeGreaterThanOrEqual(60);
    await page.getByLabel('Who').selectOption({ label: 'Dr Ada Okafor' });
    await page.getByLabel('From').fill('2026-11-02');
    await page.getByLabel('To').fill('2026-11-02');
    await page.getByRole('button', { name: 'Show' }).click();
    // Of the hours of that local day every third is hers.
    await rows.nth(8).waitFor({ state: 'detached' });
    expect(await rows.count()).toBe(8);
    await page.getByLabel('Patient’s id').fill('nobody');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('Nobody looked at a record like that.').waitFor();
  });

  test('is not offered to the desk, nor shown at its address', async () => {
    await signInAs('okafor');
    await show('access-log');
    await page.getByText('it is not for your role').waitFor();
  });
});

describeInBrowser('staff and places', () => {
  test('say whose licence has ended or ends within ninety days', async () => {
    await signInAs('okafor');
    await isSound('staff');
    const said = await page
      .getByRole('row', { name: /Ed Voss LE/ })
      .getByRole('listitem')
      .allTextContents();
    expect(said.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/^LE in NJ.*Ended/),
      expect.stringMatching(/^LE in NY.*Ends in 90 days/),
      expect.stringMatching(/^LE in CT.*until Mar 2, 2027$/),
      expect.stringMatching(/^Chemical peel, superficial.*Ends today/),
    ]);
  });

  test('show rooms, devices, hours, closures and the ladder', async () => {
    await isSound('places');
    const manhattan = page.getByRole('region', { name: 'Manhattan' });
    expect(await manhattan.textContent()).toMatch(/Monday09:00 to 19:00/);
    expect(await manhattan.textContent()).toMatch(/Sundayclosed/);
    expect(await manhattan.textContent()).toMatch(/Dec 25, 2026/);
    expect(await manhattan.textContent()).toMatch(/nyc-laser/);
    expect(await page.getByRole('region', { name: 'Who is called' }).getByRole('listitem').allTextContents()).toEqual([
      expect.stringMatching(/^At once: on call, by text and e-mail.*Marisol Reyes NP/),
      expect.stringMatching(/^After 5 min: on call, by text/),
      expect.stringMatching(/^After 10 min: medical director.*Dr Ada Okafor/),
    ]);
  });
});

describeInBrowser('what is offered', () => {
  test.each([
    ['okafor', ['Message texts', 'Protocols', 'Staff', 'Places and hours', 'Absences', 'API keys', 'Webhooks', 'My account']],
    ['moss', ['Message texts', 'Protocols', 'Staff', 'Places and hours', 'My account', 'Access log']],
  ] as const)('to %s: %j', async (name, words) => {
    await signInAs(name);
    expect(await offered()).toEqual(words);
  });

  test('nothing broke on the way, and the content policy stopped nothing', () => expect(faults).toEqual([]));
});
