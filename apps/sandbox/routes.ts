import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { callbackModes, type FaultOrder, handOverModes, mailModes } from './faults.js';
import { read, refuse } from './problem.js';
import type { Outside } from './sandbox.js';

const channel = z.enum(['sms', 'email'], 'must be sms or email');
const modes = [...handOverModes, ...callbackModes, ...mailModes] as const;
const mode = z.enum(modes, `must be one of ${modes.join(', ')}`);
// A mail server calls nobody back: what is asked to go wrong with its callbacks is taken, and hits nothing.
const onlyFor: Readonly<Record<'sms' | 'email', readonly string[]>> = { sms: ['hold', 'undelivered'], email: mailModes };

const faultOrder = z
  .object({
    channel,
    mode,
    count: z.number().int().min(1).max(1_000_000).optional(),
    rate: z.number().min(0).max(1).optional(),
    code: z.number().int().min(400).max(99_999).optional(),
    status: z
      .string()
      .regex(/^[45]\.\d{1,3}\.\d{1,3}$/, 'must be an enhanced status code such as 5.1.1')
      .optional(),
  })
  .refine(({ count, rate }) => (count === undefined) !== (rate === undefined), { path: ['count'], message: 'either count or rate must be given' })
  .refine((order) => order.channel === 'sms' || !onlyFor.sms.includes(order.mode), { path: ['mode'], message: 'is only for sms' })
  .refine((order) => order.channel === 'email' || !onlyFor.email.includes(order.mode), { path: ['mode'], message: 'is only for email' })
  .refine(({ channel, status }) => channel === 'email' || status === undefined, { path: ['status'], message: 'is only for email' })
  .refine((order) => order.channel === 'sms' || order.code === undefined || (order.code >= 400 && order.code < 600), {
    path: ['code'],
    message: 'must be an SMTP reply from 400 to 599',
  });

const patientText = z.object({
  from: z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164'),
  body: z.string().max(1600).default(''),
  media: z
    .array(z.union([z.url(), z.object({ url: z.url() }).transform(({ url }) => url)]))
    .max(10)
    .default([]),
  messageSid: z
    .string()
    .regex(/^[0-9A-Za-z_-]{1,64}$/, 'must be up to 64 letters and digits')
    .optional(),
});

const patientLetter = z.object({
  from: z.email('must be an e-mail address or a phone number in E.164'),
  body: z.string().max(100_000).default(''),
  subject: z.string().max(500).optional(),
  messageSid: patientText.shape.messageSid,
});
const isLetter = (body: unknown) => typeof body === 'object' && body !== null && 'from' in body && String(body.from).includes('@');

const since = z.object({ since: z.coerce.number().int().min(0).default(0) });
const mailNumber = z.object({ n: z.coerce.number().int().min(1) });
const faultFilter = z.object({ channel: channel.optional(), mode: mode.optional() });
const furthestAheadYears = 20;

const target = z
  .object({ by: z.string().optional(), to: z.string().optional() })
  .refine(({ by, to }) => (by === undefined) !== (to === undefined), { path: ['by'], message: 'either by or to must be given' });

/** @throws RangeError when it cannot be read. A day of `by` has 24 hours; months and years are the calendar's, in UTC. */
function targetInstant(now: Date, { by, to }: z.output<typeof target>): Date {
  if (to !== undefined) return new Date(Temporal.Instant.from(to).epochMilliseconds);
  const start = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO('UTC');
  return new Date(start.add(Temporal.Duration.from(by ?? 'PT0S')).epochMilliseconds);
}

async function advance(world: Outside, body: unknown, response: Response): Promise<void> {
  const asked = read(target, body ?? {}, response);
  if (asked === null) return;
  const path = asked.to === undefined ? 'by' : 'to';
  const invalid = (detail: string) => refuse(response, { status: 422, code: 'invalid', detail: `${path}: ${detail}`, path });
  if (!world.canAdvance) return refuse(response, { status: 409, code: 'clock_not_simulated', detail: 'The clock is the machine’s own and cannot be moved.' });
  const now = world.now();
  try {
    const instant = targetInstant(now, asked);
    if (instant < now) return invalid(`the clock stands at ${now.toISOString()} and never runs backwards`);
    if (instant.getUTCFullYear() - now.getUTCFullYear() > furthestAheadYears) return invalid(`lies more than ${furthestAheadYears} years ahead`);
    response.json({ now: (await world.advance(instant)).toISOString() });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    invalid(path === 'by' ? 'must be an ISO 8601 duration such as P3D or PT6H' : 'must be an instant such as 2026-12-01T09:00:00Z');
  }
}

/** 200 with the webhook's status when it took the message; otherwise that status, or 502 when nobody answered. */
function answerWith(response: Response, given: number | null): void {
  const status = given ?? 502;
  response.status(status >= 400 ? status : 200).json({ status });
}

