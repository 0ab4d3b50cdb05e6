-- The inbox: what is gravest first, then who has waited longest; a thread may sleep until a time, and knows when it last changed.
alter table conversation drop constraint conversation_status_check;
alter table conversation add constraint conversation_status_check check (status in ('open', 'snoozed', 'resolved'));
alter table conversation add column snoozed_until timestamptz;
-- Position of the last event that staff who look at it should know of before they act on it.
alter table conversation add column changed bigint not null default 0;
alter table conversation add column urgency_rank int not null
  generated always as (coalesce(array_position(array['emergency', 'urgent', 'soon', 'ask', 'expected', 'administrative'], urgency), 7)) stored;
create index conversation_inbox on conversation (clinic_id, urgency_rank, coalesce(unanswered_since, 'infinity'::timestamptz), (-position));
create index conversation_to_wake on conversation (clinic_id, snoozed_until) where status = 'snoozed';

alter table message add column subject text;

-- What was handed over, as it left, until it is known to have left: then it stands in the thread.
create table attempted_text (
  clinic_id text not null default clinic_id(),
  outreach_id text not null,
  attempt_id text not null,
  conversation_id text not null,
  position bigint not null,
  subject text,
  body text not null,
  primary key (clinic_id, outreach_id, attempt_id)
);
create index attempted_text_of_conversation on attempted_text (clinic_id, conversation_id);

grant select, insert, delete on attempted_text to afterglow_app;
alter table attempted_text enable row level security;
alter table attempted_text force row level security;
create policy own_clinic on attempted_text using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
