import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { Rejected } from '#platform';
import { noFacts } from '#protocols';
import {
  arriveSession,
  availability,
  bookProposal,
  cancelSession,
  completeSession,
  confirmSession,
  type Course,
  dayOfSession,
  daysOfSession,
  factsChanged,
  findCourse,
  listSessions,
  noShowSession,
  openCourse,
  patientRibbon,
  proposals,
  putOnHold,
  recordAdverseReaction,
  releaseHold,
  rescheduleSession,
  type Session,
  tasksAfter,
} from '#treatment';
import { BookingDesk, desk, director, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

let database: TestDatabase;
let at: BookingDesk;
let patient = 0;
let patientId = '';
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());
// Each test has a clinic of its own in the same database: row-level security keeps their calendars apart.
beforeEach(() => {
  patientId = `p-${(patient += 1)}`;
  at = new BookingDesk(database.open(`clinic-${patient}`, 4));
});

const dayMillis = 86_400_000;
const needling = [{ protocolId: 'microneedling.cosmetic', sessions: 3 }];
const of = (course: Course, number: number, protocolId = 'microneedling.cosmetic'): Session => {
  const found = course.sessions.find((session) => session.number === number && session.protocolId === protocolId);
  if (found === undefined) throw new Error(`no session ${number}`);
  return found;
};
const startOf = (course: Course, number: number) => of(course, number).booking?.start ?? '';
const later = (start: string, days: number) => new Date(Date.parse(start) + days * dayMillis).toISOString();
const daysApart = (one: string, other: string) => Math.round((Date.parse(other) - Date.parse(one)) / dayMillis);
const objectOf = (constraint: string) => expect.objectContaining({ constraint });
const rejected = (code: string, more: object = {}) => expect.objectContaining({ name: 'Rejected', code, ...more });
const newest = async (id: string) => {
  const view = await findCourse(at.db, id);
  if (view === null) throw new Error('no course');
  return view;
};

