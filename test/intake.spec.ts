import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { activateProtocol, activeProtocols, clinicProjection, configureClinic } from '#clinic';
import { consultationProjection, consultationsOf, decideCourse, foldConsultation, judgeGates } from '#consultation';
import { EventStore } from '#event-store';
import { erasePatient, foldPatient, listPatients, loadPatient, patientProjection, patientTimeline } from '#patient';
import { inTransaction, type JsonObject, projectRoot, SimulatedClock } from '#platform';
import { sampleFigures, sampleProtocols } from '#protocols';
import { eventTypes } from '../apps/api/intake/envelope.js';
import { Intake } from '../apps/api/intake/intake.js';
import { readLines } from '../apps/api/intake/lines.js';
import { createTestDatabase } from './support/database.js';

const sample = join(projectRoot, 'test/fixtures/consultations.ndjson');
const clinic: unknown = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8'));
const clock = new SimulatedClock(new Date('2026-11-23T14:00:00Z'));
const masterKey = new Uint8Array(32).fill(3);

async function openClinic() {
  const database = await createTestDatabase();
  const store = new EventStore({ masterKey, clock, inline: [clinicProjection, consultationProjection] });
  await inTransaction(database.db, async (trx) => {
    await configureClinic(trx, { store, clock }, clinic, 'test');
    for (const protocolId of sampleProtocols)
      await activateProtocol(trx, { store, clock }, { protocolId, version: 1, figures: sampleFigures(protocolId), by: 'dr-okafor' });
  });
  return { ...database, store, intake: new Intake({ db: database.db, store, clock, masterKey }) };
}
type Clinic = Awaited<ReturnType<typeof openClinic>>;

const lines = (...texts: string[]) =>
  readLines(
    (async function* () {
      for (const text of texts) yield Buffer.from(text);
    })(),
  );

const event = (id: string, type: string, consultationId: string, patientId: string, data: JsonObject = {}) => ({
  specversion: '1.0',
  id,
  source: '/test',
  type,
  subject: type.startsWith('patient.') ? patientId : consultationId,
  time: '2026-11-23T14:00:00Z',
  data: { consultationId, patientId, ...data },
});
const goals = (id: string, consultationId: string, patientId: string) =>
  event(id, 'consultation.goals-set.v1', consultationId, patientId, { goals: ['calm'], extra: { kept: true } });
const person = { givenName: 'Ana', familyName: 'Ruiz', phone: '+12125550100', email: 'ana@example.com' };

const countEvents = async ({ db }: Clinic) => (await db.selectFrom('event').select('position').where('stream', '!=', 'clinic').execute()).length;
const countQuarantined = async ({ db }: Clinic) => (await db.selectFrom('quarantine').select('id').execute()).length;

/** Gates, and what should become of the course, for every consultation of a clinic. */
async function outcomes({ db, store }: Clinic) {
  const protocols = await activeProtocols(db);
  const patients = (await db.selectFrom('consultation').select('patient_id').distinct().execute()).map(({ patient_id: id }) => id);
  const all = await consultationsOf(db, patients);
  return Object.fromEntries(
    await Promise.all(
      all.map(async ({ consultationId, patientId }) => {
        const state = foldConsultation(await store.readStream(db, `consultation/${consultationId}`));
        const gates = judgeGates(state, { facts: foldPatient(await store.readPatient(db, patientId)).facts, protocols, today: '2026-12-01', patchTests: [] });
        return [consultationId, { gates, decision: decideCourse(state, gates) }] as const;
      }),
    ),
  );
}

let here: Clinic;
beforeAll(async () => void (here = await openClinic()));
afterAll(async () => here.close());

