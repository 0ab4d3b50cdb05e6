import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { absencesBetween, clinicDocument, configureClinic } from '#clinic';
import { hashToken, inTransaction } from '#platform';
import { availability, findSession, listSessions, type Outcome, rescheduleSession } from '#treatment';
import { ExceptionsController } from '../apps/api/exceptions.controller.js';
import { BookingDesk, desk, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { serve, type Served } from './support/served.js';

const ipl = 'ipl_bbl.standard';
const week = (from: string, to: string) => Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [[from, to]]]));
const morning = week('09:00', '12:00');
const [nyc, westport] = sampleClinic.locations.map((location) => ({ ...location, hours: morning, closed: [] }));
const doctor = (id: string, hours: object = { nyc: morning }) => ({
  ...{ id, name: id, roles: ['provider', 'on_call'], hours },
  licences: ['NY', 'CT'].map((state) => ({ kind: 'MD', state, until: '2030-01-01' })),
  certifications: [{ protocols: ['*'], until: '2030-01-01' }],
});
const room = (id: string, location = 'nyc') => ({ id, location, protocols: ['*'] });
const laser = { id: 'laser', location: 'nyc', protocols: [ipl] };
/** Open every morning from 9 to 12 (New York, in winter 14:00Z to 17:00Z). */
const small = {
  ...sampleClinic,
  locations: [nyc, westport],
  staff: ['p1', 'p2', 'p3'].map((id) => doctor(id)),
  rooms: ['r1', 'r2', 'r3'].map((id) => room(id)),
};

let database: TestDatabase;
let served: Served | undefined;
let at: BookingDesk;
let clinics = 0;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());
beforeEach(() => void (at = new BookingDesk(database.open(`hours-${(clinics += 1)}`, 8))));

/** Puts settings in force; from then on the desk works by them. */
async function configure(settings: object): Promise<void> {
  await inTransaction(at.db, (trx) => configureClinic(trx, at, { ...small, devices: [laser], ...settings }, 'test'));
  await refresh();
}
const refresh = async () => void (at.clinic = (await clinicDocument(at.db)) ?? at.clinic);
const open = (patientId: string, more = {}) => at.open(patientId, [{ protocolId: ipl, sessions: 1 }], more);
const bookingOf = ({ course }: Outcome) => {
  const booking = course.sessions[0]?.booking;
  if (!booking) throw new Error('not booked');
  return booking;
};
const freeOn = async (day: string) => (await availability(at.context, { protocolId: ipl, from: `${day}T05:00:00Z`, to: `${day}T23:59:00Z`, limit: 200 })).items;

interface Held {
  readonly kind: string;
  readonly id: string;
  readonly from: Date;
  readonly to: Date;
}
/** What the ledger holds, by beginning. */
const ledger = async (): Promise<Held[]> =>
  (
    await sql<Held>`select resource_kind as kind, resource_id as id, lower(during) as "from", upper(during) as "to" from allocation order by 3, 1`.execute(
      at.db,
    )
  ).rows;

