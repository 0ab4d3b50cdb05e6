-- tables
create table access_log (
  clinic_id text not null default clinic_id(),
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  patient_id text,
  entry bigint not null
);
create table allocation (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  resource_kind text not null,
  resource_id text not null,
  during tstzrange not null,
  place text,
  on_day date
);
create table api_key (
  clinic_id text not null default clinic_id(),
  key_hash bytea not null,
  name text not null,
  roles text[] not null,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  key_id uuid not null default gen_random_uuid(),
  hint text,
  created_by text,
  revoked_by text,
  last_used_at timestamp with time zone
);
create table asked_question (
  clinic_id text not null default clinic_id(),
  outreach_id text not null,
  patient_id text not null,
  channel text not null,
  question text not null,
  session_id text not null,
  protocol_id text,
  day integer,
  asked_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  void boolean not null default false
);
create table attempted_text (
  clinic_id text not null default clinic_id(),
  outreach_id text not null,
  attempt_id text not null,
  conversation_id text not null,
  "position" bigint not null,
  subject text,
  body text not null
);
create table awaited_answer (
  clinic_id text not null default clinic_id(),
  message_id uuid not null,
  conversation_id text not null,
  patient_id text,
  urgency text not null,
  asked_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  status text not null
);
create table awaited_media (
  clinic_id text not null default clinic_id(),
  message_id uuid not null,
  place smallint not null,
  conversation_id text not null,
  form text not null,
  patient_id text,
  source bytea not null,
  status text not null,
  received_at timestamp with time zone not null,
  attempts smallint not null,
  next_attempt_at timestamp with time zone,
  why text
);
create table awaited_session (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  patient_id text not null,
  starts_at timestamp with time zone not null
);
create table calendar_feed (
  clinic_id text not null default clinic_id(),
  feed_id text not null,
  token_hash bytea not null,
  kind text not null,
  subject_id text not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  revoked_by text,
  revoked_at timestamp with time zone,
  content_hash text,
  modified_at timestamp with time zone not null
);
create table carrier_report (
  clinic_id text not null default clinic_id(),
  key text not null,
  provider_message_id text not null,
  attempt_id uuid,
  stage text not null,
  error jsonb,
  received_at timestamp with time zone not null
);
create table checkpoint (
  clinic_id text not null default clinic_id(),
  name text not null,
  "position" bigint not null
);
create table clarification (
  clinic_id text not null default clinic_id(),
  message_id uuid not null,
  conversation_id text not null,
  patient_id text,
  due_at timestamp with time zone not null,
  status text not null
);
create table clinic_exception (
  clinic_id text not null default clinic_id(),
  exception_id text not null,
  kind text not null,
  staff_id text,
  during tstzrange not null,
  entry jsonb not null
);
create table clinic_settings (
  clinic_id text not null default clinic_id(),
  document jsonb not null,
  updated_at timestamp with time zone not null,
  exceptions_as_of text
);
create table consultation (
  clinic_id text not null default clinic_id(),
  consultation_id text not null,
  patient_id text not null
);
create table conversation (
  clinic_id text not null default clinic_id(),
  conversation_id text not null,
  patient_id text,
  channel text not null,
  address text,
  status text not null,
  urgency text,
  assignee text,
  last_message_at timestamp with time zone not null,
  resolved_position bigint not null default 0,
  "position" bigint not null,
  unanswered_since timestamp with time zone,
  answer_by timestamp with time zone,
  snoozed_until timestamp with time zone,
  changed bigint not null default 0,
  urgency_rank integer not null default COALESCE(array_position(ARRAY['emergency'::text, 'urgent'::text, 'soon'::text, 'ask'::text, 'expected'::text, 'administrative'::text], urgency), 7)
);
create table course (
  clinic_id text not null default clinic_id(),
  course_id text not null,
  patient_id text not null,
  consultation_id text not null,
  status text not null,
  state jsonb not null
);
create table escalation (
  clinic_id text not null default clinic_id(),
  task_id text not null,
  rung integer not null,
  role text not null,
  channels text[] not null,
  due_at timestamp with time zone not null,
  is_last boolean not null,
  attempts integer not null default 0,
  status text not null,
  next_attempt_at timestamp with time zone
);
create table event (
  clinic_id text not null default clinic_id(),
  "position" bigint not null,
  stream text not null,
  version bigint not null,
  event_id uuid not null,
  type text not null,
  schema_version smallint not null default 1,
  data jsonb not null,
  sealed bytea,
  patient_id text,
  meta jsonb not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  hash bytea not null
);
create table idempotency_key (
  clinic_id text not null default clinic_id(),
  actor text not null,
  key text not null,
  request_hash bytea not null,
  status integer,
  answer jsonb,
  created_at timestamp with time zone not null
);
create table log_seal (
  clinic_id text not null default clinic_id(),
  up_to_position bigint not null,
  root bytea not null,
  sealed_at timestamp with time zone not null
);
create table message (
  clinic_id text not null default clinic_id(),
  message_id uuid not null,
  conversation_id text not null,
  "position" bigint not null,
  direction text not null,
  channel text not null,
  body text,
  media jsonb not null,
  at timestamp with time zone not null,
  author text,
  outreach_id text,
  touchpoint text,
  reply_to uuid,
  triage jsonb,
  check_in jsonb,
  subject text
);
create table outreach (
  clinic_id text not null default clinic_id(),
  outreach_id uuid not null,
  key text not null,
  occasion text not null,
  version integer not null,
  stream text not null,
  patient_id text,
  staff_id text,
  conversation_id text,
  task_id text,
  consultation_id text,
  course_id text,
  session_id text,
  touchpoint text not null,
  channel text not null,
  category text not null,
  template text not null,
  locals jsonb not null,
  question text,
  target_at timestamp with time zone,
  due_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  status text not null,
  next_attempt_at timestamp with time zone,
  attempts smallint not null,
  attempt_id uuid,
  attempted_at timestamp with time zone,
  provider_message_id text,
  sent_at timestamp with time zone,
  why text not null,
  because text not null,
  text_version integer,
  stopped_by text
);
create table outreach_attempt (
  clinic_id text not null default clinic_id(),
  attempt_id uuid not null,
  outreach_id uuid not null,
  at timestamp with time zone not null,
  outcome text not null,
  provider_message_id text
);
create table parked_event (
  clinic_id text not null default clinic_id(),
  name text not null,
  "position" bigint not null,
  reason text not null,
  parked_at timestamp with time zone not null
);
create table patient (
  clinic_id text not null default clinic_id(),
  patient_id text not null,
  given_name text,
  family_name text,
  birth_date date,
  phone text,
  email text,
  language text,
  time_zone text,
  updated_at timestamp with time zone not null,
  erased boolean not null default false
);
create table patient_key (
  clinic_id text not null default clinic_id(),
  patient_id text not null,
  wrapped_key bytea,
  created_at timestamp with time zone not null,
  destroyed_at timestamp with time zone
);
create table patient_link (
  clinic_id text not null default clinic_id(),
  token_hash bytea not null,
  patient_id text not null,
  purpose text not null,
  session_id text,
  outreach_id text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  failures smallint not null default 0
);
create table photo (
  clinic_id text not null default clinic_id(),
  photo_id uuid not null,
  patient_id text not null,
  message_id uuid not null,
  type text not null,
  sealed bytea not null,
  received_at timestamp with time zone not null
);
create table protocol_version (
  clinic_id text not null default clinic_id(),
  protocol_id text not null,
  version integer not null,
  active jsonb not null,
  activated_by text not null,
  activated_at timestamp with time zone not null
);
create table quarantine (
  clinic_id text not null default clinic_id(),
  id uuid not null,
  event_id uuid,
  sender_source text,
  sender_id text,
  patient_id text,
  subject text,
  code text not null,
  message text not null,
  path text,
  payload bytea,
  status text not null,
  received_at timestamp with time zone not null,
  retried_at timestamp with time zone
);
create table queue_canary (
  clinic_id text not null default clinic_id(),
  queue text not null,
  rang_at timestamp with time zone not null
);
create table reconciliation (
  clinic_id text not null default clinic_id(),
  channel text not null,
  at timestamp with time zone not null,
  since timestamp with time zone not null,
  listed integer not null,
  settled integer not null,
  proven integer not null,
  strangers integer not null,
  unlisted integer not null,
  silent integer not null,
  unclaimed integer not null
);
create table recovery_lane (
  clinic_id text not null default clinic_id(),
  patient_id text not null,
  source text not null,
  lane text not null,
  role smallint not null,
  during tstzrange not null
);
create table recovery_window (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  patient_id text not null,
  protocol_id text not null,
  completed_on date not null,
  time_zone text not null,
  until_day integer not null
);
create table session (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  course_id text not null,
  patient_id text not null,
  protocol_id text not null,
  status text not null,
  start_at timestamp with time zone,
  end_at timestamp with time zone,
  provider_id text,
  room_id text,
  state jsonb not null,
  held_until timestamp with time zone,
  waiting_since timestamp with time zone
);
create table staff_account (
  clinic_id text not null default clinic_id(),
  staff_id text not null,
  email text not null,
  password_hash text not null,
  failures integer not null default 0,
  locked_until timestamp with time zone,
  totp_secret bytea,
  totp_confirmed_at timestamp with time zone,
  totp_step bigint
);
create table staff_reminder (
  clinic_id text not null default clinic_id(),
  staff_id text not null,
  day date not null,
  due_at timestamp with time zone not null,
  status text not null
);
create table staff_session (
  clinic_id text not null default clinic_id(),
  token_hash bytea not null,
  staff_id text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  session_id uuid not null default gen_random_uuid(),
  device text not null default ''::text,
  seen_at timestamp with time zone
);
create table stopped_thread (
  clinic_id text not null default clinic_id(),
  conversation_id text not null,
  channel text not null,
  stopped boolean not null,
  changed_at timestamp with time zone not null
);
create table stream (
  clinic_id text not null default clinic_id(),
  stream text not null,
  version bigint not null,
  hash bytea not null
);
create table task (
  clinic_id text not null default clinic_id(),
  task_id text not null,
  "position" bigint not null,
  kind text not null,
  why text not null,
  status text not null,
  due_at timestamp with time zone not null,
  role text,
  assignee text,
  urgency text,
  patient_id text,
  session_id text,
  course_id text,
  outreach_id text,
  conversation_id text,
  message_id text,
  opened_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  completed_at timestamp with time zone,
  completed_by text,
  climb_at timestamp with time zone,
  climbs integer not null default 0,
  told text[] not null default '{}'::text[]
);
create table template_version (
  clinic_id text not null default clinic_id(),
  key text not null,
  language text not null,
  version integer not null,
  sms text not null,
  subject text not null,
  email text not null,
  drafted_by text not null,
  drafted_at timestamp with time zone not null,
  approved_by text,
  approved_at timestamp with time zone
);
create table webhook (
  clinic_id text not null default clinic_id(),
  webhook_id uuid not null,
  url text not null,
  types text[] not null,
  secret bytea not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  failures integer not null default 0,
  disabled_at timestamp with time zone,
  disabled_why text
);
create table webhook_delivery (
  clinic_id text not null default clinic_id(),
  delivery_id uuid not null,
  webhook_id uuid not null,
  "position" bigint not null,
  type text not null,
  body text not null,
  status text not null,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone,
  answer integer,
  why text,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone
);

