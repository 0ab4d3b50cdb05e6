/*
 * Invariants 8 and 9: what patients said, beside what the clinic heard.
 */
import { type Check, type Heard, millis, type Said, type Urgency, type Violation, type World } from './world.js';

const rank: readonly Urgency[] = ['administrative', 'expected', 'ask', 'soon', 'urgent', 'emergency'];
const pagedWithinMillis = 60_000;
/** The second rung of the ladder comes after five minutes: whoever waits ten without an acknowledgement was paged twice. */
const secondRungMillis = 10 * 60_000;

interface Pair {
  readonly said: Said;
  readonly patientId: string;
  readonly heard: Heard | undefined;
}

/** Each text with the message that stands in a conversation, one for one. */
function pairs({ people, heard }: World): Pair[] {
  const free = [...heard];
  return people.flatMap(({ texts, patientId }) =>
    texts.map((said) => {
      const index = free.findIndex(
        (message) => message.body === said.body && message.at === said.at && (message.patientId === null || message.patientId === patientId),
      );
      return { said, patientId, heard: index < 0 ? undefined : free.splice(index, 1)[0] };
    }),
  );
}

const isRed = (urgency: string | undefined) => urgency === 'urgent' || urgency === 'emergency';

/** Invariant 8. Of erased patients the words are gone, and with them the comparison. */
export function textsAreHeard(world: World): Check {
  const erased = new Set(world.people.flatMap(({ patientId, erasedAt }) => (erasedAt === null ? [] : [patientId])));
  const all = pairs(world).filter(({ patientId }) => !erased.has(patientId));
  const pages = world.outreach.filter(({ category }) => category === 'page').map(({ dueAt, patientId }) => ({ at: millis(dueAt), patientId }));
  const violations = all.flatMap(({ said, heard, patientId }): Violation[] => {
    const of = (says: string) => [{ says: `"${said.body}" of ${said.at} ${says}`, patientId, at: said.at }];
    if (heard === undefined) return of('is in no conversation');
    if (heard.triage === null || heard.triage === undefined) return of('was not triaged');
    if (!isRed(heard.triage.urgency)) return [];
    const after = pages.filter((page) => page.patientId === patientId && page.at >= millis(said.at));
    if (!after.some(({ at }) => at - millis(said.at) <= pagedWithinMillis)) return of('paged nobody within a minute');
    return [];
  });
  return { invariant: 8, what: 'every text is in a conversation, triaged, and an urgent one pages someone within a minute', checks: all.length, violations };
}

/** Invariant 8: pages go on until someone acknowledges. */
export function pagesClimb(world: World): Check {
  const escalations = world.tasks.filter(({ kind }) => kind === 'escalation');
  const violations = escalations.flatMap(({ id, openedAt, acknowledgedAt, patientId }): Violation[] => {
    const until = acknowledgedAt === null ? world.now.getTime() : millis(acknowledgedAt);
    if (until - millis(openedAt) < secondRungMillis) return [];
    const pages = world.outreach.filter(({ category, key }) => category === 'page' && key.startsWith(`page/${id}/`));
    const instants = new Set(pages.map(({ dueAt }) => dueAt));
    return instants.size > 1
      ? []
      : [{ says: `the escalation of ${openedAt} was not acknowledged and paged ${instants.size} times`, patientId: patientId ?? null, at: openedAt }];
  });
  return { invariant: 8, what: 'an urgent page climbs until someone acknowledges it', checks: escalations.length, violations };
}

/** Invariant 9. */
export function nothingIsPlayedDown(world: World): Check {
  const judged = pairs(world).flatMap(({ said, heard, patientId }) =>
    said.atLeast === undefined || heard?.triage === null || heard?.triage === undefined
      ? []
      : [{ said, patientId, read: heard.triage.urgency as Urgency, least: said.atLeast }],
  );
  const violations = judged
    .filter(({ read, least }) => rank.indexOf(read) < rank.indexOf(least))
    .map(({ said, read, least, patientId }) => ({ says: `"${said.body}" was read as ${read}, it is at least ${least}`, patientId, at: said.at }));
  return { invariant: 9, what: 'no text is read as less urgent than it is', checks: judged.length, violations };
}
