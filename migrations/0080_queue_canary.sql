-- When a job that means nothing was last rung: the queue may go deaf without an error, and only this shows it.
create table queue_canary (
  clinic_id text not null default clinic_id(),
  queue text not null,
  rang_at timestamptz not null,
  primary key (clinic_id, queue)
);
alter table queue_canary enable row level security;
alter table queue_canary force row level security;
create policy own_clinic on queue_canary using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
grant select, insert, update on queue_canary to afterglow_app;
