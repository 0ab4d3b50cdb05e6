import { after, atTime, day, type Draft, draftOf, earlier, hour, idsOf, later, localDay, occasionOf, type Upcoming, visit } from './draft.js';

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
    return draftOf('preparation', {
      ...idsOf(session),
      occasion: occasionOf(session, 'preparation', session.start, days),
      locals: { ...visit(session), avoid },
      at: later(tellAt(days), session.setAt),
      expiresAt: after(session.start, -12 * hour),
      because: `${avoid.join(', ')}: ${days} days before the session, by protocol ${session.protocolId}`,
    });
  });
}

function instructions(session: Upcoming): Draft {
  const at = later(atTime(localDay(session.start, session.timeZone).subtract({ days: 3 }), '12:00', session.timeZone), session.setAt);
  return draftOf('instructions', {
    ...idsOf(session),
    occasion: occasionOf(session, 'instructions', session.start),
    locals: visit(session),
    at,
    expiresAt: after(session.start, -2 * hour),
    because: 'three days before the session: how to come',
  });
}

/** Two days before, and the day before unless the patient has confirmed; one at once when it was booked later than that. */
function reminders(session: Upcoming): Draft[] {
  const date = localDay(session.start, session.timeZone);
  const remind = (days: number, at: string, expiresAt: string, because: string): Draft =>
    draftOf('reminder', {
      ...idsOf(session),
      occasion: occasionOf(session, 'reminder', session.start, days),
      template: session.status === 'confirmed' ? 'reminder.confirmed' : 'reminder',
      // The text of the day before counts most: the earlier one goes by e-mail rather than take its room.
      yields: days === 2 && wanted.length > 1,
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
      draftOf('rescheduled', {
        ...idsOf(next),
        occasion: `${next.courseId}/rescheduled/${occurrence}`,
        locals: { ...visit(next), visits: together.map(({ start }) => start) },
        at: setAt,
        expiresAt: earlier(after(next.start, -hour), after(setAt, 2 * day)),
        because: together.length === 1 ? 'the session was moved' : `${together.length} sessions were moved`,
      }),
    ];
  });
}

/** On the day itself: the way, the hour and what to do when late. Nothing for a visit that was booked or moved on the same day. */
function arrival(session: Upcoming): Draft[] {
  const date = localDay(session.start, session.timeZone);
  const at = earlier(atTime(date, '08:00', session.timeZone), after(session.start, -3 * hour));
  if (session.setAt >= atTime(date, '00:00', session.timeZone)) return [];
  return [
    draftOf('arrival', {
      ...idsOf(session),
      occasion: occasionOf(session, 'arrival', session.start),
      question: session.status === 'confirmed' ? null : 'confirm',
      locals: visit(session),
      at,
      expiresAt: after(session.start, -hour / 2),
      because: 'the session is today',
    }),
  ];
}

/** What a session that stands asks for until it begins. */
export const beforeSession = (session: Upcoming): Draft[] => [...preparations(session), instructions(session), ...reminders(session), ...arrival(session)];
