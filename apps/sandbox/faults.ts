import { createHash } from 'node:crypto';

/** What may go wrong when a message is handed over, and what may go wrong afterwards. */
export const handOverModes = ['accept-then-drop', 'error-after-accept', 'error', 'reject', 'throttle', 'timeout', 'hold'] as const;
export const callbackModes = ['duplicate-callbacks', 'reordered-callbacks', 'lost-callbacks', 'undelivered'] as const;

/** Of e-mail: taken, and reported as not delivered afterwards. */
export const mailModes = ['bounce'] as const;

export type Mode = (typeof handOverModes)[number] | (typeof callbackModes)[number] | (typeof mailModes)[number];
export type FaultChannel = 'sms' | 'email';

/**
 * One thing that goes wrong: for the next `count` messages, or for each message with probability `rate`.
 * `code` is the carrier's error code (reject, undelivered) or the SMTP reply (reject).
 */
export interface FaultOrder {
  readonly channel: FaultChannel;
  readonly mode: Mode;
  readonly count?: number;
  readonly rate?: number;
  readonly code?: number;
  /** Of e-mail: the enhanced status code (RFC 3463) that the server says beside its reply. */
  readonly status?: string;
}

export interface FaultOptions {
  /** The same seed draws the same faults for the same messages. */
  readonly seed: number;
  readonly now: () => Date;
  /** A `timeout` cuts the connection without an answer after this much real time. */
  readonly silenceMillis: number;
}

/**
 * The faults that are in force, in the order in which they were asked for. Those with a rate are drawn by the message itself (to
 * whom, when, the how-manieth): what hits one patient's message does not depend on what others get.
 */
export class Faults {
  readonly silenceMillis: number;
  readonly #drawnNow = new Map<string, number>();
  #instant = 0;
  #orders: FaultOrder[] = [];

  constructor(private readonly options: FaultOptions) {
    this.silenceMillis = options.silenceMillis;
  }

  add(order: FaultOrder): void {
    this.#orders.push(order);
  }

  /** Ends the faults of a channel or a mode; without either, all of them. */
  end({ channel, mode }: { readonly channel?: FaultChannel; readonly mode?: Mode } = {}): void {
    const ends = (order: FaultOrder) => (channel ?? order.channel) === order.channel && (mode ?? order.mode) === order.mode;
    this.#orders = this.#orders.filter((order) => !ends(order));
  }

  list(): readonly FaultOrder[] {
    return this.#orders;
  }

  /** The first fault that hits a message to this address at this stage; a counted one is used up by it. */
  draw(channel: FaultChannel, modes: readonly Mode[], to: string): FaultOrder | null {
    const nth = this.#nth(`${channel} ${modes[0] ?? ''} ${to}`);
    for (const [index, order] of this.#orders.entries()) {
      if (order.channel !== channel || !modes.includes(order.mode)) continue;
      if (order.rate !== undefined && this.#unit(order.mode, to, nth) >= order.rate) continue;
      if (order.count !== undefined) {
        this.#orders.splice(index, 1, ...(order.count > 1 ? [{ ...order, count: order.count - 1 }] : []));
      }
      return order;
    }
    return null;
  }

  /** How many such messages were drawn for at this very instant. */
  #nth(what: string): number {
    const instant = this.options.now().getTime();
    if (instant !== this.#instant) this.#drawnNow.clear();
    this.#instant = instant;
    const nth = (this.#drawnNow.get(what) ?? 0) + 1;
    this.#drawnNow.set(what, nth);
    return nth;
  }

  /** In [0, 1). */
  #unit(mode: Mode, to: string, nth: number): number {
    const name = JSON.stringify([this.options.seed, mode, to, this.#instant, nth]);
    return createHash('sha256').update(name).digest().readUInt32BE(0) / 4_294_967_296;
  }
}
