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

  constructor(private readonly authToken: string) {}

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
    this.#waiting.push(async () => {
      for (const form of forms) await this.call(url, form);
    });
    setImmediate(() => this.#next());
  }

  /** Calls once. Gives the webhook's HTTP status, or null when nobody answered. */
  async call(url: string, form: Form): Promise<number | null> {
    return (await this.#post(url, form)) ?? (await pause(secondTryMillis).then(() => this.#post(url, form)));
  }

  async #post(url: string, form: Form): Promise<number | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'x-twilio-signature': sign(this.authToken, url, form), 'user-agent': 'TwilioProxy/1.1' },
        body: new URLSearchParams(form),
        signal: AbortSignal.timeout(patienceMillis),
      });
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
