import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { compareWithLog } from '#event-store';
import {
  type Booking,
  cancelSession,
  declineOffer,
  expireHolds,
  freedBy,
  joinWaitlist,
  leaveWaitlist,
  offerFreed,
  type Outcome,
  rescheduleSession,
  type Session,
  takeOffer,
  treatmentProjection,
  waitingSessions,
} from '#treatment';
import { BookingDesk, desk, plainPicture, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

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
afterAll(async () => database.close());

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
