import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ParseArgsConfig } from 'node:util';
import { SingleBar } from 'cli-progress';
import { z } from 'zod';
import { activateNext } from '#clinic';
import { triage } from '#conversation';
import { loadPatient, patientTimeline } from '#patient';
import { inTransaction, projectRoot, Rejected, systemClock } from '#platform';
import { isProtocol } from '#protocols';
import { parsePlanRequest, planCourse } from '#scheduling';
import type { Config } from '../../libs/platform/config.js';
import { openLog } from '../../libs/platform/logging.js';
import { readLines } from '../api/intake/lines.js';
import { type Afterglow, openAfterglow } from '../worker/afterglow.js';
import { ensureClinic, setUpClinic } from '../worker/set-up.js';
import { seedClinic } from './seed/seed.js';
import { simulateAndReport } from './simulate/report.js';
import { storyOf } from './simulate/simulate.js';
import { erase, rebuildReadModels, verifyEverything } from './upkeep.js';

export interface Outcome {
  readonly code: number;
  readonly answer?: unknown;
}

interface Call {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
  readInput(file: string | undefined): Promise<string>;
  openInput(file: string | undefined): AsyncIterable<Buffer>;
  say(text: string): void;
  config(): Config;
}

export interface Command {
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  run(call: Call): Promise<Outcome>;
}

export const usage = `afterglow <command>

  migrate                          the schema up to date
  clinic FILE                      the clinic's settings: places, people, rooms, devices, hours
  activate PROTOCOL_ID --by STAFF_ID [--figures FILE]
                                   puts a protocol in force, signed by the medical director
  import FILE                      consultation events in (NDJSON), with a progress bar
  plan REQUEST.json                plans one course, no database needed
  triage --protocol ID --day N TEXT
  rebuild [PROJECTION]             read models again from the log, beside the live ones
  verify                           the log's hash chain, the read models against the log
  erase PATIENT_ID --reason TEXT   destroys the patient's key and the copies in read models
  export PATIENT_ID                everything known of a patient
  simulate --days N --patients N --seed N [--faults] [--clinic FILE]
                                   a whole clinic on the simulated clock, judged by every invariant
  seed --patients N --sessions N --seed N [--at INSTANT]
                                   fills an empty database with a large clinic, to see how the console bears it

FILE may be - for standard input. JSON on standard output, messages on standard error.
Exit codes: 0 done, 1 the answer is no, 2 bad input, 3 a fault.`;

const [done, no] = [0, 1];

function needed(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Rejected('missing', `${what} is missing.\n\n${usage}`);
}

/** Opens the product on the environment's database for one command. */
async function withAfterglow(call: Call, work: (afterglow: Afterglow) => Promise<Outcome>): Promise<Outcome> {
  const config = call.config();
  const afterglow = await openAfterglow({ config, clock: systemClock, log: openLog('error') });
  try {
    return await work(afterglow);
  } finally {
    await afterglow.close();
  }
}

async function plan({ positionals: [file], readInput }: Call): Promise<Outcome> {
  const text = await readInput(file);
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw new Rejected('invalid_json', `The request is not JSON: ${(error as Error).message}`);
  }
  const answer = planCourse(parsePlanRequest(input));
  // The public contract knows no third answer: what could not be decided is a fault, never a false "infeasible".
  if (answer.status === 'undecided') throw new Error(answer.detail);
  return { code: answer.status === 'scheduled' ? done : no, answer };
}

async function triageText({ values, positionals }: Call): Promise<Outcome> {
  const list = (value: unknown) => (Array.isArray(value) ? (value as string[]) : []);
  const [protocols, days] = [list(values['protocol']), list(values['day'])];
  if (protocols.length !== days.length) throw new Rejected('unpaired', 'Each --protocol needs a --day.');
  const contexts = protocols.map((protocolId, index) => {
    if (!isProtocol(protocolId)) throw new Rejected('unknown_protocol', `--protocol: there is no protocol ${protocolId}`);
    const day = Number(days[index]);
    if (!Number.isInteger(day) || day < 0) throw new Rejected('wrong_day', `--day: ${days[index]} is not a whole number of days`);
    return { protocolId, day };
  });
  const { urgency, codes, rules, reply, optOut, language } = triage(positionals.join(' '), contexts);
  return { code: done, answer: { urgency, codes, rules, reply, optOut, language: language ?? 'en' } };
}

async function importEvents(call: Call): Promise<Outcome> {
  const [file] = call.positionals;
  return withAfterglow(call, async (afterglow) => {
    // Beside embedded data a newcomer tries things out; in a database of a clinic's own nobody but its director puts protocols in force.
    if (afterglow.config.DATABASE_URL === undefined && (await ensureClinic(afterglow)))
      call.say('No clinic was set up: the sample clinic is in force (afterglow clinic FILE sets another).');
    const bar = new SingleBar({
      format: 'importing {bar} {percentage}% | {value} of {total} bytes | {events} events',
      stream: process.stderr,
      noTTYOutput: false,
    });
    let [bytes, events] = [0, 0];
    const source = call.openInput(file);
    const counted = async function* () {
      for await (const chunk of source) {
        bytes += chunk.length;
        yield chunk;
      }
    };
    if (file !== undefined && file !== '-' && process.stderr.isTTY) bar.start(statSync(file).size, 0, { events: 0 });
    const counts = await afterglow.intake.accept(readLines(counted()), (read) => {
      events += read;
      bar.update(bytes, { events });
    });
    bar.stop();
    return { code: done, answer: counts };
  });
}

