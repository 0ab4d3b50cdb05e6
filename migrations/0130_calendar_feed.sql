-- A calendar that somebody subscribed to by its address. The address holds a random token, stored hashed: a copy of the table
-- opens nothing, and an address that was given away is revoked without touching the others.
create table calendar_feed (
  clinic_id text not null default clinic_id(),
  feed_id text not null,
  token_hash bytea not null,
  kind text not null check (kind in ('provider', 'room', 'patient')),
  subject_id text not null,
  created_by text not null,
  created_at timestamptz not null,
  revoked_by text,
  revoked_at timestamptz,
  -- What it held when it was last read and since when: for ETag, Last-Modified and DTSTAMP.
  content_hash text,
  modified_at timestamptz not null,
  primary key (clinic_id, feed_id),
  unique (clinic_id, token_hash),
  check ((revoked_at is null) = (revoked_by is null))
);
create index calendar_feed_of_subject on calendar_feed (clinic_id, kind, subject_id, feed_id);

grant select, insert, update on calendar_feed to afterglow_app;
alter table calendar_feed enable row level security;
alter table calendar_feed force row level security;
create policy own_clinic on calendar_feed using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
