import { describe, expect, test } from '@jest/globals';
import { noFacts } from '#protocols';
import { parsePlanRequest } from '#scheduling';
import { plainPicture, protocols, sampleClinic } from '../../test/support/booking.js';
import { plannedSessions, type Session } from './decider.js';
import type { Booking } from './events.js';
import { availabilityTask, blackoutsOf, planningTask, type Scene, spacingAfter, type Wanted } from './plan-request.js';

const scene: Scene = { now: new Date('2026-11-29T14:00:00Z'), clinic: sampleClinic, protocols, patient: plainPicture, busy: [], others: [] };
const zone = 'America/New_York';
const sessionsOf = (courseId: string, ...items: [protocolId: string, sessions: number][]) =>
  plannedSessions({
    courseId,
    consultationId: 'c',
    patientId: 'p-1',
    planId: 'plan',
    locationId: 'nyc',
    items: items.map(([protocolId, sessions], item) => ({ item, protocolId, protocolVersion: 1, sessions })),
  });
const wanted = (toPlan: readonly Session[], more: Partial<Wanted> = {}): Wanted => ({
  toPlan,
  kept: [],
  blackouts: [],
  treated: [],
  bindLongestInterval: true,
  ...more,
});

function booked(session: Session, start: string): Session {
  const protocol = protocols.get(session.protocolId);
  if (protocol === undefined) throw new Error('no protocol');
  const booking: Booking = {
    sessionId: session.sessionId,
    courseId: session.courseId,
    patientId: session.patientId,
    item: session.item,
    number: session.number,
    protocolId: session.protocolId,
    protocolVersion: 1,
    start,
    end: new Date(Date.parse(start) + protocol.durationMinutes * 60_000).toISOString(),
    turnoverMinutes: 15,
    timeZone: zone,
    locationId: 'nyc',
    providerId: 'np-reyes',
    roomId: 'nyc-care-1',
    deviceId: null,
    earliest: start,
    latest: null,
    because: [],
    spacing: spacingAfter(scene, protocol),
  };
  return { ...session, status: 'booked', booking };
}

describe('a plan request', () => {
  test("is one that the planner reads, with the catalogue's figures and the rules of every pair", () => {
    const task = planningTask(
      scene,
      'nyc',
      wanted(sessionsOf('course-1', ['microneedling.cosmetic', 3], ['chemical_peel.superficial', 2]), {
        treated: [{ protocolId: 'dermal_filler.ha', on: '2026-11-20' }],
      }),
    );
    const request = parsePlanRequest(task?.request);
    expect(request.course.items).toEqual([
      { protocolId: 'microneedling.cosmetic', sessions: 3 },
      { protocolId: 'chemical_peel.superficial', sessions: 2 },
    ]);
    expect(request.protocols['microneedling.cosmetic']).toEqual({
      durationMinutes: 90,
      turnoverMinutes: 15,
      intervalDays: { min: 28, ideal: 28, max: 42 },
      downtimeDays: protocols.get('microneedling.cosmetic')?.downtimeDays,
    });
    expect(request.spacing).toEqual(
      expect.arrayContaining([
        { from: 'microneedling.cosmetic', to: 'chemical_peel.superficial', minDays: 28 },
        { from: 'dermal_filler.ha', to: 'microneedling.cosmetic', minDays: 28 },
      ]),
    );
    expect(request.clinic).toMatchObject({ timeZone: zone, gridMinutes: 15 });
    expect(request.providers.map(({ id }) => id)).toEqual(['dr-okafor', 'np-reyes', 'ae-lindqvist']);
    expect(request.notBefore).toBe('2026-11-29T14:00:00.000Z');
  });

  test('is none where the location cannot perform it', () => {
    expect(planningTask(scene, 'westport', wanted(sessionsOf('course-1', ['rf_microneedling.standard', 3])))).toBe(null);
  });

  test('begins no earlier than the gates were met (invariant 2)', () => {
    const gated = { ...scene, patient: { ...plainPicture, gatesMetAt: '2026-12-03T09:00:00.000Z' } };
    expect(planningTask(gated, 'nyc', wanted(sessionsOf('course-1', ['microneedling.cosmetic', 1])))?.request.notBefore).toBe('2026-12-03T09:00:00.000Z');
  });

  test('keeps booked sessions of other courses fixed, and closes the days around one of the same protocol', () => {
    const [peel, needling] = [sessionsOf('course-2', ['chemical_peel.superficial', 1])[0]!, sessionsOf('course-3', ['microneedling.cosmetic', 1])[0]!];
    const others = [booked(peel, '2026-12-10T15:00:00.000Z'), booked(needling, '2027-03-02T15:00:00.000Z')];
    const task = planningTask({ ...scene, others }, 'nyc', wanted(sessionsOf('course-1', ['microneedling.cosmetic', 2])));
    const request = parsePlanRequest(task?.request);
    expect(request.course.items[1]).toEqual({ protocolId: 'chemical_peel.superficial', sessions: 1 });
    expect(request.fixed).toEqual([expect.objectContaining({ item: 1, number: 1, start: '2026-12-10T15:00:00.000Z' })]);
    expect(request.patient.unavailable).toEqual([{ from: '2027-02-03T05:00:00.000Z', to: '2027-03-30T04:00:00.000Z' }]);
  });

  test('leaves out what its own sessions hold, and names only resources that it knows', () => {
    const [session] = sessionsOf('course-1', ['microneedling.cosmetic', 1]);
    const held = { from: '2026-12-01T15:00:00.000Z', to: '2026-12-01T16:45:00.000Z' };
    const busy = [
      { sessionId: session!.sessionId, kind: 'room' as const, resourceId: 'nyc-care-1', ...held },
      { sessionId: 'other', kind: 'provider' as const, resourceId: 'np-reyes', ...held },
      { sessionId: 'other', kind: 'device' as const, resourceId: 'co2-1', ...held },
      { sessionId: 'mine elsewhere', kind: 'patient' as const, resourceId: 'p-1', ...held },
    ];
    const request = parsePlanRequest(planningTask({ ...scene, busy }, 'nyc', wanted([session!]))?.request);
    expect(request.busy).toEqual([{ resource: 'np-reyes', ...held }]);
    expect(request.patient.unavailable).toEqual([held]);
  });

  test('after a change the longest interval does not bind', () => {
    const request = planningTask(scene, 'nyc', wanted(sessionsOf('course-1', ['microneedling.cosmetic', 2]), { bindLongestInterval: false }))?.request;
    expect(request?.protocols['microneedling.cosmetic']?.intervalDays.max).toBeGreaterThan(3_000);
  });
});

