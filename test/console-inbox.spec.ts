import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeInBrowser, hasBrowser } from './support/browser.js';
import { type ConsolePages, openConsole } from './support/console-pages.js';

let at: ConsolePages;
beforeAll(async () => void (hasBrowser && (at = await openConsole())), 90_000);
afterAll(async () => at?.close());

const commands = (verb: string) => at.stub.commands.filter((command) => command.endsWith(`/${verb}`)).length;
const button = (name: string) => at.page.getByRole('button', { name, exact: true });

describeInBrowser('the inbox', () => {
  test('goes by keys: j and k walk, Enter opens, a takes, r answers, and ? shows them all', async () => {
    await at.show('inbox');
    await at.page.getByRole('navigation', { name: 'Conversations' }).getByText('Dana Cole').waitFor();
    for (const key of ['j', 'j', 'k', 'Enter']) await at.page.keyboard.press(key);
    await at.page.waitForURL(/inbox\/dana$/);
    await button('Take it').waitFor();
    await at.page.keyboard.press('a');
    await button('Give it back').waitFor();
    await at.page.keyboard.press('r');
    expect(await at.page.evaluate<string>('document.activeElement.tagName')).toBe('TEXTAREA');
    await at.page.keyboard.type('jk?');
    expect(await at.page.getByLabel('Answer', { exact: true }).inputValue()).toBe('jk?');
    await at.page.getByRole('heading', { name: 'Inbox' }).click();
    await at.page.keyboard.press('?');
    await at.page.getByRole('dialog', { name: 'Keys' }).getByText('Put it off for an hour').waitFor();
    await at.page.keyboard.press('Escape');
  });

  test('answers with an approved text, which may be changed before it goes', async () => {
    await at.page.getByLabel('Approved answers').selectOption({ index: 1 });
    expect(await at.page.getByLabel('Answer', { exact: true }).inputValue()).toBe('Afterglow Skin Studio: thank you, we look at it today.');
    await at.look('inbox-thread');
  });

  test('puts a thread off and takes it up again', async () => {
    await button('Put off an hour').click();
    await at.page.getByText('Put off, back in 1 h').waitFor();
    await button('Take it up again').click();
    await button('Put off an hour').waitFor();
    expect(commands('snooze')).toBe(2);
  });

  test('says that somebody was faster, keeps what was written, and goes on from the newer state', async () => {
    const body = JSON.stringify({ assignee: 'Marisol Reyes NP' });
    await fetch(`${at.stub.address}/v1/conversations/dana/assign`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    await button('Send').click();
    await at.page.getByRole('alert').getByText('Somebody was faster').waitFor();
    expect(await at.page.getByLabel('Answer', { exact: true }).inputValue()).toMatch(/we look at it today/);
    await button('Take it off Marisol Reyes NP').waitFor();
    await button('Send').click();
    // The warning goes when the answer leaves; the field is emptied once it has arrived.
    const answer = at.page.getByLabel('Answer', { exact: true });
    while ((await answer.inputValue()) !== '') await at.page.waitForTimeout(10);
    expect(await at.page.getByRole('alert').count()).toBe(0);
  });

  test('lets the desk raise a judgement and not lower it', async () => {
    await at.page.locator('.said summary').first().click();
    const options = await at.page.getByLabel('Judged wrongly? It is').locator('option').allTextContents();
    expect(options).toEqual(['Emergency', 'Urgent']);
    await at.page.getByLabel('Judged wrongly? It is').selectOption('emergency');
    const judged = at.page.waitForRequest((request) => request.url().endsWith('/conversations/dana/messages/m1/triage'));
    await button('Raise it').click();
    expect((await judged).postDataJSON()).toEqual({ urgency: 'emergency' });
  });

  test('shows a photo large, and the next by an arrow', async () => {
    await at.page.getByRole('button', { name: 'Photo 1 from the patient' }).click();
    const viewer = at.page.getByRole('dialog', { name: 'Photo' });
    await viewer.getByText('1 of 2').waitFor();
    await at.page.keyboard.press('ArrowRight');
    await viewer.getByText('2 of 2').waitFor();
    await at.look('inbox-photo');
    await at.page.keyboard.press('Escape');
    expect(await viewer.count()).toBe(0);
  });

  test('broke nothing, and the content policy stopped nothing', () => expect(at.faults).toEqual([]));
});
