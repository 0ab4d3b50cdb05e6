import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Database, openDatabase, projectRoot } from '#platform';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { endProducts, newFolder, Product, removeFolders, runToEnd } from './support/product.js';

jest.setTimeout(120_000);

const masterKey = Buffer.alloc(32, 7).toString('base64');
const cli = 'dist/apps/cli/main.js';
const copies = 8;

/** The sample stream several times over, each copy about people of its own; bad lines, duplicates and disorder included. */
function longStream(): { file: string; lines: number } {
  const sample = readFileSync(join(projectRoot, 'test/fixtures/consultations.ndjson'), 'utf8');
  const text = Array.from({ length: copies }, (_, copy) => sample.replaceAll(/\b([cp])-7-(\d{5})/g, `$1-${copy}-$2`)).join('\n');
  const file = join(newFolder(), 'long.ndjson');
  writeFileSync(file, text);
  return { file, lines: text.split('\n').filter((line) => line.trim() !== '').length };
}

interface Counts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly unknown[];
}

const envOf = ({ url }: TestDatabase) => ({ DATABASE_URL: url, MASTER_KEY: masterKey });

async function importInto(database: TestDatabase, file: string): Promise<Counts> {
  const { code, out, err } = await runToEnd(cli, ['import', file], { env: envOf(database) });
  expect([code, err.split('\n').filter((line) => line !== '' && !line.startsWith('No clinic was set up'))]).toEqual([0, []]);
  return JSON.parse(out) as Counts;
}

const ofTheStream = (db: Database) =>
  db.selectFrom('event').where((where) => where.or([where('stream', 'like', 'consultation/%'), where('stream', 'like', 'patient/%')]));
const stored = async (db: Database): Promise<number> =>
  Number(
    (
      await ofTheStream(db)
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .executeTakeFirstOrThrow()
    ).count,
  );

/** What must be the same wherever the stream was imported, in one run or in two. */
async function recorded(db: Database) {
  const events = await ofTheStream(db).select(['stream', 'version', 'event_id', 'type', 'data']).orderBy('stream').orderBy('version').execute();
  const quarantined = await db.selectFrom('quarantine').select(['sender_source', 'sender_id', 'code']).orderBy('id').execute();
  const consultations = await db.selectFrom('consultation').selectAll().orderBy('consultation_id').execute();
  return { events, quarantined, consultations };
}

beforeAll(async () => {
  expect((await runToEnd('scripts/afterglow.mjs', ['help'])).code).toBe(0);
});

afterAll(async () => {
  await endProducts();
  removeFolders();
});

describe('an import that is killed', () => {
  let [broken, clean]: TestDatabase[] = [];
  const opened: Database[] = [];
  const readers = new Map<TestDatabase, Database>();

  beforeAll(async () => {
    [broken, clean] = [await createTestDatabase(), await createTestDatabase()];
    for (const database of [broken, clean]) readers.set(database, openDatabase(database.url, { clinicId: 'clinic', max: 2 }));
    opened.push(...readers.values());
  });
  afterAll(async () => {
    await Promise.all(opened.map((db) => db.destroy()));
    await Promise.all([broken, clean].map((database) => database?.close()));
  });

  test('is finished by running it again: nothing lost, nothing double (invariant 10)', async () => {
    if (broken === undefined || clean === undefined) throw new Error('no databases');
    const [one, other] = [readers.get(broken), readers.get(clean)];
    if (one === undefined || other === undefined) throw new Error('no readers');
    const { file, lines } = longStream();
    const expected = await importInto(clean, file);
    expect(expected.accepted + expected.duplicates + expected.rejected.length).toBe(lines);
    const whole = await stored(other);
    expect(whole).toBe(expected.accepted);

    const killed = new Product(cli, ['import', file], { env: envOf(broken) });
    while ((await stored(one)) < whole / 4) await pause(2);
    expect(await killed.stop('SIGKILL')).toMatchObject({ code: null, signal: 'SIGKILL' });
    const kept = await stored(one);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(whole);

    const again = await importInto(broken, file);
    expect(again).toEqual({ accepted: whole - kept, duplicates: expected.duplicates + kept, rejected: expected.rejected });
    expect(await recorded(one)).toEqual(await recorded(other));
    const verified = await runToEnd(cli, ['verify'], { env: envOf(broken) });
    expect([verified.code, verified.err]).toEqual([0, expect.stringContaining('the log holds')]);
    expect(await importInto(broken, file)).toEqual({ accepted: 0, duplicates: expected.duplicates + whole, rejected: expected.rejected });
  });
});
