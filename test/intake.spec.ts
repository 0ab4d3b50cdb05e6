import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { activateProtocol, activeProtocols, clinicProjection, configureClinic } from '#clinic';
import { consultationProjection, decideCourse, foldConsultation, judgeGates } from '#consultation';
import { EventStore, type RecordedEvent } from '#event-store';
import { foldPatient } from '#patient';
import { deterministicId, inTransaction, projectRoot, SimulatedClock } from '#platform';
import { sampleFigures, sampleProtocols } from '#protocols';
import { readEvent } from '../apps/api/intake/envelope.js';
import { Intake } from '../apps/api/intake/intake.js';
import { readLines } from '../apps/api/intake/lines.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const sample = join(projectRoot, 'test/fixtures/consultations.ndjson');
const clinic: unknown = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8'));
const clock = new SimulatedClock(new Date('2026-11-23T14:00:00Z'));
const masterKey = new Uint8Array(32).fill(3);

async function openClinic() {
  const database = await createTestDatabase();
  const store = new EventStore({ masterKey, clock, inline: [clinicProjection, consultationProjection] });
  await inTransaction(database.db, async (trx) => {
    await configureClinic(trx, { store, clock }, clinic, 'test');
    for (const protocolId of sampleProtocols) await activateProtocol(trx, { store, clock }, { protocolId, version: 1, figures: sampleFigures(protocolId), by: 'dr-okafor' });
  });
  return { database, store, intake: new Intake({ db: database.db, store, clock, masterKey }) };
}

const lines = (...texts: string[]) => readLines((async function* () { for (const text of texts) yield Buffer.from(text); })());
const good = (id: string, consultationId: string, patientId: string) => ({
  specversion: '1.0', id, source: '/test', type: 'consultation.goals-set.v1', subject: consultationId, time: '2026-11-23T14:00:00Z', data: { consultationId, patientId, goals: ['calm'], extra: { kept: true } },
});

describe('events in', () => {
  let opened: Awaited<ReturnType<typeof openClinic>>;
  let database: TestDatabase;
  beforeAll(async () => ({ database } = opened = await openClinic()));
  afterAll(async () => database.close());

  test('takes the sample with its bad lines, and the second time everything is a duplicate', async () => {
    const first = await opened.intake.accept(readLines(createReadStream(sample)));
    expect(first.accepted).toBeGreaterThan(1000);
    expect(first.rejected.length).toBeGreaterThan(20);
    const rows = await database.db.selectFrom('event').select('position').where('type', 'like', '%').where('stream', '!=', 'clinic').execute();
    expect(rows).toHaveLength(first.accepted);
    const second = await opened.intake.accept(readLines(createReadStream(sample)));
    expect(second).toEqual({ accepted: 0, duplicates: first.accepted + first.duplicates, rejected: first.rejected });
    expect(await database.db.selectFrom('quarantine').select('id').execute()).toHaveLength(new Set(first.rejected.map(({ id, code, index }) => id ?? `${code}${index}`)).size - 3);
  });

  test('a bad line spoils none of its neighbours, and says what is wrong and where', async () => {
    const bad = { ...good('b', 'c-1', 'p-1'), type: 'consultation.plan-proposed.v1', data: { consultationId: 'c-1', patientId: 'p-1', planId: 'x', providerId: 'dr-okafor', items: [{ protocolId: 'no.such', sessions: 1 }] } };
    const answer = await opened.intake.accept(lines(`\n${JSON.stringify(good('a', 'c-1', 'p-1'))}\r\n{"half":`, `\n\n${JSON.stringify(bad)}\n${'x'.repeat(300_000)}\n${JSON.stringify(good('c', 'c-1', 'p-1'))}`));
    expect(answer.accepted).toBe(2);
    expect(answer.rejected.map(({ index, code, path }) => [index, code, path])).toEqual([[1, 'invalid_json', ''], [2, 'unknown_protocol', 'data.items.0.protocolId'], [3, 'line_too_long', '']]);
  });

  test("refuses another patient's consultation, also within a batch, and keeps what was sent", async () => {
    expect(await opened.intake.acceptOne(good('d', 'c-1', 'p-2'))).toMatchObject({ code: 'another_patient', path: 'data.patientId' });
    const kept = await opened.intake.quarantine.list(database.db, { limit: 200, cursor: null });
    const mine = kept.find(({ eventId }) => eventId === 'd');
    expect(JSON.parse(await opened.intake.quarantine.payload(database.db, mine?.id ?? ''))).toEqual(good('d', 'c-1', 'p-2'));
    expect(await opened.intake.retry(mine?.id ?? '')).toMatchObject({ code: 'another_patient' });
  });

  test('an import that broke off in the middle loses and doubles nothing when it is run again', async () => {
    const broken = async function* () {
      for (let n = 0; n < 700; n += 1) yield { index: n, value: good(`k-${n}`, `c-k-${n % 9}`, `p-k-${n % 9}`), raw: '' };
      throw new Error('killed');
    };
    await expect(opened.intake.accept(broken())).rejects.toThrow('killed');
    const all = Array.from({ length: 700 }, (_, index) => ({ index, value: good(`k-${index}`, `c-k-${index % 9}`, `p-k-${index % 9}`), raw: '' }));
    expect(await opened.intake.accept(all)).toMatchObject({ accepted: 200, duplicates: 500, rejected: [] });
  });

  test.each([
    ['a day that cannot be', { type: 'patient.fact-recorded.v1', data: { consultationId: 'c-1', patientId: 'p-1', fact: { kind: 'exposure', code: 'sunburn', on: '2026-02-30' } } }, 'data.fact.on'],
    ['a day too far ahead', { type: 'patient.fact-recorded.v1', data: { consultationId: 'c-1', patientId: 'p-1', fact: { kind: 'exposure', code: 'sunburn', on: '2080-02-03' } } }, 'data.fact.on'],
    ['a time that is none', { time: 'yesterday' }, 'time'],
    ['a subject of somebody else', { subject: 'c-9' }, 'subject'],
    ['half a session', { type: 'consultation.plan-proposed.v1', data: { consultationId: 'c-1', patientId: 'p-1', planId: 'x', providerId: 'dr-okafor', items: [{ protocolId: 'ipl_bbl.standard', sessions: 1.5 }] } }, 'data.items.0.sessions'],
    ['an unknown provider', { type: 'consultation.history-reviewed.v1', data: { consultationId: 'c-1', patientId: 'p-1', providerId: 'nobody' } }, 'data.providerId'],
    ['an empty id', { id: '' }, 'id'],
  ])('refuses %s', async (_what, change, path) => {
    expect(await opened.intake.acceptOne({ ...good(`bad-${path}`, 'c-1', 'p-1'), ...change })).toMatchObject({ path });
  });
});

