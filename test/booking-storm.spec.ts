import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Database, Rejected } from '#platform';
import { spacing } from '#protocols';
import {
  cancelSession,
  confirmSession,
  expireHolds,
  findCourse,
  holdProposal,
  listSessions,
  noShowSession,
  type Outcome,
  proposals,
  releaseHolds,
  rescheduleSession,
  type SessionView,
  treatmentProjection,
} from '#treatment';
import { BookingDesk, desk, protocols, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());

const clients = 32;
const rounds = 4;

/** A small random source with a seed, so that a storm can be played again. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** One room, one device of each kind and two people: everybody wants the same times. */
const smallClinic = {
  ...sampleClinic,
  locations: sampleClinic.locations.filter(({ id }) => id === 'nyc'),
  staff: sampleClinic.staff.filter(({ id }) => id === 'np-reyes' || id === 'dr-okafor'),
  rooms: sampleClinic.rooms.filter(({ id }) => id === 'nyc-care-1'),
  devices: sampleClinic.devices.filter(({ location }) => location === 'nyc'),
};

const plans = [
  [{ protocolId: 'microneedling.cosmetic', sessions: 2 }],
  [{ protocolId: 'chemical_peel.superficial', sessions: 3 }],
  [
    { protocolId: 'botulinum_toxin.standard', sessions: 1 },
    { protocolId: 'microneedling.cosmetic', sessions: 2 },
  ],
];

