import { afterEach, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.js';
import { migrate } from './migrate.js';

const settings = ['fsync=off'];
const [started, folders]: [EmbeddedPostgres[], string[]] = [[], []];

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'afterglow-embedded-'));
  folders.push(folder);
  return folder;
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, settings });
  started.push(server);
  return server;
}

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query<{ answer: unknown }>(statement)
    .then(({ rows }) => rows[0]?.answer)
    .finally(() => client.end());
}

test('two starts at the same moment make one server; its data outlives it, and it ends with the one that started it', async () => {
  const dataDir = join(await newFolder(), 'a folder with spaces');
  const [one, two] = await Promise.all([start(dataDir), start(dataDir)]);
  expect(one.url).toBe(two.url);
  await ask(one.url, 'create table kept as select 7 as answer');
  await Promise.all([one.stop(), two.stop()]);
  await expect(ask(one.url, 'select 1 as answer')).rejects.toThrow(/ECONNREFUSED/);
  expect(await ask((await start(dataDir)).url, 'select answer from kept')).toBe(7);
});

test('a pid file left by a crash, whose number another process has by now, stops no start', async () => {
  const dataDir = await newFolder();
  await (await start(dataDir)).stop();
  await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), [process.pid, join(dataDir, 'postgres'), 1, 5, '', '127.0.0.1', '', 'ready'].join('\n'));
  expect(await ask((await start(dataDir)).url, 'select 1 as answer')).toBe(1);
});

test('a data folder below one that only its owner may enter serves too', async () => {
  const folder = await newFolder();
  await chmod(folder, 0o700);
  await mkdir(join(folder, 'project'));
  const server = await start(join(folder, 'project', '.afterglow'));
  const cluster = String(await ask(server.url, `select current_setting('data_directory') as answer`));
  if (!cluster.startsWith(folder)) folders.push(join(cluster, '..'));
  expect(await ask(server.url, 'select current_database() as answer')).toBe('afterglow');
});

test('the password is random and readable by its owner only', async () => {
  const dataDir = await newFolder();
  const { url } = await start(dataDir);
  const password = await readFile(join(dataDir, 'postgres.password'), 'utf8');
  expect(password.length).toBeGreaterThanOrEqual(24);
  await expect(ask(url.replace(password, 'guess'), 'select 1 as answer')).rejects.toThrow(/password authentication failed/);
});

test('three processes that migrate at once do it once', async () => {
  const { url } = await start(await newFolder());
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await migrate(url)).toEqual([]);
});
