import type { FaultChannel } from './faults.js';

/** One line of the ground truth: a message that the outside took responsibility for. `n` counts from 1. */
export interface Accepted {
  readonly n: number;
  readonly channel: FaultChannel;
  readonly to: string;
  readonly from: string;
  readonly subject?: string;
  readonly body: string;
  /** The instant on the simulated clock. */
  readonly acceptedAt: string;
  /** The carrier's sid, or the Message-ID of the e-mail. */
  readonly providerMessageId: string;
  /** Of an e-mail: lower-case names; a header that stands there more than once has a list. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly html?: string;
  readonly attachments?: readonly { readonly filename: string | null; readonly contentType: string; readonly size: number }[];
  readonly media?: readonly string[];
  /** Of an SMS: the carrier may not transmit it later than this (ValidityPeriod). */
  readonly validUntil?: string;
  /** The carrier's own answer to STOP or START, which the clinic did not send. */
  readonly automatic?: true;
}

export type TextStatus = 'accepted' | 'queued' | 'sent' | 'delivered' | 'undelivered' | 'received';

/** One text as the carrier knows it, in either direction. */
export interface Text {
  readonly sid: string;
  readonly direction: 'outbound-api' | 'outbound-reply' | 'inbound';
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly media: readonly string[];
  readonly service: string | null;
  readonly statusCallback: string | null;
  readonly createdAt: Date;
  readonly validUntil: Date;
  status: TextStatus;
  sentAt: Date | null;
  errorCode: number | null;
  /** Counts every change anywhere, so that a page can ask for what is new. */
  revision: number;
}

/** What reached the outside, and what stands on the phones. Kept in memory: the sandbox forgets when it stops. */
export class Journal {
  readonly #accepted: Accepted[] = [];
  readonly #texts = new Map<string, Text>();
  #revision = 0;

  get revision(): number {
    return this.#revision;
  }

  /** Writes a line of the ground truth and gives it its number. */
  accept(message: Omit<Accepted, 'n'>): Accepted {
    const line = { n: this.#accepted.length + 1, ...message };
    this.#accepted.push(line);
    this.#revision += 1;
    return line;
  }

  /** Everything accepted after number `n`, in order. */
  since(n: number): readonly Accepted[] {
    return this.#accepted.slice(Math.max(0, n));
  }

  add(text: Omit<Text, 'revision'>): Text {
    this.#revision += 1;
    const kept = { ...text, revision: this.#revision };
    this.#texts.set(text.sid, kept);
    return kept;
  }

  change(text: Text, change: Partial<Pick<Text, 'status' | 'sentAt' | 'errorCode'>>): void {
    this.#revision += 1;
    Object.assign(text, change, { revision: this.#revision });
  }

  text(sid: string): Text | undefined {
    return this.#texts.get(sid);
  }

  /** All texts, oldest first. */
  texts(): readonly Text[] {
    return [...this.#texts.values()];
  }
}