test('a storm of bookings, moves, cancellations, kept slots and their ends double-books nobody, loses no command and leaves no half course (invariants 1 and 3)', async () => {
  const at = new BookingDesk(database.open('storm', 40));
  at.clinic = smallClinic;
  const tally = { done: 0, refused: 0, events: 0, kept: 0 };
  const lost: unknown[] = [];

  const attempt = async (command: Promise<Pick<Outcome, 'events'>>) => {
    await command.then(
      ({ events }) => {
        tally.done += 1;
        tally.events += events.filter(({ type }) => type.startsWith('session.')).length;
        tally.kept += events.filter(({ type }) => type === 'session.held.v1').length;
      },
      (error: unknown) => (error instanceof Rejected ? (tally.refused += 1) : lost.push(error)),
    );
  };

  /** Keeps other times for a course; half of the time they are let go of at once, else by the clock. */
  const keep = async (courseId: string, roll: (sides: number) => number): Promise<Pick<Outcome, 'events'>> => {
    const found = await proposals(at.context, courseId, desk);
    const held = await holdProposal(at.context, courseId, { proposalId: found[roll(found.length)]?.proposalId ?? '', minutes: 1 + roll(3) }, desk);
    const free = roll(2) === 0 ? await releaseHolds(at.context, courseId, desk) : { events: [] };
    return { events: [...held.events, ...free.events] };
  };
  const tick = async (): Promise<Pick<Outcome, 'events'>> => {
    at.clock.moveTo(new Date(at.clock.now().getTime() + 60_000));
    const ended = await expireHolds(at.context, (error) => lost.push(error));
    tally.events += ended;
    return { events: [] };
  };

  const act = async (roll: (sides: number) => number, client: number) => {
    const { items } = await listSessions(at.db, { limit: 200 });
    const session = items[roll(Math.max(items.length, 1))];
    const kind = roll(14);
    if (session === undefined || kind < 3) return attempt(at.open(`p-${roll(20)}`, plans[roll(plans.length)] ?? [], { planId: `plan-${client}-${roll(3)}` }));
    if (kind < 8) return attempt(rescheduleSession(at.context, session.id, { start: movedStart(session, items, roll) }, desk));
    if (kind === 9) return attempt(tick());
    if (kind > 10) return attempt(keep(session.courseId, roll));
    if (kind === 8) return attempt(confirmSession(at.context, session.id, 'patient'));
    return attempt(
      roll(2) === 0 ? cancelSession(at.context, session.id, { reason: 'storm', by: 'clinic' }, desk) : noShowSession(at.context, session.id, desk),
    );
  };

  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const roll = dice(client + 1);
      for (let round = 0; round < rounds; round += 1) await act(roll, client);
    }),
  );

  expect(lost).toEqual([]);
  expect(tally.done + tally.refused).toBe(clients * rounds);
  expect(tally.done).toBeGreaterThan(clients);
  expect(tally.kept).toBeGreaterThan(5);
  await expectNoOverlap(at.db);
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from event where type like 'session.%'`.execute(at.db);
  expect(rows[0]?.n).toBe(tally.events);
  await expectSound(at);
  await expectSameWhenRebuilt(at);
}, 180_000);

/** The ledgers themselves: no resource twice, no treatment in a forbidden time, kept slots included. */
async function expectNoOverlap(db: Database): Promise<void> {
  const { rows } = await sql<{ doubled: number; shadowed: number }>`select
    (select count(*)::int from allocation a join allocation b using (clinic_id, resource_kind, resource_id)
      where (a.session_id, a.during) < (b.session_id, b.during) and a.during && b.during) as doubled,
    (select count(*)::int from recovery_lane a join recovery_lane b using (clinic_id, patient_id, lane)
      where a.role = 0 and b.role = 1 and a.during && b.during) as shadowed`.execute(db);
  expect(rows).toEqual([{ doubled: 0, shadowed: 0 }]);
}

const tables = ['course', 'session', 'allocation', 'recovery_lane'] as const;
const rebuildBatch = 50;

/** Every read model equals its rebuild (invariant 12), wherever the batches of the rebuild fall. */
async function expectSameWhenRebuilt(at: BookingDesk): Promise<void> {
  const rowsOf = (db: Database) =>
    Promise.all(tables.map(async (table) => (await sql<{ row: string }>`select t::text as row from ${sql.table(table)} t order by 1`.execute(db)).rows));
  const live = await rowsOf(at.db);
  const events = await at.store.readAfter(at.db, 0, Number.MAX_SAFE_INTEGER, 1_000_000);
  await at.db.transaction().execute(async (trx) => {
    await sql`set constraints all deferred`.execute(trx);
    for (const table of tables) await trx.deleteFrom(table).execute();
    for (let from = 0; from < events.length; from += rebuildBatch) {
      const batch = events.slice(from, from + rebuildBatch).filter(({ type }) => (treatmentProjection.types as readonly string[]).includes(type));
      if (batch.length > 0) await treatmentProjection.apply(trx, batch);
    }
  });
  expect(live.map((rows) => rows.length > 0)).toEqual([true, true, true, true]);
  expect(await rowsOf(at.db)).toEqual(live);
}

/** Another session's start, which is taken, or one a few days off. */
function movedStart(session: SessionView, all: readonly SessionView[], roll: (sides: number) => number): string {
  const other = all[roll(all.length)]?.start;
  const start = (roll(2) === 0 ? other : null) ?? session.start;
  return new Date(Date.parse(start ?? '') + (roll(2) === 0 ? 0 : roll(21) * 86_400_000)).toISOString();
}

async function expectSound(at: BookingDesk): Promise<void> {
  const standing = (await listSessions(at.db, { limit: 10_000 })).items.filter(({ status }) => ['booked', 'confirmed', 'on_hold'].includes(status));
  expect(standing.length).toBeGreaterThan(10);
  for (const [index, one] of standing.entries()) {
    for (const other of standing.slice(index + 1)) expect(clash(one, other)).toBe(null);
  }
  const courseIds = [...new Set(standing.map(({ courseId }) => courseId))];
  for (const courseId of courseIds) {
    const course = await findCourse(at.db, courseId);
    expect(course?.sessions.filter(({ status }) => status === 'unscheduled')).toEqual([]);
  }
  const drift = await sql<{ n: number }>`select count(*)::int as n from session s where s.status in ('booked', 'confirmed', 'on_hold')
    and (select count(*) from allocation a where a.session_id = s.session_id and lower(a.during) = s.start_at) < 3`.execute(at.db);
  expect(drift.rows[0]?.n).toBe(0);
}

/** What two sessions share that they must not, as the contract counts it; null when nothing. */
function clash(one: SessionView, other: SessionView): string | null {
  const until = ({ end, turnoverMinutes }: SessionView, turnover: boolean) => Date.parse(end ?? '') + (turnover ? (turnoverMinutes ?? 0) * 60_000 : 0);
  const meet = (turnover: boolean) => Date.parse(one.start ?? '') < until(other, turnover) && Date.parse(other.start ?? '') < until(one, turnover);
  if (one.providerId === other.providerId && meet(false)) return `${one.id} and ${other.id} share ${one.providerId}`;
  if (one.roomId === other.roomId && meet(true)) return `${one.id} and ${other.id} share ${one.roomId}`;
  if (one.deviceId !== null && one.deviceId === other.deviceId && meet(true)) return `${one.id} and ${other.id} share ${one.deviceId}`;
  if (one.patientId !== other.patientId) return null;
  const [first, second] = (one.start ?? '') < (other.start ?? '') ? [one, other] : [other, one];
  const days = Math.round((Date.parse((second.start ?? '').slice(0, 10)) - Date.parse((first.start ?? '').slice(0, 10))) / 86_400_000);
  return days < daysRequired(first.protocolId, second.protocolId) ? `${first.protocolId} on ${first.start} and ${second.protocolId} on ${second.start}` : null;
}

const daysRequired = (from: string, to: string) => (from === to ? (protocols.get(to)?.intervalDays.min ?? 0) : (spacing(from, to)?.days ?? 0));
