-- What the daily comparison of the ledger with the carrier's own list came to: one row each time, for people and metrics. What
-- it found is in the log, as proof and reports, and in the tasks.
create table reconciliation (
  clinic_id text not null default clinic_id(),
  channel text not null check (channel in ('sms', 'email')),
  at timestamptz not null,
  -- Messages since then were compared.
  since timestamptz not null,
  -- Messages in the carrier's list.
  listed int not null,
  -- Final statuses that no callback had brought.
  settled int not null,
  -- Rows without proof, or about to be sent again, that the list proved to have left.
  proven int not null,
  -- Messages at the carrier that the ledger does not know; a task each.
  strangers int not null,
  -- Rows that count as handed over and are not in the list; a task each.
  unlisted int not null,
  -- Handed over more than a day before, and neither side knows whether they were delivered.
  silent int not null,
  -- Reports older than a day that belong to no row.
  unclaimed int not null,
  primary key (clinic_id, channel, at)
);

grant select, insert, delete on reconciliation to afterglow_app;
alter table reconciliation enable row level security;
alter table reconciliation force row level security;
create policy own_clinic on reconciliation using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
