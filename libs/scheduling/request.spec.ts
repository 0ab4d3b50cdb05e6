import { describe, expect, it } from '@jest/globals';
import { Rejected } from '#platform';
import { parsePlanRequest, type PlanRequestInput } from './index.js';
import { courseRequest } from '../../test/support/course-request.js';

const reversed = { from: '2026-12-02T14:00:00Z', to: '2026-12-02T13:00:00Z' };
const inSegments = (...segments: { minutes: number; holds: string[] }[]) => ({ ...courseRequest().protocols['peel'], segments });

type Edit = [field: string, edit: (request: PlanRequestInput) => unknown];

const refused: Edit[] = [
  ['request', () => null],
  ['clinic.timeZone', (r) => ({ ...r, clinic: { ...r.clinic, timeZone: 'America/Nowhere' } })],
  ['clinic.gridMinutes', (r) => ({ ...r, clinic: { ...r.clinic, gridMinutes: 0 } })],
  ['clinic.gridMinutes', (r) => ({ ...r, clinic: { ...r.clinic, gridMinutes: 1441 } })],
  ['clinic.hours.1[0]', (r) => ({ ...r, clinic: { ...r.clinic, hours: { 1: [['17:00', '09:00']] } } })],
  [
    'clinic.hours.1[1]',
    (r) => ({
      ...r,
      clinic: {
        ...r.clinic,
        hours: {
          1: [
            ['09:00', '12:00'],
            ['11:30', '14:00'],
          ],
        },
      },
    }),
  ],
  ['clinic.hours.1[0][0]', (r) => ({ ...r, clinic: { ...r.clinic, hours: { 1: [['24:00', '24:00']] } } })],
  ['clinic.hours', (r) => ({ ...r, clinic: { ...r.clinic, hours: { 8: [['09:00', '12:00']] } } })],
  ['clinic.closed[0]', (r) => ({ ...r, clinic: { ...r.clinic, closed: ['2027-02-30'] } })],
  ['providers[0].hours.2[0]', (r) => ({ ...r, providers: [{ id: 'p1', hours: { 2: [['10:00', '10:00']] } }] })],
  ['providers[0].validUntil.x', (r) => ({ ...r, providers: [{ id: 'p1', validUntil: { x: 'soon' } }] })],
  ['rooms[1].id', (r) => ({ ...r, rooms: [{ id: 'r1' }, { id: 'r1' }] })],
  ['devices[0].id', (r) => ({ ...r, devices: [{ id: 'p1' }] })],
  ['busy[0].resource', (r) => ({ ...r, busy: [{ resource: 'ghost', from: '2026-12-01T14:00:00Z', to: '2026-12-01T15:00:00Z' }] })],
  ['busy[0]', (r) => ({ ...r, busy: [{ resource: 'p1', from: '2026-12-01T15:00:00Z', to: '2026-12-01T15:00:00Z' }] })],
  ['patient.unavailable[0]', (r) => ({ ...r, patient: { unavailable: [{ from: '2026-12-02T00:00:00Z', to: '2026-12-01T00:00:00Z' }] } })],
  ['patient.preferred[0]', (r) => ({ ...r, patient: { preferred: [{ weekday: 1, from: '12:00', to: '09:00' }] } })],
  ['patient.preferred[0].weekday', (r) => ({ ...r, patient: { preferred: [{ weekday: 0, from: '09:00', to: '12:00' }] } })],
  ['patient.treated[0].on', (r) => ({ ...r, patient: { treated: [{ protocolId: 'x', on: '2027-02-29' }] } })],
  ['protocols.peel.intervalDays.min', (r) => ({ ...r, protocols: { peel: { ...r.protocols['peel'], intervalDays: { min: 9, ideal: 9, max: 8 } } } })],
  ['protocols.peel.intervalDays.ideal', (r) => ({ ...r, protocols: { peel: { ...r.protocols['peel'], intervalDays: { min: 2, ideal: 9, max: 8 } } } })],
  ['protocols.peel.durationMinutes', (r) => ({ ...r, protocols: { peel: { ...r.protocols['peel'], durationMinutes: 0 } } })],
  ['course.items[0].protocolId', (r) => ({ ...r, course: { items: [{ protocolId: 'toString', sessions: 1 }] } })],
  [
    'course.items[1].protocolId',
    (r) => ({
      ...r,
      course: {
        items: [
          { protocolId: 'peel', sessions: 1 },
          { protocolId: 'peel', sessions: 2 },
        ],
      },
    }),
  ],
  ['course.items[0].sessions', (r) => ({ ...r, course: { items: [{ protocolId: 'peel', sessions: 25 }] } })],
  ['course.items', (r) => ({ ...r, course: { items: [] } })],
  ['notBefore', (r) => ({ ...r, notBefore: '2026-12-01' })],
  ['horizonDays', (r) => ({ ...r, horizonDays: 0 })],
  ['horizonDays', (r) => ({ ...r, horizonDays: 100_000 })],
  ['clinic.extraHours[0].on', (r) => ({ ...r, clinic: { ...r.clinic, extraHours: [{ on: '2026-02-30', hours: [] }] } })],
  ['clinic.extraHours[0].hours[0]', (r) => ({ ...r, clinic: { ...r.clinic, extraHours: [{ on: '2026-12-05', hours: [['12:00', '09:00']] }] } })],
  ['clinic.closures[0]', (r) => ({ ...r, clinic: { ...r.clinic, closures: [reversed] } })],
  ['providers[0].absences[0]', (r) => ({ ...r, providers: [{ id: 'p1', absences: [reversed] }] })],
  ['providers[0].absences[0].from', (r) => ({ ...r, providers: [{ id: 'p1', absences: [{ from: 'Monday', to: reversed.to }] }] })],
  ['rooms[0].closed[0]', (r) => ({ ...r, rooms: [{ id: 'r1', closed: [reversed] }] })],
  ['devices[0].units', (r) => ({ ...r, devices: [{ id: 'd1', units: -1 }] })],
  ['devices[0].units', (r) => ({ ...r, devices: [{ id: 'd1', units: 0 }] })],
  ['devices[0].units', (r) => ({ ...r, devices: [{ id: 'd1', units: 1.5 }] })],
  ['devices[1].id', (r) => ({ ...r, devices: [{ id: 'd1', units: 2 }, { id: 'd1#2' }] })],
  ['devices[0].downtime[0]', (r) => ({ ...r, devices: [{ id: 'd1', downtime: [reversed] }] })],
  ['devices[0].downtime[0].unit', (r) => ({ ...r, devices: [{ id: 'd1', units: 2, downtime: [{ from: reversed.to, to: reversed.from, unit: 3 }] }] })],
  ['protocols.peel.segments', (r) => ({ ...r, protocols: { peel: inSegments({ minutes: 59, holds: ['provider', 'room'] }) } })],
  ['protocols.peel.segments', (r) => ({ ...r, protocols: { peel: inSegments({ minutes: 60, holds: ['provider'] }) } })],
  [
    'protocols.peel.segments',
    (r) => ({ ...r, devices: [{ id: 'd1', protocols: ['peel'] }], protocols: { peel: inSegments({ minutes: 60, holds: ['provider', 'room'] }) } }),
  ],
  ['protocols.peel.segments[0].minutes', (r) => ({ ...r, protocols: { peel: inSegments({ minutes: 0, holds: ['provider', 'room'] }) } })],
  ['protocols.peel.segments[0].holds[0]', (r) => ({ ...r, protocols: { peel: inSegments({ minutes: 60, holds: ['nurse'] }) } })],
  ['fixed[0].item', (r) => ({ ...r, fixed: [{ item: 3, number: 1, start: '2026-12-01T14:00:00Z' }] })],
  ['fixed[0].number', (r) => ({ ...r, fixed: [{ item: 0, number: 9, start: '2026-12-01T14:00:00Z' }] })],
];

