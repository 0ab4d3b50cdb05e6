import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { consoleFolder } from '../apps/api/console-folder.js';
import { describeInBrowser, hasBrowser, openBrowser } from './support/browser.js';
import { type ConsolePages, openConsole } from './support/console-pages.js';

let at: ConsolePages;
beforeAll(async () => void (hasBrowser && (at = await openConsole())), 90_000);
afterAll(async () => at?.close());

const liveMillis = 1_000;
const block = (lane: string, patient: string) => at.page.getByRole('region', { name: lane }).locator('.block', { hasText: patient });

describeInBrowser('the day', () => {
  test('says who is here, late, expected and blocked, and why, in a lane for each provider', async () => {
    await at.show('today');
    expect(await at.page.getByText('5 sessions').textContent()).toBe('5 sessions · 1 in the room · 1 late · 2 expected · 1 not confirmed · 1 blocked');
    expect(await block('Karin Lindqvist RN', 'Maya Ruiz').textContent()).toMatch(/25 min late/);
    expect(await block('Dr Ada Okafor', 'Ana Lima').textContent()).toMatch(/Here/);
    const missing = await block('Dr Ada Okafor', 'Dana Cole').getByRole('list', { name: 'Readiness' }).getByRole('listitem').allTextContents();
    expect(missing).toEqual(['! Consent and plan: Consent: a consent that covers the new plan is missing', '✓ Washouts', '✓ Patient’s yes']);
    await at.look('today-board');
  });

  test('draws the present moment where it lies among the visits', async () => {
    const top = async (selector: string) => (await at.page.locator(selector).first().boundingBox())?.y ?? Number.NaN;
    const [here, now, next] = [await top('.block[data-presence=here]'), await top('.now'), await top('.block[data-presence=expected]')];
    expect(here).toBeLessThan(now);
    expect(now).toBeLessThan(next);
  });

  test('has lanes for rooms too, and says there who works in them', async () => {
    await at.page.getByText('By room').click();
    await at.page.getByRole('region', { name: 'Laser' }).waitFor();
    expect(await block('Care 1', 'Theo Stern').first().textContent()).toMatch(/Marisol Reyes NP/);
    await at.page.getByText('By provider').click();
  });

  test('shows within a second what a colleague did elsewhere', async () => {
    await fetch(`${at.stub.address}/v1/sessions/s5/arrive`, { method: 'POST' });
    at.stub.tell('session');
    await block('Karin Lindqvist RN', 'Maya Ruiz').getByText('Here').waitFor({ timeout: liveMillis });
  });

  test('takes a step back that the clinic refuses, and says why', async () => {
    await at.page.route('**/v1/sessions/s4/arrive', (route) =>
      route.fulfill({ status: 409, json: { code: 'gate_closed', detail: 'The consent was withdrawn a minute ago.' } }),
    );
    const afternoon = at.page.locator('.block', { hasText: '2:00' });
    await afternoon.getByRole('button', { name: 'Arrived' }).click();
    await afternoon.getByRole('alert').getByText('The consent was withdrawn a minute ago.').waitFor();
    expect(await afternoon.getAttribute('data-status')).toBe('confirmed');
  });

  test('shows in a second browser within a second what is done in the first', async () => {
    const other = await openBrowser();
    try {
      await other.page.goto(`${at.stub.address}/#/today`);
      const there = other.page.locator('.block', { hasText: 'Theo Stern' }).first();
      await there.getByText('Not confirmed', { exact: true }).waitFor();
      const here = block('Marisol Reyes NP', 'Theo Stern').first();
      await here.getByRole('button', { name: 'Confirm' }).click();
      await here.getByText('Ready', { exact: true }).waitFor();
      at.stub.tell('session');
      await there.getByText('Ready', { exact: true }).waitFor({ timeout: liveMillis });
    } finally {
      await other.close();
    }
  });

  test('says quietly that it hears nothing any more, and catches up with what happened meanwhile', async () => {
    const status = at.page.getByText('Reconnecting…');
    at.stub.fallSilent();
    await status.waitFor();
    await fetch(`${at.stub.address}/v1/sessions/s1/complete`, { method: 'POST' });
    at.stub.hearAgain();
    await status.waitFor({ state: 'detached' });
    await block('Dr Ada Okafor', 'Ana Lima').getByText('Done').waitFor();
  });

  test('broke nothing, and the content policy stopped nothing', () =>
    expect(at.faults.filter((fault) => !/503|ERR_INCOMPLETE_CHUNKED_ENCODING/.test(fault))).toEqual([]));
});

const initialScriptLimit = 250_000;

describeInBrowser('what the console loads at first', () => {
  test('is less than 250 kB of scripts, gzipped', async () => {
    const index = await readFile(join(consoleFolder, 'index.html'), 'utf8');
    const scripts = [...index.matchAll(/(?:src|href)="\.?\/?([^"]+\.js)"/g)].map(([, path = '']) => path);
    const sizes = await Promise.all(scripts.map(async (path) => gzipSync(await readFile(join(consoleFolder, path))).length));
    expect(scripts.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(initialScriptLimit);
  });
});
