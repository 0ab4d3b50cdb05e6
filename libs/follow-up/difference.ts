/*
 * What has to happen to the ledger so that it says what the plan says. Pure; the same plan twice gives nothing the second time.
 *   5. An occasion that was tried by one channel is never planned again by another; a row in flight or ended is not touched.
 *   7. What a person holds back or has called off stays so: a message that takes the place of one that is held is held too.
 *  14. A cancellation says why.
 */
import type { Purpose } from '#messaging';
import type { Touchpoint } from './arrange.js';
import { closesAt, isHeld, type Outreach } from './decider.js';
import type { Content, OutreachEvent } from './events.js';
import { purposeOf } from './kinds.js';
import type { Done } from './touchpoints.js';
import { isSubstitute } from './substitute.js';

export interface DifferenceContext {
  readonly patientId: string;
  readonly now: string;
  newId(): string;
  /** The first permitted instant at or after another; null when there is none in sight. */
  permittedFrom(at: string, purpose: Purpose): string | null;
  /** Why a row is not called for any more. */
  whyNot(row: Outreach): string;
}

/**
 * Tried, under way, ended in another way than by being called off, or called off by a person; what waits past its time is about
 * to end as missed.
 */
function isSettled({ status, expiresAt, stoppedBy }: Outreach, now: string): boolean {
  if (status === 'planned') return expiresAt <= now;
  return status !== 'cancelled' || stoppedBy !== null;
}

/** What these rows have settled, by occasion. */
export const settledBy = (rows: readonly Outreach[], now: string): ReadonlyMap<string, Done> =>
  new Map(
    rows
      .filter((row) => isSettled(row, now))
      .flatMap(({ occasion, locals: { covers = [] }, sentAt }) => [occasion, ...covers].map((one) => [one, { toldAt: sentAt }] as const)),
  );

/** Text that is equal for equal values, whatever the order of keys: the database keeps its own. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries
    .map(([key, each]) => `${key}:${canonical(each)}`)
    .sort()
    .join()}}`;
}

const says = ({ occasion, template, locals, question, targetAt }: Pick<Outreach, 'occasion' | 'template' | 'locals' | 'question' | 'targetAt'>) =>
  canonical({ occasion, template, locals, question, targetAt });

/** The place that an occasion has in a session's course of messages, whatever the session's time: it is how a row moves with it. */
const placeOf = ({ occasion, channel }: Pick<Outreach, 'occasion' | 'channel'>) => `${occasion.replaceAll(/\d{4}-\d{2}-\d{2}T[^/]*/g, '*')}/${channel}`;

function keyFor({ occasion, channel }: Touchpoint, rows: readonly Outreach[]): string {
  const base = `${occasion}/${channel}`;
  const used = new Set(rows.map(({ key }) => key));
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? base : `${base}#${number}`;
    if (!used.has(key)) return key;
  }
}

function contentFor(touchpoint: Touchpoint, key: string, { now, permittedFrom }: DifferenceContext): Content {
  const { occasion, template, locals, question, targetAt, because } = touchpoint;
  const dueAt = targetAt >= now ? targetAt : touchpoint.channel === 'call' ? now : (permittedFrom(now, purposeOf(touchpoint)) ?? now);
  return { key, occasion, template, locals, question, targetAt, dueAt, expiresAt: closesAt(dueAt, touchpoint.expiresAt), because };
}

/** `held`: the row of the same occasion whose place it takes, when somebody holds that back. */
function create(touchpoint: Touchpoint, rows: readonly Outreach[], context: DifferenceContext, held: Outreach | undefined): OutreachEvent[] {
  const { touchpoint: name, channel, category, consultationId, courseId, sessionId } = touchpoint;
  const content = contentFor(touchpoint, keyFor(touchpoint, rows), context);
  const ids = {
    ...(consultationId === undefined ? {} : { consultationId }),
    ...(courseId === undefined ? {} : { courseId }),
    ...(sessionId === undefined ? {} : { sessionId }),
  };
  const outreachId = context.newId();
  const planned: OutreachEvent = {
    type: 'outreach.planned.v1',
    data: { outreachId, patientId: context.patientId, ...ids, touchpoint: name, channel, category, ...content },
  };
  const stays = held?.stoppedBy ?? null;
  return stays === null ? [planned] : [planned, { type: 'outreach.held.v1', data: { outreachId, by: stays, reason: 'it stood so by another channel' } }];
}

function move(row: Outreach, touchpoint: Touchpoint, rows: readonly Outreach[], context: DifferenceContext): OutreachEvent[] {
  const key = row.occasion === touchpoint.occasion ? row.key : keyFor(touchpoint, rows);
  const content = contentFor(touchpoint, key, context);
  return [{ type: 'outreach.moved.v1', data: { outreachId: row.outreachId, ...content } }];
}

/** Why a row is called off whose occasion goes another way from now on. */
const ways: Readonly<Record<string, string>> = { sms: 'it goes by text message', email: 'it goes by e-mail', call: 'a person calls instead' };

const cancelled = ({ outreachId }: Outreach, why: string): OutreachEvent => ({ type: 'outreach.cancelled.v1', data: { outreachId, why } });

/** Events that bring a patient's planned rows to these touchpoints. `rows` are all that the plan manages, ended ones too. */
export function difference(rows: readonly Outreach[], touchpoints: readonly Touchpoint[], context: DifferenceContext): OutreachEvent[] {
  const settled = settledBy(rows, context.now);
  const open = rows.filter(({ status, expiresAt }) => status === 'planned' && expiresAt > context.now);
  const wanted = touchpoints.filter(({ occasion }) => !settled.has(occasion));
  const taken = new Map<Outreach, Touchpoint>();
  const claim = (touchpoint: Touchpoint, fits: (row: Outreach) => boolean) => {
    const row = open.find((candidate) => !taken.has(candidate) && fits(candidate));
    if (row !== undefined) taken.set(row, touchpoint);
    return row !== undefined;
  };
  const others = wanted.filter(
    (touchpoint) => !claim(touchpoint, ({ occasion, channel }) => occasion === touchpoint.occasion && channel === touchpoint.channel),
  );
  const fresh = others.filter((touchpoint) => !claim(touchpoint, (row) => placeOf(row) === placeOf(touchpoint)));
  const moved = [...taken].flatMap(([row, touchpoint]) => (says(row) === says(touchpoint) ? [] : move(row, touchpoint, rows, context)));
  // What has lost its sense unsent is not among them: the sweeper ends it as missed, with a task.
  // Nor is what stands in for a message that could not be delivered: it is part of no plan, and its claim looks whether it still holds.
  const standsIn = (row: Outreach) => isSubstitute(row) && settled.has(row.occasion);
  const instead = new Map(fresh.map(({ occasion, channel }) => [occasion, channel]));
  const left = open
    .filter((row) => !taken.has(row) && !standsIn(row))
    .map((row) => cancelled(row, ways[instead.get(row.occasion) ?? 'none'] ?? context.whyNot(row)));
  const heldBefore = (touchpoint: Touchpoint) => open.find((row) => !taken.has(row) && isHeld(row) && row.occasion === touchpoint.occasion);
  return [...left, ...moved, ...fresh.flatMap((touchpoint) => create(touchpoint, rows, context, heldBefore(touchpoint)))];
}