describe('parsePlanRequest', () => {
  it.each(refused)('refuses a faulty %s and names it', (field, edit) => {
    expect.assertions(2);
    try {
      parsePlanRequest(edit(courseRequest()));
    } catch (error) {
      expect(error).toBeInstanceOf(Rejected);
      expect(error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining(field), details: { path: field } });
    }
  });

  it('takes lists that are left out as empty', () => {
    const { clinic, protocols, course, notBefore, horizonDays } = courseRequest();
    const request = parsePlanRequest({ clinic: { timeZone: clinic.timeZone, gridMinutes: 15 }, protocols, course, notBefore, horizonDays });
    expect(request).toMatchObject({ providers: [], rooms: [], devices: [], busy: [], spacing: [], fixed: [], clinic: { hours: {}, closed: [] } });
    expect(request.patient).toEqual({ unavailable: [], socialEvents: [], preferred: [], treated: [], clear: [] });
  });

  it('allows closing at 24:00, instants with an offset, and fields it does not know', () => {
    const request = courseRequest();
    const clinic = { ...request.clinic, hours: { 1: [['18:00', '24:00']] }, colour: 'blue' };
    expect(() => parsePlanRequest({ ...request, clinic, notBefore: '2026-12-01T05:30:00+05:30' })).not.toThrow();
  });
});