describe('opening a course', () => {
  test('books every session, keeps the interval, and says why each window is what it is (invariants 3 and 14)', async () => {
    const { course, events } = await at.open(patientId, needling);
    expect(course.sessions.map(({ status }) => status)).toEqual(['booked', 'booked', 'booked']);
    expect(events.map(({ type }) => type)).toEqual(['course.opened.v1', 'session.booked.v1', 'session.booked.v1', 'session.booked.v1']);
    expect(daysApart(startOf(course, 1), startOf(course, 2))).toBeGreaterThanOrEqual(28);
    expect(daysApart(startOf(course, 2), startOf(course, 3))).toBeLessThanOrEqual(42);
    expect(of(course, 2).booking?.because.map(({ constraint }) => constraint)).toContain('interval');
    const view = await newest(course.courseId);
    expect(view.sessions.every(({ start, earliest, latest }) => earliest! <= start! && start! < latest!)).toBe(true);
  });

  test('has an answer for any day of a session: why not, or its first start (invariants 3 and 14)', async () => {
    const { course } = await at.open(patientId, needling);
    const second = of(course, 2);
    const [first, own] = [startOf(course, 1).slice(0, 10), startOf(course, 2).slice(0, 10)];
    const day = (date: string) => dayOfSession(at.context, { courseId: course.courseId, sessionId: second.sessionId, date });
    const soon = later(`${first}T12:00:00Z`, 7).slice(0, 10);
    expect(await day(soon)).toMatchObject({ allowed: false, together: false, because: expect.arrayContaining([objectOf('interval')]) });
    expect(await day(own)).toMatchObject({ allowed: true, session: { number: 2, protocolId: 'microneedling.cosmetic' } });
    expect(await day('2026-01-01')).toMatchObject({ allowed: false, because: [objectOf('horizon')] });
    const elsewhere = { courseId: course.courseId, sessionId: 'none', date: own };
    await expect(dayOfSession(at.context, elsewhere)).rejects.toEqual(rejected('no_session'));
  });

  test('offers for a move only starts that a move is then allowed, and says why the other days have none (invariants 3 and 14)', async () => {
    const { course } = await at.open(patientId, needling);
    const { courseId } = course;
    const { sessionId } = of(course, 2);
    const [tooSoon, own] = [later(startOf(course, 1), 7).slice(0, 10), startOf(course, 2).slice(0, 10)];
    const [near, day] = await daysOfSession(at.context, { courseId, sessionId, dates: [tooSoon, own] });
    expect(near).toMatchObject({ date: tooSoon, starts: [], because: expect.arrayContaining([objectOf('interval')]) });
    expect(day?.because).toEqual([]);
    expect(day?.starts).toContain(startOf(course, 2));
    const last = day?.starts.at(-1) ?? '';
    const moved = await rescheduleSession(at.context, sessionId, { start: last }, desk);
    expect(startOf(moved.course, 2)).toBe(last);
  });

  test('lies on one ribbon of days with its downtime, windows, washouts and social events', async () => {
    const facts = { ...noFacts, medications: [{ code: 'topical_retinoid', prescribed: false, stoppedOn: '2026-11-28' }] };
    const availability = { unavailable: [], preferred: [], socialEvents: [{ on: '2027-03-20', name: 'wedding' }] };
    at.know(patientId, (picture) => ({ ...picture, facts, availability }));
    expect(await patientRibbon(at.context, patientId)).toBeNull();
    const { course } = await at.open(patientId, needling);
    const ribbon = await patientRibbon(at.context, patientId);
    const first = startOf(course, 1).slice(0, 10);
    expect(ribbon?.sessions.map(({ number, on }) => [number, on])).toEqual([1, 2, 3].map((number) => [number, startOf(course, number).slice(0, 10)]));
    expect(ribbon?.events).toEqual([{ on: '2027-03-20', name: 'wedding' }]);
    const { downtimeDays } = at.context.protocols.get('microneedling.cosmetic') ?? { downtimeDays: Number.NaN };
    expect(ribbon?.bands).toContainEqual(
      expect.objectContaining({ kind: 'downtime', from: first, to: later(`${first}T12:00:00Z`, downtimeDays).slice(0, 10) }),
    );
    const washout = ribbon?.bands.find(({ kind }) => kind === 'washout');
    expect(washout?.say).toMatch(/retinoid/);
    expect(washout!.to < first).toBe(true);
    expect(ribbon?.bands.every(({ from, to }) => ribbon.from <= from && from <= to && to <= ribbon.to)).toBe(true);
  });

  test('the same plan again changes nothing; another plan takes its place', async () => {
    const { course } = await at.open(patientId, needling);
    expect((await at.open(patientId, needling)).events).toEqual([]);
    const other = await at.open(patientId, [{ protocolId: 'chemical_peel.superficial', sessions: 2 }], { planId: 'plan-2' });
    const { sessions } = await newest(course.courseId);
    expect(sessions.filter(({ status }) => status === 'cancelled')).toHaveLength(3);
    expect(sessions.filter(({ status, protocolId }) => status === 'booked' && protocolId === 'chemical_peel.superficial')).toHaveLength(2);
    expect(other.course.planId).toBe('plan-2');
  });

  test('books none when it cannot book all, names what stands in the way and asks the desk (invariant B)', async () => {
    at.clinic = {
      ...sampleClinic,
      staff: sampleClinic.staff.map((person) => ({ ...person, certifications: person.certifications.map((one) => ({ ...one, until: '2026-12-20' })) })),
    };
    const { course } = await at.open(patientId, needling);
    expect(course.status).toBe('unschedulable');
    expect(course.because.map(({ constraint }) => constraint)).toContain('licence');
    expect(course.sessions.every(({ status }) => status === 'unscheduled')).toBe(true);
    const recorded = await at.store.readStream(at.db, `course/${course.courseId}`);
    expect(recorded.flatMap(tasksAfter)).toEqual([expect.objectContaining({ kind: 'desk', courseId: course.courseId })]);
    at.clinic = sampleClinic;
    await factsChanged(at.context, patientId);
    expect((await newest(course.courseId)).sessions.every(({ status }) => status === 'booked')).toBe(true);
  });

  test('leaves no trace when the append fails half way', async () => {
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`create function break_third() returns trigger language plpgsql as $$ begin
      if new.state ->> 'number' = '3' then raise exception 'the disk is full'; end if; return new; end $$`);
    await owner.query('create trigger break_third before insert on session for each row execute function break_third()');
    await expect(at.open(patientId, needling)).rejects.toThrow('the disk is full');
    await owner.query('drop function break_third cascade');
    await owner.end();
    const left = await sql<{
      n: number;
    }>`select (select count(*) from session) + (select count(*) from event) + (select count(*) from allocation) + (select count(*) from recovery_lane) as n`.execute(
      at.db,
    );
    expect(left.rows[0]?.n).toBe(0);
    expect((await at.open(patientId, needling)).course.sessions).toHaveLength(3);
  });

  test('washouts, sun, social events, other courses and treatments elsewhere bound it', async () => {
    at.know(patientId, (picture) => ({
      ...picture,
      facts: {
        ...picture.facts,
        medications: [{ code: 'topical_retinoid', prescribed: true }],
        treatments: [{ protocolId: 'dermal_filler.ha', on: '2026-11-28' }],
      },
      availability: { ...picture.availability, socialEvents: [{ on: '2026-12-28' }] },
    }));
    const { course } = await at.open(patientId, needling);
    expect(startOf(course, 1).slice(0, 10) >= '2026-12-26').toBe(true);
    expect(['2026-12-26', '2026-12-27', '2026-12-28']).not.toContain(startOf(course, 1).slice(0, 10));
    const second = await at.open(patientId, [{ protocolId: 'rf_microneedling.standard', sessions: 2 }], { consultationId: 'c-other' });
    const all = [...course.sessions, ...second.course.sessions].flatMap(({ booking }) => booking ?? []);
    for (const one of all)
      for (const other of all) {
        const gap = daysApart(one.start.slice(0, 10), other.start.slice(0, 10));
        if (gap > 0) expect(gap).toBeGreaterThanOrEqual(one.spacing[other.protocolId] ?? 0);
      }
  });
});

