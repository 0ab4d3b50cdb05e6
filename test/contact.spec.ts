import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listTasks, receiveMessage } from '#conversation';
import type { NewEvent } from '#event-store';
import { listOutreach, nextDueAt, type OutreachView } from '#follow-up';
import type { SendAnswer } from '#messaging';
import { loadPatient, patientsByPhone } from '#patient';
import { deterministicId, inTransaction, projectRoot, SimulatedClock } from '#platform';
import { findCourse } from '#treatment';
import { ownPage, unsubscribe } from '../apps/api/patient-pages/own-page.js';
import { type Afterglow, openAfterglow } from '../apps/worker/afterglow.js';
import { activateSampleProtocols, setUpClinic } from '../apps/worker/set-up.js';
import { Worker } from '../apps/worker/worker.js';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { bookedSession, FakeChannel, openedCourse } from './support/outreach.js';

/*
 * Where and how a patient may be reached changes while messages are planned: by their own word, by the carrier's, by the desk.
 * The real worker, ledger, queue and policies; only the two ways out are played.
 */
const patientId = 'ana';
const [phone, newPhone] = ['+12125550100', '+12125550188'];
const [email, newEmail] = ['ana@example.com', 'ana@example.net'];
const visit = '2026-12-15T15:00:00.000Z';
const refused = (code: string, reason: 'opted-out' | 'bad-address'): SendAnswer => ({ kind: 'refused', code, reason, retry: 'never', why: 'no' });

let database: TestDatabase;
let opened: Afterglow;
let worker: Worker;
let clock: SimulatedClock;
let sms: FakeChannel;
let mail: FakeChannel;
let count = 0;

