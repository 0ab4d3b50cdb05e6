-- Since when the patient has waited for an earlier time of the session: who waits is asked when a time comes free.
alter table session add column waiting_since timestamptz;
create index session_waiting on session (clinic_id, waiting_since, session_id) where waiting_since is not null;

-- Whether the patient takes a time that came free is a question like others.
alter table asked_question drop constraint asked_question_question_check;
alter table asked_question add constraint asked_question_question_check check (question in ('confirm', 'check-in', 'satisfaction', 'offer'));
alter table outreach drop constraint outreach_question_check;
alter table outreach add constraint outreach_question_check check (question in ('confirm', 'check-in', 'satisfaction', 'offer'));
