// Migrates a throw-away database and writes down what came out: the table types for Kysely and the schema for review.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json', '--noCheck'], { stdio: 'inherit' });
const { startEmbeddedPostgres } = await import('../dist/libs/platform/database/embedded.js');
const { migrate } = await import('../dist/libs/platform/database/migrate.js');
const { writeSchema } = await import('../dist/libs/platform/database/schema-dump.js');

const dataDir = await mkdtemp(join(tmpdir(), 'afterglow-types-'));
const server = await startEmbeddedPostgres({ dataDir, settings: ['fsync=off'] });
try {
  await migrate(server.url);
  await writeSchema(server.url, 'migrations/schema.sql');
  execFileSync('npx', ['kysely-codegen', '--dialect', 'postgres', '--url', server.url, '--out-file', 'libs/platform/database/tables.ts', '--date-parser', 'string', '--numeric-parser', 'number', '--exclude-pattern', 'bullmq.*', '--overrides', JSON.stringify({})], { stdio: 'inherit' });
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

// The pool reads int8 as a number (database.ts), so the types must say so.
const file = 'libs/platform/database/tables.ts';
const { readFile, writeFile } = await import('node:fs/promises');
const text = await readFile(file, 'utf8');
await writeFile(file, text.replace('Int8 = ColumnType<string, bigint | number | string, bigint | number | string>', 'Int8 = ColumnType<number, number, number>'));
