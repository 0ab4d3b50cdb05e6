-- The role the product runs as: it may do what the tables grant it and no more. The owner migrates, rebuilds and erases.
do $$
begin
  if not exists (select from pg_roles where rolname = 'afterglow_app') then
    create role afterglow_app nologin;
  end if;
exception when duplicate_object or unique_violation then null; -- another migration made it at the same moment
end $$;

do $$ begin execute format('grant afterglow_app to %I', current_user); end $$;

-- Exclusion constraints over text and ranges together (no double booking) need btree operators in GiST.
create extension if not exists btree_gist;

grant usage on schema public to afterglow_app;

-- The clinic whose rows this connection sees; set at connection, never by a query.
create function clinic_id() returns text language sql stable
  return current_setting('afterglow.clinic_id');
