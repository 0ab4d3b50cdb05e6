import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { carrierKeyword, type Channel, type OutgoingMessage, smtpChannel, twilioChannel } from '#messaging';
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

/** Everything the ledger relies on. Whatever goes wrong, one hand-over reaches the outside at most once. */
function channelContract(name: Channel['name'], open: () => Channel, message: OutgoingMessage) {
  const sendWith = async (mode: FaultOrder['mode'], code?: number) => {
    sandbox.faults.add({ channel: name, mode, count: 1, code });
    channel = open();
    return channel.send(message, 'a1');
  };

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

  test('a definite no is a no: throttled, later', async () => {
    expect(await sendWith('throttle')).toMatchObject({ kind: 'refused', reason: 'throttled', retry: 'later' });
    expect(sandbox.messages()).toEqual([]);
    expect(await channel.send(message, 'a2')).toMatchObject({ kind: 'sent' });
  });

  test('a definite no is a no: the address, never again', async () => {
    expect(await sendWith('reject')).toMatchObject({ kind: 'refused', reason: 'bad-address', retry: 'never' });
    expect(sandbox.messages()).toEqual([]);
  });

  test.each(['accept-then-drop', 'error-after-accept'] as const)('%s: in doubt, and there once', async (mode) => {
    expect(await sendWith(mode)).toMatchObject({ kind: 'in-doubt' });
    expect(sandbox.messages()).toHaveLength(1);
  });

  test('timeout: in doubt', async () => {
    expect(await sendWith('timeout')).toMatchObject({ kind: 'in-doubt' });
    expect(sandbox.messages()).toEqual([]);
  });

  test('an error is never taken for a yes', async () => {
    expect((await sendWith('error')).kind).not.toBe('sent');
    expect(sandbox.messages()).toEqual([]);
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

  test.each([
    [550, 'bad-address', 'never'],
    [554, 'blocked', 'never'],
    [452, 'throttled', 'later'],
    [535, 'account', 'later'],
  ])('the reply %i', async (code, reason, retry) => {
    sandbox.faults.add({ channel: 'email', mode: 'reject', count: 1, code });
    channel = openEmail();
    expect(await channel.send(email, 'a1')).toMatchObject({ kind: 'refused', code: String(code), reason, retry });
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
