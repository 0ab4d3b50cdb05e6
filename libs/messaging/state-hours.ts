/*
 * What US states add to the clinic's hours. Their laws bind solicitations; care is arguably outside them, but the hours of
 * day cost care nothing and so bind both. Whole days off (Sundays in some states, federal holidays) bind solicitations
 * only: a check on a swelling face does not wait for Monday.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '#platform';
import type { ContactHours } from './hours.js';

/** Care: what the treatment asks for. Solicitation: what is as well left unsaid on a day of rest, recalls and surveys. */
export type Purpose = 'care' | 'solicitation';

type Range = readonly [string, string];
const range = z.tuple([z.iso.time({ precision: -1 }), z.iso.time({ precision: -1 })]).readonly();
const schema = z.object({
  states: z.record(
    z.string().length(2),
    z.object({
      source: z.string().min(1),
      everyDay: range,
      saturday: range.optional(),
      /** Null: no solicitation on Sundays. */
      sunday: range.nullable().optional(),
      areaCodes: z.array(z.string().regex(/^[2-9]\d\d$/)),
    }),
  ),
});
const { states: table } = schema.parse(JSON.parse(readFileSync(join(projectRoot, 'libs/messaging/data/state-hours.json'), 'utf8')));

const byAreaCode = new Map(Object.entries(table).flatMap(([state, { areaCodes }]) => areaCodes.map((code) => [code, state] as const)));

/** The state that a number's area code belongs to, where the state narrows the hours; null for all others. People keep numbers when they move: weak evidence. */
export const stateOfPhone = (phone: string | undefined): string | null => byAreaCode.get(/^\+1(\d{3})\d{7}$/.exec(phone ?? '')?.[1] ?? '') ?? null;

const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const;
type Weekday = (typeof weekdays)[number];

/** The range of a state on a weekday. A day off leaves care the other days' hours. */
function allowed(state: string, day: Weekday, purpose: Purpose): Range | null {
  const rule = table[state];
  if (rule === undefined) return ['00:00', '24:00'];
  if (day === '6') return rule.saturday ?? rule.everyDay;
  if (day !== '7' || rule.sunday === undefined) return rule.everyDay;
  if (rule.sunday === null) return purpose === 'care' ? (rule.saturday ?? rule.everyDay) : null;
  return rule.sunday;
}

const within = ([from, to]: Range, limit: Range | null): Range[] => {
  if (limit === null) return [];
  const both: Range = [from > limit[0] ? from : limit[0], to < limit[1] ? to : limit[1]];
  return both[0] < both[1] ? [both] : [];
};

// A plan asks for the same few dozens of times.
const remembered = new WeakMap<ContactHours, Map<string, ContactHours>>();

/** A clinic's hours as far as these states allow them: never an hour more than the clinic's (invariant 6). Unknown states change nothing. */
export function narrowedBy(states: readonly string[], hours: ContactHours, purpose: Purpose): ContactHours {
  const known = [...new Set(states)].filter((state) => Object.hasOwn(table, state)).sort();
  if (known.length === 0) return hours;
  const ofHours = remembered.get(hours) ?? new Map<string, ContactHours>();
  remembered.set(hours, ofHours);
  const key = [purpose, ...known].join();
  const found = ofHours.get(key) ?? narrowed(known, hours, purpose);
  ofHours.set(key, found);
  return found;
}

function narrowed(known: readonly string[], hours: ContactHours, purpose: Purpose): ContactHours {
  const ofDay = (day: Weekday) => known.reduce((ranges, state) => ranges.flatMap((one) => within(one, allowed(state, day, purpose))), [...(hours[day] ?? [])]);
  return Object.fromEntries(weekdays.map((day) => [day, ofDay(day)]));
}
