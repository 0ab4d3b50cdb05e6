-- A slot may be kept for a patient while somebody decides: beside the session's booking, or instead of one. What it takes in
-- the ledgers is the session's as well, so that a session may hold two ranges of one resource.
alter table allocation drop constraint allocation_pkey, add primary key (clinic_id, session_id, resource_kind, during);

-- Until when the session's slot is kept; the clock lets go of it then.
alter table session add column held_until timestamptz;
create index session_held on session (clinic_id, held_until) where held_until is not null;
