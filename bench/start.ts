import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#platform';
import { freePort } from '../libs/platform/ports.js';

export interface StartFigures {
  readonly readySeconds: number;
  readonly residentMegabytes: number;
}

/** Starts the demo with an empty clinic as a user would: seconds until it says ready, and what the whole process holds when idle. */
export async function benchStart(): Promise<StartFigures> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(projectRoot, 'scripts/demo.mjs'), '--no-seed', '--port', String(await freePort())], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => (chunk.toString().includes('ready ') ? resolve() : undefined));
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}`)));
  });
  const readySeconds = (performance.now() - started) / 1_000;
  const residentKilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? '0';
  child.removeAllListeners('exit');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  return { readySeconds, residentMegabytes: Number(residentKilobytes) / 1_024 };
}