describe('the order of arrival', () => {
  const known = { providers: new Set(['dr-okafor', 'np-reyes', 'ae-lindqvist']), locations: new Set(['nyc', 'westport']) };
  const recorded: RecordedEvent[] = readFileSync(sample, 'utf8').split('\n').flatMap((line, index) => {
    try {
      const { stream, event } = readEvent(JSON.parse(line), clock.now(), known);
      return [{ ...event, data: { ...event.data, ...event.personal } as RecordedEvent['data'], meta: {}, stream, position: index, version: index, erased: false, recordedAt: event.occurredAt }];
    } catch {
      return [];
    }
  });
  const patients = [...new Set(recorded.map(({ patientId }) => patientId))];
  const protocols = new Map(sampleProtocols.map((id) => [id, { id } as never]));
  const outcome = (events: readonly RecordedEvent[]) => {
    const state = foldConsultation(events.filter(({ stream }) => stream.startsWith('consultation/')));
    const gates = judgeGates(state, { facts: foldPatient(events).facts, protocols, today: '2026-12-01', patchTests: [] });
    return { gates, decision: decideCourse(state, gates) };
  };

  test('any permutation and duplication of the events of a consultation gives the same gates and the same course', () => {
    fc.assert(
      fc.property(fc.constantFrom(...patients), fc.array(fc.nat()), fc.array(fc.nat(), { maxLength: 8 }), (patient, keys, again) => {
        const own = [...new Map(recorded.filter(({ patientId }) => patientId === patient).map((event) => [event.id, event])).values()];
        const shuffled = own.map((event, index) => ({ event, key: keys[index] ?? 0 })).sort((a, b) => a.key - b.key).map(({ event }) => event);
        const doubled = [...shuffled, ...again.flatMap((n) => own[n % own.length] ?? [])];
        const stored = [...new Map(doubled.map((event) => [event.id, event])).values()];
        expect(outcome(stored)).toEqual(outcome(own));
      }),
      { numRuns: 300 },
    );
  });

  test('the sample opens courses and keeps others closed, each for a reason', () => {
    const outcomes = patients.map((patient) => outcome(recorded.filter(({ patientId }) => patientId === patient)).decision);
    const held = outcomes.flatMap((decision) => (decision.kind === 'hold' ? [decision.gate] : []));
    expect(outcomes.length - held.length).toBeGreaterThan(20);
    expect(new Set(held)).toEqual(new Set(['questions', 'patch_test', 'contraindications', 'consent']));
  });

  test('ids are the sender and their id, so that the same event is the same event', () => {
    expect(deterministicId('event', '/a', '1')).not.toBe(deterministicId('event', '/a1', ''));
  });
});
