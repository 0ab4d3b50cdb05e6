import { timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import express, { type Request, type Response, Router } from 'express';
import type { Carrier, SendOrder } from './carrier.js';
import { type Faults, handOverModes } from './faults.js';
import type { Journal, Text } from './journal.js';
import { pictureOf } from './picture.js';
import { messageResource, type TwilioError, twilioError } from './twilio-format.js';

interface TwilioApiOptions {
  readonly accountSid: string;
  readonly authToken: string;
}

/** The longest, and the default, that a message may wait in the queue: 10 hours. */
const longestValiditySeconds = 36_000;
const longestPage = 1_000;

function refuse(response: Response, error: TwilioError): void {
  response.status(error.status).json(error);
}

function isAuthorised(header: string | undefined, { accountSid, authToken }: TwilioApiOptions): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`);
  const given = Buffer.from(header ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The last value of a form's or a query's field. */
function field(form: unknown, name: string): string {
  const value: unknown = typeof form === 'object' && form !== null ? Reflect.get(form, name) : undefined;
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : '';
}

function fields(form: unknown, name: string): string[] {
  const value: unknown = typeof form === 'object' && form !== null ? Reflect.get(form, name) : undefined;
  return [value].flat().filter((entry): entry is string => typeof entry === 'string');
}

function readOrder(form: unknown): SendOrder {
  const validity = Number(field(form, 'ValidityPeriod') || longestValiditySeconds);
  return {
    to: field(form, 'To').replace(/[\s().-]/g, ''),
    from: field(form, 'From') || null,
    service: field(form, 'MessagingServiceSid') || null,
    body: field(form, 'Body'),
    media: fields(form, 'MediaUrl'),
    statusCallback: field(form, 'StatusCallback') || null,
    validitySeconds: Math.min(Math.max(1, Math.trunc(validity) || 1), longestValiditySeconds),
  };
}

/** The order in which the API looks at a message: is it one, may this phone be texted, and does anything go wrong. */
async function create(request: Request, response: Response, carrier: Carrier, faults: Faults, accountSid: string): Promise<void> {
  const order = readOrder(request.body);
  const refusal = carrier.refusal(order);
  if (refusal !== null) return refuse(response, refusal);
  const fault = faults.draw('sms', handOverModes, order.to);
  if (fault?.mode === 'error') return refuse(response, twilioError(20500));
  if (fault?.mode === 'throttle') return refuse(response, twilioError(20429));
  if (fault?.mode === 'reject') return refuse(response, twilioError(fault.code ?? 21211));
  if (fault?.mode === 'timeout') {
    await pause(faults.silenceMillis);
    return void response.socket?.destroy();
  }
  const text = carrier.accept(order);
  const answer = messageResource(accountSid, text);
  carrier.dispatch(text, fault?.mode === 'hold');
  if (fault?.mode === 'accept-then-drop') return void response.socket?.destroy();
  if (fault?.mode === 'error-after-accept') return refuse(response, twilioError(20500));
  response.status(201).json(answer);
}

/** `DateSent`, `DateSent<` and `DateSent>` take a day or an instant; a message that was not sent yet has none. */
function sentWithin(text: Text, query: unknown): boolean {
  const [on, until, from] = ['DateSent', 'DateSent<', 'DateSent>'].map((name) => field(query, name));
  if (!on && !until && !from) return true;
  if (text.sentAt === null) return false;
  const sent = text.sentAt.toISOString();
  return (!on || sent.startsWith(on.slice(0, 10))) && (!until || sent.slice(0, until.length) <= until) && (!from || sent >= from);
}

function list(request: Request, response: Response, journal: Journal, accountSid: string): void {
  const { query } = request;
  const [to, from] = [field(query, 'To'), field(query, 'From')];
  const found = journal.texts().filter((text) => (!to || text.to === to) && (!from || text.from === from) && sentWithin(text, query));
  const size = Math.min(Math.max(1, Number(field(query, 'PageSize')) || 50), longestPage);
  const page = Math.max(0, Number(field(query, 'Page')) || 0);
  found.reverse();
  // A page goes on after the last message of the one before, whatever has arrived meanwhile.
  const last = field(query, 'PageToken').replace(/^PA/, '');
  const start = last ? found.findIndex(({ sid }) => sid === last) + 1 : page * size;
  const messages = found.slice(start, start + size);
  const uri = (number: number) => {
    const given = new URLSearchParams();
    for (const name of Object.keys(query)) fields(query, name).forEach((value) => given.append(name, value));
    given.set('PageSize', String(size));
    given.set('Page', String(number));
    given.delete('PageToken');
    if (number > page) given.set('PageToken', `PA${messages.at(-1)?.sid ?? ''}`);
    return `/2010-04-01/Accounts/${accountSid}/Messages.json?${given.toString()}`;
  };
  response.json({
    messages: messages.map((text) => messageResource(accountSid, text)),
    first_page_uri: uri(0),
    next_page_uri: start + size < found.length ? uri(page + 1) : null,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
    uri: uri(page),
    page,
    page_size: size,
    start,
    end: Math.max(start, start + messages.length - 1),
  });
}

/** The carrier's REST API, as far as messages go: twilio.com/docs/messaging/api/message-resource. */
export function twilioApi(options: TwilioApiOptions, journal: Journal, carrier: Carrier, faults: Faults): Router {
  const { accountSid } = options;
  const router = Router();
  const account = '/2010-04-01/Accounts/:account';
  router.use('/2010-04-01', (request, response, next) => {
    if (!isAuthorised(request.headers.authorization, options)) return refuse(response, twilioError(20003));
    next();
  });
  router.use(account, (request, response, next) => {
    if (request.params.account !== accountSid) return refuse(response, twilioError(20404));
    carrier.tick();
    next();
  });
  const form = express.urlencoded({ extended: false, limit: '64kb' });
  router.post(`${account}/Messages.json`, form, (request, response) => create(request, response, carrier, faults, accountSid));
  router.get(`${account}/Messages.json`, (request, response) => list(request, response, journal, accountSid));
  router.get(`${account}/Messages/:sid.json`, (request, response) => {
    const text = journal.text(request.params.sid);
    if (text === undefined) return refuse(response, twilioError(20404));
    response.json(messageResource(accountSid, text));
  });
  router.get(`${account}/Messages/:sid/Media/:media`, (request, response) => {
    const url = journal.text(request.params.sid)?.media[Number(request.params.media.replace(/^ME/, ''))];
    if (url === undefined) return refuse(response, twilioError(20404));
    const { contentType, bytes } = pictureOf(url);
    response.type(contentType).send(bytes);
  });
  router.use('/2010-04-01', (_request, response) => refuse(response, twilioError(20404)));
  return router;
}
