-- A second factor, devices to sign out, and an access log that can be read page by page.
alter table staff_account
  -- The shared secret, sealed; asked for at sign-in once it was confirmed.
  add column totp_secret bytea,
  add column totp_confirmed_at timestamptz,
  -- The last time step that was used: a code is good once (RFC 6238, section 5.2).
  add column totp_step bigint;

alter table staff_session
  add column session_id uuid not null default gen_random_uuid(),
  -- What the browser said it is, as far as staff need it to recognise their own.
  add column device text not null default '',
  add column seen_at timestamptz;
create unique index staff_session_by_id on staff_session (clinic_id, session_id);
grant update (seen_at) on staff_session to afterglow_app;

alter table access_log add column entry bigint generated always as identity;
create index access_log_by_entry on access_log (clinic_id, entry);
