import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Database, openDatabase } from '#platform';
import { startEmbeddedPostgres } from '../../libs/platform/database/embedded.js';
import { migrate } from '../../libs/platform/database/migrate.js';

export interface TestDatabase {
  /** As the owner. */
  readonly url: string;
  /** As the product, for the clinic `test`. */
  readonly db: Database;
  /** Further connections of the product's. */
  open(clinicId?: string, max?: number): Database;
  close(): Promise<void>;
}

const [template, unfinished] = ['afterglow_template', 'afterglow_template_unfinished'];
let server: Promise<string> | null = null;

/** The run's server, started by the first test that wants one. fsync is off: no test survives a power cut anyway. */
async function startServer(): Promise<string> {
  const dataDir = process.env['AFTERGLOW_TEST_DIR'];
  if (dataDir === undefined) throw new Error('the tests run through Jest, whose global setup makes their folder');
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=250'];
  const { url } = await startEmbeddedPostgres({ dataDir, settings });
  await administer(url, async (admin) => {
    await admin.query('select pg_advisory_lock(1)');
    if ((await admin.query('select from pg_database where datname = $1', [template])).rowCount === 1) return;
    await admin.query(`drop database if exists ${unfinished}`);
    await admin.query(`create database ${unfinished}`);
    await migrate(urlOf(url, unfinished));
    await admin.query(`alter database ${unfinished} rename to ${template}`);
  });
  return url;
}

function urlOf(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

async function administer(url: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await work(admin).finally(() => admin.end());
}

/** A database of the test's own, cloned from the migrated template; or an empty one, for what migrates by itself. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const home = await (server ??= startServer());
  await administer(home, (admin) => admin.query(`create database ${name} template ${empty ? 'template1' : template}`));
  const url = urlOf(home, name);
  const opened: Database[] = [];
  const open = (clinicId = 'test', max = 10) => {
    const db = openDatabase(url, { clinicId, max });
    opened.push(db);
    return db;
  };
  return {
    url,
    db: open(),
    open,
    close: async () => {
      await Promise.all(opened.map((db) => db.destroy()));
      await administer(home, (admin) => admin.query(`drop database ${name} with (force)`));
    },
  };
}
