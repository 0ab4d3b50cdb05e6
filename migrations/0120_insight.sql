-- What the figures of a period are counted from, by time: without these a month would be looked for through all years.
-- Partial, so that they cost nothing to the events that nobody counts.
create index event_of_insight on event (clinic_id, type, occurred_at)
  where type in ('session.confirmed.v1', 'session.rescheduled.v1', 'conversation.resolved.v1', 'satisfaction.answered.v1');
create index asked_question_by_time on asked_question (clinic_id, question, asked_at);
create index awaited_answer_by_time on awaited_answer (clinic_id, asked_at);
create index message_that_answers on message (clinic_id, at) where check_in is not null;
