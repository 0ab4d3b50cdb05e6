import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { listPatients } from '#patient';
import { SimulatedClock } from '#platform';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { listSessions } from '#treatment';
import { seedClinic } from '../apps/cli/seed/seed.js';
import { verifyEverything } from '../apps/cli/upkeep.js';
import { type Afterglow, openAfterglow } from '../apps/worker/afterglow.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const now = new Date('2026-12-02T15:10:00Z');
const ask = { patients: 12, sessions: 90, seed: 5, now };
const opened: { database: TestDatabase; afterglow: Afterglow; dataDir: string }[] = [];

async function emptyClinic(): Promise<Afterglow> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'afterglow-seed-'));
  const config = { ...readConfig({ DATABASE_URL: database.url, MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }), DATA_DIR: dataDir };
  const afterglow = await openAfterglow({ config, clock: new SimulatedClock(now), log: openLog('silent') });
  opened.push({ database, afterglow, dataDir });
  return afterglow;
}

let afterglow: Afterglow;
beforeAll(async () => {
  afterglow = await emptyClinic();
  await seedClinic(afterglow, ask);
}, 60_000);

afterAll(async () => {
  for (const { afterglow: each, database, dataDir } of opened) {
    await each.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});

/** Every event by its id, without what the writing itself adds. */
async function toldIn({ db }: Afterglow): Promise<string> {
  const { rows } = await sql<{ told: string }>`
    select md5(string_agg(event_id || type || data::text || occurred_at, '|' order by event_id)) as told from event where meta ->> 'source' = 'seed'`.execute(
    db,
  );
  return rows[0]?.told ?? '';
}

describe('a seeded clinic', () => {
  test('has the patients and sessions that were asked for, before and after the present moment', async () => {
    const { rows } = await sql<{ all: number; past: number; open: number }>`
      select count(*)::int as all, count(*) filter (where start_at < ${now})::int as past, count(*) filter (where status in ('booked', 'confirmed'))::int as open
      from session`.execute(afterglow.db);
    expect(rows[0]).toMatchObject({ all: ask.sessions, past: expect.any(Number) });
    expect(rows[0]?.past).toBeGreaterThan(ask.sessions / 2);
    expect(rows[0]?.open).toBeGreaterThan(5);
    expect(await listPatients(afterglow.db, { limit: 100, cursor: null })).toHaveLength(ask.patients);
  });

  test('holds every invariant, and its read models are what its log gives (invariants 1 to 5 and 12)', async () => {
    const { code, answer } = await verifyEverything(afterglow, () => undefined);
    expect({ code, answer }).toMatchObject({ code: 0, answer: { holds: true, parked: [], differences: [] } });
  });

  test('plans what is still to be sent, and asks nothing of a worker that starts on it', async () => {
    const { rows } = await sql<{ planned: number; overdue: number; behind: number }>`
      select count(*)::int as planned, count(*) filter (where expires_at < ${now})::int as overdue,
        (select count(*)::int from checkpoint where position < (select max(position) from event)) as behind
      from outreach where status = 'planned'`.execute(afterglow.db);
    expect(rows[0]?.planned).toBeGreaterThan(0);
    expect(rows[0]).toMatchObject({ overdue: 0, behind: 0 });
  });

  test('is the same again from the same seed', async () => {
    const again = await emptyClinic();
    await seedClinic(again, ask);
    expect(await toldIn(again)).toBe(await toldIn(afterglow));
  });

  test('lists its sessions by place, treatment and patients, and its patients by ids', async () => {
    const { db } = afterglow;
    const [one, other] = (await listSessions(db, { limit: 2 })).items;
    const narrow = { locationId: one?.locationId ?? '', protocolId: one?.protocolId ?? '', patientIds: [one?.patientId ?? '', 'nobody'] };
    const { items } = await listSessions(db, { ...narrow, limit: 200 });
    expect(items.map(({ id }) => id)).toContain(one?.id);
    expect(items.filter((each) => each.locationId !== narrow.locationId || each.protocolId !== narrow.protocolId || each.patientId !== one?.patientId)).toEqual(
      [],
    );
    expect(await listSessions(db, { patientIds: [], limit: 200 })).toEqual({ items: [], next: null });
    const ids = [one?.patientId ?? '', other?.patientId ?? '', 'nobody'].sort();
    expect((await listPatients(db, { ids, limit: 200, cursor: null })).map(({ id }) => id)).toEqual(ids.filter((id) => id !== 'nobody'));
  });

  test('is refused where there is a clinic already', async () => {
    await expect(seedClinic(afterglow, ask)).rejects.toMatchObject({ code: 'not_empty' });
  });
});
