import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { AnswersController } from '../apps/api/patient-pages/answers.controller.js';
import { PatientPagesController } from '../apps/api/patient-pages/patient-pages.controller.js';
import { AnsweringDesk, birthDate } from './support/answering.js';
import { describeInBrowser, hasBrowser, openBrowser } from './support/browser.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { serve, type Served } from './support/served.js';

let database: TestDatabase;
let desk: AnsweringDesk;
let served: Served;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  if (!hasBrowser) return;
  database = await createTestDatabase();
  desk = new AnsweringDesk(database.open('browser', 4));
  await desk.setUp('ana', 'en');
  served = await serve([PatientPagesController, AnswersController], desk.afterglow);
  browser = await openBrowser();
  page = browser.page;
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && !message.text().includes('favicon') && faults.push(message.text())));
  await page.setViewportSize({ width: 390, height: 760 });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await served?.close();
  await database?.close();
});

const received = async () => (await desk.thread('ana')).flatMap(({ direction, body, media }) => (direction === 'in' ? [[body, media.length]] : []));

describeInBrowser('a patient with a telephone, without a script on the page', () => {
  test('gives a number with one tap, and then why', async () => {
    await page.goto(`${served.address}${await desk.asked('ana', 'satisfaction')}`);
    const five = page.getByRole('button', { name: '5, very happy' });
    const { width = 0, height = 0 } = (await five.boundingBox()) ?? {};
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(48);
    await five.click();
    await page.getByLabel('And why?').fill('Everyone was kind.');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('One of us reads what you wrote').waitFor();
    expect(await received()).toEqual([
      ['5', 0],
      ['Everyone was kind.', 0],
    ]);
  });

  test('opens the link of a photo with the birth date, and sends one', async () => {
    await page.goto(`${served.address}${await desk.link({ patientId: 'ana', purpose: 'photo', outreachId: 'o-photo' })}`);
    await page.getByLabel('Date of birth').fill(birthDate);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Or choose up to 4').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('We have your answer').waitFor();
    expect((await received()).at(-1)).toEqual(['', 1]);
  });

  test('sends words and a photo with a check-in, and the content policy stopped nothing', async () => {
    await page.goto(`${served.address}${await desk.asked('ana', 'check-in')}`);
    await page.getByLabel('Date of birth').fill(birthDate);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Or tell us in your own words').fill('a little red');
    await page.getByText('Add a photo').click();
    await page.getByLabel('Or choose up to 4').setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: await page.screenshot({ type: 'jpeg' }) });
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('We have your answer').waitFor();
    expect((await received()).at(-1)).toEqual(['a little red', 1]);
    expect(faults).toEqual([]);
  });
});
