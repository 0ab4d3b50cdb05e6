import { type Constraint, CONSTRAINTS, type Reason } from './answer.js';
import { problemOf } from './problem.js';
import type { PlanRequest } from './request.js';
import { BudgetSpent, Search } from './search.js';

const QUICK_STEPS = 3_000;
/** Steps for each question that is asked of an infeasible request. */
const FEASIBILITY_STEPS = [QUICK_STEPS, 30_000, 250_000] as const;
/** Twelve constraints have few things that must be left out; what takes more rounds than this is not searched on. */
const MOST_ROUNDS = 64;

/**
 * A smallest set of constraints that cannot hold together, were every other left out: no smaller one can be named, and
 * each of it is needed for the contradiction. Never empty. Should even long searches not tell which is the smallest, it
 * is one of which each seems needed, and the detail of what is in doubt says so: the contradiction is proved all the same.
 */
export function conflictOf(request: PlanRequest): Reason[] {
  const speaking = CONSTRAINTS.filter((constraint) => !saysNothing(request, constraint));
  const { named, doubted } = smallestConflict(request, speaking) ?? neededConflict(request, speaking);
  const reasons = CONSTRAINTS.filter((constraint) => named.includes(constraint)).map((constraint) => {
    const doubt = doubted.includes(constraint) ? ' (not decided whether a schedule exists without this)' : '';
    return { constraint, detail: DETAILS[constraint](request) + doubt };
  });
  if (reasons.length > 0) return reasons;
  // Only sessions that stay where they are can leave nothing to blame.
  return [{ constraint: 'interval', detail: 'no schedule fits between the sessions that stay where they are' }];
}

interface Conflict {
  readonly named: readonly Constraint[];
  readonly doubted: readonly Constraint[];
}

/**
 * Whatever must be left out for a schedule to exist meets every conflict, so the smallest conflict is a smallest set that
 * meets all that was found to be left out; when a schedule exists under it, that schedule shows one thing more that must be.
 */
function smallestConflict(request: PlanRequest, speaking: readonly Constraint[]): Conflict | undefined {
  const under = (kept: readonly Constraint[], steps: number) =>
    feasibility(request, new Set(CONSTRAINTS.filter((constraint) => !kept.includes(constraint))), steps);
  const without = (left: Constraint) => speaking.filter((constraint) => constraint !== left);
  const leftOut: (readonly Constraint[])[] = speaking
    .filter((constraint) => under(without(constraint), QUICK_STEPS) === 'yes')
    .map((constraint) => [constraint]);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const kept = [...smallestMeeting(leftOut, speaking)];
    const verdict = decided((steps) => under(kept, steps));
    if (verdict === 'no') return { named: kept, doubted: [] };
    if (verdict === 'unknown') return undefined;
    for (const constraint of speaking) {
      if (!kept.includes(constraint) && under([...kept, constraint], QUICK_STEPS) === 'yes') kept.push(constraint);
    }
    leftOut.push(speaking.filter((constraint) => !kept.includes(constraint)));
  }
  return undefined;
}

/** The smallest set that shares something with each of the given ones; of equally small ones the one latest in the public order. */
function smallestMeeting(sets: readonly (readonly Constraint[])[], among: readonly Constraint[]): Constraint[] {
  const masks = sets.map((set) => set.reduce((mask, constraint) => mask | (1 << among.indexOf(constraint)), 0));
  let [best, fewest] = [0, Number.POSITIVE_INFINITY];
  for (let mask = (1 << among.length) - 1; mask >= 0; mask--) {
    const size = among.reduce((count, _constraint, bit) => count + ((mask >> bit) & 1), 0);
    if (size < fewest && masks.every((other) => (mask & other) !== 0)) [best, fewest] = [mask, size];
  }
  return among.filter((_constraint, bit) => (best >> bit) & 1);
}

/** Each is left out in turn and stays out while the rest still has no schedule. */
function neededConflict(request: PlanRequest, speaking: readonly Constraint[]): Conflict {
  const dropped = new Set(CONSTRAINTS.filter((constraint) => !speaking.includes(constraint)));
  const doubted = speaking.filter((constraint) => {
    const without = decided((steps) => feasibility(request, new Set([...dropped, constraint]), steps));
    if (without === 'no') dropped.add(constraint);
    return without === 'unknown';
  });
  return { named: CONSTRAINTS.filter((constraint) => !dropped.has(constraint)), doubted };
}

type Verdict = 'yes' | 'no' | 'unknown';

/** What a short search leaves open gets a longer one. */
function decided(ask: (steps: number) => Verdict): Verdict {
  let verdict: Verdict = 'unknown';
  for (const steps of FEASIBILITY_STEPS) if (verdict === 'unknown') verdict = ask(steps);
  return verdict;
}

