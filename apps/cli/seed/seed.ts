import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { activeProtocols } from '#clinic';
import { Subscriptions } from '#event-store';
import { replanPatients } from '#follow-up';
import { inTransaction, projectRoot, Rejected } from '#platform';
import { addDays } from '#protocols';
import { patientsToCome } from '#treatment';
import type { Afterglow } from '../../worker/afterglow.js';
import { subscriptions } from '../../worker/flow.js';
import { activateSampleProtocols, setUpClinic } from '../../worker/set-up.js';
import { Chance } from '../simulate/chance.js';
import { catchUp } from '../upkeep.js';
import { clinicWith, postsOf } from './clinic.js';
import { Diary } from './diary.js';
import { historyOf, spacingOf, type Telling } from './history.js';
import { type Books, type Life, lifeOf, sessionsEach } from './lives.js';

export interface SeedAsk {
  readonly patients: number;
  readonly sessions: number;
  readonly seed: number;
  /** The present moment of the story. */
  readonly now: Date;
}

export interface Seeded {
  readonly patients: number;
  readonly sessions: number;
  readonly events: number;
  readonly providers: number;
  readonly seconds: number;
}

const [daysBack, daysAhead] = [730, 150];
/** Of seven days five are worked, and seven tenths of their places are given away. */
const [worked, filled] = [5 / 7, 0.7];
/** Sessions a provider can give on an average day, over all kinds of work. */
const sessionsADay = 8.6;
const fewestProviders = 6;
const [patientsABatch, batchesAtOnce, replannedABatch] = [20, 3, 50];

async function requireEmpty({ db }: Afterglow): Promise<void> {
  const known = await db.selectFrom('event').select('position').limit(1).executeTakeFirst();
  if (known !== undefined)
    throw new Rejected('not_empty', 'This database holds a clinic already. Seeding fills an empty one, and never adds to what is there.');
}

/** Puts the clinic in force that can give so many sessions; answers its diary, still empty. */
async function openBooks(afterglow: Afterglow, { sessions, now }: SeedAsk, chance: Chance): Promise<{ books: Books; telling: Omit<Telling, 'seed'> }> {
  const needed = sessions / ((daysBack + daysAhead) * worked * filled * sessionsADay);
  const posts = postsOf(Math.max(fewestProviders, Math.ceil(needed)));
  const sample: unknown = JSON.parse(await readFile(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8'));
  await setUpClinic(afterglow, clinicWith(sample, posts, chance.of('clinic')));
  await activateSampleProtocols(afterglow);
  const [clinic, protocols] = [await afterglow.clinic(), await activeProtocols(afterglow.db)];
  const durations = new Map([...protocols.values()].map(({ id, durationMinutes }) => [id, durationMinutes]));
  const intervals = new Map([...protocols.values()].map(({ id, intervalDays }) => [id, intervalDays]));
  const spacings = new Map([...protocols.values()].map((protocol) => [protocol.id, spacingOf(protocol, protocols)]));
  const closed = new Set(clinic.locations.flatMap((location) => location.closed));
  const today = now.toISOString().slice(0, 10);
  return {
    books: {
      diary: new Diary(posts, durations, clinic.turnoverMinutes, closed),
      posts,
      intervals,
      today,
      span: { from: addDays(today, -daysBack), to: addDays(today, daysAhead) },
    },
    telling: { now: now.toISOString(), turnoverMinutes: clinic.turnoverMinutes, spacings },
  };
}

/** Does `work` on every piece, several at once; after a failure no more are begun. */
async function inLanes<T>(pieces: readonly T[], lanes: number, work: (piece: T) => Promise<void>): Promise<void> {
  const waiting = [...pieces];
  const lane = async () => {
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) await work(piece);
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, () => lane().catch((error: unknown) => (waiting.splice(0), Promise.reject(error)))));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

const inBatches = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_batch, index) => all.slice(index * size, (index + 1) * size));

const barOf = (what: string) =>
  new SingleBar({ format: `${what} {bar} {percentage}% | {value} of {total} patients | {eta_formatted} left`, stream: process.stderr, hideCursor: null });

async function writeHistories(afterglow: Afterglow, lives: readonly Life[], telling: Telling, chance: Chance): Promise<number> {
  const { db, store } = afterglow;
  const bar = barOf('writing');
  let events = 0;
  bar.start(lives.length, 0);
  await inLanes(inBatches(lives, patientsABatch), batchesAtOnce, async (batch) => {
    const histories = batch.map((life) => historyOf(life, telling, chance.of('history', life.number)));
    await inTransaction(db, (trx) =>
      store.append(
        trx,
        histories.flatMap((history) => history.appends()),
      ),
    );
    events += histories.reduce((sum, { count }) => sum + count, 0);
    bar.increment(batch.length);
  });
  bar.stop();
  return events;
}

/** The messages that are still to be sent, as the product plans them. */
async function planMessages(afterglow: Afterglow, now: Date): Promise<void> {
  const patients = await patientsToCome(afterglow.db, now);
  const clinic = await afterglow.clinic();
  const bar = barOf('planning');
  bar.start(patients.length, 0);
  await inLanes(inBatches(patients, replannedABatch), batchesAtOnce, async (batch) => {
    await inTransaction(afterglow.db, (trx) => replanPatients(trx, { ...afterglow, clock: { now: () => now }, clinic }, batch));
    bar.increment(batch.length);
  });
  bar.stop();
}

/**
 * Fills an empty database with a large clinic: past and coming sessions, replies, tasks and what was sent, told from a seed.
 * Nothing of it is sent: what followed from the history is told with it, and only what is due later is planned.
 * @throws Rejected `not_empty`.
 */
export async function seedClinic(afterglow: Afterglow, ask: SeedAsk): Promise<Seeded> {
  await requireEmpty(afterglow);
  const began = performance.now();
  const chance = new Chance(`seed ${ask.seed}`);
  const { books, telling } = await openBooks(afterglow, ask, chance);
  const counts = sessionsEach(ask.patients, ask.sessions, chance.of('counts'));
  const lives = counts.map((sessions, index) => lifeOf(books, index + 1, sessions, chance.of('life', index + 1)));
  const events = await writeHistories(afterglow, lives, { ...telling, seed: ask.seed }, chance);
  await catchUp(afterglow);
  const { db, store, clock } = afterglow;
  await planMessages(afterglow, ask.now);
  await new Subscriptions({ db, store, clock, subscriptions: subscriptions(afterglow) }).passOver();
  return { patients: ask.patients, sessions: ask.sessions, events, providers: books.posts.length, seconds: Math.round((performance.now() - began) / 1_000) };
}