describe('the sample, with its late, doubled and broken lines', () => {
  test('is taken; a second time everything is a duplicate and nothing is quarantined twice', async () => {
    const first = await here.intake.accept(readLines(createReadStream(sample)));
    expect([first.accepted, first.duplicates, first.rejected.length]).toEqual([1094, 39, 25]);
    expect(await countEvents(here)).toBe(first.accepted);
    expect(first.rejected.filter(({ id }) => id !== null).every(({ id }) => id?.endsWith('-bad'))).toBe(true);
    const kept = await countQuarantined(here);
    const second = await here.intake.accept(readLines(createReadStream(sample)));
    expect(second).toEqual({ accepted: 0, duplicates: first.accepted + first.duplicates, rejected: first.rejected });
    expect([await countEvents(here), await countQuarantined(here)]).toEqual([first.accepted, kept]);
  });

  test('ends in the same gates and courses as the clean, ordered story', async () => {
    const clean = await openClinic();
    const told = readFileSync(sample, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.includes('-bad"'))
      .flatMap((line) => {
        try {
          return [{ line, time: (JSON.parse(line) as { time: string }).time }];
        } catch {
          return [];
        }
      });
    const ordered = [...new Set(told.sort((a, b) => (a.time < b.time ? -1 : 1)).map(({ line }) => line))];
    expect(await clean.intake.accept(lines(ordered.join('\n')))).toEqual({ accepted: ordered.length, duplicates: 0, rejected: [] });
    const [cleanly, dirty] = [await outcomes(clean), await outcomes(here)];
    expect(dirty).toEqual(cleanly);
    const decisions = Object.values(cleanly).map(({ decision }) => (decision.kind === 'open' ? 'open' : decision.gate));
    expect(decisions.filter((kind) => kind === 'open').length).toBeGreaterThan(20);
    expect(new Set(decisions)).toEqual(new Set(['open', 'questions', 'patch_test', 'contraindications', 'consent']));
    await clean.close();
  });
});

describe('one bad event', () => {
  test('spoils none of its neighbours, and says what is wrong and where', async () => {
    const plan = event('b', 'consultation.plan-proposed.v1', 'c-1', 'p-1', {
      planId: 'x',
      providerId: 'dr-okafor',
      items: [{ protocolId: 'no.such', sessions: 1 }],
    });
    const answer = await here.intake.accept(
      lines(
        `\n${JSON.stringify(goals('a', 'c-1', 'p-1'))}\r\n{"half":`,
        `\n\n${JSON.stringify(plan)}\n${'x'.repeat(300_000)}\n${JSON.stringify(goals('c', 'c-1', 'p-1'))}`,
      ),
    );
    expect(answer.accepted).toBe(2);
    expect(answer.rejected.map(({ index, id, code, path }) => [index, id, code, path])).toEqual([
      [1, null, 'invalid_json', ''],
      [2, 'b', 'unknown_protocol', 'data.items.0.protocolId'],
      [3, null, 'line_too_long', ''],
    ]);
  });

  const fact = (told: JsonObject) => ({ type: 'patient.fact-recorded.v1', data: { consultationId: 'c-1', patientId: 'p-1', fact: told } });
  const plan = (sessions: number) => ({
    type: 'consultation.plan-proposed.v1',
    data: { consultationId: 'c-1', patientId: 'p-1', planId: 'x', providerId: 'dr-okafor', items: [{ protocolId: 'ipl_bbl.standard', sessions }] },
  });
  test.each([
    ['a day that cannot be', fact({ kind: 'exposure', code: 'sunburn', on: '2026-02-30' }), 'impossible_date', 'data.fact.on'],
    ['a day too far ahead', fact({ kind: 'exposure', code: 'sunburn', on: '2056-11-24' }), 'impossible_date', 'data.fact.on'],
    ['a time that is none', { time: 'yesterday' }, 'impossible_date', 'time'],
    ['no time', { time: undefined }, 'invalid_envelope', 'time'],
    ['another version of the envelope', { specversion: '0.3' }, 'invalid_envelope', 'specversion'],
    ['data that is a list', { data: [] }, 'invalid_envelope', 'data'],
    ['an unknown type', { type: 'toString' }, 'unknown_type', 'type'],
    ['a subject of somebody else', { subject: 'c-9' }, 'invalid_subject', 'subject'],
    ['half a session', plan(1.5), 'invalid_data', 'data.items.0.sessions'],
    ['no session', plan(0), 'invalid_data', 'data.items.0.sessions'],
    ['too many sessions', plan(25), 'invalid_data', 'data.items.0.sessions'],
    [
      'an unknown provider',
      { type: 'consultation.history-reviewed.v1', data: { consultationId: 'c-1', patientId: 'p-1', providerId: 'nobody' } },
      'unknown_provider',
      'data.providerId',
    ],
    [
      'a provider who works at the desk',
      { type: 'consultation.history-reviewed.v1', data: { consultationId: 'c-1', patientId: 'p-1', providerId: 'desk-tan' } },
      'unknown_provider',
      'data.providerId',
    ],
    [
      'an unknown location',
      { type: 'consultation.started.v1', data: { consultationId: 'c-1', patientId: 'p-1', providerId: 'dr-okafor', locationId: 'moon' } },
      'unknown_location',
      'data.locationId',
    ],
    ['an empty id', { id: '' }, 'invalid_envelope', 'id'],
    ['an id of 129 characters', { id: 'x'.repeat(129) }, 'invalid_envelope', 'id'],
    ['no patient', { data: { consultationId: 'c-1', goals: [] } }, 'invalid_data', 'data.patientId'],
    ['a zero character', { data: { consultationId: 'c-1', patientId: 'p-1', goals: ['\0'] } }, 'unstorable', ''],
  ])('is refused: %s', async (what, change, code, path) => {
    expect(await here.intake.acceptOne({ ...goals(`bad ${what}`, 'c-1', 'p-1'), ...change })).toMatchObject({ code, path });
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 4],
    ['a list', []],
    ['text', 'x'],
  ])('%s is refused like any other', async (_what, value) => {
    expect(await here.intake.acceptOne(value)).toMatchObject({ index: 0, id: null, code: 'invalid_envelope' });
  });
});