describe('changing a course', () => {
  test('a reschedule takes the rest along when it must, and leaves it where it can', async () => {
    const { course } = await at.open(patientId, needling);
    const slack = await rescheduleSession(at.context, of(course, 3).sessionId, { start: later(startOf(course, 3), 7) }, desk);
    expect(slack.events.map(({ type }) => type)).toEqual(['session.rescheduled.v1']);
    const pushed = await rescheduleSession(at.context, of(course, 1).sessionId, { start: later(startOf(course, 1), 14) }, desk);
    expect(startOf(pushed.course, 1)).toBe(later(startOf(course, 1), 14));
    expect(daysApart(startOf(pushed.course, 1), startOf(pushed.course, 2))).toBeGreaterThanOrEqual(28);
    expect(daysApart(startOf(pushed.course, 2), startOf(pushed.course, 3))).toBeGreaterThanOrEqual(28);
    expect((await rescheduleSession(at.context, of(course, 1).sessionId, { start: later(startOf(course, 1), 14) }, desk)).events).toEqual([]);
  });

  test('a forbidden window is refused with the constraint; an override needs the role, and is recorded (invariant 3)', async () => {
    const { course } = await at.open(patientId, needling);
    const early = later(startOf(course, 1), 14);
    const second = of(course, 2).sessionId;
    await expect(rescheduleSession(at.context, second, { start: early }, desk)).rejects.toEqual(
      rejected('forbidden_window', { details: expect.objectContaining({ status: 409, constraint: 'interval' }) }),
    );
    await expect(rescheduleSession(at.context, second, { start: early, override: { reason: 'travels' } }, desk)).rejects.toEqual(
      rejected('override_not_allowed'),
    );
    const { course: after } = await rescheduleSession(at.context, second, { start: early, override: { reason: 'travels' } }, director);
    expect(of(after, 2).override).toMatchObject({ by: 'dr-okafor', reason: 'travels', constraints: [expect.objectContaining({ constraint: 'interval' })] });
    expect(startOf(after, 2)).toBe(early);
    expect(startOf(after, 3)).toBe(startOf(course, 3));
    // It does not undo itself at the next look.
    expect(await factsChanged(at.context, patientId)).toEqual([]);
  });

  test('an override answers for its own rule only: a new fact moves the session all the same', async () => {
    const { course } = await at.open(patientId, needling);
    const early = later(startOf(course, 1), 14);
    const second = of(course, 2).sessionId;
    await rescheduleSession(at.context, second, { start: early, override: { reason: 'travels' } }, director);
    at.know(patientId, (picture) => ({ ...picture, availability: { ...picture.availability, socialEvents: [{ on: early.slice(0, 10) }] } }));
    await factsChanged(at.context, patientId);
    const moved = (await newest(course.courseId)).sessions.find(({ id }) => id === second);
    expect(moved).toMatchObject({ status: 'booked', override: null });
    expect(moved?.start).not.toBe(early);
  });

  test('an override against another course is left alone by both', async () => {
    const { course } = await at.open(patientId, needling);
    const { course: peel } = await at.open(patientId, [{ protocolId: 'chemical_peel.superficial', sessions: 1 }], { consultationId: 'c-peel' });
    const near = later(startOf(course, 1), 7);
    const session = of(peel, 1, 'chemical_peel.superficial').sessionId;
    await expect(rescheduleSession(at.context, session, { start: near }, desk)).rejects.toEqual(
      rejected('forbidden_window', { details: expect.objectContaining({ constraint: 'spacing' }) }),
    );
    await rescheduleSession(at.context, session, { start: near, override: { reason: 'agreed' } }, director);
    expect(await factsChanged(at.context, patientId)).toEqual([]);
    expect((await newest(course.courseId)).sessions.map(({ start }) => start)).toEqual([1, 2, 3].map((number) => startOf(course, number)));
  });

  test('an override never books two into one place, and never without hours', async () => {
    const { course } = await at.open(patientId, needling);
    const { course: other } = await at.open(`${patientId}-b`, needling, { consultationId: `c-${patientId}-b` });
    const night = `${startOf(course, 2).slice(0, 10)}T06:00:00.000Z`;
    const refused = rescheduleSession(at.context, of(other, 2).sessionId, { start: night, override: { reason: 'because' } }, director);
    await expect(refused).rejects.toEqual(rejected('forbidden_window', { details: expect.objectContaining({ constraint: 'hours' }) }));
  });

  test('a cancelled session is final; the others stay, and the long interval becomes a deadline for the desk', async () => {
    const { course } = await at.open(patientId, needling);
    const { course: after, events } = await cancelSession(at.context, of(course, 2).sessionId, { reason: 'no time', by: 'patient' }, desk);
    expect(of(after, 2).status).toBe('cancelled');
    expect(startOf(after, 3)).toBe(startOf(course, 3));
    expect(events.map(({ type }) => type)).toEqual(['session.cancelled.v1', 'session.interval-exceeded.v1']);
    expect((await cancelSession(at.context, of(course, 2).sessionId, { reason: 'no time', by: 'patient' }, desk)).events).toEqual([]);
    await expect(confirmSession(at.context, of(course, 2).sessionId, 'patient')).rejects.toEqual(rejected('session_final'));
    await expect(completeSession(at.context, of(course, 2).sessionId, desk)).rejects.toEqual(rejected('session_final'));
  });

  test('arrives, completes once, and a later completion moves the next session', async () => {
    const { course } = await at.open(patientId, needling);
    const first = of(course, 1).sessionId;
    await expect(arriveSession(at.context, first, desk)).rejects.toEqual(rejected('too_early'));
    at.clock.moveTo(new Date(startOf(course, 1)));
    await arriveSession(at.context, first, desk);
    const tooLate = later(startOf(course, 1), 2);
    at.clock.moveTo(new Date(tooLate));
    const { course: after, events } = await completeSession(at.context, first, desk, { at: tooLate });
    expect(of(after, 1)).toMatchObject({ status: 'completed', completedOn: tooLate.slice(0, 10) });
    expect(daysApart(tooLate.slice(0, 10), startOf(after, 2).slice(0, 10))).toBeGreaterThanOrEqual(28);
    expect(events.map(({ type }) => type)).toContain('session.rescheduled.v1');
    expect((await completeSession(at.context, first, desk)).events).toEqual([]);
  });

  test('one that was cut short counts for every interval, and asks a clinician how the course goes on', async () => {
    const { course } = await at.open(patientId, needling);
    at.clock.moveTo(new Date(startOf(course, 1)));
    await completeSession(at.context, of(course, 1).sessionId, desk, { cutShort: true });
    const view = await newest(course.courseId);
    expect(view.sessions.map(({ status }) => status)).toEqual(['completed', 'booked', 'booked']);
    expect(daysApart(view.sessions[0]!.start!, view.sessions[1]!.start!)).toBeGreaterThanOrEqual(28);
    const events = await at.store.readStream(at.db, `course/${course.courseId}`);
    expect(events.find(({ type }) => type === 'session.completed.v1')?.data).toMatchObject({ cutShort: true });
    expect(events.flatMap(tasksAfter)).toEqual([
      expect.objectContaining({ kind: 'clinician-review', sessionId: of(course, 1).sessionId, why: expect.stringContaining('cut short') }),
    ]);
  });

  test('an entry on a later day counts from the booked day', async () => {
    const { course } = await at.open(patientId, needling);
    at.clock.moveTo(new Date(later(startOf(course, 1), 3)));
    const { course: after, events } = await completeSession(at.context, of(course, 1).sessionId, desk);
    expect(of(after, 1).completedOn).toBe(startOf(course, 1).slice(0, 10));
    expect(events.map(({ type }) => type)).toEqual(['session.completed.v1']);
  });

  test('a no-show keeps its id when it is booked again', async () => {
    const { course } = await at.open(patientId, needling);
    const first = of(course, 1).sessionId;
    await expect(noShowSession(at.context, first, desk)).rejects.toEqual(rejected('too_early'));
    at.clock.moveTo(new Date(later(startOf(course, 1), 0.1)));
    expect(of((await noShowSession(at.context, first, desk)).course, 1).status).toBe('no_show');
    const { course: again } = await rescheduleSession(at.context, first, { start: later(startOf(course, 1), 7) }, desk);
    expect(of(again, 1)).toMatchObject({ sessionId: first, status: 'booked' });
    expect(daysApart(startOf(again, 1), startOf(again, 2))).toBeGreaterThanOrEqual(28);
  });

  test('a reaction of weight holds the rest until it is reviewed; held sessions neither arrive nor complete (invariant 2)', async () => {
    const { course } = await at.open(patientId, needling);
    const first = of(course, 1).sessionId;
    at.clock.moveTo(new Date(startOf(course, 1)));
    await completeSession(at.context, first, desk);
    const { course: held } = await recordAdverseReaction(at.context, first, { codes: ['blistering'], severity: 'moderate', note: 'left cheek' }, desk);
    expect([of(held, 2).status, of(held, 3).status]).toEqual(['on_hold', 'on_hold']);
    const recorded = await at.store.readStream(at.db, `course/${course.courseId}`);
    expect(recorded.flatMap(tasksAfter).map(({ kind }) => kind)).toEqual(['clinician-review']);
    at.clock.moveTo(new Date(startOf(course, 2)));
    await expect(arriveSession(at.context, of(course, 2).sessionId, desk)).rejects.toEqual(rejected('on_hold'));
    await expect(rescheduleSession(at.context, of(course, 3).sessionId, { start: later(startOf(course, 3), 7) }, director)).rejects.toEqual(
      rejected('on_hold'),
    );
    const { course: released } = await releaseHold(at.context, { courseId: course.courseId, gate: 'adverse_reaction' }, 'dr-okafor');
    expect(of(released, 3).status).toBe('booked');
  });

  test('a gate that closes holds what has not begun, and opening it books again', async () => {
    const { course } = await at.open(patientId, needling);
    const ask = { courseId: course.courseId, gate: 'contraindications', why: 'is pregnant' };
    expect((await putOnHold(at.context, ask)).course.sessions.every(({ status }) => status === 'on_hold')).toBe(true);
    expect((await putOnHold(at.context, ask)).events).toEqual([]);
    const { course: back } = await releaseHold(at.context, ask);
    expect(back.sessions.map(({ status, booking }) => [status, booking?.start])).toEqual(course.sessions.map(({ booking }) => ['booked', booking?.start]));
  });

  test('a new fact moves the sessions it forbids, and no others', async () => {
    const { course } = await at.open(patientId, needling);
    expect(await factsChanged(at.context, patientId)).toEqual([]);
    const wedding = later(startOf(course, 2), 1).slice(0, 10);
    at.know(patientId, (picture) => ({ ...picture, availability: { ...picture.availability, socialEvents: [{ on: wedding }] } }));
    const moved = (await factsChanged(at.context, patientId)).filter(({ type }) => type === 'session.rescheduled.v1');
    expect(moved.map(({ data }) => 'number' in data && data.number)).toContain(2);
    expect(moved.map(({ data }) => 'number' in data && data.number)).not.toContain(1);
    const { sessions } = await newest(course.courseId);
    const start = sessions.find(({ number }) => number === 2)?.start ?? '';
    expect(Math.abs(daysApart(start.slice(0, 10), wedding))).toBeGreaterThan(0);
    expect(await factsChanged(at.context, patientId)).toEqual([]);
  });

  test('a medicine still in use delays once, not again at every look', async () => {
    at.know(patientId, (picture) => ({ ...picture, facts: { ...picture.facts, medications: [{ code: 'topical_retinoid', prescribed: true }] } }));
    const { course } = await at.open(patientId, needling);
    at.clock.moveTo(new Date(Date.parse(startOf(course, 1)) - dayMillis));
    expect(await factsChanged(at.context, patientId)).toEqual([]);
  });

  test('what no day can hold is put on hold with a task', async () => {
    const { course } = await at.open(patientId, needling);
    at.know(patientId, (picture) => ({
      ...picture,
      availability: { ...picture.availability, unavailable: [{ from: startOf(course, 3), to: '2046-01-01T00:00:00Z' }] },
    }));
    await factsChanged(at.context, patientId);
    const { sessions } = await newest(course.courseId);
    expect(sessions.find(({ number }) => number === 3)).toMatchObject({ status: 'on_hold', holds: [expect.objectContaining({ gate: 'window' })] });
    at.know(patientId, (picture) => ({ ...picture, availability: { ...picture.availability, unavailable: [] } }));
    await factsChanged(at.context, patientId);
    expect((await newest(course.courseId)).sessions.every(({ status }) => status === 'booked')).toBe(true);
  });
});

