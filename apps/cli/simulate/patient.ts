import { Temporal } from 'temporal-polyfill';
import { Chance } from './chance.js';

/** How urgent a text must at least be read as (invariant 9), and the words. */
export interface Saying {
  readonly body: string;
  readonly atLeast: 'emergency' | 'urgent' | 'ask' | 'administrative';
}

/** What the clinic is told of a patient: a CloudEvent's type and data. */
interface News {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Something that happens once in a patient's story. `name` is how a story names it when it is told without it. */
export interface Deed {
  readonly name: string;
  readonly at: Date;
  readonly does:
    | { readonly kind: 'news'; readonly news: readonly News[] }
    | { readonly kind: 'text'; readonly saying: Saying; readonly stops?: true; readonly starts?: true }
    | { readonly kind: 'reschedule' | 'cancel' | 'erase' };
}

/** Someone who comes to the simulated clinic: who they are, and everything they will do of their own accord. */
export interface SimulatedPatient {
  readonly index: number;
  readonly patientId: string;
  readonly consultationId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  readonly phone: string;
  readonly email: string;
  readonly timeZone: string;
  readonly protocolId: string;
  readonly consents: readonly ('sms' | 'email')[];
  readonly pastTreatments: readonly { readonly protocolId: string; readonly on: string }[];
  readonly deeds: readonly Deed[];
  /** For what they answer when they are asked. */
  readonly chance: Chance;
}

const [dayMillis, minuteMillis] = [86_400_000, 60_000];
const zones = [...Array.from({ length: 7 }, () => 'America/New_York'), 'America/Chicago', 'America/Los_Angeles', 'America/Phoenix', 'Europe/Madrid'];
/** Area codes with those of states that narrow the hours. */
const areaCodes = ['212', '203', '305', '206', '405', '718', '646', '305'];
/** What a year holds: short series and long ones, with and without downtime, with devices and without. */
const treatments = [
  ['microneedling.cosmetic', 3],
  ['chemical_peel.superficial', 4],
  ['microdermabrasion.standard', 4],
  ['ipl_bbl.standard', 3],
  ['laser_nonablative.fractional_1550', 3],
  ['rf_microneedling.standard', 3],
  ['laser_ablative.fractional_co2', 1],
  ['botulinum_toxin.standard', 2],
  ['dermal_filler.ha', 1],
  ['laser_therapy.vascular_nonpurpuric', 2],
  ['chemical_peel.medium', 1],
] as const;

/** Said without being asked, on some day. */
export const sayings: readonly Saying[] = [
  { body: 'Thank you so much!', atLeast: 'administrative' },
  { body: 'gracias, todo bien', atLeast: 'administrative' },
  { body: 'can I wear makeup tomorrow?', atLeast: 'administrative' },
  { body: 'I need to talk to someone about my appointment', atLeast: 'administrative' },
  { body: 'thanks! but there is pus on my chin', atLeast: 'urgent' },
  { body: 'my skin is blistering', atLeast: 'urgent' },
  { body: 'tengo pus en la mejilla', atLeast: 'urgent' },
  { body: 'I cannot breathe and my tongue is swelling', atLeast: 'emergency' },
  { body: 'I suddenly cannot see out of my left eye', atLeast: 'emergency' },
  { body: 'no fever, no pus, all good', atLeast: 'ask' },
  { body: 'the blisters are gone now', atLeast: 'ask' },
  { body: 'what if it blisters?', atLeast: 'ask' },
];

export const stopSayings: readonly Saying[] = [
  { body: 'STOP', atLeast: 'administrative' },
  { body: "please don't text me any more", atLeast: 'administrative' },
  { body: 'no me manden más mensajes', atLeast: 'administrative' },
];

const givenNames = ['Ana', 'Ben', 'Chloe', 'Dana', 'Elena', 'Felix', 'Grace', 'Hugo', 'Iris', 'Jorge', 'Kim', 'Lena'];
// Rare on purpose: wherever one of these stands outside its place, it came from the patient's record.
const familyNames = ['Quillfeather', 'Zambrovich', 'Okonkwell', 'Vandermeulebroek', 'Szczepaniec', 'Thistlewaite'];

/** The clinic's noon on a day of the story, and some minutes. */
const onDay = (start: Date, day: number, minutes: number) => new Date(start.getTime() + day * dayMillis + minutes * minuteMillis);
const dateOf = (at: Date) => Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO('America/New_York').toPlainDate();

const news = (type: string, data: Record<string, unknown>): Deed['does'] => ({ kind: 'news', news: [{ type, data }] });

/** Everything that may happen to a patient besides treatment; each by a chance of its own. */
function deedsOf(chance: Chance, start: Date, days: number, arrives: number, phone: string): Deed[] {
  const deeds: Deed[] = [];
  const left = Math.max(1, days - arrives);
  const maybe = (name: string, probability: number, does: (at: Date, own: Chance) => Deed['does']) => {
    if (!chance.happens(name, probability)) return;
    const own = chance.of(name);
    const at = onDay(start, arrives + own.between('when', 0.05, 1) * left, own.whole('minute', -180, 400));
    deeds.push({ name, at, does: does(at, own) });
  };
  const fact = (data: Record<string, unknown>) => news('patient.fact-recorded.v1', { fact: data });
  maybe('pregnancy', 0.04, () => fact({ kind: 'pregnancy', present: true }));
  maybe('sunburn', 0.08, (at) => fact({ kind: 'exposure', code: 'sunburn', on: dateOf(at).toString() }));
  maybe('retinoid', 0.08, (at) =>
    fact({ kind: 'medication', code: 'topical_retinoid', prescribed: false, startedOn: dateOf(at).subtract({ days: 3 }).toString() }),
  );
  maybe('isotretinoin', 0.02, (at) => fact({ kind: 'medication', code: 'isotretinoin', prescribed: true, startedOn: dateOf(at).toString() }));
  maybe('treated-elsewhere', 0.05, (at) =>
    fact({ kind: 'treatment', protocolId: 'chemical_peel.superficial', on: dateOf(at).subtract({ days: 2 }).toString(), elsewhere: true }),
  );
  maybe('wedding', 0.1, (at) =>
    news('patient.availability-set.v1', { unavailable: [], socialEvents: [{ on: dateOf(at).add({ days: 12 }).toString(), name: 'wedding' }] }),
  );
  maybe('travel', 0.1, (at) =>
    news('patient.availability-set.v1', {
      unavailable: [{ from: at.toISOString(), to: new Date(at.getTime() + 9 * dayMillis).toISOString(), reason: 'travel' }],
      socialEvents: [],
    }),
  );
  maybe('moved-away', 0.06, (_at, own) =>
    news('patient.contact-changed.v1', { person: { timeZone: own.pick('zone', ['America/Los_Angeles', 'Europe/Madrid']) } }),
  );
  maybe('new-number', 0.05, () => {
    const address = `${phone.slice(0, 5)}7${phone.slice(6)}`;
    return {
      kind: 'news',
      news: [
        { type: 'patient.contact-changed.v1', data: { person: { phone: address } } },
        { type: 'patient.contact-consent-changed.v1', data: { channel: 'sms', scope: 'care', granted: true, address, method: 'verbal' } },
      ],
    };
  });
  maybe('withdraws-email', 0.05, () => news('patient.contact-consent-changed.v1', { channel: 'email', scope: 'care', granted: false, method: 'verbal' }));
  maybe('stop', 0.12, (_at, own) => ({ kind: 'text', saying: own.pick('words', stopSayings), stops: true }));
  maybe('start', 0.04, () => ({ kind: 'text', saying: { body: 'START', atLeast: 'administrative' }, starts: true }));
  for (const nth of ['1', '2']) maybe(`text-${nth}`, 0.35, (_at, own) => ({ kind: 'text', saying: own.pick('words', sayings) }));
  maybe('reschedule', 0.2, () => ({ kind: 'reschedule' }));
  maybe('cancel', 0.06, () => ({ kind: 'cancel' }));
  maybe('erase', 0.03, () => ({ kind: 'erase' }));
  return deeds;
}

const consentNews = (channel: 'sms' | 'email', address: string, scope: 'care' | 'marketing', at: Date): News => ({
  type: 'patient.contact-consent-changed.v1',
  data: { channel, scope, granted: true, address, method: 'form', recordedOn: dateOf(at).toString() },
});

/** The consultation, from the first call to the signed consent. */
function consultation(patient: Omit<SimulatedPatient, 'deeds' | 'index'>, sessions: number, language: string, at: Date): News[] {
  const { givenName, familyName, birthDate, email, phone, timeZone, protocolId, pastTreatments, chance } = patient;
  const person = { givenName, familyName, birthDate, email, phone, language, timeZone };
  const planId = `plan-${patient.consultationId}`;
  const providerId = 'dr-okafor';
  const medications = chance.happens('uses-retinoid', 0.2) ? [{ code: 'topical_retinoid', prescribed: false, startedOn: '2026-05-01' }] : [];
  const consents = patient.consents.map((channel) => consentNews(channel, channel === 'sms' ? phone : email, 'care', at));
  const offers = chance.happens('wants-offers', 0.5) ? [consentNews('email', email, 'marketing', at)] : [];
  const step = (name: string, data: Record<string, unknown> = {}): News => ({ type: `consultation.${name}.v1`, data });
  return [
    step('requested', { channel: 'online', person }),
    { type: 'patient.registered.v1', data: { person, conditions: [], medications, pastTreatments, pregnant: false, nursing: false } },
    ...consents,
    ...offers,
    step('started', { providerId, locationId: 'nyc' }),
    step('history-reviewed', { providerId }),
    step('skin-assessed', { providerId, fitzpatrick: 'II', issues: ['texture'], areas: ['cheeks'], method: 'visual' }),
    step('goals-set', { goals: ['smoother texture'] }),
    step('options-presented', { options: [{ protocolId }] }),
    step('plan-proposed', { planId, providerId, items: [{ protocolId, sessions }] }),
    step('education-delivered', { topics: ['procedure', 'risks', 'aftercare'] }),
    step('estimate-presented', { currency: 'USD', lines: [{ kind: 'treatment', label: 'course', amount: 90_000 }] }),
    step('decision-made', { decision: chance.happens('defers', 0.06) ? 'deferred' : 'proceed', planId }),
    step('consent-signed', { planId, documentVersion: '2026-09', acknowledged: ['risks', 'benefits'], signedAt: at.toISOString() }),
    step('instructions-given', { planId }),
    step('follow-up-outlined', { planId }),
    step('finalized', { recap: 'Plan and next steps confirmed.' }),
  ];
}

const consentsOf = (chance: Chance): ('sms' | 'email')[] => {
  const drawn = chance.unit('reach');
  if (drawn < 0.7) return ['sms', 'email'];
  if (drawn < 0.85) return ['sms'];
  return drawn < 0.97 ? ['email'] : [];
};

/**
 * Who the patient with this number is. It depends on the seed and the number alone, so a story can be told again with fewer
 * patients.
 * @param start when the story begins; consultations come in over the first three fifths of its days.
 */
export function simulatedPatient(seed: number, index: number, start: Date, days: number): SimulatedPatient {
  const chance = new Chance(String(seed)).of('patient', index);
  const [protocolId, most] = chance.pick('treatment', treatments);
  const arrives = chance.between('arrives', 0, days * 0.6);
  const at = onDay(start, Math.floor(arrives), chance.whole('minute', 0, 300));
  const timeZone = chance.pick('zone', zones);
  const phone = `+1${chance.pick('area', areaCodes)}5${String(550_000 + index)
    .padStart(6, '0')
    .slice(-6)}`;
  const patientId = `p-${seed}-${index}`;
  const who = {
    patientId,
    consultationId: `c-${seed}-${index}`,
    givenName: chance.pick('given', givenNames),
    familyName: `${chance.pick('family', familyNames)}-${index}`,
    birthDate: `19${chance.whole('year', 60, 99)}-0${chance.whole('month', 1, 9)}-1${chance.whole('day', 0, 9)}`,
    phone,
    email: `patient.${seed}.${index}@example.com`,
    timeZone,
    protocolId,
    consents: consentsOf(chance),
    pastTreatments: chance.happens('past', 0.15) ? [{ protocolId: 'chemical_peel.superficial', on: dateOf(at).subtract({ days: 5 }).toString() }] : [],
    chance,
  };
  const language = chance.happens('spanish', 0.25) ? 'es' : 'en';
  const arrival: Deed = { name: 'consultation', at, does: { kind: 'news', news: consultation(who, chance.whole('sessions', 1, most), language, at) } };
  return { index, ...who, deeds: [arrival, ...deedsOf(chance, start, days, arrives, phone)].sort((a, b) => a.at.getTime() - b.at.getTime()) };
}
