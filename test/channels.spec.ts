import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import {
  carrierErrors,
  carrierKeyword,
  type Channel,
  type OutgoingMessage,
  parseStatus,
  permanentStatuses,
  smtpChannel,
  smtpReplies,
  twilioChannel,
} from '#messaging';
import { SimulatedClock } from '#platform';
import { type FaultOrder, type Sandbox, startSandbox } from '../apps/sandbox/index.js';

const accountSid = `AC${'1'.repeat(32)}`;
const authToken = 'sandbox-token';
const start = new Date('2026-12-01T15:00:00Z');
const webhookBaseUrl = 'http://127.0.0.1:9';

let clock: SimulatedClock;
let sandbox: Sandbox;
let channel: Channel;

beforeEach(async () => {
  clock = new SimulatedClock(start);
  sandbox = await startSandbox({ webhookBaseUrl, accountSid, authToken, clock: { now: () => clock.now() } });
});
afterEach(async () => {
  await channel.close();
  await sandbox.stop();
});

const openSms = (more: object = {}) =>
  twilioChannel({
    accountSid,
    authToken,
    from: '+12125550100',
    apiBaseUrl: sandbox.url,
    statusCallbackUrl: `${webhookBaseUrl}/webhooks/twilio/status`,
    clock,
    ...more,
  });
const openEmail = (more: object = {}) => smtpChannel({ url: sandbox.smtpUrl, from: 'Lumen Skin <care@lumen.example>', clock, ...more });

const sms: OutgoingMessage = { id: 'm1', to: '+12125550142', body: 'Lumen Skin: your visit is on Tuesday at 10:30.', validUntil: null };
const email: OutgoingMessage = {
  id: 'm1',
  to: 'ana@example.com',
  body: 'Your visit is on Tuesday at 10:30.',
  validUntil: null,
  email: { subject: 'Your visit', html: '<p>Your visit is on Tuesday.</p>' },
};

const no = (reason: string, retry: string) => ({ kind: 'refused', reason, retry });
const doubt = { kind: 'in-doubt' };

/** What a fault of the outside leads to on each channel, and how many messages the outside has then: never more than one. */
const faultTable: readonly { mode: FaultOrder['mode']; sms: object; email: object; arrived: 0 | 1; source: string }[] = [
  { mode: 'throttle', sms: no('throttled', 'later'), email: no('throttled', 'later'), arrived: 0, source: '20429; RFC 5321 4.2.1: 4yz is not taken' },
  { mode: 'reject', sms: no('bad-address', 'never'), email: no('bad-address', 'never'), arrived: 0, source: '21211; RFC 3463: 5.1.1' },
  { mode: 'error', sms: doubt, email: no('throttled', 'later'), arrived: 0, source: '20500: may have been sent; RFC 5321 4.2.1: 451 is not taken' },
  { mode: 'error-after-accept', sms: doubt, email: doubt, arrived: 1, source: '20500; RFC 5321 3.8: 421 ends the connection at any time' },
  { mode: 'accept-then-drop', sms: doubt, email: doubt, arrived: 1, source: 'RFC 1047: the answer was lost' },
  { mode: 'timeout', sms: doubt, email: doubt, arrived: 0, source: 'RFC 1047: no answer came' },
];

