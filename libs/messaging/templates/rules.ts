/*
 * What a text must be before a medical director may approve it. Invariants (numbers of the design):
 *  10. It gives no advice about prescribed medicines, and says only what its occasion can fill in.
 *  11. It names no procedure, and leads nowhere but to the patient's own page.
 */
import { segmentsOf } from '../segments.js';
import { blocksOf } from './blocks.js';
import { fill, namesIn, ownWords } from './liquid.js';
import { renderSms, type Variables } from './render.js';
import { sampleFor } from './sample.js';
import type { Language, Text } from './text.js';
import { languages, shipped, type TemplateKey, type Wording } from './texts.js';

export interface Flaw {
  readonly part: keyof Text;
  readonly message: string;
}

const mostSegments = 2;
const parts = ['sms', 'subject', 'email'] as const;

const words = (...alternatives: readonly string[]) => new RegExp(`(?<![\\p{L}\\d])(?:${alternatives.join('|')})(?![\\p{L}\\d])`, 'iu');
/** Whole-body words that carriers act on (Twilio's default lists), which therefore nobody may be asked to send. */
const carrierWords = words('stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout', 'yes');
const optOut: Readonly<Record<Language, string>> = { en: 'Reply STOP to opt out', es: 'Responda STOP para no recibir más' };
const procedures = words(
  'l[aá]ser',
  '(?:chemical|light|deep|your|the) peels?',
  'peeling',
  'micro-?needling',
  'microagujas',
  '(?:micro)?dermo?abrasi[oó]n',
  'ipl',
  'bbl',
  'co2',
  'erbium',
  'botox',
  'botulinum',
  'toxin',
  'toxina',
  'fillers?',
  'rellenos?',
  'radio-?frequency',
  'radiofrecuencia',
  'hifu',
  'ultherapy',
  'thermage',
  'morpheus8?',
  'fraxel',
);
const changes = words(
  'stop',
  'pause',
  'skip',
  'discontinue',
  'quit',
  'cease',
  'halve',
  'reduce',
  'increase',
  'double',
  'switch',
  'hold',
  'come off',
  'start taking',
  "(?:do not|don't|avoid) tak(?:e|ing)",
  'dej(?:e|ar)',
  'suspend(?:a|er)',
  'interrump(?:a|ir)',
  'pare',
  'salte',
  'omita',
  'reduzca',
  'aumente',
  'cambie',
  'no tome',
  'evite tomar',
  'empiece a tomar',
);
const medicines = words(
  'medicines?',
  'medications?',
  'meds',
  'prescri\\p{L}*',
  'pills?',
  'tablets?',
  'doses?',
  'antibiotics?',
  'antivirals?',
  'steroids?',
  'blood thinners?',
  'anticoagulants?',
  'isotretinoin',
  'accutane',
  'insulin',
  'medicinas?',
  'medicamentos?',
  'recetad\\p{L}*',
  'recetas?',
  'pastillas?',
  'dosis',
  'antibi[oó]ticos?',
  'antivirales',
  'anticoagulantes?',
  'isotretino[ií]na',
  'insulina',
);

/** The variables that a touchpoint can fill in: those of the text that comes with the product. */
export function variablesOf(key: TemplateKey, part: keyof Text): ReadonlySet<string> {
  const texts = languages.map((language) => shipped(key, language));
  const used = texts.flatMap((text) => parts.flatMap((each) => namesIn(text[each])));
  // A text message has no page behind it but where it says so: its link would lead nowhere.
  const linked = part === 'email' ? used : texts.flatMap(({ sms }) => namesIn(sms));
  return new Set(['clinic', 'phone', ...used.filter((name) => name !== 'link' || linked.includes('link'))]);
}

function unreadable(wording: Wording): Flaw[] {
  return parts.flatMap((part): Flaw[] => {
    try {
      const known = variablesOf(wording.key, part);
      const strange = [...new Set(namesIn(wording[part]))].filter((name) => !known.has(name));
      return strange.map((name) => ({ part, message: `there is no ${name} to fill in here; there is ${[...known].join(', ')}` }));
    } catch (error) {
      return [{ part, message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }];
    }
  });
}

