-- A report that names our attempt, and the search for a message in doubt, must not read the whole ledger.
create index outreach_by_attempt on outreach (clinic_id, attempt_id) where attempt_id is not null;
create index outreach_by_attempted_at on outreach (clinic_id, attempted_at) where attempted_at is not null;
