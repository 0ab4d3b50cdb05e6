import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { acknowledgeTask, conversation, listTasks } from '#conversation';
import { listOutreach } from '#follow-up';
import { hasConsent, loadPatient } from '#patient';
import { inTransaction, projectRoot, SimulatedClock } from '#platform';
import { courseIdFor, findCourse } from '#treatment';
import { type Api, startApi } from '../apps/api/app.js';
import { type Sandbox, startSandbox } from '../apps/sandbox/index.js';
import { type Afterglow, openAfterglow } from '../apps/worker/afterglow.js';
import { activateSampleProtocols, registerKeys, setUpClinic } from '../apps/worker/set-up.js';
import { Worker } from '../apps/worker/worker.js';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { freePort } from '../libs/platform/ports.js';

/* E-mail that comes in, from the sandbox's mail server to the threads and the ledger: the whole product on a simulated clock. */
jest.setTimeout(120_000);

const start = new Date('2026-11-23T15:00:00Z');
const mailSecret = 'a-secret-of-sixteen';
const accountSid = `AC${'1'.repeat(32)}`;

let [database, afterglow, worker, api, sandbox]: [TestDatabase, Afterglow, Worker, Api, Sandbox] = [] as never;
const clock = new SimulatedClock(start);

beforeAll(async () => {
  database = await createTestDatabase();
  const port = await freePort();
  sandbox = await startSandbox({ webhookBaseUrl: `http://127.0.0.1:${port}`, accountSid, authToken: 'token', mailSecret, clock: { now: () => clock.now() } });
  const config = readConfig({
    DATABASE_URL: database.url,
    MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    SMTP_URL: sandbox.smtpUrl,
    MAIL_FROM: 'Afterglow Skin Studio <care@clinic.example>',
    MAIL_WEBHOOK_SECRET: mailSecret,
  });
  afterglow = await openAfterglow({ config: { ...config, AFTERGLOW_CLOCK: 'simulated' }, clock, log: openLog('silent') });
  await setUpClinic(afterglow, JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
  await activateSampleProtocols(afterglow);
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

const settle = () => worker.settle(() => sandbox.idle());

async function runUntil(to: Date): Promise<void> {
  await settle();
  for (let next = await worker.nextMoment(); next !== null && next <= to; next = await worker.nextMoment()) {
    clock.moveTo(next > clock.now() ? next : new Date(clock.now().getTime() + 60_000));
    await settle();
  }
  clock.moveTo(to);
  await settle();
}

let told = 0;
async function tell(patientId: string, ...facts: readonly (readonly [type: string, data: object])[]): Promise<void> {
  const lines = facts.map(([type, data]) => {
    told += 1;
    const ids = { consultationId: `c-${patientId}`, patientId };
    const time = new Date(clock.now().getTime() - 600_000 + told * 1_000).toISOString();
    const subject = type.startsWith('patient.') ? patientId : ids.consultationId;
    return JSON.stringify({ specversion: '1.0', id: `e-${told}`, source: '/desk', type, subject, time, data: { ...ids, ...data } });
  });
  const headers = { authorization: 'Bearer secret', 'content-type': 'application/x-ndjson' };
  const response = await fetch(`${api.address}/v1/events`, { method: 'POST', headers, body: lines.join('\n') });
  expect(await response.json()).toMatchObject({ accepted: lines.length, rejected: [] });
  await settle();
}

const addressOf = (patientId: string) => `${patientId}@example.com`;
const consentTo = (channel: 'sms' | 'email', address: string) =>
  ['patient.contact-consent-changed.v1', { channel, scope: 'care', granted: true, address, method: 'form', recordedOn: '2026-11-23' }] as const;

/** Someone who asks for a consultation and may be written to; what they asked for is confirmed by e-mail at once. */
async function meet(patientId: string, phone?: string): Promise<void> {
  const person = { givenName: 'Ana', familyName: 'Ruiz', birthDate: '1990-01-01', email: addressOf(patientId), ...(phone !== undefined && { phone }) };
  const consents = [consentTo('email', person.email), ...(phone === undefined ? [] : [consentTo('sms', phone)])];
  await tell(patientId, ['patient.registered.v1', { person, pregnant: false }], ...consents, ['consultation.requested.v1', { channel: 'online', person }]);
}

/** … and signs a plan of one session. */
async function agree(patientId: string): Promise<string> {
  const planId = `plan-${patientId}`;
  const providerId = 'dr-okafor';
  await tell(
    patientId,
    ['consultation.started.v1', { providerId, locationId: 'nyc' }],
    ['consultation.history-reviewed.v1', { providerId }],
    ['consultation.skin-assessed.v1', { providerId, fitzpatrick: 'II', issues: [], areas: ['cheeks'], method: 'visual' }],
    ['consultation.plan-proposed.v1', { planId, providerId, items: [{ protocolId: 'microneedling.cosmetic', sessions: 1 }] }],
    ['consultation.education-delivered.v1', { topics: ['procedure'] }],
    ['consultation.decision-made.v1', { decision: 'proceed', planId }],
    ['consultation.consent-signed.v1', { planId, documentVersion: '1', acknowledged: ['risks'], signedAt: clock.now().toISOString() }],
  );
  const [session] = (await findCourse(afterglow.db, courseIdFor(`c-${patientId}`)))?.sessions ?? [];
  return session?.start ?? '';
}

const mailsTo = (patientId: string) => sandbox.messages().filter(({ channel, to }) => channel === 'email' && to === addressOf(patientId));
const idOfMailTo = (patientId: string): string => {
  const [first] = mailsTo(patientId);
  if (first === undefined) throw new Error(`no e-mail went to ${patientId}`);
  return first.providerMessageId;
};
const rowsOf = async (patientId: string) => (await listOutreach(afterglow.db, { patientId, limit: 200 })).items;
const threadOf = (patientId: string) => conversation(afterglow.db, patientId);
const wordsIn = async (conversationId: string) =>
  ((await threadOf(conversationId))?.messages ?? []).filter(({ direction }) => direction === 'in').map(({ body }) => body);
const mayWrite = async (patientId: string) =>
  hasConsent((await loadPatient(afterglow.db, afterglow.store, patientId)).consents, 'email', 'care', addressOf(patientId));
const letter = (headers: Record<string, string>, body: string) =>
  [...Object.entries({ 'Message-ID': `<${crypto.randomUUID()}@x.example>`, ...headers }).map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
const handIn = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${api.address}/webhooks/mail`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${mailSecret}`, ...headers },
    body,
  });
const counted = async (outcome: string) => {
  const metrics = await (await fetch(`${api.address}/metrics`)).text();
  return Number(new RegExp(`afterglow_mail_received_total\\{outcome="${outcome}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0);
};

describe('a message that bounces', () => {
  test('for good: not delivered, the address closed, and what is still to come takes the other way (invariants 5 and 7)', async () => {
    sandbox.faults.add({ channel: 'email', mode: 'bounce', count: 1 });
    await meet('bo', '+12125550181');
    expect(mailsTo('bo')).toHaveLength(1);
    const [bounced] = (await rowsOf('bo')).filter(({ providerMessageId }) => providerMessageId === mailsTo('bo')[0]?.providerMessageId);
    expect(bounced).toMatchObject({ status: 'failed', why: expect.stringContaining('5.1.1') });
    expect(await mayWrite('bo')).toBe(false);
    await agree('bo');
    expect(mailsTo('bo')).toHaveLength(1);
    expect((await rowsOf('bo')).filter(({ status, channel }) => status === 'planned' && channel === 'email')).toEqual([]);
    expect((await rowsOf('bo')).some(({ status, channel }) => status === 'planned' && channel === 'sms')).toBe(true);
  });

  test('a full mailbox: not delivered, and the address stays open', async () => {
    sandbox.faults.add({ channel: 'email', mode: 'bounce', count: 1, status: '5.2.2' });
    await meet('full');
    expect(await rowsOf('full')).toMatchObject([{ status: 'failed' }]);
    expect(await mayWrite('full')).toBe(true);
  });

  test('only late: nothing is final', async () => {
    sandbox.faults.add({ channel: 'email', mode: 'bounce', count: 1, status: '4.4.1' });
    await meet('late');
    expect(await rowsOf('late')).toMatchObject([{ status: 'sent' }]);
    expect(await mayWrite('late')).toBe(true);
  });

  test('a report on a message that is not ours, and one sent again, change nothing', async () => {
    await meet('carl');
    const ours = idOfMailTo('carl');
    const report = (messageId: string) =>
      `Content-Type: multipart/report; boundary="B"\r\nFrom: MAILER-DAEMON@mx.example\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; x\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${messageId}\r\n\r\n--B--\r\n`;
    const before = await counted('ignored');
    for (const other of [`<${crypto.randomUUID()}@clinic.example>`, ours.replace('clinic.example', 'elsewhere.example'), '<x@clinic.example>'])
      expect((await handIn(report(other))).status).toBe(204);
    await settle();
    expect(await rowsOf('carl')).toMatchObject([{ status: 'sent' }]);
    expect((await counted('ignored')) - before).toBe(3);
    for (let n = 0; n < 2; n += 1) await handIn(report(ours));
    await settle();
    expect(await rowsOf('carl')).toMatchObject([{ status: 'failed' }]);
    const events = await afterglow.store.readStream(afterglow.db, 'outreach/carl');
    expect(events.filter(({ type }) => type === 'outreach.failed.v1')).toHaveLength(1);
  });
});

describe('a patient answers by e-mail', () => {
  test('once, however often it comes (invariant 8)', async () => {
    await meet('eva');
    for (let n = 0; n < 3; n += 1) expect(await sandbox.write({ from: addressOf('eva'), body: 'thank you', messageId: '<same@x.example>' })).toBe(204);
    await settle();
    expect(await wordsIn('eva')).toEqual(['thank you']);
  });

  test('with a red flag: a person is paged, and what the answer only repeats is not judged', async () => {
    await meet('flo');
    await sandbox.write({ from: addressOf('flo'), body: 'I can not breathe' });
    await meet('gus');
    await handIn(letter({ From: addressOf('gus'), Subject: 'Re: hi' }, 'all fine\r\n\r\nOn Dec 2, 2026 Lumen wrote:\r\n> call 911 when you can not breathe'));
    await settle();
    expect(await threadOf('flo')).toMatchObject({ urgency: 'emergency' });
    const { items } = await listTasks(afterglow.db, { status: 'open', limit: 50, cursor: null });
    const paging = items.filter(({ kind }) => kind === 'escalation');
    expect(paging).toMatchObject([{ patientId: 'flo' }]);
    // The page went by e-mail, for no carrier is set up; a colleague answers it, and that is not the patient speaking.
    const page = sandbox.messages().findLast(({ to }) => to === 'reyes@clinic.example');
    await handIn(
      letter({ From: 'reyes@clinic.example', Subject: 'Re: page', 'In-Reply-To': page?.providerMessageId ?? '' }, 'She can not breathe? I call 911.'),
    );
    await settle();
    expect(await counted('colleague')).toBe(1);
    expect(await wordsIn('flo')).toEqual(['I can not breathe']);
    expect((await listTasks(afterglow.db, { status: 'open', limit: 50, cursor: null })).items.filter(({ kind }) => kind === 'escalation')).toHaveLength(1);
    await inTransaction(afterglow.db, (trx) => acknowledgeTask(trx, afterglow, { taskId: paging[0]?.id ?? '', by: 'dr-okafor' }));
    expect((await threadOf('gus'))?.urgency).not.toMatch(/emergency|urgent/);
    const events = await afterglow.store.readStream(afterglow.db, 'conversation/gus');
    expect(events.find(({ type }) => type === 'message.received.v1')?.data).toMatchObject({ body: 'all fine', quoted: expect.stringContaining('911') });
  });

  test('and asks for no more of them, which closes the e-mail (invariant 7)', async () => {
    await meet('hal');
    expect(await mayWrite('hal')).toBe(true);
    await sandbox.write({ from: addressOf('hal'), body: 'please stop emailing me' });
    await settle();
    expect(await mayWrite('hal')).toBe(false);
  });

  test('from another address, to a message of ours: into the same thread; from an address nobody knows: into one of its own', async () => {
    await meet('ivy');
    await handIn(letter({ From: 'ivys.work@elsewhere.example', Subject: 'Re: x', 'In-Reply-To': idOfMailTo('ivy') }, 'this is Ivy'));
    await handIn(letter({ From: 'stranger@elsewhere.example', Subject: 'Question' }, 'do you open on Sundays?'));
    await settle();
    expect(await wordsIn('ivy')).toEqual(['this is Ivy']);
    const { conversation_id: id } = await afterglow.db
      .selectFrom('conversation')
      .select('conversation_id')
      .where('address', '=', 'stranger@elsewhere.example')
      .executeTakeFirstOrThrow();
    expect(await wordsIn(id)).toEqual(['Question\n\ndo you open on Sundays?']);
    expect((await threadOf(id))?.patientId).toBeNull();
  });
});

test('what a machine answers reaches no thread, and is counted', async () => {
  await meet('jo');
  const signs: readonly Record<string, string>[] = [{ 'Auto-Submitted': 'auto-replied' }, { Precedence: 'bulk' }, { 'X-Autoreply': 'yes' }];
  const before = await counted('ignored');
  for (const sign of signs)
    await handIn(letter({ From: addressOf('jo'), Subject: 'Out of office', 'In-Reply-To': idOfMailTo('jo'), ...sign }, 'I am away, call 911'));
  await settle();
  expect(await threadOf('jo')).toBeNull();
  expect((await counted('ignored')) - before).toBe(3);
});

describe('the door for e-mail', () => {
  const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`mail:${password}`).toString('base64')}` });
  test.each([
    ['no secret', { authorization: '' }, 403],
    ['a wrong token', { authorization: 'Bearer a-secret-of-sixteeN' }, 403],
    ['a wrong password', basic('x'), 403],
    ['another content type', { 'content-type': 'text/plain' }, 415],
    ['the password', basic(mailSecret), 400],
  ])('%s: %#', async (_name, headers, status) => expect((await handIn('Subject: nobody\r\n\r\nhello', headers)).status).toBe(status));
});

test('a patient answers the question that was asked by e-mail, which so is known to have arrived', async () => {
  await meet('dora');
  const visit = await agree('dora');
  await runUntil(new Date(Date.parse(visit) - 6 * 3_600_000));
  const asked = (await rowsOf('dora')).findLast(({ touchpoint, status }) => touchpoint === 'reminder' && status === 'sent');
  expect(mailsTo('dora').map(({ providerMessageId }) => providerMessageId)).toContain(asked?.providerMessageId);
  await handIn(letter({ From: 'Dora@Example.com', Subject: 'Re: Your visit', 'In-Reply-To': asked?.providerMessageId ?? '' }, '1'));
  await settle();
  expect(await wordsIn('dora')).toEqual(['1']);
  expect((await threadOf('dora'))?.messages.find(({ direction }) => direction === 'in')).toMatchObject({ channel: 'email', outreachId: asked?.id });
  expect((await findCourse(afterglow.db, courseIdFor('c-dora')))?.sessions[0]?.status).toBe('confirmed');
  expect((await rowsOf('dora')).find(({ id }) => id === asked?.id)?.status).toBe('delivered');
});
