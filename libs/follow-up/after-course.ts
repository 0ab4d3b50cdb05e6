import { maintenanceDay, reviewDay } from '#protocols';
import { after, atTime, day, type Draft, draftOf, idsOf, isUpcoming, localDay, occasionOf, type SessionFacts } from './draft.js';
import type { TouchpointName } from './kinds.js';

/** After the last check-in that most protocols ask for (day 14). */
const satisfactionDays = 16;
/** A nudge comes this long before the next session could take place, but not sooner than a week after the last. */
const nudgeLeadDays = 14;
/** The review is spoken of so many days before it is due, the upkeep of a result two weeks before. */
const [reviewLeadDays, recallLeadDays, soonestRecallDays] = [5, 14, 21];

interface Done extends SessionFacts {
  readonly completedAt: string;
}
const doneOf = (sessions: readonly SessionFacts[]): Done[] =>
  sessions
    .flatMap((session) => (session.completedAt === null ? [] : [{ ...session, completedAt: session.completedAt }]))
    .sort((a, b) => (a.completedAt < b.completedAt ? -1 : a.completedAt > b.completedAt ? 1 : a.sessionId < b.sessionId ? -1 : 1));

const isUndecided = ({ status }: SessionFacts) => status === 'held' || status === 'on_hold' || status === 'arrived' || status === 'unscheduled';
const isOver = (sessions: readonly SessionFacts[]) => !sessions.some((session) => isUpcoming(session) || isUndecided(session));

const daysAfter = ({ completedAt, timeZone }: Done, days: number) => atTime(localDay(completedAt, timeZone).add({ days }), '11:00', timeZone);

const ofCourse = (last: Done, touchpoint: TouchpointName, at: string, openDays: number, because: string): Draft =>
  draftOf(touchpoint, { ...idsOf(last), occasion: `${last.courseId}/${touchpoint}/0`, at, expiresAt: after(at, openDays * day), because });

/** Once nothing of a course is left to do: are you happy, let us look at it, and later, do you want to keep it up. */
export function atItsEnd(sessions: readonly SessionFacts[], isBusy: boolean): Draft[] {
  const done = doneOf(sessions);
  const last = done.at(-1);
  if (last === undefined || !isOver(sessions)) return [];
  const review = reviewDay(last.protocolId);
  const recalls = done.flatMap((one) => {
    const isLastOfSeries = done.findLast(({ item }) => item === one.item) === one;
    const upkeep = maintenanceDay(one.protocolId);
    return isLastOfSeries && upkeep !== null ? [daysAfter(one, Math.max(upkeep - recallLeadDays, soonestRecallDays))] : [];
  });
  const [recall] = recalls.sort();
  return [
    ofCourse(last, 'satisfaction', daysAfter(last, satisfactionDays), 2, `${satisfactionDays} days after the last session`),
    ofCourse(last, 'result-review', daysAfter(last, review - reviewLeadDays), 3, `the result is looked at on day ${review}, by protocol ${last.protocolId}`),
    ...(recall === undefined || isBusy ? [] : [ofCourse(last, 'maintenance-recall', recall, 7, 'a result of the course may want to be kept up')]),
  ];
}

/** Sessions of a series that nobody has given a time yet: a nudge at the interval, and once more when it is overdue. */
export function nudges(sessions: readonly SessionFacts[]): Draft[] {
  return sessions.flatMap((session): Draft[] => {
    const series = sessions.filter(({ item }) => item === session.item);
    const last = doneOf(series).at(-1);
    const isNext = series.find(({ status }) => status === 'unscheduled') === session;
    if (last === undefined || !isNext || series.some(isUpcoming)) return [];
    const nudge = (touchpoint: TouchpointName, days: number, because: string): Draft => {
      const at = daysAfter(last, days);
      return draftOf(touchpoint, { ...idsOf(session), occasion: occasionOf(session, touchpoint, 0), at, expiresAt: after(at, 2 * day), because });
    };
    const soon = Math.max(session.intervalMinDays - nudgeLeadDays, 7);
    return [
      nudge('next-session', soon, 'the next session of the series has no time yet'),
      nudge('overdue', Math.max(session.overdueDays, soon + 7), `${session.overdueDays} days after the last session the next one is overdue`),
    ];
  });
}
