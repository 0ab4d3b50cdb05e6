import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { projectRoot } from '#platform';
import { Temporal } from 'temporal-polyfill';
import { freePort } from '../libs/platform/ports.js';
import { endProducts, Product } from './support/product.js';

jest.setTimeout(120_000);

const zone = 'America/New_York';
const stream = readFileSync(join(projectRoot, 'test/fixtures/consultations.ndjson'), 'utf8');

interface Answer<T> {
  readonly status: number;
  readonly type: string;
  readonly body: T;
  readonly text: string;
}
interface Session {
  readonly id: string;
  readonly courseId: string;
  readonly patientId: string;
  readonly number: number;
  readonly protocolId: string;
  readonly status: string;
  readonly start: string;
  readonly end: string;
}
interface Sent {
  readonly n: number;
  readonly channel: string;
  readonly to: string;
  readonly body: string;
  readonly acceptedAt: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly providerMessageId: string;
}
interface Consultation {
  readonly patientId: string;
  readonly courseId: string | null;
  readonly gates: readonly { readonly gate: string; readonly met: string }[];
}
interface Patient {
  readonly givenName: string;
  readonly familyName: string;
  readonly phone: string;
  readonly email: string;
  readonly consents: readonly { readonly channel: string; readonly scope: string; readonly granted: boolean; readonly method: string }[];
}
interface Task {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
}
interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

let demo: Product;
let address = '';

async function call<T>(
  method: string,
  path: string,
  { body, key = 'demo-key', headers = {} }: { body?: string; key?: string; headers?: Record<string, string> } = {},
): Promise<Answer<T>> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const [text, type] = [await response.text(), response.headers.get('content-type') ?? ''];
  return { status: response.status, type, text, body: (type.includes('json') ? JSON.parse(text) : null) as T };
}

const get = async <T>(path: string): Promise<T> => (await call<T>('GET', path)).body;
const post = <T>(path: string, body: unknown = {}, headers: Record<string, string> = {}) => call<T>('POST', path, { body: JSON.stringify(body), headers });
const send = (key?: string) =>
  call<{ accepted: number; duplicates: number; rejected: unknown[] }>('POST', '/v1/events', {
    body: stream,
    headers: { 'content-type': 'application/x-ndjson' },
    ...(key === undefined ? {} : { key }),
  });
const outside = async (after = 0) => (await get<Page<Sent>>(`/sandbox/messages?since=${after}`)).items;
const advance = async (by: string) => (await post<{ now: string }>('/sandbox/clock/advance', { by })).body.now;
const settle = () => advance('PT0S');
const patient = (id: string) => get<Patient>(`/v1/patients/${id}`);

