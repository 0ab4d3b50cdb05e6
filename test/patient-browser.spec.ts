import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { loadConsultation } from '#consultation';
import { listOutreach, replanPatient } from '#follow-up';
import { loadPatient } from '#patient';
import { inTransaction } from '#platform';
import { findSession, openCourse, rescheduleSession } from '#treatment';
import { plainPicture, protocols, sampleClinic } from './support/booking.js';
import { Intake } from '../apps/api/intake/intake.js';
import { AnotherTimeController } from '../apps/api/patient-pages/another-time.controller.js';
import { AnswersController } from '../apps/api/patient-pages/answers.controller.js';
import { ConsentController } from '../apps/api/patient-pages/consent/consent.controller.js';
import { HistoryController } from '../apps/api/patient-pages/history/history.controller.js';
import { KeepController } from '../apps/api/patient-pages/keep.controller.js';
import { PatientPagesController } from '../apps/api/patient-pages/patient-pages.controller.js';
import { AnsweringDesk, birthDate } from './support/answering.js';
import { describeInBrowser, hasBrowser, openBrowser, pictures, violations } from './support/browser.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { serve, type Served } from './support/served.js';

let database: TestDatabase;
let desk: AnsweringDesk;
let served: Served;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let intake: Intake;
const faults: string[] = [];

beforeAll(async () => {
  if (!hasBrowser) return;
  database = await createTestDatabase();
  desk = new AnsweringDesk(database.open('browser', 4));
  await desk.setUp('ana', 'en');
  const { db, store, clock } = desk;
  intake = new Intake({ db, store, clock, masterKey: desk.afterglow.masterKey });
  const treatment = async () => ({ db, store, clock, clinic: sampleClinic, protocols, pictureOf: async () => plainPicture });
  const controllers = [PatientPagesController, AnotherTimeController, AnswersController, HistoryController, ConsentController, KeepController];
  served = await serve(controllers, { ...desk.afterglow, intake, treatment });
  mkdirSync(pictures, { recursive: true });
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

/** Nothing that axe finds, nothing wider than the phone, nothing too small for a thumb; a picture of each width to look at. */
async function wellMade(name: string): Promise<void> {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 760 });
    await page.screenshot({ path: join(pictures, `patient-${name}-${width}.png`), fullPage: true });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  }
  const small = `[...document.querySelectorAll('button, .tick, input:not([type=hidden]):not([type=checkbox]), select, a.far, a.button')]
    .filter((each) => each.getClientRects().length > 0 && each.getBoundingClientRect().height < 47.5).map((each) => each.outerHTML)`;
  expect(await page.evaluate<string[]>(small)).toEqual([]);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 760 });
}

/** What happens in a consultation, by the door that every sender uses. */
async function happened(patientId: string, language: string): Promise<void> {
  const [consultationId, at] = [`c-${patientId}`, { providerId: 'dr-okafor', locationId: 'nyc' }];
  const person = { givenName: 'Luz', familyName: 'Marín', birthDate, email: `${patientId}@example.com`, language };
  const plan = { planId: 'p1', providerId: 'dr-okafor', items: [{ protocolId: 'chemical_peel.superficial', sessions: 3, area: 'face' }] };
  const steps = [
    ['requested', { channel: 'online', person }],
    ['started', at],
    ['history-reviewed', at],
    ['skin-assessed', { ...at, fitzpatrick: 'II', issues: [], areas: ['face'], method: 'visual' }],
    ['plan-proposed', plan],
    ['education-delivered', { topics: ['risks'] }],
  ] as const;
  for (const [index, [step, data]] of steps.entries()) {
    const event = { specversion: '1.0', id: `${patientId}-${step}`, source: 'desk', type: `consultation.${step}.v1`, subject: consultationId };
    const time = `2026-11-24T10:0${index}:00Z`;
    expect(await intake.acceptOne({ ...event, time, data: { consultationId, patientId, ...data } })).toBe('accepted');
  }
}

async function unlock(path: string, label = 'Date of birth', go = 'Continue'): Promise<void> {
  await page.goto(`${served.address}${path}`);
  await page.getByLabel(label).fill(birthDate);
  await page.getByRole('button', { name: go }).click();
}

