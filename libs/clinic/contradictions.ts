import { isProtocol, matchesAny } from '#protocols';
import { liesWithin, openingOn } from './calendar.js';
import type { ClinicShape } from './shape.js';

export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Found = Generator<Contradiction>;

/** What stands in the settings twice, names a place that is not there, or can never come to pass (invariant 8). */
export function* contradictions(clinic: ClinicShape): Found {
  yield* twice(clinic);
  yield* nowhere(clinic);
  yield* closedShifts(clinic);
  for (const [index, { units, downtime }] of clinic.devices.entries())
    for (const [at, { unit = 1 }] of downtime.entries())
      if (unit > units) yield { path: ['devices', index, 'downtime', at, 'unit'], message: `there is no unit ${unit} of ${units}` };
  yield* recipes(clinic);
  const pageable = clinic.escalation.some(({ role }) => clinic.staff.some(({ roles }) => roles.includes(role)));
  if (!pageable) yield { path: ['escalation'], message: 'nobody of the staff has a role that it names' };
}

function* twice({ locations, staff, rooms, devices }: ClinicShape): Found {
  for (const [list, items] of Object.entries({ locations, staff, rooms, devices }))
    for (const [index, { id }] of items.entries())
      if (items.findIndex((other) => other.id === id) !== index) yield { path: [list, index, 'id'], message: `${id} stands twice` };
}

function* nowhere({ locations, staff, rooms, devices }: ClinicShape): Found {
  const places = [
    ...Object.entries({ rooms, devices }).flatMap(([list, items]) => items.map(({ location }, index) => ({ location, path: [list, index, 'location'] }))),
    ...staff.flatMap(({ hours }, index) => Object.keys(hours).map((location) => ({ location, path: ['staff', index, 'hours', location] }))),
    ...staff.flatMap(({ extraShifts }, index) => extraShifts.map(({ location }, at) => ({ location, path: ['staff', index, 'extraShifts', at, 'location'] }))),
  ];
  for (const { location, path } of places) if (!locations.some(({ id }) => id === location)) yield { path, message: `there is no location ${location}` };
}

/** Whoever works when the place is closed sees nobody: the place must be opened first. */
function* closedShifts({ locations, staff }: ClinicShape): Found {
  for (const [index, { extraShifts }] of staff.entries()) {
    for (const [at, { location, on, hours }] of extraShifts.entries()) {
      const place = locations.find(({ id }) => id === location);
      const outside = place && hours.find((range) => !liesWithin(openingOn(place, on), range));
      if (outside) {
        yield { path: ['staff', index, 'extraShifts', at, 'hours'], message: `${outside.join('-')} lies outside the hours of ${location} on ${on}` };
      }
    }
  }
}

function* recipes({ recipes, devices }: ClinicShape): Found {
  for (const [protocolId, segments] of Object.entries(recipes)) {
    const path = ['recipes', protocolId];
    if (!isProtocol(protocolId)) yield { path, message: `there is no protocol ${protocolId}` };
    const minutes = segments.reduce((sum, segment) => sum + segment.minutes, 0);
    if (minutes > 1440) yield { path, message: `${minutes} minutes are longer than a day` };
    const isServed = devices.some(({ protocols }) => matchesAny(protocolId, protocols));
    if (isServed && !segments.some(({ holds }) => holds.includes('device'))) yield { path, message: 'no part holds the device' };
  }
}
