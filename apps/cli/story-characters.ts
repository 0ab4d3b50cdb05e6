import { Temporal } from 'temporal-polyfill';

/** Someone in the story: who they are, what they are treated with, and what they do when. */
export interface Character {
  readonly name: string;
  readonly patientId: string;
  readonly consultationId: string;
  readonly phone: string;
  readonly email: string;
  readonly language: string;
  readonly protocolId: string;
  readonly sessions: number;
  readonly providerId: string;
  readonly medications: readonly { readonly code: string; readonly prescribed: boolean; readonly startedOn: string }[];
  /** Texts on the evening of a day after a session. */
  readonly texts: readonly { readonly session: number; readonly day: number; readonly body: string }[];
  /** What happens once, on the first evening after so many sessions. */
  readonly turns: readonly { readonly afterSession: number; readonly kind: 'wedding' | 'pregnancy' | 'reschedule' }[];
}

const person = (index: number, name: string, more: Pick<Character, 'protocolId' | 'sessions'> & Partial<Character>): Character => ({
  name,
  patientId: `p-story-${index}`,
  consultationId: `c-story-${index}`,
  phone: `+1212555010${index}`,
  email: `${name.toLowerCase()}@example.com`,
  language: 'en',
  providerId: 'dr-okafor',
  medications: [],
  texts: [],
  turns: [],
  ...more,
});

export const characters: readonly Character[] = [
  person(1, 'Ana', {
    protocolId: 'microneedling.cosmetic',
    sessions: 2,
    texts: [
      { session: 1, day: 1, body: '1' },
      { session: 1, day: 3, body: '1' },
    ],
  }),
  person(2, 'Ben', {
    protocolId: 'chemical_peel.superficial',
    sessions: 3,
    medications: [{ code: 'topical_retinoid', prescribed: false, startedOn: '2026-05-01' }],
  }),
  person(3, 'Chloe', { protocolId: 'microdermabrasion.standard', sessions: 3, turns: [{ afterSession: 1, kind: 'wedding' }] }),
  person(4, 'Dana', { protocolId: 'chemical_peel.superficial', sessions: 2, turns: [{ afterSession: 1, kind: 'pregnancy' }] }),
  person(5, 'Elena', {
    protocolId: 'ipl_bbl.standard',
    sessions: 2,
    language: 'es',
    turns: [{ afterSession: 1, kind: 'reschedule' }],
    texts: [{ session: 1, day: 1, body: '1' }],
  }),
  person(6, 'Felix', {
    protocolId: 'laser_nonablative.fractional_1550',
    sessions: 1,
    texts: [{ session: 1, day: 1, body: 'bit swollen and red today, is this normal?' }],
  }),
  person(7, 'Grace', {
    protocolId: 'laser_ablative.fractional_co2',
    sessions: 1,
    texts: [{ session: 1, day: 3, body: 'thanks! but now there are bumps filled with pus on my chin' }],
  }),
  person(8, 'Hugo', { protocolId: 'chemical_peel.superficial', sessions: 2, texts: [{ session: 1, day: 1, body: 'STOP' }] }),
];

const envelope = (character: Character, type: string, subject: string, time: string, data: Record<string, unknown>) => ({
  specversion: '1.0',
  id: `${character.consultationId}-${type}-${time}-${JSON.stringify(data).length}`,
  source: '/story',
  type,
  subject,
  time,
  data: { consultationId: character.consultationId, patientId: character.patientId, ...data },
});

/** Everything that happens from the first call to the signed consent, in the minutes before `now`. */
export function consultationOf(character: Character, now: Date): unknown[] {
  const { consultationId, patientId, providerId, protocolId, sessions, phone, email } = character;
  const person = {
    givenName: character.name,
    familyName: 'Story',
    birthDate: '1988-04-02',
    email,
    phone,
    language: character.language,
    timeZone: 'America/New_York',
  };
  const planId = `plan-${consultationId}`;
  const consent = (channel: string, address: string) =>
    [
      'patient.contact-consent-changed.v1',
      { channel, scope: 'care', granted: true, address, method: 'form', recordedOn: now.toISOString().slice(0, 10) },
    ] as const;
  const steps: readonly (readonly [string, Record<string, unknown>])[] = [
    ['consultation.requested.v1', { channel: 'online', person }],
    ['patient.registered.v1', { person, conditions: [], medications: character.medications, pregnant: false, nursing: false }],
    consent('sms', phone),
    consent('email', email),
    ['consultation.started.v1', { providerId, locationId: 'nyc' }],
    ['consultation.history-reviewed.v1', { providerId }],
    ['consultation.skin-assessed.v1', { providerId, fitzpatrick: 'II', issues: ['texture'], areas: ['cheeks'], method: 'visual' }],
    ['consultation.goals-set.v1', { goals: ['smoother texture'] }],
    ['consultation.options-presented.v1', { options: [{ protocolId }] }],
    ['consultation.plan-proposed.v1', { planId, providerId, items: [{ protocolId, sessions }] }],
    ['consultation.education-delivered.v1', { topics: ['procedure', 'risks', 'aftercare'] }],
    ['consultation.estimate-presented.v1', { currency: 'USD', lines: [{ kind: 'treatment', label: 'course', amount: 90_000 }] }],
    ['consultation.decision-made.v1', { decision: 'proceed', planId }],
    ['consultation.consent-signed.v1', { planId, documentVersion: '2026-09', acknowledged: ['risks', 'benefits'], signedAt: now.toISOString() }],
    ['consultation.instructions-given.v1', { planId }],
    ['consultation.follow-up-outlined.v1', { planId }],
    ['consultation.finalized.v1', { recap: 'Plan and next steps confirmed.' }],
  ];
  return steps.map(([type, data], index) => {
    const time = new Date(now.getTime() - (steps.length - index) * 60_000).toISOString();
    return envelope(character, type, type.startsWith('patient.') ? patientId : consultationId, time, data);
  });
}

/** News of a patient that bears on the session that comes next. */
export function factEvent(character: Character, kind: 'wedding' | 'pregnancy', nextStart: string, now: Date): unknown {
  const at = now.toISOString();
  if (kind === 'pregnancy') return envelope(character, 'patient.fact-recorded.v1', character.patientId, at, { fact: { kind: 'pregnancy', present: true } });
  const on = Temporal.Instant.from(nextStart).toZonedDateTimeISO('America/New_York').toPlainDate().add({ days: 1 }).toString();
  return envelope(character, 'patient.availability-set.v1', character.patientId, at, { unavailable: [], socialEvents: [{ on, name: 'wedding' }] });
}
