// Ends the run's Postgres, whichever worker started it, and forgets its data.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export default async function teardown() {
  const folder = process.env.AFTERGLOW_TEST_DIR;
  const pidFile = join(folder, 'postgres', 'postmaster.pid');
  if (existsSync(pidFile)) {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
    for (let signal = 'SIGQUIT'; isSent(pid, signal); signal = 0) await pause(10);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function isSent(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
