import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import nodemailer from 'nodemailer';
import twilio from 'twilio';
import { parseMail } from '#messaging';
import { type Sandbox, startSandbox } from '../apps/sandbox/index.js';

const accountSid = `AC${'1'.repeat(32)}`;
const authToken = 'sandbox-token';
const phone = '+12125550142';
const number = '+12125550100';

interface Call {
  readonly path: string;
  readonly signature: string;
  readonly form: Record<string, string>;
  readonly authorization: string;
  readonly body: string;
}

/** A clinic that remembers every webhook, and answers what it is told to. */
async function startClinic() {
  const calls: Call[] = [];
  const clinic = { calls, answer: 204, url: '', server: createServer() };
  clinic.server.on('request', (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { 'x-twilio-signature': signature, authorization = '' } = request.headers;
      calls.push({ path: request.url ?? '', signature: String(signature), form: Object.fromEntries(new URLSearchParams(body)), authorization, body });
      response.writeHead(clinic.answer).end();
    });
  });
  await once(clinic.server.listen(0, '127.0.0.1'), 'listening');
  const address = clinic.server.address();
  clinic.url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  return clinic;
}

const stop = (server: Server) => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));

let clinic: Awaited<ReturnType<typeof startClinic>>;
let sandbox: Sandbox;
let now: Date;

beforeEach(async () => {
  now = new Date('2026-12-01T15:00:00Z');
  clinic = await startClinic();
  const clock = { now: () => now, advance: async (to: Date) => void (now = to) };
  sandbox = await startSandbox({ webhookBaseUrl: clinic.url, accountSid, authToken, mailSecret: 'mail-secret', number, clock });
});

afterEach(async () => {
  await sandbox.stop();
  await stop(clinic.server);
});

const client = () => {
  const made = twilio(accountSid, authToken);
  made.api.baseUrl = sandbox.url;
  return made;
};
const text = (body = 'See you on Tuesday', more: object = {}) =>
  client().messages.create({ to: phone, from: number, body, statusCallback: `${clinic.url}/webhooks/twilio/status?attempt=a1`, ...more });
