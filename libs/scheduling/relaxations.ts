import { type Constraint, CONSTRAINTS, type Relaxation } from './answer.js';
import { dayNumber, localDate } from './civil.js';
import { bindingClear, bindingSpacing, feasibility, licences, protocolIds, saysNothing } from './conflict.js';
import { ampleHorizon, type Problem, problemOf } from './problem.js';
import type { PlanRequest } from './request.js';
import { Search } from './search.js';

/** Single entries tried for each constraint before the whole constraint is waived. */
const MOST_SINGLE_EDITS = 8;
/** Enough to find a schedule where one is easily found, which ranks the entries of a constraint. */
const RANKING_STEPS = 3_000;
/** Steps over long intervals weigh many days each. */
const LONG_INTERVAL_STEPS = 1_500;
const PRICING_STEPS = 10_000;

interface Edit {
  readonly change: string;
  readonly request: PlanRequest;
}

/** A relaxation with what it makes of the request; the constraints in `waived` do not hold in it. */
export interface WayOut extends Relaxation {
  readonly request: PlanRequest;
  readonly waived: readonly Constraint[];
}

/**
 * What would make the course possible, the cheapest schedule first: for each constraint of the conflict the single
 * entry whose waiving is enough, or the smallest number of days that is found to be enough, or else the whole constraint.
 * Where the course has conflicts that share nothing, pairs of constraints instead.
 */
export function waysOut(request: PlanRequest, conflict: readonly Constraint[]): WayOut[] {
  const single = conflict.flatMap((constraint) => bestEdit(request, constraint) ?? waived(request, [constraint]) ?? []);
  const others = CONSTRAINTS.filter((constraint) => single.length === 0 && !saysNothing(request, constraint));
  const pairs = conflict.flatMap((one) => others.filter((other) => other !== one).flatMap((other) => waived(request, [one, other]) ?? []));
  return [...single, ...pairs].sort(byCost);
}

/** The ways out as the public contract writes them. */
export function relaxationsOf(request: PlanRequest, conflict: readonly Constraint[]): Relaxation[] {
  return waysOut(request, conflict).map(({ constraint, change, cost }) => ({ constraint, change, cost }));
}

/** The cheapest change of a single entry. */
function bestEdit(request: PlanRequest, constraint: Constraint): WayOut | undefined {
  const edits = singleEdits(request, constraint).slice(0, MOST_SINGLE_EDITS);
  const ranked = edits.flatMap((edit) => {
    const cost = priceOf(problemOf(edit.request), RANKING_STEPS);
    return cost === undefined ? [] : [{ ...edit, constraint, cost, waived: [] }];
  });
  const [best] = ranked.sort(byCost);
  return best && { ...best, cost: Math.min(best.cost, priceOf(problemOf(best.request), PRICING_STEPS) ?? best.cost) };
}

function waived(request: PlanRequest, constraints: readonly [Constraint, Constraint?]): WayOut | undefined {
  const [constraint] = constraints;
  const gone = constraints.filter((each) => each !== undefined);
  const cost = priceOf(problemOf(request, new Set(gone)), gone.length > 1 ? RANKING_STEPS : PRICING_STEPS);
  const change = gone.map((each) => WAIVED[each]).join(', and ');
  return cost === undefined ? undefined : { constraint, change, cost, request, waived: gone };
}

/** The cost of the best schedule, or of the best that a short search finds; undefined when it finds none. */
function priceOf(problem: Problem, steps: number): number | undefined {
  return new Search(problem, 0).bestFound(steps)?.cost;
}

function byCost(a: Pick<Relaxation, 'constraint' | 'cost'>, b: Pick<Relaxation, 'constraint' | 'cost'>): number {
  return a.cost - b.cost || CONSTRAINTS.indexOf(a.constraint) - CONSTRAINTS.indexOf(b.constraint);
}

const WAIVED: Record<Constraint, string> = {
  provider: 'another provider for the course',
  room: 'another room for the course',
  device: 'another device for the course',
  licence: 'renew the certification of the providers',
  hours: 'open outside the hours of clinic and provider',
  busy: 'free the resources that are taken',
  unavailable: 'ask the patient for other times',
  interval: 'waive the interval between sessions',
  spacing: 'waive the spacing rules',
  clear: 'waive the clearances',
  social_event: 'accept downtime over the social events',
  horizon: 'plan further ahead',
};

