import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listOutreach } from '#follow-up';
import { shipped } from '#messaging';
import { hashToken } from '#platform';
import { TemplatesController } from '../apps/api/templates.controller.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { OutreachDesk, sampleDocument } from './support/outreach.js';
import { serve, type Served } from './support/served.js';

let database: TestDatabase;
let desk: OutreachDesk;
let served: Served;

const keys = { events: 'machine', front_desk: 'desk', provider: 'provider', medical_director: 'director', admin: 'admin', auditor: 'auditor' } as const;
type Role = keyof typeof keys;

beforeAll(async () => {
  database = await createTestDatabase();
  desk = new OutreachDesk(database.open('templates-api', 6), '2026-12-01T15:00:00Z');
  await desk.register();
  const rows = Object.entries(keys).map(([role, key]) => ({ name: key, key_hash: hashToken(key), roles: [role], created_at: desk.clock.now() }));
  await desk.db.insertInto('api_key').values(rows).execute();
  const { db, store, clock } = desk;
  const { channels } = desk.context;
  const config = { MAIL_FROM: 'Afterglow <care@clinic.example>', PUBLIC_URL: 'http://127.0.0.1' };
  served = await serve([TemplatesController], { db, store, clock, channels, config, clinic: async () => sampleDocument });
});
afterAll(async () => {
  await served.close();
  await database.close();
});

const as = (role: Role, method: 'get' | 'put' | 'post', path: string, body: object = {}) =>
  served.http[method](`/v1/templates${path}`).set('Authorization', `Bearer ${keys[role]}`).send(body);
const text = (change: object = {}) => {
  const { sms, subject, email } = shipped('reminder', 'en');
  return { sms, subject, email, ...change };
};
const draft = (role: Role, change: object = {}) => as(role, 'put', '/reminder/en', text(change));
const approve = (role: Role, version: number) => as(role, 'post', '/reminder/en/approve', { version });
interface Standing {
  readonly version: number;
  readonly approvedBy: string | null;
  readonly sms: { readonly segments: number; readonly encoding: string };
  readonly draft: { readonly version: number } | null;
}
async function standing(): Promise<Standing | undefined> {
  const { body } = await as('auditor', 'get', '').expect(200);
  return (body as { items: { key: string; languages: { en: Standing } }[] }).items.find(({ key }) => key === 'reminder')?.languages.en;
}

describe('a text of its own', () => {
  const own = { sms: '{{clinic}}: we await you {{date}}, {{time}}. Reply 1 to confirm, 2 for another time. {{phone}}' };

  test('is drafted by whoever works there, and by no machine and no auditor', async () => {
    await draft('events', own).expect(403);
    await draft('auditor', own).expect(403);
    expect((await draft('front_desk', own).expect(200)).body).toEqual({ key: 'reminder', language: 'en', version: 2 });
    expect(await standing()).toMatchObject({ version: 1, approvedBy: null, draft: { version: 2 } });
  });

  test('is put in force by the medical director alone, and only the draft that was read (invariant 10)', async () => {
    for (const role of ['front_desk', 'provider', 'admin', 'auditor', 'events'] as const) await approve(role, 2).expect(403);
    await draft('provider', { sms: `${own.sms} Bye!` }).expect(200);
    expect((await approve('medical_director', 2).expect(409)).body).toMatchObject({ code: 'template_draft_changed' });
    await approve('medical_director', 3).expect(200);
    expect(await standing()).toMatchObject({ version: 3, approvedBy: 'director', draft: null, sms: { segments: 1, encoding: 'GSM-7' } });
  });

  test.each([
    ['that cannot be read', { sms: '{{clinic' }, 'sms', /cannot be read/],
    ['with a variable that the occasion lacks', { sms: `${own.sms} {{avoid}}` }, 'sms', /there is no avoid/],
    ['that asks for a word which carriers take for a command', { sms: `${own.sms} Or CANCEL` }, 'sms', /"CANCEL", which carriers take/],
    ['outside GSM-7', { sms: `${own.sms} ☀` }, 'sms', /outside GSM-7/],
    ['of three segments', { sms: `${own.sms} ${'We look forward to it. '.repeat(10)}` }, 'sms', /takes 3 segments/],
    ['without the page to answer on', { email: 'Call {{phone}}' }, 'email', /must say {{link}}/],
  ])('is refused %s, with its flaw and where it is', async (_name, change, path, flaw) => {
    const { body } = await draft('front_desk', change).expect(422);
    expect(body).toMatchObject({ code: 'template_not_allowed', path });
    expect((body as { detail: string }).detail).toMatch(flaw);
    expect(await standing()).toMatchObject({ version: 3, draft: null });
  });

  test('is refused for a touchpoint or a language that there is not', async () => {
    await as('front_desk', 'put', '/remainder/en', text()).expect(400);
    await as('front_desk', 'put', '/reminder/fr', text()).expect(400);
  });
});

