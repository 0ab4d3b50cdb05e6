import { type Constraint, CONSTRAINTS, type Relaxation } from './answer.js';
import { dayNumber, localDate } from './civil.js';
import { bindingClear, bindingSpacing, feasibility, licences, protocolIds } from './conflict.js';
import { ampleHorizon, type Problem, problemOf } from './problem.js';
import type { PlanRequest } from './request.js';
import { Search } from './search.js';

/** Single entries tried for each constraint before the whole constraint is waived. */
const MOST_SINGLE_EDITS = 8;
const PRICING_STEPS = 30_000;

interface Edit {
  readonly change: string;
  readonly request: PlanRequest;
}

/**
 * What would make the course possible, the cheapest schedule first: for each constraint of the conflict the single
 * entry whose waiving is enough, or the smallest number of days that is enough, or else the whole constraint.
 */
export function relaxationsOf(request: PlanRequest, conflict: readonly Constraint[]): Relaxation[] {
  const relaxations = conflict.flatMap((constraint) => {
    const soft = singleEdits(request, constraint)
      .slice(0, MOST_SINGLE_EDITS)
      .flatMap(({ change, request: edited }) => priced(constraint, change, problemOf(edited)));
    if (soft.length > 0) return [soft.sort(byCost)[0]!];
    return priced(constraint, WAIVED[constraint], problemOf(request, new Set([constraint])));
  });
  return relaxations.sort(byCost);
}

/** The change with the cost of the best schedule that it allows, or of the best that a short search finds. */
function priced(constraint: Constraint, change: string, problem: Problem): Relaxation[] {
  const best = new Search(problem, 0).bestFound(PRICING_STEPS);
  return best ? [{ constraint, change, cost: best.cost }] : [];
}

function byCost(a: Relaxation, b: Relaxation): number {
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
      return fewestDays(request.horizonDays, (days) => ({ change: `allow ${days} days more between sessions`, request: withLongerIntervals(request, days) }));
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

/** The edit with the fewest days that makes a schedule possible; none when not even the most days do. */
function fewestDays(mostDays: number, edit: (days: number) => Edit): Edit[] {
  const isEnough = (days: number): boolean => feasibility(edit(days).request) === 'yes';
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
