import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  activateProtocol,
  activeProtocols,
  type ClinicContext,
  clinicDocument,
  clinicProjection,
  clinicSettings,
  configureClinic,
  parseClinic,
  protocolVersion,
  reviseClinic,
  settingsVersion,
} from '#clinic';
import { EventStore } from '#event-store';
import { inTransaction, projectRoot, SimulatedClock, type Transaction } from '#platform';
import { activate, sampleFigures } from '#protocols';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const clock = new SimulatedClock(new Date('2026-11-23T14:00:00Z'));
const store = new EventStore({ masterKey: new Uint8Array(32).fill(7), clock, inline: [clinicProjection] });
const context: ClinicContext = { store, clock };
const sample = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8'));

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());

const run = <T>(work: (trx: Transaction) => Promise<T>) => inTransaction(database.db, work);
const written = async () => (await store.readStream(database.db, 'clinic')).map(({ type }) => type);

describe('the settings in force', () => {
  test('change by an event; the same settings again give none', async () => {
    expect(await clinicDocument(database.db)).toBeNull();
    await run((trx) => configureClinic(trx, context, sample, 'admin'));
    await run((trx) => configureClinic(trx, context, sample, 'admin'));
    expect(await written()).toEqual(['clinic.configured.v1']);
    await run((trx) => configureClinic(trx, context, { ...sample, turnoverMinutes: 20 }, 'admin'));
    expect(await clinicDocument(database.db)).toMatchObject({ name: 'Afterglow Skin Studio', turnoverMinutes: 20 });
  });

  test('a faulty document changes nothing', async () => {
    await expect(run((trx) => configureClinic(trx, context, { ...sample, locations: [] }, 'admin'))).rejects.toMatchObject({ code: 'invalid_clinic' });
    expect(await clinicDocument(database.db)).toMatchObject({ turnoverMinutes: 20 });
  });
});

describe('settings that are changed by hand', () => {
  const revise = (version: string, document: unknown, roles: readonly string[] = ['admin']) =>
    run((trx) => reviseClinic(trx, context, { version, document, by: 'office-pike', roles }));

  test('name the state that was read: whoever is second is refused, and nothing of theirs is saved (invariant 14)', async () => {
    const read = parseClinic(await clinicSettings(database.db));
    const version = settingsVersion(read);
    const answers = await Promise.allSettled([revise(version, { ...read, turnoverMinutes: 25 }), revise(version, { ...read, turnoverMinutes: 30 })]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = answers.find((answer) => answer.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'clinic_changed', details: { status: 409 } });
    const saved = parseClinic(await clinicSettings(database.db));
    expect(refused?.reason).toMatchObject({ details: { version: settingsVersion(saved) } });
    await expect(revise(settingsVersion(saved), { ...saved, phone: 'none' })).rejects.toMatchObject({ code: 'invalid_clinic', details: { path: 'phone' } });
  });

  test('only a medical director makes another one, or changes what is clinical (invariant 4)', async () => {
    const read = parseClinic(await clinicSettings(database.db));
    const risen = { ...read, staff: read.staff.map((person) => ({ ...person, roles: [...new Set([...person.roles, 'medical_director'])] })) };
    await expect(revise(settingsVersion(read), risen)).rejects.toMatchObject({ code: 'director_needed', details: { status: 403, path: 'staff.1.roles' } });
    const tested = { ...read, patchTests: ['chemical_peel.medium'] };
    await expect(revise(settingsVersion(read), tested)).rejects.toMatchObject({ code: 'director_needed' });
    expect(await revise(settingsVersion(read), tested, ['medical_director'])).toBe(settingsVersion(parseClinic(tested)));
  });
});

describe('protocols in force', () => {
  const protocolId = 'dermal_filler.ha';
  const figures = sampleFigures(protocolId);
  const put = (version: number, set = figures) => run((trx) => activateProtocol(trx, context, { protocolId, version, figures: set, by: 'dr-okafor' }));

  test('an open safety figure keeps one closed', async () => {
    await expect(put(1, {})).rejects.toMatchObject({ code: 'open_safety_field', details: { fields: expect.arrayContaining(['session_duration_min']) } });
    expect((await activeProtocols(database.db)).size).toBe(0);
  });

  test('the newest version holds, an older one stays as sessions were booked under it', async () => {
    await put(1);
    await put(1);
    const longer = { ...figures, session_duration_min: { value: 75, grounds: 'house rule' } };
    await expect(put(1, longer)).rejects.toMatchObject({ code: 'protocol_version_stands' });
    await put(2, longer);
    expect((await written()).filter((type) => type === 'protocol.activated.v1')).toHaveLength(2);
    expect((await activeProtocols(database.db)).get(protocolId)).toEqual(activate(protocolId, longer, 2));
    expect(await protocolVersion(database.db, protocolId, 1)).toEqual(activate(protocolId, figures, 1));
    expect(await protocolVersion(database.db, protocolId, 3)).toBeNull();
  });

  test('one clinic does not see the protocols of another', async () => {
    const other = database.open('another');
    expect([await clinicDocument(other), (await activeProtocols(other)).size]).toEqual([null, 0]);
  });
});