describe('blackouts', () => {
  const facts = {
    ...noFacts,
    medications: [{ code: 'topical_retinoid', prescribed: true }],
    exposures: [{ code: 'sunburn', on: '2026-11-25' }],
    treatments: [{ protocolId: 'botulinum_toxin.standard', on: '2026-11-20' }],
  };
  const patient = {
    ...plainPicture,
    facts,
    availability: { ...plainPicture.availability, socialEvents: [{ on: '2027-02-14' }] },
    waits: [{ protocolId: 'microneedling.cosmetic', notBefore: '2026-12-02', because: 'patch test' }],
  };

  test('come from medicines, sun, waits, treatments elsewhere and social events', () => {
    const found = blackoutsOf({ ...scene, patient }, ['microneedling.cosmetic'], zone, []);
    expect(found.map(({ constraint }) => constraint).sort()).toEqual(['clear', 'clear', 'clear', 'social_event', 'spacing']);
    const downtime = protocols.get('microneedling.cosmetic')?.downtimeDays ?? 0;
    expect(found.find(({ constraint }) => constraint === 'social_event')).toMatchObject({
      from: `2027-02-${14 - downtime}T05:00:00.000Z`,
      until: '2027-02-15T05:00:00.000Z',
    });
  });

  test('a wait from today is not pushed on by asking again, but by a new fact', () => {
    const first = blackoutsOf({ ...scene, patient }, ['microneedling.cosmetic'], zone, []);
    const nextWeek = { ...scene, now: new Date('2026-12-06T14:00:00Z'), patient };
    expect(blackoutsOf(nextWeek, ['microneedling.cosmetic'], zone, first)).toEqual(first);
    const stopped = { ...patient, facts: { ...facts, medications: [{ code: 'topical_retinoid', prescribed: true, stoppedOn: '2026-12-05' }] } };
    const [washout] = blackoutsOf({ ...nextWeek, patient: stopped }, ['microneedling.cosmetic'], zone, first);
    expect(washout?.detail).toContain('after 2026-12-05');
  });
});

test("free time keeps the patient's distance to every booked session", () => {
  const others = [booked(sessionsOf('course-2', ['chemical_peel.superficial', 1])[0]!, '2027-01-05T15:00:00.000Z')];
  const request = availabilityTask({ ...scene, others }, 'nyc', 'microneedling.cosmetic');
  // 28 days from needling to the peel, 14 days from the peel to needling.
  expect(request?.patient.unavailable).toEqual([{ from: '2026-12-09T05:00:00.000Z', to: '2027-01-19T05:00:00.000Z' }]);
});
