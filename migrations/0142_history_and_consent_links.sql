-- A patient's own page may be where they tell their history, or read and sign the consent to their plan.
alter table patient_link drop constraint patient_link_purpose_check;
alter table patient_link add constraint patient_link_purpose_check
  check (purpose in ('visit', 'care', 'check-in', 'satisfaction', 'photo', 'unsubscribe', 'history', 'consent'));