/** Everything the ledger relies on. Whatever goes wrong, one hand-over reaches the outside at most once. */
function channelContract(name: Channel['name'], open: () => Channel, message: OutgoingMessage) {
  const sendWith = async (mode: FaultOrder['mode'], code?: number) => {
    sandbox.faults.add({ channel: name, mode, count: 1, code });
    channel = open();
    return channel.send(message, 'a1');
  };

  test.each(faultTable)('$mode: known for what it is, there $arrived times ($source)', async ({ mode, arrived, [name]: expected }) => {
    expect(await sendWith(mode)).toMatchObject(expected);
    expect(sandbox.messages()).toHaveLength(arrived);
    expect(await channel.send({ ...message, id: 'm2' }, 'a2')).toMatchObject({ kind: 'sent' });
  });

  test('hands a message over, and names it as the outside does', async () => {
    channel = open();
    const answer = await channel.send(message, 'a1');
    expect(sandbox.messages()).toMatchObject([{ n: 1, channel: name, to: message.to, body: message.body, acceptedAt: start.toISOString() }]);
    expect(answer).toEqual({ kind: 'sent', providerMessageId: sandbox.messages()[0]?.providerMessageId });
  });

  test('many at once all arrive, each once', async () => {
    channel = open();
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => channel.send({ ...message, id: `m${n}`, body: `${message.body} (${n})` }, `a${n}`)));
    expect(answers.every(({ kind }) => kind === 'sent')).toBe(true);
    expect(new Set(sandbox.messages().map(({ body }) => body)).size).toBe(30);
    expect(sandbox.messages()).toHaveLength(30);
  });

  test('nobody there: refused, later, for it never left', async () => {
    channel = open();
    await sandbox.stop();
    expect(await channel.send(message, 'a1')).toMatchObject({ kind: 'refused', reason: 'away', retry: 'later' });
  });

  test('after the permitted hours nothing leaves', async () => {
    channel = open();
    expect(await channel.send({ ...message, validUntil: start }, 'a1')).toMatchObject({ kind: 'refused', reason: 'expired', retry: 'later' });
    expect(sandbox.messages()).toEqual([]);
  });

  test('the reason of a refusal does not repeat the address', async () => {
    channel = open();
    const answer = await channel.send({ ...message, to: name === 'sms' ? '+1999' : 'no address' }, 'a1');
    expect(answer).toMatchObject({ kind: 'refused', reason: 'bad-address', retry: 'never' });
    const rejected = await sendWith('reject', 550);
    expect(JSON.stringify(rejected)).not.toContain(message.to);
  });
}

