import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { approveTemplate, draftTemplate } from '#clinic';
import { shipped, templateKeys } from '#messaging';
import { hasConsent, loadPatient } from '#patient';
import { inTransaction } from '#platform';
import { findSession, rescheduleSession, tasksAfter } from '#treatment';
import { setPassword } from '../apps/api/accounts.js';
import { AnotherTimeController } from '../apps/api/patient-pages/another-time.controller.js';
import { AnswersController } from '../apps/api/patient-pages/answers.controller.js';
import { issueLink, type Link, purposeOf } from '../apps/api/patient-pages/links.js';
import { PatientPagesController } from '../apps/api/patient-pages/patient-pages.controller.js';
import { SignInController } from '../apps/api/sign-in.controller.js';
import { BookingDesk, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { serve, type Served } from './support/served.js';

const masterKey = Buffer.alloc(32, 7);
const birthDate = '1990-01-01';
/** The clinic's own name may say more; the page must not. */
const clinicalWords = /peel|laser|treatment|your skin|aftercare|birth/i;

let database: TestDatabase;
let desk: BookingDesk;
let served: Served;
let http: Served['http'];
let sessionId = '';
let named = 0;

/** A page of a fresh link to Ana's. */
async function link(change: Partial<Link> = {}): Promise<string> {
  const token = await issueLink(
    desk.db,
    { masterKey, clock: desk.clock },
    { patientId: 'ana', purpose: 'visit', outreachId: `o-${(named += 1)}`, sessionId, ...change },
  );
  return `/p/${token}`;
}

async function register(patientId: string, language: string): Promise<void> {
  const person = { givenName: 'Ana', familyName: 'Ruiz', birthDate, phone: '+12125550100', email: `${patientId}@example.com`, language };
  const consent = { patientId, channel: 'email', scope: 'care', granted: true, method: 'form', recordedOn: '2026-11-23' };
  const common = { patientId, occurredAt: new Date('2026-11-23T14:00:00Z') };
  const events = [
    { ...common, id: crypto.randomUUID(), type: 'patient.registered.v1', data: { patientId }, personal: { person } },
    { ...common, id: crypto.randomUUID(), type: 'patient.contact-consent-changed.v1', data: consent, personal: { address: person.email } },
  ];
  await inTransaction(desk.db, (trx) => desk.store.append(trx, [{ stream: `patient/${patientId}`, expected: 'any', events }]));
}

async function open(): Promise<Served> {
  const { db, store, clock } = desk;
  const config = { AFTERGLOW_CLOCK: 'system', PUBLIC_URL: 'http://127.0.0.1' };
  const afterglow = { config, masterKey, db, store, clock, clinic: async () => sampleClinic, treatment: async () => desk.context, wake: () => undefined };
  return serve([PatientPagesController, AnotherTimeController, AnswersController, SignInController], afterglow);
}

beforeAll(async () => {
  database = await createTestDatabase();
  desk = new BookingDesk(database.open('pages', 6));
  await register('ana', 'en');
  await register('luz', 'es');
  const { course } = await desk.open('ana', [{ protocolId: 'chemical_peel.superficial', sessions: 2 }]);
  sessionId = course.sessions[0]?.sessionId ?? '';
  await inTransaction(desk.db, (trx) =>
    trx
      .insertInto('clinic_settings')
      .values({ document: JSON.stringify(sampleClinic), updated_at: desk.clock.now() })
      .execute(),
  );
  served = await open();
  ({ http } = served);
});
afterAll(async () => {
  await served.close();
  await database.close();
});

const eventsOf = async (stream: string) => desk.store.readStream(desk.db, stream);

describe("a patient's page", () => {
  test('shows the appointment and nothing clinical, runs no script, and may not be kept', async () => {
    const { status, text, headers } = await http.get(await link());
    expect(status).toBe(200);
    expect(text).toMatch(/Your visit/);
    expect(text).toMatch(/(AM|PM)/);
    expect(text).not.toMatch(clinicalWords);
    expect(text).not.toMatch(/<script/);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'/);
    expect(headers['cache-control']).toBe('no-store');
  });

  test('confirms by a click and not by being looked at, and a second click changes nothing', async () => {
    const page = await link();
    await http.get(page);
    expect(await findSession(desk.db, sessionId)).toMatchObject({ status: 'booked' });
    await http.post(`${page}/confirm`).expect(303);
    await http.post(`${page}/confirm`).expect(303);
    expect(await findSession(desk.db, sessionId)).toMatchObject({ status: 'confirmed' });
    expect((await http.get(page)).text).toMatch(/Confirmed/);
  });

  test('asks for another time', async () => {
    const page = await link();
    const { headers } = await http.post(`${page}/another-time`).expect(303);
    expect((await http.get(headers['location'] ?? '')).text).toMatch(/We will call you/);
    const session = await findSession(desk.db, sessionId);
    expect((await eventsOf(`course/${session?.courseId}`)).map(({ type }) => type)).toContain('session.reschedule-requested.v1');
  });

  test('shows times to choose from behind the birth date only, and takes none without it', async () => {
    const page = await link();
    const shown = await http.get(`${page}/another-time`);
    expect(shown.text).toMatch(/date of birth/);
    const before = await findSession(desk.db, sessionId);
    await http.post(`${page}/another-time`).type('form').send({ start: '2026-12-15T15:00:00.000Z' }).expect(200);
    expect(await findSession(desk.db, sessionId)).toEqual(before);
  });

  test('in a clinic whose staff book, keeps the time that was chosen for the patient and asks staff once (invariants B and 1)', async () => {
    const page = await link();
    const opened = await http.post(`${page}/birth-date`).type('form').send({ birthDate, next: 'another-time' }).expect(303);
    const pass = String(opened.headers['set-cookie']).split(';')[0] ?? '';
    desk.clinic = { ...sampleClinic, scheduling: 'propose' };
    const { text } = await http.get(`${page}/another-time`).set('Cookie', pass);
    const starts = [...text.matchAll(/name="start" value="([^"]+)"/g)].map(([, start]) => start ?? '');
    expect(starts.length).toBe(8);
    expect(new Set(starts.map((start) => start.slice(0, 10))).size).toBeGreaterThan(3);
    expect(text).not.toMatch(clinicalWords);
    const choose = () => http.post(`${page}/another-time`).set('Cookie', pass).type('form').send({ start: starts[0] }).expect(303);
    const { headers } = await choose();
    await choose();
    expect((await http.get(headers['location'] ?? '')).text).toMatch(/We keep the time/);
    const session = await findSession(desk.db, sessionId);
    expect(session).toMatchObject({ held: { reason: 'request', start: starts[0] } });
    expect(session?.start).not.toBe(starts[0]);
    const wishes = (await eventsOf(`course/${session?.courseId}`)).filter(({ type, data }) => type === 'session.reschedule-requested.v1' && 'wish' in data);
    expect(wishes).toHaveLength(1);
    const [wish] = wishes;
    if (wish === undefined) throw new Error('no wish');
    expect(tasksAfter(wish)).toMatchObject([{ kind: 'desk', why: expect.stringContaining('kept for them') }]);
    await rescheduleSession(desk.context, sessionId, { start: starts[0] ?? '' }, { id: 'desk-tan', roles: ['front_desk'] });
    expect(await findSession(desk.db, sessionId)).toMatchObject({ held: null, start: starts[0] });
    desk.clinic = sampleClinic;
  });

  test('opens care and check-in by the birth date only, and only for this link', async () => {
    const [page, other] = [await link({ purpose: 'check-in' }), await link()];
    expect((await http.get(`${page}/care`)).text).toMatch(/date of birth/);
    await http.post(`${page}/check-in`).type('form').send({ answer: '3' });
    expect(await eventsOf('conversation/ana')).toEqual([]);
    await http.post(`${page}/birth-date`).type('form').send({ birthDate: '1990-01-02' }).expect(403);
    const opened = await http.post(`${page}/birth-date`).type('form').send({ birthDate, next: 'check-in' }).expect(303);
    const pass = String(opened.headers['set-cookie']).split(';')[0] ?? '';
    expect((await http.get(`${page}/check-in`).set('Cookie', pass)).text).toMatch(/How is your skin today/);
    expect((await http.get(`${page}/care`).set('Cookie', pass)).text).toMatch(/Before your visit/);
    expect((await http.get(`${other}/care`).set('Cookie', pass)).text).toMatch(/date of birth/);
  });

  test('every text with a link leads to the page that it promises', () => {
    const linking = templateKeys.filter((key) => shipped(key, 'en').email.includes('{{link}}'));
    const other = linking.map((key) => [key, purposeOf(key)]).filter(([, purpose]) => purpose !== 'visit');
    expect(other).toEqual([
      ['request-received', 'history'],
      ['plan-and-costs', 'consent'],
      ['consent-copy', 'care'],
      ['check-in', 'check-in'],
      ['photo-request', 'photo'],
      ['result-review', 'photo'],
      ['satisfaction', 'satisfaction'],
    ]);
    expect(linking.filter((key) => purposeOf(key) === 'visit')).toEqual([
      'rescheduled',
      'slot-offer',
      'reminder',
      'reminder.confirmed',
      'arrival',
      'page',
      'overdue-tasks',
    ]);
  });

  test('a letter about what was signed leads there, and to the birth date first', async () => {
    const page = await link({ purpose: 'care', sessionId: null });
    const { headers } = await http.get(page).expect(303);
    expect(headers['location']).toBe(`${page}/care`);
    expect((await http.get(`${page}/care`)).text).toMatch(/date of birth/);
  });

  test("speaks of care in the words that the clinic's medical director approved last (invariant 10)", async () => {
    const page = await link();
    const opened = await http.post(`${page}/birth-date`).type('form').send({ birthDate, next: 'care' });
    const pass = String(opened.headers['set-cookie']).split(';')[0] ?? '';
    const care = async () => (await http.get(`${page}/care`).set('Cookie', pass)).text;
    const name = { key: 'instructions', language: 'en' } as const;
    const text = { ...shipped('instructions', 'en'), email: 'Ring at the blue door: {{place}}, {{time}}.\n\nQuestions? {{phone}}' };
    const version = await inTransaction(desk.db, (trx) => draftTemplate(trx, desk, { ...name, text, by: 'desk-tan' }));
    expect(await care()).not.toMatch(/blue door/);
    await inTransaction(desk.db, (trx) => approveTemplate(trx, desk, { ...name, version, by: 'dr-okafor' }));
    expect(await care()).toMatch(/Ring at the blue door: [^{]+(AM|PM)\./);
  });

  test('hands an answer to the thread once, however often the form is sent', async () => {
    const page = await link({ purpose: 'check-in', outreachId: '0193b8f0-0000-7000-8000-000000000001' });
    const opened = await http.post(`${page}/birth-date`).type('form').send({ birthDate });
    const pass = String(opened.headers['set-cookie']).split(';')[0] ?? '';
    for (let time = 0; time < 2; time += 1) {
      const { text } = await http.post(`${page}/check-in`).set('Cookie', pass).type('form').send({ answer: '2', once: 'form-1' });
      expect(text).toMatch(/Thank you/);
    }
    const received = await eventsOf('conversation/ana');
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      type: 'message.received.v1',
      data: { channel: 'web', patientId: 'ana', outreachId: '0193b8f0-0000-7000-8000-000000000001', body: '2' },
    });
    expect(JSON.stringify(received[0])).not.toContain(page.slice(3));
  });

  test('locks after five wrong birth dates, sent side by side too; the appointment stays visible', async () => {
    const page = await link();
    const wrong = () => http.post(`${page}/birth-date`).type('form').send({ birthDate: '1980-05-05' });
    await Promise.all(Array.from({ length: 8 }, wrong));
    expect((await http.post(`${page}/birth-date`).type('form').send({ birthDate })).text).toMatch(/Too many tries/);
    expect((await http.get(page)).text).toMatch(/Your visit/);
  });

  test('unsubscribes by one click of the mail program, and not by being looked at', async () => {
    const page = await link({ patientId: 'luz', purpose: 'visit', sessionId: null });
    const mayWrite = async () => hasConsent((await loadPatient(desk.db, desk.store, 'luz')).consents, 'email', 'care', 'luz@example.com');
    expect((await http.get(`${page}/unsubscribe`)).text).toMatch(/No más correos/);
    expect(await mayWrite()).toBe(true);
    await http.post(`${page}/unsubscribe`).type('form').send({ 'List-Unsubscribe': 'One-Click' }).expect(200);
    expect(await mayWrite()).toBe(false);
  });

  test('is the same for the same message, and is over after sixty days', async () => {
    const page = await link({ outreachId: 'fixed' });
    expect(await link({ outreachId: 'fixed' })).toBe(page);
    expect((await http.get('/p/AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404);
    desk.clock.moveTo(new Date(desk.clock.now().getTime() + 61 * 86_400_000));
    const { status, text } = await http.get(page);
    expect([status, text.includes('no longer works')]).toEqual([404, true]);
  });
});

describe('signing in', () => {
  const account = { staffId: 'desk-tan', email: 'tan@clinic.example', password: 'a long password' };
  const attempt = (email: string, password: string) => http.post('/v1/sign-in').send({ email, password });
  const wait = (minutes: number) => desk.clock.moveTo(new Date(desk.clock.now().getTime() + minutes * 60_000));

  test('opens a session in a cookie that scripts cannot read, until signing out', async () => {
    await setPassword(desk.db, account);
    const { headers, body } = await attempt('Tan@clinic.example', account.password).expect(200);
    expect(body).toMatchObject({ name: 'Joon Tan', staffId: 'desk-tan', roles: ['front_desk'] });
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const me = () => http.get('/v1/me').set('Cookie', cookie.split(';')[0] ?? '');
    expect((await me()).body).toMatchObject({ staffId: 'desk-tan' });
    await http
      .post('/v1/sign-out')
      .set('Cookie', cookie.split(';')[0] ?? '')
      .expect(204);
    await me().expect(401);
  });

  test('says the same for an unknown address, a wrong password and a resting account', async () => {
    await setPassword(desk.db, account);
    const answers = [await attempt('nobody@clinic.example', 'x'), await attempt(account.email, 'wrong')];
    for (let time = 0; time < 4; time += 1) await attempt(account.email, 'wrong');
    answers.push(await attempt(account.email, account.password));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    wait(14);
    await attempt(account.email, account.password).expect(401);
    wait(2);
    await attempt(account.email, account.password).expect(200);
  });

  test('lets no page of another site sign a browser in', async () => {
    await http.post('/v1/sign-in').set('Sec-Fetch-Site', 'cross-site').send({ email: account.email, password: account.password }).expect(403);
  });
});
