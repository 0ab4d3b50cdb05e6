-- Before a text leaves it is asked whether its patient has just written something that nobody has read yet: it may be a STOP.
create index message_unheard on message (clinic_id, conversation_id, at) where direction = 'in' and triage is null;
