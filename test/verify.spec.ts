import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { projectRoot } from '#platform';
import { ClinicClient, type SessionRow } from '../apps/cli/clinic-client.js';
import { type Demo, startDemo } from '../apps/cli/demo-services.js';
import { standingInvariants } from '../apps/cli/invariants/standing.js';
import { characters, consultationOf } from '../apps/cli/story-characters.js';
import { verifyEverything } from '../apps/cli/upkeep.js';
import { openLog } from '../libs/platform/logging.js';
import { answerNamed } from '../apps/api/answers.js';
import { fits } from './support/answers.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { freePort } from '../libs/platform/ports.js';

let database: TestDatabase;
let demo: Demo;
let dataDir: string;
let sessions: readonly SessionRow[];

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'afterglow-verify-'));
  const clinic = JSON.parse(await readFile(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as unknown;
  const repeatable = { seed: 1, log: openLog('silent') };
  demo = await startDemo({ port: await freePort(), start: null, clinic, dataDir, databaseUrl: database.url, repeatable });
  const client = new ClinicClient(demo);
  await client.send(characters.slice(0, 2).flatMap((character) => consultationOf(character, demo.now())));
  await demo.settle();
  sessions = (await client.all<SessionRow>('/v1/sessions')).filter(({ patientId }) => patientId === characters[0]?.patientId);
});

afterAll(async () => {
  await demo.stop();
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

const idOf = (index: number) => sessions[index]?.id ?? '';
const broken = async () => (await standingInvariants(demo.afterglow)).flatMap(({ invariant, violations }) => (violations.length > 0 ? [invariant] : []));

/** Changes the booking of a session behind the product's back, and puts it right afterwards. */
async function meddled(index: number, booking: Readonly<Record<string, string>>, then: () => Promise<void>): Promise<void> {
  const { db } = demo.afterglow;
  const { rows } = await sql<{ was: string }>`select state::text as was from session where session_id = ${idOf(index)}`.execute(db);
  await sql`update session set state = jsonb_set(state::jsonb, '{booking}', (state::jsonb -> 'booking') || ${JSON.stringify(booking)}::jsonb)
    where session_id = ${idOf(index)}`.execute(db);
  await then().finally(() => sql`update session set state = ${rows[0]?.was ?? ''}::jsonb where session_id = ${idOf(index)}`.execute(db));
}

describe('verify', () => {
  test('finds nothing wrong with a clinic as the product left it', async () => {
    const checks = await standingInvariants(demo.afterglow);
    expect(checks.flatMap(({ violations }) => violations)).toEqual([]);
    expect(checks.map(({ invariant, checks: count }) => [invariant, count > 0])).toEqual([1, 2, 3, 4, 5].map((invariant) => [invariant, true]));
    expect(await verifyEverything(demo.afterglow, () => undefined)).toMatchObject({ code: 0, answer: { holds: true, parked: [] } });
  });

  test('says when a session lies too close to the one before (invariant 3)', async () => {
    const [first] = sessions;
    const [start, end] = [24, 25].map((hours) => new Date(Date.parse(first?.start ?? '') + hours * 3_600_000).toISOString());
    await meddled(1, { start: start ?? '', end: end ?? '' }, async () => expect(await broken()).toEqual([3]));
  });

  test('says when somebody is booked who may not do it (invariant 4), and answers no', async () => {
    await meddled(0, { providerId: 'ae-lindqvist' }, async () => {
      expect(await broken()).toEqual([4]);
      const said: string[] = [];
      expect(await verifyEverything(demo.afterglow, (line) => said.push(line))).toMatchObject({ code: 1, answer: { holds: false } });
      expect(said).toContainEqual(expect.stringContaining('VIOLATED invariant 4'));
    });
  });

  test('says when a message ended badly and nobody was told (invariant 5)', async () => {
    await sql`update outreach set status = 'missed', next_attempt_at = null where outreach_id = (select outreach_id from outreach where status = 'planned' limit 1)`.execute(
      demo.afterglow.db,
    );
    expect(await broken()).toEqual([5]);
  });
});

describe('what the API answers', () => {
  interface Route {
    readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
    readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>> }>>;
  }
  const headers = { authorization: 'Bearer demo-key' };
  const json = async (path: string) => (await fetch(`${demo.address}${path}`, { headers })).json() as Promise<{ items: { id: string; key: string }[] }>;
  const days = { from: '2026-11-23', to: '2027-03-01' };

  /** The path with an id from the list that it belongs to; null where there is none. */
  async function filled(path: string): Promise<string | null> {
    const [session] = sessions;
    const known: readonly (readonly [string, string | undefined])[] = [
      ['/v1/consultations/', characters[0]?.consultationId],
      ['/v1/patients/', session?.patientId],
      ['/v1/courses/', session?.courseId],
      ['/v1/outreach/', (await json('/v1/outreach')).items[0]?.id],
      ['/v1/conversations/', (await json('/v1/conversations')).items[0]?.id],
      ['/v1/protocols/', session?.protocolId],
    ];
    const id = known.find(([start]) => path.startsWith(start))?.[1];
    if (id === undefined && path.includes('{id}')) return null;
    return path
      .replace('{id}', encodeURIComponent(id ?? ''))
      .replace('{key}', 'reminder')
      .replace('{language}', 'en');
  }

  const misfit = (schema: Parameters<typeof fits>[0], body: unknown) => {
    try {
      return fits(schema, body) ?? null;
    } catch (error) {
      return String(error).slice(0, 2_000);
    }
  };

  test('fits its description, on every route that a story can ask', async () => {
    const { paths } = (await json('/docs-json')) as unknown as { paths: Record<string, { get?: Route }> };
    const asked: string[] = [];
    for (const [path, { get: route }] of Object.entries(paths)) {
      const name = route?.responses['200']?.content?.['application/json']?.schema.$ref?.split('/').at(-1);
      const place = await filled(path);
      if (route === undefined || name === undefined || place === null || path.startsWith('/v1/me')) continue;
      const wanted = (route.parameters ?? []).filter(({ in: where, required }) => where === 'query' && required === true).map((each) => each.name);
      const values: Record<string, string> = { ...days, sessionId: idOf(1), date: '2026-12-20', protocolId: sessions[0]?.protocolId ?? '' };
      const query = new URLSearchParams(wanted.map((field): [string, string] => [field, values[field] ?? '']));
      const response = await fetch(`${demo.address}${place}?${query.toString()}`, { headers });
      const body: unknown = await response.json();
      if (response.status !== 200) continue;
      const schema = answerNamed(name);
      if (schema === undefined) throw new Error(`there is no answer ${name}`);
      expect(misfit(schema, body)).toBeNull();
      asked.push(name);
    }
    for (const name of [
      'Consultation',
      'PatientRecord',
      'TimelinePage',
      'RibbonOfPatient',
      'Course',
      'SessionPage',
      'FreeSlotPage',
      'OutreachPage',
      'TaskPage',
    ])
      expect(asked).toContain(name);
    expect(asked.length).toBeGreaterThan(20);
  });
});
