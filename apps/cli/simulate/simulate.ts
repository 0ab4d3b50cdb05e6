import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { openLog } from '../../../libs/platform/logging.js';
import { freePort } from '../../../libs/platform/ports.js';
import type { Outside } from '../clinic-client.js';
import { startDemo } from '../demo-services.js';
import { gatherEvidence } from '../evidence.js';
import { type Check, judge } from '../invariants/index.js';
import { Chance } from './chance.js';
import { ClinicLife, type Happening, type Story } from './life.js';

/** What a story came to. */
export interface Outcome {
  readonly checks: readonly Check[];
  readonly happenings: readonly Happening[];
  /** The same for the same story: who got what, when. */
  readonly fingerprint: string;
  readonly counts: { readonly patients: number; readonly sessions: number; readonly texts: number; readonly emails: number; readonly replies: number };
}

/** What a story is told on: the clinic's settings, and a Postgres unless it brings one along. */
export interface Stage {
  readonly clinic: unknown;
  readonly databaseUrl?: string;
  readonly progress?: (day: number) => void;
}

/** A year's story begins on this day and sees both changes of the clocks; short ones begin anywhere in the year before. */
const firstStart = new Date('2026-11-23T14:00:00Z');
const [dayMillis, wholeYear] = [86_400_000, 300];

/** The story of a seed. */
export function storyOf(seed: number, days: number, patients: number, faults: boolean): Story {
  const offset = days >= wholeYear ? 0 : new Chance(String(seed)).whole('starts', 0, wholeYear);
  return {
    seed,
    days,
    faults,
    start: new Date(firstStart.getTime() + offset * dayMillis),
    patients: Array.from({ length: patients }, (_, index) => index + 1),
    without: new Set(),
  };
}

/** Lives through a story, on a clinic of its own, and judges it. */
export async function simulate(story: Story, { clinic, databaseUrl, progress }: Stage): Promise<Outcome> {
  const dataDir = await mkdtemp(join(tmpdir(), 'afterglow-simulation-'));
  const logLines: string[] = [];
  const sink = new Writable({ write: (line: Buffer, _encoding, done) => (logLines.push(line.toString()), done()) });
  try {
    const demo = await startDemo({
      port: await freePort(),
      start: story.start,
      clinic,
      dataDir,
      repeatable: { seed: story.seed, log: openLog('info', sink) },
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
    try {
      const life = new ClinicLife(demo, story, logLines);
      const told = await life.live(progress);
      const world = await gatherEvidence(life.client, demo, told);
      const outside = world.outside.filter(({ automatic }) => automatic !== true);
      const texts = outside.filter(({ channel }) => channel === 'sms').length;
      return {
        checks: judge(world),
        happenings: life.happenings,
        fingerprint: fingerprintOf(world.outside),
        counts: { patients: story.patients.length, sessions: world.sessions.length, texts, emails: outside.length - texts, replies: world.heard.length },
      };
    } finally {
      await demo.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Ids and links differ from run to run; who got which words when does not. */
function fingerprintOf(outside: readonly Outside[]): string {
  const lines = outside.map(({ channel, to, subject, body, acceptedAt }) =>
    JSON.stringify([acceptedAt, channel, to, subject ?? '', body.replaceAll(/https?:\/\/\S+/g, '')]),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 16);
}