describe('what differs from the settings for a while', () => {
  const headers = { Authorization: 'Bearer desk' };
  const call = (method: 'get' | 'post' | 'delete', path: string, body?: object) => {
    if (served === undefined) throw new Error('nothing is served');
    return served.http[method](`/v1/clinic/${path}`).set(headers).send(body);
  };
  beforeEach(async () => {
    await configure({});
    const key = { name: 'desk', key_hash: hashToken('desk'), roles: ['front_desk'], created_at: at.clock.now() };
    await at.db.insertInto('api_key').values(key).execute();
    served = await serve([ExceptionsController], { db: at.db, store: at.store, clock: at.clock, wake: () => undefined });
  });
  afterEach(async () => served?.close());
  const day = '2026-12-03';

  test('an absence leaves the free time and refuses a booking into it, naming the constraint, until it is ended', async () => {
    const { sessionId } = bookingOf(await open('ann'));
    for (const staffId of ['p1', 'p2', 'p3']) await call('post', 'absences', { staffId, from: day, to: day, reason: 'flu' }).expect(201);
    await refresh();
    expect(await freeOn(day)).toEqual([]);
    expect(await freeOn('2026-12-04')).not.toEqual([]);
    const move = () => rescheduleSession(at.context, sessionId, { start: `${day}T15:00:00Z` }, desk);
    await expect(move()).rejects.toMatchObject({ code: 'forbidden_window', details: { constraint: 'hours' }, message: expect.stringContaining('absent') });
    const [first] = (await call('get', `exceptions?kind=absence&from=${day}`).expect(200)).body.items;
    expect(first).toMatchObject({ kind: 'absence', from: '2026-12-03T05:00:00.000Z', to: '2026-12-04T05:00:00.000Z', reason: 'flu' });
    expect(await absencesBetween(at.db, new Date(`${day}T12:00:00Z`), new Date(`${day}T13:00:00Z`), first.staffId)).toHaveLength(1);
    await call('delete', `exceptions/${first.exceptionId}`).expect(204);
    await refresh();
    await move();
    expect(await findSession(at.db, sessionId)).toMatchObject({ start: `${day}T15:00:00.000Z`, providerId: first.staffId });
  });

  test('a closed place, a closed room and a device that is down are refused each by its name', async () => {
    const { sessionId } = bookingOf(await open('bea'));
    const refusal = async (path: string, body: object, on: string) => {
      await call('post', path, { ...body, from: `${on}T14:00:00Z`, to: `${on}T16:00:00Z` }).expect(201);
      await refresh();
      return rescheduleSession(at.context, sessionId, { start: `${on}T15:00:00Z` }, desk).catch((error: Error) => error.message);
    };
    expect(await refusal('closures', { locationId: 'nyc' }, '2026-12-07')).toMatch(/closed at that time/);
    expect(await refusal('downtimes', { deviceId: 'laser' }, '2026-12-08')).toMatch(/device is down/);
    for (const roomId of ['r1', 'r2']) await call('post', 'closures', { roomId, from: '2026-12-09', to: '2026-12-09' }).expect(201);
    expect(await refusal('closures', { roomId: 'r3' }, '2026-12-09')).toMatch(/room is closed/);
  });

  test('extra hours open a day, and an extra shift fills them; a shift while the place is closed names the field', async () => {
    await configure({ locations: [{ ...nyc, hours: week('09:00', '12:00'), closed: [day] }, westport] });
    const shift = { staffId: 'p2', locationId: 'nyc', on: day, hours: [['18:00', '20:00']] };
    const early = await call('post', 'extra-shifts', shift).expect(422);
    expect(early.body).toMatchObject({ code: 'invalid_exception', path: 'hours', detail: expect.stringContaining('outside the hours of nyc') });
    await call('post', 'extra-hours', { locationId: 'nyc', on: day, hours: [['18:00', '21:00']] }).expect(201);
    await call('post', 'extra-shifts', shift).expect(201);
    await refresh();
    const free = await freeOn('2026-12-03');
    expect(new Set(free.map(({ providerId }) => providerId))).toEqual(new Set(['p2']));
    expect(free[0]?.start).toBe('2026-12-03T23:00:00.000Z');
  });

  test.each([
    ['absences', { staffId: 'p1', from: '2026-12-05', to: '2026-12-04' }, 400, 'to'],
    ['absences', { staffId: 'p1', from: '2026-12-05', to: '2026-12-06T00:00:00Z' }, 400, 'to'],
    ['absences', { staffId: 'p1', from: '2026-02-30', to: '2026-12-04' }, 400, 'from'],
    ['absences', { staffId: 'nobody', from: day, to: day }, 422, 'staffId'],
    ['downtimes', { deviceId: 'laser', unit: 2, from: day, to: day }, 422, 'unit'],
    ['closures', { from: day, to: day }, 400, 'locationId'],
    ['extra-hours', { locationId: 'nyc', on: day, hours: [['12:00', '09:00']] }, 400, 'hours.0'],
  ])('%s %j: %i naming %s (invariant 8)', async (path, body, status, field) => {
    expect((await call('post', path, body).expect(status)).body).toMatchObject({ path: field });
  });
});

