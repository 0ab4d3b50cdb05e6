import type { Token } from './tokens.js';

/**
 * The small language of the lexicon. A phrase is words in a row; `a|b` is either word, `a?` may be missing, `..` lets up to
 * three other words stand between, and `#name` is a class of words (`classes.ts`). A phrase never reaches over the end of a
 * sentence; only words and emoji are written, without accents and apostrophes.
 */
interface Element {
  readonly options: ReadonlySet<string>;
  readonly optional: boolean;
  readonly gap: number;
}

export interface Phrase<T> {
  readonly meaning: T;
  readonly elements: readonly Element[];
}

/** A phrase found: tokens `start` to `end`, `end` not included. */
export interface Found<T> {
  readonly meaning: T;
  readonly start: number;
  readonly end: number;
  /** Whether other words may stand inside it. */
  readonly gapped: boolean;
}

export type WordClasses = Readonly<Record<string, string>>;

const gapWords = 3;

function element(source: string, classes: WordClasses): Element {
  if (source === '..') return { options: new Set(), optional: false, gap: gapWords };
  const optional = source.endsWith('?');
  const options = (optional ? source.slice(0, -1) : source).split('|').flatMap((option) => {
    const members = option.startsWith('#') ? classes[option.slice(1)] : option;
    if (members === undefined) throw new Error(`the lexicon has no class ${option}`);
    return members.split(' ');
  });
  return { options: new Set(options), optional, gap: 0 };
}

/** Reads one phrase of the lexicon. @throws Error for a class that does not exist, or a first word that may be missing. */
export function phrase<T>(meaning: T, source: string, classes: WordClasses): Phrase<T> {
  const elements = source.split(' ').map((part) => element(part, classes));
  if (elements[0]?.optional !== false || elements[0].gap > 0) throw new Error(`a phrase begins with a word that must be there: ${source}`);
  return { meaning, elements };
}

/** Every phrase of a lexicon, found in one pass over the tokens. */
export class Phrasebook<T> {
  readonly #byFirstWord = new Map<string, Phrase<T>[]>();

  constructor(phrases: readonly Phrase<T>[]) {
    for (const entry of phrases) {
      for (const word of entry.elements[0]?.options ?? []) {
        const others = this.#byFirstWord.get(word);
        if (others === undefined) this.#byFirstWord.set(word, [entry]);
        else others.push(entry);
      }
    }
  }

  /** Every occurrence, by where it begins; the longest reading of each phrase at each place. */
  find(tokens: readonly Token[]): Found<T>[] {
    return tokens.flatMap(({ text }, start) =>
      (this.#byFirstWord.get(text) ?? []).flatMap(({ meaning, elements }): Found<T>[] => {
        const end = endOf(elements, 1, tokens, start + 1);
        return end === null ? [] : [{ meaning, start, end, gapped: elements.some(({ gap }) => gap > 0) }];
      }),
    );
  }
}

/** Where the rest of a phrase ends when it is read from `at`; null when it is not there. */
function endOf(elements: readonly Element[], from: number, tokens: readonly Token[], at: number): number | null {
  const wanted = elements[from];
  if (wanted === undefined) return at;
  if (wanted.gap > 0) return endAfterGap(elements, from + 1, tokens, at, wanted.gap);
  const here = tokens[at];
  const taken = here !== undefined && wanted.options.has(here.text) ? endOf(elements, from + 1, tokens, at + 1) : null;
  if (taken !== null || !wanted.optional) return taken;
  return endOf(elements, from + 1, tokens, at);
}

function endAfterGap(elements: readonly Element[], from: number, tokens: readonly Token[], at: number, gap: number): number | null {
  for (let skipped = 0; skipped <= gap; skipped += 1) {
    const end = endOf(elements, from, tokens, at + skipped);
    if (end !== null) return end;
    const next = tokens[at + skipped];
    if (next === undefined || (next.kind !== 'word' && next.kind !== 'number')) return null;
  }
  return null;
}

/** Every word that the phrases are made of. */
export function wordsOf<T>(phrases: readonly Phrase<T>[]): Set<string> {
  return new Set(phrases.flatMap(({ elements }) => elements.flatMap(({ options }) => [...options])));
}