-- constraints
alter table allocation add constraint allocation_during_check CHECK ((NOT isempty(during)));
alter table allocation add constraint allocation_pkey PRIMARY KEY (clinic_id, session_id, resource_kind, resource_id, during);
alter table allocation add constraint allocation_resource_kind_check CHECK ((resource_kind = ANY (ARRAY['provider'::text, 'room'::text, 'device'::text, 'patient'::text])));
alter table allocation add constraint no_double_booking EXCLUDE USING gist (clinic_id WITH =, resource_kind WITH =, resource_id WITH =, during WITH &&) DEFERRABLE;
alter table allocation add constraint one_place_a_day EXCLUDE USING gist (clinic_id WITH =, resource_id WITH =, on_day WITH =, place WITH <>) WHERE (((resource_kind = 'provider'::text) AND (place IS NOT NULL))) DEFERRABLE;
alter table api_key add constraint api_key_pkey PRIMARY KEY (clinic_id, key_hash);
alter table asked_question add constraint asked_question_pkey PRIMARY KEY (clinic_id, outreach_id);
alter table asked_question add constraint asked_question_question_check CHECK ((question = ANY (ARRAY['confirm'::text, 'check-in'::text, 'satisfaction'::text, 'offer'::text])));
alter table attempted_text add constraint attempted_text_pkey PRIMARY KEY (clinic_id, outreach_id, attempt_id);
alter table awaited_answer add constraint awaited_answer_pkey PRIMARY KEY (clinic_id, message_id);
alter table awaited_answer add constraint awaited_answer_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'overdue'::text, 'ended'::text])));
alter table awaited_media add constraint awaited_media_pkey PRIMARY KEY (clinic_id, message_id, place);
alter table awaited_media add constraint awaited_media_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'kept'::text, 'refused'::text])));
alter table awaited_media add constraint waiting_media_wakes CHECK (((status = 'waiting'::text) = (next_attempt_at IS NOT NULL)));
alter table awaited_session add constraint awaited_session_pkey PRIMARY KEY (clinic_id, session_id);
alter table calendar_feed add constraint calendar_feed_check CHECK (((revoked_at IS NULL) = (revoked_by IS NULL)));
alter table calendar_feed add constraint calendar_feed_clinic_id_token_hash_key UNIQUE (clinic_id, token_hash);
alter table calendar_feed add constraint calendar_feed_kind_check CHECK ((kind = ANY (ARRAY['provider'::text, 'room'::text, 'patient'::text])));
alter table calendar_feed add constraint calendar_feed_pkey PRIMARY KEY (clinic_id, feed_id);
alter table carrier_report add constraint carrier_report_pkey PRIMARY KEY (clinic_id, key);
alter table carrier_report add constraint carrier_report_stage_check CHECK ((stage = ANY (ARRAY['on-its-way'::text, 'sent'::text, 'delivered'::text, 'not-delivered'::text])));
alter table checkpoint add constraint checkpoint_pkey PRIMARY KEY (clinic_id, name);
alter table clarification add constraint clarification_pkey PRIMARY KEY (clinic_id, message_id);
alter table clarification add constraint clarification_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'answered'::text, 'escalated'::text])));
alter table clinic_exception add constraint clinic_exception_during_check CHECK ((NOT isempty(during)));
alter table clinic_exception add constraint clinic_exception_kind_check CHECK ((kind = ANY (ARRAY['absence'::text, 'extra_shift'::text, 'downtime'::text, 'closure'::text, 'extra_hours'::text])));
alter table clinic_exception add constraint clinic_exception_pkey PRIMARY KEY (clinic_id, exception_id);
alter table clinic_settings add constraint clinic_settings_pkey PRIMARY KEY (clinic_id);
alter table consultation add constraint consultation_pkey PRIMARY KEY (clinic_id, consultation_id);
alter table conversation add constraint conversation_pkey PRIMARY KEY (clinic_id, conversation_id);
alter table conversation add constraint conversation_status_check CHECK ((status = ANY (ARRAY['open'::text, 'snoozed'::text, 'resolved'::text])));
alter table course add constraint course_pkey PRIMARY KEY (clinic_id, course_id);
alter table course add constraint course_status_check CHECK ((status = ANY (ARRAY['open'::text, 'unschedulable'::text, 'closed'::text])));
alter table escalation add constraint escalation_pkey PRIMARY KEY (clinic_id, task_id, rung);
alter table escalation add constraint escalation_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'paged'::text, 'stopped'::text])));
alter table event add constraint event_clinic_id_stream_version_key UNIQUE (clinic_id, stream, version);
alter table event add constraint event_once UNIQUE (clinic_id, event_id);
alter table event add constraint event_pkey PRIMARY KEY (clinic_id, "position");
alter table idempotency_key add constraint idempotency_key_pkey PRIMARY KEY (clinic_id, actor, key);
alter table log_seal add constraint log_seal_pkey PRIMARY KEY (clinic_id, up_to_position);
alter table message add constraint message_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text])));
alter table message add constraint message_pkey PRIMARY KEY (clinic_id, message_id);
alter table outreach add constraint attempts_are_named CHECK (((status <> ALL (ARRAY['attempting'::text, 'in_doubt'::text])) OR (attempt_id IS NOT NULL)));
alter table outreach add constraint final_within_72_hours CHECK ((expires_at <= (due_at + '72:00:00'::interval)));
alter table outreach add constraint open_rows_wake CHECK (((status = ANY (ARRAY['planned'::text, 'attempting'::text, 'in_doubt'::text])) = (next_attempt_at IS NOT NULL)));
alter table outreach add constraint outreach_category_check CHECK ((category = ANY (ARRAY['safety'::text, 'preparation'::text, 'reminder'::text, 'survey'::text, 'answer'::text, 'message'::text, 'page'::text])));
alter table outreach add constraint outreach_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'call'::text])));
alter table outreach add constraint outreach_clinic_id_key_key UNIQUE (clinic_id, key);
alter table outreach add constraint outreach_pkey PRIMARY KEY (clinic_id, outreach_id);
alter table outreach add constraint outreach_question_check CHECK ((question = ANY (ARRAY['confirm'::text, 'check-in'::text, 'satisfaction'::text, 'offer'::text])));
alter table outreach add constraint outreach_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'attempting'::text, 'in_doubt'::text, 'sent'::text, 'delivered'::text, 'unproven'::text, 'failed'::text, 'missed'::text, 'cancelled'::text])));
alter table outreach_attempt add constraint outreach_attempt_outcome_check CHECK ((outcome = ANY (ARRAY['under_way'::text, 'in_doubt'::text, 'refused'::text, 'not_found'::text, 'unproven'::text, 'sent'::text, 'copy'::text])));
alter table outreach_attempt add constraint outreach_attempt_pkey PRIMARY KEY (clinic_id, attempt_id);
alter table parked_event add constraint parked_event_pkey PRIMARY KEY (clinic_id, name, "position");
alter table patient add constraint patient_pkey PRIMARY KEY (clinic_id, patient_id);
alter table patient_key add constraint patient_key_check CHECK (((wrapped_key IS NULL) = (destroyed_at IS NOT NULL)));
alter table patient_key add constraint patient_key_pkey PRIMARY KEY (clinic_id, patient_id);
alter table patient_link add constraint patient_link_pkey PRIMARY KEY (clinic_id, token_hash);
alter table patient_link add constraint patient_link_purpose_check CHECK ((purpose = ANY (ARRAY['visit'::text, 'care'::text, 'check-in'::text, 'satisfaction'::text, 'photo'::text, 'unsubscribe'::text, 'history'::text, 'consent'::text])));
alter table photo add constraint photo_pkey PRIMARY KEY (clinic_id, photo_id);
alter table photo add constraint photo_type_check CHECK ((type = ANY (ARRAY['image/jpeg'::text, 'image/png'::text, 'image/webp'::text])));
alter table protocol_version add constraint protocol_version_pkey PRIMARY KEY (clinic_id, protocol_id, version);
alter table quarantine add constraint quarantine_pkey PRIMARY KEY (clinic_id, id);
alter table quarantine add constraint quarantine_status_check CHECK ((status = ANY (ARRAY['quarantined'::text, 'accepted'::text, 'superseded'::text])));
alter table queue_canary add constraint queue_canary_pkey PRIMARY KEY (clinic_id, queue);
alter table reconciliation add constraint reconciliation_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text])));
alter table reconciliation add constraint reconciliation_pkey PRIMARY KEY (clinic_id, channel, at);
alter table recovery_lane add constraint keeps_spacing EXCLUDE USING gist (clinic_id WITH =, patient_id WITH =, lane WITH =, role WITH <>, during WITH &&) DEFERRABLE;
alter table recovery_lane add constraint recovery_lane_during_check CHECK ((NOT isempty(during)));
alter table recovery_lane add constraint recovery_lane_pkey PRIMARY KEY (clinic_id, patient_id, source, lane, role, during);
alter table recovery_lane add constraint recovery_lane_role_check CHECK ((role = ANY (ARRAY[0, 1])));
alter table recovery_window add constraint recovery_window_pkey PRIMARY KEY (clinic_id, session_id);
alter table session add constraint session_check CHECK ((((start_at IS NULL) = (end_at IS NULL)) AND ((start_at IS NULL) = (provider_id IS NULL))));
alter table session add constraint session_pkey PRIMARY KEY (clinic_id, session_id);
alter table session add constraint session_status_check CHECK ((status = ANY (ARRAY['unscheduled'::text, 'held'::text, 'booked'::text, 'confirmed'::text, 'arrived'::text, 'completed'::text, 'no_show'::text, 'cancelled'::text, 'on_hold'::text])));
alter table staff_account add constraint staff_account_clinic_id_email_key UNIQUE (clinic_id, email);
alter table staff_account add constraint staff_account_pkey PRIMARY KEY (clinic_id, staff_id);
alter table staff_reminder add constraint staff_reminder_pkey PRIMARY KEY (clinic_id, staff_id, day);
alter table staff_reminder add constraint staff_reminder_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'sent'::text, 'dropped'::text])));
alter table staff_session add constraint staff_session_pkey PRIMARY KEY (clinic_id, token_hash);
alter table stopped_thread add constraint stopped_thread_pkey PRIMARY KEY (clinic_id, conversation_id, channel);
alter table stream add constraint stream_pkey PRIMARY KEY (clinic_id, stream);
alter table task add constraint task_pkey PRIMARY KEY (clinic_id, task_id);
alter table task add constraint task_status_check CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'done'::text])));
alter table template_version add constraint template_version_check CHECK (((approved_by IS NULL) = (approved_at IS NULL)));
alter table template_version add constraint template_version_pkey PRIMARY KEY (clinic_id, key, language, version);
alter table template_version add constraint template_version_version_check CHECK ((version > 1));
alter table webhook add constraint webhook_pkey PRIMARY KEY (clinic_id, webhook_id);
alter table webhook_delivery add constraint waiting_deliveries_wake CHECK (((status = 'waiting'::text) = (next_attempt_at IS NOT NULL)));
alter table webhook_delivery add constraint webhook_delivery_clinic_id_webhook_id_fkey FOREIGN KEY (clinic_id, webhook_id) REFERENCES webhook(clinic_id, webhook_id) ON DELETE CASCADE;
alter table webhook_delivery add constraint webhook_delivery_pkey PRIMARY KEY (clinic_id, delivery_id);
alter table webhook_delivery add constraint webhook_delivery_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text])));

