import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { projectRoot } from '#platform';
import type { Me } from '../apps/console/src/api.js';
import type { CheckInDay, Insight } from '../apps/console/src/insight.js';
import { describeInBrowser, hasBrowser, openBrowser, pictures, violations } from './support/browser.js';
import { type ConsoleStub, serveConsole } from './support/console-stub.js';

const checkIn = (protocolId: string, day: number, asked: number, outcomes: CheckInDay['outcomes']): CheckInDay => {
  const answered = Object.values(outcomes).reduce((sum, number) => sum + number, 0);
  return { protocolId, day, asked, answered, outcomes };
};
const november: Insight = {
  period: { from: '2026-11-03', to: '2026-12-02', timeZone: 'America/New_York' },
  sessions: {
    byStatus: { completed: 86, no_show: 7, cancelled: 9, confirmed: 14, booked: 5, on_hold: 2, arrived: 1 },
    due: 94,
    noShows: 7,
    noShowRate: 7 / 94,
    moves: { sessions: 17, byPatient: 11, byStaff: 6, bySchedule: 3 },
  },
  confirmations: { asked: 102, confirmed: 91, rate: 91 / 102 },
  courses: { completed: 21, underWay: 44, abandoned: 4 },
  checkIns: {
    asked: 141,
    answered: 112,
    replyRate: 112 / 141,
    days: [
      checkIn('chemical_peel.superficial', 1, 24, { expected: 20, ask: 1 }),
      checkIn('chemical_peel.superficial', 3, 24, { expected: 17, soon: 2, administrative: 1 }),
      checkIn('laser_ablative.fractional_co2', 1, 31, { expected: 21, ask: 4, urgent: 2 }),
      checkIn('laser_ablative.fractional_co2', 3, 31, { expected: 18, soon: 5, urgent: 3, emergency: 1 }),
      checkIn('laser_ablative.fractional_co2', 7, 31, { expected: 15, ask: 2 }),
    ],
  },
  answers: { waits: 38, answered: 31, closed: 5, waiting: 2, medianMinutes: 24, p90Minutes: 102 },
  satisfaction: { asked: 26, answered: 19, scores: [1, 0, 2, 6, 10], mean: 4.26 },
  messages: [
    { channel: 'email', status: 'delivered', messages: 212 },
    { channel: 'email', status: 'failed', messages: 3 },
    { channel: 'email', status: 'planned', messages: 40 },
    { channel: 'sms', status: 'cancelled', messages: 21 },
    { channel: 'sms', status: 'delivered', messages: 318 },
    { channel: 'sms', status: 'missed', messages: 2 },
    { channel: 'sms', status: 'unproven', messages: 1 },
  ],
};
const nothing: Insight = {
  period: november.period,
  sessions: { byStatus: {}, due: 0, noShows: 0, noShowRate: null, moves: { sessions: 0, byPatient: 0, byStaff: 0, bySchedule: 0 } },
  confirmations: { asked: 0, confirmed: 0, rate: null },
  courses: { completed: 0, underWay: 0, abandoned: 0 },
  checkIns: { asked: 0, answered: 0, replyRate: null, days: [] },
  answers: { waits: 0, answered: 0, closed: 0, waiting: 0, medianMinutes: null, p90Minutes: null },
  satisfaction: { asked: 0, answered: 0, scores: [0, 0, 0, 0, 0], mean: null },
  messages: [],
};
/** A clinic that has only begun: visits, and nothing said yet. */
const begun: Insight = { ...nothing, sessions: { ...nothing.sessions, byStatus: { booked: 2 } }, courses: { completed: 0, underWay: 1, abandoned: 0 } };

let stub: ConsoleStub;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let shown: Insight = november;
let person: Me = { name: 'Dr Ada Okafor', staffId: 'dr-okafor', roles: ['provider', 'medical_director'] };
const asked: string[] = [];
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
  await page.route('**/v1/me', (route) => route.fulfill({ json: person }));
  await page.route('**/v1/insight?*', (route) => {
    asked.push(new URL(route.request().url()).search);
    return route.fulfill({ json: shown });
  });
  await page.route('**/v1/insight.csv?*', (route) =>
    route.fulfill({ body: 'from,to\r\n', contentType: 'text/csv', headers: { 'content-disposition': 'attachment; filename="insight.csv"' } }),
  );
  await page.request.post(`${stub.address}/v1/sign-in`, { data: { password: 'right password' } });
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await stub?.close();
});

/** The page from its beginning: nothing that was fetched before is kept. */
const show = async (figures: Insight, place = 'insight') => {
  shown = figures;
  await page.goto('about:blank');
  await page.goto(`${stub.address}/#/${place}`);
  await page.getByRole('heading', { level: 1, name: 'Insight' }).waitFor();
  await page.getByLabel('Loading').waitFor({ state: 'detached' });
};
const picture = (name: string) => page.screenshot({ path: join(pictures, `insight-${name}.png`), fullPage: true });

