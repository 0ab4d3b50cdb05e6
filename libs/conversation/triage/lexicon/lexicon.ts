import { type Phrase, phrase, Phrasebook, wordsOf } from '../phrases.js';
import { classes } from './classes.js';
import { english } from './english.js';
import { ordinaryWords } from './ordinary.js';
import { spanish } from './spanish.js';
import { helpTexts, newSentence, notStopPhrases, startTexts, stopFillers, stopPhrases, stopTexts, stopWords } from './wishes.js';

/** Phrases with commas between them. */
export type Phrases = string;

/** The tables that a clinician reads and corrects, one set a language. How a phrase is written: `phrases.ts`. */
export interface Lexicon {
  /** By symptom code of the catalogue, or `code/variant`. */
  readonly symptoms: Readonly<Record<string, Phrases>>;
  /** No symptom of the catalogue, but something that a person must see, by the urgency it has at least. */
  readonly concerns: Readonly<Record<'emergency' | 'urgent' | 'soon' | 'ask', Phrases>>;
  /** What sounds like a symptom and is none: `hot shower`. It hides only what lies wholly inside it. */
  readonly masks: Phrases;
  readonly trend: Readonly<Record<Trend, Phrases>>;
  /** Thanks, agreement, contentment. */
  readonly good: Phrases;
  /** The front desk's business. */
  readonly desk: Phrases;
  readonly negators: Phrases;
  /** Negations that negate no symptom: `not only`, `can't believe`. */
  readonly notNegators: Phrases;
  /** Words that end the reach of a negation or a supposition: what follows is said of now. */
  readonly contrast: Phrases;
  readonly openers: Phrases;
  /** Asked or imagined, or someone else's: `what if`, `my sister had`. */
  readonly supposed: Phrases;
  readonly notSupposed: Phrases;
  /** After a symptom, that it is past; `overFillers` may stand between, `pastCues` say that it was. */
  readonly over: Phrases;
  /** The same only where a word says that it was: `fine now` alone is about everything else. */
  readonly overIfPast: Phrases;
  readonly overBefore: Phrases;
  readonly overFillers: Phrases;
  readonly pastCues: Phrases;
  readonly notOver: Phrases;
  /** Answers to a question in the same text: `pus? no`. */
  readonly affirmed: Phrases;
  readonly denied: Phrases;
  /** After a thing that is named only (`throat`), that nothing is wrong with it. */
  readonly well: Phrases;
  /** Words that make a number out of ten a pain score, and those that make it a compliment. */
  readonly painScale: Phrases;
  readonly praise: Phrases;
}

export type Trend = 'worse' | 'severe' | 'very' | 'unchanged' | 'better';
export type Language = 'en' | 'es';

type Role = Exclude<keyof Lexicon, 'symptoms' | 'concerns' | 'trend' | 'masks'>;

/** What a found phrase stands for. */
export type Meaning =
  | { readonly kind: 'symptom'; readonly code: string; readonly variant: string | null; readonly language: Language }
  | { readonly kind: 'concern'; readonly floor: 'emergency' | 'urgent' | 'soon' | 'ask'; readonly language: Language }
  | { readonly kind: 'trend'; readonly trend: Trend }
  | { readonly kind: 'masks' | 'wish' | 'notWish' | Role };

const roles: readonly Role[] = [
  'good',
  'desk',
  'negators',
  'notNegators',
  'contrast',
  'openers',
  'supposed',
  'notSupposed',
  'over',
  'overIfPast',
  'overBefore',
  'overFillers',
  'pastCues',
  'notOver',
  'affirmed',
  'denied',
  'well',
  'painScale',
  'praise',
];

/** The phrases of one entry. */
export const listed = (phrases: Phrases): string[] =>
  phrases
    .split(',')
    .map((text) => text.trim().replace(/\s+/g, ' '))
    .filter((text) => text !== '');

function phrasesOf(lexicon: Lexicon, language: Language): Phrase<Meaning>[] {
  const read = (meaning: Meaning, phrases: Phrases) => listed(phrases).map((source) => phrase(meaning, source, classes));
  const entries = <K extends string>(table: Readonly<Record<K, Phrases>>) => Object.entries(table) as [K, Phrases][];
  return [
    ...entries(lexicon.symptoms).flatMap(([key, sources]) => {
      const [code = key, variant = null] = key.split('/');
      return read({ kind: 'symptom', code, variant, language }, sources);
    }),
    ...entries(lexicon.concerns).flatMap(([floor, sources]) => read({ kind: 'concern', floor, language }, sources)),
    ...entries(lexicon.trend).flatMap(([trend, sources]) => read({ kind: 'trend', trend }, sources)),
    ...read({ kind: 'masks' }, lexicon.masks),
    ...roles.flatMap((kind) => read({ kind }, lexicon[kind])),
  ];
}

const inEnglish = phrasesOf(english, 'en');
const inSpanish = phrasesOf(spanish, 'es');
const wishes: Phrase<Meaning>[] = [
  ...listed(stopPhrases).map((source) => phrase<Meaning>({ kind: 'wish' }, source, classes)),
  ...listed(notStopPhrases).map((source) => phrase<Meaning>({ kind: 'notWish' }, source, classes)),
];
const all = [...inEnglish, ...inSpanish, ...wishes];

export const phrasebook = new Phrasebook<Meaning>(all);

/** Words that tell of symptoms; a misspelt word is read as one of these first. */
export const symptomWords: ReadonlySet<string> = new Set(
  [
    ...wordsOf(all.filter(({ meaning }) => meaning.kind === 'symptom' || (meaning.kind === 'concern' && meaning.floor !== 'soon' && meaning.floor !== 'ask'))),
  ].filter((word) => !ordinaryWords.has(word)),
);

const wholeTexts = [stopWords, stopTexts, stopFillers, newSentence, startTexts, helpTexts].flatMap(listed).flatMap((text) => text.split(' '));

export const knownWords: ReadonlySet<string> = new Set([...ordinaryWords, ...wordsOf(all), ...wholeTexts]);

const spanishWords = wordsOf(inSpanish);
const englishWords = wordsOf(inEnglish);
const spanishHints = new Set(
  'el la los las de que y en un una mi esta estoy tengo hay con por para muy mas pero es lo al ya tambien hola gracias cuando donde porque puedo'.split(' '),
);
const englishHints = new Set('the is are my i it and have has was to of in on with this that im its not you can do for what when but be'.split(' '));

/** The language of a text: whose words it has more of; null when neither has, as of a digit. */
export function languageOf(words: readonly string[], original: string): Language | null {
  const weigh = (mine: ReadonlySet<string>, hints: ReadonlySet<string>, others: ReadonlySet<string>) =>
    words.reduce((sum, word) => sum + (hints.has(word) ? 2 : 0) + (mine.has(word) && !others.has(word) ? 1 : 0), 0);
  const spanishMarks = /[ñ¿¡áéíóúü]/i.test(original) ? 2 : 0;
  const difference = weigh(spanishWords, spanishHints, englishWords) + spanishMarks - weigh(englishWords, englishHints, spanishWords);
  if (difference === 0) return null;
  return difference > 0 ? 'es' : 'en';
}
