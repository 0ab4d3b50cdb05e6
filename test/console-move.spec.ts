import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeInBrowser, hasBrowser } from './support/browser.js';
import { type ConsolePages, openConsole } from './support/console-pages.js';

let at: ConsolePages;
beforeAll(async () => void (hasBrowser && (at = await openConsole())), 90_000);
afterAll(async () => at?.close());

const slot = (start: string) => at.page.locator(`[data-start='${start}']`);
const [fridayTen, thursdayTen, thursdayEleven, now] = [
  '2026-12-04T15:00:00.000Z',
  '2026-12-03T15:00:00.000Z',
  '2026-12-03T16:00:00.000Z',
  '2026-12-02T15:30:00.000Z',
];
const moves = () => at.stub.commands.filter((command) => command.endsWith('/reschedule')).length;

describeInBrowser('the coming visits', () => {
  test('are filtered by what the address says, and the address by what is chosen', async () => {
    await at.show('upcoming?status=confirmed');
    await at.page.getByRole('row', { name: /Maya Ruiz/ }).waitFor();
    expect(await at.page.getByRole('row', { name: /Dana Cole/ }).count()).toBe(0);
    await at.page.getByRole('combobox', { name: 'With' }).selectOption('np-reyes');
    await at.page.getByRole('row', { name: /Maya Ruiz/ }).waitFor({ state: 'detached' });
    expect(at.page.url()).toContain('#/upcoming?status=confirmed&provider=np-reyes');
    await at.show('upcoming');
    await at.page.getByRole('textbox', { name: 'Patient', exact: true }).fill('theo');
    await at.page.keyboard.press('Enter');
    await at.page.getByRole('row', { name: /Ana Lima/ }).waitFor({ state: 'detached' });
    expect(await at.page.locator('[data-visit]').count()).toBe(2);
    expect(at.page.url()).toContain('patient=theo');
  });

  test('lie side by side in a week, and are walked by key', async () => {
    await at.show('upcoming');
    await at.page.keyboard.press('w');
    const wednesday = at.page.getByRole('region', { name: 'Wed, Dec 2' });
    await wednesday.getByText('Ana Lima').waitFor();
    expect(await wednesday.locator('[data-visit]').count()).toBe(5);
    await at.page.keyboard.press('j');
    await at.page.keyboard.press('j');
    expect(await at.page.evaluate<string>('document.activeElement.closest("[data-visit]").dataset.visit')).toBe('s5');
    await at.page.keyboard.press('k');
    expect(await at.page.evaluate<string>('document.activeElement.closest("[data-visit]").dataset.visit')).toBe('s1');
    await at.look('upcoming-week');
    await at.page.keyboard.press('n');
    await at.page.getByRole('heading', { name: 'Mon, Dec 7 to Sun, Dec 13' }).waitFor();
    await at.show('upcoming');
    await at.look('upcoming-list');
  });
});

describeInBrowser('moving a session', () => {
  test('begins in the list, and shows a week with what may be and why the rest may not', async () => {
    await at.show('upcoming');
    await at.page
      .getByRole('row', { name: /Theo Stern.*Not confirmed/ })
      .getByRole('link', { name: 'Move' })
      .click();
    await at.page.getByRole('heading', { name: /Theo Stern, chemical peel, superficial, visit 1/ }).waitFor();
    await at.page.getByRole('group', { name: 'Fri, Dec 4: not possible. The downtime would reach the wedding on 2026-12-06' }).waitFor();
    expect(await slot(thursdayTen).getAttribute('data-free')).toBe('true');
    expect(await slot(fridayTen).getAttribute('data-free')).toBe('false');
    await at.look('move');
  });

  test('goes by keyboard alone: arrows walk, Enter moves, and undo moves it back', async () => {
    await slot(now).focus();
    await at.page.keyboard.press('ArrowRight');
    await at.page.keyboard.press('ArrowUp');
    await at.page.keyboard.press('ArrowUp');
    expect(await at.page.evaluate<string>('document.activeElement.dataset.start')).toBe(thursdayTen);
    await at.page.keyboard.press('Enter');
    await at.page.getByText('Moved to Thu, Dec 3, 10:00').waitFor();
    expect(await slot(thursdayTen).getAttribute('data-own')).toBe('true');
    await at.page.getByRole('button', { name: 'Undo' }).click();
    await at.page.locator(`[data-start='${now}'][data-own='true']`).waitFor();
    expect(moves()).toBe(2);
  });

  test('goes by dragging; what is refused stays where it was, says why, and offers the nearest', async () => {
    await slot(now).dragTo(slot(fridayTen));
    const refusal = at.page.getByRole('alert');
    await refusal.getByText('Not moved to Fri, Dec 4, 10:00').waitFor();
    expect(await refusal.textContent()).toMatch(/the downtime would reach the wedding.*The visit stays where it was/);
    expect(await slot(now).getAttribute('data-own')).toBe('true');
    await refusal.getByRole('button', { name: /Thu, Dec 3, 11:45/ }).waitFor();
    await at.look('move-refused');
    await at.page.locator('.carried').dragTo(slot(thursdayEleven));
    await at.page.getByText('Moved to Thu, Dec 3, 11:00').waitFor();
    expect(await refusal.count()).toBe(0);
  });

  test('is cancelled only with a reason', async () => {
    await at.page.getByRole('button', { name: 'Cancel…' }).click();
    expect(await at.page.getByRole('button', { name: 'Cancel the visit' }).isDisabled()).toBe(true);
    await at.page.getByLabel('Why').fill('She moves to another town');
    await at.page.getByRole('button', { name: 'Cancel the visit' }).click();
    await at.page.getByText('What has begun, is over or called off is not moved.').waitFor();
    expect(at.stub.commands.at(-1)).toBe('POST /v1/sessions/s2/cancel');
  });

  test('broke nothing, and the content policy stopped nothing', () => expect(at.faults).toEqual([]));
});
