import { randomBytes } from 'node:crypto';
import { callbackModes, type Faults } from './faults.js';
import type { Journal, Text } from './journal.js';
import { pictureOf } from './picture.js';
import { type TwilioError, twilioError } from './twilio-format.js';
import type { Form, Webhooks } from './webhooks.js';

/** What the REST API was asked to send. */
export interface SendOrder {
  readonly to: string;
  readonly from: string | null;
  readonly service: string | null;
  readonly body: string;
  readonly media: readonly string[];
  readonly statusCallback: string | null;
  /** How long the message may wait in the carrier's queue. */
  readonly validitySeconds: number;
}

/** A text that a patient sends. The same `sid` again is the same text: only the webhook is called again. */
export interface PatientText {
  readonly from: string;
  readonly body: string;
  readonly media: readonly string[];
  readonly sid?: string;
}

interface CarrierOptions {
  readonly accountSid: string;
  /** The number that a messaging service sends from, and that patients text when nothing was sent to them yet. */
  readonly number: string;
  readonly inboundUrl: string;
  /** Where the API stands, once it does: media are fetched there. */
  readonly apiUrl: () => string;
  readonly now: () => Date;
}

/** The whole text, in any case, is one of these: twilio.com/docs/messaging/tutorials/advanced-opt-out, default keywords. */
const stopWords = new Set(['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL']);
const startWords = new Set(['START', 'YES', 'UNSTOP']);
const stopped = 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.';
const started = 'You have successfully been re-subscribed to messages from this number. Reply STOP to unsubscribe.';

const e164 = /^\+[1-9]\d{6,14}$/;
/** Test numbers with a meaning of their own: twilio.com/docs/iam/test-credentials. */
const magicNumbers: Readonly<Record<string, number>> = { '+15005550001': 21211, '+15005550004': 21610, '+15005550009': 21614 };

export const newSid = (prefix: string) => prefix + randomBytes(16).toString('hex');

/** The telephone company: it takes texts, queues, transmits, calls back, and keeps a list of phones that said STOP. */
export class Carrier {
  readonly #optedOut = new Set<string>();
  /** The clinic's number that last texted a phone. */
  readonly #lastNumber = new Map<string, string>();
  readonly #held = new Set<Text>();

  constructor(
    private readonly options: CarrierOptions,
    private readonly journal: Journal,
    private readonly faults: Faults,
    private readonly webhooks: Webhooks,
  ) {}

  /** Phones that no message reaches from any of the clinic's numbers that they said STOP to. */
  get optedOut(): readonly string[] {
    return [...this.#optedOut].map((pair) => pair.slice(pair.indexOf('|') + 1));
  }

  /** Why an order cannot be taken, or null. */
  refusal(order: SendOrder): TwilioError | null {
    if (order.to === '') return twilioError(21604);
    const magic = magicNumbers[order.to];
    if (magic !== undefined) return twilioError(magic);
    if (!e164.test(order.to)) return twilioError(21211, `The 'To' number ${order.to} is not a valid phone number.`);
    if (order.from === null && order.service === null) return twilioError(21603);
    if (order.from !== null && !e164.test(order.from)) return twilioError(21212, `The 'From' number ${order.from} is not a valid phone number.`);
    if (order.body === '' && order.media.length === 0) return twilioError(21602);
    if (order.body.length > 1600) return twilioError(21617);
    return this.#optedOut.has(this.#pair(order.from ?? this.options.number, order.to)) ? twilioError(21610) : null;
  }

  /** Takes responsibility for a message: it stands in the log from here on, whatever the sender hears. */
  accept(order: SendOrder): Text {
    const now = this.options.now();
    const text = this.journal.add({
      ...order,
      sid: newSid('SM'),
      direction: 'outbound-api',
      from: order.from ?? this.options.number,
      createdAt: now,
      validUntil: new Date(now.getTime() + order.validitySeconds * 1000),
      status: order.service === null ? 'queued' : 'accepted',
      sentAt: null,
      errorCode: null,
    });
    this.#lastNumber.set(text.to, text.from);
    this.#log(text);
    return text;
  }

  /** Sends an accepted message on its way: to the phone at once, or into the queue until the fault `hold` ends. */
  dispatch(text: Text, held: boolean): void {
    if (held) this.#held.add(text);
    else this.#transmit(text);
  }

  /** Looks at the queue again: after the clock moved, or a fault ended. */
  tick(): void {
    const isHeld = this.faults.list().some(({ mode }) => mode === 'hold');
    for (const text of this.#held) {
      if (this.options.now() > text.validUntil) this.#end(text, 30036);
      else if (!isHeld) this.#transmit(text);
      else continue;
      this.#held.delete(text);
    }
  }

  /** A patient texts the clinic. Gives the webhook's HTTP status, or null when nobody answered. */
  async receive(sent: PatientText): Promise<number | null> {
    const known = sent.sid === undefined ? undefined : this.journal.text(sent.sid);
    const text = known ?? this.#incoming(sent);
    if (known === undefined) this.#keepOptOut(text);
    return this.webhooks.call(this.options.inboundUrl, this.#inboundForm(text));
  }

  #incoming({ sid, from, body, media }: PatientText): Text {
    const now = this.options.now();
    return this.journal.add({
      sid: sid ?? newSid(media.length > 0 ? 'MM' : 'SM'),
      direction: 'inbound',
      from,
      to: this.#lastNumber.get(from) ?? this.options.number,
      body,
      media,
      service: null,
      statusCallback: null,
      createdAt: now,
      validUntil: now,
      status: 'received',
      sentAt: now,
      errorCode: null,
    });
  }

  #keepOptOut(text: Text): void {
    const word = text.body.trim().toUpperCase();
    const pair = this.#pair(text.to, text.from);
    if (stopWords.has(word) && !this.#optedOut.has(pair)) {
      this.#optedOut.add(pair);
      this.#answer(text, stopped);
    } else if (startWords.has(word) && this.#optedOut.delete(pair)) this.#answer(text, started);
  }

  #pair(number: string, phone: string): string {
    return `${number}|${phone}`;
  }

