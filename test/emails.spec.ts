import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { languages, renderEmail, sampleFor, shipped, templateKeys } from '#messaging';
import { describeInBrowser, hasBrowser, openBrowser, pictures, violations } from './support/browser.js';

const folder = join(pictures, 'emails');
const foot = { address: '12 West 20th Street, New York, NY 10011', unsubscribeUrl: 'https://care.clinic.example/p/abcdefghijklmnopqrstuvwxyz/unsubscribe' };
const letters = languages.flatMap((language) => templateKeys.map((key) => [language, key] as const));

let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
const asked: string[] = [];

beforeAll(async () => {
  if (!hasBrowser) return;
  mkdirSync(folder, { recursive: true });
  browser = await openBrowser();
  page = browser.page;
  page.on('request', (request) => asked.push(request.url()));
}, 60_000);
afterAll(async () => await browser?.close());

const scrollsSideways = () => page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describeInBrowser('e-mails in a browser', () => {
  test.each(letters)('%s %s: readable on a phone and a desk, in the light and in the dark, and asks nothing of anyone', async (language, key) => {
    asked.length = 0;
    const { html } = renderEmail(shipped(key, language), sampleFor(language, 'email'), foot);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setContent(html);
    for (const width of [1280, 320, 390]) {
      await page.setViewportSize({ width, height: 760 });
      expect(await scrollsSideways()).toBe(false);
      if (width !== 320) await page.screenshot({ path: join(folder, `${key}-${language}-${width}-light.png`), fullPage: true });
    }
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.screenshot({ path: join(folder, `${key}-${language}-390-dark.png`), fullPage: true });
    expect(await violations(page)).toEqual([]);
    expect(await page.locator('h1').count()).toBe(1);
    expect(asked).toEqual([]);
  });
});
