import type { Constraint } from './answer.js';
import { type CivilTime, dayNumber } from './civil.js';
import type { PlanRequest } from './request.js';

/** A fixed session in integers. */
export interface FixedPlace {
  readonly item: number;
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly day: number;
  readonly providerId?: string | null | undefined;
  readonly roomId?: string | null | undefined;
  readonly deviceId?: string | null | undefined;
}

/** A stretch of minutes, half-open, in which no session of an item may start, and the rule that casts it. */
export interface Shadow {
  readonly constraint: Constraint;
  readonly detail: string;
  readonly from: number;
  readonly to: number;
  /** The day that the rule makes the item's earliest permitted one, counted from the local date of `notBefore`. */
  readonly earliest?: number;
  /** The last day that the rule leaves the item, counted likewise. */
  readonly latest?: number;
}

interface Sources {
  readonly request: PlanRequest;
  readonly dropped: ReadonlySet<Constraint>;
  readonly civil: CivilTime;
  readonly firstDay: number;
  readonly places: readonly FixedPlace[];
}

/**
 * What is known before any session is placed: clearances, past treatments, social events and fixed sessions of other
 * items each forbid an item some stretches of time. Rules in days hold for whole local dates.
 */
export function shadowsOf(sources: Sources, index: number): Shadow[] {
  const { request, dropped, places } = sources;
  const { protocolId } = request.course.items[index]!;
  const cast = caster(sources);
  return [
    ...request.patient.clear
      .filter((clear) => clear.protocolId === protocolId)
      .map(({ notBefore, because }) => cast('clear', `${because}: not before ${notBefore}`, Number.NEGATIVE_INFINITY, dayNumber(notBefore), true)),
    ...request.patient.treated.flatMap((treated) => treatedShadows(sources, protocolId, treated)),
    ...request.patient.socialEvents.map(({ on }) => {
      const { downtimeDays } = request.protocols[protocolId]!;
      const detail = `${downtimeDays} days of downtime would reach the social event on ${on}`;
      return cast('social_event', detail, dayNumber(on) - downtimeDays, dayNumber(on) + 1);
    }),
    ...bestDayShadows(sources, index),
    ...places.filter(({ item }) => item !== index).flatMap((place) => fixedShadows(sources, protocolId, place)),
  ].filter(({ constraint, from, to }) => from < to && !dropped.has(constraint));
}

/** Least days between a session of one protocol and a later one of another: of several rules the longest. */
export function spacingDays({ spacing }: Pick<PlanRequest, 'spacing'>, from: string, to: string): number {
  return spacing.reduce((longest, rule) => (rule.from === from && rule.to === to ? Math.max(longest, rule.minDays) : longest), 0);
}

/** Turns a range of day numbers into minutes. */
function caster({ civil, firstDay }: Sources) {
  return (constraint: Constraint, detail: string, fromDay: number, toDay: number, sinceForever = false): Shadow => ({
    constraint,
    detail,
    from: fromDay === Number.NEGATIVE_INFINITY ? fromDay : civil.firstInstant(fromDay),
    to: civil.firstInstant(toDay),
    ...(sinceForever ? { earliest: toDay - firstDay } : {}),
  });
}

/** What is to be at its best on a day has healed before it; anything else of the course is at least not healing on it. */
function bestDayShadows({ request, civil, firstDay }: Sources, index: number): Shadow[] {
  const { bestOn, bestItems, protocols, course } = request;
  if (bestOn === undefined) return [];
  const { downtimeDays } = protocols[course.items[index]!.protocolId]!;
  const day = dayNumber(bestOn);
  const detail = `${downtimeDays} days of downtime must end before ${bestOn}, on which the skin is to be at its best`;
  const from = civil.firstInstant(day - downtimeDays);
  if (bestItems && !bestItems.includes(index)) return [{ constraint: 'social_event', detail, from, to: civil.firstInstant(day + 1) }];
  return [{ constraint: 'social_event', detail, from, to: Number.POSITIVE_INFINITY, latest: day - downtimeDays - 1 - firstDay }];
}

function treatedShadows(sources: Sources, protocolId: string, treated: { readonly protocolId: string; readonly on: string }): Shadow[] {
  const { request } = sources;
  const cast = caster(sources);
  const on = dayNumber(treated.on);
  const after = spacingDays(request, treated.protocolId, protocolId);
  const before = spacingDays(request, protocolId, treated.protocolId);
  const shadows: Shadow[] = [];
  if (treated.protocolId === protocolId) {
    const { min } = request.protocols[protocolId]!.intervalDays;
    const detail = `at least ${min} days after the treatment with ${protocolId} on ${treated.on}`;
    shadows.push(cast('interval', detail, Number.NEGATIVE_INFINITY, on + min, true));
  }
  if (after > 0) {
    shadows.push(cast('spacing', `at least ${after} days from ${treated.protocolId} on ${treated.on} to ${protocolId}`, on, on + after, true));
  }
  if (before > 0) {
    shadows.push(cast('spacing', `at least ${before} days from ${protocolId} to ${treated.protocolId} on ${treated.on}`, on - before + 1, on));
  }
  return shadows;
}

/** Of two sessions on one date the earlier start comes first, so the rule of that direction alone holds. */
function fixedShadows({ request, civil, firstDay }: Sources, protocolId: string, place: FixedPlace): Shadow[] {
  const other = request.course.items[place.item]!.protocolId;
  const day = firstDay + place.day;
  const after = spacingDays(request, other, protocolId);
  const before = spacingDays(request, protocolId, other);
  const shadows: Shadow[] = [];
  if (after > 0) {
    const detail = `at least ${after} days from the fixed session of ${other} to ${protocolId}`;
    shadows.push({ constraint: 'spacing', detail, from: place.start, to: civil.firstInstant(day + after) });
  }
  if (before > 0) {
    const detail = `at least ${before} days from ${protocolId} to the fixed session of ${other}`;
    shadows.push({ constraint: 'spacing', detail, from: civil.firstInstant(day - before + 1), to: place.start });
  }
  return shadows;
}
