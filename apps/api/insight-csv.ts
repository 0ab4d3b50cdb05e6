import type { Insight } from './insight.js';

type Cell = string | number | null;

/**
 * Rows as RFC 4180 has them: lines end with CRLF, cells with a comma, a quote or a line break stand in quotes. A text that a
 * spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection).
 */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const header = ['from', 'to', 'time_zone', 'figure', 'protocol', 'day', 'channel', 'part', 'value', 'unit'];
/** What a row says beside the period: figure, protocol, day, channel, part, value, unit. */
type Line = readonly [figure: string, protocol: string | null, day: number | null, channel: string | null, part: string, value: number | null, unit: string];

const plain = (figure: string, unit: string, parts: Readonly<Record<string, number | null>>): Line[] =>
  Object.entries(parts).map(([part, value]): Line => [figure, null, null, null, part, value, unit]);

function checkIns({ days }: Insight['checkIns']): Line[] {
  return days.flatMap(({ protocolId, day, asked, answered, outcomes }) =>
    Object.entries({ asked, answered, ...outcomes }).map(([part, value]): Line => ['check-ins', protocolId, day, null, part, value, 'questions']),
  );
}

/** The figures as one long table: one number a row, so that it can be filtered and put under another period's. */
export function insightCsv({ period, sessions, confirmations, courses, checkIns: asked, answers, satisfaction, messages }: Insight): string {
  const { medianMinutes, p90Minutes, ...waits } = answers;
  const scores = Object.fromEntries(satisfaction.scores.map((patients, index) => [`score ${index + 1}`, patients]));
  const rates = { no_shows: sessions.noShowRate, confirmations: confirmations.rate, check_in_replies: asked.replyRate };
  const lines: Line[] = [
    ...plain('sessions', 'sessions', sessions.byStatus),
    ...plain('moves', 'moves', { byPatient: sessions.moves.byPatient, byStaff: sessions.moves.byStaff, bySchedule: sessions.moves.bySchedule }),
    ...plain('moved sessions', 'sessions', { moved: sessions.moves.sessions }),
    ...plain('confirmations', 'sessions', { asked: confirmations.asked, confirmed: confirmations.confirmed }),
    ...plain('courses', 'courses', { ...courses }),
    ...plain('rates', 'share', rates),
    ...checkIns(asked),
    ...plain('waits for a person', 'waits', waits),
    ...plain('time to an answer', 'minutes', { medianMinutes, p90Minutes }),
    ...plain('satisfaction', 'answers', { asked: satisfaction.asked, answered: satisfaction.answered, ...scores }),
    ...plain('satisfaction mean', 'points', { mean: satisfaction.mean }),
    ...messages.map(({ channel, status, messages: sent }): Line => ['messages', null, null, channel, status, sent, 'messages']),
  ];
  return csvOf([header, ...lines.map((line) => [period.from, period.to, period.timeZone, ...line])]);
}
