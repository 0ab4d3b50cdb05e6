import { deterministicId } from '#platform';
import type { Afterglow } from '../../worker/afterglow.js';
import { textOf } from '../intake/lines.js';
import type { OwnPage } from './own-page.js';

/** What the log calls these pages as the sender of facts. */
export const source = 'patient-page';

/** A fact by one of the contract's types; the ids of consultation and patient are added when it is sent. */
export interface Told {
  readonly type:
    | 'patient.registered.v1'
    | 'patient.fact-recorded.v1'
    | 'patient.contact-consent-changed.v1'
    | 'consultation.question-asked.v1'
    | 'consultation.decision-made.v1'
    | 'consultation.consent-signed.v1';
  readonly data: Readonly<Record<string, unknown>>;
  /** What tells it from the other facts of its form; its data unless given, so that an answer which was corrected is another. */
  readonly name?: string;
}

export interface Sending {
  /** Names the form: sent twice, its facts are recorded once. */
  readonly once: string;
  readonly at: Date;
  readonly consultationId: string;
}

/** Sends facts by the door that every sender's facts come through. False when one was refused: then it lies in quarantine. */
export async function sendFacts({ intake }: Pick<Afterglow, 'intake'>, { link }: OwnPage, told: readonly Told[], sending: Sending): Promise<boolean> {
  const { once, at, consultationId } = sending;
  const patientId = link.patient_id;
  const events = told.map(({ type, data, name }, index) => {
    const id = deterministicId(source, patientId, once, type, name ?? JSON.stringify(data));
    const subject = type.startsWith('patient.') ? patientId : consultationId;
    const value = { specversion: '1.0', id, source, type, subject, time: at.toISOString(), data: { consultationId, patientId, ...data } };
    return { index, value, raw: textOf(value) };
  });
  return events.length === 0 || (await intake.accept(events)).rejected.length === 0;
}
