import { Temporal } from 'temporal-polyfill';
import { answerFigures, checkInFigures, confirmationFigures, satisfactionFigures } from '#conversation';
import { messageFigures } from '#follow-up';
import { type Reader, Rejected, type Span } from '#platform';
import { courseFigures, sessionFigures } from '#treatment';

/** Local days of the clinic, both of them included. */
export interface Period {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

const longestDays = 731;

/** The instants of a period. @throws Rejected `wrong_period`: it ends before it begins, or is longer than two years. */
export function spanOf({ from, to, timeZone }: Period): Span {
  const [first, last] = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(to)];
  const days = first.until(last).days + 1;
  if (days < 1) throw new Rejected('wrong_period', `The period ends on ${to}, before it begins.`, { status: 400, path: 'to' });
  if (days > longestDays) throw new Rejected('wrong_period', 'A period is two years at most.', { status: 400, path: 'from' });
  const begin = (day: Temporal.PlainDate) => new Date(day.toZonedDateTime(timeZone).epochMilliseconds);
  return { from: begin(first), to: begin(last.add({ days: 1 })) };
}

const rate = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** What a period was like, in numbers: counts, and rates from 0 to 1, null where there is nothing to divide. Nothing of any one patient. */
export async function insightOf(db: Reader, period: Period) {
  const span = spanOf(period);
  const [sessions, courses, confirmations, days] = await Promise.all([
    sessionFigures(db, span),
    courseFigures(db, span),
    confirmationFigures(db, span),
    checkInFigures(db, span),
  ]);
  const [answers, satisfaction, messages] = await Promise.all([answerFigures(db, span), satisfactionFigures(db, span), messageFigures(db, span)]);
  const asked = days.reduce((total, day) => total + day.asked, 0);
  const answered = days.reduce((total, day) => total + day.answered, 0);
  return {
    period,
    sessions: { ...sessions, noShowRate: rate(sessions.noShows, sessions.due) },
    confirmations: { asked: confirmations.asked, confirmed: confirmations.answered, rate: rate(confirmations.answered, confirmations.asked) },
    courses,
    checkIns: { asked, answered, replyRate: rate(answered, asked), days },
    answers,
    satisfaction,
    messages,
  };
}

export type Insight = Awaited<ReturnType<typeof insightOf>>;
