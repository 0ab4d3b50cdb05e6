import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { conversation, fetchMedia, listTasks } from '#conversation';
import type { MediaAnswer } from '#messaging';
import { erasePatient } from '#patient';
import { inTransaction, projectRoot, SimulatedClock } from '#platform';
import { type Api, startApi } from '../apps/api/app.js';
import { type Sandbox, startSandbox } from '../apps/sandbox/index.js';
import { type Afterglow, openAfterglow } from '../apps/worker/afterglow.js';
import { registerKeys, setUpClinic } from '../apps/worker/set-up.js';
import { Worker } from '../apps/worker/worker.js';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { freePort } from '../libs/platform/ports.js';

/* Photos that patients send along: from the carrier or out of an e-mail, sealed, to the eyes of signed-in staff. */
jest.setTimeout(60_000);

const accountSid = `AC${'1'.repeat(32)}`;
const mailSecret = 'a-secret-of-sixteen';
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const asUrl = (type: string, bytes: Buffer) => `data:${type};base64,${bytes.toString('base64')}`;

let [database, afterglow, worker, api, sandbox]: [TestDatabase, Afterglow, Worker, Api, Sandbox] = [] as never;
const clock = new SimulatedClock(new Date('2026-11-23T15:00:00Z'));

beforeAll(async () => {
  database = await createTestDatabase();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  sandbox = await startSandbox({ webhookBaseUrl: url, accountSid, authToken: 'token', mailSecret, clock: { now: () => clock.now() } });
  const config = readConfig({
    DATABASE_URL: database.url,
    MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
    PUBLIC_URL: url,
    SMTP_URL: sandbox.smtpUrl,
    MAIL_WEBHOOK_SECRET: mailSecret,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_FROM: '+12125550100',
    TWILIO_API_BASE_URL: sandbox.url,
  });
  afterglow = await openAfterglow({ config: { ...config, AFTERGLOW_CLOCK: 'simulated' }, clock, log: openLog('silent') });
  await setUpClinic(afterglow, JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
  await registerKeys(afterglow, [{ name: 'desk[events+front_desk]', key: 'secret' }]);
  worker = new Worker(afterglow);
  await worker.start();
  api = await startApi(afterglow, { port });
});
afterAll(async () => {
  await api.stop();
  await worker.stop();
  await afterglow.close();
  await sandbox.stop();
  await database.close();
});

let people = 0;
let [patientId, phone, email] = ['', '', ''];
beforeEach(async () => {
  people += 1;
  [patientId, phone, email] = [`p-${people}`, `+121255501${10 + people}`, `p${people}@example.com`];
  const person = { givenName: 'Ana', familyName: 'Ruiz', phone, email };
  const data = { consultationId: `c-${people}`, patientId, channel: 'phone', person };
  const time = clock.now().toISOString();
  const event = { specversion: '1.0', id: `e-${people}`, source: '/desk', type: 'consultation.requested.v1', subject: `c-${people}`, time, data };
  const headers = { authorization: 'Bearer secret', 'content-type': 'application/cloudevents+json' };
  expect((await fetch(`${api.address}/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) })).status).toBe(202);
  await worker.settle(() => sandbox.idle());
});

const settle = () => worker.settle(() => sandbox.idle());
const photosOf = async () => (await conversation(afterglow.db, patientId))?.messages.flatMap(({ media }) => media) ?? [];
const look = async (path = '', key = 'secret') => {
  const response = await fetch(`${api.address}${path}`, { headers: { authorization: `Bearer ${key}` } });
  return { status: response.status, type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
};
const reviews = async () =>
  (await listTasks(afterglow.db, { status: 'open', limit: 200, cursor: null })).items.filter(
    ({ why, patientId: of }) => of === patientId && why.includes('not shown'),
  );

describe('a photo that comes with a text', () => {
  test('is fetched from the carrier and shown to staff only, at an address that is ours', async () => {
    await sandbox.reply({ from: phone, body: 'is this normal?', media: [asUrl('image/png', png), 'https://photos.example/2.jpg'] });
    await settle();
    const photos = await photosOf();
    expect(photos.map(({ url }) => url)).toEqual([expect.stringMatching(/^\/v1\/photos\//), expect.stringMatching(/^\/v1\/photos\//)]);
    expect(await look(photos[0]?.url)).toEqual({ status: 200, type: 'image/png', bytes: png });
    expect(await look(photos[1]?.url)).toMatchObject({ status: 200, type: 'image/png' });
    expect(await look(photos[0]?.url, 'nobody')).toMatchObject({ status: 401 });
    const rows = await afterglow.db.selectFrom('photo').select('sealed').execute();
    expect(rows.every(({ sealed }) => !sealed.includes(png.subarray(8)))).toBe(true);
  });

  test('is fetched once, however often the text comes', async () => {
    for (let n = 0; n < 2; n += 1) await sandbox.reply({ from: phone, body: 'look', media: [asUrl('image/png', png)], sid: `MM-${patientId}` });
    await settle();
    expect(await afterglow.db.selectFrom('photo').select('photo_id').where('patient_id', '=', patientId).execute()).toHaveLength(1);
  });

  test('that is no picture is a task for a person, not a silence', async () => {
    await sandbox.reply({ from: phone, body: 'look', media: [asUrl('video/mp4', Buffer.from('film'))] });
    await settle();
    expect(await reviews()).toMatchObject([{ kind: 'review', conversationId: patientId }]);
    expect(await look((await photosOf())[0]?.url)).toMatchObject({ status: 404 });
  });
});

describe('while the carrier does not give it', () => {
  /** A text is in, and its photo is not fetched yet. */
  const stored = async () => {
    await sandbox.stop();
    const held = {
      From: phone,
      To: '+12125550100',
      Body: 'look',
      MessageSid: `MM-${patientId}`,
      NumMedia: '1',
      MediaUrl0: 'x',
      MediaContentType0: 'image/png',
    };
    const { sign } = await import('../apps/sandbox/webhooks.js');
    const url = `${api.address}/webhooks/twilio/inbound`;
    const response = await fetch(url, { method: 'POST', headers: { 'x-twilio-signature': sign('token', url, held) }, body: new URLSearchParams(held) });
    expect(response.status).toBe(204);
  };
  const answering = (...answers: MediaAnswer[]) => {
    const asked: string[] = [];
    return { asked, fetch: async (url: string) => (asked.push(url), answers.shift() ?? ({ kind: 'later', why: 'away' } as const)) };
  };
  const later = (minutes: number) => clock.moveTo(new Date(clock.now().getTime() + minutes * 60_000));
  const state = async () =>
    (await afterglow.db.selectFrom('awaited_media').select(['status', 'attempts', 'why']).where('patient_id', '=', patientId).execute())[0];

  test('it is asked for again, with longer pauses, and kept when it comes', async () => {
    await stored();
    const carrier = answering({ kind: 'later', why: '503' }, { kind: 'later', why: '503' }, { kind: 'fetched', bytes: png });
    expect(await fetchMedia(afterglow, carrier.fetch)).toBe(1);
    expect(await fetchMedia(afterglow, carrier.fetch)).toBe(0);
    expect(await worker.nextMoment()).toEqual(new Date(clock.now().getTime() + 60_000));
    later(1);
    await fetchMedia(afterglow, carrier.fetch);
    later(2);
    await fetchMedia(afterglow, carrier.fetch);
    expect(carrier.asked).toEqual(['x', 'x', 'x']);
    expect(await state()).toMatchObject({ status: 'kept', attempts: 3 });
    expect(await look((await photosOf())[0]?.url)).toMatchObject({ status: 200, bytes: png });
  });

  test('two workers fetch it once; one that died over it leaves it to the other', async () => {
    await stored();
    const dying = fetchMedia(afterglow, () => new Promise<never>(() => undefined));
    void dying;
    while ((await state())?.attempts === 0) await new Promise((resolve) => setImmediate(resolve));
    const carrier = answering({ kind: 'fetched', bytes: png });
    expect(await fetchMedia(afterglow, carrier.fetch)).toBe(0);
    later(3);
    expect(await fetchMedia(afterglow, carrier.fetch)).toBe(1);
    expect(await state()).toMatchObject({ status: 'kept', attempts: 2 });
  });

  test('after a day a person hears of it, once', async () => {
    await stored();
    for (let hour = 0; hour < 40; hour += 1) {
      await fetchMedia(afterglow, answering().fetch);
      later(61);
    }
    expect(await state()).toMatchObject({ status: 'refused', why: 'away' });
    expect(await reviews()).toHaveLength(1);
  });

  test('an erased patient’s is not fetched (invariant 13)', async () => {
    await stored();
    await inTransaction(afterglow.db, (trx) => erasePatient(trx, afterglow, { patientId, reason: 'asked' }));
    const carrier = answering({ kind: 'fetched', bytes: png });
    await fetchMedia(afterglow, carrier.fetch);
    expect(carrier.asked).toEqual([]);
    expect(await state()).toMatchObject({ status: 'refused', why: 'the patient is erased' });
  });
});

test('a photo that comes with an e-mail is kept with it, another file is named', async () => {
  const part = (type: string, bytes: Buffer) =>
    `--B\r\nContent-Type: ${type}\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}\r\n`;
  const head = `From: ${email}\r\nSubject: look\r\nMessage-ID: <${patientId}@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="B"\r\n\r\n`;
  const body = `${head}--B\r\n\r\nis this normal?\r\n${part('image/png', png)}${part('application/pdf', Buffer.from('%PDF'))}--B--\r\n`;
  const headers = { 'content-type': 'message/rfc822', authorization: `Bearer ${mailSecret}` };
  for (let n = 0; n < 2; n += 1) expect((await fetch(`${api.address}/webhooks/mail`, { method: 'POST', headers, body })).status).toBe(204);
  const photos = await photosOf();
  expect(photos).toHaveLength(1);
  expect(await look(photos[0]?.url)).toEqual({ status: 200, type: 'image/png', bytes: png });
  expect((await conversation(afterglow.db, patientId))?.messages.map(({ body: words }) => words)).toContain('look\n\nis this normal?\n[application/pdf]');
});
