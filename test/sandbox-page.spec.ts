import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import nodemailer from 'nodemailer';
import type { Page } from 'playwright-core';
import { renderEmail, sampleFor, shipped } from '#messaging';
import { type Sandbox, startSandbox } from '../apps/sandbox/index.js';
import { describeInBrowser, hasBrowser, openBrowser, pictures, violations } from './support/browser.js';

let sandbox: Sandbox;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  if (!hasBrowser) return;
  mkdirSync(pictures, { recursive: true });
  const clock = { now: () => new Date('2026-12-01T15:00:00Z') };
  const account = { accountSid: `AC${'1'.repeat(32)}`, authToken: 'sandbox-token', mailSecret: 'mail-secret' };
  sandbox = await startSandbox({ ...account, webhookBaseUrl: 'http://127.0.0.1:9', number: '+12125550100', clock });
  const letter = renderEmail(shipped('plan-summary', 'en'), sampleFor('en', 'email'));
  await nodemailer.createTransport(sandbox.smtpUrl).sendMail({ from: 'care@clinic.example', to: 'ana@example.com', ...letter });
  browser = await openBrowser();
  page = browser.page;
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await sandbox?.stop();
});

describeInBrowser("the sandbox's page", () => {
  const frameWidth = async () => Math.round((await page.locator('#sheet iframe').boundingBox())?.width ?? 0);

  test('opens an e-mail as a phone and as a desk show it', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${sandbox.url}/sandbox`);
    await page.getByText('Your visits are booked').first().click();
    await page.getByRole('button', { name: 'Look at it on a phone or a desk' }).click();
    await page.frameLocator('#sheet iframe').getByRole('heading', { level: 1 }).waitFor();
    expect(await frameWidth()).toBe(390);
    await page.screenshot({ path: join(pictures, 'sandbox-letter-phone.png') });
    await page.getByRole('button', { name: 'Desk', exact: true }).click();
    expect(await frameWidth()).toBe(1280);
    expect(await page.getByRole('button', { name: 'Desk', exact: true }).getAttribute('aria-pressed')).toBe('true');
    await page.screenshot({ path: join(pictures, 'sandbox-letter-desk.png') });
  });

  test.each(['light', 'dark'] as const)('has nothing for axe to find there, %s, and fits a narrow window', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 760 });
    expect(await frameWidth()).toBeLessThanOrEqual(390);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, `sandbox-letter-390-${colorScheme}.png`) });
  });

  test('goes back to the mailbox, and the content policy stopped nothing', async () => {
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('#letter').isVisible()).toBe(false);
    expect(faults).toEqual([]);
  });
});
