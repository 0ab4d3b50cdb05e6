import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot, Rejected } from '#platform';
import { onStop, startOrExplain } from '../../libs/platform/process.js';
import { type Demo, startDemo } from './demo-services.js';
import { playStory } from './story.js';

const help = `npm run demo -- [options]

  --exit          plays the story, checks the invariants against what reached the outside, and ends
  --no-seed       an empty clinic: resources and protocols, no patients
  --port N        where it serves (3000)
  --start INSTANT where the simulated clock stands
  --clinic FILE   another clinic, in the form of libs/clinic/data/sample-clinic.json
  --data DIR      keeps the data there; a fresh temporary folder unless given`;

interface Options {
  readonly exit: boolean;
  readonly seed: boolean;
  readonly port: number;
  readonly start: Date | null;
  readonly clinic: unknown;
  readonly dataDir: string;
  readonly temporary: boolean;
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Rejected('wrong_port', `--port: ${text} is not a port (1 to 65535).`);
  return port;
}

function startOf(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const start = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(start.getTime())) throw new Rejected('wrong_start', `--start: ${text} is not an instant (RFC 3339).`);
  return start;
}

async function clinicOf(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Rejected('no_clinic_file', `--clinic: ${file} cannot be read.`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Rejected('no_clinic_file', `--clinic: ${file} is not JSON: ${(error as Error).message}`);
  }
}

async function options(): Promise<Options> {
  const { values } = parseArgs({
    options: {
      exit: { type: 'boolean', default: false },
      'no-seed': { type: 'boolean', default: false },
      port: { type: 'string' },
      start: { type: 'string' },
      clinic: { type: 'string' },
      data: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    process.exit(0);
  }
  return {
    exit: values.exit,
    seed: !values['no-seed'],
    port: portOf(values.port),
    start: startOf(values.start),
    clinic: await clinicOf(values.clinic ?? join(projectRoot, 'libs/clinic/data/sample-clinic.json')),
    dataDir: values.data ?? (await mkdtemp(join(tmpdir(), 'afterglow-demo-'))),
    temporary: values.data === undefined,
  };
}

async function forget({ temporary, dataDir }: Options): Promise<void> {
  if (temporary) await rm(dataDir, { recursive: true, force: true });
}

async function end(demo: Demo, chosen: Options): Promise<void> {
  await demo.stop();
  await forget(chosen);
}

await startOrExplain(async () => {
  const chosen = await options().catch((error: unknown) => {
    throw error instanceof Rejected ? error : new Rejected('wrong_option', `${(error as Error).message}\n\n${help}`);
  });
  const goesOn = existsSync(join(chosen.dataDir, 'clock'));
  if (goesOn && chosen.exit) throw new Rejected('story_told', `--exit: the story begins in an empty folder; ${chosen.dataDir} holds a clinic already.`);
  const starting = startDemo(chosen);
  onStop(async () => end(await starting, chosen));
  const demo = await starting.catch(async (error: unknown) => {
    await forget(chosen);
    throw error;
  });
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  print(`ready ${demo.address}`);
  if (!chosen.exit) print(demo.welcome);
  // What the outside got is not kept, so a story cannot be gone on with: the clinic serves as it stood.
  if (!chosen.seed || goesOn) return;
  const violations = await playStory(demo, print);
  if (!chosen.exit) return;
  await end(demo, chosen);
  process.exit(violations === 0 ? 0 : 1);
});
