import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { hashToken, projectRoot } from '#platform';
import { setPassword } from '../apps/api/accounts.js';
import { type Demo, startDemo } from '../apps/cli/demo-services.js';
import { openLog } from '../libs/platform/logging.js';
import { freePort } from '../libs/platform/ports.js';
import { sampleClinic } from './support/booking.js';
import { describeInBrowser, hasBrowser, openBrowser, pictures, violations } from './support/browser.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

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
  dataDir = await mkdtemp(join(tmpdir(), 'afterglow-consultation-'));
  const repeatable = { seed: 1, log: openLog('silent') };
  const start = new Date('2026-12-01T15:00:00Z');
  demo = await startDemo({ port: await freePort(), start, clinic: sampleClinic, dataDir, databaseUrl: database.url, repeatable });
  const { db, clock } = demo.afterglow;
  await setPassword(db, { staffId: 'dr-okafor', email: 'okafor@clinic.example', password });
  await setPassword(db, { staffId: 'desk-tan', email: 'tan@clinic.example', password });
  await db
    .insertInto('api_key')
    .values([{ name: 'auditor-key', key_hash: hashToken('auditor'), roles: ['auditor'], created_at: clock.now() }])
    .execute();
  browser = await openBrowser();
  page = browser.page;
  page.on('pageerror', (error) => faults.push(error.message));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  await database?.close();
  if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true });
});

async function signInAs(name: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${demo.address}/#/consultations`);
  await page.reload();
  await page.getByLabel('E-mail').fill(`${name}@clinic.example`);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
}