function singleEdits(request: PlanRequest, constraint: Constraint): Edit[] {
  const { patient } = request;
  const withPatient = (change: string, part: Partial<PlanRequest['patient']>): Edit => ({ change, request: { ...request, patient: { ...patient, ...part } } });
  switch (constraint) {
    case 'horizon':
      return fewestDays(ampleHorizon(request) - request.horizonDays, (days) => ({
        change: `lengthen the horizon from ${request.horizonDays} to ${request.horizonDays + days} days`,
        request: { ...request, horizonDays: request.horizonDays + days },
      }));
    case 'interval':
      return fewestDays(
        request.horizonDays,
        (days) => ({ change: `allow ${days} days more between sessions`, request: withLongerIntervals(request, days) }),
        LONG_INTERVAL_STEPS,
      );
    case 'spacing':
      return bindingSpacing(request).map((rule) => ({
        change: `waive the ${rule.minDays} days from ${rule.from} to ${rule.to}`,
        request: { ...request, spacing: request.spacing.filter((other) => other !== rule) },
      }));
    case 'clear':
      return bindingClear(request).map((entry) =>
        withPatient(`treat with ${entry.protocolId} before ${entry.notBefore} (${entry.because})`, { clear: patient.clear.filter((other) => other !== entry) }),
      );
    case 'social_event':
      return [
        ...laterBest(request),
        ...patient.socialEvents.map((event) =>
          withPatient(`accept downtime over the event on ${event.on}`, { socialEvents: patient.socialEvents.filter((other) => other !== event) }),
        ),
      ];
    case 'unavailable':
      return patient.unavailable.map((range) =>
        withPatient(`the patient comes between ${range.from} and ${range.to}`, { unavailable: patient.unavailable.filter((other) => other !== range) }),
      );
    case 'busy':
      return [...new Set(request.busy.map(({ resource }) => resource))].map((id) => ({
        change: `free ${id}`,
        request: { ...request, busy: request.busy.filter(({ resource }) => resource !== id) },
      }));
    case 'licence':
      return licences(request).map(({ providerId, protocolId }) => ({
        change: `renew the certification of ${providerId} for ${protocolId}`,
        request: withoutExpiry(request, providerId, protocolId),
      }));
    default:
      return [];
  }
}

function laterBest(request: PlanRequest): Edit[] {
  const { bestOn } = request;
  if (bestOn === undefined) return [];
  return fewestDays(ampleHorizon(request), (days) => {
    const later = localDate(dayNumber(bestOn) + days);
    return { change: `let the skin be at its best ${days} days later, on ${later}`, request: { ...request, bestOn: later } };
  });
}

/** The edit with the fewest days found to be enough for a schedule; none when not even the most days are. */
function fewestDays(mostDays: number, edit: (days: number) => Edit, steps = RANKING_STEPS): Edit[] {
  const isEnough = (days: number): boolean => feasibility(edit(days).request, undefined, steps) === 'yes';
  if (!isEnough(mostDays)) return [];
  let [tooFew, enough] = [0, mostDays];
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1;
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return [edit(enough)];
}

function withLongerIntervals(request: PlanRequest, days: number): PlanRequest {
  const longer = protocolIds(request).map((id) => {
    const protocol = request.protocols[id]!;
    return [id, { ...protocol, intervalDays: { ...protocol.intervalDays, max: protocol.intervalDays.max + days } }] as const;
  });
  return { ...request, protocols: { ...request.protocols, ...Object.fromEntries(longer) } };
}

function withoutExpiry(request: PlanRequest, providerId: string, protocolId: string): PlanRequest {
  const providers = request.providers.map((provider) => {
    if (provider.id !== providerId) return provider;
    const kept = Object.entries(provider.validUntil).filter(([id]) => id !== protocolId);
    return { ...provider, validUntil: Object.fromEntries(kept) };
  });
  return { ...request, providers };
}