beforeEach(async () => {
  database = await createTestDatabase();
  clock = new SimulatedClock(new Date('2026-12-01T15:00:00Z'));
  const config = readConfig({ DATABASE_URL: database.url, MASTER_KEY: Buffer.alloc(32, 9).toString('base64') });
  opened = await openAfterglow({ config: { ...config, AFTERGLOW_CLOCK: 'simulated' }, clock, log: openLog('silent') });
  await setUpClinic(opened, JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
  await activateSampleProtocols(opened);
  [sms, mail] = [new FakeChannel('sms'), new FakeChannel('email')];
  worker = new Worker({ ...opened, channels: { sms, email: mail } });
  await worker.start();
});
afterEach(async () => {
  await worker.stop();
  await opened.close();
  await database.close();
});

async function record(stream: string, ...events: readonly Pick<NewEvent, 'type' | 'data' | 'personal' | 'patientId'>[]): Promise<void> {
  // Of two facts of one instant neither is the later one.
  clock.moveTo(new Date(clock.now().getTime() + 1_000));
  const fresh = events.map((event) => ({ patientId, ...event, id: deterministicId('test', (count += 1)), occurredAt: clock.now() }));
  await inTransaction(opened.db, (trx) => opened.store.append(trx, [{ stream, expected: 'any', events: fresh }]));
}
const ofPatient = (type: string, data: object, personal: NewEvent['personal']) =>
  record(`patient/${patientId}`, { type, data: { consultationId: 'c-1', patientId, ...data }, ...(personal === undefined ? {} : { personal }) });
const consent = (channel: 'sms' | 'email', address: string) =>
  ofPatient(
    'patient.contact-consent-changed.v1',
    { channel, scope: 'care', granted: true, method: 'form', recordedOn: clock.now().toISOString() },
    { address },
  );
const change = (person: Readonly<Record<string, string>>) => ofPatient('patient.contact-changed.v1', {}, { person });

/** Ana with both addresses and consent by these channels, and a visit. */
async function booked(...channels: readonly ('sms' | 'email')[]): Promise<void> {
  const person = { givenName: 'Ana', familyName: 'Ruiz', phone, email, language: 'en', timeZone: 'America/New_York' };
  await ofPatient('patient.registered.v1', {}, { person });
  for (const channel of channels) await consent(channel, channel === 'sms' ? phone : email);
  await record('course/course-1', openedCourse(patientId, 3), { type: 'session.booked.v1', data: bookedSession(patientId, 1, visit) });
  await worker.settle();
}

async function until(to: string): Promise<void> {
  await worker.settle();
  for (let due = await nextDueAt(opened.db); due !== null && due < new Date(to); due = await nextDueAt(opened.db)) {
    clock.moveTo(due > clock.now() ? due : clock.now());
    await worker.settle();
  }
  clock.moveTo(new Date(to));
  await worker.settle();
}

async function completed(): Promise<void> {
  const { sessionId, courseId, protocolId, protocolVersion, timeZone } = bookedSession(patientId, 1, visit);
  const data = { sessionId, courseId, patientId, protocolId, protocolVersion, completedAt: clock.now().toISOString(), on: visit.slice(0, 10), timeZone };
  await record('course/course-1', { type: 'session.completed.v1', data });
  await worker.settle();
}

const rows = async (filter: (row: OutreachView) => boolean = () => true): Promise<OutreachView[]> =>
  (await listOutreach(opened.db, { patientId, limit: 200 })).items.filter(filter);
const planned = (channel: string) => rows((row) => row.status === 'planned' && row.channel === channel);
const mayWrite = async (address: string): Promise<string> => {
  const { consents } = await loadPatient(opened.db, opened.store, patientId);
  const word = consents.find((each) => each.address === address && each.scope === 'care');
  return word === undefined ? 'unknown' : word.granted ? 'granted' : `withdrawn by ${word.method}`;
};
async function says(body: string, from = phone): Promise<void> {
  clock.moveTo(new Date(clock.now().getTime() + 60_000));
  const message = { channel: 'sms' as const, from, body, media: [], providerMessageId: `SM-${(count += 1)}`, receivedAt: clock.now() };
  await inTransaction(opened.db, (trx) =>
    receiveMessage(trx, opened, message, async (db, address) => (await patientsByPhone(db, address)).map(({ id }) => id)),
  );
  await worker.settle();
}
/** While a message is under way the patient's details change. */
function changesUnderway(channel: FakeChannel, person: Readonly<Record<string, string>>, answer: SendAnswer): void {
  const send = channel.send.bind(channel);
  channel.send = async (message, attemptId) => {
    channel.send = send;
    await change(person);
    await consent(channel.name, channel.name === 'sms' ? newPhone : newEmail);
    channel.plan.unshift({ answer, accepts: false });
    return send(message, attemptId);
  };
}

describe('a word on an address is a word on the one that was reached (invariant 7)', () => {
  test('the carrier says that the old number has opted out: the new one stays open', async () => {
    await booked('sms');
    await until('2026-12-14T15:00:00Z');
    changesUnderway(sms, { phone: newPhone }, refused('21610', 'opted-out'));
    await until('2026-12-14T17:00:00Z');
    expect([await mayWrite(phone), await mayWrite(newPhone)]).toEqual(['withdrawn by keyword', 'granted']);
    await until('2026-12-15T15:30:00Z');
    await completed();
    await until('2026-12-16T16:00:00Z');
    expect(sms.accepted.at(-1)?.to).toBe(newPhone);
  });

  test('the unsubscribe link of an old letter closes the mailbox that the letter went to', async () => {
    await booked('email');
    const token = /\/p\/([^/]+)\/unsubscribe/.exec(mail.accepted[0]?.email?.unsubscribeUrl ?? '')?.[1] ?? '';
    await change({ email: newEmail });
    await consent('email', newEmail);
    const own = await ownPage(opened, token);
    if (own === null) throw new Error('the link opens nothing');
    await inTransaction(opened.db, (trx) => unsubscribe(trx, opened, own));
    expect([await mayWrite(email), await mayWrite(newEmail)]).toEqual(['withdrawn by link', 'granted']);
  });

  test('a page that a member of staff cannot get says nothing of the patient', async () => {
    await booked('sms');
    const send = sms.send.bind(sms);
    sms.send = async (message, attemptId) => (message.to === phone ? send(message, attemptId) : refused('21610', 'opted-out'));
    await says('I can not breathe');
    expect(await rows(({ category, status }) => category === 'page' && status === 'failed')).not.toEqual([]);
    expect(await mayWrite(phone)).toBe('granted');
  });
});

describe('an address where nobody is', () => {
  test.each(['21211', '21614'])('a number of which the carrier says %s is tried once, until there is another', async (code) => {
    await booked('sms', 'email');
    await until('2026-12-13T15:00:00Z');
    sms.plan.push({ answer: refused(code, 'bad-address'), accepts: false });
    await until('2026-12-15T15:30:00Z');
    expect(sms.attempts).toHaveLength(1);
    expect(await mayWrite(phone)).toBe('withdrawn by bounce');
    expect((await listTasks(opened.db, { status: 'open', limit: 50, cursor: null })).items.map(({ kind }) => kind)).toContain('call');
    await completed();
    await until('2026-12-16T16:00:00Z');
    expect(sms.attempts).toHaveLength(1);
    const [checkIn] = await rows(({ touchpoint, status }) => touchpoint === 'check-in' && status === 'sent');
    expect(checkIn?.channel).toBe('email');
    await change({ phone: newPhone });
    await consent('sms', newPhone);
    await until('2026-12-18T16:00:00Z');
    expect(sms.accepted.map(({ to }) => to)).toEqual([newPhone]);
  });

  test('without another channel a person calls for what is safety, and the number is left alone', async () => {
    await booked('sms');
    await until('2026-12-15T15:30:00Z');
    sms.plan.push({ answer: refused('21614', 'bad-address'), accepts: false });
    await completed();
    await until('2026-12-16T16:00:00Z');
    const attempts = sms.attempts.length;
    await until('2026-12-23T16:00:00Z');
    expect(sms.attempts).toHaveLength(attempts);
    const checkIns = await rows(({ touchpoint, status }) => touchpoint === 'check-in' && status !== 'cancelled');
    expect(checkIns.map(({ channel, status }) => `${channel} ${status}`).sort()).toEqual(['call missed', 'call missed', 'sms failed']);
    const called = (await listTasks(opened.db, { limit: 50, cursor: null })).items.flatMap(({ kind, outreachId }) => (kind === 'call' ? [outreachId] : []));
    expect(called).toEqual(expect.arrayContaining(checkIns.map(({ id }) => id)));
  });

  test('a phone that is off today is not closed', async () => {
    await booked('sms');
    await until('2026-12-14T15:00:00Z');
    sms.plan.push({ answer: refused('30005', 'bad-address'), accepts: false });
    await until('2026-12-14T17:00:00Z');
    expect(await mayWrite(phone)).toBe('granted');
  });

  test('a mailbox that bounced hard gives way to texts', async () => {
    mail.plan.push({ answer: refused('550', 'bad-address'), accepts: false });
    await booked('sms', 'email');
    const before = mail.accepted.length;
    expect(await mayWrite(email)).toBe('withdrawn by bounce');
    expect(await planned('email')).toEqual([]);
    expect((await planned('sms')).map(({ touchpoint }) => touchpoint)).toContain('reminder');
    await until('2026-12-15T15:00:00Z');
    expect(mail.accepted.slice(before).filter(({ to }) => to === email)).toEqual([]);
    expect(sms.accepted.length).toBeGreaterThan(0);
  });
});

describe('asking for it in any words (invariant 7)', () => {
  test.each(['STOP', "please don't text me any more", 'no me manden más mensajes'])('"%s" ends every text that was planned', async (words) => {
    await booked('sms');
    await until('2026-12-15T15:30:00Z');
    await completed();
    const sent = sms.accepted.length;
    expect((await planned('sms')).length).toBeGreaterThan(0);
    await says(words);
    expect(await mayWrite(phone)).toBe('withdrawn by keyword');
    expect(await planned('sms')).toEqual([]);
    await until('2026-12-24T16:00:00Z');
    // The carrier confirms its own keyword; other words are confirmed by us, once.
    expect(sms.accepted).toHaveLength(sent + (words === 'STOP' ? 0 : 1));
    const checkIns = await rows(({ touchpoint, status }) => touchpoint === 'check-in' && status !== 'cancelled');
    expect(checkIns.map(({ channel, status }) => `${channel} ${status}`)).toEqual(['call missed', 'call missed', 'call missed']);
  });

  test('only START or UNSTOP opens it again', async () => {
    await booked('sms');
    await says('STOP');
    for (const words of ['YES', 'ok', '1', 'sí', 'start my treatment', 'please text me again', 'HELP']) {
      await says(words);
      expect([words, await mayWrite(phone)]).toEqual([words, 'withdrawn by keyword']);
    }
    for (const word of ['START', 'unstop']) {
      await says(word);
      expect([word, await mayWrite(phone)]).toEqual([word, 'granted']);
      expect((await planned('sms')).map(({ touchpoint }) => touchpoint)).toContain('reminder');
      await says('STOP');
      expect(await planned('sms')).toEqual([]);
    }
  });
});

test('yes to a visit is yes to every session of that day', async () => {
  await booked('sms');
  const [second, later] = [bookedSession(patientId, 2, '2026-12-15T19:30:00.000Z'), bookedSession(patientId, 3, '2026-12-22T15:00:00.000Z')];
  await record('course/course-1', ...[second, later].map((data) => ({ type: 'session.booked.v1', data })));
  await until('2026-12-14T17:00:00Z');
  expect(sms.accepted.at(-1)?.body).toContain('10:00 AM and 2:30 PM');
  await says('1');
  const course = await findCourse(opened.db, 'course-1');
  expect(course?.sessions.map(({ status }) => status)).toEqual(['confirmed', 'confirmed', 'booked']);
});

describe('between plan and sending', () => {
  test('another zone: what was planned moves into its hours (invariant 6)', async () => {
    await booked('sms');
    const before = await planned('sms');
    await change({ timeZone: 'Pacific/Honolulu' });
    await worker.settle();
    const after = await planned('sms');
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    // Nine in the morning in Honolulu is two in the afternoon in New York; eight in the evening there is past midnight here.
    for (const { dueAt } of after) expect(Number(dueAt.slice(11, 13))).toBeGreaterThanOrEqual(19);
    await until('2026-12-15T14:00:00Z');
    expect(sms.accepted.length).toBeGreaterThan(0);
  });

  test('another number: texts wait for a consent that names it, then go there', async () => {
    await booked('sms');
    const before = sms.accepted.length;
    await change({ phone: newPhone });
    await worker.settle();
    expect(await planned('sms')).toEqual([]);
    await consent('sms', newPhone);
    await until('2026-12-15T14:00:00Z');
    expect(new Set(sms.accepted.slice(before).map(({ to }) => to))).toEqual(new Set([newPhone]));
  });

  test('another language: the text is made in it', async () => {
    await booked('sms');
    await until('2026-12-14T14:00:00Z');
    const before = sms.accepted.length;
    await change({ language: 'es' });
    await until('2026-12-15T14:00:00Z');
    expect(sms.accepted.slice(before).map(({ body }) => body)).toEqual([expect.stringMatching(/esperamos|cita|visita/i)]);
  });

  test('another mailbox: letters go by text until it has consent, and then there', async () => {
    await booked('sms', 'email');
    const before = mail.accepted.length;
    await change({ email: newEmail });
    await until('2026-12-10T14:00:00Z');
    expect(mail.accepted).toHaveLength(before);
    expect(await planned('email')).toEqual([]);
    await consent('email', newEmail);
    await until('2026-12-15T14:00:00Z');
    expect(new Set(mail.accepted.slice(before).map(({ to }) => to))).toEqual(new Set([newEmail]));
  });
});

test('a patient who was seen before the morning came is not told that we got the request', async () => {
  const person = { givenName: 'Ana', familyName: 'Ruiz', phone, language: 'en', timeZone: 'America/Los_Angeles' };
  const ofConsultation = (type: string, data: object, personal: NewEvent['personal']) =>
    record('consultation/c-1', { type, data: { consultationId: 'c-1', patientId, ...data }, ...(personal === undefined ? {} : { personal }) });
  await ofPatient('patient.registered.v1', {}, { person });
  await consent('sms', phone);
  await ofConsultation('consultation.requested.v1', { channel: 'walk_in' }, { person });
  await worker.settle();
  const [letter] = await planned('sms');
  expect(letter).toMatchObject({ touchpoint: 'request-received', dueAt: expect.stringMatching(/^2026-12-01T17:0/) });
  await ofConsultation('consultation.started.v1', { providerId: 'np-reyes', locationId: 'nyc' }, undefined);
  await until('2026-12-03T20:00:00Z');
  expect(sms.accepted).toEqual([]);
  expect(await rows()).toMatchObject([{ touchpoint: 'request-received', status: 'cancelled' }]);
});

test('people who share a phone are all heard in one STOP, and in one START (invariant 7)', async () => {
  const word = async (person: string) => (await loadPatient(opened.db, opened.store, person)).consents.find(({ scope }) => scope === 'care')?.granted;
  const both = [patientId, 'ben'];
  for (const person of both) {
    const data = { consultationId: `c-${person}`, patientId: person };
    const named = { givenName: 'Ana', familyName: 'Ruiz', phone, language: 'en', timeZone: 'America/New_York' };
    await record(`patient/${person}`, { type: 'patient.registered.v1', data, personal: { person: named }, patientId: person });
    const granted = { ...data, channel: 'sms', scope: 'care', granted: true, method: 'form', recordedOn: clock.now().toISOString() };
    await record(`patient/${person}`, { type: 'patient.contact-consent-changed.v1', data: granted, personal: { address: phone }, patientId: person });
  }
  await worker.settle();
  await says('STOP');
  expect(await Promise.all(both.map(word))).toEqual([false, false]);
  await says('START');
  expect(await Promise.all(both.map(word))).toEqual([true, true]);
});
