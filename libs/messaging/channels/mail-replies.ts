import type { Reason, Retry } from './channel.js';

/** What a mail server's no means for what is done next. */
export interface MailRefusal {
  readonly reason: Reason;
  readonly retry: Retry;
}

interface ReplyRow extends MailRefusal {
  readonly reply: number;
  readonly source: string;
}

/**
 * Replies of SMTP that are a no by themselves. One that is not here goes by its first digit (RFC 5321 4.2.1);
 * 421 is none: it ends the connection at any point, after the text too.
 */
export const smtpReplies: readonly ReplyRow[] = [
  { reply: 432, reason: 'account', retry: 'later', source: 'RFC 4954 6: a password transition is needed' },
  { reply: 450, reason: 'throttled', retry: 'later', source: 'RFC 5321 4.2.2: mailbox busy, or greylisted (RFC 6647)' },
  { reply: 451, reason: 'throttled', retry: 'later', source: 'RFC 5321 4.2.2: local error in processing' },
  { reply: 452, reason: 'throttled', retry: 'later', source: 'RFC 5321 4.2.2: insufficient system storage' },
  { reply: 454, reason: 'account', retry: 'later', source: 'RFC 4954 6: temporary authentication failure' },
  { reply: 501, reason: 'bad-address', retry: 'never', source: 'RFC 5321 4.2.2: syntax error in the address' },
  { reply: 503, reason: 'away', retry: 'later', source: 'RFC 5321 4.2.2: bad sequence of commands; says nothing of the message' },
  { reply: 521, reason: 'blocked', retry: 'never', source: 'RFC 7504 2: the host accepts no mail' },
  { reply: 530, reason: 'account', retry: 'later', source: 'RFC 4954 6: authentication required' },
  { reply: 534, reason: 'account', retry: 'later', source: 'RFC 4954 6: authentication mechanism too weak' },
  { reply: 535, reason: 'account', retry: 'later', source: 'RFC 4954 6: credentials invalid' },
  { reply: 538, reason: 'account', retry: 'later', source: 'RFC 4954 6: encryption required' },
  { reply: 550, reason: 'bad-address', retry: 'never', source: 'RFC 5321 4.2.2: mailbox unavailable' },
  { reply: 551, reason: 'bad-address', retry: 'never', source: 'RFC 5321 4.2.2: user not local' },
  { reply: 552, reason: 'unreachable', retry: 'never', source: 'RFC 5321 4.2.2: exceeded storage allocation' },
  { reply: 553, reason: 'bad-address', retry: 'never', source: 'RFC 5321 4.2.2: mailbox name not allowed' },
  { reply: 554, reason: 'blocked', retry: 'never', source: 'RFC 5321 4.2.2: transaction failed' },
  { reply: 556, reason: 'bad-address', retry: 'never', source: 'RFC 7504 3: the domain accepts no mail' },
];

interface StatusRow extends MailRefusal {
  /** Subject and detail of an enhanced status code (RFC 3463); `x` is any detail. */
  readonly status: string;
  readonly source: string;
}

/**
 * Permanent enhanced status codes, of a reply and of a delivery report alike. They are finer than the reply: a 550 may mean
 * that the mailbox does not exist (5.1.1) or that a filter did not like us (5.7.1), and only the first closes the address.
 */
export const permanentStatuses: readonly StatusRow[] = [
  { status: '1.0', reason: 'other', retry: 'never', source: 'RFC 3463 3.2: other address status' },
  { status: '1.1', reason: 'bad-address', retry: 'never', source: 'RFC 3463 3.2: bad destination mailbox address' },
  { status: '1.2', reason: 'bad-address', retry: 'never', source: 'RFC 3463 3.2: bad destination system address' },
  { status: '1.3', reason: 'bad-address', retry: 'never', source: 'RFC 3463 3.2: bad destination mailbox address syntax' },
  { status: '1.6', reason: 'bad-address', retry: 'never', source: 'RFC 3463 3.2: destination mailbox has moved' },
  { status: '1.10', reason: 'bad-address', retry: 'never', source: 'RFC 7505 4.1: recipient address has null MX' },
  { status: '1.x', reason: 'other', retry: 'never', source: 'RFC 3463 3.2: address status (of the sender, too)' },
  { status: '2.1', reason: 'bad-address', retry: 'never', source: 'RFC 3463 3.3: mailbox disabled' },
  { status: '2.x', reason: 'unreachable', retry: 'never', source: 'RFC 3463 3.3: mailbox status, such as full' },
  { status: '3.x', reason: 'unreachable', retry: 'never', source: 'RFC 3463 3.4: mail system status' },
  { status: '4.x', reason: 'unreachable', retry: 'never', source: 'RFC 3463 3.5: network and routing status' },
  { status: '5.x', reason: 'other', retry: 'never', source: 'RFC 3463 3.6: mail delivery protocol status' },
  { status: '6.x', reason: 'blocked', retry: 'never', source: 'RFC 3463 3.7: message content or media status' },
  { status: '7.8', reason: 'account', retry: 'later', source: 'RFC 4954 6: authentication credentials invalid' },
  { status: '7.x', reason: 'blocked', retry: 'never', source: 'RFC 3463 3.8: security or policy status' },
];

const byReply: ReadonlyMap<number, ReplyRow> = new Map(smtpReplies.map((row) => [row.reply, row]));
const byStatus: ReadonlyMap<string, StatusRow> = new Map(permanentStatuses.map((row) => [row.status, row]));
/** Three numbers, and not a part of an address of the network. */
const enhanced = /(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)/;

/** The enhanced status code in a server's words, or null. */
export const statusIn = (words: string): string | null => enhanced.exec(words)?.[0] ?? null;

/** What a permanent enhanced status code (5.y.z) means; null for one that is not permanent or says nothing (5.0.0). */
export function permanentStatus(status: string): MailRefusal | null {
  const [, kind, subject = '', detail = ''] = enhanced.exec(status) ?? [];
  if (kind !== '5') return null;
  return byStatus.get(`${subject}.${detail}`) ?? byStatus.get(`${subject}.x`) ?? null;
}

/**
 * What a reply of 400 or more means. An enhanced code in its words is finer and wins over the reply, unless that is about our
 * login. A bare no to anything but the recipient says nothing of the recipient's address.
 * @param words the reply as it came, with its enhanced code where there is one
 */
export function smtpReply(reply: number, words: string, atRecipient: boolean): MailRefusal {
  const row = byReply.get(reply);
  if (row?.reason === 'account') return row;
  const status = statusIn(words);
  if (reply >= 500 && status !== null) {
    const meaning = permanentStatus(status);
    if (meaning !== null) return meaning;
  }
  if (row === undefined) return reply < 500 ? { reason: 'throttled', retry: 'later' } : { reason: 'blocked', retry: 'never' };
  return row.reason === 'bad-address' && !atRecipient ? { reason: 'blocked', retry: 'never' } : row;
}
