/*
 * Gives every wish its channel and its hour. Text messages are few (caps of a rolling day and week), so they are dealt out by
 * priority: safety, then preparation with a deadline, then the reminder, then other words on visits, then surveys. What finds no room waits within its
 * time, goes by e-mail, becomes a call, or is left out, in this order.
 *   5. What a person calls for is never left out: it ends as a call when neither channel may carry it, or not in time.
 *   6. Every due time is a permitted instant in the patient's zone and the clinic's.
 *   7. A channel without consent carries nothing; a safety message without any becomes a call.
 */
import { type ContactHours, narrowedBy, nextPermitted, permittedUntil, type Purpose } from '#messaging';
import { capFreeAt } from './decider.js';
import type { Category, OutreachChannel } from './events.js';
import { after, type Draft, earlier, later, mustArrive } from './draft.js';
import { isLetterOnly, purposeOf } from './kinds.js';
import { spread } from './spread.js';

/** A touchpoint as the ledger takes it. */
export interface Touchpoint extends Omit<Draft, 'prefers' | 'yields' | 'elseCall' | 'scope' | 'at'> {
  readonly channel: OutreachChannel;
  readonly targetAt: string;
}

export interface Rules {
  /** What was wished for earlier leaves now at the soonest; what has no time left is left to a person. */
  readonly now: string;
  readonly zones: readonly string[];
  readonly hours: ContactHours;
  /** States whose laws narrow the hours. */
  readonly states?: readonly string[];
  readonly caps: { readonly perDay: number; readonly perWeek: number };
  /** What consent allows for the addresses that hold now. */
  readonly reachable: { readonly sms: boolean; readonly email: boolean };
  /** The same for offers, which need a consent of their own. */
  readonly reachableForOffers: { readonly sms: boolean; readonly email: boolean };
  /** Instants of text messages that were sent or are being sent, exempt ones left out. */
  readonly texts: readonly string[];
  /** The delay of this patient for what is planned by the clock, so that not everybody's leaves at the same second; in milliseconds. */
  readonly spreadMillis?: number;
  /** Instants at which something happened: what answers it at that very instant has no delay. */
  readonly happened?: ReadonlySet<string>;
}

const weekMillis = 7 * 86_400_000;
/** A message near the end of its hours would not be transmitted in time; a sooner hour is better. */
const closingMinutes = 15;

const ranks: Readonly<Record<Category, number>> = { answer: 0, message: 0, page: 0, safety: 0, preparation: 1, reminder: 2, survey: 3 };
/**
 * Within the ranks, of a patient who gets text messages only: the reminder that asks for a confirmation comes before the word
 * that a visit is booked, and that before how to come. A visit that nobody reminds of is missed more often (reminded by text: risk ratio 0.77, Cochrane CD007458).
 */
function priority({ category, touchpoint, yields }: Draft): number {
  if (yields) return 4;
  if (category === 'reminder' && touchpoint === 'reminder') return 1.5;
  return touchpoint === 'instructions' ? 2.5 : ranks[category];
}

function channelsFor({ prefers, template, scope }: Draft, { reachable, reachableForOffers }: Rules): ('sms' | 'email')[] {
  const open = scope === 'marketing' ? reachableForOffers : reachable;
  const wanted = isLetterOnly(template) ? (['email'] as const) : prefers === 'sms' ? (['sms', 'email'] as const) : (['email', 'sms'] as const);
  return wanted.filter((channel) => open[channel]);
}

const iso = (at: Date | null) => at?.toISOString() ?? null;
const permittedFrom = (at: string, purpose: Purpose, { zones, hours, states = [] }: Rules) =>
  iso(nextPermitted(new Date(at), zones, narrowedBy(states, hours, purpose), purpose));

/** A permitted instant with the patient's delay: within the same hours and in time. Safety has none, nor what answers something at once. */
function spreadFrom(at: string, draft: Draft, rules: Rules): string {
  const { zones, hours, states = [], spreadMillis = 0, happened } = rules;
  if (draft.category === 'safety' || (at === draft.at && happened?.has(at) === true)) return at;
  const purpose = purposeOf(draft);
  const closes = permittedUntil(new Date(at), zones, narrowedBy(states, hours, purpose), purpose);
  return closes === null ? at : spread(at, spreadMillis, earlier(after(closes.toISOString(), -closingMinutes * 60_000), draft.expiresAt));
}

