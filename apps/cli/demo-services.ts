import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Rejected, SimulatedClock } from '#platform';
import { readConfig } from '../../libs/platform/config.js';
import { type Logger, openLog } from '../../libs/platform/logging.js';
import { startApi } from '../api/app.js';
import { setPassword } from '../api/accounts.js';
import { type Sandbox, sandboxRouter, startSandbox } from '../sandbox/index.js';
import { type Afterglow, openAfterglow } from '../worker/afterglow.js';
import { activateSampleProtocols, registerKeys, setUpClinic } from '../worker/set-up.js';
import { startTimers } from '../worker/timers.js';
import { Worker } from '../worker/worker.js';

/** The whole product and the outside world in one process, on one simulated clock. */
export interface Demo {
  readonly address: string;
  readonly apiKey: string;
  readonly welcome: string;
  readonly afterglow: Afterglow;
  readonly sandbox: Sandbox;
  now(): Date;
  /** Moves the clock, doing everything that comes due on the way. */
  advance(to: Date): Promise<void>;
  /** Resolves once nothing is left to do at this instant. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export interface DemoOptions {
  readonly port: number;
  readonly start: Date | null;
  readonly clinic: unknown;
  readonly dataDir: string;
  /** A Postgres of the caller's; else one is started in the folder. */
  readonly databaseUrl?: string;
  /** One thing after another, nothing by the wall clock, faults drawn from a seed: the same story is told the same way. */
  readonly repeatable?: { readonly seed: number; readonly log: Logger };
}

const apiKey = 'demo-key';
const password = 'glow-demo-2026';
const defaultStart = new Date('2026-11-23T14:00:00Z');
const stuckStepMillis = 60_000;
const accountSid = `AC${'0'.repeat(31)}1`;
const authToken = 'sandbox-token';
const mailSecret = 'sandbox-mail-secret';

/** The clock of a data folder: it goes on where it stood, and is never set back. */
async function openClock(dataDir: string, wanted: Date | null): Promise<{ clock: SimulatedClock; keep: () => Promise<void> }> {
  const file = join(dataDir, 'clock');
  await mkdir(dataDir, { recursive: true }).catch((error: Error) => {
    throw new Rejected('data_dir', `The folder ${dataDir} cannot be written: ${error.message}`);
  });
  const stood = existsSync(file) ? new Date((await readFile(file, 'utf8')).trim()) : null;
  const clock = new SimulatedClock(stood ?? wanted ?? defaultStart);
  if (wanted !== null) clock.moveTo(wanted);
  const keep = () => writeFile(file, clock.now().toISOString()).catch(() => undefined);
  await keep();
  return { clock, keep };
}

function demoConfig({ port, dataDir, databaseUrl }: DemoOptions, sandbox: Sandbox) {
  return readConfig({
    ...process.env,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: databaseUrl,
    // A lent database is forgotten after the story, and its key with it.
    ...(databaseUrl === undefined ? {} : { MASTER_KEY: randomBytes(32).toString('base64') }),
    DATA_DIR: dataDir,
    AFTERGLOW_CLOCK: 'simulated',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
    SMTP_URL: sandbox.smtpUrl,
    MAIL_FROM: 'Afterglow Skin Studio <care@clinic.example>',
    MAIL_WEBHOOK_SECRET: mailSecret,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: '+18385550100',
    TWILIO_MESSAGING_SERVICE_SID: undefined,
    TWILIO_API_BASE_URL: sandbox.url,
    // Whoever tries it out listens on the same machine.
    WEBHOOKS_INSIDE: 'yes',
  });
}

/** Everything due up to an instant, each thing at its own moment; what is due at the instant itself is left to who asked. */
async function runUntil(worker: Worker, clock: SimulatedClock, to: Date, settle: () => Promise<void>): Promise<void> {
  await settle();
  for (let next = await worker.nextMoment(); next !== null && next <= to; next = await worker.nextMoment()) {
    // A row that could not be served at its moment must not hold the clock: it is tried again a minute later.
    clock.moveTo(next > clock.now() ? next : new Date(Math.min(clock.now().getTime() + stuckStepMillis, to.getTime())));
    await settle();
    if (clock.now() >= to) break;
  }
  clock.moveTo(to);
}

