import { sql } from 'kysely';
import { type Database, openDatabase } from '#platform';
import { BookingDesk, desk, plainPicture } from '../test/support/booking.js';
import { availability, cancelSession, listSessions, proposals, rescheduleSession } from '#treatment';
import type { BenchRow } from './event-store.js';
import { middle, p95 } from './timing.js';

const [clients, bookings, dayMillis] = [16, 240, 86_400_000];
const needling = [{ protocolId: 'microneedling.cosmetic', sessions: 1 }];
const tables = ['course', 'session', 'allocation', 'recovery_lane'] as const;

/** As many at once as there are clients, each taking the next piece of work. Gives pieces a second. */
async function rate(pieces: number, work: (piece: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const client = async () => {
    while (next < pieces) await work(next++);
  };
  await Promise.all(Array.from({ length: clients }, client));
  return (pieces * 1_000) / (performance.now() - began);
}

/** Bookings by the real command; patient by patient from another day on, or all from the same instant. */
async function commandRate(db: Database, name: string, from: (piece: number) => string | null): Promise<number> {
  const at = new BookingDesk(db);
  for (let piece = 0; piece < bookings; piece++) at.know(`${name}-${piece}`, () => ({ ...plainPicture, gatesMetAt: from(piece) }));
  return rate(bookings, (piece) => at.open(`${name}-${piece}`, needling));
}

type Row = Record<string, unknown>;

/** Writes the rows that a booking leaves, and its events, again for a clinic that has none: no reading, no planning, no rules. */
async function bareRate(db: Database, into: Database): Promise<number> {
  const of = async (table: string, key: string) => {
    const { rows } = await sql<{ row: Row; key: string }>`select to_jsonb(t) as row, ${sql.ref(key)} as key from ${sql.table(table)} t`.execute(db);
    return rows;
  };
  const keys = { course: 'course_id', session: 'course_id', allocation: 'session_id', recovery_lane: 'source' } as const;
  const sessions = await of('session', 'session_id');
  const courseOf = new Map(sessions.map(({ row, key }) => [key, String(row['course_id'])]));
  const byCourse = new Map<string, { table: string; rows: Row[] }[]>();
  for (const table of tables) {
    for (const { row, key } of await of(table, keys[table])) {
      const course = courseOf.get(key) ?? key;
      const parts = byCourse.get(course) ?? tables.map((name) => ({ table: name as string, rows: [] as Row[] }));
      byCourse.set(course, parts);
      parts.find((part) => part.table === table)?.rows.push({ ...row, clinic_id: 'bare' });
    }
  }
  const events = await of('event', 'stream');
  const pieces = [...byCourse].map(([course, parts]) => [
    { table: 'event', rows: events.filter(({ key }) => key === `course/${course}`).map(({ row }) => ({ ...row, clinic_id: 'bare' })) },
    ...parts,
  ]);
  return rate(pieces.length, (piece) =>
    into.transaction().execute(async (trx) => {
      for (const { table, rows } of pieces[piece] ?? []) {
        if (rows.length === 0) continue;
        await sql`insert into ${sql.table(table)} select * from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`.execute(
          trx,
        );
      }
    }),
  );
}

async function deadlocks(db: Database): Promise<number> {
  const { rows } = await sql<{ deadlocks: number }>`select deadlocks::int from pg_stat_database where datname = current_database()`.execute(db);
  return rows[0]?.deadlocks ?? 0;
}

/** Bookings a second beside bare inserts of the same rows into the same tables. */
async function bookingRows(url: string): Promise<BenchRow[]> {
  const open = (clinicId: string) => openDatabase(url, { clinicId, max: clients });
  // Events are written by a function; the bare rows go past it, and past the rules of who may write where.
  const [spread, hot, bare] = [open('spread'), open('hot'), openDatabase(url, { clinicId: 'bare', max: clients, role: 'owner' })];
  const before = await deadlocks(bare);
  const far = await commandRate(spread, 'spread', (piece) => new Date(Date.parse('2026-12-01T00:00:00Z') + ((piece * 7) % 330) * dayMillis).toISOString());
  const near = await commandRate(hot, 'hot', () => null);
  const found = (await deadlocks(bare)) - before;
  const plain = await bareRate(spread, bare);
  await Promise.all([spread, hot, bare].map((db) => db.destroy()));
  return [
    { name: 'bookings spread over a year (a second), against bare inserts of the same rows', ours: far, reference: plain, ratio: far / plain },
    { name: 'bookings that all want the first free slot (a second), against the same', ours: near, reference: plain, ratio: near / plain },
    { name: 'deadlocks in those bookings', ours: found, reference: 0, ratio: found },
  ];
}

/** Past bookings of a clinic, written as rows: a provider, a room and a patient each, half an hour after the other. */
async function fillPast(db: Database, from: number, until: number): Promise<void> {
  const past = sql`select n, timestamptz '2026-11-01T00:00Z' - (n / 50 + 1) * interval '30 minutes' as at, n % 50 as who from generate_series(${from}::int, ${until}::int - 1) n`;
  await sql`insert into session (session_id, course_id, patient_id, protocol_id, status, start_at, end_at, provider_id, room_id, state)
    select 's-' || n, 'c-' || n, 'p-' || n, 'microneedling.cosmetic', 'completed', at, at + interval '30 minutes', 'past-' || who, 'past-' || who, '{}'
    from (${past}) past`.execute(db);
  // Checked row by row a million bookings take about ten minutes; the constraint that comes back afterwards checks them all the same.
  const { rows } = await sql<{ rule: string }>`select pg_get_constraintdef(oid) as rule from pg_constraint where conname = 'no_double_booking'`.execute(db);
  await sql`alter table allocation drop constraint no_double_booking`.execute(db);
  for (const kind of ['provider', 'room', 'patient']) {
    await sql`insert into allocation (session_id, resource_kind, resource_id, during)
      select 's-' || n, ${kind}, case when ${kind} = 'patient' then 'p-' || n else 'past-' || who end, tstzrange(at, at + interval '30 minutes')
      from (${past}) past`.execute(db);
  }
  await sql`alter table allocation add constraint no_double_booking ${sql.raw(rows[0]?.rule ?? '')}`.execute(db);
}

/** The median milliseconds of some queries of one desk. */
async function queryTimes(at: BookingDesk, courseId: string): Promise<Record<'free starts of a month' | 'a plan' | 'a day', number>> {
  const timed = async (work: () => Promise<unknown>) => {
    const took: number[] = [];
    for (let turn = 0; turn < 9; turn++) {
      const began = performance.now();
      await work();
      took.push(performance.now() - began);
    }
    return middle(took);
  };
  const month = { protocolId: 'microneedling.cosmetic', from: '2026-12-01T00:00:00Z', to: '2027-01-01T00:00:00Z', limit: 50 };
  return {
    'free starts of a month': await timed(() => availability(at.context, month)),
    'a plan': await timed(() => proposals(at.context, courseId, desk)),
    'a day': await timed(() => listSessions(at.db, { from: '2026-12-02T00:00:00Z', to: '2026-12-03T00:00:00Z', limit: 200 })),
  };
}

/** What a query costs with few and with many past bookings: `ours` with the most, `reference` with the fewest. */
async function growthRows(url: string): Promise<BenchRow[]> {
  // The million takes minutes to write.
  const sizes = [1_000, 10_000, 100_000, ...(process.env['BENCH_MILLION'] ? [1_000_000] : [])];
  const owner = openDatabase(url, { clinicId: 'grown', max: 1, role: 'owner' });
  const db = openDatabase(url, { clinicId: 'grown', max: 2 });
  const at = new BookingDesk(db);
  for (let piece = 0; piece < 60; piece++) await at.open(`soon-${piece}`, needling);
  at.clinic = { ...at.clinic, scheduling: 'propose' };
  const { course } = await at.open('asks', [{ protocolId: 'microneedling.cosmetic', sessions: 3 }]);
  const rows: BenchRow[] = [];
  let [filled, first] = [0, undefined as Awaited<ReturnType<typeof queryTimes>> | undefined];
  for (const size of sizes) {
    await fillPast(owner, filled, size);
    filled = size;
    await sql`analyze session, allocation`.execute(owner);
    const times = await queryTimes(at, course.courseId);
    first ??= times;
    for (const [what, ms] of Object.entries(times) as [keyof typeof times, number][]) {
      const reference = first[what];
      if (size !== sizes[0])
        rows.push({ name: `${what}, ${size.toLocaleString('en-US')} past bookings (ms), against 1,000`, ours: ms, reference, ratio: ms / reference });
    }
  }
  await Promise.all([owner.destroy(), db.destroy()]);
  return rows;
}

/** Planning again after a session is cancelled or moved, by the real commands, the whole answer. */
async function replanRows(url: string): Promise<BenchRow[]> {
  const db = openDatabase(url, { clinicId: 'replan', max: 4 });
  const at = new BookingDesk(db);
  const [moves, cancels]: [number[], number[]] = [[], []];
  for (let piece = 0; piece < 40; piece++) {
    const { course } = await at.open(`again-${piece}`, [
      { protocolId: 'microneedling.cosmetic', sessions: 3 },
      { protocolId: 'chemical_peel.superficial', sessions: 3 },
    ]);
    const [first] = [...course.sessions].sort((one, other) => (one.booking?.start ?? '').localeCompare(other.booking?.start ?? ''));
    if (!first?.booking) throw new Error('the course was not booked');
    const began = performance.now();
    const start = new Date(Date.parse(first.booking.start) + 7 * dayMillis).toISOString();
    await rescheduleSession(at.context, first.sessionId, { start }, desk).catch(() => undefined);
    const moved = performance.now();
    await cancelSession(at.context, first.sessionId, { reason: 'bench', by: 'clinic' }, desk);
    moves.push(moved - began);
    cancels.push(performance.now() - moved);
  }
  await db.destroy();
  const row = (name: string, times: readonly number[]): BenchRow => ({ name, ours: p95(times), reference: middle(times), ratio: p95(times) / middle(times) });
  return [row('a session moved and the rest planned again (ms): p95, against the median', moves), row('a session cancelled likewise', cancels)];
}

/** Booking and its queries on a server of their own. */
export async function benchBooking(url: string): Promise<BenchRow[]> {
  return [...(await bookingRows(url)), ...(await replanRows(url)), ...(await growthRows(url))];
}