describe('proposals', () => {
  test('are up to five, best first, begin on different days, and are booked whole', async () => {
    at.clinic = { ...sampleClinic, scheduling: 'propose' };
    const { course } = await at.open(patientId, needling);
    expect(course.sessions.every(({ status }) => status === 'unscheduled')).toBe(true);
    const found = await proposals(at.context, course.courseId, desk);
    expect(found).toHaveLength(5);
    expect(found.map(({ cost }) => cost)).toEqual(found.map(({ cost }) => cost).sort((one, other) => one - other));
    expect(new Set(found.map(({ sessions }) => sessions[0]?.start.slice(0, 10))).size).toBe(5);
    const chosen = found[1]!;
    const { course: booked } = await bookProposal(at.context, course.courseId, chosen.proposalId, desk);
    expect(booked.sessions.map(({ booking }) => booking?.start)).toEqual(chosen.sessions.map(({ start }) => start));
    expect((await bookProposal(at.context, course.courseId, chosen.proposalId, desk)).events).toEqual([]);
  });

  test('answer with fresh ones when a time was taken meanwhile', async () => {
    at.clinic = { ...sampleClinic, scheduling: 'propose' };
    const { course } = await at.open(patientId, [{ protocolId: 'focused_ultrasound.mfu_v', sessions: 1 }]);
    const { course: rival } = await at.open(`${patientId}-rival`, [{ protocolId: 'focused_ultrasound.mfu_v', sessions: 1 }], {
      consultationId: `r-${patientId}`,
    });
    const [mine] = await proposals(at.context, course.courseId, desk);
    const [theirs] = await proposals(at.context, rival.courseId, desk);
    await bookProposal(at.context, rival.courseId, theirs!.proposalId, desk);
    const refused = await bookProposal(at.context, course.courseId, mine!.proposalId, desk).catch((error: unknown) => error);
    expect(refused).toEqual(rejected('slot_taken', { details: expect.objectContaining({ status: 409 }) }));
    const fresh = refused instanceof Rejected ? (refused.details['proposal'] as { proposalId: string }) : { proposalId: '' };
    expect((await bookProposal(at.context, course.courseId, fresh.proposalId, desk)).course.sessions[0]?.status).toBe('booked');
  });
});

