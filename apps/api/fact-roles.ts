import type { Role } from './access.js';

const atTheDesk: readonly Role[] = ['front_desk', 'provider', 'medical_director'];
const clinical: readonly Role[] = ['provider', 'medical_director'];

/** What the front desk may write down; everything else is a clinical judgement or the patient's own agreement before a clinician. */
const ofTheDesk: readonly string[] = [
  'consultation.requested.v1',
  'consultation.question-asked.v1',
  'consultation.estimate-presented.v1',
  'consultation.deposit-paid.v1',
  'consultation.follow-up-outlined.v1',
  'patient.registered.v1',
  'patient.contact-changed.v1',
  'patient.contact-consent-changed.v1',
  'patient.availability-set.v1',
  'patient.fact-recorded.v1',
];

/** Who may record a fact of this type in the console. */
export const rolesFor = (type: string): readonly Role[] => (ofTheDesk.includes(type) ? atTheDesk : clinical);
