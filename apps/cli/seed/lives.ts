import { addDays } from '#protocols';
import { type Booking, courseIdFor, sessionIdOf } from '#treatment';
import type { Chance } from '../simulate/chance.js';
import type { Post } from './clinic.js';
import type { Diary, Seat } from './diary.js';

/*
 * Who comes when: each patient's courses, laid into the diary one after the other.
 *   1. Together the patients have exactly as many sessions as were asked for.
 *   2. Two courses of a patient lie further apart than any spacing between treatments.
 */

export interface Visit {
  readonly sessionId: string;
  readonly number: number;
  readonly seat: Seat;
  readonly earliest: string;
  readonly latest: string;
}

export interface CourseOfLife {
  readonly courseId: string;
  readonly consultationId: string;
  readonly planId: string;
  readonly protocolId: string;
  readonly post: Post;
  /** The local day of the consultation. */
  readonly consultedOn: string;
  readonly visits: readonly Visit[];
}

export interface Life {
  readonly number: number;
  readonly patientId: string;
  readonly courses: readonly CourseOfLife[];
}

/** Local days between which sessions lie, both included. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** Days between the end of a course and the next consultation: more than any spacing rule of the kinds of work asks for. */
const restDays = 60;
const [shortestCourse, longestCourse] = [3, 6];

/** How many sessions each patient has; two neighbours share what one has more and the other less. */
export function sessionsEach(patients: number, sessions: number, chance: Chance): number[] {
  const base = Math.floor(sessions / patients);
  const counts = Array.from({ length: patients }, (_count, index) => base + (index < sessions % patients ? 1 : 0));
  for (let index = 0; index + 1 < patients; index += 2) {
    const shift = chance.whole(`shift/${index}`, 0, Math.floor(base / 2));
    counts[index] = (counts[index] ?? 0) + shift;
    counts[index + 1] = (counts[index + 1] ?? 0) - shift;
  }
  return counts;
}

function coursesOf(sessions: number, chance: Chance): number[] {
  const courses: number[] = [];
  for (let left = sessions; left > 0; left -= courses.at(-1) ?? left) {
    const wanted = chance.whole(`course/${courses.length}`, shortestCourse, longestCourse);
    courses.push(left - wanted < shortestCourse ? left : wanted);
  }
  return courses;
}

const daysIn = ({ from, to }: Span) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

export interface Books {
  readonly diary: Diary;
  readonly posts: readonly Post[];
  readonly span: Span;
  /** The local day of seeding: whatever is booked has been decided by then. */
  readonly today: string;
  /** Days between two sessions of a protocol. */
  readonly intervals: ReadonlyMap<string, { readonly min: number; readonly max: number }>;
}

/** Posts are chosen as often as they have places. */
function pickPost({ posts, diary }: Books, chance: Chance): Post {
  const places = posts.map(({ protocolId }) => diary.placesADay(protocolId));
  let left = chance.unit('post') * places.reduce((sum, each) => sum + each, 0);
  const index = places.findIndex((each) => (left -= each) < 0);
  return posts[index] ?? (posts[0] as Post);
}

function layCourse(books: Books, courseIds: Pick<CourseOfLife, 'consultationId' | 'courseId' | 'planId'>, asked: string, sessions: number, chance: Chance) {
  const post = pickPost(books, chance);
  const { min, max } = books.intervals.get(post.protocolId) ?? { min: 28, max: 42 };
  const visits: Visit[] = [];
  for (let number = 1, from = addDays(asked, 10); number <= sessions; number += 1) {
    const seat = books.diary.seat(post.locationId, post.protocolId, from);
    if (seat === null) throw new Error(`the diary of ${post.locationId} has no free place for ${post.protocolId} after ${from}`);
    visits.push({ sessionId: sessionIdOf(courseIds, 0, number), number, seat, earliest: from, latest: addDays(from, max - min + 14) });
    from = addDays(seat.on, min + chance.whole(`interval/${number}`, 0, 7));
  }
  const decided = addDays(books.today, -chance.whole('decided', 1, 20));
  return { ...courseIds, protocolId: post.protocolId, post, consultedOn: asked < decided ? asked : decided, visits };
}

/**
 * A patient's life with the clinic, laid into the diary. Its courses are spread evenly over the span from a day of the patient's
 * own, so that no season is fuller than another; one that begins late runs on past the span's end.
 */
export function lifeOf(books: Books, number: number, sessions: number, chance: Chance): Life {
  const patientId = `patient-${number}`;
  const sizes = coursesOf(sessions, chance);
  const days = daysIn(books.span);
  const first = chance.whole('first', 0, days - 1);
  const wanted = sizes.map((_size, index) => Math.floor(first + (index * days) / sizes.length) % days).sort((one, other) => one - other);
  const courses: CourseOfLife[] = [];
  let free = books.span.from;
  for (const [index, size] of sizes.entries()) {
    const consultationId = `consultation-${number}-${index + 1}`;
    const courseIds = { consultationId, courseId: courseIdFor(consultationId), planId: `plan-${number}-${index + 1}` };
    const begin = addDays(books.span.from, wanted[index] ?? 0);
    const course = layCourse(books, courseIds, begin > free ? begin : free, size, chance.of('course', index));
    courses.push(course);
    free = addDays(course.visits.at(-1)?.seat.on ?? free, restDays);
  }
  return { number, patientId, courses };
}

/** A visit as it was booked. */
export function bookingOf(
  { courseId, protocolId }: CourseOfLife,
  patientId: string,
  { sessionId, number, seat, earliest, latest }: Visit,
  turnoverMinutes: number,
  spacing: Booking['spacing'],
): Booking {
  const { post, start, end } = seat;
  return {
    sessionId,
    courseId,
    patientId,
    item: 0,
    number,
    protocolId,
    protocolVersion: 1,
    start,
    end,
    turnoverMinutes,
    timeZone: post.timeZone,
    locationId: post.locationId,
    providerId: post.providerId,
    roomId: post.roomId,
    deviceId: post.deviceId,
    earliest: `${earliest}T05:00:00.000Z`,
    latest: `${latest}T05:00:00.000Z`,
    because: number === 1 ? [] : [{ constraint: 'interval', detail: `at least ${earliest} after visit ${number - 1}` }],
    spacing,
  };
}
