import { type ClinicDocument, parseClinic } from '#clinic';
import type { Chance } from '../simulate/chance.js';

/*
 * A clinic large enough for a given number of sessions: the sample clinic, with places, providers, rooms and devices added.
 * Each added provider works in a room of their own with a device of their own and gives one kind of treatment, so that a
 * free hour of the provider is a free hour of the room and the device too.
 */

/** Minutes of a day between which sessions are laid, on the days from Monday to Friday. */
export const workingDay = { first: 9 * 60, last: 18 * 60 } as const;

/** What is given, in parts of a hundred, and the room's kind of work. */
const kindsOfWork = [
  { protocolId: 'chemical_peel.superficial', share: 40, room: 'peel', device: null },
  { protocolId: 'ipl_bbl.standard', share: 30, room: 'light', device: 'ipl' },
  { protocolId: 'microneedling.cosmetic', share: 20, room: 'needling', device: null },
  { protocolId: 'laser_nonablative.fractional_1550', share: 10, room: 'laser', device: 'fraxel' },
] as const;

const places = [
  { id: 'nyc', name: 'Manhattan', state: 'NY' },
  { id: 'brooklyn', name: 'Brooklyn', state: 'NY' },
  { id: 'westport', name: 'Westport', state: 'CT' },
] as const;
const timeZone = 'America/New_York';

const givenNames = 'Amara Ben Clara Dev Elena Farid Grace Hugo Ines Jonah Kira Luis Mina Noah Olga Paulo Quinn Rosa Sami Thea'.split(' ');
const familyNames = 'Adler Brandt Castillo Duarte Eriksen Fofanah Gallo Haddad Ivanov Jensen Kato Laurent Mbeki Novak Osei Park Quiroga Rossi Silva Tran'.split(
  ' ',
);

/** Who gives what, where, with what: one line of the diary. */
export interface Post {
  readonly providerId: string;
  readonly roomId: string;
  readonly deviceId: string | null;
  readonly locationId: string;
  readonly timeZone: string;
  readonly protocolId: string;
}

const hours = Object.fromEntries(['1', '2', '3', '4', '5'].map((day) => [day, [['09:00', '18:00']]]));

/** What the given number of providers do: every kind of work in every place before any is doubled. */
export function postsOf(count: number): Post[] {
  const owed = new Map<string, number>(kindsOfWork.map(({ protocolId }) => [protocolId, 0]));
  return Array.from({ length: count }, (_post, index) => {
    for (const { protocolId, share } of kindsOfWork) owed.set(protocolId, (owed.get(protocolId) ?? 0) + share);
    const work = [...kindsOfWork].sort((one, other) => (owed.get(other.protocolId) ?? 0) - (owed.get(one.protocolId) ?? 0))[0] ?? kindsOfWork[0];
    owed.set(work.protocolId, (owed.get(work.protocolId) ?? 0) - 100);
    const place = places[index % places.length] ?? places[0];
    const number = index + 1;
    return {
      providerId: `provider-${number}`,
      roomId: `${place.id}-${work.room}-${number}`,
      deviceId: work.device === null ? null : `${place.id}-${work.device}-${number}`,
      locationId: place.id,
      timeZone,
      protocolId: work.protocolId,
    };
  });
}

function providerOf({ providerId, protocolId, locationId }: Post, chance: Chance) {
  const own = chance.of(providerId);
  return {
    id: providerId,
    name: `${own.pick('given', givenNames)} ${own.pick('family', familyNames)} NP`,
    roles: ['provider'],
    licences: [...new Set(places.map(({ state }) => state))].map((state) => ({ kind: 'NP', state, until: '2099-12-31' })),
    certifications: [{ protocols: [protocolId], until: '2099-12-31' }],
    hours: { [locationId]: hours },
  };
}

/** The sample clinic's settings with everybody and everything that `posts` name. */
export function clinicWith(sample: unknown, posts: readonly Post[], chance: Chance): ClinicDocument {
  const base = parseClinic(sample);
  const device = ({ deviceId, locationId, protocolId }: Post) => (deviceId === null ? [] : [{ id: deviceId, location: locationId, protocols: [protocolId] }]);
  return parseClinic({
    ...base,
    locations: places.map((place) => ({ timeZone, closed: [], ...base.locations.find(({ id }) => id === place.id), ...place, hours })),
    staff: [...base.staff, ...posts.map((post) => providerOf(post, chance))],
    rooms: [...base.rooms, ...posts.map(({ roomId, locationId, protocolId }) => ({ id: roomId, location: locationId, protocols: [protocolId] }))],
    devices: [...base.devices, ...posts.flatMap(device)],
  });
}
