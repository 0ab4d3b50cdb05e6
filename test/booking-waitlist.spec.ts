import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { receiveMessage } from '#conversation';
import { compareWithLog } from '#event-store';
import { listOutreach } from '#follow-up';
import { patientsByPhone } from '#patient';
import { deterministicId, inTransaction, projectRoot, SimulatedClock } from '#platform';
import { daysBetween } from '#protocols';
import {
  availability,
  type Booking,
  cancelSession,
  declineOffer,
  expireHolds,
  freedBy,
  joinWaitlist,
  leaveWaitlist,
  offerFreed,
  openCourse,
  type Outcome,
  rescheduleSession,
  type Session,
  takeOffer,
  treatmentProjection,
  waitingSessions,
} from '#treatment';
import { openAfterglow } from '../apps/worker/afterglow.js';
import { activateSampleProtocols, setUpClinic } from '../apps/worker/set-up.js';
import { Worker } from '../apps/worker/worker.js';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { BookingDesk, desk, plainPicture, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { FakeChannel } from './support/outreach.js';

let database: TestDatabase;
let at: BookingDesk;
let clinics = 0;
beforeAll(async () => void (database = await createTestDatabase()));
beforeEach(() => {
  at = new BookingDesk(database.open(`waitlist-${(clinics += 1)}`, 12));
  at.clinic = {
    ...sampleClinic,
    locations: sampleClinic.locations.filter(({ id }) => id === 'nyc'),
    staff: sampleClinic.staff.filter(({ id }) => id === 'np-reyes' || id === 'dr-okafor'),
    rooms: sampleClinic.rooms.filter(({ id }) => id === 'nyc-care-1'),
    devices: sampleClinic.devices.filter(({ location }) => location === 'nyc'),
  };
});

const hour = 3_600_000;
const fail = (error: unknown) => {
  throw error;
};
const later = (millis: number) => new Date(at.clock.now().getTime() + millis).toISOString();
const asking = (unreachable: readonly string[] = []) => ({
  until: later(2 * hour),
  notBefore: later(12 * hour),
  reaches: async ({ patientId }: Session, _slot: Booking) => !unreachable.includes(patientId),
});

/** One visit of a patient, at a given noon. */
async function visit(patientId: string, on: string): Promise<string> {
  const { course } = await at.open(patientId, [{ protocolId: 'chemical_peel.superficial', sessions: 1 }]);
  const sessionId = course.sessions[0]?.sessionId ?? '';
  await rescheduleSession(at.context, sessionId, { start: `${on}T17:00:00.000Z` }, desk);
  return sessionId;
}
const onlyFreed = ({ events }: Outcome) => {
  const [slot] = events.flatMap((event) => freedBy(event) ?? []);
  if (slot === undefined) throw new Error('nothing came free');
  return slot;
};
const cancelled = async (sessionId: string) => onlyFreed(await cancelSession(at.context, sessionId, { reason: 'ill', by: 'patient' }, desk));
const stateOf = async (sessionId: string): Promise<Session | undefined> =>
  (await sql<{ state: Session }>`select state from session where session_id = ${sessionId}`.execute(at.db)).rows[0]?.state;

async function three(): Promise<{ gone: string; near: string; far: string }> {
  const gone = await visit('gone', '2026-12-03');
  const near = await visit('near', '2026-12-08');
  const far = await visit('far', '2026-12-17');
  for (const sessionId of [near, far]) await joinWaitlist(at.context, { sessionId, wish: 'earlier' }, 'desk-tan');
  return { gone, near, far };
}

describe('a time that came free', () => {
  test('is kept for whom it helps most; they take it, wait no more, and their old time goes to the next (invariants A and B)', async () => {
    const { gone, near, far } = await three();
    const slot = await cancelled(gone);
    expect(await offerFreed(at.context, slot, asking())).toBe(far);
    expect(await offerFreed(at.context, slot, asking())).toBeNull();
    expect((await stateOf(far))?.held).toMatchObject({ reason: 'offer', slot: { start: '2026-12-03T17:00:00.000Z' } });
    const taken = await takeOffer(at.context, far, 'patient');
    expect(taken.course.sessions[0]).toMatchObject({ status: 'booked', booking: { start: '2026-12-03T17:00:00.000Z' } });
    await expect(takeOffer(at.context, far, 'patient')).rejects.toMatchObject({ code: 'offer_over' });
    expect((await waitingSessions(at.db)).map(({ sessionId }) => sessionId)).toEqual([near]);
    expect(onlyFreed(taken)).toMatchObject({ start: '2026-12-17T17:00:00.000Z' });
    expect(await offerFreed(at.context, onlyFreed(taken), asking())).toBeNull();
    const log = await at.store.readStream(at.db, `course/${taken.course.courseId}`);
    expect(log.find(({ type }) => type === 'session.held.v1')?.data['why']).toMatch(/^14 days earlier, waiting since .*; of 2 who could be asked$/);
    expect(await compareWithLog({ db: at.db, store: at.store, projection: treatmentProjection })).toEqual([]);
  });

  test('goes to the next when nobody answers in time or the answer is no, and to none of them again that day (invariant C)', async () => {
    const { gone, near, far } = await three();
    const slot = await cancelled(gone);
    expect(await offerFreed(at.context, slot, asking())).toBe(far);
    at.clock.moveTo(new Date(later(2 * hour)));
    expect(await expireHolds(at.context, fail)).toBe(1);
    await expect(takeOffer(at.context, far, 'patient')).rejects.toMatchObject({ code: 'offer_over' });
    expect(await offerFreed(at.context, slot, asking())).toBe(near);
    const declined = await declineOffer(at.context, near, 'patient');
    expect(declined.course.sessions[0]).toMatchObject({ booking: { start: '2026-12-08T17:00:00.000Z' }, waiting: { passed: ['2026-12-03'] } });
    expect(await offerFreed(at.context, slot, asking())).toBeNull();
    await leaveWaitlist(at.context, far, 'patient');
    expect((await waitingSessions(at.db)).map(({ sessionId }) => sessionId)).toEqual([near]);
  });

  test('passes over who cannot be reached in time, or may not be treated then (invariant 3)', async () => {
    const { gone, near, far } = await three();
    at.know('near', () => ({ ...plainPicture, availability: { ...plainPicture.availability, socialEvents: [{ on: '2026-12-04' }] } }));
    const slot = await cancelled(gone);
    expect(await offerFreed(at.context, slot, asking(['far']))).toBeNull();
    at.know('near', () => plainPicture);
    expect(await offerFreed(at.context, slot, asking(['far']))).toBe(near);
    expect((await stateOf(far))?.held).toBeUndefined();
    expect(await offerFreed(at.context, { ...slot, start: later(hour) }, asking())).toBeNull();
  });

  test('offered by eight workers at once is one offer, and a yes races with the clock to one end (invariants 1 and A)', async () => {
    const { gone, far } = await three();
    const slot = await cancelled(gone);
    const offers = await Promise.all(Array.from({ length: 8 }, () => offerFreed(at.context, slot, asking())));
    expect(offers.filter((sessionId) => sessionId !== null)).toEqual([far]);
    const held = await sql<{ n: number }>`select count(*)::int as n from session where held_until is not null`.execute(at.db);
    expect(held.rows[0]?.n).toBe(1);
    at.clock.moveTo(new Date(later(2 * hour)));
    const [answer, ended] = await Promise.all([
      takeOffer(at.context, far, 'patient').then(
        () => 'taken',
        () => 'over',
      ),
      expireHolds(at.context, fail),
    ]);
    expect([
      ['taken', 0],
      ['over', 1],
    ]).toContainEqual([answer, ended]);
    expect((await stateOf(far))?.booking?.start).toBe(answer === 'taken' ? '2026-12-03T17:00:00.000Z' : '2026-12-17T17:00:00.000Z');
    expect((await stateOf(far))?.held).toBeUndefined();
  });
});

/** A course of two visits, and a time that came free between them, closer to the second than the interval allows. */
async function between() {
  const { course } = await at.open('two', [{ protocolId: 'chemical_peel.superficial', sessions: 2 }]);
  const [first = '', second = ''] = course.sessions.map(({ sessionId }) => sessionId);
  await rescheduleSession(at.context, first, { start: '2026-12-03T17:00:00.000Z' }, desk);
  await rescheduleSession(at.context, second, { start: '2027-01-04T17:00:00.000Z' }, desk);
  const freed = await cancelled(await visit('gone', '2026-12-22'));
  return { course, first, second, freed };
}

describe('a wish for any other time', () => {
  test('is offered one that a later visit would have to follow: the offer stands, and taken, what follows moves (invariants 3 and A)', async () => {
    const { course, first, second, freed } = await between();
    await joinWaitlist(at.context, { sessionId: first, wish: 'any' }, 'desk-tan');
    expect(await offerFreed(at.context, freed, asking())).toBe(first);
    expect(await offerFreed(at.context, freed, asking())).toBeNull();
    const held = (await stateOf(first))?.held;
    expect(held).toMatchObject({ reason: 'offer', slot: { start: expect.stringMatching(/^2026-12-22T/) } });
    const log = await at.store.readStream(at.db, `course/${course.courseId}`);
    expect(log.filter(({ type }) => type === 'session.slot-released.v1')).toEqual([]);
    await takeOffer(at.context, first, 'patient');
    const [start, follows] = [(await stateOf(first))?.booking?.start ?? '', (await stateOf(second))?.booking?.start ?? ''];
    expect(start).toBe(held?.slot.start);
    const apart = held?.slot.spacing['chemical_peel.superficial'] ?? 0;
    expect(apart).toBeGreaterThan(13);
    expect(daysBetween(start.slice(0, 10), follows.slice(0, 10))).toBeGreaterThanOrEqual(apart);
    expect(await compareWithLog({ db: at.db, store: at.store, projection: treatmentProjection })).toEqual([]);
  });
});

describe('an offer', () => {
  test('of a first time is judged again when it is taken: what facts forbid by then is refused (invariant 3)', async () => {
    const gone = await visit('gone', '2026-12-03');
    at.clinic = { ...at.clinic, scheduling: 'propose' };
    const { course } = await at.open('late', [{ protocolId: 'chemical_peel.superficial', sessions: 1 }]);
    const sessionId = course.sessions[0]?.sessionId ?? '';
    await joinWaitlist(at.context, { sessionId, wish: 'earlier' }, 'desk-tan');
    expect(await offerFreed(at.context, await cancelled(gone), asking())).toBe(sessionId);
    at.know('late', () => ({ ...plainPicture, availability: { ...plainPicture.availability, socialEvents: [{ on: '2026-12-04' }] } }));
    await expect(takeOffer(at.context, sessionId, 'patient')).rejects.toMatchObject({ code: 'forbidden_window', details: { constraint: 'social_event' } });
    expect((await stateOf(sessionId))?.status).toBe('held');
    at.know('late', () => plainPicture);
    const taken = await takeOffer(at.context, sessionId, 'patient');
    expect(taken.course.sessions[0]).toMatchObject({ status: 'booked', booking: { start: '2026-12-03T17:00:00.000Z' } });
    expect(taken.events.filter(({ type }) => type === 'session.slot-released.v1')).toEqual([]);
  });

  test('goes to the next when the one who was meant stops waiting in the very moment', async () => {
    const { gone, near, far } = await three();
    const ask = asking();
    const reaches = async (session: Session, slot: Booking) => {
      if (session.sessionId === far) await leaveWaitlist(at.context, far, 'patient');
      return ask.reaches(session, slot);
    };
    expect(await offerFreed(at.context, await cancelled(gone), { ...ask, reaches })).toBe(near);
    expect((await stateOf(far))?.held).toBeUndefined();
  });

  test('is seen by who looks for a free time that day, however far off the present visit is (invariant 1)', async () => {
    const { gone, far } = await three();
    const freed = await cancelled(gone);
    const minute = { protocolId: 'chemical_peel.superficial', from: freed.start, to: new Date(Date.parse(freed.start) + 60_000).toISOString(), limit: 5 };
    expect((await availability(at.context, minute)).items).not.toEqual([]);
    expect(await offerFreed(at.context, freed, asking())).toBe(far);
    expect((await availability(at.context, minute)).items).toEqual([]);
  });
});

const phones = { gone: '+12125550101', near: '+12125550102', far: '+12125550103', mute: '+12125550104' } as const;
type Who = keyof typeof phones;

/** The whole worker with both ways out played: four patients with a visit each, three of whom wait for an earlier one. */
async function running() {
  const clock = new SimulatedClock(new Date('2026-12-01T15:00:00Z'));
  const config = readConfig({ DATABASE_URL: database.url, MASTER_KEY: Buffer.alloc(32, 9).toString('base64') });
  const opened = await openAfterglow({ config: { ...config, AFTERGLOW_CLOCK: 'simulated' }, clock, log: openLog('silent') });
  const document: object = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8'));
  await setUpClinic(opened, { ...document, messageCaps: { perDay: 5, perWeek: 20 } });
  await activateSampleProtocols(opened);
  const [sms, email] = [new FakeChannel('sms'), new FakeChannel('email')];
  const worker = new Worker({ ...opened, channels: { sms, email } });
  await worker.start();
  let count = 0;
  const register = (patientId: Who) => {
    const common = { patientId, occurredAt: clock.now() };
    const person = { givenName: patientId, familyName: 'Ruiz', phone: phones[patientId], language: 'en', timeZone: 'America/New_York' };
    const consent = { patientId, channel: 'sms', scope: 'care', granted: true, method: 'form', recordedOn: clock.now().toISOString() };
    const events = [
      { ...common, id: deterministicId('test', patientId, 1), type: 'patient.registered.v1', data: { patientId }, personal: { person } },
      ...(patientId === 'mute'
        ? []
        : [
            {
              ...common,
              id: deterministicId('test', patientId, 2),
              type: 'patient.contact-consent-changed.v1',
              data: consent,
              personal: { address: person.phone },
            },
          ]),
    ];
    return inTransaction(opened.db, (trx) => opened.store.append(trx, [{ stream: `patient/${patientId}`, expected: 'any', events }]));
  };
  const book = async (patientId: Who, on: string): Promise<string> => {
    await register(patientId);
    const items = [{ protocolId: 'chemical_peel.superficial', sessions: 1 }];
    const { course } = await openCourse(await opened.treatment(), { consultationId: `c-${patientId}`, patientId, planId: 'plan-1', locationId: 'nyc', items });
    const sessionId = course.sessions[0]?.sessionId ?? '';
    await rescheduleSession(await opened.treatment(), sessionId, { start: `${on}T17:00:00.000Z` }, desk);
    return sessionId;
  };
  const says = async (patientId: Who, body: string) => {
    clock.moveTo(new Date(clock.now().getTime() + 60_000));
    const from = phones[patientId];
    const message = { channel: 'sms' as const, from, body, media: [], providerMessageId: `SM-${(count += 1)}`, receivedAt: clock.now() };
    const find = async (db: Parameters<typeof patientsByPhone>[0], address: string) => (await patientsByPhone(db, address)).map(({ id }) => id);
    await inTransaction(opened.db, (trx) => receiveMessage(trx, opened, message, find));
    await worker.settle();
  };
  const got = (patientId: Who) => sms.accepted.filter(({ to }) => to === phones[patientId]).map(({ body }) => body);
  const startOf = async (sessionId: string) =>
    (await sql<{ start_at: Date }>`select start_at from session where session_id = ${sessionId}`.execute(opened.db)).rows[0]?.start_at.toISOString();
  const close = async () => {
    await worker.stop();
    await opened.close();
  };
  return { clock, opened, worker, book, says, got, startOf, close };
}

let stage: Awaited<ReturnType<typeof running>>;
beforeAll(async () => void (stage = await running()));
afterAll(async () => {
  await stage.close();
  await database.close();
});

test('by text: one patient after the other is asked, a yes moves the visit, silence asks the next, and a late yes hears that it is too late (invariants 5, 7, A)', async () => {
  const { clock, opened, worker, book, says, got, startOf } = stage;
  const [gone, near, far, mute] = [
    await book('gone', '2026-12-03'),
    await book('near', '2026-12-08'),
    await book('far', '2026-12-17'),
    await book('mute', '2026-12-18'),
  ];
  const treatment = await opened.treatment();
  for (const sessionId of [near, far, mute]) await joinWaitlist(treatment, { sessionId, wish: 'earlier' }, 'desk-tan');
  await worker.settle();
  await cancelSession(treatment, gone, { reason: 'ill', by: 'patient' }, desk);
  await worker.settle();
  const offers = async () => (await listOutreach(opened.db, { limit: 200 })).items.filter(({ touchpoint }) => touchpoint === 'slot-offer');
  expect((await offers()).map(({ patientId, status }) => [patientId, status])).toEqual([['far', 'sent']]);
  expect(got('far').at(-1)).toMatch(
    /an earlier time is free: Thu, Dec 3, 12:00 PM\. Reply 1 to take it, 2 to keep yours\. We keep it until Tue, Dec 1, 12:00 PM/,
  );
  await says('far', 'Yes please');
  expect(await startOf(far)).toBe('2026-12-03T17:00:00.000Z');
  expect(got('far').filter((body) => body.includes('your visit is now Thu, Dec 3'))).toHaveLength(1);

  await cancelSession(treatment, far, { reason: 'ill', by: 'patient' }, desk);
  await worker.settle();
  expect((await offers()).map(({ patientId }) => patientId).sort()).toEqual(['far', 'near']);
  clock.moveTo(new Date('2026-12-01T17:05:00Z'));
  await worker.settle();
  expect((await waitingSessions(opened.db)).map(({ held }) => held)).toEqual([undefined, undefined]);
  await says('near', '1');
  expect(got('near').at(-1)).toMatch(/not free any more/);
  expect(await startOf(near)).toBe('2026-12-08T17:00:00.000Z');
  expect(got('mute')).toEqual([]);
});