describeInBrowser('the page of figures', () => {
  test('asks for the last thirty days of the clinic and says the rates in words', async () => {
    await show(november);
    expect(asked.at(-1)).toBe('?from=2026-11-03&to=2026-12-02');
    const headlines = (await page.locator('.headline').allTextContents()).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(headlines).toEqual([
      'Did not come7% 7 of 94 visits',
      'Confirmed when asked89% 91 of 102 asked',
      'Check-ins answered79% 112 of 141 sent',
      'Answered by a person in24 min at the median',
      'Courses completed84% 21 of 25 that ended',
      'Satisfaction4.3 of 5, from 19',
    ]);
  });

  test('draws each part as long as it is, says the same to a screen reader and has the numbers behind it', async () => {
    await show(november);
    const label = /^Laser ablative, fractional co2: .*Day 3 \(31\): As expected 18, Question or soon 5, Urgent or emergency 4, No answer 4/;
    const picture = page.getByRole('img', { name: label });
    const drawn = await picture
      .locator('.recharts-bar-rectangle path')
      .evaluateAll((parts) => parts.map((part) => ['y', 'x', 'width'].map((name) => Number(part.getAttribute(name)))));
    const lines = [...new Set(drawn.map(([y]) => y))].sort((one = 0, other = 0) => one - other);
    const days = ((await picture.getAttribute('aria-label')) ?? '').split(': ').slice(1).join(': ').split('; ');
    const line = lines[days.findIndex((day) => day.startsWith('Day 3 '))];
    const widths = drawn
      .filter(([y]) => y === line)
      .sort(([, one = 0], [, other = 0]) => one - other)
      .map(([, , width = 0]) => width);
    const whole = widths.reduce((sum, width) => sum + width, 0);
    expect(widths.map((width) => Math.round((31 * width) / whole))).toEqual([18, 5, 4, 4]);
    const table = page.getByRole('table', { name: 'Check-ins by treatment and day' });
    expect(await table.isVisible()).toBe(false);
    await page.getByText('The numbers').nth(3).press('Enter');
    expect(await table.locator('tbody tr').nth(3).locator('td').allTextContents()).toEqual([
      'Laser ablative, fractional co2',
      '3',
      '31',
      '18',
      '5',
      '4',
      '0',
      '4',
    ]);
  });

  test('keeps the period in the address, by name or by day, and the download is of the same days', async () => {
    await show(november);
    await page.getByLabel('Period').selectOption('Last month');
    await page.waitForURL(/from=2026-11-01&to=2026-11-30/);
    const request = page.waitForRequest(`${stub.address}/v1/insight?from=2026-11-15&to=2026-11-30`);
    await page.getByLabel('From').fill('2026-11-15');
    await request;
    expect(page.url()).toMatch(/#\/insight\?from=2026-11-15&to=2026-11-30$/);
    expect(await page.getByLabel('Period').inputValue()).toBe('Own days');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download CSV' }).click();
    expect((await download).url()).toBe(`${stub.address}/v1/insight.csv?from=2026-11-15&to=2026-11-30`);
    await page.goBack();
    expect(await page.getByLabel('From').inputValue()).toBe('2026-11-01');
  });

  test('says what to do when a period is empty, and what brings each figure', async () => {
    await show(nothing);
    await page.getByText('Nothing happened in this period').waitFor();
    expect(await violations(page)).toEqual([]);
    await picture('empty');
    await page.getByRole('button', { name: 'Look at the last 12 months' }).click();
    await page.waitForURL(/from=2025-12-03&to=2026-12-02/);
    await show(begun);
    await page.getByText('They go by themselves on the days after a visit is marked done').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  for (const [width, height, scheme] of [
    [1440, 900, 'light'],
    [1440, 900, 'dark'],
    [1280, 800, 'light'],
    [390, 844, 'light'],
    [390, 844, 'dark'],
    [320, 640, 'light'],
  ] as const) {
    test(`has nothing for axe to find at ${width} px, ${scheme}, with the numbers open too, and does not scroll sideways`, async () => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height });
      await show(november);
      await picture(`${width}-${scheme}`);
      expect(await violations(page)).toEqual([]);
      await page.locator('details.numbers').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const places = page.getByRole('navigation', { name: 'Places' });
      // On a phone they are one row at the foot, which a thumb pushes.
      if (width > 640) expect(await places.evaluate((nav) => nav.scrollWidth - nav.clientWidth)).toBe(0);
    });
  }

  test('is not offered to the front desk, and says why when it is opened all the same', async () => {
    person = { name: 'Joon Tan', staffId: 'desk-tan', roles: ['front_desk'] };
    const detail = 'This needs one of the roles provider, medical_director, admin, auditor.';
    await page.route('**/v1/insight?*', (route) => route.fulfill({ status: 403, json: { code: 'forbidden', detail } }));
    await page.goto('about:blank');
    await page.goto(`${stub.address}/#/insight`);
    expect(await page.getByRole('alert').textContent()).toContain(detail);
    expect(await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Insight' }).count()).toBe(0);
    expect(faults.filter((fault) => !fault.includes('403'))).toEqual([]);
  });
});
