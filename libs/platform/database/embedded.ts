import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync, closeSync } from 'node:fs';
import { chown, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Rejected } from '../errors.js';
import { type Account, accountFor, binariesFor, clusterFolder } from './postgres-binaries.js';

/** A Postgres that lives in npm packages: nothing to install, real in every respect. */
export interface EmbeddedPostgres {
  /** Address of the database `afterglow`, as the owner. */
  readonly url: string;
  /** Ends the server within two seconds; one that another process started is left alone. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder of the cluster, its password and its log; made when absent. */
  readonly dataDir: string;
  /** Free by default. */
  readonly port?: number;
  /** Extra settings, `name=value`. Tests turn fsync off; nobody else may. */
  readonly settings?: readonly string[];
}

interface Place {
  readonly dataDir: string;
  readonly cluster: string;
  readonly account: Account;
  readonly password: string;
}

const serverSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=120',
  'shared_buffers=128MB',
  'wal_compression=on',
  'max_wal_size=2GB',
  'checkpoint_timeout=15min',
  'log_checkpoints=off',
  'timezone=UTC',
  'log_timezone=UTC',
  'jit=off',
] as const;

const [patienceMillis, stepMillis, politeStopMillis, attempts] = [20_000, 20, 1_500, 3];

/*
 * The server must outlive Ctrl-C, which goes to the whole process group, for we stop it last; and it must not outlive us,
 * however we end. So a shell of its own group starts it and waits for the end of a pipe that only we hold.
 */
const watchdog = 'exec 3<&0; "$@" </dev/null 3<&- & server=$!; (cat <&3 >/dev/null; kill -INT $server 2>/dev/null) & wait $server';

/**
 * Starts the cluster of `dataDir`, making it when it is new, or joins the server that already serves it.
 * @throws Rejected `data_dir` when the folder cannot be written, `postgres_failed` with the server's own words.
 */
export async function startEmbeddedPostgres({ dataDir, port = 0, settings = [] }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const place = await prepare(resolve(dataDir));
  const bin = await binariesFor(place.account);
  if (!existsSync(place.cluster)) await initialise(bin, place, settings);
  for (let attempt = 1; ; attempt += 1) {
    const joined = await runningPort(place);
    if (joined !== null) return { url: await ensureDatabase(place, joined), stop: async () => undefined };
    const wanted = port === 0 ? await freePort() : port;
    const server = launch(bin, place, wanted, settings);
    if (await isServing(server, place, wanted)) return { url: await ensureDatabase(place, wanted), stop: () => stopServer(server, place) };
    // Another process was faster with this cluster, or with this port; otherwise the server's own words say why.
    const complaint = await readFile(logOf(place), 'utf8').catch(() => '');
    if (attempt === attempts || !/already exists|could not bind|in use/.test(complaint)) {
      throw new Rejected('postgres_failed', `The embedded Postgres did not start.\n${complaint.trim().slice(-2_000)}`);
    }
  }
}

async function prepare(dataDir: string): Promise<Place> {
  try {
    await mkdir(dataDir, { recursive: true });
    const [cluster, password] = [await clusterFolder(dataDir), await passwordOf(dataDir)];
    return { dataDir, cluster, password, account: accountFor(cluster) };
  } catch (error) {
    if (error instanceof Rejected) throw error;
    throw new Rejected('data_dir', `The folder ${dataDir} cannot be written: ${(error as Error).message}`);
  }
}

const mark = () => randomBytes(4).toString('hex');

/** Made once; of two processes that start together the first one's stands. */
async function passwordOf(dataDir: string): Promise<string> {
  const [file, draft] = [join(dataDir, 'postgres.password'), join(dataDir, `postgres.password.${mark()}`)];
  if (!existsSync(file)) {
    await writeFile(draft, randomBytes(18).toString('base64url'), { mode: 0o600 });
    await link(draft, file).catch(() => undefined);
    await rm(draft, { force: true });
  }
  return (await readFile(file, 'utf8')).trim();
}

/** A cluster appears whole or not at all: it is made beside its place and then moved there. */
async function initialise(bin: string, { cluster, password, account }: Place, settings: readonly string[]): Promise<void> {
  const draft = `${cluster}.${mark()}`;
  const passwordFile = `${draft}.password`;
  const options = [
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    `--pwfile=${passwordFile}`,
    ...(settings.includes('fsync=off') ? ['--no-sync'] : []),
  ];
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined) {
      for (const path of [draft, passwordFile]) await chown(path, account.uid, account.gid);
    }
    await run(join(bin, 'initdb'), [`--pgdata=${draft}`, ...options], account);
    await rename(draft, cluster).catch((error: unknown) => {
      if (!existsSync(cluster)) throw error;
    });
  } finally {
    for (const path of [draft, passwordFile]) await rm(path, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], account: Account): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { ...account, env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', failed);
    child.once('close', (code) =>
      code === 0 ? done() : failed(new Rejected('postgres_failed', `${basename(command)} ended with ${code}: ${complaint.trim()}`)),
    );
  });
}

