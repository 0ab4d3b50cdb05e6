-- A third question that digits answer: how happy a patient is, from 1 to 5, and the page that takes the answer to an e-mail.
alter table outreach drop constraint outreach_question_check;
alter table outreach add constraint outreach_question_check check (question in ('confirm', 'check-in', 'satisfaction'));
alter table asked_question drop constraint asked_question_question_check;
alter table asked_question add constraint asked_question_question_check check (question in ('confirm', 'check-in', 'satisfaction'));
alter table patient_link drop constraint patient_link_purpose_check;
alter table patient_link add constraint patient_link_purpose_check check (purpose in ('visit', 'check-in', 'satisfaction', 'photo', 'unsubscribe'));
