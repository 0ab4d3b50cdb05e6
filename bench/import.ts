import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clinicProjection, configureClinic } from '#clinic';
import { consultationProjection } from '#consultation';
import { EventStore } from '#event-store';
import { type Database, inTransaction, projectRoot, systemClock } from '#platform';
import { Intake } from '../apps/api/intake/intake.js';
import { readLines } from '../apps/api/intake/lines.js';
import type { BenchRow } from './event-store.js';

const wanted = 10_000;

/** The sample stream again and again under other ids, until there are enough events. */
function manyLines(): string[] {
  const sample = readFileSync(join(projectRoot, 'test/fixtures/consultations.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type"') && !line.includes('-bad'));
  return Array.from({ length: Math.ceil(wanted / sample.length) }, (_, copy) =>
    sample.map((line) => line.replaceAll('c-7-', `c-${copy}-7-`).replaceAll('p-7-', `p-${copy}-7-`)),
  )
    .flat()
    .slice(0, wanted);
}

async function* chunks(lines: readonly string[]): AsyncGenerator<Buffer> {
  for (let from = 0; from < lines.length; from += 200) yield Buffer.from(`${lines.slice(from, from + 200).join('\n')}\n`);
}

/** Events per second from lines to committed, against parsing the same lines as JSON and inserting them raw in batches of 500. */
export async function benchImport(db: Database): Promise<BenchRow[]> {
  const clock = systemClock;
  const store = new EventStore({ masterKey: new Uint8Array(32).fill(5), clock, inline: [clinicProjection, consultationProjection] });
  const clinic: unknown = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8'));
  await inTransaction(db, (trx) => configureClinic(trx, { store, clock }, clinic, 'bench'));
  const intake = new Intake({ db, store, clock, masterKey: new Uint8Array(32).fill(5) });
  const lines = manyLines();
  const started = performance.now();
  await intake.accept(readLines(chunks(lines)));
  const ours = lines.length / ((performance.now() - started) / 1_000);
  const again = performance.now();
  for (let from = 0; from < lines.length; from += 500) {
    const rows = lines
      .slice(from, from + 500)
      .map((line, index) => ({ name: (JSON.parse(line) as { type: string }).type, position: from + index, reason: line, parked_at: clock.now() }));
    await db.insertInto('parked_event').values(rows).execute();
  }
  const reference = lines.length / ((performance.now() - again) / 1_000);
  return [
    {
      name: `import of ${lines.length} consultation events, end to end (events/s), against the same lines inserted raw`,
      ours,
      reference,
      ratio: ours / reference,
    },
  ];
}
