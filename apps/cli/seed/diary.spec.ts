import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Chance } from '../simulate/chance.js';
import { postsOf } from './clinic.js';
import { Diary, type Seat } from './diary.js';
import { lifeOf, sessionsEach } from './lives.js';

const durations = new Map([
  ['chemical_peel.superficial', 45],
  ['ipl_bbl.standard', 30],
  ['microneedling.cosmetic', 90],
  ['laser_nonablative.fractional_1550', 120],
]);
const turnoverMinutes = 15;
const posts = postsOf(6);
const diaryOf = () => new Diary(posts, durations, turnoverMinutes, new Set(['2026-11-26']));

const overlapping = (seats: readonly Seat[], who: (seat: Seat) => string, minutes: number) => {
  const byTime = [...seats].sort((one, other) => who(one).localeCompare(who(other)) || one.start.localeCompare(other.start));
  return byTime.filter((seat, index) => {
    const next = byTime[index + 1];
    return next !== undefined && who(next) === who(seat) && Date.parse(next.start) < Date.parse(seat.end) + minutes * 60_000;
  });
};

describe('the diary of a seeded clinic', () => {
  test('1. has nobody and no room in two sessions at once, turnover included, and nobody at work on a closed day', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 20, max: 30 })), { maxLength: 200 }), (asked) => {
        const diary = diaryOf();
        const seats = asked.flatMap(([which, day]) => {
          const post = posts[which] ?? posts[0];
          return post === undefined ? [] : (diary.seat(post.locationId, post.protocolId, `2026-11-${day}`) ?? []);
        });
        expect(overlapping(seats, ({ post }) => post.providerId, turnoverMinutes)).toEqual([]);
        expect(overlapping(seats, ({ post }) => post.roomId, turnoverMinutes)).toEqual([]);
        expect(seats.filter(({ on }) => on === '2026-11-26' || new Date(on).getUTCDay() % 6 === 0)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('2. keeps the least interval between the sessions of a course, and never lays one before its consultation', () => {
    const intervals = new Map([...durations.keys()].map((id) => [id, { min: 28, max: 42 }]));
    const books = { diary: diaryOf(), posts, intervals, today: '2026-12-02', span: { from: '2025-12-01', to: '2027-04-30' } };
    const lives = Array.from({ length: 40 }, (_life, number) => lifeOf(books, number, 8, new Chance(`seed 1/${number}`)));
    const courses = lives.flatMap((life) => life.courses);
    const gaps = courses.flatMap(({ visits }) =>
      visits.slice(1).map(({ seat }, index) => (Date.parse(seat.on) - Date.parse(visits[index]?.seat.on ?? '')) / 86_400_000),
    );
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(28);
    expect(courses.filter(({ consultedOn, visits }) => consultedOn >= (visits[0]?.seat.on ?? '') || consultedOn >= books.today)).toEqual([]);
    expect(lives.flatMap((life) => life.courses.flatMap(({ visits }) => visits))).toHaveLength(320);
  });

  test('gives the patients together exactly as many sessions as were asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 20 }), fc.nat(1_000), (patients, more, seed) => {
        const counts = sessionsEach(patients, patients * 3 + more, new Chance(`seed ${seed}`));
        expect(counts.reduce((sum, each) => sum + each, 0)).toBe(patients * 3 + more);
        expect(Math.min(...counts)).toBeGreaterThan(0);
      }),
    );
  });
});
