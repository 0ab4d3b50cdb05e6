import { receiveMessage } from '#conversation';
import { findOutreach, type Sender } from '#follow-up';
import { idInMessageId, type InboundLetter, type InboundReport, parseMail } from '#messaging';
import { patientsByEmail } from '#patient';
import { inTransaction, type Reader } from '#platform';
import { z } from 'zod';
import type { Afterglow } from '../worker/afterglow.js';

/** What became of an e-mail that came in: `ignored` was written by a machine, or is a report on a message that is not ours. */
export type MailOutcome = 'letter' | 'report' | 'ignored';

const idsNamed = (messageIds: readonly string[], mailFrom: string) =>
  messageIds.flatMap((messageId) => {
    const id = idInMessageId(messageId, mailFrom);
    return z.uuid().safeParse(id).success && id !== null ? [id] : [];
  });

/** The newest of our messages that an e-mail answers, and its patient; null when it answers none to a patient. */
async function answeredBy(db: Reader, { store, config }: Afterglow, { answers }: InboundLetter) {
  const ids = idsNamed(answers, config.MAIL_FROM);
  const rows = await findOutreach(db, ids);
  for (const id of ids) {
    const { outreachId, patientId } = rows.get(id) ?? { outreachId: id, patientId: null };
    if (patientId !== null && !(await store.keys.erased(db, [patientId])).has(patientId)) return { outreachId, patientId };
  }
  return null;
}

/** Into the patient's thread, by what it answers or else by who wrote it; 2xx only after the commit (invariant 8). */
async function takeLetter(afterglow: Afterglow, sender: Sender, letter: InboundLetter): Promise<void> {
  const { messageId: providerMessageId, words: body, quoted, attachments } = letter;
  const answered = await inTransaction(afterglow.db, async (trx) => {
    const about = await answeredBy(trx, afterglow, letter);
    const media = attachments.map(({ contentType }, place) => ({ url: `attachment:${place}`, contentType }));
    const content = { channel: 'email' as const, from: letter.from.toLowerCase(), body, quoted, media, providerMessageId, receivedAt: afterglow.clock.now() };
    await receiveMessage(trx, afterglow, { ...content, ...about }, async (reader, address) => (await patientsByEmail(reader, address)).map(({ id }) => id));
    return about;
  });
  if (answered !== null) await provenBy(sender, letter, afterglow.config.MAIL_FROM);
}

/** Who answers a message has it: the proof of an attempt in doubt. */
async function provenBy(sender: Sender, { answers }: InboundLetter, mailFrom: string): Promise<void> {
  const [messageId] = answers.filter((id) => idsNamed([id], mailFrom).length > 0);
  if (messageId === undefined) return;
  await sender.report({ providerMessageId: messageId, attemptId: null, stage: 'delivered', error: null, key: `${messageId}/answered` });
}

/** Only on a message of ours: whoever reports on others' has the wrong address. */
async function takeReport(sender: Sender, { about, envelopeId, stage, error }: InboundReport, mailFrom: string): Promise<boolean> {
  const ours = about.find((id) => idsNamed([id], mailFrom).length > 0);
  if (ours === undefined) return false;
  return sender.report({ providerMessageId: ours, attemptId: envelopeId, stage, error, key: `${ours}/${stage}/${error?.code ?? ''}` });
}

/**
 * Takes an e-mail as it came over the wire. The same one again changes nothing.
 * @throws Rejected `unreadable_mail` when a person's e-mail does not say who wrote it.
 */
export async function takeMail(afterglow: Afterglow, sender: Sender, raw: Uint8Array): Promise<MailOutcome> {
  const mail = await parseMail(raw);
  switch (mail.kind) {
    case 'letter':
      await takeLetter(afterglow, sender, mail);
      return 'letter';
    case 'report':
      return (await takeReport(sender, mail, afterglow.config.MAIL_FROM)) ? 'report' : 'ignored';
    case 'automatic':
      return 'ignored';
  }
}
