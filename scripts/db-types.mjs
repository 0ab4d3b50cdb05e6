// Migrates a throw-away database and writes down what came out: the table types for Kysely and the schema for review.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformFile } from '@swc/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const tables = join(root, 'libs', 'platform', 'database', 'tables.ts');

/** The few files of the platform that this needs, without a build of everything. */
async function compilePlatform() {
  await mkdir(join(root, 'dist'), { recursive: true });
  const out = await mkdtemp(join(root, 'dist', 'types-'));
  for (const folder of ['.', 'database']) {
    await mkdir(join(out, folder), { recursive: true });
    const source = join(root, 'libs', 'platform', folder);
    for (const file of (await readdir(source)).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))) {
      const { code } = await transformFile(join(source, file), {
        jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true } },
        module: { type: 'es6' },
      });
      await writeFile(join(out, folder, file.replace('.ts', '.js')), code);
    }
  }
  return out;
}

async function writeTypes(url) {
  const codegen = join(root, 'node_modules', 'kysely-codegen', 'dist', 'cli', 'bin.js');
  const options = ['--date-parser', 'string', '--numeric-parser', 'number', '--exclude-pattern', 'bullmq.*'];
  const draft = join(root, 'dist', `tables-${process.pid}.ts`);
  execFileSync(process.execPath, [codegen, '--dialect', 'postgres', '--url', url, '--out-file', draft, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  // The pool reads int8 as a number (database.ts), so the types must say so.
  const text = await readFile(draft, 'utf8');
  await rm(draft);
  await writeFile(tables, text.replace(/Int8 = ColumnType<[^>]*>/, 'Int8 = ColumnType<number, number, number>'));
}

const compiled = await compilePlatform();
const dataDir = await mkdtemp(join(tmpdir(), 'afterglow-types-'));
const load = (name) => import(pathToFileURL(join(compiled, 'database', name)).href);
let server;
try {
  const [{ startEmbeddedPostgres }, { migrate }, { writeSchema }] = [await load('embedded.js'), await load('migrate.js'), await load('schema-dump.js')];
  server = await startEmbeddedPostgres({ dataDir, settings: ['fsync=off'] });
  await migrate(server.url);
  await writeSchema(server.url, join(root, 'migrations', 'schema.sql'));
  await writeTypes(server.url);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await server?.stop();
  for (const folder of [dataDir, compiled]) if (existsSync(folder)) await rm(folder, { recursive: true, force: true });
}
