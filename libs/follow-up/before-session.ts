import { after, day, type Draft, earlier, hour, idsOf, later, localDay, atTime, occasionOf, plain, type Upcoming, visit } from './draft.js';

const remindDays = [2, 1] as const;

/** Washouts by their first day: each group is told the day before; those that had begun when the session was set, at once. */
function preparations(session: Upcoming): Draft[] {
  const date = localDay(session.start, session.timeZone);
  const tellAt = (daysBefore: number) => atTime(date.subtract({ days: daysBefore + 1 }), '10:00', session.timeZone);
  const begun = session.preparation.filter(({ daysBefore }) => tellAt(daysBefore) <= session.setAt);
  const ahead = [...new Set(session.preparation.filter((step) => !begun.includes(step)).map(({ daysBefore }) => daysBefore))];
  const groups = [...(begun.length === 0 ? [] : [begun]), ...ahead.map((days) => session.preparation.filter(({ daysBefore }) => daysBefore === days))];
  return groups.map((steps): Draft => {
    const days = Math.max(...steps.map(({ daysBefore }) => daysBefore));
    const avoid = [...new Set(steps.map(({ code }) => code))].sort();
    return {
      ...plain,
      ...idsOf(session),
      occasion: occasionOf(session, 'preparation', session.start, days),
      touchpoint: 'preparation',
      template: 'preparation',
      category: 'preparation',
      locals: { ...visit(session), avoid },
      at: later(tellAt(days), session.setAt),
      expiresAt: after(session.start, -12 * hour),
      because: `${avoid.join(', ')}: ${days} days before the session, by protocol ${session.protocolId}`,
    };
  });
}

function instructions(session: Upcoming): Draft {
  const at = later(atTime(localDay(session.start, session.timeZone).subtract({ days: 3 }), '12:00', session.timeZone), session.setAt);
  return {
    ...plain,
    ...idsOf(session),
    occasion: occasionOf(session, 'instructions', session.start),
    touchpoint: 'instructions',
    template: 'instructions',
    category: 'preparation',
    locals: visit(session),
    at,
    expiresAt: after(session.start, -2 * hour),
    because: 'three days before the session: how to come',
  };
}

/** Two days before, and the day before unless the patient has confirmed; one at once when it was booked later than that. */
function reminders(session: Upcoming): Draft[] {
  const date = localDay(session.start, session.timeZone);
  const remind = (days: number, at: string, expiresAt: string, because: string): Draft => ({
    ...plain,
    ...idsOf(session),
    occasion: occasionOf(session, 'reminder', session.start, days),
    touchpoint: 'reminder',
    category: 'reminder',
    prefers: 'sms',
    template: session.status === 'confirmed' ? 'reminder.confirmed' : 'reminder',
    question: 'confirm',
    locals: visit(session),
    at,
    expiresAt,
    because,
  });
  const ends = after(session.start, -hour);
  const due = (days: number) => atTime(date.subtract({ days }), '10:30', session.timeZone);
  const wanted = session.status === 'confirmed' && due(2) > session.setAt ? [2] : remindDays;
  const ahead = wanted.filter((days) => due(days) > session.setAt);
  if (ahead.length > 0)
    return ahead.map((days) => remind(days, due(days), days === 2 ? earlier(due(1), ends) : ends, `${days === 1 ? 'the day' : 'two days'} before the session`));
  return session.moved ? [] : [remind(0, session.setAt, ends, 'booked for today or tomorrow')];
}

/** One notice for all sessions of a course that were moved together. */
export function movedNotices(sessions: readonly Upcoming[]): Draft[] {
  const moves = [...new Set(sessions.filter(({ moved }) => moved).map(({ setAt }) => setAt))];
  return moves.flatMap((setAt): Draft[] => {
    const together = sessions.filter((session) => session.moved && session.setAt === setAt);
    const [next] = together;
    if (next === undefined) return [];
    const occurrence = `${setAt}/${next.sessionId}`;
    return [
      {
        ...plain,
        ...idsOf(next),
        occasion: `${next.courseId}/rescheduled/${occurrence}`,
        touchpoint: 'rescheduled',
        template: 'rescheduled',
        category: 'reminder',
        prefers: 'sms',
        elseCall: true,
        question: 'confirm',
        locals: { ...visit(next), visits: together.map(({ start }) => start) },
        at: setAt,
        expiresAt: earlier(after(next.start, -hour), after(setAt, 2 * day)),
        because: together.length === 1 ? 'the session was moved' : `${together.length} sessions were moved`,
      },
    ];
  });
}

/** What a session that stands asks for until it begins. */
export const beforeSession = (session: Upcoming): Draft[] => [...preparations(session), instructions(session), ...reminders(session)];
