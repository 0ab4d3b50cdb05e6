import { sql } from 'kysely';
import type { Reader, Span } from '#platform';
import { urgencies, type Urgency } from './triage/index.js';

/*
 * Every rate is of one group of questions: those that were sent in the span, with what was answered to them within two months.
 * So no rate is above one, and a period's figures can only grow towards their end.
 */
const answerable = sql`interval '60 days'`;

export interface Asked {
  readonly asked: number;
  readonly answered: number;
}

/** Sessions whose patient was asked in the span whether they come, and how many of them were confirmed after that, by whomever. */
export async function confirmationFigures(db: Reader, { from, to }: Span): Promise<Asked> {
  const { rows } = await sql<Asked>`
    with asked as (select session_id, min(asked_at) as at from asked_question
        where question = 'confirm' and asked_at >= ${from} and asked_at < ${to} group by session_id),
      confirmed as (select data ->> 'sessionId' as session_id, max(occurred_at) as at from event
        where type = 'session.confirmed.v1' and occurred_at >= ${from} and occurred_at < ${to}::timestamptz + ${answerable} group by 1)
    select count(*) as asked, count(*) filter (where confirmed.at >= asked.at) as answered
    from asked left join confirmed using (session_id)`.execute(db);
  return rows[0] ?? { asked: 0, answered: 0 };
}

export interface CheckInDay extends Asked {
  readonly protocolId: string | null;
  /** Days after treatment. */
  readonly day: number | null;
  /** Questions by the gravest that was read out of what they were answered with. */
  readonly outcomes: Readonly<Partial<Record<Urgency, number>>>;
}

/** Check-ins sent in the span, by protocol and day. A text that fits several open questions answers none of them. */
export async function checkInFigures(db: Reader, { from, to }: Span): Promise<CheckInDay[]> {
  const { rows } = await sql<CheckInDay>`
    with judged as (
      select question ->> 'outreachId' as outreach_id, min(array_position(${[...urgencies]}::text[], triage ->> 'urgency')) as rank
      from message, jsonb_array_elements(check_in) question
      where check_in is not null and at >= ${from} and at < ${to}::timestamptz + ${answerable} and (triage ->> 'ambiguous') is distinct from 'true'
      group by 1),
    counted as (
      select protocol_id, day, (${[...urgencies]}::text[])[rank] as urgency, count(*)::int as questions
      from asked_question left join judged using (outreach_id)
      where question = 'check-in' and asked_at >= ${from} and asked_at < ${to}
      group by protocol_id, day, rank)
    select protocol_id as "protocolId", day, sum(questions) as asked, coalesce(sum(questions) filter (where urgency is not null), 0) as answered,
      coalesce(jsonb_object_agg(urgency, questions) filter (where urgency is not null), '{}') as outcomes
    from counted group by protocol_id, day order by protocol_id, day`.execute(db);
  return rows;
}

export interface AnswerFigures {
  /** How often a patient began to wait for a person in the span; who writes again while waiting waits once. */
  readonly waits: number;
  /** Ended by a person's words, ended without any (a call, resolved, done), and not ended yet. */
  readonly answered: number;
  readonly closed: number;
  readonly waiting: number;
  /** From the first message of a wait to a person's words, in minutes of the clock on the wall; null when there were none. */
  readonly medianMinutes: number | null;
  readonly p90Minutes: number | null;
}

/** A wait of the span may have begun with a message a little before it: so far back is looked. */
const lookBack = sql`interval '14 days'`;

/** How long patients waited for a person's answer. A message that was judged anew to need nobody is no wait. */
export async function answerFigures(db: Reader, { from, to }: Span): Promise<AnswerFigures> {
  const { rows } = await sql<AnswerFigures>`
    with awaited as (
      select conversation_id, asked_at, status,
        (select min(at) from message m where m.conversation_id = a.conversation_id and direction = 'out' and author <> 'afterglow' and at >= asked_at) as answered,
        least(
          (select min(occurred_at) from event where type = 'conversation.resolved.v1' and stream = 'conversation/' || a.conversation_id and occurred_at >= asked_at),
          (select min(completed_at) from task where task.message_id = a.message_id::text and completed_at >= asked_at)) as closed
      from awaited_answer a where asked_at >= ${from}::timestamptz - ${lookBack} and asked_at < ${to}),
    known as (select * from awaited where answered is not null or closed is not null or status <> 'ended'),
    wait as (
      select conversation_id, min(asked_at) as since, min(answered) as until, coalesce(answered <= coalesce(closed, 'infinity'), false) as with_words,
        least(answered, closed) is null as open
      from known group by conversation_id, least(answered, closed), with_words),
    minutes as (
      select open, with_words, case when with_words then extract(epoch from until - since)::float8 / 60 end as taken from wait where since >= ${from})
    select count(*) as waits, count(taken) as answered, count(*) filter (where not open and not with_words) as closed,
      count(*) filter (where open) as waiting,
      percentile_cont(0.5) within group (order by taken) as "medianMinutes", percentile_cont(0.9) within group (order by taken) as "p90Minutes"
    from minutes`.execute(db);
  return rows[0] ?? { waits: 0, answered: 0, closed: 0, waiting: 0, medianMinutes: null, p90Minutes: null };
}

export interface SatisfactionFigures extends Asked {
  /** How many gave 1, 2, 3, 4 and 5. */
  readonly scores: readonly number[];
  readonly mean: number | null;
}

/** How happy patients are who were asked in the span; of two answers to one question the later counts. */
export async function satisfactionFigures(db: Reader, { from, to }: Span): Promise<SatisfactionFigures> {
  const { rows } = await sql<{ score: number | null; questions: number }>`
    with given as (
      select distinct on (data ->> 'outreachId') data ->> 'outreachId' as outreach_id, (data ->> 'score')::int as score from event
      where type = 'satisfaction.answered.v1' and occurred_at >= ${from} and occurred_at < ${to}::timestamptz + ${answerable}
      order by data ->> 'outreachId', position desc)
    select score, count(*) as questions from asked_question left join given using (outreach_id)
    where question = 'satisfaction' and asked_at >= ${from} and asked_at < ${to} group by score`.execute(db);
  const scores = [1, 2, 3, 4, 5].map((score) => rows.find((row) => row.score === score)?.questions ?? 0);
  const answered = scores.reduce((total, number) => total + number, 0);
  const points = scores.reduce((total, number, index) => total + number * (index + 1), 0);
  return { asked: rows.reduce((total, { questions }) => total + questions, 0), answered, scores, mean: answered === 0 ? null : points / answered };
}
