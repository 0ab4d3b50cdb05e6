import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { compareWithLog } from '#event-store';
import { Rejected } from '#platform';
import {
  availability,
  bookProposal,
  cancelSession,
  courseIdFor,
  courseView,
  expireHolds,
  factsChanged,
  holdProposal,
  nextHoldEnd,
  type Outcome,
  proposals,
  releaseHolds,
  rescheduleSession,
  treatmentProjection,
} from '#treatment';
import { BookingDesk, desk, plainPicture, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

let database: TestDatabase;
let at: BookingDesk;
beforeAll(async () => {
  database = await createTestDatabase();
  at = new BookingDesk(database.open('holds', 12));
  at.clinic = { ...sampleClinic, scheduling: 'propose' };
});
afterAll(async () => database.close());

const peel = [{ protocolId: 'chemical_peel.superficial', sessions: 2 }];
const minute = 60_000;
const fail = (error: unknown) => {
  throw error;
};
const expire = () => expireHolds(at.context, fail);
const statuses = ({ course }: Outcome) => course.sessions.map(({ status }) => status);

/** A course with a proposal, nothing booked. */
async function proposed(patientId: string) {
  await at.open(patientId, peel);
  const courseId = courseIdFor(`c-${patientId}`);
  const [first, second] = await proposals(at.context, courseId, desk);
  if (first === undefined || second === undefined) throw new Error('no proposals');
  return { courseId, first, second };
}

const takenBy = async (courseId: string) =>
  (
    await sql<{
      rows: number;
    }>`select count(*)::int as rows from allocation a join session s using (clinic_id, session_id) where s.course_id = ${courseId}`.execute(at.db)
  ).rows[0]?.rows;

describe('slots that are kept while a patient decides', () => {
  test('are given to nobody else, and are booked without ever being free (invariants 1 and D)', async () => {
    const ana = await proposed('ana');
    const ben = await proposed('ben');
    expect(ben.first.sessions[0]?.start).toBe(ana.first.sessions[0]?.start);
    const held = await holdProposal(at.context, ana.courseId, { proposalId: ana.first.proposalId, minutes: 30 }, desk);
    expect(statuses(held)).toEqual(['held', 'held']);
    expect(courseView(held.course).sessions[0]).toMatchObject({ status: 'held', start: ana.first.sessions[0]?.start, held: { reason: 'proposal' } });
    const rows = await takenBy(ana.courseId);
    const taken = ana.first.sessions[0];
    const { items } = await availability(at.context, {
      protocolId: 'chemical_peel.superficial',
      from: taken?.start ?? '',
      to: taken?.end ?? '',
      limit: 50,
    });
    expect(items.filter(({ providerId, roomId }) => providerId === taken?.providerId || roomId === taken?.roomId)).toEqual([]);
    if (taken?.providerId === ben.first.sessions[0]?.providerId)
      await expect(bookProposal(at.context, ben.courseId, ben.first.proposalId, desk)).rejects.toMatchObject({ code: 'slot_taken' });
    const booked = await bookProposal(at.context, ana.courseId, ana.first.proposalId, desk);
    expect(statuses(booked)).toEqual(['booked', 'booked']);
    expect(booked.course.sessions.map(({ held: kept }) => kept)).toEqual([undefined, undefined]);
    expect(await takenBy(ana.courseId)).toBe(rows);
  });

  test('are kept for longer by the same ask, and change by another; asked twice they change nothing (invariant C)', async () => {
    const { courseId, first, second } = await proposed('cleo');
    const ask = { proposalId: first.proposalId, minutes: 30 };
    await holdProposal(at.context, courseId, ask, desk);
    expect((await holdProposal(at.context, courseId, ask, desk)).events).toEqual([]);
    expect((await holdProposal(at.context, courseId, { ...ask, minutes: 60 }, desk)).events.map(({ type }) => type)).toEqual([
      'session.held.v1',
      'session.held.v1',
    ]);
    const other = await holdProposal(at.context, courseId, { proposalId: second.proposalId, minutes: 30 }, desk);
    expect(other.course.sessions[0]?.booking?.start).toBe(second.sessions[0]?.start);
    const free = await releaseHolds(at.context, courseId, desk);
    expect([statuses(free), await takenBy(courseId)]).toEqual([['unscheduled', 'unscheduled'], 0]);
    expect((await releaseHolds(at.context, courseId, desk)).events).toEqual([]);
  });

  test('are free again when their time is over, once, and not before', async () => {
    const { courseId, first } = await proposed('dora');
    await holdProposal(at.context, courseId, { proposalId: first.proposalId, minutes: 30 }, desk);
    expect(await nextHoldEnd(at.db)).toEqual(new Date(at.clock.now().getTime() + 30 * minute));
    expect(await expire()).toBe(0);
    at.clock.moveTo(new Date(at.clock.now().getTime() + 30 * minute));
    expect((await Promise.all([expire(), expire()])).reduce((sum, one) => sum + one)).toBe(2);
    expect([await takenBy(courseId), await nextHoldEnd(at.db)]).toEqual([0, null]);
    const log = await at.store.readStream(at.db, `course/${courseId}`);
    expect(log.filter(({ type }) => type === 'session.slot-released.v1').map(({ data }) => data['why'])).toEqual(['expired', 'expired']);
  });

  test('the clock and a booking at the same moment: one of them wins, and the ledgers say which (invariant 1)', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { courseId, first } = await proposed(`race-${round}`);
      const rival = await proposed(`rival-${round}`);
      await holdProposal(at.context, courseId, { proposalId: first.proposalId, minutes: 1 }, desk);
      at.clock.moveTo(new Date(at.clock.now().getTime() + minute));
      const [own, other] = await Promise.all([
        bookProposal(at.context, courseId, first.proposalId, desk).then(statuses, (error: unknown) => (error instanceof Rejected ? error.code : fail(error))),
        bookProposal(at.context, rival.courseId, rival.first.proposalId, desk).then(statuses, (error: unknown) =>
          error instanceof Rejected ? error.code : fail(error),
        ),
        expire(),
      ]);
      for (const answer of [own, other]) expect([['booked', 'booked'], 'slot_taken']).toContainEqual(answer);
      expect([own, other]).toContainEqual(['booked', 'booked']);
      const overlaps = await sql<{ n: number }>`select count(*)::int as n from allocation a join allocation b using (clinic_id, resource_kind, resource_id)
        where a.session_id < b.session_id and a.during && b.during`.execute(at.db);
      expect(overlaps.rows[0]?.n).toBe(0);
      expect([own, await takenBy(courseId)]).not.toEqual(['slot_taken', 8]);
    }
  });

  test('a slot beside a booking overlaps it, follows no interval from it, and is gone once the session has another time (invariant D)', async () => {
    const { courseId, first } = await proposed('eve');
    const { course } = await bookProposal(at.context, courseId, first.proposalId, desk);
    const later = await proposals(at.context, courseId, desk);
    const close = later.find(({ sessions }) => sessions[0]?.start !== course.sessions[0]?.booking?.start);
    const held = await holdProposal(at.context, courseId, { proposalId: close?.proposalId ?? '', minutes: 30 }, desk);
    expect(statuses(held)).toEqual(['booked', 'booked']);
    expect(held.course.sessions.filter((session) => session.held !== undefined).length).toBeGreaterThan(0);
    const [session] = held.course.sessions;
    const moved = await rescheduleSession(at.context, session?.sessionId ?? '', { start: close?.sessions[0]?.start ?? '' }, desk);
    expect(moved.course.sessions[0]).toMatchObject({ booking: { start: close?.sessions[0]?.start } });
    expect(moved.course.sessions[0]?.held).toBeUndefined();
    await cancelSession(at.context, moved.course.sessions[1]?.sessionId ?? '', { reason: 'away', by: 'patient' }, desk);
    const left = await sql<{ n: number }>`select count(*)::int as n from session where course_id = ${courseId} and held_until is not null`.execute(at.db);
    expect(left.rows[0]?.n).toBe(0);
  });

  test('a fact that closes a kept day lets go of it instead of being refused (invariant 3)', async () => {
    const { courseId, first } = await proposed('fay');
    await holdProposal(at.context, courseId, { proposalId: first.proposalId, minutes: 600 }, desk);
    const on = first.sessions[0]?.start.slice(0, 10) ?? '';
    at.know('fay', () => ({ ...plainPicture, availability: { ...plainPicture.availability, socialEvents: [{ on }] } }));
    const events = await factsChanged(at.context, 'fay');
    expect(events.filter(({ type }) => type === 'session.slot-released.v1').map(({ data }) => 'why' in data && data.why)).toContain('overtaken');
    expect(await compareWithLog({ db: at.db, store: at.store, projection: treatmentProjection })).toEqual([]);
  });
});
