import { wordsOf } from './channel.js';

export interface TwilioMediaOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** Where the API stands, when it is not Twilio's own (the sandbox). */
  readonly apiBaseUrl?: string | undefined;
  readonly timeoutMillis?: number;
  readonly mostBytes?: number;
}

/** `later`: the carrier may have it another time. `refused`: it never will, or it is not to be asked. */
export type MediaAnswer =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'later'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

const twilioApi = 'https://api.twilio.com';
/** Where the API sends on to for the bytes: twilio.com/docs/messaging/guides/accepting-and-replying. Our credentials do not go along. */
const twilioStores = /(?:^|\.)(?:twilio\.com|twiliocdn\.com)$/;
const defaultTimeoutMillis = 15_000;
/** More than an MMS may weigh: twilio.com/docs/messaging/guides/accepted-mime-types. */
const defaultMostBytes = 8 * 1024 * 1024;

const refused = (why: string): MediaAnswer => ({ kind: 'refused', why });

function ofStatus(status: number): MediaAnswer {
  const why = `the carrier answered ${status}`;
  return status === 404 || status === 410 ? refused(`${why}: it is gone`) : { kind: 'later', why };
}

/** The body as far as it may weigh; null when it is heavier. */
async function bytesOf(response: Response, most: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Fetches what came with a text, from the carrier's own API and account and nowhere else: the address comes in with a webhook,
 * and a server must not be led to call addresses of somebody's choice. Never throws for what the other side does.
 */
export function twilioMedia(options: TwilioMediaOptions): (url: string) => Promise<MediaAnswer> {
  const { accountSid, authToken, apiBaseUrl = twilioApi, timeoutMillis = defaultTimeoutMillis, mostBytes = defaultMostBytes } = options;
  const home = new URL(apiBaseUrl);
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const isOurs = (url: URL) => url.origin === home.origin && url.pathname.startsWith(`/2010-04-01/Accounts/${accountSid}/`);
  const isStore = (url: URL) => url.protocol === 'https:' && url.port === '' && twilioStores.test(url.hostname);
  const get = (url: URL, headers: Record<string, string>) => fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMillis) });

  async function follow(url: URL): Promise<MediaAnswer | Response> {
    const answer = await get(url, { authorization });
    if (answer.status < 300 || answer.status >= 400) return answer;
    await answer.body?.cancel();
    const store = new URL(answer.headers.get('location') ?? '', url);
    return isStore(store) ? get(store, {}) : refused("the carrier sends on to a place that is not the carrier's");
  }

  return async (address) => {
    if (!URL.canParse(address) || !isOurs(new URL(address))) return refused("the address is not the carrier's");
    try {
      const answer = await follow(new URL(address));
      if (!(answer instanceof Response)) return answer;
      if (!answer.ok) {
        await answer.body?.cancel();
        return ofStatus(answer.status);
      }
      const bytes = await bytesOf(answer, mostBytes);
      return bytes === null ? refused(`it weighs more than ${mostBytes} bytes`) : { kind: 'fetched', bytes };
    } catch (error) {
      return { kind: 'later', why: wordsOf(error) };
    }
  };
}
