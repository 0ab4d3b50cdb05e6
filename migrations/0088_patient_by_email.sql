-- Who writes an e-mail is looked up by the address, in any case.
create index patient_by_email on patient (clinic_id, lower(email)) where email is not null;