-- indexes
CREATE INDEX access_log_by_entry ON public.access_log USING btree (clinic_id, entry);
CREATE INDEX access_log_by_patient ON public.access_log USING btree (clinic_id, patient_id, at);
CREATE UNIQUE INDEX api_key_by_id ON public.api_key USING btree (clinic_id, key_id);
CREATE INDEX asked_question_by_time ON public.asked_question USING btree (clinic_id, question, asked_at);
CREATE INDEX asked_question_of_patient ON public.asked_question USING btree (clinic_id, patient_id, asked_at DESC);
CREATE INDEX attempted_text_of_conversation ON public.attempted_text USING btree (clinic_id, conversation_id);
CREATE INDEX attempts_of_outreach ON public.outreach_attempt USING btree (clinic_id, outreach_id);
CREATE INDEX awaited_answer_by_time ON public.awaited_answer USING btree (clinic_id, asked_at);
CREATE INDEX awaited_answer_due ON public.awaited_answer USING btree (clinic_id, due_at) WHERE (status = 'waiting'::text);
CREATE INDEX awaited_answer_of_conversation ON public.awaited_answer USING btree (clinic_id, conversation_id) WHERE (status <> 'ended'::text);
CREATE INDEX awaited_media_due ON public.awaited_media USING btree (clinic_id, next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE INDEX awaited_session_of_patient ON public.awaited_session USING btree (clinic_id, patient_id, starts_at);
CREATE INDEX calendar_feed_of_subject ON public.calendar_feed USING btree (clinic_id, kind, subject_id, feed_id);
CREATE INDEX carrier_report_by_age ON public.carrier_report USING btree (clinic_id, received_at);
CREATE INDEX carrier_report_by_message ON public.carrier_report USING btree (clinic_id, provider_message_id);
CREATE INDEX clarification_due ON public.clarification USING btree (clinic_id, due_at) WHERE (status = 'waiting'::text);
CREATE INDEX clinic_exception_by_time ON public.clinic_exception USING gist (clinic_id, during);
CREATE INDEX consultation_of_patient ON public.consultation USING btree (clinic_id, patient_id);
CREATE INDEX conversation_by_latest ON public.conversation USING btree (clinic_id, "position" DESC);
CREATE INDEX conversation_inbox ON public.conversation USING btree (clinic_id, urgency_rank, COALESCE(unanswered_since, 'infinity'::timestamp with time zone), ((- "position")));
CREATE INDEX conversation_to_wake ON public.conversation USING btree (clinic_id, snoozed_until) WHERE (status = 'snoozed'::text);
CREATE INDEX course_of_consultation ON public.course USING btree (clinic_id, consultation_id);
CREATE INDEX course_of_patient ON public.course USING btree (clinic_id, patient_id);
CREATE INDEX escalation_due ON public.escalation USING btree (clinic_id, next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE INDEX event_of_insight ON public.event USING btree (clinic_id, type, occurred_at) WHERE (type = ANY (ARRAY['session.confirmed.v1'::text, 'session.rescheduled.v1'::text, 'conversation.resolved.v1'::text, 'satisfaction.answered.v1'::text]));
CREATE INDEX event_of_patient ON public.event USING btree (clinic_id, patient_id, "position") WHERE (patient_id IS NOT NULL);
CREATE INDEX message_by_person ON public.message USING btree (clinic_id, conversation_id, at) WHERE ((direction = 'out'::text) AND (author <> 'afterglow'::text));
CREATE INDEX message_of_conversation ON public.message USING btree (clinic_id, conversation_id, "position");
CREATE INDEX message_that_answers ON public.message USING btree (clinic_id, at) WHERE (check_in IS NOT NULL);
CREATE INDEX message_unheard ON public.message USING btree (clinic_id, conversation_id, at) WHERE ((direction = 'in'::text) AND (triage IS NULL));
CREATE INDEX outreach_attempt_copies ON public.outreach_attempt USING btree (clinic_id, provider_message_id) WHERE (outcome = 'copy'::text);
CREATE INDEX outreach_by_attempted_at ON public.outreach USING btree (clinic_id, attempted_at) WHERE (attempted_at IS NOT NULL);
CREATE INDEX outreach_by_due ON public.outreach USING btree (clinic_id, due_at, outreach_id);
CREATE UNIQUE INDEX outreach_by_provider ON public.outreach USING btree (clinic_id, provider_message_id) WHERE (provider_message_id IS NOT NULL);
CREATE INDEX outreach_of_patient ON public.outreach USING btree (clinic_id, patient_id, due_at);
CREATE INDEX outreach_of_session ON public.outreach USING btree (clinic_id, session_id) WHERE (session_id IS NOT NULL);
CREATE INDEX outreach_to_wake ON public.outreach USING btree (clinic_id, next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE INDEX patient_by_email ON public.patient USING btree (clinic_id, lower(email)) WHERE (email IS NOT NULL);
CREATE INDEX patient_by_name ON public.patient USING btree (clinic_id, lower(family_name), lower(given_name), patient_id);
CREATE INDEX patient_by_phone ON public.patient USING btree (clinic_id, phone);
CREATE INDEX patient_link_of_patient ON public.patient_link USING btree (clinic_id, patient_id);
CREATE INDEX photo_of_patient ON public.photo USING btree (clinic_id, patient_id);
CREATE INDEX quarantine_by_arrival ON public.quarantine USING btree (clinic_id, received_at, id);
CREATE INDEX quarantine_of_patient ON public.quarantine USING btree (clinic_id, patient_id);
CREATE INDEX quarantine_open ON public.quarantine USING btree (clinic_id, event_id) WHERE (status = 'quarantined'::text);
CREATE INDEX recovery_window_of_patient ON public.recovery_window USING btree (clinic_id, patient_id);
CREATE INDEX resolved_conversation ON public.event USING btree (clinic_id, stream, occurred_at) WHERE (type = 'conversation.resolved.v1'::text);
CREATE INDEX session_by_start ON public.session USING btree (clinic_id, start_at, session_id) WHERE (start_at IS NOT NULL);
CREATE INDEX session_held ON public.session USING btree (clinic_id, held_until) WHERE (held_until IS NOT NULL);
CREATE INDEX session_of_course ON public.session USING btree (clinic_id, course_id);
CREATE INDEX session_of_patient ON public.session USING btree (clinic_id, patient_id);
CREATE INDEX session_waiting ON public.session USING btree (clinic_id, waiting_since, session_id) WHERE (waiting_since IS NOT NULL);
CREATE INDEX staff_reminder_due ON public.staff_reminder USING btree (clinic_id, due_at) WHERE (status = 'waiting'::text);
CREATE UNIQUE INDEX staff_session_by_id ON public.staff_session USING btree (clinic_id, session_id);
CREATE INDEX task_by_due ON public.task USING btree (clinic_id, status, due_at, task_id);
CREATE INDEX task_of_conversation ON public.task USING btree (clinic_id, conversation_id) WHERE (conversation_id IS NOT NULL);
CREATE INDEX task_of_message ON public.task USING btree (clinic_id, message_id) WHERE (message_id IS NOT NULL);
CREATE INDEX task_of_outreach ON public.task USING btree (clinic_id, outreach_id) WHERE (outreach_id IS NOT NULL);
CREATE INDEX task_to_climb ON public.task USING btree (clinic_id, climb_at) WHERE (climb_at IS NOT NULL);
CREATE INDEX webhook_delivery_of_webhook ON public.webhook_delivery USING btree (clinic_id, webhook_id, "position" DESC);
CREATE INDEX webhook_delivery_to_wake ON public.webhook_delivery USING btree (clinic_id, next_attempt_at) WHERE (next_attempt_at IS NOT NULL);

-- functions
CREATE OR REPLACE FUNCTION public.append_events(streams text[], expectations text[], of_stream integer[], ids uuid[], types text[], schemas smallint[], datas jsonb[], sealeds bytea[], patients text[], metas jsonb[], occurreds timestamp with time zone[], recorded timestamp with time zone)
 RETURNS TABLE(event_id uuid, "position" bigint, version bigint, duplicate boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_variable
declare
  clinic constant text := current_setting('afterglow.clinic_id');
  heads bigint[];
  hashes bytea[];
  at_version bigint;
  link bytea;
  place int;
begin
  -- Streams come sorted and are locked one by one: two writers of the same streams wait, they never deadlock.
  for place in 1 .. cardinality(streams) loop
    select s.version, s.hash into at_version, link from stream s where s.clinic_id = clinic and s.stream = streams[place] for update;
    if not found then
      insert into stream as s (clinic_id, stream, version, hash) values (clinic, streams[place], 0, first_link(streams[place]))
        on conflict (clinic_id, stream) do update set version = s.version
        returning s.version, s.hash into at_version, link;
    end if;
    heads[place] := at_version;
    hashes[place] := link;
  end loop;
  -- After the stream locks: who waits for a stream must not hold readers up. Before the positions: see fence().
  perform pg_advisory_xact_lock_shared(fence_key());

  for place in 1 .. cardinality(streams) loop
    continue when expectations[place] = 'any';
    continue when (case expectations[place] when 'exists' then heads[place] > 0 when 'absent' then heads[place] = 0
        else heads[place] = expectations[place]::bigint end);
    -- What is in the log already is answered whatever was expected: the writer repeats itself.
    for n in 1 .. cardinality(ids) loop
      if of_stream[n] = place and not exists (select from event e where e.clinic_id = clinic and e.event_id = ids[n]) then
        raise exception 'stream % is at version %, expected %', streams[place], heads[place], expectations[place] using errcode = 'AG001';
      end if;
    end loop;
  end loop;

  for n in 1 .. cardinality(ids) loop
    place := of_stream[n];
    event_id := ids[n];
    position := nextval('event_position');
    version := heads[place] + 1;
    link := next_link(hashes[place], position, event_id, types[n], schemas[n], datas[n], sealeds[n], patients[n], metas[n], occurreds[n], recorded);
    insert into event (clinic_id, position, stream, version, event_id, type, schema_version, data, sealed, patient_id, meta, occurred_at, recorded_at, hash)
      values (clinic, position, streams[place], version, event_id, types[n], schemas[n], datas[n], sealeds[n], patients[n], metas[n], occurreds[n], recorded, link)
      on conflict on constraint event_once do nothing;
    duplicate := not found;
    if duplicate then
      select e.position, e.version into position, version from event e where e.clinic_id = clinic and e.event_id = ids[n];
    else
      heads[place] := version;
      hashes[place] := link;
    end if;
    return next;
  end loop;

  for place in 1 .. cardinality(streams) loop
    update stream s set version = heads[place], hash = hashes[place]
      where s.clinic_id = clinic and s.stream = streams[place] and s.version <> heads[place];
  end loop;
end $function$
;
CREATE OR REPLACE FUNCTION public.clinic_id()
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN current_setting('afterglow.clinic_id'::text)
;
CREATE OR REPLACE FUNCTION public.fence()
 RETURNS TABLE(drawn bigint, holders text[])
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  select case when is_called then last_value else 0 end into drawn from event_position;
  select coalesce(array_agg(l.virtualtransaction), '{}') into holders from pg_locks l
    where l.locktype = 'advisory' and l.classid = 0 and l.objid = fence_key()::oid and l.objsubid = 1 and l.granted
      and l.database = (select d.oid from pg_database d where d.datname = current_database()) and l.pid <> pg_backend_pid();
  return next;
end $function$
;
CREATE OR REPLACE FUNCTION public.fence_key()
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN 724873201
;
CREATE OR REPLACE FUNCTION public.first_link(name text)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN sha256(convert_to(name, 'UTF8'::name))
;
CREATE OR REPLACE FUNCTION public.next_link(before bytea, drawn bigint, id uuid, kind text, schema smallint, open_data jsonb, sealed_data bytea, patient text, about jsonb, occurred timestamp with time zone, recorded timestamp with time zone)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN sha256((before || record_send(ROW(drawn, id, kind, schema, open_data, sealed_data, patient, about, occurred, recorded))))
;
CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the log is append-only' using errcode = 'restrict_violation';
end $function$
;

-- triggers
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_never_truncated BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- policies
create policy own_clinic on access_log using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on allocation using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on api_key using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on asked_question using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on attempted_text using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on awaited_answer using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on awaited_media using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on awaited_session using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on calendar_feed using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on carrier_report using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on checkpoint using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on clarification using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on clinic_exception using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on clinic_settings using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on consultation using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on conversation using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on course using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on escalation using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on event using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on idempotency_key using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on log_seal using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on message using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on outreach using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on outreach_attempt using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on parked_event using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on patient using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on patient_key using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on patient_link using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on photo using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on protocol_version using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on quarantine using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on queue_canary using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on reconciliation using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on recovery_lane using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on recovery_window using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on session using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on staff_account using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on staff_reminder using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on staff_session using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on stopped_thread using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on stream using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on task using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on template_version using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on webhook using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on webhook_delivery using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));

-- grants
grant insert, select on access_log to afterglow_app;
grant delete, insert, select, update on allocation to afterglow_app;
grant insert, select, update on api_key to afterglow_app;
grant insert, select, update on asked_question to afterglow_app;
grant delete, insert, select on attempted_text to afterglow_app;
grant insert, select, update on awaited_answer to afterglow_app;
grant insert, select, update on awaited_media to afterglow_app;
grant delete, insert, select, update on awaited_session to afterglow_app;
grant insert, select, update on calendar_feed to afterglow_app;
grant delete, insert, select, update on carrier_report to afterglow_app;
grant insert, select, update on checkpoint to afterglow_app;
grant insert, select, update on clarification to afterglow_app;
grant delete, insert, select, update on clinic_exception to afterglow_app;
grant insert, select, update on clinic_settings to afterglow_app;
grant insert, select on consultation to afterglow_app;
grant insert, select, update on conversation to afterglow_app;
grant delete, insert, select, update on course to afterglow_app;
grant insert, select, update on escalation to afterglow_app;
grant select on event to afterglow_app;
grant delete, insert, select, update on idempotency_key to afterglow_app;
grant insert, select on log_seal to afterglow_app;
grant insert, select, update on message to afterglow_app;
grant delete, insert, select, update on outreach to afterglow_app;
grant delete, insert, select, update on outreach_attempt to afterglow_app;
grant delete, insert, select on parked_event to afterglow_app;
grant insert, select, update on patient to afterglow_app;
grant insert, select, update on patient_key to afterglow_app;
grant delete, insert, select, update on patient_link to afterglow_app;
grant delete, insert, select on photo to afterglow_app;
grant insert, select on protocol_version to afterglow_app;
grant delete, insert, select, update on quarantine to afterglow_app;
grant insert, select, update on queue_canary to afterglow_app;
grant delete, insert, select on reconciliation to afterglow_app;
grant delete, insert, select, update on recovery_lane to afterglow_app;
grant delete, insert, select, update on recovery_window to afterglow_app;
grant delete, insert, select, update on session to afterglow_app;
grant insert, select, update on staff_account to afterglow_app;
grant insert, select, update on staff_reminder to afterglow_app;
grant delete, insert, select on staff_session to afterglow_app;
grant insert, select, update on stopped_thread to afterglow_app;
grant select on stream to afterglow_app;
grant insert, select, update on task to afterglow_app;
grant delete, insert, select, update on template_version to afterglow_app;
grant delete, insert, select, update on webhook to afterglow_app;
grant delete, insert, select, update on webhook_delivery to afterglow_app;
