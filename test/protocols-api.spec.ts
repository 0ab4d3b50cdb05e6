import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { protocolVersion } from '#clinic';
import { hashToken } from '#platform';
import { sampleFigures } from '#protocols';
import { ProtocolsController } from '../apps/api/protocols.controller.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { OutreachDesk } from './support/outreach.js';
import { serve, type Served } from './support/served.js';

let database: TestDatabase;
let desk: OutreachDesk;
let served: Served;

const keys = { events: 'machine', front_desk: 'desk', provider: 'provider', medical_director: 'director', admin: 'admin', auditor: 'auditor' } as const;
type Role = keyof typeof keys;

beforeAll(async () => {
  database = await createTestDatabase();
  desk = new OutreachDesk(database.open('protocols-api', 6), '2026-12-01T15:00:00Z');
  await desk.register();
  const rows = Object.entries(keys).map(([role, key]) => ({ name: key, key_hash: hashToken(key), roles: [role], created_at: desk.clock.now() }));
  await desk.db.insertInto('api_key').values(rows).execute();
  const { db, store, clock } = desk;
  served = await serve([ProtocolsController], { db, store, clock });
});
afterAll(async () => {
  await served.close();
  await database.close();
});

const as = (role: Role, method: 'get' | 'post', path: string, body: object = {}) =>
  served.http[method](`/v1/protocols${path}`).set('Authorization', `Bearer ${keys[role]}`).send(body);
/** Not in force at first, and with figures that only the clinic can set. */
const filler = 'dermal_filler.ha';
const figures = sampleFigures(filler);
const longer = { ...figures, session_duration_min: { value: { min: 45, max: 75 }, grounds: 'house rule' } };
const activate = (role: Role, body: object) => as(role, 'post', `/${filler}/activate`, body);

describe('a protocol', () => {
  test('is shown with each figure, its sources and what the clinic must set', async () => {
    const { body } = await as('auditor', 'get', `/${filler}`).expect(200);
    const {
      inForce,
      figures: shown,
      sources,
    } = body as { inForce: null; figures: { field: string; clinicSets: string; sourceIds: string[] }[]; sources: { id: string }[] };
    expect(inForce).toBeNull();
    expect(shown.find(({ field }) => field === 'session_duration_min')).toMatchObject({
      value: null,
      clinicSets: 'must',
      suggestion: { grounds: expect.any(String) },
    });
    const named = new Set(shown.flatMap(({ sourceIds }) => sourceIds));
    expect(sources.map(({ id }) => id)).toEqual(expect.arrayContaining([...named]));
    await as('front_desk', 'get', '/dermal_filler.hb').expect(404);
  });

  test('says what is missing, and what a version would change', async () => {
    expect((await as('provider', 'post', `/${filler}/preview`, {}).expect(200)).body).toMatchObject({
      version: 1,
      missing: expect.arrayContaining(['session_duration_min']),
      changes: [],
    });
    const { body } = await as('provider', 'post', `/${filler}/preview`, { figures }).expect(200);
    expect(body).toMatchObject({
      version: 1,
      missing: [],
      changes: expect.arrayContaining([{ field: 'durationMinutes', from: null, to: expect.any(Number) }]),
    });
  });

  test('is put in force by the medical director alone, once for a decision that is sent twice (invariant 10)', async () => {
    for (const role of ['events', 'front_desk', 'provider', 'admin', 'auditor'] as const) await activate(role, { figures, version: 1 }).expect(403);
    await activate('medical_director', { figures, version: 1 }).expect(200, { protocolId: filler, version: 1, activatedBy: 'director' });
    await activate('medical_director', { figures, version: 1 }).expect(200);
    expect((await as('front_desk', 'get', `/${filler}`)).body).toMatchObject({ inForce: { version: 1, activatedBy: 'director' }, set: figures });
    expect(await protocolVersion(desk.db, filler, 2)).toBeNull();
  });

  test('changes by a new version, and only in what was changed', async () => {
    expect((await as('provider', 'post', `/${filler}/preview`, { figures: longer }).expect(200)).body).toEqual({
      version: 2,
      missing: [],
      changes: [{ field: 'durationMinutes', from: expect.any(Number), to: 75 }],
    });
    expect((await activate('medical_director', { figures: longer, version: 1 }).expect(409)).body).toMatchObject({ code: 'protocol_version_stands' });
    expect((await activate('medical_director', { figures: longer, version: 3 }).expect(409)).body).toMatchObject({ code: 'protocol_version_unknown' });
    expect((await activate('medical_director', { figures: longer }).expect(200)).body).toMatchObject({ version: 2 });
    expect((await protocolVersion(desk.db, filler, 1))?.figures).toEqual(figures);
  });

  test.each([
    ['without a safety figure', {}, 422, 'open_safety_field'],
    ['with a figure without grounds', { session_duration_min: { value: 30, grounds: ' ' } }, 400, 'invalid_request'],
    ['with a range that begins after it ends', { session_duration_min: { value: { min: 9, max: 3 }, grounds: 'x' } }, 400, 'invalid_request'],
  ])('is not put in force %s', async (_, given, status, code) => {
    expect((await activate('medical_director', { figures: given }).expect(status)).body).toMatchObject({ code });
  });
});
