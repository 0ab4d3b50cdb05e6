-- Who holds a message back or called it off: the plan does not undo what a person has decided.
alter table outreach add column stopped_by text;
create index task_of_outreach on task (clinic_id, outreach_id) where outreach_id is not null;
