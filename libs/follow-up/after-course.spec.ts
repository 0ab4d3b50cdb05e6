import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aDoneSession, aSession, courses } from '../../test/support/touchpoint-facts.js';
import { atItsEnd, nudges } from './after-course.js';
import { type Draft, isUpcoming } from './draft.js';

const brief = ({ touchpoint, at }: Draft) => [touchpoint, at];
const unscheduled = aSession({ sessionId: 's-2', number: 2, status: 'unscheduled', start: null, setAt: null });
const done = aDoneSession('2026-12-15T16:00:00.000Z');

describe('at the end of a course', () => {
  test('a number is asked for on day 16, and the result is spoken of before it is looked at', () => {
    const drafts = atItsEnd([done], false);
    expect(drafts.slice(0, 2).map(brief)).toEqual([
      ['satisfaction', '2026-12-31T16:00:00.000Z'],
      ['result-review', expect.stringMatching(/T1[56]:00:00\.000Z$/)],
    ]);
    expect(drafts[0]).toMatchObject({ question: 'satisfaction', sessionId: 's-1', occasion: 'course-1/satisfaction/0' });
  });

  test('the end is the end of the last session, whichever series it belongs to', () => {
    const other = aDoneSession('2027-01-12T16:00:00.000Z', { sessionId: 's-9', item: 1, protocolId: 'ipl_bbl.standard' });
    expect(atItsEnd([other, done], false).find(({ touchpoint }) => touchpoint === 'satisfaction')).toMatchObject({ sessionId: 's-9' });
  });

  test.each([
    ['a visit is booked', aSession({ sessionId: 's-2', number: 2 })],
    ['one has no time yet', unscheduled],
    ['one is on hold', aSession({ sessionId: 's-2', number: 2, status: 'on_hold' })],
    ['the patient is in the chair', aSession({ sessionId: 's-2', number: 2, status: 'arrived' })],
  ])('has not come while %s', (_name, session) => expect(atItsEnd([done, session], false)).toEqual([]));

  test('a session that was called off or missed does not hold it up, but nothing is asked where nothing was done', () => {
    const missed = aSession({ sessionId: 's-2', number: 2, status: 'no_show' });
    expect(atItsEnd([done, missed], false).map(({ touchpoint }) => touchpoint)).toContain('satisfaction');
    expect(atItsEnd([missed, aSession({ status: 'cancelled' })], false)).toEqual([]);
  });

  test('nobody who is being treated is asked to come for the upkeep of a result, and it needs the consent to offers', () => {
    const recall = (isBusy: boolean) => atItsEnd([done], isBusy).filter(({ touchpoint }) => touchpoint === 'maintenance-recall');
    expect(recall(true)).toEqual([]);
    expect(recall(false)).toMatchObject([{ scope: 'marketing', because: 'a result of the course may want to be kept up' }]);
  });
});

describe('a session that nobody has given a time', () => {
  test('is spoken of two weeks before it could be, and once more when it is overdue', () => {
    expect(nudges([done, unscheduled]).map(brief)).toEqual([
      ['next-session', '2026-12-29T16:00:00.000Z'],
      ['overdue', '2027-02-23T16:00:00.000Z'],
    ]);
  });

  test('is not spoken of within a week of the last, nor is the second word within a week of the first', () => {
    const close = { ...unscheduled, intervalMinDays: 7, overdueDays: 10 };
    expect(nudges([done, close]).map(({ at }) => at.slice(0, 10))).toEqual(['2026-12-22', '2026-12-29']);
  });

  test('is silent before its series began, and while another of it is booked', () => {
    expect(nudges([unscheduled])).toEqual([]);
    expect(nudges([done, unscheduled, aSession({ sessionId: 's-3', number: 3 })])).toEqual([]);
  });

  test('of several only the next is spoken of; another series has its own', () => {
    const third = { ...unscheduled, sessionId: 's-3', number: 3 };
    const other = [aDoneSession('2026-12-16T16:00:00.000Z', { sessionId: 's-4', item: 1 }), { ...unscheduled, sessionId: 's-5', item: 1 }];
    expect([...new Set(nudges([done, unscheduled, third, ...other]).map(({ sessionId }) => sessionId))]).toEqual(['s-2', 's-5']);
  });
});

describe('whatever state a course is in', () => {
  const holds = (check: (course: Parameters<typeof atItsEnd>[0]) => void) => fc.assert(fc.property(courses, check), { numRuns: 300 });
  const all = (course: Parameters<typeof atItsEnd>[0]) => [...atItsEnd(course, course.some(isUpcoming)), ...nudges(course)];

  test('an occasion names one touchpoint, and each has time to be sent (invariant 5)', () => {
    holds((course) => {
      const drafts = all(course);
      expect(new Set(drafts.map(({ occasion }) => occasion)).size).toBe(drafts.length);
      for (const { at, expiresAt } of drafts) expect(at < expiresAt).toBe(true);
    });
  });

  test('the order in which sessions are given changes nothing about its end', () => {
    holds((course) => expect(atItsEnd([...course].reverse(), false)).toEqual(atItsEnd(course, false)));
  });

  test('a course is over or goes on: its end and its next session are never spoken of together', () => {
    holds((course) => expect(atItsEnd(course, false).length > 0 && nudges(course).length > 0).toBe(false));
  });

  test('everything follows a treatment by a week at least', () => {
    holds((course) => {
      const last = (item: (at: string) => boolean) => course.some(({ completedAt }) => completedAt !== null && item(completedAt));
      for (const { at } of all(course)) expect(last((completedAt) => Date.parse(at) - Date.parse(completedAt) > 6 * 86_400_000)).toBe(true);
    });
  });
});