async function isSound(name: string): Promise<void> {
  for (const [width, height, colorScheme] of [
    [1440, 900, 'light'],
    [390, 844, 'dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1440, height: 900 });
}

const at = (title: string) => page.getByRole('region', { name: title, exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const label = (name: string | RegExp) => page.getByLabel(name);
const stepOf = (title: string) => page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: title });
/** Opens a step, fills its form in and records it. */
async function record(title: string, fields: Readonly<Record<string, string>>, word = 'Record'): Promise<void> {
  await stepOf(title).click();
  for (const [name, value] of Object.entries(fields)) {
    const choice = at(title).getByRole('combobox', { name });
    await ((await choice.count()) > 0 ? choice.selectOption(value) : at(title).getByLabel(name).fill(value));
  }
  await at(title).getByRole('button', { name: word, exact: true }).click();
  await page
    .getByRole('list', { name: `Recorded: ${title}` })
    .first()
    .waitFor();
}
const gate = (name: string) => page.getByRole('region', { name: 'Gates' }).getByRole('listitem').filter({ hasText: name }).getByRole('strong');

describeInBrowser('a consultation in the console', () => {
  test('begins with somebody who walks in', async () => {
    await signInAs('okafor');
    await page.getByRole('heading', { name: 'New consultation' }).waitFor();
    await isSound('consultation-new');
    await label('Given name').fill('Wanda');
    await label('Family name').fill('Keller');
    await label('Born (YYYY-MM-DD)').fill('1985-05-05');
    await label('E-mail').fill('wanda@example.com');
    await label('What troubles them, one a line').fill('dull skin');
    await button('Begin the consultation').click();
    await page.getByRole('heading', { name: /^Consultation: / }).waitFor();
    await at('Start').waitFor();
    await gate('Assessment').filter({ hasText: ': missing' }).waitFor();
  });

  test('keeps what was typed over a reload, in this tab alone', async () => {
    await stepOf('History').click();
    await at('History').getByLabel('Notes on the history').fill('no medicines');
    await page.reload();
    await stepOf('History').click();
    expect(await at('History').getByLabel('Notes on the history').inputValue()).toBe('no medicines');
    expect(await page.evaluate<number>('localStorage.length && Object.keys(localStorage).filter((key) => key.startsWith("draft")).length')).toBe(0);
  });

  test('shows options side by side with where each figure comes from, and the schedule of a plan while it is chosen', async () => {
    await record('Start', { Where: 'nyc' });
    await record('History', {});
    await record('Skin assessment', {
      'Skin type (Fitzpatrick)': 'II',
      'What was found, one a line': 'dullness',
      'Areas, one a line': 'face',
      'How it was assessed': 'visual',
    });
    await gate('Assessment').filter({ hasText: ': met' }).waitFor();
    await record('Goals', { 'What the patient wants, one a line': 'even tone' });
    await stepOf('Options').click();
    await label('Chemical peel, superficial').check();
    await label('Microdermabrasion').check();
    await page.getByRole('region', { name: 'Options side by side' }).getByText('Source').first().click();
    await isSound('consultation-options');
    await button('Record what was presented').click();
    await page.getByRole('list', { name: 'Recorded: Options' }).first().waitFor();
    await stepOf('Plan').click();
    await label('Add a treatment').selectOption('chemical_peel.superficial');
    await page
      .getByText(/Downtime to/)
      .first()
      .waitFor();
    expect(await page.locator('.preview li').count()).toBeGreaterThan(0);
    await isSound('consultation-plan');
    await button('Propose this plan').click();
    await page.getByRole('list', { name: 'Recorded: Plan' }).first().waitFor();
    expect((await page.request.get(`${demo.address}/v1/sessions`)).ok()).toBe(true);
    expect(((await (await page.request.get(`${demo.address}/v1/sessions`)).json()) as { items: unknown[] }).items).toEqual([]);
  });

  test('ends in a booked course once every gate is met (invariant 2)', async () => {
    await record('Education', { 'What was explained, one a line': 'healing' });
    await record('Questions', { 'What the patient asks': 'Will it sting?' }, 'Record the question');
    await gate('Questions').filter({ hasText: ': missing' }).waitFor();
    await at('Questions').getByLabel('What was answered').fill('A little.');
    await button('Record the answer').click();
    await gate('Questions').filter({ hasText: ': met' }).waitFor();
    await record('Estimate', { 'Chemical peel, superficial, the whole series (USD)': '450', 'Deposit required (USD)': '50' }, 'Record the estimate');
    expect(await page.getByRole('list', { name: 'Recorded: Estimate' }).first().textContent()).toMatch(/\$450\.00/);
    await record('Estimate', { 'Deposit paid (USD)': '50' }, 'Record the deposit');
    await record('Decision', { 'What the patient decided': 'proceed' });
    await record('Consent', { 'Version of the document that was signed': '2026-01', 'What was acknowledged, one a line': 'risks' });
    await gate('Consent').filter({ hasText: ': met' }).waitFor();
    await demo.advance(new Date('2026-12-01T15:05:00Z'));
    await page.getByRole('link', { name: 'See the course' }).waitFor();
    await isSound('consultation-done');
    const { items } = (await (await page.request.get(`${demo.address}/v1/sessions`)).json()) as { items: { status: string }[] };
    expect(items.map(({ status }) => status)).toContain('booked');
  });

  test('prints a summary of what was recorded and nothing of the page around it', async () => {
    await page.emulateMedia({ media: 'print' });
    expect(await button('Print a summary').isVisible()).toBe(false);
    await page.screenshot({ path: join(pictures, 'consultation-print.png'), fullPage: true });
    expect(await page.locator('.on-paper').isVisible()).toBe(true);
    expect(await page.locator('.guided').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
  });

  test('leaves what a clinician judges to a clinician, in the page and in the API', async () => {
    const address = page.url();
    await signInAs('tan');
    await page.goto(address);
    await stepOf('Skin assessment').click();
    await at('Skin assessment').getByText('A provider records this step.').waitFor();
    const id = address.split('/').at(-1) ?? '';
    const facts = `${demo.address}/v1/consultations/${id}/facts`;
    const headers = { 'x-requested-with': 'console' };
    const education = { type: 'consultation.education-delivered.v1', data: { topics: ['x'] } };
    expect((await page.request.post(facts, { headers, data: education })).status()).toBe(403);
    const auditor = { authorization: 'Bearer auditor', 'content-type': 'application/json' };
    expect((await fetch(facts, { method: 'POST', headers: auditor, body: JSON.stringify(education) })).status).toBe(403);
    const wrong = { type: 'consultation.deposit-paid.v1', data: { amount: -1, currency: 'USD' } };
    expect((await page.request.post(facts, { headers, data: wrong })).status()).toBe(422);
  });

  test('broke nothing on the way', () => expect(faults).toEqual([]));
});