describe('what is recorded', () => {
  test('is a duplicate whatever it says the second time, within a batch and after it', async () => {
    const other = { ...goals('twice', 'c-2', 'p-9'), data: { consultationId: 'c-2', patientId: 'p-9', goals: ['other'] } };
    const batch = [goals('twice', 'c-2', 'p-2'), other, { ...goals('twice', 'c-2', 'p-2'), source: '/another' }].map((value, index) => ({
      index,
      value,
      raw: '',
    }));
    expect(await here.intake.accept(batch)).toEqual({ accepted: 2, duplicates: 1, rejected: [] });
    expect(await here.intake.acceptOne(other)).toBe('duplicate');
  });

  test('keeps unknown fields, and only ids in the open', async () => {
    await here.intake.acceptOne(
      event('plan', 'consultation.plan-proposed.v1', 'c-3', 'p-3', {
        planId: 'x',
        providerId: 'dr-okafor',
        mood: 'good',
        items: [{ protocolId: 'ipl_bbl.standard', sessions: 2, area: 'scar on the left cheek', note: 'n' }],
      }),
    );
    const [read] = await here.store.readStream(here.db, 'consultation/c-3');
    expect(read?.data).toEqual({
      consultationId: 'c-3',
      patientId: 'p-3',
      planId: 'x',
      providerId: 'dr-okafor',
      mood: 'good',
      items: [{ protocolId: 'ipl_bbl.standard', sessions: 2, area: 'scar on the left cheek', note: 'n' }],
    });
    const stored = await here.db.selectFrom('event').select('data').where('stream', '=', 'consultation/c-3').executeTakeFirstOrThrow();
    expect(stored.data).toEqual({
      consultationId: 'c-3',
      patientId: 'p-3',
      planId: 'x',
      providerId: 'dr-okafor',
      items: [{ protocolId: 'ipl_bbl.standard', sessions: 2 }],
    });
  });

  test('survives an import that broke off: run again, nothing is lost and nothing doubled', async () => {
    const all = Array.from({ length: 700 }, (_, index) => ({ index, value: goals(`k-${index}`, `c-k-${index % 9}`, `p-k-${index % 9}`), raw: '' }));
    const broken = async function* () {
      yield* all.slice(0, 650);
      throw new Error('killed');
    };
    await expect(here.intake.accept(broken())).rejects.toThrow('killed');
    expect(await here.intake.accept(all)).toEqual({ accepted: 200, duplicates: 500, rejected: [] });
  });
});

