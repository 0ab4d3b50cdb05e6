import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { chromium, type Page } from 'playwright-core';
import { projectRoot } from '#platform';

const browsers = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = browsers.find((path): path is string => path !== undefined && existsSync(path));
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const hasBrowser = executablePath !== undefined;
/** A machine without a browser says so plainly instead of passing. */
export const describeInBrowser = hasBrowser ? describe : describe.skip;
/** Where pictures of what was seen are put. */
export const pictures = join(projectRoot, 'test', 'output');

/** A browser with a profile of its own. @throws Error on a machine without one. */
export async function openBrowser(): Promise<{ readonly page: Page; close(): Promise<void> }> {
  if (executablePath === undefined) throw new Error('there is no browser');
  const profile = await mkdtemp(join(tmpdir(), 'afterglow-browser-'));
  const browser = await chromium.launchPersistentContext(profile, { executablePath, args: flags, headless: true, bypassCSP: false });
  const page = browser.pages()[0] ?? (await browser.newPage());
  page.setDefaultTimeout(10_000);
  const close = async () => {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { page, close };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe-core finds wrong with the page that is shown. Its source goes in by the debugger, past the page's own policy. */
export async function violations(page: Page): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const found = await page.evaluate<Violation[]>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }).then(({ violations }) => violations)",
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
}