describe('SMS', () => {
  channelContract('sms', openSms, sms);

  test.each(carrierErrors)('error $code, $title: $reason, $retry', async ({ code, reason, retry }) => {
    sandbox.faults.add({ channel: 'sms', mode: 'reject', count: 1, code });
    channel = openSms();
    expect(await channel.send(sms, 'a1')).toEqual({ kind: 'refused', code: String(code), reason, retry, why: expect.any(String) });
    expect(sandbox.messages()).toEqual([]);
  });

  test('every error means the same in a status report that comes later', async () => {
    const clinic = await formServer();
    await sandbox.stop();
    sandbox = await startSandbox({ webhookBaseUrl: clinic.url, accountSid, authToken, clock: { now: () => clock.now() } });
    channel = openSms({ statusCallbackUrl: `${clinic.url}/webhooks/twilio/status` });
    for (const { code } of carrierErrors) {
      sandbox.faults.add({ channel: 'sms', mode: 'undelivered', count: 1, code });
      await channel.send(sms, `a-${code}`);
    }
    await sandbox.idle();
    await clinic.stop();
    const ends = clinic.forms.map((form) => parseStatus(form, null)).filter(({ stage }) => stage === 'not-delivered');
    expect(ends.map(({ error }) => error).sort((a, b) => Number(a?.code) - Number(b?.code))).toEqual(
      carrierErrors.map(({ code, reason, retry }) => ({ code: String(code), reason, retry })),
    );
  });

  test('may wait at the carrier only until the permitted hours end', async () => {
    channel = openSms();
    await channel.send({ ...sms, validUntil: new Date('2026-12-01T16:00:00.500Z') }, 'a1');
    await channel.send({ ...sms, validUntil: new Date('2026-12-03T16:00:00Z') }, 'a2');
    expect(sandbox.messages().map(({ validUntil }) => validUntil)).toEqual(['2026-12-01T16:00:00.000Z', '2026-12-02T01:00:00.000Z']);
  });

  test('its callback names the attempt and nobody else', async () => {
    channel = openSms();
    await channel.send(sms, '0198f3a0-aaaa-7bbb-8ccc-000000000001');
    expect(sandbox.journal.texts()[0]?.statusCallback).toBe(`${webhookBaseUrl}/webhooks/twilio/status?attempt=0198f3a0-aaaa-7bbb-8ccc-000000000001`);
  });

  test('goes through a messaging service when there is one', async () => {
    channel = openSms({ messagingServiceSid: `MG${'2'.repeat(32)}` });
    expect(await channel.send(sms, 'a1')).toMatchObject({ kind: 'sent' });
    expect(sandbox.journal.texts()[0]?.service).toBe(`MG${'2'.repeat(32)}`);
  });

  test('a phone that said STOP has opted out, and never gets another', async () => {
    channel = openSms();
    await sandbox.reply({ from: sms.to, body: 'STOP', media: [] });
    expect(await channel.send(sms, 'a1')).toMatchObject({ kind: 'refused', code: '21610', reason: 'opted-out', retry: 'never' });
  });

  test('a wrong token is the account’s trouble, not the message’s', async () => {
    channel = openSms({ authToken: 'wrong' });
    expect(await channel.send(sms, 'a1')).toMatchObject({ kind: 'refused', code: '20003', reason: 'account', retry: 'later' });
  });

  test('its own patience runs out: in doubt', async () => {
    sandbox.faults.add({ channel: 'sms', mode: 'timeout', count: 1 });
    channel = openSms({ timeoutMillis: 100 });
    expect(await channel.send(sms, 'a1')).toMatchObject({ kind: 'in-doubt', why: expect.stringContaining('timeout of 100ms') });
  });

  test.each([502, 404])('an HTTP %i that is not the carrier’s own is in doubt', async (status) => {
    const proxy = await rawServer(`HTTP/1.1 ${status} Bad\r\ncontent-length: 4\r\nconnection: close\r\n\r\n<ht>`);
    channel = openSms({ apiBaseUrl: `http://127.0.0.1:${proxy.port}` });
    expect(await channel.send(sms, 'a1')).toMatchObject({ kind: 'in-doubt' });
    await proxy.stop();
  });

  describe('the list', () => {
    const listed = async (since: Date) => {
      const found = [];
      for await (const page of channel.listSince?.(since) ?? []) found.push(...page);
      return found;
    };

    test('has what was handed over from here since an instant, with its status, on as many pages as it takes', async () => {
      channel = openSms();
      await channel.send(sms, 'a0');
      clock.moveTo(new Date('2026-12-01T18:00:00Z'));
      sandbox.faults.add({ channel: 'sms', mode: 'undelivered', count: 1, code: 30003 });
      for (let n = 1; n <= 1_100; n += 1) await channel.send({ ...sms, to: `+1212555${1000 + n}` }, `a${n}`);
      await openSms({ from: '+12125550199' }).send({ ...sms, to: '+12125550143' }, 'another number of the account');
      await sandbox.reply({ from: '+12125551001', body: 'STOP', media: [] });
      const found = await listed(new Date('2026-12-01T17:00:00Z'));
      expect(found).toHaveLength(1_100);
      const lines = sandbox.messages();
      expect(new Set(found.map(({ report }) => report.providerMessageId))).toEqual(
        new Set(lines.slice(1, 1_101).map(({ providerMessageId }) => providerMessageId)),
      );
      const first = found.find(({ report }) => report.providerMessageId === lines[1]?.providerMessageId);
      // As a callback would have said it: the two are known as the same report.
      const form = { MessageSid: lines[1]?.providerMessageId, MessageStatus: 'undelivered', ErrorCode: '30003' };
      expect(first).toEqual({ createdAt: new Date('2026-12-01T18:00:00Z'), report: parseStatus(form, null) });
    });

    test('is never half a list: it breaks off when the carrier does not answer', async () => {
      channel = openSms();
      await sandbox.stop();
      await expect(listed(start)).rejects.toThrow();
    });
  });

  describe('evidence', () => {
    const since = start;
    const ask = (more: object = {}) => channel.evidence({ to: sms.to, body: sms.body, since, claimed: new Set(), ...more });
    beforeEach(() => {
      channel = openSms();
    });

    test('finds the attempt whose answer was lost', async () => {
      sandbox.faults.add({ channel: 'sms', mode: 'accept-then-drop', count: 1 });
      await channel.send(sms, 'a1');
      expect(await ask()).toEqual({ kind: 'accepted', providerMessageId: sandbox.messages()[0]?.providerMessageId });
    });

    test('finds it although the service replaced the typographic signs', async () => {
      await channel.send({ ...sms, body: "It's on Tuesday" }, 'a1');
      expect(await ask({ body: 'It’s on Tuesday' })).toMatchObject({ kind: 'accepted' });
    });

    test('finds nothing when nothing arrived, nor what another attempt claims, nor another text, nor what is old, nor a patient’s own', async () => {
      sandbox.faults.add({ channel: 'sms', mode: 'timeout', count: 1 });
      await channel.send(sms, 'a1');
      expect(await ask()).toEqual({ kind: 'not-found' });
      await channel.send(sms, 'a2');
      const claimed = new Set(sandbox.messages().map(({ providerMessageId }) => providerMessageId));
      expect(await ask({ claimed })).toEqual({ kind: 'not-found' });
      expect(await ask({ body: 'another' })).toEqual({ kind: 'not-found' });
      expect(await ask({ since: new Date('2026-12-01T15:02:00Z') })).toEqual({ kind: 'not-found' });
      await sandbox.reply({ from: '+12125550100', body: sms.body, media: [] });
      expect(await ask({ to: '+12125550100' })).toEqual({ kind: 'not-found' });
    });

    test('does not take a list that was cut off before the attempt for proof that nothing arrived', async () => {
      for (let n = 0; n < 200; n += 1) await channel.send({ ...sms, id: `other-${n}`, body: `another ${n}` }, `b${n}`);
      expect(await ask()).toMatchObject({ kind: 'no-answer' });
      expect(await ask({ since: new Date('2026-12-01T15:02:00Z') })).toEqual({ kind: 'not-found' });
    });

    test('says so when it cannot ask', async () => {
      await sandbox.stop();
      expect(await ask()).toMatchObject({ kind: 'no-answer' });
    });
  });
});

