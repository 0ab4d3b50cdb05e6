import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Clock } from '#platform';
import { type Channel, type OutgoingMessage, type Reason, type Refused, type SendAnswer, tooLate, wordsOf } from './channel.js';
import { smtpReply } from './mail-replies.js';
import { messageIdOf } from './message-ids.js';

export interface SmtpChannelOptions {
  /** smtp://user:password@host:port or smtps://… */
  readonly url: string;
  /** `Clinic <care@clinic.example>`; its domain stands in every Message-ID. */
  readonly from: string;
  readonly maxConnections?: number;
  /** Of all connections together; those above it wait their turn. */
  readonly messagesPerSecond?: number | undefined;
  /** Signs every message (RFC 6376); `privateKey` is RSA in PEM. The domain has to fit that of `from` (DMARC, RFC 7489 3.1). */
  readonly dkim?: Dkim | undefined;
  readonly timeoutMillis?: number;
  readonly clock: Clock;
}

export interface Dkim {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: string;
}

const defaultTimeoutMillis = 10_000;
const fault = z.object({
  code: z.string().optional(),
  message: z.string(),
  command: z.string().optional(),
  responseCode: z.number().int().optional(),
  response: z.string().optional(),
  originalCode: z.string().optional(),
  syscall: z.string().optional(),
  timeoutType: z.string().optional(),
});
type Fault = z.output<typeof fault>;

const accountCodes = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG']);
const beforeTheSession = new Set(['EDNS', 'ETLS', 'EPROXY']);
const waits = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT']);

const refused = (code: string | number, reason: Reason, retry: Refused['retry'], why: string): Refused => ({
  kind: 'refused',
  code: String(code),
  reason,
  retry,
  why,
});

function neverLeft({ code = '', originalCode, syscall, timeoutType = '', message }: Fault): boolean {
  if (beforeTheSession.has(code) || waits.has(timeoutType)) return true;
  return syscall === 'connect' || originalCode === 'ECONNREFUSED' || message.startsWith('Invalid greeting');
}

/**
 * Sorts what nodemailer throws by the table of SendAnswer. A reply is a definite no, but for 421: it ends the connection at
 * any point and is reported alike at each, and a server that had the text by then may have kept it.
 */
function answerOf(error: unknown): SendAnswer {
  const why = wordsOf(error);
  const parsed = fault.safeParse(error);
  if (!parsed.success) return { kind: 'in-doubt', why };
  const { code = '', command, responseCode, response = '', originalCode } = parsed.data;
  if (accountCodes.has(code)) return refused(code, 'account', 'later', why);
  if (neverLeft(parsed.data)) return refused(originalCode ?? code, 'away', 'later', why);
  if (responseCode !== undefined && responseCode >= 400 && responseCode !== 421) {
    const { reason, retry } = smtpReply(responseCode, response, command === 'RCPT TO');
    return refused(responseCode, reason, retry, why);
  }
  if (code === 'EENVELOPE') return refused(code, 'bad-address', 'never', why);
  if (code === 'EMESSAGE' && responseCode === undefined) return refused(code, 'other', 'never', why);
  return { kind: 'in-doubt', why };
}

function headersOf(unsubscribeUrl: string | undefined): Record<string, string> {
  // RFC 3834: no holiday notice answers us. RFC 8058: one header, one address, and the promise that a POST is enough.
  const automatic = { 'Auto-Submitted': 'auto-generated' };
  if (unsubscribeUrl === undefined) return automatic;
  return { ...automatic, 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

const signatureOf = ({ domain: domainName, selector: keySelector, privateKey }: Dkim) => ({ domainName, keySelector, privateKey });

/**
 * E-mail over a pool of SMTP connections. The Message-ID is made of the message's own id, so that a second copy, should
 * there ever be one, is known as such by every mailbox. A message whose connection is lost is not sent again.
 */
export function smtpChannel(options: SmtpChannelOptions): Channel {
  const timeout = options.timeoutMillis ?? defaultTimeoutMillis;
  const transport = createTransport({
    url: options.url,
    pool: true,
    maxConnections: options.maxConnections ?? 5,
    maxRequeues: 0,
    ...(options.messagesPerSecond !== undefined && { rateDelta: 1000, rateLimit: options.messagesPerSecond }),
    ...(options.dkim !== undefined && { dkim: signatureOf(options.dkim) }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  async function send(message: OutgoingMessage, attemptId: string): Promise<SendAnswer> {
    const now = options.clock.now();
    const late = tooLate(message, now);
    if (late !== null) return late;
    const { id, to, body, email } = message;
    try {
      const { messageId } = await transport.sendMail({
        from: options.from,
        to,
        subject: email?.subject ?? '',
        text: body,
        html: email?.html,
        messageId: messageIdOf(id, options.from),
        // RFC 3461: a report names the attempt, as far as the servers on the way know how.
        dsn: { id: attemptId, return: 'headers', notify: ['failure', 'delay'], recipient: to },
        date: now,
        headers: headersOf(email?.unsubscribeUrl),
        ...(email?.calendar && { icalEvent: { ...email.calendar, filename: 'appointment.ics' } }),
      });
      return { kind: 'sent', providerMessageId: messageId };
    } catch (error) {
      return answerOf(error);
    }
  }

  return {
    name: 'email',
    send,
    evidence: async () => ({ kind: 'unprovable', why: 'a mail server keeps no list to ask' }),
    close: async () => void transport.close(),
  };
}
