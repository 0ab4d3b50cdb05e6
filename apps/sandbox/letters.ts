import { createTransport } from 'nodemailer';

/** What a mail server further on says of a message that it took and could not keep: RFC 3464. */
export interface Bounce {
  readonly messageId: string;
  readonly envelopeId: string | null;
  readonly sender: string;
  readonly recipient: string;
  /** 5.y.z: it failed for good; 4.y.z: it is late and tried further. */
  readonly status: string;
  readonly at: Date;
}

const host = 'mx.sandbox.example';
const date = (at: Date) => at.toUTCString().replace('GMT', '+0000');

/** The delivery report as a mail server writes it. */
export function bounceLetter({ messageId, envelopeId, sender, recipient, status, at }: Bounce): string {
  const action = status.startsWith('5') ? 'failed' : 'delayed';
  const lines = [
    'Return-Path: <>',
    `From: Mail Delivery System <MAILER-DAEMON@${host}>`,
    `To: ${sender}`,
    `Message-ID: <bounce.${action}.${messageId.replace(/[<>@]/g, '.')}@${host}>`,
    `Date: ${date(at)}`,
    `Subject: ${action === 'failed' ? 'Undelivered mail returned to sender' : 'Delayed mail (still being retried)'}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
    '',
    '--report',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `Your message to ${recipient} could not be delivered${action === 'failed' ? '.' : ' yet.'}`,
    '',
    '--report',
    'Content-Type: message/delivery-status',
    '',
    `Reporting-MTA: dns; ${host}`,
    ...(envelopeId === null ? [] : [`Original-Envelope-Id: ${envelopeId}`]),
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    '',
    '--report',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageId}`,
    `From: ${sender}`,
    `To: ${recipient}`,
    '',
    '--report--',
    '',
  ];
  return lines.join('\r\n');
}

/** An e-mail that a patient writes. The same `messageId` again is the same e-mail. */
export interface PatientLetter {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly messageId: string;
  /** Message-ID and text of the e-mail that it answers: repeated below the words, as mail programs do. */
  readonly answers: { readonly messageId: string; readonly body: string; readonly at: string } | null;
  readonly at: Date;
}

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** The e-mail as it goes over the wire. */
export async function patientLetter({ answers, body, at, ...letter }: PatientLetter): Promise<string> {
  const repeated = answers === null ? '' : `\n\nOn ${answers.at}, ${letter.to} wrote:\n\n${answers.body.replace(/^/gm, '> ')}`;
  const { message } = await composer.sendMail({ ...letter, text: body + repeated, date: at, ...(answers !== null && { inReplyTo: answers.messageId }) });
  return message.toString();
}
