-- The clock of a patient's message that asks for a person: it runs until a person answers, or says that it is dealt with.
create table awaited_answer (
  clinic_id text not null default clinic_id(),
  message_id uuid not null,
  conversation_id text not null,
  patient_id text,
  urgency text not null,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  status text not null check (status in ('waiting', 'overdue', 'ended')),
  primary key (clinic_id, message_id)
);
create index awaited_answer_due on awaited_answer (clinic_id, due_at) where status = 'waiting';
create index awaited_answer_of_conversation on awaited_answer (clinic_id, conversation_id) where status <> 'ended';

-- A task that is not done in time climbs: when next, and who has been told so far.
alter table task add column climb_at timestamptz;
alter table task add column climbs int not null default 0;
alter table task add column told text[] not null default '{}';
create index task_to_climb on task (clinic_id, climb_at) where climb_at is not null;
create index task_of_message on task (clinic_id, message_id) where message_id is not null;

-- One reminder of overdue tasks a person and a day, however many tasks there are.
create table staff_reminder (
  clinic_id text not null default clinic_id(),
  staff_id text not null,
  -- In the clinic's zone.
  day date not null,
  due_at timestamptz not null,
  status text not null check (status in ('waiting', 'sent', 'dropped')),
  primary key (clinic_id, staff_id, day)
);
create index staff_reminder_due on staff_reminder (clinic_id, due_at) where status = 'waiting';

-- A thread shows since when its patient waits for a person, and until when one should have answered.
alter table conversation add column unanswered_since timestamptz;
alter table conversation add column answer_by timestamptz;

grant select, insert, update on awaited_answer, staff_reminder to afterglow_app;

do $$
declare tenant text;
begin
  foreach tenant in array array['awaited_answer', 'staff_reminder'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy own_clinic on %I using (clinic_id = clinic_id()) with check (clinic_id = clinic_id())', tenant);
  end loop;
end $$;
