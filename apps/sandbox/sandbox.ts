import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express from 'express';
import { Carrier, type PatientText } from './carrier.js';
import { Faults } from './faults.js';
import { type Accepted, Journal } from './journal.js';
import { patientLetter } from './letters.js';
import { sandboxRouter } from './routes.js';
import { startMailServer } from './smtp.js';
import { twilioApi } from './twilio-api.js';
import { Webhooks } from './webhooks.js';

export interface SandboxOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly smtpPort?: number;
  readonly host?: string;
  /** The clinic's PUBLIC_URL: its webhooks are called, and signed, there. */
  readonly webhookBaseUrl: string;
  /** Where an inbound text goes; `{webhookBaseUrl}/webhooks/twilio/inbound` unless given. */
  readonly inboundUrl?: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Opens the clinic's door for e-mail, `{webhookBaseUrl}/webhooks/mail`. */
  readonly mailSecret?: string;
  /** The clinic's telephone number. */
  readonly number?: string;
  /** The zone in which the page shows times. */
  readonly timeZone?: string;
  /** For the faults with a rate: the same seed draws the same faults. */
  readonly seed?: number;
  /** After how long a `timeout` cuts the connection, in milliseconds of real time; 900 unless given. */
  readonly silenceMillis?: number;
  readonly clock: {
    now(): Date;
    /** Moves the clock and does everything that comes due on the way. Absent: the clock cannot be moved. */
    advance?(to: Date): Promise<void>;
  };
  /** Resolves once the clinic has nothing left to do at this instant; callbacks that arrived meanwhile included. */
  readonly settle?: () => Promise<void>;
}

export interface Sandbox {
  /** The carrier's API (TWILIO_API_BASE_URL) and the page, `{url}/sandbox`. */
  readonly url: string;
  /** SMTP_URL */
  readonly smtpUrl: string;
  readonly timeZone: string;
  readonly journal: Journal;
  readonly carrier: Carrier;
  readonly faults: Faults;
  /** The ground truth after number `n`. */
  messages(n?: number): readonly Accepted[];
  /** A patient texts the clinic: the webhook's HTTP status, or null when nobody answered. */
  reply(text: PatientText): Promise<number | null>;
  /** A patient writes the clinic an e-mail: the webhook's HTTP status, or null when nobody answered. */
  write(letter: WrittenLetter): Promise<number | null>;
  now(): Date;
  /**
   * Moves the clock, and resolves with the new time once everything that came due has settled.
   * Calls queue up behind each other. An instant that is past by then only settles.
   * @throws when the clock cannot be moved.
   */
  advance(to: Date): Promise<Date>;
  readonly canAdvance: boolean;
  /** How many series of status callbacks are on their way. */
  pending(): number;
  /** Resolves when no status callback is on its way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const faultsOf = ({ seed = 1, silenceMillis = 900, clock }: SandboxOptions) => new Faults({ seed, silenceMillis, now: () => clock.now() });

/**
 * What a patient writes. With a subject it is a letter of its own, else an answer to the last e-mail that reached them. The
 * same `messageId` again is the same e-mail.
 */
export interface WrittenLetter {
  readonly from: string;
  readonly body: string;
  readonly subject?: string | undefined;
  readonly messageId?: string | undefined;
}

/** Each round may cause messages, whose callbacks may cause more; more rounds than this are a quarrel of two machines. */
const mostRounds = 100;

type Outside = Omit<Sandbox, 'url' | 'smtpUrl' | 'stop'>;

function outside(options: SandboxOptions, journal: Journal, carrier: Carrier, faults: Faults, webhooks: Webhooks): Outside {
  const { clock } = options;
  const activity = () => journal.revision + webhooks.done;

  async function settle(): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      const before = activity();
      carrier.tick();
      await options.settle?.();
      await webhooks.idle();
      if (activity() === before) return;
    }
  }

  async function moveTo(to: Date): Promise<Date> {
    if (clock.advance === undefined) throw new Error('the clock of this machine cannot be moved');
    if (to > clock.now()) await clock.advance(to);
    await settle();
    return clock.now();
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    timeZone: options.timeZone ?? 'UTC',
    journal,
    carrier,
    faults,
    messages: (n = 0) => journal.since(n),
    reply: (text) => carrier.receive(text),
    write: (letter) => write(options, journal, webhooks, letter),
    now: () => clock.now(),
    canAdvance: clock.advance !== undefined,
    advance: (to) => {
      const turn = last.then(() => moveTo(to));
      last = turn.catch(() => undefined);
      return turn;
    },
    pending: () => webhooks.pending,
    idle: () => webhooks.idle(),
  };
}

const mailDoor = ({ webhookBaseUrl }: SandboxOptions) => `${webhookBaseUrl.replace(/\/$/, '')}/webhooks/mail`;

async function write(options: SandboxOptions, journal: Journal, webhooks: Webhooks, { from, body, subject, messageId }: WrittenLetter): Promise<number | null> {
  const last = journal.since(0).findLast(({ channel, to }) => channel === 'email' && to.toLowerCase() === from.toLowerCase());
  const answers = last === undefined || subject !== undefined ? null : { messageId: last.providerMessageId, body: last.body, at: last.acceptedAt };
  const letter = await patientLetter({
    from,
    to: last?.from ?? 'care@clinic.example',
    subject: subject ?? `Re: ${last?.subject ?? ''}`,
    body,
    messageId: messageId ?? `<${randomUUID()}@patient.example>`,
    answers,
    at: options.clock.now(),
  });
  return webhooks.mail(mailDoor(options), letter);
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox listens on no port');
  return address.port;
}

/**
 * The outside world on one machine: a carrier with Twilio's API, an SMTP server, the patients' phones. Messages are
 * accepted and delivered at the simulated instant; status callbacks follow on their own.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = '127.0.0.1', accountSid, authToken, clock } = options;
  const [journal, faults, webhooks] = [new Journal(), faultsOf(options), new Webhooks(authToken, options.mailSecret ?? '')];
  const inboundUrl = options.inboundUrl ?? `${options.webhookBaseUrl.replace(/\/$/, '')}/webhooks/twilio/inbound`;
  const number = options.number ?? '+12125550100';
  let apiUrl = '';
  const carrier = new Carrier({ accountSid, number, inboundUrl, apiUrl: () => apiUrl, now: () => clock.now() }, journal, faults, webhooks);
  const report = (letter: string) => webhooks.mailLater(mailDoor(options), letter);
  const mail = await startMailServer({ host, port: options.smtpPort ?? 0, now: () => clock.now(), report }, journal, faults);
  const world = outside(options, journal, carrier, faults, webhooks);
  const app = express().disable('x-powered-by');
  app.use(twilioApi({ accountSid, authToken }, journal, carrier, faults));
  app.use(sandboxRouter(world));
  const server = createServer(app);
  const port = await listen(server, options.port ?? 0, host);
  apiUrl = `http://${host}:${port}`;
  return {
    ...world,
    url: apiUrl,
    smtpUrl: mail.url,
    stop: async () => {
      server.closeAllConnections();
      await Promise.all([mail.stop(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}

export type { Outside };