const call = async (method: string, path: string, body?: unknown) => {
  const init = body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${sandbox.url}${path}`, init);
  return { status: response.status, type: response.headers.get('content-type') ?? '', body: await response.json().catch(() => null) };
};
const fault = (order: object) => call('POST', '/sandbox/faults', order);
const statuses = () => clinic.calls.map(({ form }) => form['MessageStatus']);

describe('the carrier', () => {
  test('takes a message from the real SDK, logs it and calls back in order, signed', async () => {
    const sent = await text();
    expect(sent).toMatchObject({ status: 'queued', to: phone, from: number, errorCode: null, numSegments: '1' });
    await sandbox.idle();
    expect(statuses()).toEqual(['sent', 'delivered']);
    for (const { path, signature, form } of clinic.calls) {
      expect(path).toBe('/webhooks/twilio/status?attempt=a1');
      expect(twilio.validateRequest(authToken, signature, clinic.url + path, form)).toBe(true);
    }
    expect((await call('GET', '/sandbox/messages')).body).toMatchObject({
      items: [{ n: 1, channel: 'sms', to: phone, from: number, acceptedAt: '2026-12-01T15:00:00.000Z', providerMessageId: sent.sid }],
      next: null,
    });
    expect(await client().messages(sent.sid).fetch()).toMatchObject({ status: 'delivered', dateSent: now });
  });

  test('lists newest first, by phone, page by page', async () => {
    for (const body of ['one', 'two', 'three']) await text(body);
    await client().messages.create({ to: '+12125550143', from: number, body: 'other' });
    const found = await client().messages.list({ to: phone, pageSize: 2 });
    expect(found.map(({ body }) => body)).toEqual(['three', 'two', 'one']);
    expect(await client().messages.list({ to: phone, dateSentAfter: new Date('2026-12-02T00:00:00Z') })).toEqual([]);
  });

  test('goes on after the last message of a page, whatever arrives meanwhile', async () => {
    for (const body of ['one', 'two', 'three']) await text(body);
    const page = await client().messages.page({ pageSize: 2 });
    await text('four');
    const next = await page.nextPage();
    expect([...page.instances, ...(next?.instances ?? [])].map(({ body }) => body)).toEqual(['three', 'two', 'one']);
    expect(next?.nextPage()).toBeUndefined();
  });

  test.each([
    [21211, { to: '12' }],
    [21212, { from: 'clinic' }],
    [21602, { body: '' }],
    [21614, { to: '+15005550009' }],
    [21617, { body: 'x'.repeat(1601) }],
  ])('refuses with %i and logs nothing', async (code, more) => {
    await expect(text('hello', more)).rejects.toMatchObject({ status: 400, code });
    expect(sandbox.messages()).toEqual([]);
  });

  test('knows its customers only by their token', async () => {
    const stranger = twilio(accountSid, 'wrong');
    stranger.api.baseUrl = sandbox.url;
    await expect(stranger.messages.create({ to: phone, from: number, body: 'x' })).rejects.toMatchObject({ status: 401, code: 20003 });
  });

  test('lets STOP stop, answers it once by itself, and START open again', async () => {
    await text();
    await call('POST', '/sandbox/replies', { from: phone, body: ' stop ' });
    await call('POST', '/sandbox/replies', { from: phone, body: 'STOP' });
    expect(sandbox.messages().filter(({ automatic }) => automatic)).toHaveLength(1);
    await expect(text()).rejects.toMatchObject({ code: 21610 });
    await call('POST', '/sandbox/replies', { from: phone, body: 'Start' });
    await expect(text()).resolves.toMatchObject({ status: 'queued' });
  });

  test('does not take “stop please” for STOP', async () => {
    await call('POST', '/sandbox/replies', { from: phone, body: 'stop please' });
    await expect(text()).resolves.toMatchObject({ status: 'queued' });
  });

  test('gives a held message up once its validity period has passed', async () => {
    await fault({ channel: 'sms', mode: 'hold', rate: 1 });
    const sent = await text('late', { validityPeriod: 3600 });
    expect(sandbox.messages()[0]?.validUntil).toBe('2026-12-01T16:00:00.000Z');
    await call('POST', '/sandbox/clock/advance', { by: 'PT2H' });
    expect(clinic.calls.map(({ form }) => [form['MessageStatus'], form['ErrorCode']])).toEqual([['undelivered', '30036']]);
    await call('DELETE', '/sandbox/faults');
    expect(await client().messages(sent.sid).fetch()).toMatchObject({ status: 'undelivered', errorCode: 30036 });
  });
});

describe('faults of the carrier', () => {
  test.each(['accept-then-drop', 'timeout'] as const)('%s gives no answer', async (mode) => {
    await fault({ channel: 'sms', mode, count: 1 });
    await expect(text()).rejects.not.toHaveProperty('status', expect.any(Number));
    expect(sandbox.messages()).toHaveLength(mode === 'timeout' ? 0 : 1);
    await expect(text()).resolves.toBeDefined();
  });

  test.each([
    ['error', { status: 500 }, 0],
    ['error-after-accept', { status: 500 }, 1],
    ['throttle', { status: 429, code: 20429 }, 0],
    ['reject', { status: 400, code: 30007 }, 0],
  ])('%s', async (mode, error, logged) => {
    await fault({ channel: 'sms', mode, count: 1, ...(mode === 'reject' && { code: 30007 }) });
    await expect(text()).rejects.toMatchObject(error);
    expect(sandbox.messages()).toHaveLength(logged);
    expect((await call('GET', '/sandbox/faults')).body).toEqual({ items: [], next: null });
  });

  test.each([
    ['duplicate-callbacks', ['sent', 'sent', 'delivered', 'delivered']],
    ['reordered-callbacks', ['delivered', 'sent']],
    ['lost-callbacks', []],
    ['undelivered', ['sent', 'undelivered']],
  ])('%s', async (mode, expected) => {
    await fault({ channel: 'sms', mode, rate: 1 });
    await text();
    await sandbox.idle();
    expect(statuses()).toEqual(expected);
  });

  test('a rate hits about its share, the same with the same seed', async () => {
    await fault({ channel: 'sms', mode: 'error', rate: 0.5 });
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => text()));
    const failed = results.filter(({ status }) => status === 'rejected').length;
    expect(failed).toBeGreaterThan(8);
    expect(failed).toBeLessThan(32);
    expect(sandbox.messages()).toHaveLength(40 - failed);
  });

  test.each([
    ['channel', { channel: 'fax', mode: 'error', count: 1 }],
    ['mode', { channel: 'sms', mode: 'explode', count: 1 }],
    ['mode', { channel: 'email', mode: 'hold', count: 1 }],
    ['count', { channel: 'sms', mode: 'error' }],
    ['rate', { channel: 'sms', mode: 'error', rate: 2 }],
  ])('an order with a wrong %s is refused, naming it', async (path, order) => {
    expect(await fault(order)).toMatchObject({ status: 422, type: expect.stringContaining('application/problem+json'), body: { path } });
  });
});

describe('the patients', () => {
  test('text the number that last texted them, and get the webhook’s status', async () => {
    await text('hello', { from: '+12125550199' });
    clinic.answer = 503;
    const reply = { from: phone, body: 'is this normal?', media: ['https://photos.example/1.png'], messageSid: 'SMphone1' };
    expect(await call('POST', '/sandbox/replies', reply)).toMatchObject({ status: 503, body: { status: 503 } });
    clinic.answer = 204;
    expect(await call('POST', '/sandbox/replies', reply)).toMatchObject({ status: 200, body: { status: 204 } });
    const inbound = clinic.calls.filter(({ path }) => path === '/webhooks/twilio/inbound');
    expect(inbound).toHaveLength(2);
    for (const { signature, form } of inbound) {
      expect(form).toMatchObject({ MessageSid: 'SMphone1', From: phone, To: '+12125550199', NumMedia: '1', MediaContentType0: 'image/png' });
      const photo = await fetch(form['MediaUrl0'] ?? '', {
        headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
      });
      expect([photo.status, photo.headers.get('content-type')]).toEqual([200, 'image/png']);
      expect((await fetch(form['MediaUrl0'] ?? '')).status).toBe(401);
      expect(twilio.validateRequest(authToken, signature, `${clinic.url}/webhooks/twilio/inbound`, form)).toBe(true);
    }
    expect((await call('GET', '/sandbox/activity')).body).toMatchObject({ texts: [{ direction: 'outbound-api' }, { sid: 'SMphone1', direction: 'inbound' }] });
  });

  test('hear 502 when the clinic is away', async () => {
    await stop(clinic.server);
    expect(await call('POST', '/sandbox/replies', { from: phone, body: 'hello?' })).toMatchObject({ status: 502 });
  });

  test.each([
    ['from', { from: '555', body: 'x' }],
    ['body', { from: phone }],
  ])('a text with a wrong %s is refused', async (path, reply) => {
    expect(await call('POST', '/sandbox/replies', reply)).toMatchObject({ status: 422, body: { path } });
  });
});

describe('the mailbox', () => {
  const mail = (more: object = {}) =>
    nodemailer.createTransport(sandbox.smtpUrl).sendMail({
      from: 'Clinic <care@clinic.example>',
      to: ['ana@example.com', 'ben@example.com'],
      subject: 'Your first day — what to expect',
      text: 'Redness is normal.',
      html: '<p>Redness is <b>normal</b>.</p>',
      messageId: '<outreach-1@clinic.example>',
      ...more,
    });

  test('keeps a line for each addressee, as a patient would read it', async () => {
    await mail();
    expect(sandbox.messages()).toMatchObject(
      ['ana@example.com', 'ben@example.com'].map((to, index) => ({
        n: index + 1,
        channel: 'email',
        to,
        from: 'care@clinic.example',
        subject: 'Your first day — what to expect',
        body: 'Redness is normal.',
        providerMessageId: '<outreach-1@clinic.example>',
        headers: { 'message-id': '<outreach-1@clinic.example>' },
      })),
    );
    const shown = await fetch(`${sandbox.url}/sandbox/mail/1`);
    expect(await shown.text()).toContain('<b>normal</b>');
    expect(shown.headers.get('content-security-policy')).toMatch(/^sandbox /);
  });

  test('faults of callbacks may be ordered for e-mail as well, which has none', async () => {
    expect(await fault({ channel: 'email', mode: 'lost-callbacks', rate: 1 })).toMatchObject({ status: 201 });
    expect(await mail()).toMatchObject({ accepted: expect.any(Array) });
  });

  test.each([
    ['throttle', { responseCode: 451, command: 'RCPT TO' }, 0],
    ['reject', { responseCode: 550, command: 'RCPT TO' }, 0],
    ['error', { responseCode: 451, command: 'DATA' }, 0],
    ['error-after-accept', { responseCode: 421, command: 'DATA' }, 2],
    ['accept-then-drop', { code: 'ECONNECTION' }, 2],
    ['timeout', { code: 'ECONNECTION' }, 0],
  ])('%s', async (mode, error, logged) => {
    await fault({ channel: 'email', mode, count: 1 });
    await expect(mail()).rejects.toMatchObject(error);
    expect(sandbox.messages()).toHaveLength(logged);
    await mail();
    expect(sandbox.messages()).toHaveLength(logged + 2);
  });
});

describe('e-mail to the clinic', () => {
  const letters = () => Promise.all(clinic.calls.map(({ body }) => parseMail(Buffer.from(body))));
  const send = () =>
    nodemailer.createTransport(sandbox.smtpUrl).sendMail({
      from: 'Clinic <care@clinic.example>',
      to: 'ana@example.com',
      subject: 'Your visit',
      text: 'See you.\nReply 1 to confirm.',
      messageId: '<m1@clinic.example>',
      dsn: { id: 'a1', return: 'headers', notify: 'failure' },
    });

  test.each([
    [{}, { stage: 'not-delivered', error: { code: '5.1.1', reason: 'bad-address', retry: 'never' } }],
    [{ status: '5.2.2' }, { stage: 'not-delivered', error: { code: '5.2.2', reason: 'unreachable', retry: 'never' } }],
    [{ status: '4.4.1' }, { stage: 'on-its-way', error: null }],
  ])('bounce %j: taken, and reported at the door for e-mail', async (more, expected) => {
    await fault({ channel: 'email', mode: 'bounce', count: 1, ...more });
    await send();
    await sandbox.idle();
    expect(sandbox.messages()).toHaveLength(1);
    expect(clinic.calls).toMatchObject([{ path: '/webhooks/mail', authorization: `Basic ${Buffer.from('mail:mail-secret').toString('base64')}` }]);
    expect(await letters()).toMatchObject([{ kind: 'report', about: ['<m1@clinic.example>'], envelopeId: 'a1', ...expected }]);
  });

  test('a patient answers the last e-mail, as mail programs do', async () => {
    await send();
    expect(await call('POST', '/sandbox/replies', { from: 'ana@example.com', body: '1', messageSid: 'r1' })).toMatchObject({ status: 200 });
    expect(clinic.calls[0]?.body).toContain('> Reply 1 to confirm.');
    expect(await letters()).toMatchObject([
      { kind: 'letter', from: 'ana@example.com', messageId: '<r1@patient.example>', answers: ['<m1@clinic.example>'], words: '1' },
    ]);
  });

  test('a letter of its own has a subject and answers nothing', async () => {
    await send();
    await call('POST', '/sandbox/replies', { from: 'ana@example.com', subject: 'Me arde', body: '¿Qué hago?' });
    expect(await letters()).toMatchObject([{ answers: [], words: 'Me arde\n\n¿Qué hago?' }]);
  });

  test('what the clinic answers is handed on', async () => {
    clinic.answer = 403;
    expect(await call('POST', '/sandbox/replies', { from: 'ana@example.com', body: '1' })).toMatchObject({ status: 403, body: { status: 403 } });
    expect(await call('POST', '/sandbox/replies', { from: 'ana@', body: '1' })).toMatchObject({ status: 422, body: { path: 'from' } });
    expect(await fault({ channel: 'sms', mode: 'bounce', count: 1 })).toMatchObject({ status: 422, body: { path: 'mode' } });
  });
});

describe('the clock', () => {
  test('moves by a duration or to an instant, and answers where it stands', async () => {
    expect((await call('POST', '/sandbox/clock/advance', { by: 'P3D' })).body).toEqual({ now: '2026-12-04T15:00:00.000Z' });
    expect((await call('POST', '/sandbox/clock/advance', { to: '2026-12-05T10:00:00-05:00' })).body).toEqual({ now: '2026-12-05T15:00:00.000Z' });
    expect((await call('GET', '/sandbox/clock')).body).toEqual({ now: '2026-12-05T15:00:00.000Z' });
  });

  test.each([
    ['by', { by: 'three days' }],
    ['by', { by: '-P1D' }],
    ['by', { by: 'P500Y' }],
    ['to', { to: '2026-11-01T00:00:00Z' }],
    ['to', { to: 'tomorrow' }],
    ['by', {}],
  ])('refuses a wrong %s and stays', async (path, body) => {
    expect(await call('POST', '/sandbox/clock/advance', body)).toMatchObject({ status: 422, body: { path } });
    expect(now.toISOString()).toBe('2026-12-01T15:00:00.000Z');
  });

  test('answers only after the callbacks of what it caused are in', async () => {
    await sandbox.stop();
    const clock = { now: () => now, advance: async (to: Date) => ((now = to), await text(), undefined) };
    sandbox = await startSandbox({ webhookBaseUrl: clinic.url, accountSid, authToken, number, clock });
    await call('POST', '/sandbox/clock/advance', { by: 'P1D' });
    expect(statuses()).toEqual(['sent', 'delivered']);
  });

  test('cannot be moved when it is the machine’s', async () => {
    await sandbox.stop();
    sandbox = await startSandbox({ webhookBaseUrl: clinic.url, accountSid, authToken, clock: { now: () => now } });
    expect(await call('POST', '/sandbox/clock/advance', { by: 'P1D' })).toMatchObject({ status: 409, body: { code: 'clock_not_simulated' } });
  });
});

describe('the page', () => {
  test('is served with its parts, and runs under a policy without inline code', async () => {
    const page = await fetch(`${sandbox.url}/sandbox`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
    const parts = [...html.matchAll(/(?:src|href)="(\/sandbox\/[^"]+)"/g)].map(([, path]) => path);
    expect(parts).toHaveLength(2);
    for (const part of parts) expect((await fetch(`${sandbox.url}${part}`)).status).toBe(200);
  });

  test('is told only what changed since it last asked', async () => {
    await text('one');
    await sandbox.idle();
    const revision = sandbox.journal.revision;
    expect((await call('GET', '/sandbox/activity')).body).toMatchObject({
      now: now.toISOString(),
      timeZone: 'UTC',
      canAdvance: true,
      texts: [{ phone, body: 'one', status: 'delivered' }],
    });
    await text('two');
    expect((await call('GET', `/sandbox/activity?since=${revision}`)).body).toMatchObject({ texts: [{ body: 'two' }] });
  });
});

test('a body that is not JSON is a problem too', async () => {
  const response = await fetch(`${sandbox.url}/sandbox/replies`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' });
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
});
