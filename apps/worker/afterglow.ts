import { join } from 'node:path';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { activeProtocols, type ClinicDocument, clinicDocument } from '#clinic';
import { EventStore } from '#event-store';
import type { Channel } from '#messaging';
import { type Clock, type Database, openDatabase, type Reader, Rejected } from '#platform';
import type { TreatmentContext } from '#treatment';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../libs/platform/database/embedded.js';
import { migrate } from '../../libs/platform/database/migrate.js';
import { JobQueue } from '../../libs/platform/queue.js';
import type { Logger } from '../../libs/platform/logging.js';
import type { Config } from '../../libs/platform/config.js';
import { Intake } from '../api/intake/intake.js';
import { openChannels } from './effects.js';
import { inlineProjections } from './flow.js';
import { pictureOf } from './patient-picture.js';

/** The one clinic of this installation, as the rows name it. */
export const installationClinic = 'clinic';

/** What every process of the product is made of. */
export interface Afterglow {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** As the owner: migrations, rebuilds. */
  readonly databaseUrl: string;
  readonly masterKey: Buffer;
  readonly db: Database;
  readonly store: EventStore;
  readonly intake: Intake;
  readonly channels: { readonly sms: Channel; readonly email: Channel };
  /** Wakes outreach rows and rungs of escalation. */
  readonly outreachQueue: JobQueue;
  /** Events that machines put into the queue instead of sending them over HTTP. */
  readonly eventQueue: JobQueue;
  /** Settings in force. @throws Rejected `no_clinic` before the clinic was set up. */
  clinic(db?: Reader): Promise<ClinicDocument>;
  /** What commands on courses need, as of now. */
  treatment(db?: Reader): Promise<TreatmentContext>;
  /** Called after something was committed that subscriptions should see soon. */
  wake(): void;
  onWake(listener: () => void): void;
  close(): Promise<void>;
}

/** The master key: from the environment; beside embedded data it is made at the first start. */
async function masterKeyOf(config: Config): Promise<Buffer> {
  if (config.MASTER_KEY !== undefined) return config.MASTER_KEY;
  const file = join(config.DATA_DIR, 'master.key');
  await mkdir(config.DATA_DIR, { recursive: true });
  const made = await writeFile(file, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 }).then(
    () => true,
    () => false,
  );
  if (made) await chmod(file, 0o600);
  return Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
}

interface OpenDatabase {
  readonly url: string;
  readonly server: EmbeddedPostgres | null;
}

async function openServer(config: Config): Promise<OpenDatabase> {
  if (config.DATABASE_URL !== undefined) return { url: config.DATABASE_URL, server: null };
  const server = await startEmbeddedPostgres({ dataDir: config.DATA_DIR });
  return { url: server.url, server };
}

/** The product starts without its queue: the ledgers are served by their sweeper until it comes. */
async function openQueues(queues: readonly JobQueue[], log: Logger): Promise<void> {
  const ready = await Promise.all(queues.map((queue) => queue.ready()));
  if (ready.includes(false)) log.warn('the queue does not answer (REDIS_URL): started without it, it is taken up when it comes');
}

/** Opens everything a process needs, migrated; `close` lets go of it in order, the database last. */
export async function openAfterglow({ config, clock, log }: { config: Config; clock: Clock; log: Logger }): Promise<Afterglow> {
  const { url, server } = await openServer(config);
  const masterKey = await masterKeyOf(config);
  await migrate(url).catch((error: Error) => {
    throw error instanceof Rejected && server === null ? new Rejected('wrong_database', `DATABASE_URL: ${error.message}`) : error;
  });
  const db = openDatabase(url, { clinicId: installationClinic, max: 16 });
  const store = new EventStore({ masterKey, clock, inline: inlineProjections });
  const home = { redisUrl: config.REDIS_URL, databaseUrl: url };
  const report = (error: Error) => log.warn({ err: error }, 'the queue complains');
  const [outreachQueue, eventQueue] = [new JobQueue('outreach', home, report), new JobQueue('consultation-events', home, report)];
  await openQueues([outreachQueue, eventQueue], log);
  const listeners = new Set<() => void>();
  const wake = () => listeners.forEach((listener) => listener());
  const channels = openChannels({ config, clock });
  const clinic = async (reader: Reader = db) => {
    const document = await clinicDocument(reader);
    if (document === null) throw new Rejected('no_clinic', 'The clinic has not been set up yet.', { status: 503 });
    return document;
  };
  const treatment = async (reader: Reader = db): Promise<TreatmentContext> => {
    const [settings, protocols] = [await clinic(reader), await activeProtocols(reader)];
    return {
      db: reader,
      store,
      clock,
      clinic: settings,
      protocols,
      pictureOf: (from, patientId, consultationId) => pictureOf({ store, clock, clinic: settings, protocols }, from, patientId, consultationId),
    };
  };
  return {
    config,
    clock,
    log,
    databaseUrl: url,
    masterKey,
    db,
    store,
    channels,
    outreachQueue,
    eventQueue,
    clinic,
    treatment,
    wake,
    intake: new Intake({ db, store, clock, masterKey, afterCommit: wake }),
    onWake: (listener) => void listeners.add(listener),
    close: async () => {
      await Promise.all([outreachQueue.close(), eventQueue.close()]);
      await Promise.all([channels.sms.close(), channels.email.close()]);
      await db.destroy();
      await server?.stop();
    },
  };
}
