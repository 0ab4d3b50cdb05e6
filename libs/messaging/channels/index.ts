export { carrierError, type CarrierError, carrierErrors, carrierKeyword } from './carrier-errors.js';
export {
  type Channel,
  type EmailParts,
  type Evidence,
  type EvidenceQuestion,
  type ListedMessage,
  type OutgoingMessage,
  type Reason,
  reasons,
  type Refused,
  type Retry,
  retries,
  type SendAnswer,
} from './channel.js';
export { type Automatic, type InboundLetter, type InboundMail, type InboundReport, parseMail } from './inbound-mail.js';
export { permanentStatuses, smtpReplies } from './mail-replies.js';
export { idInMessageId, messageIdOf } from './message-ids.js';
export { smtpChannel, type SmtpChannelOptions } from './smtp-channel.js';
export { type MediaAnswer, twilioMedia, type TwilioMediaOptions } from './twilio-media.js';
export { twilioChannel, type TwilioChannelOptions } from './twilio-channel.js';
export { type InboundText, parseInbound, parseStatus, type StatusReport, verifyTwilioSignature } from './twilio-webhooks.js';
