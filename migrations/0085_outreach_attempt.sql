-- One row for each attempt to send a message, beside the ledger and of the same read model: a carrier's report that names an
-- attempt finds its message also when another attempt has followed. Its key is drawn by us before anything leaves.
create table outreach_attempt (
  clinic_id text not null default clinic_id(),
  attempt_id uuid not null,
  outreach_id uuid not null,
  at timestamptz not null,
  -- What became of the hand-over; whether the message was delivered stands in the ledger. not_found: the carrier's own list
  -- did not have it. copy: it reached the carrier beside another attempt of the same message.
  outcome text not null check (outcome in ('under_way', 'in_doubt', 'refused', 'not_found', 'unproven', 'sent', 'copy')),
  provider_message_id text,
  primary key (clinic_id, attempt_id)
);
create index attempts_of_outreach on outreach_attempt (clinic_id, outreach_id);
-- The id of an attempt that became its message's stands in the ledger, under an index of its own.
create index outreach_attempt_copies on outreach_attempt (clinic_id, provider_message_id) where outcome = 'copy';

grant select, insert, update, delete on outreach_attempt to afterglow_app;
alter table outreach_attempt enable row level security;
alter table outreach_attempt force row level security;
create policy own_clinic on outreach_attempt using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());

-- The attempts that the ledger still shows; a rebuild of the read model `outreach` gives the earlier ones.
insert into outreach_attempt (clinic_id, attempt_id, outreach_id, at, outcome, provider_message_id)
select clinic_id, attempt_id, outreach_id, attempted_at,
  case when provider_message_id is not null then 'sent' when status = 'attempting' then 'under_way'
    when status in ('in_doubt', 'unproven') then status else 'refused' end,
  provider_message_id
from outreach where attempt_id is not null and attempted_at is not null;