/**
 * The first permitted instant at or after `at`; for a message of the same day also the last one before closing, when its
 * hour would only come tomorrow: a check for a blocked vessel is better early than late.
 */
function hourFor(draft: Draft, rules: Rules): string | null {
  const wished = permittedFrom(draft.at, purposeOf(draft), rules);
  if (wished !== null && wished < draft.expiresAt) return spreadFrom(wished, draft, rules);
  if (draft.locals.day !== 0) return wished;
  const twoHours = 7_200_000;
  const closes = permittedUntil(new Date(Date.parse(draft.at) - twoHours), rules.zones, narrowedBy(rules.states ?? [], rules.hours, 'care'));
  return closes === null ? wished : new Date(closes.getTime() - closingMinutes * 60_000).toISOString();
}

/** Would one more text at `at` keep both caps, also for those that come after it? */
function fits(at: string, texts: readonly string[], caps: Rules['caps']): boolean {
  const near = [...texts, at].filter((text) => Math.abs(Date.parse(text) - Date.parse(at)) < weekMillis).sort();
  return near.every((text, index) => text < at || capFreeAt(near.slice(0, index), text, caps) === text);
}

/** The first instant at which a text may go within its time and the caps, or null. */
function roomFor(from: string, draft: Draft, texts: readonly string[], rules: Rules): string | null {
  const { expiresAt } = draft;
  const day = 86_400_000;
  const freed = texts
    .flatMap((text) => [day, weekMillis].map((millis) => new Date(Date.parse(text) + millis).toISOString()))
    .filter((at) => at > from && at < expiresAt);
  const reopened = freed.sort().flatMap((at) => permittedFrom(at, purposeOf(draft), rules) ?? []);
  const candidates = [from, ...reopened.map((at) => spreadFrom(at, draft, rules))];
  return candidates.find((at) => at < expiresAt && fits(at, texts, rules.caps)) ?? null;
}

interface Place {
  readonly channel: OutreachChannel;
  /** The instant that the plan means. What is overdue keeps the one it had, so that planning again later says the same. */
  readonly targetAt: string;
  /** The instant at which it can really leave. */
  readonly leavesAt: string;
}

function place(draft: Draft, texts: readonly string[], rules: Rules): Place | null {
  const wished = hourFor(draft, rules);
  const soonest = permittedFrom(rules.now, purposeOf(draft), rules);
  const from = wished === null || soonest === null ? null : later(wished, soonest);
  if (wished === null || from === null || from >= draft.expiresAt)
    return mustArrive(draft) ? { channel: 'call', targetAt: draft.at, leavesAt: later(draft.at, rules.now) } : null;
  const at = (channel: OutreachChannel, leavesAt: string): Place => ({ channel, targetAt: leavesAt === from ? wished : leavesAt, leavesAt });
  for (const channel of channelsFor(draft, rules)) {
    const leavesAt = channel === 'email' ? from : roomFor(from, draft, texts, rules);
    if (leavesAt !== null) return at(channel, leavesAt);
  }
  return draft.elseCall ? at('call', from) : null;
}

/**
 * The touchpoints for these wishes. `reserved` are wishes that are to be expected: texts are kept free for them beside what is
 * wished already, nothing is made of them. The same wishes and rules give the same touchpoints, in whatever order they come.
 */
export function arrange(drafts: readonly Draft[], reserved: readonly Draft[], rules: Rules): Touchpoint[] {
  const kept = new Set(reserved);
  const rank = (draft: Draft) => priority(draft) + (kept.has(draft) ? 0.5 : 0);
  const ordered = [...drafts, ...reserved].sort((a, b) => rank(a) - rank(b) || (a.at < b.at ? -1 : a.at > b.at ? 1 : a.occasion < b.occasion ? -1 : 1));
  const texts = [...rules.texts];
  return ordered.flatMap((draft) => {
    const placed = place(draft, texts, rules);
    if (placed === null) return [];
    if (placed.channel === 'sms') texts.push(placed.leavesAt);
    if (kept.has(draft)) return [];
    const { prefers: _prefers, yields: _yields, elseCall: _elseCall, scope: _scope, at: _at, ...rest } = draft;
    return [{ ...rest, channel: placed.channel, targetAt: placed.targetAt }];
  });
}
