import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { projectRoot } from '#platform';
import { openBrowser, pictures, violations } from './browser.js';
import { type ConsoleStub, serveConsole } from './console-stub.js';

export interface ConsolePages {
  readonly page: Page;
  readonly stub: ConsoleStub;
  /** What broke on the pages so far: errors, and what the content policy stopped. */
  readonly faults: readonly string[];
  /** Goes to a place of the console and waits until it is there. */
  show(place: string): Promise<void>;
  /** Looks at the page that is shown, wide and narrow, light and dark: keeps pictures, and holds it to axe and to its width. */
  look(name: string): Promise<void>;
  close(): Promise<void>;
}

const looks = [
  [1440, 900, 'light'],
  [1440, 900, 'dark'],
  [390, 844, 'light'],
] as const;

/** The built console in a browser before the stub, signed in. */
export async function openConsole(): Promise<ConsolePages> {
  execFileSync(process.execPath, [join(projectRoot, 'scripts', 'console.mjs')], { timeout: 60_000 });
  mkdirSync(pictures, { recursive: true });
  const [stub, browser] = [await serveConsole(), await openBrowser()];
  const { page } = browser;
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && !/401|409/.test(message.text()) && faults.push(message.text())));
  await page.goto(stub.address);
  await page.getByLabel('E-mail').fill('tan@clinic.example');
  await page.getByRole('textbox', { name: 'Password' }).fill('right password');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1440, height: 900 });
  const settled = async () => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByLabel('Loading').waitFor({ state: 'detached' });
  };
  return {
    page,
    stub,
    faults,
    show: async (place) => {
      await page.goto(`${stub.address}/#/${place}`);
      await settled();
    },
    look: async (name) => {
      for (const [width, height, colorScheme] of looks) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height });
        await settled();
        await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await page.setViewportSize({ width: 1440, height: 900 });
    },
    close: async () => {
      await browser.close();
      await stub.close();
    },
  };
}
