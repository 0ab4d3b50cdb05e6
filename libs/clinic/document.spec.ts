import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { closedDays, parseClinic, resourcesAt, type StaffMember, validUntil } from '#clinic';
import { projectRoot, Rejected } from '#platform';
import { protocolIds } from '#protocols';

interface Sample {
  locations: Record<string, unknown>[];
  staff: Record<string, unknown>[];
  rooms: Record<string, unknown>[];
  devices: Record<string, unknown>[];
  [field: string]: unknown;
}
const sample = (): Sample => JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8'));
const clinic = parseClinic(sample());

const all = { minutes: 30, holds: ['provider', 'room', 'device'] };

function refusal(change: (document: Sample) => void): { path: unknown; message: string } {
  const document = sample();
  change(document);
  try {
    parseClinic(document);
  } catch (error) {
    if (error instanceof Rejected) return { path: error.details.path, message: error.message };
    throw error;
  }
  throw new Error('was accepted');
}

describe('the settings', () => {
  test.each<[string, (document: Sample) => void, string, RegExp]>([
    [
      'overlapping hours',
      (d) =>
        Object.assign(d.locations[0] ?? {}, {
          hours: {
            '1': [
              ['14:00', '18:00'],
              ['09:00', '14:30'],
            ],
          },
        }),
      'locations.0.hours.1.1',
      /09:00-14:30 overlaps 14:00-18:00/,
    ],
    [
      'hours that end before they begin',
      (d) => Object.assign(d, { contactHours: { '1': [['20:00', '09:00']] } }),
      'contactHours.1.0',
      /20:00 is not before 09:00/,
    ],
    ['a weekday that is none', (d) => Object.assign(d, { contactHours: { '8': [['09:00', '20:00']] } }), 'contactHours', /8|key/i],
    ['a time that is none', (d) => Object.assign(d, { contactHours: { '1': [['9:00', '20:00']] } }), 'contactHours.1.0.0', /HH:MM/],
    ['a zone that is none', (d) => Object.assign(d.locations[0] ?? {}, { timeZone: 'America/Gotham' }), 'locations.0.timeZone', /time zone/],
    ['an offset for a zone', (d) => Object.assign(d.locations[0] ?? {}, { timeZone: '-05:00' }), 'locations.0.timeZone', /time zone/],
    ['a day that cannot be', (d) => Object.assign(d.locations[1] ?? {}, { closed: ['2027-02-30'] }), 'locations.1.closed.0', /calendar day/],
    ['a room nowhere', (d) => Object.assign(d.rooms[2] ?? {}, { location: 'queens' }), 'rooms.2.location', /no location queens/],
    ['hours nowhere', (d) => Object.assign(d.staff[0] ?? {}, { hours: { queens: {} } }), 'staff.0.hours.queens', /no location queens/],
    ['an id twice', (d) => Object.assign(d.devices[1] ?? {}, { id: 'co2-1' }), 'devices.1.id', /co2-1 stands twice/],
    ['a phone that is none', (d) => Object.assign(d, { phone: '838 555 0100' }), 'phone', /E\.164/],
    [
      'a ladder on which nobody stands',
      (d) => Object.assign(d, { escalation: [{ afterMinutes: 0, role: 'night_watch', channels: ['sms'] }] }),
      'escalation',
      /nobody/,
    ],
    [
      'an absence that ends before it begins',
      (d) => Object.assign(d.staff[0] ?? {}, { absences: [{ from: '2026-12-04', to: '2026-12-03' }] }),
      'staff.0.absences.0.to',
      /ends before it begins/,
    ],
    [
      'an extra shift while the place is closed',
      (d) => Object.assign(d.staff[0] ?? {}, { extraShifts: [{ location: 'nyc', on: '2026-12-25', hours: [['09:00', '12:00']] }] }),
      'staff.0.extraShifts.0.hours',
      /outside the hours of nyc on 2026-12-25/,
    ],
    ['negative units', (d) => Object.assign(d.devices[0] ?? {}, { units: -1 }), 'devices.0.units', />=1/],
    ['a device named like a unit', (d) => Object.assign(d.devices[0] ?? {}, { id: 'co2#2' }), 'devices.0.id', /must not contain #/],
    [
      'downtime of a unit that is not there',
      (d) => Object.assign(d.devices[0] ?? {}, { downtime: [{ from: '2026-12-03', to: '2026-12-04', unit: 2 }] }),
      'devices.0.downtime.0.unit',
      /no unit 2 of 1/,
    ],
    ['a recipe for no protocol', (d) => Object.assign(d, { recipes: { facial: [all] } }), 'recipes.facial', /no protocol facial/],
    [
      'a recipe that never holds the device',
      (d) => Object.assign(d, { recipes: { 'ipl_bbl.standard': [{ minutes: 30, holds: ['provider', 'room'] }] } }),
      'recipes.ipl_bbl.standard',
      /no part holds the device/,
    ],
    [
      'a recipe without a room',
      (d) => Object.assign(d, { recipes: { 'ipl_bbl.standard': [{ ...all, holds: ['provider'] }] } }),
      'recipes.ipl_bbl.standard',
      /room/,
    ],
    ['no place', (d) => Object.assign(d, { locations: [] }), 'locations', /./],
  ])('with %s are refused, naming the field', (_, change, path, message) => {
    expect(refusal(change)).toEqual({ path, message: expect.stringMatching(message) });
  });

  test('close federal holidays where a location observes them, on the day on which they are kept', () => {
    const document = sample();
    Object.assign(document.locations[0] ?? {}, { closed: ['2026-12-24'], observesFederalHolidays: true });
    const [nyc, westport] = parseClinic(document).locations;
    if (nyc === undefined || westport === undefined) throw new Error('the sample has two locations');
    // 4 July 2026 is a Saturday.
    expect(closedDays(nyc, '2026-06-20', '2026-07-31')).toEqual(['2026-07-03', '2026-07-04']);
    expect(closedDays(nyc, '2026-12-20', '2027-01-18')).toEqual(['2026-12-24', '2026-12-25', '2027-01-01', '2027-01-18']);
    expect(closedDays(westport, '2026-06-20', '2026-07-31')).toEqual([]);
  });

  test('keep fields that are not known, and put hours in order', () => {
    const document = {
      ...sample(),
      motto: 'gently',
      contactHours: {
        '1': [
          ['14:00', '20:00'],
          ['09:00', '14:00'],
        ],
      },
    };
    expect(parseClinic(document)).toMatchObject({
      motto: 'gently',
      contactHours: {
        '1': [
          ['09:00', '14:00'],
          ['14:00', '20:00'],
        ],
      },
    });
    expect(parseClinic(parseClinic(document))).toEqual(parseClinic(document));
  });
});

describe('who may perform what (invariant 4)', () => {
  const until = (id: string, protocolId: string, state: string) => {
    const person = clinic.staff.find((one) => one.id === id);
    return person === undefined ? undefined : validUntil(person, protocolId, state);
  };

  test.each([
    ['dr-okafor', 'laser_ablative.full_field_co2', 'NY', '2028-06-30'],
    ['dr-okafor', 'microneedling.cosmetic', 'CT', '2027-12-31'], // the licence ends before the certification
    ['np-reyes', 'laser_ablative.fractional_co2', 'NY', '2027-09-30'],
    ['np-reyes', 'laser_ablative.full_field_co2', 'NY', null], // not certified
    ['np-reyes', 'microneedling.scar', 'CT', null], // no licence in that state
    ['np-reyes', 'chemical_peel.medium', 'NY', null], // certified, but the catalogue asks for a physician
    ['ae-lindqvist', 'chemical_peel.superficial', 'NY', '2027-03-31'],
    ['ae-lindqvist', 'microdermabrasion.standard', 'CT', '2027-03-31'],
    ['ae-lindqvist', 'microneedling.cosmetic', 'NY', null], // certified, but it breaks the skin
    ['ae-lindqvist', 'microneedling.cosmetic', 'CT', null],
  ])('%s, %s in %s: %s', (id, protocolId, state, expected) => {
    expect(until(id, protocolId, state)).toBe(expected);
  });

  test('an aesthetician, or an unknown kind of licence, never covers a medical procedure', () => {
    const holding = (kind: string): StaffMember => ({
      id: 'x',
      name: 'X',
      roles: ['provider'],
      hours: {},
      absences: [],
      extraShifts: [],
      licences: [{ kind, state: 'NY', until: '2030-01-01' }],
      certifications: [{ protocols: ['*'], until: '2030-01-01' }],
    });
    const mayDo = (kind: string) => protocolIds.filter((id) => validUntil(holding(kind), id, 'NY') !== null);
    expect(mayDo('LE')).toEqual(['chemical_peel.superficial', 'microdermabrasion.standard']);
    expect(mayDo('Reiki')).toEqual(mayDo('LE'));
    expect(protocolIds.filter((id) => !mayDo('np').includes(id))).toEqual(['chemical_peel.medium', 'chemical_peel.deep', 'dermabrasion.standard']);
    expect(mayDo('MD')).toEqual(protocolIds);
  });
});

describe('what a location offers', () => {
  test('providers, rooms and devices in the form of a plan request', () => {
    expect(resourcesAt(clinic, 'westport', ['microdermabrasion.standard'])).toMatchObject({
      location: { id: 'westport' },
      providers: [
        { id: 'dr-okafor', protocols: ['microdermabrasion.standard'], validUntil: { 'microdermabrasion.standard': '2027-12-31' } },
        { id: 'ae-lindqvist', validUntil: { 'microdermabrasion.standard': '2027-03-31' } },
      ],
      rooms: [{ id: 'wp-care', protocols: ['microdermabrasion.standard'] }],
      devices: [{ id: 'mda-2', protocols: ['microdermabrasion.standard'] }],
    });
    const both = resourcesAt(clinic, 'nyc', ['ipl_bbl.standard', 'botulinum_toxin.standard']);
    expect(both?.rooms.map(({ id, protocols }) => [id, protocols])).toEqual([
      ['nyc-laser', ['ipl_bbl.standard']],
      ['nyc-care-1', ['botulinum_toxin.standard']],
      ['nyc-care-2', ['botulinum_toxin.standard']],
    ]);
    expect(both?.devices.map(({ id }) => id)).toEqual(['ipl-1']);
  });

  test('nothing where a room is missing, or the place itself', () => {
    expect(resourcesAt(clinic, 'westport', ['ipl_bbl.standard'])).toBeNull();
    expect(resourcesAt(clinic, 'nowhere', ['microdermabrasion.standard'])).toBeNull();
    expect(resourcesAt(clinic, 'westport', ['microdermabrasion.standard', 'ipl_bbl.standard'])).toBeNull();
  });

  test('a protocol that needs a device elsewhere is not performed where none stands', () => {
    const document = sample();
    document.devices = document.devices.filter(({ id }) => id !== 'pen-2');
    expect(resourcesAt(parseClinic(document), 'westport', ['microneedling.cosmetic'])).toBeNull();
    expect(resourcesAt(clinic, 'westport', ['microneedling.cosmetic'])?.providers.map(({ id }) => id)).toEqual(['dr-okafor']);
  });

  test('a protocol that no device of the clinic names needs none', () => {
    expect(resourcesAt(clinic, 'nyc', ['laser_nonablative.ndyag_1064'])).toMatchObject({ devices: [], rooms: [{ id: 'nyc-laser' }] });
  });
});
