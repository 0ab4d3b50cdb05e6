import { knownWords, languageOf, type Language, type Meaning, phrasebook, symptomWords } from './lexicon/lexicon.js';
import { ordinaryWords } from './lexicon/ordinary.js';
import { measurements } from './measurements.js';
import type { Found } from './phrases.js';
import { Speller } from './spelling.js';
import { type Token, tokenize } from './tokens.js';

export type Mark = Found<Meaning>;

/** A message as the lexicon reads it: its words, the phrases found in them, and what nothing explains. */
export interface Reading {
  readonly tokens: readonly Token[];
  readonly marks: readonly Mark[];
  readonly unknown: readonly string[];
  readonly language: Language | null;
}

const speller = new Speller(knownWords, symptomWords);
const known = (word: string) => knownWords.has(word);

/** Which kinds a longer phrase hides when they lie inside it: `white bumps` is not `white`. */
const hides: Partial<Record<Meaning['kind'], readonly Meaning['kind'][]>> = {
  symptom: ['symptom', 'masks', 'negators'],
  concern: ['symptom', 'concern', 'masks', 'negators', 'supposed'],
  good: ['concern', 'symptom'],
  negators: ['symptom', 'concern', 'wish'],
  over: ['symptom'],
  desk: ['wish'],
  trend: ['masks', 'desk', 'good'],
};
/** Which kinds are void as soon as another overlaps them. */
const voids: Partial<Record<Meaning['kind'], Meaning['kind']>> = {
  negators: 'notNegators',
  supposed: 'notSupposed',
  over: 'notOver',
  overIfPast: 'notOver',
  wish: 'notWish',
};

const lengthOf = ({ start, end }: Mark) => end - start;

function isHidden(mark: Mark, others: readonly Mark[]): boolean {
  const hiding = hides[mark.meaning.kind] ?? [];
  const voiding = voids[mark.meaning.kind];
  return others.some((other) => {
    const inside = other.start <= mark.start && other.end >= mark.end;
    const around = mark.start <= other.start && mark.end >= other.end;
    // `stop my appointment` is no wish, `stop my appointment reminders` is one.
    if (other.meaning.kind === voiding) return other.start < mark.end && other.end > mark.start && (inside || !around);
    if (!hiding.includes(other.meaning.kind) || lengthOf(other) <= lengthOf(mark)) return false;
    if (mark.meaning.kind === 'negators' && other.gapped) return false;
    // Between the written words of a gapped phrase anything may stand, another symptom too: that one is not hidden.
    return inside && (!other.gapped || other.start === mark.start || other.end === mark.end);
  });
}

/** Marks that begin at most this many tokens before a place can reach it. */
const longestPhrase = 16;

function visible(marks: readonly Mark[], length: number): Mark[] {
  const startingAt: Mark[][] = Array.from({ length }, () => []);
  for (const mark of marks) startingAt[mark.start]?.push(mark);
  return marks.filter((mark) => {
    const near = startingAt.slice(Math.max(0, mark.start - longestPhrase), mark.end).flat();
    return !isHidden(mark, near);
  });
}

/** A name follows them. */
const titles = new Set(['dr', 'dra', 'doctor', 'doctora', 'nurse', 'mr', 'mrs', 'ms']);

function unexplained(tokens: readonly Token[], marks: readonly Mark[]): string[] {
  const explained = new Set(
    marks.flatMap(({ start, end, gapped }) => (gapped ? [start, end - 1] : Array.from({ length: end - start }, (_, index) => start + index))),
  );
  const isName = (index: number) => titles.has(tokens[index - 1]?.text ?? '');
  return tokens
    .filter(({ kind, text }, index) => (kind === 'word' || kind === 'emoji') && !explained.has(index) && !ordinaryWords.has(text) && !isName(index))
    .map(({ text }) => text);
}

/** `can not`, `do not`: read as one word, as the lexicon writes them. */
const contractions: Readonly<Record<string, string>> = {
  can: 'cannot',
  could: 'couldnt',
  do: 'dont',
  does: 'doesnt',
  did: 'didnt',
  is: 'isnt',
  are: 'arent',
  was: 'wasnt',
  were: 'werent',
  have: 'havent',
  has: 'hasnt',
  had: 'hadnt',
  will: 'wont',
  would: 'wouldnt',
  should: 'shouldnt',
};

function contract(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token, at): Token[] => {
    const contracted = contractions[token.text];
    if (contracted !== undefined && tokens[at + 1]?.text === 'not') return [{ kind: 'word', text: contracted }];
    return token.text === 'not' && contractions[tokens[at - 1]?.text ?? ''] !== undefined ? [] : [token];
  });
}

/** English and Spanish write some phrases alike: each is one mark. */
function distinct(marks: readonly Mark[]): Mark[] {
  const seen = new Map(marks.map((mark) => [JSON.stringify([mark.start, mark.end, { ...mark.meaning, language: null }]), mark]));
  return [...seen.values()];
}

/** The line that a telephone or a mail programme adds below; it is nobody's words. */
const signature = /^[ \t]*(?:sent (?:from|via|with) |get outlook for |enviado desde (?:mi|el) )[^\n]{0,80}$/gim;

/** Reads any text, in time linear in its length. */
export function read(text: string): Reading {
  const spelt = new Map<string, string[]>();
  const spelled = tokenize(text.replace(signature, '.'), known).flatMap((token): Token[] => {
    if (token.kind !== 'word') return [token];
    const words = spelt.get(token.text) ?? speller.read(token.text);
    spelt.set(token.text, words);
    return words.map((word) => ({ kind: 'word', text: word }));
  });
  const tokens = contract(spelled);
  const marks = visible(distinct([...phrasebook.find(tokens), ...measurements(tokens)]), tokens.length).sort((a, b) => a.start - b.start || b.end - a.end);
  const words = tokens.filter(({ kind }) => kind === 'word').map((token) => token.text);
  return { tokens, marks, unknown: unexplained(tokens, marks), language: languageOf(words, text) };
}