describe('a preview', () => {
  const preview = async (body: object) => (await as('auditor', 'post', '/preview', body).expect(200)).body as Record<'en' | 'es', Record<string, unknown>>;

  test('shows both languages as they would be sent, with the segments counted', async () => {
    const { en, es } = await preview({ key: 'check-in' });
    expect(en).toMatchObject({ sms: { segments: 1, encoding: 'GSM-7' }, flaws: [] });
    expect(es).toMatchObject({ sms: { encoding: 'GSM-7' }, email: { html: expect.stringContaining('lang="es"') }, flaws: [] });
  });

  test('counts what is given, and says of what cannot be filled in why', async () => {
    const { en } = await preview({ key: 'reminder', texts: { en: text({ sms: '{{clinic}}: ☀ {{date}} {{time}} 1 2 {{phone}}' }) } });
    expect(en).toMatchObject({ sms: { encoding: 'UCS-2' }, flaws: [{ part: 'sms', message: expect.stringContaining('outside GSM-7') }] });
    const broken = await preview({ key: 'reminder', texts: { en: text({ email: '{% if' }) } });
    expect(broken['en']).toMatchObject({ sms: null, email: null, flaws: [{ part: 'email' }] });
  });
});

describe('a message of the ledger', () => {
  const patientsLink = /\/p\/[\w-]{22}/;
  const shown = async (touchpoint: string, channel: string, body: object = {}) => {
    const { items } = await listOutreach(desk.db, { limit: 200 });
    const row = items.find((one) => one.touchpoint === touchpoint && one.channel === channel);
    return as('front_desk', 'post', `/preview/${row?.id}`, body);
  };
  beforeAll(() => desk.book('2026-12-15T15:00:00.000Z', '2027-01-12T15:00:00.000Z'));

  test('reads as the patient will read it, and who looked is logged', async () => {
    const { body } = await shown('reminder', 'sms');
    expect(body).toMatchObject({ key: 'reminder', version: 3, email: null, sms: { segments: 1, encoding: 'GSM-7' } });
    expect((body as { sms: { body: string } }).sms.body).toMatch(/^Afterglow Skin Studio: we await you Tue, Dec 15, 10:00 AM/);
    const looks = await desk.db.selectFrom('access_log').select(['actor', 'action', 'patient_id']).execute();
    expect(looks).toEqual([{ actor: 'desk', action: 'previewed a message', patient_id: desk.patientId }]);
  });

  test("shows the letter with its calendar object, and never the patient's own link", async () => {
    const { body, text: raw } = await shown('plan-summary', 'email');
    expect(body).toMatchObject({ sms: null, email: { subject: expect.stringContaining('booked'), calendar: 'PUBLISH' } });
    expect(raw).not.toMatch(patientsLink);
    expect(await desk.db.selectFrom('patient_link').selectAll().execute()).toEqual([]);
  });

  test('reads as it would with a text that waits for approval, and a text that may not be sent is refused', async () => {
    const sms = '{{clinic}}: until {{date}}, {{time}}! 1 confirms, 2 asks for another time. {{phone}}';
    const { body } = await shown('reminder', 'sms', { texts: { en: text({ sms }) } });
    expect(body).toMatchObject({ version: null, sms: { body: expect.stringMatching(/until Tue, Dec 15, 10:00 AM! 1 confirms/) } });
    const refused = await shown('reminder', 'sms', { texts: { en: text({ sms: `${sms} {{avoid}}` }) } });
    expect([refused.status, refused.body]).toMatchObject([422, { code: 'template_not_allowed', path: 'sms' }]);
  });

  test('is nothing for an id that there is not, and not for a machine', async () => {
    await as('front_desk', 'post', '/preview/00000000-0000-8000-8000-000000000000').expect(404);
    await as('events', 'post', '/preview/00000000-0000-8000-8000-000000000000').expect(403);
  });
});