describeInBrowser('a patient with a telephone', () => {
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

  test('tells a history a question a screen, keeps it while there is no line, and finds it again', async () => {
    await happened('luz', 'en');
    await unlock(await desk.link({ patientId: 'luz', purpose: 'history', outreachId: 'o-history' }));
    await page.getByText('Question 1 of 10').waitFor();
    await wellMade('history-you');
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.getByLabel('I smoke or vape').check();
    await wellMade('history-now');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.getByText('No connection. What you wrote is kept here').waitFor();
    await wellMade('history-offline');
    await page.context().setOffline(false);
    await page.getByText('Question 3 of 10').waitFor();
    await page.getByLabel('Something else').fill('a scar from childhood');
    await page.reload();
    expect(await page.getByLabel('Something else').inputValue()).toBe('a scar from childhood');
    for (const left of ['skin', 'health', 'procedures']) await page.getByRole('button', { name: left === 'skin' ? 'Save' : 'None of these' }).click();
    await page.getByText('Do not stop anything').waitFor();
    await page.getByLabel('Retinol cream').check();
    await wellMade('history-medicines');
    for (const label of ['Save and go on', 'None of these', 'None of these']) await page.getByRole('button', { name: label }).click();
    await page.getByLabel('Which one?').selectOption('Microneedling');
    await page.getByLabel('About when?').fill('2026-05-02');
    await page.getByRole('button', { name: 'Add this one' }).click();
    await page.getByText('Microneedling, 2026-05-02').waitFor();
    await wellMade('history-treatments');
    for (const label of ['No, that is all', 'None of these']) await page.getByRole('button', { name: label }).click();
    await page.getByRole('heading', { name: 'Thank you, that is all' }).waitFor();
    await wellMade('history-done');
    const { facts } = await loadPatient(desk.db, desk.store, 'luz');
    expect(facts).toMatchObject({
      smoking: true,
      medications: [{ name: 'retinol' }],
      treatments: [{ protocolId: 'microneedling.cosmetic', on: '2026-05-02' }],
    });
  });

  test('chooses another time in Spanish, without a script; one that was taken meanwhile is told and the next ones shown', async () => {
    const { db, store, clock } = desk;
    const rosa = { givenName: 'Rosa', familyName: 'Gil', birthDate, phone: '+12125550144', email: 'rosa@example.com', language: 'es' };
    await desk.record('patient/rosa', 'rosa', { type: 'patient.registered.v1', data: { patientId: 'rosa' }, personal: { person: rosa } });
    const consent = { patientId: 'rosa', channel: 'sms', scope: 'care', granted: true, method: 'form', recordedOn: clock.now().toISOString() };
    await desk.record('patient/rosa', 'rosa', { type: 'patient.contact-consent-changed.v1', data: consent, personal: { address: rosa.phone } });
    const context = { db, store, clock, clinic: sampleClinic, protocols, pictureOf: async () => plainPicture };
    const open = (patientId: string) =>
      openCourse(context, {
        consultationId: `c-${patientId}`,
        patientId,
        planId: 'plan-1',
        locationId: 'nyc',
        items: [{ protocolId: 'chemical_peel.superficial', sessions: 2 }],
      });
    const [{ course }, other] = [await open('rosa'), await open('otro')];
    const [session, theirs] = [course.sessions[1], other.course.sessions[1]];
    const planned = async () => {
      for (let time = 0; time < 2; time += 1) await inTransaction(db, (trx) => replanPatient(trx, { store, clock, clinic: sampleClinic }, 'rosa'));
      const { items } = await listOutreach(db, { patientId: 'rosa', status: 'planned', limit: 200 });
      return items.filter(({ touchpoint, sessionId }) => touchpoint === 'reminder' && sessionId === session?.sessionId).map(({ key }) => key);
    };
    expect((await planned()).filter((key) => key.includes(session?.booking?.start ?? '?')).length).toBeGreaterThan(0);

    await page.goto(
      `${served.address}${await desk.link({ patientId: 'rosa', purpose: 'visit', outreachId: 'o-visit', sessionId: session?.sessionId ?? null })}`,
    );
    await page.getByRole('link', { name: 'Necesito otra hora' }).click();
    await page.getByLabel('Fecha de nacimiento').fill(birthDate);
    await page.getByRole('button', { name: 'Continuar' }).click();
    const times = page.locator('button[name=start]');
    await times.first().waitFor();
    expect(await times.count()).toBe(8);
    await wellMade('another-time');
    const last = (await times.last().getAttribute('value')) ?? '';
    const rooms = sampleClinic.rooms.length;
    for (let taken = 0; taken < rooms; taken += 1) {
      const blocker = taken === 0 ? theirs : (await open(`otro-${taken}`)).course.sessions[1];
      await rescheduleSession(context, blocker?.sessionId ?? '', { start: last }, { id: 'desk-tan', roles: [] }).catch(() => undefined);
    }
    await times.last().click();
    await page.getByText('esa hora se acaba de ocupar').waitFor();
    await page.screenshot({ path: join(pictures, 'patient-another-time-taken-320.png'), fullPage: true });
    const first = (await times.first().getAttribute('value')) ?? '';
    await times.first().click();
    await page.getByText('Esta es su nueva hora').waitFor();
    expect(await findSession(db, session?.sessionId ?? '')).toMatchObject({ start: first, status: 'booked' });
    const keys = await planned();
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => !key.includes(first))).toEqual([]);
  });

  test('reads and signs the consent in Spanish, without a script too', async () => {
    await happened('sol', 'es');
    await page.context().route('**/keep.js', (route) => route.abort());
    await unlock(await desk.link({ patientId: 'sol', purpose: 'consent', outreachId: 'o-consent' }), 'Fecha de nacimiento', 'Continuar');
    await page.getByRole('heading', { name: 'Leer y firmar' }).waitFor();
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByLabel('Escriba su nombre completo').fill('Luz Marin');
    await wellMade('consent-es');
    await page.getByRole('button', { name: 'Firmar', exact: true }).click();
    await page.getByRole('heading', { name: 'Lo que usted firmó' }).waitFor();
    await wellMade('consent-signed-es');
    expect((await loadConsultation(desk.db, desk.store, 'c-sol'))?.state.consents).toMatchObject([{ planId: 'p1', documentVersion: 'general-1' }]);
    expect(faults.filter((fault) => !/ERR_(FAILED|INTERNET_DISCONNECTED)/.test(fault))).toEqual([]);
  });
});
