-- A thread with one patient, or with a number that is no patient's yet.
create table conversation (
  clinic_id text not null default clinic_id(),
  conversation_id text not null,
  patient_id text,
  -- Where the last message came from; emptied when the patient is erased.
  channel text not null,
  address text,
  status text not null check (status in ('open', 'resolved')),
  -- The highest of what came in since it was last resolved; null when nothing is open.
  urgency text,
  assignee text,
  last_message_at timestamptz not null,
  resolved_position bigint not null default 0,
  -- The order of the list: a newer message moves the thread up.
  position bigint not null,
  primary key (clinic_id, conversation_id)
);
create index conversation_by_latest on conversation (clinic_id, position desc);

create table message (
  clinic_id text not null default clinic_id(),
  message_id uuid not null,
  conversation_id text not null,
  position bigint not null,
  direction text not null check (direction in ('in', 'out')),
  channel text not null,
  -- Null when the patient was erased.
  body text,
  media jsonb not null,
  at timestamptz not null,
  author text,
  outreach_id text,
  -- What a message out was about, when it was made of an approved template: its words are made anew for each sending.
  touchpoint text,
  reply_to uuid,
  triage jsonb,
  -- The check-in that it answers; several when it fits more than one open question.
  check_in jsonb,
  primary key (clinic_id, message_id)
);
create index message_of_conversation on message (clinic_id, conversation_id, position);

-- Questions that were sent and may be answered with a digit.
create table asked_question (
  clinic_id text not null default clinic_id(),
  outreach_id text not null,
  patient_id text not null,
  channel text not null,
  question text not null check (question in ('confirm', 'check-in')),
  session_id text not null,
  protocol_id text,
  day int,
  asked_at timestamptz not null,
  answered_at timestamptz,
  void boolean not null default false,
  primary key (clinic_id, outreach_id)
);
create index asked_question_of_patient on asked_question (clinic_id, patient_id, asked_at desc);

-- Recoveries that replies are judged by; the days are the clinic's local days since the session.
create table recovery_window (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  patient_id text not null,
  protocol_id text not null,
  completed_on date not null,
  time_zone text not null,
  until_day int not null,
  primary key (clinic_id, session_id)
);
create index recovery_window_of_patient on recovery_window (clinic_id, patient_id);

-- Sessions that are still ahead: a withdrawn channel must not leave their patient without word.
create table awaited_session (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  patient_id text not null,
  starts_at timestamptz not null,
  primary key (clinic_id, session_id)
);
create index awaited_session_of_patient on awaited_session (clinic_id, patient_id, starts_at);

-- Threads whose person asked for no more messages; the later word counts.
create table stopped_thread (
  clinic_id text not null default clinic_id(),
  conversation_id text not null,
  channel text not null,
  stopped boolean not null,
  changed_at timestamptz not null,
  primary key (clinic_id, conversation_id, channel)
);

-- Clarifying questions that wait for an answer; unanswered they become a person's task.
create table clarification (
  clinic_id text not null default clinic_id(),
  message_id uuid not null,
  conversation_id text not null,
  patient_id text,
  due_at timestamptz not null,
  status text not null check (status in ('waiting', 'answered', 'escalated')),
  primary key (clinic_id, message_id)
);
create index clarification_due on clarification (clinic_id, due_at) where status = 'waiting';

-- What a person must do.
create table task (
  clinic_id text not null default clinic_id(),
  task_id text not null,
  position bigint not null,
  kind text not null,
  why text not null,
  status text not null check (status in ('open', 'acknowledged', 'done')),
  due_at timestamptz not null,
  role text,
  assignee text,
  urgency text,
  patient_id text,
  session_id text,
  course_id text,
  outreach_id text,
  conversation_id text,
  message_id text,
  opened_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  completed_at timestamptz,
  completed_by text,
  primary key (clinic_id, task_id)
);
create index task_by_due on task (clinic_id, status, due_at, task_id);
create index task_of_conversation on task (clinic_id, conversation_id) where conversation_id is not null;

-- The ladder of a task: who is paged when. A rung that has had its turn has no next moment, the last one repeats.
create table escalation (
  clinic_id text not null default clinic_id(),
  task_id text not null,
  rung int not null,
  role text not null,
  channels text[] not null,
  due_at timestamptz not null,
  is_last boolean not null,
  attempts int not null default 0,
  status text not null check (status in ('waiting', 'paged', 'stopped')),
  next_attempt_at timestamptz,
  primary key (clinic_id, task_id, rung)
);
create index escalation_due on escalation (clinic_id, next_attempt_at) where next_attempt_at is not null;

grant select, insert, update on conversation, message, asked_question, stopped_thread, clarification, task, escalation to afterglow_app;
grant select, insert, update, delete on recovery_window, awaited_session to afterglow_app;

do $$
declare tenant text;
begin
  foreach tenant in array array[
    'conversation', 'message', 'asked_question', 'recovery_window', 'awaited_session', 'stopped_thread', 'clarification', 'task', 'escalation'
  ] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy own_clinic on %I using (clinic_id = clinic_id()) with check (clinic_id = clinic_id())', tenant);
  end loop;
end $$;
