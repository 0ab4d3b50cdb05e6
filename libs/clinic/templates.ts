/*
 * A clinic's own texts, template by template. Invariants (numbers of the design):
 *  10. Nothing is sent but what the medical director approved, and a version never changes after that.
 *  14. What was drafted and approved, by whom and when, is in the log.
 */
import type { NewEvent } from '#event-store';
import { type Flaw, flawsOf, type Language, shipped, type TemplateKey, type Text, type Wording } from '#messaging';
import { deterministicId, lockInOrder, Rejected, type Transaction } from '#platform';
import type { ClinicContext } from './commands.js';
import { clinicDocument, newestTemplate } from './queries.js';

export interface TemplateName {
  readonly key: TemplateKey;
  readonly language: Language;
}

const sameText = (one: Text, other: Text) => one.sms === other.sms && one.subject === other.subject && one.email === other.email;
const textOf = ({ sms, subject, email }: Text): Text => ({ sms, subject, email });

const mustBeAllowed = async (trx: Transaction, wording: Wording): Promise<void> => refuseFlaws(wording, (await clinicDocument(trx))?.name ?? '');

/** @throws Rejected `template_not_allowed`, with every flaw, for a text that may not be sent in the name of this clinic. */
export function refuseFlaws(wording: Wording, clinicName: string): void {
  const flaws: readonly Flaw[] = flawsOf(wording, clinicName);
  const [first] = flaws;
  if (first !== undefined) throw new Rejected('template_not_allowed', `${first.part} ${first.message}`, { path: first.part, flaws });
}

async function record(trx: Transaction, { store, clock }: ClinicContext, type: string, wording: Wording, by: string): Promise<void> {
  const { key, language, version } = wording;
  const event: NewEvent = {
    id: deterministicId(type, key, language, version),
    type,
    data: { key, language, version, text: textOf(wording), by },
    occurredAt: clock.now(),
    meta: { actor: by },
  };
  await store.append(trx, [{ stream: 'clinic', expected: 'any', events: [event] }]);
}

/**
 * Writes down a text that may be approved; what is sent does not change by it. The same text again is the same version.
 * @returns the version that holds the text.
 * @throws Rejected `template_not_allowed` with every flaw.
 */
export async function draftTemplate(trx: Transaction, context: ClinicContext, { key, language, text, by }: TemplateName & { text: Text; by: string }) {
  await lockInOrder(trx, [`template/${key}/${language}`]);
  const newest = (await newestTemplate(trx, key, language)) ?? shipped(key, language);
  if (sameText(newest, text)) return newest.version;
  const wording: Wording = { key, language, version: newest.version + 1, ...textOf(text) };
  await mustBeAllowed(trx, wording);
  await record(trx, context, 'template.drafted.v1', wording, by);
  return wording.version;
}

/**
 * The medical director puts a draft in force: from now on it is what is sent. Approving it again changes nothing.
 * @throws Rejected `template_draft_unknown`, and `template_draft_changed` when a newer draft stands than the one that was read.
 */
export async function approveTemplate(
  trx: Transaction,
  context: ClinicContext,
  { key, language, version, by }: TemplateName & { version: number; by: string },
) {
  await lockInOrder(trx, [`template/${key}/${language}`]);
  const newest = await newestTemplate(trx, key, language);
  if (newest === null) throw new Rejected('template_draft_unknown', `There is no draft of ${key} in this language.`, { status: 404 });
  if (newest.version !== version)
    throw new Rejected('template_draft_changed', `The newest draft is version ${newest.version}: read that one first.`, { path: 'version', status: 409 });
  if (newest.approvedAt !== null) return;
  await mustBeAllowed(trx, newest);
  await record(trx, context, 'template.approved.v1', newest, by);
}
