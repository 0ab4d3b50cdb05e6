import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { activateProtocol } from '#clinic';
import { patientTimeline } from '#patient';
import { inTransaction } from '#platform';
import { sampleFigures } from '#protocols';
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
  desk = new BookingDesk(database.open('forms', 6));
  const { db, store, clock, context } = desk;
  await inTransaction(db, (trx) => activateProtocol(trx, desk, { protocolId, version: 1, figures: sampleFigures(protocolId), by: 'dr-okafor' }));
  const config = { AFTERGLOW_CLOCK: 'system', PUBLIC_URL: 'http://127.0.0.1' };
  const afterglow = { config, masterKey, db, store, clock, clinic: async () => sampleClinic, treatment: async () => context, wake: () => undefined };
  served = await serve([PatientPagesController], afterglow);
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
    desk.clock.moveTo(new Date(Date.parse(course.sessions[0]?.start ?? '') - 86_400_000));
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
