-- A slot may be kept at the very time of the session's booking with somebody else, or in another room: both are the session's.
alter table allocation drop constraint allocation_pkey, add primary key (clinic_id, session_id, resource_kind, resource_id, during);
