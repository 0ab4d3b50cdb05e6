export { carrierError, type CarrierError, carrierErrors, carrierKeyword } from './carrier-errors.js';
export type { Channel, EmailParts, Evidence, EvidenceQuestion, OutgoingMessage, Reason, Refused, Retry, SendAnswer } from './channel.js';
export { permanentStatuses, smtpReplies } from './mail-replies.js';
export { smtpChannel, type SmtpChannelOptions } from './smtp-channel.js';
export { twilioChannel, type TwilioChannelOptions } from './twilio-channel.js';
export { type InboundText, parseInbound, parseStatus, type StatusReport, verifyTwilioSignature } from './twilio-webhooks.js';