  /** The carrier answers by itself, once, as it must. */
  #answer(to: Text, body: string): void {
    const now = this.options.now();
    const answer = { from: to.to, to: to.from, body, media: [], service: null, statusCallback: null, createdAt: now, validUntil: now };
    const text = this.journal.add({ ...answer, sid: newSid('SM'), direction: 'outbound-reply', status: 'delivered', sentAt: now, errorCode: null });
    this.#log(text);
  }

  #log(text: Text): void {
    this.journal.accept({
      channel: 'sms',
      to: text.to,
      from: text.from,
      body: text.body,
      acceptedAt: text.createdAt.toISOString(),
      providerMessageId: text.sid,
      ...(text.media.length > 0 && { media: text.media }),
      ...(text.direction === 'outbound-reply' ? { automatic: true } : { validUntil: text.validUntil.toISOString() }),
    });
  }

  #transmit(text: Text): void {
    const fault = this.faults.draw('sms', callbackModes, text.to);
    const lost = fault?.mode === 'undelivered' ? (fault.code ?? 30003) : null;
    const early = text.service === null ? [] : [this.#statusForm(text, 'queued', null)];
    this.journal.change(text, { status: lost === null ? 'delivered' : 'undelivered', sentAt: this.options.now(), errorCode: lost });
    const forms = [...early, this.#statusForm(text, 'sent', null), this.#statusForm(text, text.status, lost)];
    if (fault?.mode === 'lost-callbacks') return;
    if (fault?.mode === 'reordered-callbacks') forms.reverse();
    this.#callBack(text, fault?.mode === 'duplicate-callbacks' ? forms.flatMap((form) => [form, form]) : forms);
  }

  #end(text: Text, errorCode: number): void {
    this.journal.change(text, { status: 'undelivered', errorCode });
    this.#callBack(text, [this.#statusForm(text, 'undelivered', errorCode)]);
  }

  #callBack(text: Text, forms: readonly Form[]): void {
    if (text.statusCallback !== null) this.webhooks.later(text.statusCallback, forms);
  }

  #statusForm(text: Text, status: string, errorCode: number | null): Form {
    return {
      AccountSid: this.options.accountSid,
      ApiVersion: '2010-04-01',
      From: text.from,
      MessageSid: text.sid,
      MessageStatus: status,
      SmsSid: text.sid,
      SmsStatus: status,
      To: text.to,
      ...(text.service !== null && { MessagingServiceSid: text.service }),
      ...(errorCode !== null && { ErrorCode: String(errorCode) }),
    };
  }

  #inboundForm(text: Text): Form {
    const media = text.media.flatMap((url, index) => [
      [`MediaUrl${index}`, `${this.options.apiUrl()}/2010-04-01/Accounts/${this.options.accountSid}/Messages/${text.sid}/Media/ME${index}`],
      [`MediaContentType${index}`, pictureOf(url).contentType],
    ]);
    return {
      AccountSid: this.options.accountSid,
      ApiVersion: '2010-04-01',
      Body: text.body,
      From: text.from,
      MessageSid: text.sid,
      NumMedia: String(text.media.length),
      NumSegments: '1',
      SmsMessageSid: text.sid,
      SmsSid: text.sid,
      SmsStatus: 'received',
      To: text.to,
      ...Object.fromEntries(media),
    };
  }
}
