/** What may go wrong when a message is handed over, and what may go wrong afterwards. */
export const handOverModes = ['accept-then-drop', 'error-after-accept', 'error', 'reject', 'throttle', 'timeout', 'hold'] as const;
export const callbackModes = ['duplicate-callbacks', 'reordered-callbacks', 'lost-callbacks', 'undelivered'] as const;

export type Mode = (typeof handOverModes)[number] | (typeof callbackModes)[number];
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

/** A `timeout` cuts the connection without an answer after this much real time. */
export const silenceMillis = 900;

/** Mulberry32: a small seeded generator, so that a run with faults can be repeated. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The faults that are in force, in the order in which they were asked for. */
export class Faults {
  readonly #random: () => number;
  #orders: FaultOrder[] = [];

  constructor(seed: number) {
    this.#random = seeded(seed);
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

  /** The first fault that hits this message at this stage; a counted one is used up by it. */
  draw(channel: FaultChannel, modes: readonly Mode[]): FaultOrder | null {
    for (const [index, order] of this.#orders.entries()) {
      if (order.channel !== channel || !modes.includes(order.mode)) continue;
      if (order.rate !== undefined && this.#random() >= order.rate) continue;
      if (order.count !== undefined) {
        this.#orders.splice(index, 1, ...(order.count > 1 ? [{ ...order, count: order.count - 1 }] : []));
      }
      return order;
    }
    return null;
  }
}
