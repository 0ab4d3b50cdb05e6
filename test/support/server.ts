import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../libs/platform/database/embedded.js';
import { migrate } from '../../libs/platform/database/migrate.js';

export const templateDatabase = 'afterglow_template';

/** A Postgres for one run of the tests. fsync is off: no test survives a power cut anyway. */
export async function startTestServer(): Promise<EmbeddedPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'afterglow-test-'));
  const server = await startEmbeddedPostgres({ dataDir, settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${templateDatabase}`);
  await admin.end();
  const url = new URL(server.url);
  url.pathname = `/${templateDatabase}`;
  await migrate(url.href);
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