function unfillable(wording: Wording, samples: Samples): Flaw[] {
  return parts.flatMap((part): Flaw[] => {
    try {
      const filled = fill(wording[part], part === 'sms' ? samples.sms : samples.email).trim();
      return filled === '' ? [{ part, message: 'says nothing' }] : [];
    } catch (error) {
      return [{ part, message: `cannot be filled in: ${error instanceof Error ? error.message : String(error)}` }];
    }
  });
}

function lengthFlaws(wording: Wording, samples: Samples): Flaw[] {
  const { segments, encoding } = segmentsOf(renderSms(wording, samples.sms));
  const subject = fill(wording.subject, samples.email);
  return [
    ...(encoding === 'GSM-7' ? [] : [{ part: 'sms', message: 'has a sign outside GSM-7, which halves the room of a message' } as const]),
    ...(segments > mostSegments ? [{ part: 'sms', message: `takes ${segments} segments with the longest values; ${mostSegments} are allowed` } as const] : []),
    ...(subject.length > 60 || subject.includes('\n') ? [{ part: 'subject', message: 'must be one line of at most 60 characters' } as const] : []),
  ];
}

function wordFlaws(wording: Wording): Flaw[] {
  const sms = ownWords(wording.sms).replaceAll(optOut[wording.language], ' ');
  const asked = carrierWords.exec(sms)?.[0];
  const common = parts.flatMap((part): Flaw[] => {
    const own = ownWords(wording[part]);
    const procedure = procedures.exec(own)?.[0];
    const advice = own.split(/[.!?;\n]/).find((sentence) => changes.test(sentence) && medicines.test(sentence));
    return [
      ...(procedure === undefined ? [] : [{ part, message: `names a procedure: "${procedure}"` }]),
      ...(advice === undefined ? [] : [{ part, message: `gives advice about a medicine: "${advice.trim()}"; ask the patient to call instead` }]),
      ...(/https?:|www\./i.test(own) ? [{ part, message: 'has a web address of its own; only {{link}} may be given' }] : []),
    ];
  });
  return asked === undefined ? common : [{ part: 'sms', message: `has "${asked}", which carriers take as a command; ask for 1, 2 or 3` }, ...common];
}

function actionFlaws({ email }: Wording, { email: sample }: Samples): Flaw[] {
  const elsewhere = blocksOf(fill(email, sample)).some((block) => block.kind === 'action' && block.href !== sample.link && !/^tel:\+?\d+$/.test(block.href));
  return elsewhere ? [{ part: 'email', message: 'has a button that leads elsewhere than to {{link}} or a telephone' }] : [];
}

/** What the shipped text gives the patient to hold on to, a clinic's own gives as well. */
function missing(wording: Wording): Flaw[] {
  const model = shipped(wording.key, wording.language);
  const lost = (part: keyof Text, needed: readonly string[], held: readonly string[]): Flaw[] =>
    needed.filter((one) => !held.includes(one)).map((one) => ({ part, message: `must say ${one}, as the shipped text does` }));
  const named = (part: keyof Text) =>
    lost(
      part,
      namesIn(model[part])
        .filter((name) => ['clinic', 'phone', 'link'].includes(name))
        .map((name) => `{{${name}}}`),
      namesIn(wording[part]).map((name) => `{{${name}}}`),
    );
  const numbers = (part: keyof Text, pattern: RegExp) => lost(part, ownWords(model[part]).match(pattern) ?? [], ownWords(wording[part]).match(pattern) ?? []);
  const line = optOut[wording.language];
  const optOutLost = model.sms.includes(line) && !wording.sms.includes(line) ? [{ part: 'sms', message: `must say "${line}"` } as const] : [];
  return [...named('sms'), ...named('email'), ...numbers('sms', /\b(?:\d|911)\b/g), ...numbers('email', /\b911\b/g), ...optOutLost];
}

interface Samples {
  readonly sms: Variables;
  readonly email: Variables;
}

/** Everything that stands between a text and its approval; nothing for one that may be approved. `clinic`: who would send it. */
export function flawsOf(wording: Wording, clinic: string): readonly Flaw[] {
  const broken = unreadable(wording);
  if (broken.length > 0) return broken;
  const samples = { sms: sampleFor(wording.language, 'sms', clinic), email: sampleFor(wording.language, 'email', clinic) };
  const hollow = unfillable(wording, samples);
  if (hollow.length > 0) return hollow;
  return [...lengthFlaws(wording, samples), ...wordFlaws(wording), ...actionFlaws(wording, samples), ...missing(wording)];
}
