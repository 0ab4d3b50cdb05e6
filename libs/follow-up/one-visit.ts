/*
 * Sessions of one day at one place are one visit to the patient: what would be said of each of them on the same day is said
 * once, with all the times.
 *   5. The message keeps the occasion of the session that it leads with and covers those of the others: once it was tried,
 *      none of them is planned again.
 */
import { type Draft, earlier, localDay } from './draft.js';
import type { TouchpointName } from './kinds.js';

const toldTogether: ReadonlySet<TouchpointName> = new Set(['instructions', 'reminder', 'arrival']);

interface OfVisit extends Draft {
  readonly locals: Draft['locals'] & { readonly start: string; readonly timeZone: string };
}
const isOfVisit = (draft: Draft): draft is OfVisit =>
  toldTogether.has(draft.touchpoint) && draft.locals.start !== undefined && draft.locals.timeZone !== undefined;

const placeOf = ({ touchpoint, at, locals: { start, timeZone, locationId } }: OfVisit) =>
  JSON.stringify([touchpoint, localDay(start, timeZone), locationId, localDay(at, timeZone)]);

/** Of several the one that asks for an answer speaks, else the earliest. */
const asks = ({ template, question }: Draft) => template === 'reminder' || (template === 'arrival' && question !== null);
const byLead = (a: OfVisit, b: OfVisit) =>
  Number(asks(b)) - Number(asks(a)) || (a.locals.start < b.locals.start ? -1 : a.locals.start > b.locals.start ? 1 : a.occasion < b.occasion ? -1 : 1);

function together(group: readonly OfVisit[]): Draft[] {
  const [lead, ...others] = [...group].sort(byLead);
  if (lead === undefined || others.length === 0) return [...group];
  return [
    {
      ...lead,
      locals: { ...lead.locals, visits: [...new Set(group.map(({ locals }) => locals.start))].sort(), covers: others.map(({ occasion }) => occasion).sort() },
      yields: group.every(({ yields }) => yields),
      at: group.map(({ at }) => at).reduce(earlier),
      expiresAt: group.map(({ expiresAt }) => expiresAt).reduce(earlier),
      because: `${lead.because}; it speaks of ${group.length} sessions of that day`,
    },
  ];
}

/** The same wishes, with one for several sessions of a visit where each would say the same; `isDone` ones stay as they are. */
export function onceAVisit(drafts: readonly Draft[], isDone: (occasion: string) => boolean): Draft[] {
  const groups = new Map<string, OfVisit[]>();
  const alone: Draft[] = [];
  for (const draft of drafts) {
    if (!isOfVisit(draft) || isDone(draft.occasion)) alone.push(draft);
    else groups.set(placeOf(draft), [...(groups.get(placeOf(draft)) ?? []), draft]);
  }
  return [...alone, ...[...groups.values()].flatMap(together)];
}
