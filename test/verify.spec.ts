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