async function write(world: Outside, body: unknown, response: Response): Promise<void> {
  const letter = read(patientLetter, body, response);
  if (letter === null) return;
  const { messageSid, ...rest } = letter;
  answerWith(response, await world.write({ ...rest, ...(messageSid !== undefined && { messageId: `<${messageSid}@patient.example>` }) }));
}

/** From a phone a text, from an e-mail address an e-mail. */
async function reply(world: Outside, body: unknown, response: Response): Promise<void> {
  if (isLetter(body)) return write(world, body, response);
  const text = read(patientText, body ?? {}, response);
  if (text === null) return;
  if (text.body === '' && text.media.length === 0) {
    return refuse(response, { status: 422, code: 'invalid', detail: 'body: a text needs words or media', path: 'body' });
  }
  answerWith(response, await world.reply({ from: text.from, body: text.body, media: text.media, sid: text.messageSid }));
}

function addFault(world: Outside, body: unknown, response: Response): void {
  const order: FaultOrder | null = read(faultOrder, body ?? {}, response);
  if (order === null) return;
  world.faults.add(order);
  response.status(201).json(order);
}

function endFaults(world: Outside, query: unknown, response: Response): void {
  const filter = read(faultFilter, query, response);
  if (filter === null) return;
  world.faults.end(filter);
  world.carrier.tick();
  response.json({ items: world.faults.list(), next: null });
}

/** What the page shows: texts in both directions and e-mails, as far as they changed after the given revision. */
function activity(world: Outside, revision: number) {
  const { journal, carrier, faults } = world;
  return {
    revision: journal.revision,
    now: world.now().toISOString(),
    timeZone: world.timeZone,
    canAdvance: world.canAdvance,
    texts: journal
      .texts()
      .filter((text) => text.revision > revision)
      .map(({ sid, direction, from, to, body, media, status, errorCode, createdAt }) => {
        const phone = direction === 'inbound' ? from : to;
        return { sid, phone, direction, body, media, status, errorCode, at: createdAt.toISOString() };
      }),
    faults: faults.list(),
    optedOut: carrier.optedOut,
  };
}

function projectFolder(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(folder) === folder ? folder : projectFolder(dirname(folder));
}

const pageFolder = join(projectFolder(dirname(fileURLToPath(import.meta.url))), 'apps', 'sandbox', 'page');
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: http: https:; frame-src 'self'";
/** A patient's mail program shows no scripts and opens links in a window of their own. */
const mailPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:";

function mail(world: Outside, parameters: unknown, response: Response): void {
  const asked = read(mailNumber, parameters, response);
  if (asked === null) return;
  const found = world.journal.since(asked.n - 1)[0];
  if (found?.html === undefined) return refuse(response, { status: 404, code: 'not_found', detail: `no e-mail in HTML has number ${asked.n}` });
  response.set({ 'content-security-policy': mailPolicy, 'x-frame-options': 'SAMEORIGIN' });
  response.type('html').send(`<!doctype html><base target="_blank">${found.html}`);
}

/** What body-parser throws: not JSON, too large. */
function unreadable(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (status >= 500 || !(error instanceof Error)) return next(error);
  refuse(response, { status, code: 'unreadable', detail: error.message });
}

/** The sandbox's own calls and its page, all under `/sandbox`: to be mounted at the root of an address. */
export function sandboxRouter(world: Outside): Router {
  const router = Router();
  const json = express.json({ limit: '5mb' });
  router.get('/sandbox/messages', (request, response) => {
    const asked = read(since, request.query, response);
    if (asked !== null) response.json({ items: world.messages(asked.since), next: null });
  });
  router.get('/sandbox/activity', (request, response) => {
    const asked = read(since, request.query, response);
    if (asked !== null) response.json(activity(world, asked.since));
  });
  router.post('/sandbox/replies', json, (request, response) => reply(world, request.body, response));
  router.get('/sandbox/faults', (_request, response) => void response.json({ items: world.faults.list(), next: null }));
  router.post('/sandbox/faults', json, (request, response) => addFault(world, request.body, response));
  router.delete('/sandbox/faults', (request, response) => endFaults(world, request.query, response));
  router.get('/sandbox/clock', (_request, response) => void response.json({ now: world.now().toISOString() }));
  router.post('/sandbox/clock/advance', json, (request, response) => advance(world, request.body, response));
  router.get('/sandbox/mail/:n', (request, response) => mail(world, request.params, response));
  router.get('/sandbox', (_request, response) => {
    response.set('content-security-policy', pagePolicy).sendFile(join(pageFolder, 'index.html'));
  });
  router.use('/sandbox', express.static(pageFolder, { index: false }), unreadable);
  return router;
}
