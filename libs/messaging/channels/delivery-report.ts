/*
 * What a mail server reports of a message afterwards: RFC 3464 (RFC 6533 where addresses are not ASCII). The report speaks of
 * one of our messages by the headers that it returns, and of our attempt by the envelope's id when the servers keep it.
 */
import type { CarrierError } from './carrier-errors.js';
import { permanentStatus, smtpReply } from './mail-replies.js';
import type { StatusReport } from './twilio-webhooks.js';

type Fields = ReadonlyMap<string, string>;

/** What a report says of one recipient; our messages have one. */
export interface DeliveryReport {
  /** The attempt, where the servers kept the envelope's id (RFC 3461). */
  readonly envelopeId: string | null;
  readonly stage: StatusReport['stage'];
  /** Why it was not delivered; only then. */
  readonly error: CarrierError | null;
}

/** Groups of `Name: value` lines, parted by empty lines; a value may go on in the next line. */
function groupsOf(text: string): Fields[] {
  const unfolded = text.replace(/\r\n/g, '\n').replace(/\n[ \t]+/g, ' ');
  return unfolded
    .split(/\n\s*\n/)
    .map((group) => new Map([...group.matchAll(/^([\w-]+)[ \t]*:[ \t]*(.*)$/gm)].map(([, name = '', value = '']) => [name.toLowerCase(), value.trim()])))
    .filter(({ size }) => size > 0);
}

const stages: Readonly<Record<string, StatusReport['stage']>> = {
  failed: 'not-delivered',
  delayed: 'on-its-way',
  delivered: 'delivered',
  relayed: 'sent',
  expanded: 'sent',
};

/**
 * Why a delivery failed for good. A transient status at the end of the server's patience (4.4.7) says that this message did
 * not arrive and nothing of the address. A bare 550 of a server further on may be a filter's: it closes no address either.
 */
function errorOf(fields: Fields): CarrierError {
  const status = fields.get('status') ?? '';
  const diagnostic = fields.get('diagnostic-code') ?? '';
  const [, reply = '', words = ''] = /^smtp\s*;\s*(\d{3})\b(.*)$/i.exec(diagnostic) ?? [];
  const code = /^[245]\.\d{1,3}\.\d{1,3}/.exec(status)?.[0] ?? (reply || 'failed');
  if (code.startsWith('4')) return { code, reason: 'unreachable', retry: 'never' };
  const finer = permanentStatus(status) ?? (reply >= '500' ? smtpReply(Number(reply), words, false) : null);
  return { code, reason: finer?.reason ?? 'other', retry: 'never' };
}

/** Reads the machine's part of a report; null when it names no recipient. Of several recipients one that failed counts. */
export function readDeliveryStatus(text: string): DeliveryReport | null {
  const groups = groupsOf(text);
  const recipients = groups.filter((fields) => fields.has('final-recipient') || fields.has('action'));
  const [message] = groups.filter((fields) => !recipients.includes(fields));
  const stageOf = (fields: Fields) => stages[fields.get('action')?.toLowerCase() ?? ''] ?? 'on-its-way';
  const told = recipients.find((fields) => stageOf(fields) === 'not-delivered') ?? recipients[0];
  if (told === undefined) return null;
  const stage = stageOf(told);
  return {
    envelopeId: message?.get('original-envelope-id') ?? null,
    stage,
    error: stage === 'not-delivered' ? errorOf(told) : null,
  };
}
