import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeInBrowser, hasBrowser } from './support/browser.js';
import { type ConsolePages, openConsole } from './support/console-pages.js';

let at: ConsolePages;
beforeAll(async () => void (hasBrowser && (at = await openConsole())), 90_000);
afterAll(async () => at?.close());

const items = (list: string) => at.page.getByRole('list', { name: list }).getByRole('listitem').allTextContents();
const edges = async (selector: string) => {
  const box = await at.page.locator(selector).boundingBox();
  return { from: box?.x ?? Number.NaN, to: (box?.x ?? Number.NaN) + (box?.width ?? Number.NaN) };
};

describeInBrowser("a patient's page", () => {
  test('says first what everybody must know: allergy, pregnancy, STOP, language', async () => {
    await at.show('patients/ana');
    await at.page.getByRole('heading', { name: 'Ana Lima, 36' }).waitFor();
    expect(await items('Flags')).toEqual(['Allergy: lidocaine', 'Pregnant', 'STOP: no text', 'Cold sores', 'Speaks English']);
  });

  test('draws the course on one axis, where the next visit lies in its window and after the downtime before it', async () => {
    const visit = (number: number) => edges(`.visit:has(title:text("visit ${number},")) circle`);
    const [second, third, window] = [await visit(2), await visit(3), await edges('rect.edge.window')];
    expect(second.to).toBeLessThan(window.from);
    expect(third.from).toBeGreaterThan(window.from);
    expect(third.to).toBeLessThan(window.to);
    expect(await at.page.locator('.event title').textContent()).toBe('Wedding, Sun, Feb 14');
  });

  test('says the ribbon in words too, by date', async () => {
    await at.page.getByText('The same in words').click();
    const words = await at.page.locator('.ribbon-box li').allTextContents();
    expect(words[0]).toBe('Fri, Nov 20 to Tue, Dec 1: 7 days after tretinoin was stopped on 2026-11-25');
    expect(words.at(-1)).toBe('Sun, Feb 14: wedding');
  });

  test('gives the cause of what happened, and what was said with its photos', async () => {
    const happened = at.page.getByRole('region', { name: 'What happened' });
    expect(await happened.getByRole('listitem').first().textContent()).toMatch(/Session booked.*because: Consent signed, Mon, Nov 23/);
    await at.page.getByRole('img', { name: 'Photo 1 from the patient' }).first().waitFor();
    expect(await at.page.locator('.facts').textContent()).toMatch(/Tretinoin \(prescribed, stopped Wed, Nov 25\)/);
    await at.look('patient');
  });

  test('broke nothing, and the content policy stopped nothing', () => expect(at.faults).toEqual([]));
});
