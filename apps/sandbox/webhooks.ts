import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export type Form = Readonly<Record<string, string>>;

/**
 * The carrier's signature: HMAC-SHA1, in base64, of the full address followed by every parameter's name and value,
 * sorted by name (twilio.com/docs/usage/security).
 */
export function sign(authToken: string, url: string, form: Form): string {
  const parameters = Object.keys(form)
    .sort()
    .map((name) => `${name}${form[name]}`);
  return createHmac('sha1', authToken)
    .update(url + parameters.join(''), 'utf8')
    .digest('base64');
}

const atOnce = 16;
/** The carrier gives a webhook this long, and tries again once when no connection came about. */
const patienceMillis = 15_000;
const secondTryMillis = 200;

/** Calls the clinic's webhooks, signed, a few at once, and knows how many are still on their way. */
export class Webhooks {
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #idle: (() => void)[] = [];
  #running = 0;
  #done = 0;

  constructor(
    private readonly authToken: string,
    private readonly mailSecret: string,
  ) {}

  /** How many series of calls have not ended yet. */
  get pending(): number {
    return this.#running + this.#waiting.length;
  }

  /** How many series of calls have ended since the start. */
  get done(): number {
    return this.#done;
  }

  /** Resolves when nothing is on its way. */
  idle(): Promise<void> {
    return this.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Calls the same address with each form in turn, some time later. */
  later(url: string, forms: readonly Form[]): void {
    this.#add(async () => {
      for (const form of forms) await this.call(url, form);
    });
  }

  /** Calls once. Gives the webhook's HTTP status, or null when nobody answered. */
  call(url: string, form: Form): Promise<number | null> {
    const headers = { 'x-twilio-signature': sign(this.authToken, url, form), 'user-agent': 'TwilioProxy/1.1' };
    return this.#try(url, { headers, body: new URLSearchParams(form) });
  }

  /** Hands an e-mail in as it came over the wire, some time later. */
  mailLater(url: string, letter: string): void {
    this.#add(async () => void (await this.mail(url, letter)));
  }

  /** Hands an e-mail in once. Gives the webhook's HTTP status, or null when nobody answered. */
  mail(url: string, letter: string): Promise<number | null> {
    const authorization = `Basic ${Buffer.from(`mail:${this.mailSecret}`).toString('base64')}`;
    return this.#try(url, { headers: { authorization, 'content-type': 'message/rfc822' }, body: letter });
  }

  #add(series: () => Promise<void>): void {
    this.#waiting.push(series);
    setImmediate(() => this.#next());
  }

  async #try(url: string, call: Pick<RequestInit, 'headers' | 'body'>): Promise<number | null> {
    return (await this.#post(url, call)) ?? (await pause(secondTryMillis).then(() => this.#post(url, call)));
  }

  async #post(url: string, call: Pick<RequestInit, 'headers' | 'body'>): Promise<number | null> {
    try {
      const response = await fetch(url, { method: 'POST', ...call, signal: AbortSignal.timeout(patienceMillis) });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }

  #next(): void {
    if (this.#running >= atOnce) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#running += 1;
    void job().finally(() => {
      this.#running -= 1;
      this.#done += 1;
      this.#next();
      if (this.pending === 0) this.#idle.splice(0).forEach((resolve) => resolve());
    });
  }
}
