-- The ledger of everything that is to be sent: one row a touchpoint, answer or page. A read model of outreach/{patientId}
-- streams, written in the transaction of the events. The queue only wakes what stands here.
create table outreach (
  clinic_id text not null default clinic_id(),
  outreach_id uuid not null,
  -- occasion and channel, and a number when the same touchpoint was cancelled before and is wanted again.
  key text not null,
  -- What this is, whatever the channel: it reaches the patient once, by one channel.
  occasion text not null,
  -- Grows with every change: a wake-up call for an older version is for nothing.
  version int not null,
  stream text not null,
  patient_id text,
  staff_id text,
  conversation_id text,
  task_id text,
  consultation_id text,
  course_id text,
  session_id text,
  touchpoint text not null,
  -- `call` is a touchpoint that no channel may carry: when it is due, a person calls.
  channel text not null check (channel in ('sms', 'email', 'call')),
  category text not null check (category in ('safety', 'preparation', 'reminder', 'survey', 'answer', 'message', 'page')),
  template text not null,
  -- Ids, codes and times that the text is made of. No personal data.
  locals jsonb not null,
  question text check (question in ('confirm', 'check-in')),
  -- When the plan wants it; due_at is when it really is due. Null: as soon as permitted.
  target_at timestamptz,
  due_at timestamptz not null,
  expires_at timestamptz not null,
  status text not null check (status in ('planned', 'attempting', 'in_doubt', 'sent', 'delivered', 'unproven', 'failed', 'missed', 'cancelled')),
  next_attempt_at timestamptz,
  attempts smallint not null,
  attempt_id uuid,
  attempted_at timestamptz,
  provider_message_id text,
  sent_at timestamptz,
  why text not null,
  because text not null,
  primary key (clinic_id, outreach_id),
  unique (clinic_id, key),
  -- A row that is open always has an hour at which something looks at it again: nothing can be forgotten.
  constraint open_rows_wake check ((status in ('planned', 'attempting', 'in_doubt')) = (next_attempt_at is not null)),
  constraint attempts_are_named check (status not in ('attempting', 'in_doubt') or attempt_id is not null),
  constraint final_within_72_hours check (expires_at <= due_at + interval '72 hours')
);
create index outreach_to_wake on outreach (clinic_id, next_attempt_at) where next_attempt_at is not null;
create index outreach_of_patient on outreach (clinic_id, patient_id, due_at);
create index outreach_of_session on outreach (clinic_id, session_id) where session_id is not null;
create index outreach_by_due on outreach (clinic_id, due_at, outreach_id);
create unique index outreach_by_provider on outreach (clinic_id, provider_message_id) where provider_message_id is not null;

grant select, insert, update, delete on outreach to afterglow_app;
alter table outreach enable row level security;
alter table outreach force row level security;
create policy own_clinic on outreach using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