function welcome(address: string, email: string): string {
  return [
    `  console   ${address}/   sign in as ${email} with ${password}`,
    `  phones    ${address}/sandbox   what patients receive, their answers, the clock, the faults`,
    `  API       ${address}/docs   key: ${apiKey}`,
  ].join('\n');
}

/** What was opened, to be closed in the opposite order. */
type Opened = (() => unknown)[];

/** Starts the demo. @throws Rejected with one clear message, nothing left open: port taken, folder not writable, settings wrong. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const opened: Opened = [];
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    return { ...(await openParts(options, opened)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The sample clinic, its protocols, its key and the director's sign-in. Answers whose e-mail signs in. */
async function furnish(afterglow: Afterglow, clinic: unknown): Promise<string> {
  await setUpClinic(afterglow, clinic);
  await activateSampleProtocols(afterglow);
  await registerKeys(afterglow, [{ name: 'demo', key: apiKey }, ...(afterglow.config.API_KEYS ?? [])], { everything: true });
  const account = (await afterglow.clinic()).staff.find(({ roles, email }) => roles.includes('medical_director') && email !== undefined);
  if (account?.email !== undefined) await setPassword(afterglow.db, { staffId: account.id, email: account.email, password });
  return account?.email ?? '';
}

/** A `timeout` of the sandbox need not keep a simulated year waiting. */
const shortSilenceMillis = 40;

async function openParts(options: DemoOptions, opened: Opened): Promise<Omit<Demo, 'stop'>> {
  const { repeatable } = options;
  const { clock, keep } = await openClock(options.dataDir, options.start);
  const phone = (options.clinic as { phone?: unknown } | null)?.phone;
  const parts: { advance: (to: Date) => Promise<void>; settle: () => Promise<void> } = { advance: async () => undefined, settle: async () => undefined };
  const sandbox = await startSandbox({
    webhookBaseUrl: `http://127.0.0.1:${options.port}`,
    accountSid,
    authToken,
    mailSecret,
    timeZone: 'America/New_York',
    ...(typeof phone === 'string' ? { number: phone } : {}),
    clock: { now: () => clock.now(), advance: (to) => parts.advance(to) },
    settle: () => parts.settle(),
    ...(repeatable === undefined ? {} : { seed: repeatable.seed, silenceMillis: shortSilenceMillis }),
  });
  opened.push(() => sandbox.stop(), keep);
  const config = demoConfig(options, sandbox);
  const afterglow = await openAfterglow({
    config: { ...config, TWILIO_FROM: typeof phone === 'string' ? phone : config.TWILIO_FROM },
    clock,
    log: repeatable?.log ?? openLog(config.LOG_LEVEL),
  });
  opened.push(() => afterglow.close());
  const email = await furnish(afterglow, options.clinic);
  const worker = new Worker(afterglow, repeatable === undefined ? {} : { atOnce: 1 });
  parts.settle = () => worker.settle(() => sandbox.idle());
  parts.advance = async (to) => {
    await runUntil(worker, clock, to, parts.settle);
    await keep();
  };
  opened.push(() => worker.stop());
  const api = await startApi(afterglow, { port: options.port, before: sandboxRouter(sandbox), requestsPerMinute: 100_000 });
  opened.push(() => api.stop());
  await worker.start();
  if (repeatable === undefined) opened.push(await startTimers(afterglow, worker));
  return {
    address: api.address,
    apiKey,
    afterglow,
    sandbox,
    welcome: welcome(api.address, email),
    now: () => clock.now(),
    advance: async (to) => void (await sandbox.advance(to)),
    settle: () => parts.settle(),
  };
}
