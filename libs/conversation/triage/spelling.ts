/** Distance in the sense of optimal string alignment (insert, delete, replace, swap neighbours), or more than `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let [twoAgo, previous]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (twoAgo[j - 2] ?? limit) + 1);
      row.push(best);
    }
    [twoAgo, previous] = [previous, row];
  }
  return previous[b.length] ?? limit + 1;
}

/** The word with up to `count` letters left out, in every way. */
function shortened(word: string, count: number): Set<string> {
  let layer = new Set([word]);
  const all = new Set(layer);
  for (let round = 0; round < count; round += 1) {
    layer = new Set([...layer].flatMap((form) => Array.from(form, (_, index) => form.slice(0, index) + form.slice(index + 1))));
    for (const form of layer) all.add(form);
  }
  return all;
}

const longestWord = 20;
/** Longer runs of letters without a space are not a message. */
const longestRun = 600;
/** The short words that may stand between others in a run; any two letters would make everything a row of words. */
const shortWords: ReadonlySet<string> = new Set('a i my is it in on of to no at me so up we as an am be do if or us by ok he'.split(' '));

/** The best way to cut a run of letters up to some place: how many words, and where the last of them begins. */
interface Cut {
  readonly words: number;
  readonly from: number;
}

const shortestCorrected = 5;
/** One slip in a word of five to nine letters, two in a longer one. */
const slipsIn = (word: string) => (word.length >= 10 ? 2 : 1);

/** Finds the words of a list that a misspelt word may stand for. */
class Nearest {
  readonly #byShortened = new Map<string, string[]>();

  constructor(words: Iterable<string>) {
    for (const word of words) {
      if (word.length < shortestCorrected || !/^[a-z]+$/.test(word)) continue;
      for (const form of shortened(word, slipsIn(word))) this.#byShortened.set(form, [...(this.#byShortened.get(form) ?? []), word]);
    }
  }

  to(word: string): string | null {
    if (word.length < shortestCorrected - 1 || word.length > longestWord) return null;
    const candidates = new Set([...shortened(word, word.length >= 8 ? 2 : 1)].flatMap((form) => this.#byShortened.get(form) ?? []));
    let best: { word: string; slips: number } | null = null;
    for (const candidate of candidates) {
      // Nobody misses the first letter; other words differ there (`action`, `reaction`).
      if (candidate[0] !== word[0]) continue;
      const slips = distance(word, candidate, slipsIn(candidate));
      if (slips <= slipsIn(candidate) && (best === null || slips < best.slips)) best = { word: candidate, slips };
    }
    return best?.word ?? null;
  }
}

/**
 * Reads a word that the lexicon does not have: drawn-out letters, slips of the finger, words without the spaces between.
 * Words of symptoms come first, so that a doubtful reading errs towards the symptom.
 */
export class Speller {
  readonly #symptoms: Nearest;
  readonly #others: Nearest;

  constructor(
    private readonly known: ReadonlySet<string>,
    private readonly symptomWords: ReadonlySet<string>,
  ) {
    this.#symptoms = new Nearest(symptomWords);
    this.#others = new Nearest([...known].filter((word) => !symptomWords.has(word)));
  }

  /** The words meant; the word itself when nothing near is known. */
  read(word: string): string[] {
    if (this.known.has(word)) return [word];
    const drawnOut = this.#shortenRuns(word);
    if (drawnOut !== null) return [drawnOut];
    const near = this.#symptoms.to(word);
    if (near !== null) return [near];
    return this.#split(word) ?? [this.#others.to(word) ?? word];
  }

  /** `soooo`, `redddd`. */
  #shortenRuns(word: string): string | null {
    if (!/(.)\1/u.test(word)) return null;
    const forms = [word.replace(/(.)\1{2,}/gu, '$1$1'), word.replace(/(.)\1{2,}/gu, '$1'), word.replace(/(.)\1+/gu, '$1')];
    return forms.find((form) => this.known.has(form)) ?? null;
  }

  /** `myfaceisswollen`: the fewest known words that make up the whole, or null. */
  #split(word: string): string[] | null {
    if (word.length < 6 || word.length > longestRun || !/^[a-z]+$/.test(word)) return null;
    const cuts: (Cut | null)[] = [{ words: 0, from: 0 }];
    for (let end = 1; end <= word.length; end += 1) cuts.push(this.#cutAt(word, end, cuts));
    const parts: string[] = [];
    for (let end = word.length; end > 0;) {
      const cut = cuts[end];
      if (cut === null || cut === undefined) return null;
      parts.unshift(word.slice(cut.from, end));
      end = cut.from;
    }
    // Names fall apart into words too (`Okafor`): only a symptom is worth reading into a run of letters.
    return parts.some((part) => this.symptomWords.has(part)) ? parts : null;
  }

  #cutAt(word: string, end: number, cuts: readonly (Cut | null)[]): Cut | null {
    let best: Cut | null = null;
    for (let from = Math.max(0, end - longestWord); from < end; from += 1) {
      const before = cuts[from];
      if (before === null || before === undefined || (best !== null && before.words + 1 >= best.words)) continue;
      const part = word.slice(from, end);
      if (this.known.has(part) && (part.length > 2 || shortWords.has(part))) best = { words: before.words + 1, from };
    }
    return best;
  }
}
