import { loadPatients } from '#patient';
import type { Language, TemplateKey } from '#messaging';
import { inTransaction } from '#platform';
import { approvedTexts, type MadeMessage, messageFor, type Texts } from './claim-context.js';
import type { Outreach } from './decider.js';
import type { FollowUpContext } from './ledger.js';
import type { MessageContext } from './message.js';
import { findOutreach } from './queries.js';

export interface OutreachPreview {
  readonly row: Outreach;
  readonly message: MadeMessage;
}

/**
 * How a message of the ledger reads to the very patient it is for: as it would leave now, or, once it was tried, as it left.
 * The link in it opens nothing: the patient's own is for the patient. Null for a call, and when there is no such row.
 * @param draftsOf texts that nobody has approved yet, in place of those in force.
 * @param language as it would read in this one, in place of the patient's own.
 * @throws Error when a text lacks a variable.
 */
export async function previewOutreach(
  context: FollowUpContext,
  outreachId: string,
  draftsOf: (key: TemplateKey) => MessageContext['wordings'] = () => ({}),
  language?: Language,
): Promise<OutreachPreview | null> {
  return inTransaction(context.db, async (trx) => {
    const stored = (await findOutreach(trx, [outreachId])).get(outreachId);
    if (stored === undefined || stored.channel === 'call') return null;
    const row = language === undefined ? stored : { ...stored, locals: { ...stored.locals, language } };
    const patient = row.patientId === null ? undefined : (await loadPatients(trx, context.store, [row.patientId])).get(row.patientId);
    if (patient?.erased === true) return null;
    const link = 'https://preview.invalid/p';
    const pageFor: FollowUpContext['pageFor'] = async () => ({ link, unsubscribeUrl: `${link}/unsubscribe` });
    const address = row.channel === 'email' ? patient?.person.email : patient?.person.phone;
    const [approved, known] = [approvedTexts(trx), { patient: patient ?? null, address: address ?? null }];
    const texts: Texts = async (key, version) => ({ ...(await approved(key, version)), ...draftsOf(key) });
    return { row, message: await messageFor(trx, { ...context, pageFor }, row, known, texts) };
  });
}
