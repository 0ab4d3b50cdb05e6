import { keepPhotos, type Photo, photoPath, photoType, receiveMessage } from '#conversation';
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

/** Its photos, and its words with a line for each file that is none: that one is not kept, and staff should know that it came. */
function contentOf({ words, attachments }: InboundLetter): { readonly photos: readonly Photo[]; readonly body: string } {
  const files = attachments.map(({ content, contentType }) => ({ type: photoType(content), bytes: content, contentType }));
  const photos = files.flatMap(({ type, bytes }): Photo[] => (type === null ? [] : [{ type, bytes }]));
  const others = files.flatMap(({ type, contentType }) => (type === null ? [`[${contentType}]`] : []));
  return { photos, body: [words, ...others].filter((part) => part !== '').join('\n') };
}

/** Into the patient's thread, by what it answers or else by who wrote it; 2xx only after the commit (invariant 8). */
async function takeLetter(afterglow: Afterglow, sender: Sender, letter: InboundLetter): Promise<void> {
  const { messageId: providerMessageId, quoted } = letter;
  const form = `email/${providerMessageId}`;
  const { photos, body } = contentOf(letter);
  const answered = await inTransaction(afterglow.db, async (trx) => {
    const about = await answeredBy(trx, afterglow, letter);
    const media = photos.map(({ type }, place) => ({ url: photoPath(form, place), contentType: type }));
    const content = { channel: 'email' as const, from: letter.from.toLowerCase(), body, quoted, media, providerMessageId, receivedAt: afterglow.clock.now() };
    const find = async (reader: Reader, address: string) => (await patientsByEmail(reader, address)).map(({ id }) => id);
    const { messageId, conversationId, duplicate } = await receiveMessage(trx, afterglow, { ...content, ...about }, find);
    if (!duplicate) await keepPhotos(trx, afterglow, { patientId: conversationId, messageId, form, photos });
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