async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page<T> = await get(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/** Whether the clinic may write to a patient at that instant: 09:00 to 20:00 in New York, from 12:00 on Sundays. */
function isPermitted(instant: string): boolean {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return local.hour >= (local.dayOfWeek === 7 ? 12 : 9) && (local.hour < 20 || (local.hour === 20 && local.minute === 0));
}

const consultationIds = [...new Set(stream.split('\n').flatMap((line) => line.match(/"subject":"(c-[^"]+)"/)?.[1] ?? []))];

beforeAll(async () => {
  demo = new Product('scripts/demo.mjs', ['--no-seed', '--port', String(await freePort()), '--start', '2026-11-23T14:00:00Z']);
  address = (await demo.says(/^ready (\S+)$/m))[1] ?? '';
});

afterAll(async () => {
  await demo.stop();
  await endProducts();
});

describe('the demo, from outside', () => {
  /** Who asked for silence on the first day, before two days of messages. */
  let silent = '';
  let stopNumber = 0;

  test('takes the sample stream once: the second time everything is a duplicate (invariant 10)', async () => {
    const first = await send();
    expect(first.status).toBe(200);
    expect(first.body.accepted).toBeGreaterThan(1_000);
    expect(first.body.accepted + first.body.duplicates + first.body.rejected.length).toBe(stream.split('\n').filter((line) => line.trim() !== '').length);
    const second = await send();
    expect(second.body).toEqual({ accepted: 0, duplicates: first.body.accepted + first.body.duplicates, rejected: first.body.rejected });
  });

  test('refuses a wrong key with a problem, and says what is wrong with what it refuses', async () => {
    const refused = await send('not-the-key');
    expect([refused.status, refused.type]).toEqual([401, expect.stringMatching(/^application\/problem\+json/)]);
    expect(refused.body).toMatchObject({ status: 401, title: expect.any(String) });
    expect((await call('POST', '/v1/events', { body: '<event/>', headers: { 'content-type': 'text/xml' } })).status).toBe(415);
  });

  test('books the courses whose gates are all met or waived, and no others (invariant 2)', async () => {
    await settle();
    const consultations = await Promise.all(consultationIds.map((id) => get<Consultation>(`/v1/consultations/${id}`)));
    const isOpen = ({ gates }: Consultation) => gates.every(({ met }) => met !== 'unmet');
    const [open, closed] = [consultations.filter(isOpen), consultations.filter((one) => !isOpen(one))];
    const sessions = await all<Session>('/v1/sessions');
    const booked = new Set(sessions.map(({ courseId }) => courseId));
    expect(open.length).toBeGreaterThan(20);
    expect(closed.length).toBeGreaterThan(3);
    expect(closed.map(({ courseId }) => courseId)).toEqual(closed.map(() => null));
    expect(open.filter(({ courseId }) => courseId === null)).toEqual([]);
    const opened = new Set(open.map(({ courseId }) => courseId));
    expect([...booked].filter((courseId) => !opened.has(courseId))).toEqual([]);
    expect(booked.size).toBeGreaterThan(20);
  });

  test('STOP withdraws the consent at once, is confirmed once, and a person under care is called instead (invariant 7)', async () => {
    const texted = await all<{ patientId: string; channel: string; status: string; dueAt: string }>('/v1/outreach?status=planned&to=2026-11-25T14:00:00Z');
    silent = texted.find(({ channel }) => channel === 'sms')?.patientId ?? '';
    stopNumber = (await outside()).at(-1)?.n ?? 0;
    const { phone } = await patient(silent);
    expect((await post<{ status: number }>('/sandbox/replies', { from: phone, body: 'STOP' })).status).toBe(200);
    await settle();
    const { consents } = await patient(silent);
    expect(consents.filter(({ channel, scope }) => channel === 'sms' && scope === 'care')).toEqual([
      expect.objectContaining({ granted: false, method: 'keyword' }),
    ]);
    expect((await all<Task>(`/v1/tasks?status=open&patientId=${silent}`)).filter(({ kind }) => kind === 'call')).toHaveLength(1);
  });

  test('in two days every message leaves at a permitted hour (invariant 6), once (invariant 5), and none after the STOP', async () => {
    expect(await advance('P2D')).toBe('2026-11-25T14:00:00.000Z');
    const sent = await outside();
    expect(sent.length).toBeGreaterThan(50);
    expect(sent.filter(({ acceptedAt }) => acceptedAt > '2026-11-24').length).toBeGreaterThan(5);
    expect(sent.filter(({ acceptedAt }) => !isPermitted(acceptedAt))).toEqual([]);
    expect(new Set(sent.map(({ providerMessageId }) => providerMessageId)).size).toBe(sent.length);
    expect(sent.map(({ n }) => n)).toEqual(sent.map((_, index) => index + 1));
    const { phone } = await patient(silent);
    expect(sent.filter(({ to, n }) => to === phone && n > stopNumber)).toHaveLength(1);
  });

  test('an infection after a session pages the on-call at that instant, climbs, and ends when someone takes it', async () => {
    const first = (await all<Session>('/v1/sessions?status=booked')).find(({ patientId }) => patientId !== silent);
    if (first === undefined) throw new Error('nobody else is booked');
    await post('/sandbox/clock/advance', { to: first.end });
    for (const step of ['arrive', 'complete']) expect((await post(`/v1/sessions/${first.id}/${step}`)).status).toBe(200);
    const now = await advance('PT1H');
    const [{ phone }, before] = [await patient(first.patientId), (await outside()).at(-1)?.n ?? 0];
    await post('/sandbox/replies', { from: phone, body: 'there is pus coming out' });
    expect(await settle()).toBe(now);
    expect(await get<{ urgency: string }>(`/v1/conversations/${first.patientId}`)).toMatchObject({ urgency: 'urgent' });
    const pages = (await outside(before)).filter(({ to }) => to !== phone);
    expect(pages.map(({ channel }) => channel).sort()).toEqual(['email', 'sms']);
    expect(pages.map(({ acceptedAt }) => acceptedAt)).toEqual([now, now]);
    expect(pages.filter(({ body }) => /pus|ultrasound|laser|peel/i.test(body))).toEqual([]);
    const climbed = (await outside()).at(-1)?.n ?? 0;
    await advance('PT6M');
    expect((await outside(climbed)).filter(({ to, channel }) => channel === 'sms' && to !== phone)).toHaveLength(1);
    const task = (await all<Task>(`/v1/tasks?status=open&patientId=${first.patientId}`)).find(({ kind }) => kind === 'escalation');
    expect((await post(`/v1/tasks/${task?.id}/acknowledge`)).status).toBe(200);
    const acknowledged = (await outside()).at(-1)?.n ?? 0;
    await advance('PT1H');
    expect((await outside(acknowledged)).filter(({ body }) => /needs you now/.test(body))).toEqual([]);
  });

  test('a session does not move into a forbidden window (invariant 3), and the same key gives the same answer', async () => {
    const sessions = await all<Session>('/v1/sessions?status=booked');
    const second = sessions.find(({ number, courseId }) => number === 2 && sessions.some((other) => other.courseId === courseId && other.number === 1));
    const before = sessions.find(({ number, courseId }) => number === 1 && courseId === second?.courseId);
    if (second === undefined || before === undefined) throw new Error('no course has two sessions ahead');
    const headers = { 'idempotency-key': 'move-once' };
    const tooSoon = new Date(Date.parse(before.start) + 24 * 3_600_000).toISOString();
    const refused = await post(`/v1/sessions/${second.id}/reschedule`, { start: tooSoon }, headers);
    expect([refused.status, refused.type]).toEqual([409, expect.stringMatching(/^application\/problem\+json/)]);
    expect(refused.body).toMatchObject({ constraint: expect.stringMatching(/^(interval|hours|spacing)$/) });
    expect((refused.body as { constraints: unknown[] }).constraints).toContainEqual(expect.objectContaining({ constraint: 'interval' }));
    const again = await post(`/v1/sessions/${second.id}/reschedule`, { start: tooSoon }, headers);
    expect([again.status, again.type, again.body]).toEqual([409, refused.type, refused.body]);
    expect((await post(`/v1/sessions/${second.id}/cancel`, { reason: 'other', by: 'patient' }, headers)).status).toBe(422);
    const confirmed = await post<Session>(`/v1/sessions/${second.id}/confirm`, {}, { 'idempotency-key': 'confirm-once' });
    expect(confirmed.body).toMatchObject({ id: second.id, status: 'confirmed', start: second.start });
    const confirmedAgain = await post<Session>(`/v1/sessions/${second.id}/confirm`, {}, { 'idempotency-key': 'confirm-once' });
    expect([confirmedAgain.status, confirmedAgain.body]).toEqual([confirmed.status, confirmed.body]);
  });

  test('describes itself as OpenAPI 3.1 and answers for its health', async () => {
    expect(await get<{ openapi: string; paths: Record<string, unknown> }>('/docs-json')).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/),
      paths: { '/v1/events': expect.anything(), '/v1/sessions/{id}/reschedule': expect.anything() },
    });
    expect((await call('GET', '/healthz')).status).toBe(200);
    expect(await get('/readyz')).toEqual({ status: 'ready', checks: { database: true, migrations: true, queue: true } });
  });

  test('metrics name nobody, and no link of a patient (invariant 11)', async () => {
    const sent = await outside();
    const link = sent.map(({ headers }) => /\/p\/([\w-]+)/.exec(headers?.['list-unsubscribe'] ?? '')?.[1]).find((token) => token !== undefined);
    if (link === undefined) throw new Error('no message carries a link');
    expect((await call('GET', `/p/${link}`)).status).toBeLessThan(500);
    await call('GET', `/p/${link}/unsubscribe`);
    const named = await patient(silent);
    await call('GET', `/v1/patients?query=${encodeURIComponent(named.familyName)}`);
    await call('GET', `/v1/patients/${encodeURIComponent(named.email)}`);
    await call('GET', `/${named.familyName}`);
    const metrics = await call('GET', '/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.text).toMatch(/^afterglow_outreach\{status="sent"\} \d+$/m);
    expect(metrics.text).toMatch(/^afterglow_http_requests_total\{/m);
    const secrets = [link, named.phone, named.email, named.familyName, silent, ...sent.map(({ to }) => to)];
    expect(secrets.filter((secret) => metrics.text.includes(secret))).toEqual([]);
  });
});
