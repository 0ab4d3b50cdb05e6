import { matchesAny } from '#protocols';
import { validUntil } from './credentials.js';
import type { ClinicDocument, Location, StaffMember } from './document.js';
import type { WeeklyHours } from './times.js';

/** A provider as the planner sees one at a location: what they may perform there, until when, and their hours. */
export interface BookableProvider {
  readonly id: string;
  readonly protocols: string[];
  readonly hours: WeeklyHours;
  /** Last valid day by protocol: the earlier of certification and licence. */
  readonly validUntil: Record<string, string>;
}

export interface BookableResource {
  readonly id: string;
  readonly protocols: string[];
}

/** What a location offers for a set of protocols, in the form of a plan request. */
export interface LocationResources {
  readonly location: Location;
  readonly providers: BookableProvider[];
  readonly rooms: BookableResource[];
  readonly devices: BookableResource[];
}

export const locationOf = (clinic: ClinicDocument, id: string): Location | undefined => clinic.locations.find((location) => location.id === id);
export const staffOf = (clinic: ClinicDocument, id: string): StaffMember | undefined => clinic.staff.find((person) => person.id === id);
export const staffInRole = (clinic: ClinicDocument, role: string): StaffMember[] => clinic.staff.filter(({ roles }) => roles.includes(role));

function providerAt(person: StaffMember, location: Location, protocolIds: readonly string[]): BookableProvider[] {
  const hours = person.hours[location.id];
  if (hours === undefined || !person.roles.includes('provider')) return [];
  const valid = protocolIds.flatMap((protocolId) => {
    const until = validUntil(person, protocolId, location.state);
    return until === null ? [] : [[protocolId, until] as const];
  });
  return valid.length === 0 ? [] : [{ id: person.id, protocols: valid.map(([id]) => id), hours, validUntil: Object.fromEntries(valid) }];
}

const offering = (
  list: readonly { readonly id: string; readonly location: string; readonly protocols: readonly string[] }[],
  location: string,
  protocolIds: readonly string[],
) =>
  list
    .filter((item) => item.location === location)
    .map(({ id, protocols }) => ({ id, protocols: protocolIds.filter((protocolId) => matchesAny(protocolId, protocols)) }))
    .filter(({ protocols }) => protocols.length > 0);

/** Needs a device somewhere in the clinic: then a location without one cannot perform it. */
const needsDevice = (clinic: ClinicDocument, protocolId: string) => clinic.devices.some(({ protocols }) => matchesAny(protocolId, protocols));

/** The people, rooms and devices of one location for these protocols; null when the location cannot perform one of them. */
export function resourcesAt(clinic: ClinicDocument, locationId: string, protocolIds: readonly string[]): LocationResources | null {
  const location = locationOf(clinic, locationId);
  if (location === undefined) return null;
  const devices = offering(clinic.devices, locationId, protocolIds);
  const rooms = offering(clinic.rooms, locationId, protocolIds);
  const providers = clinic.staff.flatMap((person) => providerAt(person, location, protocolIds));
  const offered = (list: readonly BookableResource[], protocolId: string) => list.some(({ protocols }) => protocols.includes(protocolId));
  const able = protocolIds.every(
    (id) => offered(rooms, id) && providers.some(({ protocols }) => protocols.includes(id)) && (!needsDevice(clinic, id) || offered(devices, id)),
  );
  return able ? { location, providers, rooms, devices } : null;
}