describe("another patient's consultation", () => {
  test('is refused, also within a batch and when the first to name it was a fact about the patient', async () => {
    const batch = [
      event('o-1', 'patient.fact-recorded.v1', 'c-4', 'p-4', { fact: { kind: 'pregnancy', present: false } }),
      goals('o-2', 'c-4', 'p-5'),
      goals('o-3', 'c-4', 'p-4'),
    ];
    const answer = await here.intake.accept(batch.map((value, index) => ({ index, value, raw: JSON.stringify(value) })));
    expect(answer).toMatchObject({ accepted: 2, duplicates: 0, rejected: [{ index: 1, code: 'another_patient', path: 'data.patientId' }] });
  });

  test('has one owner however many writers race for it', async () => {
    const racers = Array.from({ length: 8 }, (_, n) =>
      new Intake({ db: here.open('test', 2), store: here.store, clock, masterKey }).acceptOne(goals(`race-${n}`, 'c-race', `p-race-${n}`)),
    );
    const answers = await Promise.all(racers);
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
    expect(answers.filter((answer) => typeof answer !== 'string' && answer.code === 'another_patient')).toHaveLength(7);
    expect(new Set((await here.store.readStream(here.db, 'consultation/c-race')).map(({ patientId }) => patientId)).size).toBe(1);
  });
});

