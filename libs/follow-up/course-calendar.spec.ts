import { describe, expect, test } from '@jest/globals';
import { expectedCheckIns } from './after-session.js';
import { arrange, type Rules, type Touchpoint } from './arrange.js';
import { after, type ConsultationFacts, day, hour, localDay, type SessionFacts } from './draft.js';
import { wishes } from './touchpoints.js';

/*
 * The whole course of one patient as a calendar: four sessions, a month apart, a retinol cream, both channels. What a plan holds
 * at each moment is carried out as it falls due; what happens meanwhile is known from then on.
 */
const zone = 'America/New_York';
const everyDay: [string, string][] = [['09:00', '20:00']];
const rules: Omit<Rules, 'now'> = {
  zones: [zone],
  hours: Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((weekday) => [weekday, everyDay])),
  caps: { perDay: 1, perWeek: 3 },
  reachable: { sms: true, email: true },
  reachableForOffers: { sms: true, email: true },
  texts: [],
};
const consultedAt = '2026-11-23T16:00:00.000Z';
const bookedAt = after(consultedAt, hour);
const starts = ['2026-12-15T15:00:00.000Z', '2027-01-12T15:00:00.000Z', '2027-02-09T15:00:00.000Z', '2027-03-09T15:00:00.000Z'];

function consultationAt(now: string): ConsultationFacts {
  const consulted = now >= consultedAt ? consultedAt : null;
  return {
    consultationId: 'c-1',
    requestedAt: after(consultedAt, -5 * day),
    finalizedAt: now >= bookedAt ? bookedAt : null,
    deferredAt: null,
    declined: false,
    estimateAt: consulted,
    consentedAt: consulted,
    patchTests: [],
    hasCourse: now >= bookedAt,
  };
}

function sessionAt(start: string, number: number, now: string): SessionFacts {
  const end = after(start, hour);
  return {
    sessionId: `s-${number}`,
    courseId: 'course-1',
    consultationId: 'c-1',
    status: end <= now ? 'completed' : 'booked',
    item: 0,
    number,
    protocolId: 'microneedling.cosmetic',
    start,
    timeZone: zone,
    locationId: 'nyc',
    setAt: bookedAt,
    moved: false,
    cancelledAt: null,
    cancelledBy: null,
    completedAt: end <= now ? end : null,
    noShowAt: null,
    checkInDays: [1, 3, 7],
    intervalMinDays: 28,
    overdueDays: 70,
    preparation: [
      { code: 'sun', daysBefore: 14 },
      { code: 'topical_retinoid', daysBefore: 5 },
    ],
  };
}

const happenings = [consultedAt, bookedAt, ...starts.map((start) => after(start, hour))];

/** Everything that reaches the patient, in order: planned again whenever something falls due or happens. */
function liveThrough(change: Partial<Rules> = {}): Touchpoint[] {
  const sent: Touchpoint[] = [];
  for (let now: string | undefined = after(consultedAt, -5 * day); now !== undefined;) {
    const at: string = now;
    const done = new Set(sent.map(({ occasion }) => occasion));
    const sessions = at >= bookedAt ? starts.map((start, index) => sessionAt(start, index + 1, at)) : [];
    const wanted = wishes(sessions, [consultationAt(at)], zone, (occasion) => (done.has(occasion) ? { toldAt: at } : null), at).filter(
      ({ occasion }) => !done.has(occasion),
    );
    const plan = arrange(wanted, sessions.flatMap(expectedCheckIns), { ...rules, ...change, now: at, texts: texts(sent).map(({ targetAt }) => targetAt) });
    sent.push(...plan.filter(({ targetAt }) => targetAt <= at));
    now = [...plan.map(({ targetAt }) => targetAt), ...happenings].filter((next) => next > at).sort()[0];
  }
  return sent;
}

