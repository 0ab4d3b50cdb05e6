-- Who ended a wait, and when, is looked for once a wait: a year has tens of thousands of them.
create index message_by_person on message (clinic_id, conversation_id, at) where direction = 'out' and author <> 'afterglow';
create index resolved_conversation on event (clinic_id, stream, occurred_at) where type = 'conversation.resolved.v1';
