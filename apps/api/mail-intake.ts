import { keepPhotos, type Photo, photoPath, photoType, receiveMessage } from '#conversation';
import { findOutreach, type Sender } from '#follow-up';
import { idInMessageId, type InboundLetter, type InboundReport, parseMail } from '#messaging';
import { patientsByEmail } from '#patient';
import { inTransaction, type Reader, type Transaction } from '#platform';
import { z } from 'zod';
import type { Afterglow } from '../worker/afterglow.js';

/**
 * What became of an e-mail that came in: `ignored` was written by a machine, or is a report on a message that is not ours; a
 * `colleague` answered a page, which is acknowledged on its task and never a patient's word.
 */
export type MailOutcome = 'letter' | 'report' | 'colleague' | 'ignored';

/** Those of the Message-IDs that are ours, with the message that each names. */
const oursAmong = (messageIds: readonly string[], mailFrom: string) =>
  messageIds.flatMap((messageId) => {
    const id = z.uuid().safeParse(idInMessageId(messageId, mailFrom)).data;
    return id === undefined ? [] : [{ messageId, id }];
  });

/** The newest of our messages that an e-mail answers; null when it answers none. */
async function answeredBy(db: Reader, { config }: Afterglow, { answers }: InboundLetter) {
  const ours = oursAmong(answers, config.MAIL_FROM);
  const rows = await findOutreach(
    db,
    ours.map(({ id }) => id),
  );
  const newest = ours.map(({ messageId, id }) => ({ messageId, row: rows.get(id) })).find(({ row }) => row !== undefined);
  if (newest?.row === undefined) return null;
  const { outreachId, patientId, staffId } = newest.row;
  return { messageId: newest.messageId, outreachId, patientId, isPage: staffId !== undefined };
}

/** Its photos, and its words with a line for each file that is none: that one is not kept, and staff should know that it came. */
function contentOf({ words, attachments }: InboundLetter): { readonly photos: readonly Photo[]; readonly body: string } {
  const files = attachments.map(({ content, contentType }) => ({ type: photoType(content), bytes: content, contentType }));
  const photos = files.flatMap(({ type, bytes }): Photo[] => (type === null ? [] : [{ type, bytes }]));
  const others = files.flatMap(({ type, contentType }) => (type === null ? [`[${contentType}]`] : []));
  return { photos, body: [words, ...others].filter((part) => part !== '').join('\n') };
}

type Answered = Awaited<ReturnType<typeof answeredBy>>;

/** Into the patient's thread, by what it answers or else by who wrote it; 2xx only after the commit (invariant 8). */
async function storeLetter(trx: Transaction, afterglow: Afterglow, letter: InboundLetter, answered: Answered): Promise<void> {
  const { messageId: providerMessageId, quoted } = letter;
  const form = `email/${providerMessageId}`;
  const { photos, body } = contentOf(letter);
  const media = photos.map(({ type }, place) => ({ url: photoPath(form, place), contentType: type }));
  const content = { channel: 'email' as const, from: letter.from.toLowerCase(), body, quoted, media, providerMessageId, receivedAt: afterglow.clock.now() };
  const { outreachId, patientId = null } = answered ?? {};
  const isKnown = patientId !== null && !(await afterglow.store.keys.erased(trx, [patientId])).has(patientId);
  const about = isKnown && outreachId !== undefined ? { patientId, outreachId } : {};
  const find = async (reader: Reader, address: string) => (await patientsByEmail(reader, address)).map(({ id }) => id);
  const { messageId, conversationId, duplicate } = await receiveMessage(trx, afterglow, { ...content, ...about }, find);
  if (!duplicate) await keepPhotos(trx, afterglow, { patientId: conversationId, messageId, form, photos });
}

async function takeLetter(afterglow: Afterglow, sender: Sender, letter: InboundLetter): Promise<MailOutcome> {
  const answered = await inTransaction(afterglow.db, async (trx) => {
    const found = await answeredBy(trx, afterglow, letter);
    if (found?.isPage !== true) await storeLetter(trx, afterglow, letter, found);
    return found;
  });
  if (answered === null) return 'letter';
  // Who answers a message has it: the proof of an attempt in doubt.
  const { messageId, isPage } = answered;
  await sender.report({ providerMessageId: messageId, attemptId: null, stage: 'delivered', error: null, key: `${messageId}/answered` });
  return isPage ? 'colleague' : 'letter';
}

/** Only on a message of ours: whoever reports on others' has the wrong address. */
async function takeReport(sender: Sender, { about, envelopeId, stage, error }: InboundReport, mailFrom: string): Promise<boolean> {
  const [ours] = oursAmong(about, mailFrom);
  if (ours === undefined) return false;
  const { messageId } = ours;
  return sender.report({ providerMessageId: messageId, attemptId: envelopeId, stage, error, key: `${messageId}/${stage}/${error?.code ?? ''}` });
}

/**
 * Takes an e-mail as it came over the wire. The same one again changes nothing.
 * @throws Rejected `unreadable_mail` when a person's e-mail does not say who wrote it.
 */
export async function takeMail(afterglow: Afterglow, sender: Sender, raw: Uint8Array): Promise<MailOutcome> {
  const mail = await parseMail(raw);
  switch (mail.kind) {
    case 'letter':
      return takeLetter(afterglow, sender, mail);
    case 'report':
      return (await takeReport(sender, mail, afterglow.config.MAIL_FROM)) ? 'report' : 'ignored';
    case 'automatic':
      return 'ignored';
  }
}
