import twilio from 'twilio';
import { z } from 'zod';
import type { Clock } from '#platform';
import { foldToGsm } from '../segments.js';
import { carrierError } from './carrier-errors.js';
import { type Channel, type Evidence, type EvidenceQuestion, type ListedMessage, type OutgoingMessage, type SendAnswer, tooLate, wordsOf } from './channel.js';
import { statusReport } from './twilio-webhooks.js';

type Listed = Awaited<ReturnType<ReturnType<typeof twilio>['messages']['page']>>['instances'][number];
interface ListPage {
  readonly instances: readonly Listed[];
  nextPage(): Promise<ListPage> | undefined;
}

export interface TwilioChannelOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** One of the two; the service wins. */
  readonly from?: string;
  readonly messagingServiceSid?: string;
  /** Where the API stands, when it is not Twilio's own (the sandbox). */
  readonly apiBaseUrl?: string;
  /** Where status callbacks go: the attempt's id is added, and nothing about the patient. */
  readonly statusCallbackUrl: string;
  readonly timeoutMillis?: number;
  readonly clock: Clock;
}

const defaultTimeoutMillis = 10_000;
/** The carrier's longest, and its default: a message may wait this long in its queue unless told otherwise. */
const longestValiditySeconds = 36_000;
/** The carrier's clock and ours may differ by this much, and its instants are whole seconds. */
const slackMillis = 60_000;
const listedAtMost = 200;
/** The longest page that the carrier gives. */
const longestPage = 1_000;
/** The request never reached anybody. */
const neverLeft = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

const apiError = z.object({ status: z.number().int(), code: z.number().int() });
const systemError = z.object({ code: z.string() });

/** Sorts what the SDK throws by the table of SendAnswer. */
function answerOf(error: unknown): SendAnswer {
  const why = wordsOf(error);
  const api = apiError.safeParse(error);
  if (api.success && api.data.status >= 400 && api.data.status < 500) {
    const meaning = api.data.status === 429 ? carrierError(20429) : carrierError(api.data.code);
    return { kind: 'refused', ...meaning, why };
  }
  const system = systemError.safeParse(error);
  if (system.success && neverLeft.has(system.data.code)) {
    return { kind: 'refused', code: system.data.code, reason: 'away', retry: 'later', why };
  }
  return { kind: 'in-doubt', why };
}

/**
 * SMS through the real SDK, which sends each request once: its retries are off, for the API knows no idempotency key.
 * Proxies: the SDK sends https through HTTP_PROXY when that is set; plain http (the sandbox) never.
 */
export function twilioChannel(options: TwilioChannelOptions): Channel {
  const { clock } = options;
  const client = twilio(options.accountSid, options.authToken, { autoRetry: false, timeout: options.timeoutMillis ?? defaultTimeoutMillis });
  if (options.apiBaseUrl !== undefined) client.api.baseUrl = options.apiBaseUrl;
  const sender = options.messagingServiceSid === undefined ? { from: options.from } : { messagingServiceSid: options.messagingServiceSid };

  function callbackOf(attemptId: string): string {
    const url = new URL(options.statusCallbackUrl);
    url.searchParams.set('attempt', attemptId);
    return url.href;
  }

  /** Seconds until the permitted hours end, as far as the carrier can wait. */
  function validityPeriod({ validUntil }: OutgoingMessage): number {
    if (validUntil === null) return longestValiditySeconds;
    const seconds = Math.floor((validUntil.getTime() - clock.now().getTime()) / 1000);
    return Math.min(Math.max(seconds, 1), longestValiditySeconds);
  }

  async function send(message: OutgoingMessage, attemptId: string): Promise<SendAnswer> {
    const late = tooLate(message, clock.now());
    if (late !== null) return late;
    const { to, body } = message;
    const order = { ...sender, to, body, validityPeriod: validityPeriod(message), statusCallback: callbackOf(attemptId) };
    try {
      const { sid } = await client.messages.create(order);
      return sid ? { kind: 'sent', providerMessageId: sid } : { kind: 'in-doubt', why: 'an answer without a sid' };
    } catch (error) {
      return answerOf(error);
    }
  }

  /** To and text must agree; the service may have replaced typographic signs, so both are folded before. */
  async function evidence({ to, body, since, claimed }: EvidenceQuestion): Promise<Evidence> {
    try {
      const listed = await client.messages.list({ to, limit: listedAtMost, pageSize: listedAtMost });
      const found = listed.find(
        (message) =>
          message.direction !== 'inbound' &&
          !claimed.has(message.sid) &&
          message.dateCreated.getTime() >= since.getTime() - slackMillis &&
          foldToGsm(message.body) === foldToGsm(body),
      );
      if (found !== undefined) return { kind: 'accepted', providerMessageId: found.sid };
      // Newest first: a list that was cut off before the attempt proves nothing of it.
      const isCut = listed.length === listedAtMost && listed.every(({ dateCreated }) => dateCreated.getTime() >= since.getTime() - slackMillis);
      return isCut ? { kind: 'no-answer', why: `the list holds more than ${listedAtMost} messages since the attempt` } : { kind: 'not-found' };
    } catch (error) {
      return { kind: 'no-answer', why: wordsOf(error) };
    }
  }

  const isOurs = ({ direction, from, messagingServiceSid }: Listed) =>
    direction === 'outbound-api' && (options.messagingServiceSid === undefined ? from === options.from : messagingServiceSid === options.messagingServiceSid);

  /** The list runs from new to old: a page on which everything is older is the last that matters. */
  async function* listSince(since: Date): AsyncGenerator<readonly ListedMessage[]> {
    const oldest = since.getTime() - slackMillis;
    let page: ListPage | undefined = await client.messages.page({ pageSize: longestPage });
    while (page !== undefined) {
      const recent: readonly Listed[] = page.instances.filter(({ dateCreated }) => dateCreated.getTime() >= oldest);
      yield recent.filter(isOurs).map(({ sid, status, errorCode, dateCreated }) => ({
        createdAt: dateCreated,
        report: statusReport({ sid, status, code: errorCode || null, attemptId: null }),
      }));
      page = recent.length === 0 ? undefined : await page.nextPage();
    }
  }

  return { name: 'sms', send, evidence, listSince, close: async () => undefined };
}
