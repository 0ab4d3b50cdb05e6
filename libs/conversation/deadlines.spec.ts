import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { parseClinic } from '#clinic';
import { projectRoot } from '#platform';
import { answerBy, climb, reminderAt } from './deadlines.js';

const sample = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as { locations: object[]; [field: string]: unknown };
const clinic = parseClinic(sample);
const at = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime('America/New_York');
const instant = (text: string) => new Date(at(text).epochMilliseconds);
const local = (date: Date) => Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO('America/New_York').toPlainDateTime().toString();

describe('by when a person answers (A)', () => {
  it('counts opening hours, and knows closing days: Thanksgiving is none', () => {
    expect(local(answerBy(clinic, 'soon', instant('2026-11-24T10:00')))).toBe('2026-11-24T14:00:00');
    expect(local(answerBy(clinic, 'soon', instant('2026-11-24T17:00')))).toBe('2026-11-25T11:00:00');
    expect(local(answerBy(clinic, 'soon', instant('2026-11-25T18:00')))).toBe('2026-11-27T12:00:00');
    expect(local(answerBy(clinic, 'urgent', instant('2026-11-24T03:00')))).toBe('2026-11-24T10:00:00');
  });

  it("takes the clinic's own figures, and defaults where it gives none", () => {
    const own = parseClinic({ ...sample, answerWithinMinutes: { soon: 30 } });
    expect(own.answerWithinMinutes).toMatchObject({ soon: 30, ask: 240, urgent: 60 });
    expect(local(answerBy(own, 'soon', instant('2026-11-24T10:00')))).toBe('2026-11-24T10:30:00');
  });
});

describe('daylight saving', () => {
  // Open day and night, so that the changed hour itself counts: 2 o'clock on 8 March 2026 and on 1 November 2026.
  const always = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [['00:00', '24:00']]]));
  const open = parseClinic({ ...sample, locations: [{ ...sample.locations[0], hours: always, closed: [] }, sample.locations[1]] });

  it('neither gives an hour that there is not nor takes one that there is', () => {
    expect(local(answerBy(open, 'soon', instant('2026-03-08T00:30')))).toBe('2026-03-08T05:30:00');
    expect(local(answerBy(open, 'soon', instant('2026-11-01T00:30')))).toBe('2026-11-01T03:30:00');
    expect(local(answerBy(open, 'soon', instant('2026-03-07T23:00')))).toBe('2026-03-08T04:00:00');
  });

  it('leaves opening and closing at the hour on the wall, on both sides of a change', () => {
    for (const [before, after] of [
      ['2026-03-07T15:00', '2026-03-09T12:00:00'],
      ['2026-10-31T15:00', '2026-11-02T12:00:00'],
    ] as const)
      expect(local(answerBy(clinic, 'soon', instant(before)))).toBe(after);
  });

  it('counts exactly the minutes of opening hours that pass, in any minute of the year', () => {
    const firstOfYear = instant('2026-01-01T00:00').getTime();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 365 * 24 * 60 }), (minute) => {
        const from = new Date(firstOfYear + minute * 60_000);
        const by = answerBy(open, 'soon', from);
        expect(by.getTime() - from.getTime()).toBe(240 * 60_000);
      }),
    );
  });
});

describe('who is told that a task is overdue (B)', () => {
  const now = instant('2026-11-24T10:00');
  const next = (task: Parameters<typeof climb>[1]) => climb(clinic, task, now);

  it('is its owner, then its role, then the director', () => {
    const task = { assignee: 'np-reyes', role: 'front_desk', told: [] as string[] };
    expect(next(task)).toEqual({ staffIds: ['np-reyes'], nextAt: instant('2026-11-24T12:00') });
    expect(next({ ...task, told: ['np-reyes'] }).staffIds).toEqual(['desk-tan']);
    expect(next({ ...task, told: ['np-reyes', 'desk-tan'] })).toEqual({ staffIds: ['dr-okafor'], nextAt: null });
    expect(next({ ...task, told: ['np-reyes', 'desk-tan', 'dr-okafor'] })).toEqual({ staffIds: [], nextAt: null });
  });

  it('passes over a role that nobody holds and a person who cannot be reached', () => {
    expect(next({ assignee: 'left-last-year', role: 'nobody-holds-it', told: [] }).staffIds).toEqual(['dr-okafor']);
  });

  it('is each person once, whoever has been told before, and it comes to an end', () => {
    const staff = fc.subarray(clinic.staff.map(({ id }) => id));
    fc.assert(
      fc.property(
        fc.option(fc.constantFrom(...clinic.staff.map(({ id }) => id))),
        fc.constantFrom('provider', 'front_desk', 'on_call', 'none'),
        staff,
        (assignee, role, before) => {
          const told = [...before];
          for (let turn = 0; turn < 4; turn += 1) {
            const { staffIds, nextAt } = next({ assignee, role, told });
            expect(staffIds.filter((id) => told.includes(id))).toEqual([]);
            told.push(...staffIds);
            if (nextAt === null) expect(next({ assignee, role, told }).staffIds).toEqual([]);
          }
          expect(told).toContain('dr-okafor');
        },
      ),
    );
  });
});

describe('the reminder of a day (C)', () => {
  it('goes at once while the clinic is open, else when it opens', () => {
    expect(reminderAt(clinic, instant('2026-11-24T10:00'), () => false)).toEqual({ on: '2026-11-24', at: instant('2026-11-24T10:00') });
    expect(reminderAt(clinic, instant('2026-11-25T23:00'), () => false)).toEqual({ on: '2026-11-27', at: instant('2026-11-27T09:00') });
  });

  it('waits for the next open day once there has been one', () => {
    expect(reminderAt(clinic, instant('2026-11-24T10:00'), (on) => on === '2026-11-24')).toEqual({ on: '2026-11-25', at: instant('2026-11-25T09:00') });
  });

  it('opens at nine on the wall on the Monday after either change of the clocks', () => {
    expect(local(reminderAt(clinic, instant('2026-03-08T12:00'), () => false).at)).toBe('2026-03-09T09:00:00');
    expect(local(reminderAt(clinic, instant('2026-11-01T12:00'), () => false).at)).toBe('2026-11-02T09:00:00');
  });
});