const texts = (list: readonly Touchpoint[]) => list.filter(({ channel }) => channel === 'sms');
const dayOf = ({ targetAt }: Touchpoint) => localDay(targetAt, zone).toString();
function countBy(list: readonly Touchpoint[], keyOf: (touchpoint: Touchpoint) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of list) counts[keyOf(each)] = (counts[keyOf(each)] ?? 0) + 1;
  return counts;
}
const byKind = (list: readonly Touchpoint[]) => countBy(list, ({ channel, touchpoint }) => `${channel} ${touchpoint}`);
const mostInAWeek = (list: readonly Touchpoint[]) =>
  Math.max(...list.map(({ targetAt }) => list.filter((other) => other.targetAt >= targetAt && other.targetAt < after(targetAt, 7 * day)).length));

describe('a course of four sessions, from the request to the upkeep of its result', () => {
  const sent = liveThrough();

  test('brings this much, by these channels', () => {
    expect(byKind(sent)).toEqual({
      'email request-received': 1,
      'email consent-copy': 1,
      'email plan-summary': 1,
      'email thanks': 1,
      'email preparation': 8,
      'email instructions': 4,
      'email reminder': 4,
      'sms reminder': 4,
      'email arrival': 4,
      'email aftercare': 8,
      'sms check-in': 12,
      'email photo-request': 1,
      'sms satisfaction': 1,
      'email result-review': 1,
      'email maintenance-recall': 1,
    });
  });

  test('is never more than two messages a day, one of them a text, nor three texts in seven days', () => {
    expect(Math.max(...Object.values(countBy(sent, dayOf)))).toBe(2);
    expect(Math.max(...Object.values(countBy(texts(sent), dayOf)))).toBe(1);
    expect([mostInAWeek(sent), mostInAWeek(texts(sent))]).toEqual([7, 3]);
  });

  test('asks by text on days 1, 3 and 7 after every session, whatever else there is to say', () => {
    const asked = sent.filter(({ touchpoint }) => touchpoint === 'check-in');
    const days = starts.flatMap((start) => [1, 3, 7].map((days) => localDay(start, zone).add({ days }).toString()));
    expect(asked.map((each) => [dayOf(each), each.channel])).toEqual(days.map((date) => [date, 'sms']));
  });

  test('looks like this around a session', () => {
    const around = sent.filter((each) => dayOf(each) >= '2026-12-08' && dayOf(each) <= '2026-12-26');
    expect(around.map((each) => `${dayOf(each).slice(5)} ${each.channel} ${each.touchpoint}`)).toEqual([
      '12-09 email preparation',
      '12-12 email instructions',
      '12-13 email reminder',
      '12-14 sms reminder',
      '12-15 email arrival',
      '12-15 email aftercare',
      '12-16 sms check-in',
      '12-18 sms check-in',
      '12-20 email aftercare',
      '12-22 sms check-in',
      // The photo can wait for a day that is no holiday.
      '12-26 email photo-request',
    ]);
  });
});

describe('the same course', () => {
  const none = { sms: false, email: false };

  test('by text alone keeps the caps, every check-in and a reminder of every visit, and leaves out what is a letter', () => {
    const sent = liveThrough({ reachable: { sms: true, email: false }, reachableForOffers: none });
    expect(sent.every(({ channel }) => channel === 'sms')).toBe(true);
    expect(mostInAWeek(sent)).toBe(3);
    expect(byKind(sent)).toMatchObject({ 'sms check-in': 12, 'sms satisfaction': 1, 'sms reminder': expect.any(Number) });
    expect(byKind(sent)).not.toHaveProperty('sms consent-copy');
    const reminded = sent.filter(({ touchpoint }) => touchpoint === 'reminder').map(({ sessionId }) => sessionId);
    expect(new Set(reminded)).toEqual(new Set(['s-1', 's-2', 's-3', 's-4']));
  });

  test('brings no offer without a consent to offers (invariant 7)', () => {
    expect(liveThrough({ reachableForOffers: none }).some(({ touchpoint }) => touchpoint === 'maintenance-recall')).toBe(false);
  });

  test('without any channel is a call for every check-in and every washout, and silence otherwise (invariant 7)', () => {
    expect(byKind(liveThrough({ reachable: none, reachableForOffers: none }))).toEqual({ 'call check-in': 12, 'call preparation': 8 });
  });
});
