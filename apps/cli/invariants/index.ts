/*
 * The invariants of the design (its section 3), each a pure check of one world: what the product says, beside what patients said
 * and what the sandbox saw leave. The story of the demo and the simulation are judged by the same checks.
 */
import { gapsAreKept, gatesHold, nobodyTwice, providersMay } from './bookings.js';
import { atPermittedHours, checkInsAreKept, endsOnce, noAdvice, nothingAfterStop, textsSayLittle, withinCaps } from './messages.js';
import { nothingIsPlayedDown, pagesClimb, textsAreHeard } from './replies.js';
import type { Check, World } from './world.js';

const ofRecords = (invariant: number, what: string, checks: number, broken: readonly string[]): Check => ({
  invariant,
  what,
  checks,
  violations: broken.map((says) => ({ says })),
});

function recordsHold({ records, people, sessions, outreach }: World): Check[] {
  const erased = people.filter(({ erasedAt }) => erasedAt !== null).length;
  return [
    ofRecords(11, 'nothing personal stands in a job, a log line or a metric', records.looks, records.leaks),
    ofRecords(12, 'the log is whole and every read model equals its rebuild', records.events, records.broken),
    ofRecords(13, 'an erased patient can be read nowhere', erased, records.traces),
    ofRecords(14, 'every booking and every message has its reason on record', sessions.length + outreach.length, records.unexplained),
  ];
}

/** Every invariant, in the order of their numbers. */
export function judge(world: World): Check[] {
  const checks = [nobodyTwice, gatesHold, gapsAreKept, providersMay, endsOnce, withinCaps, atPermittedHours, nothingAfterStop, checkInsAreKept];
  const replies = [textsAreHeard, pagesClimb, nothingIsPlayedDown, noAdvice, textsSayLittle];
  return [...[...checks, ...replies].map((check) => check(world)), ...recordsHold(world)];
}

/** The checks as lines of a report. */
export function report(checks: readonly Check[]): string[] {
  return checks.flatMap(({ invariant, what, checks: count, violations }) => [
    `${violations.length === 0 ? 'holds   ' : 'VIOLATED'} invariant ${invariant}: ${what} (${count} checked${violations.length === 0 ? '' : `, ${violations.length} violated`})`,
    ...violations.slice(0, 10).map(({ says, patientId }) => `           ${patientId ?? '-'}: ${says}`),
    ...(violations.length > 10 ? [`           and ${violations.length - 10} more`] : []),
  ]);
}

export type { Check, ContactWord, Person, Said, Sighting, Violation, World } from './world.js';
