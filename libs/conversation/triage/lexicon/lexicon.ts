import { type Phrase, phrase, Phrasebook, wordsOf } from '../phrases.js';
import { classes } from './classes.js';
import { english } from './english.js';
import { ordinaryWords } from './ordinary.js';
import { spanish } from './spanish.js';
import { helpTexts, newSentence, notStopPhrases, startTexts, stopFillers, stopPhrases, stopTexts, stopWords } from './wishes.js';

/** The tables that a clinician reads and corrects, one set a language. How a phrase is written: `phrases.ts`. */
export interface Lexicon {
  /** By symptom code of the catalogue, or `code/variant`. */
  readonly symptoms: Readonly<Record<string, readonly string[]>>;
  /** No symptom of the catalogue, but something that a person must see, by the urgency it has at least. */
  readonly concerns: Readonly<Record<'emergency' | 'urgent' | 'soon' | 'ask', readonly string[]>>;
  /** What sounds like a symptom and is none: `hot shower`. It hides only what lies wholly inside it. */
  readonly masks: readonly string[];
  readonly trend: Readonly<Record<Trend, readonly string[]>>;
  /** Thanks, agreement, contentment. */
  readonly good: readonly string[];
  /** The front desk's business. */
  readonly desk: readonly string[];
  readonly negators: readonly string[];
  /** Negations that negate no symptom: `not only`, `can't believe`. */
  readonly notNegators: readonly string[];
  /** Words that end the reach of a negation or a supposition: what follows is said of now. */
  readonly contrast: readonly string[];
  readonly openers: readonly string[];
  /** Asked or imagined, or someone else's: `what if`, `my sister had`. */
  readonly supposed: readonly string[];
  readonly notSupposed: readonly string[];
  /** After a symptom, that it is past; `overFillers` may stand between, `pastCues` say that it was. */
  readonly over: readonly string[];
  readonly overBefore: readonly string[];
  readonly overFillers: readonly string[];
  readonly pastCues: readonly string[];
  readonly notOver: readonly string[];
  /** Answers to a question in the same text: `pus? no`. */
  readonly affirmed: readonly string[];
  readonly denied: readonly string[];
  /** Words that make a number out of ten a pain score, and those that make it a compliment. */
  readonly painScale: readonly string[];
  readonly praise: readonly string[];
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
  'good', 'desk', 'negators', 'notNegators', 'contrast', 'openers', 'supposed', 'notSupposed', 'over', 'overBefore', 'overFillers', 'pastCues', 'notOver', 'affirmed', 'denied', 'painScale', 'praise',
];

function phrasesOf(lexicon: Lexicon, language: Language): Phrase<Meaning>[] {
  const read = (meaning: Meaning, sources: readonly string[]) => sources.map((source) => phrase(meaning, source, classes));
  const entries = <K extends string>(table: Readonly<Record<K, readonly string[]>>) => Object.entries(table) as [K, readonly string[]][];
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
  ...stopPhrases.map((source) => phrase<Meaning>({ kind: 'wish' }, source, classes)),
  ...notStopPhrases.map((source) => phrase<Meaning>({ kind: 'notWish' }, source, classes)),
];
const all = [...inEnglish, ...inSpanish, ...wishes];

export const phrasebook = new Phrasebook<Meaning>(all);

/** Words that tell of symptoms; a misspelt word is read as one of these first. */
export const symptomWords: ReadonlySet<string> = new Set(
  [...wordsOf(all.filter(({ meaning }) => meaning.kind === 'symptom' || (meaning.kind === 'concern' && meaning.floor !== 'soon' && meaning.floor !== 'ask')))].filter(
    (word) => !ordinaryWords.has(word),
  ),
);

const wholeTexts = [...stopWords, ...stopTexts, ...stopFillers, ...newSentence, ...startTexts, ...helpTexts].flatMap((text) => text.split(' '));

export const knownWords: ReadonlySet<string> = new Set([...ordinaryWords, ...wordsOf(all), ...wholeTexts]);

const spanishWords = wordsOf(inSpanish);
const englishWords = wordsOf(inEnglish);
const spanishHints = new Set('el la los las de que y en un una mi esta estoy tengo hay con por para muy mas pero es lo al ya tambien hola gracias cuando donde porque puedo'.split(' '));
const englishHints = new Set('the is are my i it and have has was to of in on with this that im its not you can do for what when but be'.split(' '));

/** The language of a text: whose words it has more of. */
export function languageOf(words: readonly string[], original: string): Language {
  const weigh = (mine: ReadonlySet<string>, hints: ReadonlySet<string>, others: ReadonlySet<string>) =>
    words.reduce((sum, word) => sum + (hints.has(word) ? 2 : 0) + (mine.has(word) && !others.has(word) ? 1 : 0), 0);
  const spanishMarks = /[ñ¿¡áéíóúü]/i.test(original) ? 2 : 0;
  return weigh(spanishWords, spanishHints, englishWords) + spanishMarks > weigh(englishWords, englishHints, spanishWords) ? 'es' : 'en';
}
