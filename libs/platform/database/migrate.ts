import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, type Migration, Migrator, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { Rejected } from '../errors.js';
import { projectRoot } from '../project-root.js';

const folder = join(projectRoot, 'migrations');

async function migrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  const read = async (file: string): Promise<[string, Migration]> => {
    const text = await readFile(join(folder, file), 'utf8');
    return [file.replace('.sql', ''), { up: async (db) => void (await sql.raw(text).execute(db)) }];
  };
  return Object.fromEntries(await Promise.all(files.map(read)));
}

/**
 * Brings the schema up to date as the owner; several processes at once wait for each other.
 * @returns the names of the migrations that were applied.
 * @throws Rejected `migration_failed`, naming the file and what Postgres said.
 */
export async function migrate(url: string): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // A server that goes away while the last connection closes has nothing left to spoil; without a listener it would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: migrations }, allowUnorderedMigrations: true });
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error !== undefined) {
      const failed = results.find(({ status }) => status === 'Error')?.migrationName ?? 'the database';
      throw new Rejected('migration_failed', `${failed}: ${error instanceof Error ? error.message : String(error)}`);
    }
    return results.map(({ migrationName }) => migrationName);
  } finally {
    await db.destroy();
  }
}
