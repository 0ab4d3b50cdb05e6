-- What the carrier reported of messages that no row of the ledger knows yet: a callback may overtake the commit of our own
-- answer. Kept until the row learns of that id; what stays is shown by the reconciliation. No personal data: ids and codes.
create table carrier_report (
  clinic_id text not null default clinic_id(),
  -- Tells the same report, when it comes again, from another one on the same message.
  key text not null,
  provider_message_id text not null,
  attempt_id uuid,
  stage text not null check (stage in ('on-its-way', 'sent', 'delivered', 'not-delivered')),
  -- Code, reason and whether it is worth another try; only of what was not delivered.
  error jsonb,
  received_at timestamptz not null,
  primary key (clinic_id, key)
);
create index carrier_report_by_message on carrier_report (clinic_id, provider_message_id);
create index carrier_report_by_age on carrier_report (clinic_id, received_at);

grant select, insert, update, delete on carrier_report to afterglow_app;
alter table carrier_report enable row level security;
alter table carrier_report force row level security;
create policy own_clinic on carrier_report using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
