import { compareWithLog, rebuild, Subscriptions, verifyLog } from '#event-store';
import { erasePatient } from '#patient';
import { inTransaction, Rejected } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { inlineProjections, laggingProjections } from '../worker/flow.js';
import type { Outcome } from './commands.js';

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

/** The log's hash chains, and every read model against what the log gives. */
export async function verifyEverything(afterglow: Afterglow, say: (text: string) => void): Promise<Outcome> {
  const log = await verifyLog(afterglow.db);
  say(log.broken === null ? `the log holds: ${log.events} events in ${log.streams} streams` : `the log is broken at ${log.broken.where}`);
  await catchUp(afterglow);
  const differences = [];
  for (const projection of projectionsOf(afterglow)) {
    const found = await compareWithLog({ db: afterglow.db, store: afterglow.store, projection });
    say(
      `${projection.name}: ${found.length === 0 ? 'as the log says' : found.map(({ table, missing, surplus }) => `${table} lacks ${missing}, has ${surplus} too many`).join('; ')}`,
    );
    differences.push(...found);
  }
  const parked = await afterglow.db.selectFrom('parked_event').select(['name', 'position', 'reason']).execute();
  const holds = log.broken === null && differences.length === 0;
  return { code: holds ? done : no, answer: { holds, log, differences, parked } };
}

/** Destroys a patient's key and every readable copy: in the log, in what came in and was not taken, in the read models. */
export async function erase(afterglow: Afterglow, patientId: string, reason: string): Promise<void> {
  await inTransaction(afterglow.db, async (trx) => {
    await erasePatient(trx, afterglow, { patientId, reason });
    await afterglow.intake.forget(trx, patientId);
  });
  await catchUp(afterglow);
}
