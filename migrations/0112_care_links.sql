-- A letter about what was signed opens that, behind the birth date, and not the visit.
alter table patient_link drop constraint patient_link_purpose_check;
alter table patient_link add constraint patient_link_purpose_check check (purpose in ('visit', 'care', 'check-in', 'satisfaction', 'photo', 'unsubscribe'));