async function readJson(call: Call, file: string): Promise<unknown> {
  const text = await call.readInput(file);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Rejected('invalid_json', `${file} is not JSON: ${(error as Error).message}`);
  }
}

const configure: Command['run'] = (call) =>
  withAfterglow(call, async (afterglow) => {
    await setUpClinic(afterglow, await readJson(call, needed(call.positionals[0], 'FILE')));
    return { code: done, answer: { clinic: (await afterglow.clinic()).name } };
  });

const range = z.object({ min: z.number(), max: z.number() });
const figures = z.record(z.string(), z.object({ value: z.union([z.number(), range]), grounds: z.string().min(1) }));

const activateOne: Command['run'] = (call) =>
  withAfterglow(call, async (afterglow) => {
    const protocolId = needed(call.positionals[0], 'PROTOCOL_ID');
    const by = needed(call.values['by'], '--by');
    const file = call.values['figures'];
    const given = typeof file === 'string' ? figures.parse(await readJson(call, file)) : {};
    const director = (await afterglow.clinic()).staff.find(({ id, roles }) => id === by && roles.includes('medical_director'));
    if (director === undefined) throw new Rejected('not_the_director', `--by: ${by} is not a medical director of this clinic.`);
    if (!isProtocol(protocolId)) throw new Rejected('unknown_protocol', `There is no protocol ${protocolId} in the catalogue.`);
    const version = await inTransaction(afterglow.db, (trx) => activateNext(trx, afterglow, { protocolId, figures: given, by }));
    return { code: done, answer: { protocolId, version, by } };
  });

const eraseOne: Command['run'] = (call) =>
  withAfterglow(call, async (afterglow) => {
    const patientId = needed(call.positionals[0], 'PATIENT_ID');
    await erase(afterglow, patientId, needed(call.values['reason'], '--reason'));
    return { code: done, answer: { erased: patientId } };
  });

const exportPatient: Command['run'] = (call) =>
  withAfterglow(call, async ({ db, store }) => {
    const patientId = needed(call.positionals[0], 'PATIENT_ID');
    const events = await patientTimeline(db, store, patientId, { limit: Number.MAX_SAFE_INTEGER, cursor: null });
    if (events.items.length === 0) return { code: no, answer: { patientId, events: [] } };
    return { code: done, answer: { patientId, patient: await loadPatient(db, store, patientId), events: events.items } };
  });

/** A whole number of at least one. */
function countOf(value: unknown, option: string): number {
  const count = Number(needed(value, option));
  if (!Number.isSafeInteger(count) || count < 1) throw new Rejected('wrong_number', `${option}: ${String(value)} is not a whole number from 1 on.`);
  return count;
}

const simulateClinic: Command['run'] = async (call) => {
  const { values, say } = call;
  const story = storyOf(
    countOf(values['seed'], '--seed'),
    countOf(values['days'], '--days'),
    countOf(values['patients'], '--patients'),
    values['faults'] === true,
  );
  const file = typeof values['clinic'] === 'string' ? values['clinic'] : join(projectRoot, 'libs/clinic/data/sample-clinic.json');
  const answer = await simulateAndReport(story, { clinic: await readJson(call, file) }, say);
  return { code: answer.violations === 0 ? done : no, answer };
};

const seedDatabase: Command['run'] = (call) =>
  withAfterglow(call, async (afterglow) => {
    const at = call.values['at'] === undefined ? afterglow.clock.now() : new Date(needed(call.values['at'], '--at'));
    if (Number.isNaN(at.getTime())) throw new Rejected('wrong_instant', '--at: not an instant, such as 2026-12-02T15:00:00Z.');
    const [patients, sessions] = [countOf(call.values['patients'], '--patients'), countOf(call.values['sessions'], '--sessions')];
    if (sessions < patients * 3) throw new Rejected('wrong_number', '--sessions: at least three for each patient, as a course has.');
    const answer = await seedClinic(afterglow, { patients, sessions, seed: countOf(call.values['seed'], '--seed'), now: at });
    return { code: done, answer };
  });

export const commands: Readonly<Record<string, Command>> = {
  migrate: { run: (call) => withAfterglow(call, async () => ({ code: done, answer: { migrated: true } })) },
  clinic: { run: configure },
  activate: { options: { by: { type: 'string' }, figures: { type: 'string' } }, run: activateOne },
  import: { run: importEvents },
  plan: { run: plan },
  triage: { options: { protocol: { type: 'string', multiple: true }, day: { type: 'string', multiple: true } }, run: triageText },
  rebuild: { run: (call) => withAfterglow(call, (afterglow) => rebuildReadModels(afterglow, call.positionals[0], call.say)) },
  verify: { run: (call) => withAfterglow(call, (afterglow) => verifyEverything(afterglow, call.say)) },
  erase: { options: { reason: { type: 'string' } }, run: eraseOne },
  export: { run: exportPatient },
  simulate: {
    options: { days: { type: 'string' }, patients: { type: 'string' }, seed: { type: 'string' }, faults: { type: 'boolean' }, clinic: { type: 'string' } },
    run: simulateClinic,
  },
  seed: { options: { patients: { type: 'string' }, sessions: { type: 'string' }, seed: { type: 'string' }, at: { type: 'string' } }, run: seedDatabase },
};
