import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Database, openDatabase } from '#platform';

export interface TestDatabase {
  /** As the owner. */
  readonly url: string;
  /** As the product, for the clinic `test`. */
  readonly db: Database;
  /** Further connections of the product's. */
  open(clinicId?: string, max?: number): Database;
  close(): Promise<void>;
}

const template = 'afterglow_template';

async function administer(statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: process.env['AFTERGLOW_TEST_DATABASE'] });
  await admin.connect();
  await admin.query(statement).finally(() => admin.end());
}

/** A database of the test's own, cloned from the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${template}`);
  const url = new URL(process.env['AFTERGLOW_TEST_DATABASE'] ?? '');
  url.pathname = `/${name}`;
  const opened: Database[] = [];
  const open = (clinicId = 'test', max = 10) => {
    const db = openDatabase(url.href, { clinicId, max });
    opened.push(db);
    return db;
  };
  return {
    url: url.href,
    db: open(),
    open,
    close: async () => {
      await Promise.all(opened.map((db) => db.destroy()));
      await administer(`drop database ${name} with (force)`);
    },
  };
}
