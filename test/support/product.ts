import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '#platform';

export interface RunOptions {
  /** Added to a bare environment: nothing of the tests' own leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  /** The project's folder; this one unless given. */
  readonly root?: string;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const bareEnvironment = Object.fromEntries(
  ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
);
const running = new Set<Product>();

/** A process of the product, run the way its users run it and watched from outside. */
export class Product {
  #out = '';
  #err = '';
  readonly #child: ChildProcess;
  readonly ended: Promise<Ending>;

  /** `script` is a path below the project's folder. */
  constructor(script: string, args: readonly string[] = [], { env = {}, root = projectRoot }: RunOptions = {}) {
    this.#child = spawn(process.execPath, [join(root, script), ...args], { cwd: root, env: { ...bareEnvironment, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdin?.end();
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#out += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#err += chunk.toString()));
    this.ended = new Promise((resolve) => this.#child.once('close', (code, signal) => (running.delete(this), resolve({ code, signal }))));
    running.add(this);
  }

  get out(): string {
    return this.#out;
  }

  get err(): string {
    return this.#err;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves once standard output, or else standard error, matches. @throws when the process ends before that. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    let ending: Ending | null = null;
    void this.ended.then((how) => (ending = how));
    for (;;) {
      const found = pattern.exec(this.#out) ?? pattern.exec(this.#err);
      if (found !== null) return found;
      if (ending !== null) throw new Error(`ended with ${JSON.stringify(ending)} and never said ${pattern}:\n${this.#out}\n${this.#err}`);
      await pause(20);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Asks it to end, as a terminal or a service manager does. Answers how it ended and after how many milliseconds. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending & { readonly millis: number }> {
    const from = performance.now();
    this.signal(signal);
    const ending = await this.ended;
    return { ...ending, millis: performance.now() - from };
  }
}

/** Runs a command of the product to its end. */
export async function runToEnd(
  script: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ending & { readonly out: string; readonly err: string }> {
  const product = new Product(script, args, options);
  const ending = await product.ended;
  return { ...ending, out: product.out, err: product.err };
}

/** Ends what a test left running, also after it failed. */
export async function endProducts(): Promise<void> {
  for (const product of running) product.signal('SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
}

const folders: string[] = [];

/** A folder of the test's own; removed with the others by `removeFolders`. */
export function newFolder(prefix = 'afterglow-spec-'): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  // As root, Postgres runs as another account, which must be able to pass.
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Command lines of running processes that name `text`, this one left out. */
export function processesNaming(text: string): string[] {
  const ids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid) : [];
  return ids.map((id) => commandLine(id)).filter((line) => line.includes(text));
}

function commandLine(id: string): string {
  try {
    return readFileSync(join('/proc', id, 'cmdline'), 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Resolves with what is left of them, once nothing is or after `millis`: a server that was told to end needs a moment. */
export async function leftRunning(text: string, millis = 3_000): Promise<string[]> {
  for (let waited = 0; waited < millis && processesNaming(text).length > 0; waited += 50) await pause(50);
  return processesNaming(text);
}
