import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#platform';
import { startEmbeddedPostgres } from '../libs/platform/database/embedded.js';
import { migrate } from '../libs/platform/database/migrate.js';
import { type BenchRow, benchEventStore } from './event-store.js';
import { benchFollowUp } from './follow-up.js';
import { benchImport } from './import.js';
import { benchPlanner } from './planner.js';
import { benchScheduling } from './scheduling.js';
import { benchStart } from './start.js';

const print = (line: string) => void process.stdout.write(`${line}\n`);
const rounded = (value: number) => (value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2));

function table(rows: readonly BenchRow[]): void {
  print('\n| what | ours | reference | ratio |\n|---|---:|---:|---:|');
  for (const { name, ours, reference, ratio } of rows) print(`| ${name} | ${rounded(ours)} | ${rounded(reference)} | ${ratio.toFixed(2)} |`);
}

const dataDir = await mkdtemp(join(tmpdir(), 'afterglow-bench-'));
const server = await startEmbeddedPostgres({ dataDir });
try {
  await migrate(server.url);
  const rows = await benchEventStore();
  const db = openDatabase(server.url, { clinicId: 'bench', max: 8 });
  rows.push(...(await benchImport(db)));
  await db.destroy();
  rows.push(...benchPlanner(), ...(await benchScheduling(server.url)));
  rows.push(...(await benchFollowUp(server.url, print)));
  table(rows);
  const { readySeconds, residentMegabytes } = await benchStart();
  print(`\ndemo: ready in ${readySeconds.toFixed(1)} s; api, worker and sandbox together hold ${residentMegabytes.toFixed(0)} MB when idle`);
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