describe('the ledger', () => {
  test("refuses a treatment in another one's shadow, in either order, whoever writes it (invariant 3)", async () => {
    const { course } = await at.open(patientId, needling);
    const insert = (lane: string, role: number, from: string, until: string) =>
      sql`insert into recovery_lane (patient_id, source, lane, role, during) values (${patientId}, 'by hand', ${lane}, ${role}, tstzrange(${from}::timestamptz, ${until}::timestamptz))`.execute(
        at.db,
      );
    const start = startOf(course, 2);
    await expect(insert('microneedling.cosmetic', 0, later(start, 10), later(start, 10.05))).rejects.toMatchObject({ code: '23P01' });
    await expect(insert('chemical_peel.superficial', 0, later(start, 10), later(start, 10.05))).rejects.toMatchObject({ code: '23P01' });
    await expect(insert('microneedling.cosmetic', 1, later(start, -10), later(start, 1))).rejects.toMatchObject({ code: '23P01' });
    await expect(
      sql`insert into allocation (session_id, resource_kind, resource_id, during) select 'by hand', resource_kind, resource_id, during from allocation where session_id = ${of(course, 2).sessionId} and resource_kind = 'room'`.execute(
        at.db,
      ),
    ).rejects.toMatchObject({ code: '23P01' });
  });

  test('pages through sessions in the order of their starts', async () => {
    await at.open(patientId, needling);
    const all = await listSessions(at.db, { limit: 200 });
    const pages: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await listSessions(at.db, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      pages.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(pages).toEqual(all.items.map(({ id }) => id));
  });
});

describe('free time', () => {
  const ask = { protocolId: 'microneedling.cosmetic', from: '2026-12-01T00:00:00Z', to: '2027-01-20T00:00:00Z', limit: 200 };

  test('is what sessions leave, at every location, with the windows of the patient who is named', async () => {
    const { course } = await at.open(patientId, needling);
    const { locationId, providerId } = of(course, 2).booking ?? {};
    const everyone = await availability(at.context, ask);
    expect(new Set(everyone.items.map((slot) => slot.locationId))).toEqual(new Set(['nyc', 'westport']));
    const rest = await availability(at.context, { ...ask, from: startOf(course, 2), to: later(startOf(course, 2), 0.05) });
    expect(rest.items.some((slot) => slot.start === startOf(course, 2) && slot.locationId === locationId && slot.providerId === providerId)).toBe(false);
    const own = await availability(at.context, { ...ask, patientId });
    expect(own.items.every(({ start }) => [1, 2].every((number) => Math.abs(daysApart(start.slice(0, 10), startOf(course, number).slice(0, 10))) >= 28))).toBe(
      true,
    );
  });

  test('pages without gaps', async () => {
    const all = await availability(at.context, { ...ask, to: '2026-12-02T23:00:00Z' });
    const first = await availability(at.context, { ...ask, to: '2026-12-02T23:00:00Z', limit: 7 });
    const second = await availability(at.context, { ...ask, to: '2026-12-02T23:00:00Z', limit: 7, cursor: first.next ?? '' });
    expect([...first.items, ...second.items]).toEqual(all.items.slice(0, 14));
  });
});

describe('inside a policy', () => {
  test('a command joins the transaction that it is given, and leaves nothing when that fails', async () => {
    const failing = at.db.transaction().execute(async (trx) => {
      await openCourse({ ...at.context, db: trx }, { consultationId: 'c-trx', patientId, planId: 'plan-1', locationId: 'nyc', items: needling });
      throw new Error('the policy failed');
    });
    await expect(failing).rejects.toThrow('the policy failed');
    expect((await listSessions(at.db, { limit: 10 })).items).toEqual([]);
  });

  test('a course goes where its protocols can be given when the consultation was elsewhere', async () => {
    const { course } = await at.open(patientId, [{ protocolId: 'rf_microneedling.standard', sessions: 2 }], { locationId: 'westport' });
    expect(course.sessions.map(({ booking }) => booking?.locationId)).toEqual(['nyc', 'nyc']);
  });
});