describe('a device of several units', () => {
  test('serves as many sessions at once and never one more, however many book at the same time', async () => {
    await configure({ devices: [{ ...laser, units: 2 }] });
    const opened = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((patientId) => open(patientId)));
    const moves = await Promise.allSettled(
      opened.map((one) => rescheduleSession(at.context, bookingOf(one).sessionId, { start: '2026-12-05T15:00:00Z' }, desk)),
    );
    expect(moves.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const units = (await ledger()).filter(({ kind }) => kind === 'device');
    const atOnce = units.map(({ from }) => units.filter((other) => other.from <= from && from < other.to).length);
    expect([units.length, Math.max(...atOnce)]).toEqual([6, 2]);
    expect(new Set(units.map(({ id }) => id))).toEqual(new Set(['laser', 'laser#2']));
  });
});

describe('a session of segments', () => {
  test('holds of each resource what it needs: one laser treats while the next patient is numbed', async () => {
    const recipe = [
      { name: 'numbing', minutes: 30, holds: ['room'] },
      { name: 'treatment', minutes: 45, holds: ['provider', 'room', 'device'] },
      { name: 'recovery on site', minutes: 15, holds: ['room'] },
    ];
    await configure({ staff: [doctor('p1')], recipes: { [ipl]: recipe } });
    const [first, second] = [bookingOf(await open('ann')), bookingOf(await open('bea'))];
    expect(first).toMatchObject({
      start: '2026-11-29T14:00:00.000Z',
      end: '2026-11-29T15:30:00.000Z',
      segments: recipe.map(({ minutes, holds }) => ({ minutes, holds })),
    });
    expect(second.start).toBe('2026-11-29T15:00:00.000Z');
    const held = (await ledger()).map(({ kind, from, to }) => `${kind} ${from.toISOString().slice(11, 16)}-${to.toISOString().slice(11, 16)}`);
    expect(held.slice(0, 4).sort()).toEqual(['device 14:30-15:30', 'patient 14:00-15:30', 'provider 14:30-15:15', 'room 14:00-15:45']);
  });
});

describe('two locations', () => {
  const both = { nyc: morning, westport: morning };
  const elsewhere = { locationId: 'westport' };

  test('whoever has sessions at one is not offered at the other on that day, nor booked there in a race', async () => {
    const devices = [laser, { ...laser, id: 'laser-2', location: 'westport' }];
    await configure({ staff: [doctor('p1', both)], rooms: [room('r1'), room('r2'), room('r3', 'westport')], devices });
    const opened = await Promise.all(['a', 'b', 'c', 'd'].flatMap((name) => [open(`${name}1`), open(`${name}2`, elsewhere)]));
    const starts = [14, 15, 16].map((hour) => `2026-12-10T${hour}:00:00Z`);
    const moves = await Promise.allSettled(
      opened.map((one, index) => rescheduleSession(at.context, bookingOf(one).sessionId, { start: starts[(index >> 1) % 3] ?? '' }, desk)),
    );
    expect(moves.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    const { items } = await listSessions(at.db, { limit: 200 });
    const places = new Map<string, Set<string | null>>();
    for (const { start, locationId } of items) {
      const on = start?.slice(0, 10) ?? '';
      places.set(on, (places.get(on) ?? new Set()).add(locationId));
    }
    expect([items.length, new Set(items.map(({ locationId }) => locationId)).size]).toEqual([8, 2]);
    expect([...places.values()].map(({ size }) => size)).toEqual([...places].map(() => 1));
    const day = items.find(({ locationId }) => locationId === 'westport')?.start?.slice(0, 10) ?? '';
    expect((await freeOn(day)).filter(({ locationId }) => locationId === 'nyc')).toEqual([]);
  });
});