const logOf = ({ dataDir }: Place) => join(dataDir, 'postgres.log');

function launch(bin: string, place: Place, port: number, settings: readonly string[]): ChildProcess {
  const flags = [...serverSettings, ...settings].flatMap((setting) => ['-c', setting]);
  const command = [join(bin, 'postgres'), '-D', place.cluster, '-p', String(port), ...flags];
  const [shell, ...args] = process.platform === 'win32' ? command : ['/bin/sh', '-c', watchdog, 'postgres', ...command];
  const log = openSync(logOf(place), 'w', 0o600);
  const server = spawn(shell as string, args, { ...place.account, detached: true, env: { ...process.env, LC_ALL: 'C' }, stdio: ['pipe', log, log] });
  closeSync(log);
  // A process that forgets to stop its server may still end, and its server ends with it.
  server.unref();
  if (server.stdin !== null && 'unref' in server.stdin && typeof server.stdin.unref === 'function') server.stdin.unref();
  server.once('exit', () => server.stdin?.destroy());
  return server;
}

const hasEnded = (server: ChildProcess) => server.exitCode !== null || server.signalCode !== null;

async function isServing(server: ChildProcess, place: Place, port: number): Promise<boolean> {
  let failed = false;
  server.once('error', () => (failed = true));
  for (let waited = 0; waited < patienceMillis && !failed && !hasEnded(server); waited += stepMillis) {
    const { port: served, isReady } = await pidFile(place.cluster);
    if (isReady && served === port) return true;
    await pause(stepMillis);
  }
  await stopServer(server, place);
  return false;
}

async function pidFile(cluster: string): Promise<{ pid: number; port: number; isReady: boolean }> {
  const lines = await readFile(join(cluster, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  );
  return { pid: Number(lines[0] ?? 0), port: Number(lines[3] ?? 0), isReady: lines[7]?.trim() === 'ready' };
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The port of a server that already serves this cluster; null when there is none. A pid file whose number another process has by now is removed. */
async function runningPort(place: Place): Promise<number | null> {
  for (let waited = 0; waited < patienceMillis; waited += 5 * stepMillis) {
    const { pid, port, isReady } = await pidFile(place.cluster);
    if (!isAlive(pid)) return null;
    if (isReady && (await serves(place, port))) return port;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
    if (command !== null && !command.includes(place.cluster)) {
      await rm(join(place.cluster, 'postmaster.pid'), { force: true });
      return null;
    }
    await pause(5 * stepMillis);
  }
  throw new Rejected('postgres_failed', `A Postgres holds ${place.cluster} and does not answer.`);
}

const urlAt = ({ password }: Place, port: number, database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;

async function ask<T extends pg.QueryResultRow>(url: string, statement: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  return client
    .query<T>(statement)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

async function serves(place: Place, port: number): Promise<boolean> {
  const rows = await ask<{ folder: string }>(urlAt(place, port, 'postgres'), `select current_setting('data_directory') as folder`).catch(() => []);
  return rows[0]?.folder === place.cluster;
}

async function ensureDatabase(place: Place, port: number): Promise<string> {
  const admin = urlAt(place, port, 'postgres');
  const found = await ask(admin, `select from pg_database where datname = 'afterglow'`);
  // Two processes may meet here; the second finds the database made.
  if (found.length === 0) {
    await ask(admin, 'create database afterglow').catch((error: unknown) => {
      if (!(error instanceof pg.DatabaseError) || !['42P04', '23505'].includes(error.code ?? '')) throw error;
    });
  }
  return urlAt(place, port, 'afterglow');
}

async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? found(address.port) : failed(new Error('no free port'))));
    });
  });
}

/** Closing the pipe asks for a fast shutdown; a server that is slow about it is ended at once and recovers from its log at the next start. */
async function stopServer(server: ChildProcess, { cluster }: Place): Promise<void> {
  if (hasEnded(server)) return;
  const { pid } = await pidFile(cluster);
  await new Promise<void>((done) => {
    const impatient = setTimeout(() => (isAlive(pid) ? process.kill(pid, 'SIGQUIT') : server.kill('SIGKILL')), politeStopMillis);
    server.once('exit', () => (clearTimeout(impatient), done()));
    server.ref();
    if (process.platform === 'win32') server.kill();
    else server.stdin?.end();
  });
}
