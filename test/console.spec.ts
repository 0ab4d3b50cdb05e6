import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { foldPatient } from '#patient';
import { projectRoot } from '#platform';
import { type Frame, html, type Markup, pageOf } from '../apps/api/patient-pages/page.js';
import {
  birthDateView,
  careView,
  checkInView,
  frontView,
  photoView,
  satisfactionView,
  stopView,
  thanksView,
  whyView,
} from '../apps/api/patient-pages/views.js';
import { words } from '../apps/api/patient-pages/words.js';
import { describeInBrowser, hasBrowser, openBrowser, pictures, violations } from './support/browser.js';
import { type ConsoleStub, serveConsole } from './support/console-stub.js';

const pages = ['today', 'upcoming', 'inbox', 'inbox/dana', 'outreach', 'tasks', 'patients', 'patients/ana'] as const;

let stub: ConsoleStub;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  if (!hasBrowser) return;
  execFileSync(process.execPath, [join(projectRoot, 'scripts', 'console.mjs')], { timeout: 60_000 });
  mkdirSync(pictures, { recursive: true });
  stub = await serveConsole();
  browser = await openBrowser();
  page = browser.page;
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && !message.text().includes('401') && faults.push(message.text())));
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await stub?.close();
});

const show = async (place: string) => {
  await page.goto(`${stub.address}/#/${place}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByLabel('Loading').waitFor({ state: 'detached' });
};

describeInBrowser('the console in a browser', () => {
  test('says what is wrong with a sign-in, and opens with the right one', async () => {
    await page.goto(stub.address);
    await page.getByLabel('E-mail').fill('tan@clinic.example');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').textContent()).toMatch(/not right/);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'sign-in.png') });
    await page.getByRole('textbox', { name: 'Password' }).fill('right password');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Wed, Dec 2' }).waitFor();
  });

  test("shows today's sessions by provider in time order, each with its sign, and who needs a person", async () => {
    await show('today');
    const reyes = await page.getByRole('region', { name: 'Marisol Reyes NP' }).locator('li strong').allTextContents();
    expect(reyes.map((time) => time.replaceAll(/\s/g, ' '))).toEqual(['10:30 AM', '2:00 PM']);
    const blocked = page.getByRole('region', { name: 'Dr Ada Okafor' }).locator('[data-status=on_hold]');
    expect(await blocked.textContent()).toMatch(/Blocked.*Dana Cole.*Consent: a consent/);
    expect(await page.getByRole('complementary', { name: 'Needs a person' }).locator('li').first().textContent()).toMatch(/Urgent.*Dana Cole/);
  });

  test('carries out the next step of a session, and asks anew when the server tells of a change', async () => {
    await show('today');
    await page.getByRole('button', { name: 'Done' }).first().click();
    await expect(eventually(() => stub.commands.includes('POST /v1/sessions/s1/complete'))).resolves.toBe(true);
    const asked = page.waitForRequest((request) => request.url().includes('/v1/tasks'));
    stub.tell('task');
    await asked;
  });

  test('lists the inbox by urgency, and answers', async () => {
    await show('inbox');
    const queue = await page.getByRole('navigation', { name: 'Conversations' }).locator('li').allTextContents();
    expect(queue.map((text) => /Urgent|Question|As expected/.exec(text)?.[0])).toEqual(['Urgent', 'Question', 'As expected']);
    await show('inbox/dana');
    await page.getByLabel('Answer', { exact: true }).fill('We are on our way to the phone.');
    await page.keyboard.press('Control+Enter');
    await expect(eventually(() => stub.commands.includes('POST /v1/conversations/dana/messages'))).resolves.toBe(true);
    // The box is emptied once the clinic has taken the answer, and not before.
    await expect(eventually(async () => (await page.getByLabel('Answer', { exact: true }).inputValue()) === '')).resolves.toBe(true);
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
  });

  test('finds a patient from the keyboard alone', async () => {
    await show('today');
    await page.keyboard.press('/');
    await page.keyboard.type('ana');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Ana Lima' }).click();
    await page.getByRole('heading', { name: 'Ana Lima' }).waitFor();
  });

  for (const [width, height, scheme] of [
    [1440, 900, 'light'],
    [1440, 900, 'dark'],
    [390, 844, 'light'],
  ] as const) {
    test.each(pages)(`%s has nothing for axe to find at ${width} px, ${scheme}, and does not scroll sideways`, async (place) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height });
      await show(place);
      await page.screenshot({ path: join(pictures, `${place.replace('/', '-')}-${width}-${scheme}.png`), fullPage: true });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    });
  }

  test('nothing broke on the way, and the content policy stopped nothing', () => expect(faults).toEqual([]));
});

const say = words.es;
const frame: Frame = { language: 'es', clinic: 'Afterglow Skin Studio', phone: '+18385550100', call: say.call };
const visit = { when: 'martes, 2 de diciembre, 10:30 a.m.', place: 'Manhattan' };
const ownPages: readonly (readonly [string, string, Markup])[] = [
  ['visit', say.yourVisit, frontView({ ...visit, status: 'booked' }, '/p/x', say, undefined)],
  ['confirmed', say.yourVisit, frontView({ ...visit, status: 'confirmed' }, '/p/x', say, undefined)],
  ['birth-date', say.howAreYou, birthDateView({ base: '/p/x', words: say, language: 'es', patient: foldPatient([]) }, 'care', 'wrong')],
  ['check-in', say.skinToday, checkInView('/p/x', say, { once: 'once' }, true)],
  ['photo', say.photoTitle, photoView('/p/x', say, { once: 'once', text: 'Aquí está.', trouble: 'no-photo' })],
  ['satisfaction', say.howHappy, satisfactionView('/p/x', say)],
  ['why', say.whyTitle, whyView('/p/x', say, 'once')],
  ['thanks', say.howAreYou, thanksView('/p/x', say, { care: [{ title: say.after, text: 'Desde hoy:' }], nextOn: 'jueves, 4 de diciembre' })],
  ['care', say.forYou, careView([{ title: say.before, text: 'Venga con la piel limpia.' }], '/p/x', say)],
  ['stop', say.stopTitle, stopView('/p/x', say)],
  ['gone', say.gone, html`<p>${say.goneWhy}</p>`],
];

describeInBrowser("patients' own pages on a phone", () => {
  for (const scheme of ['light', 'dark'] as const) {
    test.each(ownPages)(`%s has nothing for axe to find, ${scheme}, and does not scroll sideways`, async (name, title, body) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto('about:blank');
      await page.setContent(pageOf(frame, title, body));
      await page.screenshot({ path: join(pictures, `own-${name}-${scheme}.png`), fullPage: true });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    });
  }
});

/** Waits, looking every few milliseconds, until something holds; false after two seconds. */
async function eventually(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let look = 0; look < 100 && !(await holds()); look += 1) await page.waitForTimeout(20);
  return holds();
}
