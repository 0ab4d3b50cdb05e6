import { createHash } from 'node:crypto';
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { Rejected } from '#platform';
import { type DeliveryReport, readDeliveryStatus } from './delivery-report.js';
import { ownWords } from './quoted-text.js';

/** A person's e-mail. */
export interface InboundLetter {
  readonly kind: 'letter';
  /** Its Message-ID, or else made of its content. The same e-mail may come twice: this is what tells. */
  readonly messageId: string;
  readonly from: string;
  /** Message-IDs that it answers, the likeliest first. */
  readonly answers: readonly string[];
  /** Its own words, with the subject before them where that is not a repetition. */
  readonly words: string;
  /** What it repeats of older messages, and what its words were cut off at. */
  readonly quoted: string;
  readonly attachments: readonly { readonly contentType: string; readonly content: Uint8Array }[];
}

/** A mail server's word on a message. */
export interface InboundReport extends DeliveryReport {
  readonly kind: 'report';
  /** Message-IDs of the message that it is about, the likeliest first. */
  readonly about: readonly string[];
}

/** What a machine wrote: holiday notices, read receipts, newsletters, bounces that no machine can read. */
export interface Automatic {
  readonly kind: 'automatic';
  readonly why: string;
}

export type InboundMail = InboundLetter | InboundReport | Automatic;

const statusTypes = ['message/delivery-status', 'message/global-delivery-status'];
const originalTypes = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'];
/** The signs that a machine wrote it: RFC 3834 5, and what older and newer mail programs set besides. */
const machineSigns: readonly (readonly [string, RegExp])[] = [
  ['auto-submitted', /^(?!no\b)./i],
  ['precedence', /^(?:bulk|junk|list|auto_reply)\b/i],
  ['x-autoreply', /./],
  ['x-autorespond', /./],
  ['x-autoresponse', /./],
  ['list-id', /./],
  ['return-path', /^<>$/],
  ['from', /\b(?:mailer-daemon|postmaster)@/i],
];
/** More words than anyone writes to a clinic; what comes after them is kept and not judged. */
const longestWords = 20_000;
const repeatedSubject = /^\s*(?:re|aw|rv|sv|fwd?|rm)\s*(?:\[\d+\])?\s*:/i;

const header = ({ headerLines }: ParsedMail, name: string): string => {
  const { line = '' } = headerLines.find(({ key }) => key === name) ?? {};
  return line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n\s+/g, ' ')
    .trim();
};
const messageIds = (value: string) => value.match(/<[^<>\s]+>/g) ?? [];
const answersOf = (mail: ParsedMail) => [...new Set([...messageIds(header(mail, 'in-reply-to')), ...messageIds(header(mail, 'references')).reverse()])];
const parse = (raw: Uint8Array | string) =>
  simpleParser(Buffer.from(raw), {
    keepDeliveryStatus: true,
    skipHtmlToText: false,
    skipTextToHtml: true,
    skipImageLinks: true,
    maxHtmlLengthToParse: 1_000_000,
  });

async function reportOf(mail: ParsedMail): Promise<InboundReport | null> {
  const part = (types: readonly string[]) => mail.attachments.find(({ contentType }) => types.includes(contentType.toLowerCase()));
  const told = readDeliveryStatus(part(statusTypes)?.content.toString('utf8') ?? '');
  if (told === null) return null;
  const returned = part(originalTypes);
  const original = returned === undefined ? null : await parse(returned.content);
  return { ...told, kind: 'report', about: [...(original?.messageId === undefined ? [] : [original.messageId]), ...answersOf(mail)] };
}

const isReport = (mail: ParsedMail) => /^multipart\/report\b/i.test(header(mail, 'content-type'));

/** The sign that a machine wrote it, or null. */
function machineSign(mail: ParsedMail): string | null {
  const sign = machineSigns.find(([name, pattern]) => pattern.test(header(mail, name)));
  return sign?.[0] ?? null;
}

/** Inside the text and small: an ornament of a signature. Photos that were pasted into the text are larger. */
const ornamentBytes = 20_000;
const isFile = ({ contentType, related, contentDisposition, size }: Attachment) =>
  contentType.startsWith('image/') ? !related || size > ornamentBytes : !related && contentDisposition === 'attachment';

function letterOf(mail: ParsedMail, from: string, fallbackId: string): InboundLetter {
  // Postgres keeps no NUL in a text, and nobody types one.
  const { words, quoted } = ownWords((mail.text ?? '').replaceAll('\0', ''));
  const subject = (mail.subject ?? '').replaceAll('\0', '').trim();
  const said = repeatedSubject.test(subject) && words !== '' ? words : [subject, words].filter((one) => one !== '').join('\n\n');
  return {
    kind: 'letter',
    messageId: mail.messageId ?? fallbackId,
    from,
    answers: answersOf(mail),
    words: said.slice(0, longestWords),
    quoted: [said.slice(longestWords), quoted].filter((one) => one !== '').join('\n\n'),
    attachments: mail.attachments.filter(isFile).map(({ contentType, content }) => ({ contentType, content })),
  };
}

/**
 * Reads an e-mail as it came over the wire (RFC 5322 and MIME).
 * @throws Rejected `unreadable_mail` when a person's e-mail does not say who wrote it.
 */
export async function parseMail(raw: Uint8Array): Promise<InboundMail> {
  const mail = await parse(raw);
  if (isReport(mail)) return (await reportOf(mail)) ?? { kind: 'automatic', why: 'a report that is not about a delivery' };
  const sign = machineSign(mail);
  if (sign !== null) return { kind: 'automatic', why: sign };
  const from = mail.from?.value[0]?.address;
  if (from === undefined || from === '') throw new Rejected('unreadable_mail', 'The e-mail does not say who wrote it.', { path: 'from', status: 400 });
  return letterOf(mail, from, `sha256:${createHash('sha256').update(raw).digest('hex')}`);
}
