import type { Text } from './journal.js';

/** The REST API's error body: twilio.com/docs/usage/twilios-response. */
export interface TwilioError {
  readonly code: number;
  readonly message: string;
  readonly more_info: string;
  readonly status: number;
}

const statuses: Readonly<Record<number, number>> = { 20003: 401, 20404: 404, 20429: 429, 20500: 500 };

const messages: Readonly<Record<number, string>> = {
  20003: 'Authenticate',
  20404: 'The requested resource was not found',
  20429: 'Too Many Requests',
  20500: 'An internal server error has occurred',
  21211: "Invalid 'To' Phone Number",
  21212: "Invalid 'From' Phone Number",
  21602: 'Message body is required.',
  21603: "A 'From' or 'MessagingServiceSid' parameter is required to send a message",
  21604: "A 'To' phone number is required.",
  21610: 'Attempt to send to unsubscribed recipient',
  21614: "'To' number is not a valid mobile number",
  21617: 'The concatenated message body exceeds the 1600 character limit',
};

/** An error with the HTTP status and the words that belong to its code; 400 for a code that is not known here. */
export function twilioError(code: number, message = messages[code] ?? `Error ${code}`): TwilioError {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status: statuses[code] ?? 400 };
}

const errorMessages: Readonly<Record<number, string>> = {
  30003: 'Unreachable destination handset',
  30005: 'Unknown destination handset',
  30007: 'Carrier violation',
  30008: 'Unknown error',
  30036: 'Validity Period Expired',
};

const gsm7 = /^[A-Za-z0-9 \r\n@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[~\]|€]*$/;
const gsm7Double = /[\^{}\\[~\]|€]/g;

/** 160 characters, or 153 a part, in the GSM alphabet; 70 or 67 when one character lies outside it. */
function segments(body: string): number {
  const [length, one, part] = gsm7.test(body) ? [body.length + (body.match(gsm7Double)?.length ?? 0), 160, 153] : [body.length, 70, 67];
  return length <= one ? 1 : Math.ceil(length / part);
}

/** RFC 2822, as this API writes its instants; the seconds are its finest grain. */
const rfc2822 = (instant: Date | null) => instant && instant.toUTCString().replace('GMT', '+0000');

/** A message as the REST API shows it: twilio.com/docs/messaging/api/message-resource. */
export function messageResource(accountSid: string, text: Text) {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}`;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: text.body,
    date_created: rfc2822(text.createdAt),
    date_sent: rfc2822(text.sentAt),
    date_updated: rfc2822(text.sentAt ?? text.createdAt),
    direction: text.direction,
    error_code: text.errorCode,
    error_message: text.errorCode === null ? null : (errorMessages[text.errorCode] ?? `Error ${text.errorCode}`),
    // A service chooses its number only once the message leaves the queue.
    from: text.status === 'accepted' ? null : text.from,
    messaging_service_sid: text.service,
    num_media: String(text.media.length),
    num_segments: String(segments(text.body)),
    price: null,
    price_unit: 'USD',
    sid: text.sid,
    status: text.status,
    subresource_uris: { media: `${uri}/Media.json` },
    tags: null,
    to: text.to,
    uri: `${uri}.json`,
  };
}
