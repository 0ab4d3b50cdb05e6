import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { activateProtocol, configureClinic } from '#clinic';
import { consultationProjection, loadConsultation } from '#consultation';
import { conversation, conversationProjection } from '#conversation';
import { loadPatient, patientTimeline } from '#patient';
import { hashToken, inTransaction } from '#platform';
import { catalogue, protocolIds, sampleFigures } from '#protocols';
import { findSession } from '#treatment';
import { Intake } from '../apps/api/intake/intake.js';
import { ConsentController } from '../apps/api/patient-pages/consent/consent.controller.js';
import { documentsFor, namesPatient } from '../apps/api/patient-pages/consent/consent.js';
import { HistoryController } from '../apps/api/patient-pages/history/history.controller.js';
import { answeredElsewhere, conditionWords, treatmentWords } from '../apps/api/patient-pages/history/words.js';
import { PatientLinksController } from '../apps/api/patient-links.controller.js';
import { issueLink, type Link } from '../apps/api/patient-pages/links.js';
import { PatientPagesController } from '../apps/api/patient-pages/patient-pages.controller.js';
import { BookingDesk, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { serve, type Served } from './support/served.js';

const masterKey = Buffer.alloc(32, 7);
const birthDate = '1990-01-01';
const protocolId = 'chemical_peel.superficial';

let database: TestDatabase;
let desk: BookingDesk;
let served: Served;
let http: Served['http'];
let intake: Intake;
let named = 0;

async function register(patientId: string, data: object = {}): Promise<void> {
  const person = { givenName: 'Ana', familyName: 'Ruiz', birthDate, email: `${patientId}@example.com`, language: 'en' };
  const event = { id: crypto.randomUUID(), type: 'patient.registered.v1', patientId, occurredAt: new Date('2026-11-23T14:00:00Z') };
  const events = [{ ...event, data: { patientId }, personal: { person, ...data } }];
  await inTransaction(desk.db, (trx) => desk.store.append(trx, [{ stream: `patient/${patientId}`, expected: 'any', events }]));
}

async function link(patientId: string, change: Partial<Link> = {}): Promise<string> {
  const about: Link = { patientId, purpose: 'visit', outreachId: `o-${(named += 1)}`, ...change };
  return `/p/${await issueLink(desk.db, { masterKey, clock: desk.clock }, about)}`;
}

/** The pass of a browser that gave the birth date on this page's link. */
async function passOf(page: string, next = 'care', given = birthDate): Promise<string> {
  const { headers } = await http.post(`${page}/birth-date`).type('form').send({ birthDate: given, next }).expect(303);
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

beforeAll(async () => {
  database = await createTestDatabase();
  desk = new BookingDesk(database.open('forms', 6), [consultationProjection, conversationProjection]);
  const { db, store, clock, context } = desk;
  await inTransaction(db, (trx) => configureClinic(trx, desk, sampleClinic, 'test'));
  intake = new Intake({ db, store, clock, masterKey });
  await inTransaction(db, (trx) => activateProtocol(trx, desk, { protocolId, version: 1, figures: sampleFigures(protocolId), by: 'dr-okafor' }));
  const config = { AFTERGLOW_CLOCK: 'system', PUBLIC_URL: 'http://127.0.0.1' };
  const afterglow = { config, masterKey, db, store, clock, clinic: async () => sampleClinic, treatment: async () => context, intake, wake: () => undefined };
  served = await serve([PatientPagesController, HistoryController, ConsentController, PatientLinksController], afterglow);
  ({ http } = served);
});
afterAll(async () => {
  await served.close();
  await database.close();
});

describe('the list before a visit', () => {
  const steps = (text: string) => [...text.matchAll(/aria-pressed="(\w+)"[^>]*>\s*([^<]+?)\s*<\/button>/g)].map(([, pressed, label]) => [label, pressed]);

  test('is ticked by a tap and stays ticked, behind the birth date, and the timeline shows that and nothing of what (invariant 11)', async () => {
    await register('ana', { medications: [{ code: 'topical_retinoid', prescribed: false }] });
    const { course } = await desk.open('ana', [{ protocolId, sessions: 1 }]);
    const session = await findSession(desk.db, course.sessions[0]?.sessionId ?? '');
    desk.clock.moveTo(new Date(Date.parse(session?.start ?? '') - 86_400_000));
    const page = await link('ana');
    const press = (cookie: string, code: string, done = 'yes') => http.post(`${page}/preparation`).set('Cookie', cookie).type('form').send({ code, done });
    await press('', 'topical_retinoid').expect(200);
    const pass = await passOf(page);
    const seen = async () => steps((await http.get(`${page}/care`).set('Cookie', pass)).text);
    expect(await seen()).toEqual([
      ['retinol creams', 'false'],
      ['sun and tanning', 'false'],
    ]);
    await Promise.all([press(pass, 'topical_retinoid'), press(pass, 'topical_retinoid')]);
    await press(pass, 'aha_bha').expect(303);
    expect(await seen()).toEqual([
      ['retinol creams', 'true'],
      ['sun and tanning', 'false'],
    ]);
    const { items } = await patientTimeline(desk.db, desk.store, 'ana', { limit: 50, cursor: null });
    expect(items.flatMap(({ title, source }) => (title.startsWith('A step') ? [[title, source]] : []))).toEqual([
      ['A step of the preparation ticked by the patient', 'patient-page'],
    ]);
    const open = await desk.db.selectFrom('event').select('data').where('type', '=', 'patient.preparation-ticked.v1').execute();
    expect(JSON.stringify(open)).not.toMatch(/retinoid/);
    await press(pass, 'topical_retinoid', 'no').expect(303);
    expect((await seen())[0]).toEqual(['retinol creams', 'false']);
  });
});

/** A patient who asked for a consultation; what is known of them besides. */
async function requested(patientId: string, person: object = {}): Promise<void> {
  const who = { givenName: 'Eva', familyName: 'Sol', email: `${patientId}@example.com`, language: 'en', ...person };
  const data = { consultationId: `c-${patientId}`, patientId, channel: 'online', person: who };
  const event = { specversion: '1.0', id: `r-${patientId}`, source: 'desk', type: 'consultation.requested.v1', subject: `c-${patientId}` };
  expect(await intake.acceptOne({ ...event, time: '2026-11-24T10:00:00Z', data })).toBe('accepted');
}

/** A browser on the history form. */
async function form(patientId: string, given = birthDate) {
  const page = await link(patientId, { purpose: 'history' });
  const pass = await passOf(page, 'history', given);
  const get = (path = '') => http.get(`${page}/history${path}`).set('Cookie', pass);
  const answer = (question: string, body: object) => http.post(`${page}/history/${question}`).set('Cookie', pass).type('form').send(body);
  return { page, get, answer };
}
const factsOf = async (patientId: string) => (await loadPatient(desk.db, desk.store, patientId)).facts;

let minute = 0;
/** Something that happens in a patient's consultation, a minute after what was before. */
async function happens(patientId: string, step: string, data: object): Promise<void> {
  const time = new Date(Date.parse('2026-11-24T11:00:00Z') + (minute += 1) * 60_000).toISOString();
  const event = { specversion: '1.0', id: `${step}-${minute}`, source: 'desk', type: `consultation.${step}.v1`, subject: `c-${patientId}`, time };
  expect(await intake.acceptOne({ ...event, data: { consultationId: `c-${patientId}`, patientId, ...data } })).toBe('accepted');
}
const plan = (planId: string, sessions = 2) => ({ planId, providerId: 'dr-okafor', items: [{ protocolId, sessions, area: 'face' }] });

/** A consultation that went as far as the plan. */
async function planned(patientId: string): Promise<void> {
  await requested(patientId, { birthDate });
  const at = { providerId: 'dr-okafor', locationId: 'nyc' };
  await happens(patientId, 'started', at);
  await happens(patientId, 'history-reviewed', at);
  await happens(patientId, 'skin-assessed', { ...at, fitzpatrick: 'II', issues: [], areas: ['face'], method: 'visual' });
  await happens(patientId, 'plan-proposed', plan('p1'));
}

describe('the history form', () => {
  test('has words for every condition and treatment of the catalogue, or says where else it is answered', () => {
    const asked = Object.values(conditionWords).flatMap((words) => Object.keys(words));
    expect([...asked, ...answeredElsewhere].sort()).toEqual([...catalogue.contraindication_codes].sort());
    expect(Object.keys(treatmentWords).sort()).toEqual([...protocolIds].sort());
  });

  test("goes on where it stopped, and its answers are facts like any sender's, from the patient-page", async () => {
    await requested('eva', { birthDate });
    const { get, answer } = await form('eva');
    expect((await get()).headers['location']).toMatch(/history\/you$/);
    await answer('you', { givenName: 'Eva', familyName: 'Sol', email: 'eva@example.com', phone: '(212) 555-0123', mayWrite: 'yes' }).expect(303);
    await answer('now', { ticked: ['pregnancy', 'smoking'] }).expect(303);
    await answer('skin', { ticked: 'hsv_history', once: 'f1' });
    await answer('skin', { ticked: 'hsv_history', once: 'f1' });
    await answer('health', { none: 'yes' }).expect(303);
    expect((await get()).headers['location']).toMatch(/history\/procedures$/);
    await answer('procedures', { none: 'yes' });
    await answer('medicines', { ticked: ['retinol', 'blood thinner'], lines: 'metformin\n' });
    await answer('allergies', { ticked: 'metal_or_gold_allergy', lines: 'penicillin' });
    await answer('exposures', { 'on.sunburn': '2026-11-20' });
    const add = await answer('treatments', { protocolId: 'microneedling.cosmetic', on: '2026-05-02' });
    expect(add.headers['location']).toMatch(/history\/treatments$/);
    await answer('treatments', { none: 'yes' });
    await answer('skincare', { none: 'yes' });
    const done = await get().expect(200);
    for (const word of ['I smoke or vape', 'metformin', 'Microneedling, 2026-05-02', 'penicillin']) expect(done.text).toContain(word);
    expect(await loadPatient(desk.db, desk.store, 'eva')).toMatchObject({
      person: { phone: '+12125550123' },
      allergies: ['penicillin'],
      consents: expect.arrayContaining([
        expect.objectContaining({ channel: 'sms', granted: true }),
        expect.objectContaining({ channel: 'email', granted: true }),
      ]),
      facts: {
        pregnant: true,
        smoking: true,
        conditions: ['hsv_history', 'metal_or_gold_allergy'],
        medications: expect.arrayContaining([
          expect.objectContaining({ code: 'topical_retinoid', name: 'retinol', prescribed: false }),
          expect.objectContaining({ code: 'prescribed_anticoagulant', prescribed: true }),
          expect.objectContaining({ code: 'other', name: 'metformin', prescribed: true }),
        ]),
        exposures: [{ code: 'sunburn', on: '2026-11-20' }],
        treatments: [{ protocolId: 'microneedling.cosmetic', on: '2026-05-02' }],
      },
    });
    const facts = (await desk.store.readPatient(desk.db, 'eva', ['patient.fact-recorded.v1'])).filter(({ data }) =>
      JSON.stringify(data).includes('hsv_history'),
    );
    expect(facts.map(({ meta }) => meta['source'])).toEqual(['patient-page']);
  });

  test('asks again in words when nothing was said or a day cannot be, and keeps nothing of it', async () => {
    await requested('gus', { birthDate });
    const { get, answer } = await form('gus');
    expect((await answer('skin', {}).expect(422)).text).toContain('Please tick what holds');
    expect((await answer('exposures', { 'on.sunburn': '2999-01-01' }).expect(422)).text).toContain('not in the future');
    expect((await answer('you', { givenName: 'Gus', familyName: 'Sol', phone: '12' }).expect(422)).text).toContain('check the names');
    expect((await get()).headers['location']).toMatch(/history\/you$/);
  });

  test('shows nothing that others recorded, and takes back only what it told itself (invariant 2)', async () => {
    await requested('pia', { birthDate });
    await register('pia', { conditions: ['diabetes'], pregnant: true, medications: [{ code: 'topical_retinoid', prescribed: true }] });
    const { page, get, answer } = await form('pia');
    expect((await http.get(`${page}/history/health`)).text).toContain('date of birth');
    expect((await http.post(`${page}/history/health`).type('form').send({ ticked: 'epilepsy' })).text).toContain('date of birth');
    expect((await get('/health')).text).not.toContain('checked');
    await answer('health', { ticked: ['diabetes', 'heart_disease'] });
    expect((await get('/health')).text.match(/ checked/g)).toHaveLength(2);
    await answer('health', { none: 'yes' });
    await answer('now', { ticked: 'nursing' });
    await answer('now', { none: 'yes' });
    await answer('medicines', { ticked: 'retinol' });
    const facts = await factsOf('pia');
    expect(facts).toMatchObject({ conditions: ['diabetes'], pregnant: true, nursing: false });
    expect(facts.medications).toMatchObject([{ code: 'topical_retinoid', prescribed: true }]);
  });

  test('hands a note to the thread, where a person reads it', async () => {
    await requested('kim', { birthDate });
    const { answer } = await form('kim');
    await answer('health', { note: 'I fainted at the dentist once' }).expect(303);
    expect((await conversation(desk.db, 'kim'))?.messages.map(({ body }) => body)).toEqual(['I fainted at the dentist once']);
  });

  test('records a birth date that nobody knew, and never one where something is known that it would open', async () => {
    await requested('noa');
    await requested('leo');
    await register('leo', { conditions: ['diabetes'], person: { givenName: 'Leo', familyName: 'Sol' } });
    expect((await http.get(`${await link('noa', { purpose: 'history' })}/history`)).text).toContain('do not have your date of birth');
    const { get } = await form('noa', '1984-02-03');
    expect((await get()).status).toBe(303);
    expect((await factsOf('noa')).birthDate).toBe('1984-02-03');
    const other = await link('leo', { purpose: 'history' });
    await http.post(`${other}/birth-date`).type('form').send({ birthDate: '1984-02-03', next: 'history' }).expect(403);
    const visit = await link('noa');
    await http.post(`${visit}/birth-date`).type('form').send({ birthDate: '1999-09-09', next: 'history' }).expect(403);
    expect((await factsOf('noa')).birthDate).toBe('1984-02-03');
  });

  test('is reached by a link that staff make, and the access log says who made it', async () => {
    const key = { name: 'front desk', key_hash: hashToken('desk-key'), roles: ['front_desk'], created_at: desk.clock.now() };
    await desk.db.insertInto('api_key').values(key).execute();
    const make = (patientId: string, token = 'desk-key') =>
      http.post(`/v1/patients/${patientId}/links`).set('Authorization', `Bearer ${token}`).send({ page: 'history' });
    await make('eva', 'wrong').expect(401);
    await make('nobody').expect(404);
    const { link: made } = (await make('eva').expect(200)).body as { link: string };
    expect((await http.get(new URL(made).pathname)).headers['location']).toBe(`${new URL(made).pathname}/history`);
    const log = await desk.db.selectFrom('access_log').select(['actor', 'patient_id']).where('action', '=', 'made a link (history)').execute();
    expect(log).toEqual([{ actor: 'front desk', patient_id: 'eva' }]);
  });

  test('locks after five wrong birth dates, and is over after sixty days', async () => {
    const page = await link('eva', { purpose: 'history' });
    for (let time = 0; time < 5; time += 1) await http.post(`${page}/birth-date`).type('form').send({ birthDate: '1980-05-05', next: 'history' });
    expect((await http.post(`${page}/birth-date`).type('form').send({ birthDate, next: 'history' }).expect(403)).text).toContain('Too many tries');
    expect((await http.get(`${page}/history/skin`)).text).toContain('Too many tries');
    const late = await link('eva', { purpose: 'history' });
    desk.clock.moveTo(new Date(desk.clock.now().getTime() + 61 * 86_400_000));
    expect((await http.get(`${late}/history`)).status).toBe(404);
  });
});

describe('reading and signing the consent', () => {
  async function browser(patientId: string) {
    const page = await link(patientId, { purpose: 'consent' });
    const pass = await passOf(page, 'consent');
    const get = async () => (await http.get(`${page}/consent`).set('Cookie', pass)).text;
    const post = (path: string, body: object) => http.post(`${page}/consent${path}`).set('Cookie', pass).type('form').send(body);
    const fields = (text: string) => ({
      mark: /name="mark" value="([^"]+)"/.exec(text)?.[1] ?? '',
      once: /name="once" value="([^"]+)"/.exec(text)?.[1] ?? '',
      ticked: [...text.matchAll(/name="ticked" value="(\d+)"/g)].map(([, index]) => index ?? ''),
      name: 'eva SÓL',
    });
    return { page, get, post, fields };
  }
  const consents = async (patientId: string) => (await loadConsultation(desk.db, desk.store, `c-${patientId}`))?.state.consents ?? [];
  beforeAll(() => desk.clock.moveTo(new Date('2027-03-01T15:00:00Z')));

  test('stands behind the birth date and names what is missing, in the order of the gates', async () => {
    await requested('amy', { birthDate });
    const { page, get } = await browser('amy');
    expect((await http.get(`${page}/consent`)).text).toContain('date of birth');
    expect((await http.post(`${page}/consent`).type('form').send({ name: 'Eva Sol' })).text).toContain('date of birth');
    expect(await get()).toContain('no plan to sign yet');
    await happens('amy', 'plan-proposed', plan('p1'));
    expect(await get()).toContain('finish looking at your skin');
    await planned('bea');
    const { get: read, post } = await browser('bea');
    expect(await read()).toContain('not explained everything');
    await happens('bea', 'education-delivered', { topics: ['risks'] });
    await happens('bea', 'question-asked', { questionId: 'q1', text: 'Does it hurt?' });
    expect(await read()).toContain('have not answered yet');
    await post('', { name: 'Eva Sol', ticked: ['0', '1', '2', '3', '4'] }).expect(303);
    expect(await consents('bea')).toEqual([]);
  });

  test("signs with every point, the patient's own name and the plan that was read, once; what was read is the copy (invariants 2 and 14)", async () => {
    await planned('cleo');
    await happens('cleo', 'education-delivered', { topics: ['risks'] });
    const { get, post, fields } = await browser('cleo');
    const text = await get();
    for (const word of ['Light chemical peel, face, 2 visits', 'has no document of its own', 'general-1', 'any treatment']) expect(text).toContain(word);
    const all = fields(text);
    expect((await post('', { ...all, ticked: all.ticked.slice(1) }).expect(422)).text).toContain('every point must hold');
    expect((await post('', { ...all, name: 'Mia Moon' }).expect(422)).text).toContain('as we know it');
    await happens('cleo', 'plan-proposed', plan('p2', 3));
    expect((await post('', all).expect(422)).text).toContain('plan has changed');
    const newer = fields(await get());
    await Promise.all([post('', newer), post('', newer)]);
    expect(await consents('cleo')).toMatchObject([{ planId: 'p2', documentVersion: 'general-1' }]);
    expect((await loadConsultation(desk.db, desk.store, 'c-cleo'))?.state.decision).toMatchObject({ decision: 'proceed', planId: 'p2' });
    const copy = await get();
    for (const word of ['Signed on', 'eva SÓL', 'I could ask everything', 'general-1']) expect(copy).toContain(word);
    await post('', newer).expect(303);
    expect(await consents('cleo')).toHaveLength(1);
    const care = await link('cleo', { purpose: 'care' });
    expect((await http.get(`${care}/care`).set('Cookie', await passOf(care))).text).toContain('Read what you signed');
  });

  test('lets a question come first: it closes the gate and reaches the thread', async () => {
    await planned('dora');
    await happens('dora', 'education-delivered', { topics: ['risks'] });
    const { get, post } = await browser('dora');
    await post('/question', { text: 'May I fly the week after?', once: 'q' }).expect(303);
    await post('/question', { text: 'May I fly the week after?', once: 'q' }).expect(303);
    expect(await get()).toContain('have not answered yet');
    expect((await loadConsultation(desk.db, desk.store, 'c-dora'))?.state.asked).toHaveLength(1);
    expect((await conversation(desk.db, 'dora'))?.messages.map(({ body }) => body)).toEqual(['May I fly the week after?']);
  });

  test("takes the clinic's own document where there is one, and a name however it is written", () => {
    const own = { version: 'peel-3', protocols: ['chemical_peel'], en: { title: 'Peels', text: 'Ours.', points: ['I read it.'] } };
    const of = (...ids: string[]) => ({
      planId: 'p',
      providerId: 'x',
      regimen: [],
      proposedAt: '',
      changedAt: null,
      items: ids.map((id) => ({ protocolId: id, sessions: 1 })),
    });
    const both = documentsFor({ consentDocuments: [own] }, of(protocolId, 'microneedling.cosmetic'), 'es');
    expect([both.version, both.documents.map(({ title }) => title)]).toEqual(['peel-3+general-1', ['Peels', 'Consentimiento']]);
    expect(documentsFor({ consentDocuments: [own] }, of(protocolId), 'en').version).toBe('peel-3');
    const jose = { patient: { person: { givenName: 'José', familyName: 'Núñez Ortiz' } } } as Parameters<typeof namesPatient>[0];
    expect(['jose nunez', 'José Luis Núñez Ortiz', 'Jose', 'Nunez', ''].map((typed) => namesPatient(jose, typed))).toEqual([true, true, false, false, false]);
  });
});