/** Whether a schedule exists without some constraints, as far as a search of so many steps can tell. */
export function feasibility(request: PlanRequest, dropped: ReadonlySet<Constraint> = new Set(), steps: number = FEASIBILITY_STEPS[1]): Verdict {
  const search = new Search(problemOf(request, dropped), steps);
  try {
    return search.canFinish(search.root, Number.MAX_SAFE_INTEGER) ? 'yes' : 'no';
  } catch (spent) {
    if (spent instanceof BudgetSpent) return 'unknown';
    throw spent;
  }
}

/** Whether the request has nothing that a constraint could bind by, so that leaving it out asks the same question again. */
export function saysNothing(request: PlanRequest, constraint: Constraint): boolean {
  const { busy, devices, patient } = request;
  switch (constraint) {
    case 'device':
      return !devices.some(({ protocols }) => protocols.some((id) => protocolIds(request).includes(id)));
    case 'licence':
      return licences(request).length === 0;
    case 'busy':
      return busy.length === 0;
    case 'unavailable':
      return patient.unavailable.length === 0;
    case 'spacing':
      return bindingSpacing(request).length === 0;
    case 'clear':
      return bindingClear(request).length === 0;
    case 'social_event':
      return patient.socialEvents.length === 0 && request.bestOn === undefined;
    default:
      return false;
  }
}

const DETAILS: Record<Constraint, (request: PlanRequest) => string> = {
  provider: (request) => poolDetail(request, request.providers, 'provider performs'),
  room: (request) => poolDetail(request, request.rooms, 'room is fit for'),
  device: (request) => poolDetail(request, request.devices, 'device serves'),
  licence: (request) => listed(licences(request).map(({ providerId, protocolId, until }) => `${providerId} may perform ${protocolId} until ${until}`)),
  hours: (request) => {
    const longest = protocolIds(request).map((id) => `${id} takes ${request.protocols[id]!.durationMinutes} minutes`);
    return `no opening hours of clinic and provider together that would do: ${listed(longest)}`;
  },
  busy: ({ busy }) => `taken at the times that would do: ${listed([...new Set(busy.map(({ resource }) => resource))])}`,
  unavailable: ({ patient }) => `the patient is away: ${listed(patient.unavailable.map(({ from, to }) => `${from} to ${to}`))}`,
  interval: (request) =>
    listed(
      protocolIds(request).map(
        (id) => `${id} needs ${request.protocols[id]!.intervalDays.min} to ${request.protocols[id]!.intervalDays.max} days between sessions`,
      ),
    ),
  spacing: (request) => listed(bindingSpacing(request).map(({ from, to, minDays }) => `at least ${minDays} days from ${from} to ${to}`)),
  clear: (request) => listed(bindingClear(request).map((entry) => `${entry.protocolId} not before ${entry.notBefore} (${entry.because})`)),
  social_event: (request) => {
    const downtime = protocolIds(request).map((id) => `${id} has ${request.protocols[id]!.downtimeDays} days of downtime`);
    const events = request.patient.socialEvents.map(({ on }) => `event on ${on}`);
    const best = request.bestOn === undefined ? [] : [`at its best on ${request.bestOn}`];
    return `${listed([...best, ...events])}; ${listed(downtime)}`;
  },
  horizon: ({ horizonDays, notBefore }) => `${horizonDays} days from ${notBefore}`,
};

/** The protocols of the course, in its order. */
export function protocolIds({ course }: PlanRequest): string[] {
  return course.items.map(({ protocolId }) => protocolId);
}

/** The spacing rules that bear on the course: between its items, or between a past treatment and an item. */
export function bindingSpacing(request: PlanRequest): PlanRequest['spacing'] {
  const planned = new Set(protocolIds(request));
  const known = new Set([...planned, ...request.patient.treated.map(({ protocolId }) => protocolId)]);
  return request.spacing.filter(({ from, to }) => (planned.has(from) && known.has(to)) || (known.has(from) && planned.has(to)));
}

export function bindingClear(request: PlanRequest): PlanRequest['patient']['clear'] {
  return request.patient.clear.filter(({ protocolId }) => protocolIds(request).includes(protocolId));
}

/** The last dates on which providers may perform the course's protocols. */
export function licences(request: PlanRequest): { providerId: string; protocolId: string; until: string }[] {
  return request.providers.flatMap(({ id, validUntil }) =>
    protocolIds(request)
      .filter((protocolId) => Object.hasOwn(validUntil, protocolId))
      .map((protocolId) => ({ providerId: id, protocolId, until: validUntil[protocolId]! })),
  );
}

function poolDetail(request: PlanRequest, pool: readonly { id: string; protocols: readonly string[] }[], role: string): string {
  const lines = protocolIds(request).map((protocolId) => {
    const ids = pool.filter(({ protocols }) => protocols.includes(protocolId)).map(({ id }) => id);
    return ids.length === 0 ? `no ${role} ${protocolId}` : `no ${role} ${protocolId} but ${ids.join(', ')}`;
  });
  return listed(lines);
}

function listed(parts: readonly string[]): string {
  const shown = parts.slice(0, 8).join('; ');
  return parts.length > 8 ? `${shown}; and ${parts.length - 8} more` : shown;
}