describe('the quarantine', () => {
  const entries = async () => here.intake.quarantine.list(here.db, { limit: 200, cursor: null });
  const entry = async (id: string) => (await entries()).find(({ eventId }) => eventId === id);

  test('keeps what was refused, sealed and once, however its fields are ordered', async () => {
    const refused = { ...goals('q-1', 'c-5', 'p-5'), time: 'tomorrow' };
    const { id, ...rest } = refused;
    for (const value of [refused, refused, { ...rest, id }]) expect(await here.intake.acceptOne(value)).toMatchObject({ code: 'impossible_date' });
    expect((await entries()).filter(({ eventId }) => eventId === 'q-1')).toHaveLength(1);
    const kept = await entry('q-1');
    expect(JSON.parse((await here.intake.quarantine.payload(here.db, kept?.id ?? '')).toString())).toEqual(refused);
    const stored = await here.db.selectFrom('quarantine').select('payload').where('sender_id', '=', 'q-1').executeTakeFirstOrThrow();
    expect(stored.payload?.toString('latin1')).not.toContain('calm');
  });

  test('takes an event on a further try once the clinic knows what it names', async () => {
    const started = event('q-2', 'consultation.started.v1', 'c-6', 'p-6', { providerId: 'dr-new', locationId: 'nyc' });
    expect(await here.intake.acceptOne(started)).toMatchObject({ code: 'unknown_provider' });
    const { id } = (await entry('q-2')) ?? { id: '' };
    expect(await here.intake.retry(id)).toMatchObject({ code: 'unknown_provider' });
    const grown = structuredClone(clinic) as { staff: { id: string; name: string; roles: string[] }[] };
    grown.staff.push({ id: 'dr-new', name: 'Dr New', roles: ['provider'] });
    await inTransaction(here.db, (trx) => configureClinic(trx, { store: here.store, clock }, grown, 'test'));
    expect(await here.intake.retry(id)).toBe('accepted');
    expect(await here.intake.retry(id)).toBe('duplicate');
    expect((await entry('q-2'))?.status).toBe('accepted');
    await expect(here.intake.retry('no-such')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('lets go of what its sender mended and sent again', async () => {
    await here.intake.acceptOne({ ...goals('q-3', 'c-7', 'p-7'), time: 'soon' });
    expect(await here.intake.acceptOne(goals('q-3', 'c-7', 'p-7'))).toBe('accepted');
    expect((await entry('q-3'))?.status).toBe('superseded');
  });

  test('is read in pages, in order of arrival', async () => {
    const all = await entries();
    const paged: string[] = [];
    for (let cursor: string | null = null; ; cursor = paged.at(-1) ?? null) {
      const page = await here.intake.quarantine.list(here.db, { limit: 7, cursor });
      paged.push(...page.map(({ id }) => id));
      if (page.length < 7) break;
    }
    expect(paged).toEqual(all.map(({ id }) => id));
  });
});

describe('people', () => {
  const project = async (patientId: string) => {
    const events = await here.store.readPatient(here.db, patientId);
    await inTransaction(here.db, (trx) => patientProjection(here.store).apply(trx, events));
  };
  const ids = async (query: string) => (await listPatients(here.db, { query, limit: 50, cursor: null })).map(({ id }) => id);

  test('are found by name, number, address and id, and a wildcard is only a sign', async () => {
    await here.intake.acceptOne(event('u-1', 'consultation.requested.v1', 'c-8', 'P-Ana', { channel: 'online', person }));
    await project('P-Ana');
    for (const query of ['ana r', 'RUIZ', '(212) 555-0100', 'ana@EXAMPLE', 'p-ana']) expect(await ids(query)).toContain('P-Ana');
    expect(await ids('%')).toEqual([]);
  });

  test('have a timeline, newest first, in pages', async () => {
    await here.intake.acceptOne({ ...goals('u-2', 'c-8', 'P-Ana'), time: '2026-11-22T10:00:00Z' });
    const whole = await patientTimeline(here.db, here.store, 'P-Ana', { limit: 50, cursor: null });
    expect(whole.next).toBeNull();
    expect(whole.items.map(({ title, source, cause }) => [title, source, cause])).toEqual([
      ['Asked for a consultation', '/test', null],
      ['Consultation goals set', '/test', null],
    ]);
    const first = await patientTimeline(here.db, here.store, 'P-Ana', { limit: 1, cursor: null });
    expect(first).toEqual({ items: [whole.items[0]], next: whole.items[0]?.id });
    expect(await patientTimeline(here.db, here.store, 'P-Ana', { limit: 1, cursor: first.next })).toEqual({ items: [whole.items[1]], next: null });
  });

  test('cannot be read again from anywhere once erased, nor told of (invariant 13)', async () => {
    await here.intake.acceptOne({ ...event('u-3', 'patient.contact-changed.v1', 'c-8', 'P-Ana', { person }), time: 'never' });
    await here.intake.accept(lines(`{"id":"u-4","half":"P-Ana ${person.email}`));
    await inTransaction(here.db, async (trx) => {
      await erasePatient(trx, { store: here.store, clock }, { patientId: 'P-Ana', reason: 'asked' });
      expect(await here.intake.forget(trx, 'P-Ana')).toBe(2);
    });
    expect(await loadPatient(here.db, here.store, 'P-Ana')).toMatchObject({ person: {}, erased: true });
    expect(await ids('ruiz')).not.toContain('P-Ana');
    const late = event('u-5', 'patient.contact-changed.v1', 'c-8', 'P-Ana', { person });
    expect(await here.intake.acceptOne(late)).toMatchObject({ code: 'patient_erased' });
    await here.intake.acceptOne({ ...late, id: 'u-6', time: 'never' });
    for (const id of ['u-5', 'u-6']) {
      const kept = (await here.intake.quarantine.list(here.db, { limit: 200, cursor: null })).find(({ eventId }) => eventId === id);
      await expect(here.intake.quarantine.payload(here.db, kept?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
    }
    await inTransaction(here.db, (trx) => erasePatient(trx, { store: here.store, clock }, { patientId: 'P-Ana', reason: 'asked' }));
    await expect(
      inTransaction(here.db, (trx) => erasePatient(trx, { store: here.store, clock }, { patientId: 'nobody', reason: 'asked' })),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('every type of event has a JSON Schema', () => {
  const types = eventTypes(clock.now());
  expect(types).toHaveLength(27);
  expect(types.find(({ type }) => type === 'consultation.plan-proposed.v1')).toMatchObject({
    schema: { type: 'object', required: expect.arrayContaining(['consultationId', 'patientId', 'planId', 'items']) },
  });
});