/** Says one thing to whoever connects, and hangs up. */
async function rawServer(words: string) {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => undefined);
    setImmediate(() => socket.end(words));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** Keeps the forms that are posted to it. */
async function formServer() {
  const forms: Record<string, string>[] = [];
  const server = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      forms.push(Object.fromEntries(new URLSearchParams(body)));
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, forms, stop: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())) };
}

/** A mail server that says no at one point of the conversation. */
async function refusingServer(at: 'sender' | 'recipient' | 'text', responseCode: number, words: string) {
  const answer = (point: typeof at) => (point === at ? Object.assign(new Error(words), { responseCode }) : null);
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onMailFrom: (_address, _session, done) => done(answer('sender')),
    onRcptTo: (_address, _session, done) => done(answer('recipient')),
    onData: (stream, _session, done) => void stream.resume().on('end', () => done(answer('text'))),
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `smtp://127.0.0.1:${port}`, stop: () => new Promise<void>((resolve) => server.close(resolve)) };
}

describe('e-mail', () => {
  channelContract('email', openEmail, email);

  test('has one Message-ID for all its attempts', async () => {
    channel = openEmail();
    await channel.send(email, 'a1');
    await channel.send(email, 'a2');
    expect(sandbox.messages().map(({ providerMessageId }) => providerMessageId)).toEqual(['<m1@lumen.example>', '<m1@lumen.example>']);
  });

  test('carries text, HTML, the calendar and the one-click unsubscribe', async () => {
    channel = openEmail();
    const calendar = { method: 'REQUEST', content: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR' } as const;
    const unsubscribeUrl = `https://lumen.example/p/${'x'.repeat(90)}/unsubscribe`;
    await channel.send({ ...email, email: { subject: 'Your visit – Tuesday', html: '<p>Hi</p>', unsubscribeUrl, calendar } }, 'a1');
    expect(sandbox.messages()[0]).toMatchObject({
      subject: 'Your visit – Tuesday',
      body: email.body,
      html: '<p>Hi</p>',
      headers: {
        'list-unsubscribe': `<${unsubscribeUrl}>`,
        'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
        'auto-submitted': 'auto-generated',
        date: 'Tue, 01 Dec 2026 15:00:00 +0000',
      },
      attachments: expect.arrayContaining([expect.objectContaining({ filename: 'appointment.ics' })]),
    });
  });

  test.each([
    ['a full server', '421 4.7.0 Too many connections\r\n', { kind: 'refused', reason: 'away', retry: 'later' }],
    ['no greeting at all', '', { kind: 'in-doubt' }],
  ])('%s', async (_name, words, expected) => {
    const server = await rawServer(words);
    channel = openEmail({ url: `smtp://127.0.0.1:${server.port}` });
    expect(await channel.send(email, 'a1')).toMatchObject(expected);
    await server.stop();
  });

  test.each(smtpReplies)('the reply $reply: $reason, $retry ($source)', async ({ reply, reason, retry }) => {
    sandbox.faults.add({ channel: 'email', mode: 'reject', count: 1, code: reply });
    channel = openEmail();
    expect(await channel.send(email, 'a1')).toMatchObject({ kind: 'refused', code: String(reply), reason, retry });
    expect(sandbox.messages()).toEqual([]);
  });

  test.each(permanentStatuses)('the status 5.$status: $reason, $retry ($source)', async ({ status, reason, retry }) => {
    sandbox.faults.add({ channel: 'email', mode: 'reject', count: 1, code: 550, status: `5.${status.replace('x', '99')}` });
    channel = openEmail();
    expect(await channel.send(email, 'a1')).toMatchObject({ kind: 'refused', code: '550', reason, retry });
  });

  test.each([
    ['sender', 550, 'Go away', no('blocked', 'never')],
    ['text', 550, 'No such content', no('blocked', 'never')],
    ['text', 550, '5.1.1 No such mailbox after all', no('bad-address', 'never')],
    ['text', 554, '5.7.1 Spam from 5.1.1.9', no('blocked', 'never')],
    ['text', 452, '4.2.2 Mailbox full', no('throttled', 'later')],
    ['recipient', 550, 'No such user', no('bad-address', 'never')],
    ['recipient', 550, 'blocked, see 5.1.1.9', no('bad-address', 'never')],
    ['recipient', 559, 'never heard of', no('blocked', 'never')],
    ['recipient', 499, 'never heard of', no('throttled', 'later')],
    ['recipient', 421, '4.3.2 Good-bye', doubt],
    ['text', 421, '4.3.2 Good-bye', doubt],
  ] as const)('a no at the %s, %i %s: the address is closed only by a word about it', async (at, code, words, expected) => {
    const server = await refusingServer(at, code, words);
    channel = openEmail({ url: server.url });
    expect(await channel.send(email, 'a1')).toMatchObject(expected);
    await channel.close();
    await server.stop();
  });

  test('nobody can prove what became of it', async () => {
    channel = openEmail();
    expect(await channel.evidence({ to: email.to, body: email.body, since: start, claimed: new Set() })).toMatchObject({ kind: 'unprovable' });
  });
});

test('the carrier acts on its keywords only when they are the whole text', async () => {
  channel = openSms();
  const texts = ['stop', ' Unsubscribe ', 'STOP please', 'Yes', 'unstop', '1', 'cancel my visit'];
  expect(texts.map(carrierKeyword)).toEqual(['stop', 'stop', null, 'start', 'start', null, null]);
});
