import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { type FaultOrder, type Faults, handOverModes, mailModes } from './faults.js';
import type { Accepted, Journal } from './journal.js';
import { bounceLetter } from './letters.js';

export interface MailServer {
  /** smtp://host:port */
  readonly url: string;
  stop(): Promise<void>;
}

/** What the server says when it will not: smtp-server makes its reply of the code and the words. */
class Reply extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Faults of e-mail, in SMTP's own words. Before the message is handed over: throttle (451) and reject (550,
 * or `code` and `status`), both to RCPT TO. After it: error (451, which by RFC 5321 4.2.1 means that nothing was taken),
 * error-after-accept (421 and good-bye, which leaves the sender in doubt), accept-then-drop and timeout (no answer). And
 * once it was taken: bounce (a report that it was not delivered, 5.1.1, or is late, where `status` is 4.y.z).
 */
const throttled = () => new Reply(451, '4.7.1 Too many messages, try again later');
const failed = () => new Reply(451, '4.3.0 Local error in processing');
const goodbye = () => new Reply(421, '4.3.2 Service not available, closing transmission channel');
const rejected = ({ code = 550, status = code === 550 ? '5.1.1' : '' }: FaultOrder) => new Reply(code, `${status} Not taken`.trim());

function headersOf(mail: ParsedMail): NonNullable<Accepted['headers']> {
  const headers: Record<string, string | string[]> = {};
  for (const { key, line } of mail.headerLines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n\s+/g, ' ')
      .trim();
    const before = headers[key];
    headers[key] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

/** The line of the log, but for its addressee. */
function describe(mail: ParsedMail, sender: string, acceptedAt: Date): Omit<Accepted, 'n' | 'to'> {
  const attachments = mail.attachments.map(({ filename, contentType, size }) => ({ filename: filename ?? null, contentType, size }));
  return {
    channel: 'email',
    from: mail.from?.value[0]?.address ?? sender,
    subject: mail.subject ?? '',
    body: (mail.text ?? '').trimEnd(),
    acceptedAt: acceptedAt.toISOString(),
    providerMessageId: mail.messageId ?? '',
    headers: headersOf(mail),
    ...(mail.html !== false && { html: mail.html }),
    ...(attachments.length > 0 && { attachments }),
  };
}

function bouncesOf(mail: Omit<Accepted, 'n' | 'to'>, { envelope }: SMTPServerSession, { status = '5.1.1' }: FaultOrder, at: Date): string[] {
  const about = { messageId: mail.providerMessageId, envelopeId: envelope.dsn?.envid ?? null, sender: mail.from, status, at };
  return envelope.rcptTo.map(({ address: recipient }) => bounceLetter({ ...about, recipient }));
}

interface MailServerOptions {
  readonly host: string;
  readonly port: number;
  readonly now: () => Date;
  /** Takes what a mail server further on reports of a message. */
  readonly report: (letter: string) => void;
}

const listen = (server: SMTPServer, port: number, host: string) =>
  new Promise<AddressInfo>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.server.address();
      if (address !== null && typeof address === 'object') resolve(address);
    });
  });

/** An SMTP server that takes mail for everybody, writes it to the journal, and fails where it is told to. */
export async function startMailServer({ host, port, now, report }: MailServerOptions, journal: Journal, faults: Faults): Promise<MailServer> {
  const sockets = new Map<number, Socket>();
  /** The fault that the message of a connection has drawn. */
  const drawn = new Map<string, FaultOrder | null>();
  const drop = (session: SMTPServerSession) => sockets.get(session.remotePort)?.destroy();

  async function take(raw: Buffer, session: SMTPServerSession): Promise<'answer' | 'silence'> {
    const fault = drawn.get(session.id);
    const mode = fault?.mode;
    if (mode === 'error') throw failed();
    if (mode === 'timeout') {
      await pause(faults.silenceMillis);
      return 'silence';
    }
    const mail = describe(await simpleParser(raw), session.envelope.mailFrom ? session.envelope.mailFrom.address : '', now());
    for (const { address } of session.envelope.rcptTo) journal.accept({ ...mail, to: address });
    if (fault?.mode === 'bounce') for (const letter of bouncesOf(mail, session, fault, now())) report(letter);
    if (mode === 'error-after-accept') throw goodbye();
    return mode === 'accept-then-drop' ? 'silence' : 'answer';
  }

  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    hideDSN: false,
    logger: false,
    size: 25 * 1024 * 1024,
    closeTimeout: 100,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? 'anyone' }),
    onMailFrom: (_address, session, done) => {
      drawn.delete(session.id);
      done(null);
    },
    // Drawn for the first addressee, and good for the whole message.
    onRcptTo: ({ address }, session, done) => {
      if (!drawn.has(session.id)) drawn.set(session.id, faults.draw('email', [...handOverModes, ...mailModes], address));
      const fault = drawn.get(session.id);
      if (fault?.mode === 'throttle') return done(throttled());
      done(fault?.mode === 'reject' ? rejected(fault) : null);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        take(Buffer.concat(chunks), session).then(
          (outcome) => (outcome === 'silence' ? drop(session) : done(null, 'Ok')),
          (error: unknown) => done(error instanceof Error ? error : failed()),
        );
      });
    },
    onClose: (session) => drawn.delete(session.id),
  });
  server.on('error', () => undefined); // A client that hangs up is no concern of the server's.
  server.server.on('connection', (socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });

  const listening = await listen(server, port, host);
  return {
    url: `smtp://${host}:${listening.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}
