import { clinicDocument } from '#clinic';
import { compareWithLog, type LogReport, rebuild, Subscriptions, verifyLog } from '#event-store';
import { erasePatient } from '#patient';
import { inTransaction, Rejected } from '#platform';
import { forgetAnswersAbout } from '../api/idempotency.js';
import type { Afterglow } from '../worker/afterglow.js';
import { inlineProjections, laggingProjections } from '../worker/flow.js';
import type { Outcome } from './commands.js';
import { report } from './invariants/index.js';
import { standingInvariants } from './invariants/standing.js';

const [done, no] = [0, 1];

const projectionsOf = (afterglow: Afterglow) => [...inlineProjections, ...laggingProjections(afterglow)];

/** Brings the read models behind a checkpoint up to the log, as a worker would. */
export async function catchUp(afterglow: Afterglow): Promise<void> {
  const { db, store, clock } = afterglow;
  const subscriptions = laggingProjections(afterglow).map(({ name, types, apply }) => ({ name, types, handle: apply }));
  await new Subscriptions({ db, store, clock, subscriptions }).drain();
}

/** Builds one read model, or all, again from the log. @throws Rejected `no_projection` naming those that there are. */
export async function rebuildReadModels(afterglow: Afterglow, name: string | undefined, say: (text: string) => void): Promise<Outcome> {
  const all = projectionsOf(afterglow);
  const chosen = name === undefined ? all : all.filter((projection) => projection.name === name);
  if (chosen.length === 0)
    throw new Rejected('no_projection', `There is no read model ${name}; there are ${all.map((projection) => projection.name).join(', ')}.`);
  await catchUp(afterglow);
  const reports = [];
  for (const projection of chosen) {
    reports.push(
      await rebuild({ db: afterglow.db, store: afterglow.store, projection, progress: (reached, upTo) => say(`${projection.name}: ${reached} of ${upTo}`) }),
    );
  }
  return { code: done, answer: { rebuilt: reports } };
}

interface RecordsReport {
  readonly log: LogReport;
  readonly differences: Awaited<ReturnType<typeof compareWithLog>>;
  readonly parked: readonly { readonly name: string; readonly position: number; readonly reason: string }[];
}

/** The log's hash chains, and every read model against what the log gives (invariant 12). */
export async function checkRecords(afterglow: Afterglow, say: (text: string) => void): Promise<RecordsReport> {
  const log = await verifyLog(afterglow.db);
  say(log.broken === null ? `the log holds: ${log.events} events in ${log.streams} streams` : `the log is broken at ${log.broken.where}`);
  await catchUp(afterglow);
  const differences: RecordsReport['differences'][number][] = [];
  for (const projection of projectionsOf(afterglow)) {
    const found = await compareWithLog({ db: afterglow.db, store: afterglow.store, projection });
    say(
      `${projection.name}: ${found.length === 0 ? 'as the log says' : found.map(({ table, missing, surplus }) => `${table} lacks ${missing}, has ${surplus} too many`).join('; ')}`,
    );
    differences.push(...found);
  }
  const parked = await afterglow.db.selectFrom('parked_event').select(['name', 'position', 'reason']).execute();
  return { log, differences, parked };
}

/** The records, and the invariants as far as they alone can tell. A clinic that was not set up yet has nothing to judge. */
export async function verifyEverything(afterglow: Afterglow, say: (text: string) => void): Promise<Outcome> {
  const records = await checkRecords(afterglow, say);
  const checks = (await clinicDocument(afterglow.db)) === null ? [] : await standingInvariants(afterglow);
  for (const line of report(checks)) say(line);
  const holds = records.log.broken === null && records.differences.length === 0 && checks.every(({ violations }) => violations.length === 0);
  const invariants = checks.map(({ violations, ...check }) => ({ ...check, violations: violations.map(({ says }) => says) }));
  return { code: holds ? done : no, answer: { holds, ...records, invariants } };
}

/** Destroys a patient's key and every readable copy: in the log, in what came in and was not taken, in answers kept for a repeated command, in the read models. */
export async function erase(afterglow: Afterglow, patientId: string, reason: string): Promise<void> {
  await inTransaction(afterglow.db, async (trx) => {
    await erasePatient(trx, afterglow, { patientId, reason });
    await afterglow.intake.forget(trx, patientId);
    await forgetAnswersAbout(trx, patientId);
  });
  await catchUp(afterglow);
}
