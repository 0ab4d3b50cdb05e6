import type { Mark, Reading } from './reading.js';
import type { Token } from './tokens.js';

/** How a phrase is meant: said of now, denied, past, or only imagined (or someone else's). */
export type Standing = 'affirmed' | 'negated' | 'past' | 'supposed';

/** How many words back a negation or a supposition reaches at most. */
const reach = 7;
const orWords = new Set(['or', 'nor', 'ni', 'o', 'u']);
const andWords = new Set(['and', 'y', 'e']);
const listFillers = new Set(['any', 'the', 'de', 'no']);
const copulas = new Set('is are has have its all was were se ya now just been esta'.split(' '));

type Kind = Mark['meaning']['kind'];

/** The marks of a reading by the place where they end, and the two questions asked of a place. */
class Places {
  readonly #startingAt = new Map<number, Mark[]>();
  readonly #endingAt = new Map<number, Mark[]>();
  readonly #covered = new Map<number, Set<Kind>>();

  constructor(readonly reading: Reading) {
    for (const mark of reading.marks) {
      this.#startingAt.set(mark.start, [...(this.#startingAt.get(mark.start) ?? []), mark]);
      this.#endingAt.set(mark.end, [...(this.#endingAt.get(mark.end) ?? []), mark]);
      for (const place of [mark.start, mark.end - 1]) this.#covered.set(place, (this.#covered.get(place) ?? new Set()).add(mark.meaning.kind));
    }
  }

  token(at: number): Token | undefined {
    return this.reading.tokens[at];
  }

  /** Whether a mark of the kind ends just before `end`. */
  endsWith(kind: Kind, end: number): boolean {
    return (this.#endingAt.get(end) ?? []).some(({ meaning }) => meaning.kind === kind);
  }

  startingAt(at: number): readonly Mark[] {
    return this.#startingAt.get(at) ?? [];
  }

  isIn(kind: Kind, at: number): boolean {
    return this.#covered.get(at)?.has(kind) ?? false;
  }

  /** A symptom or concern that ends just before `end`. */
  statedBefore(end: number): Mark | undefined {
    return this.#endingAt.get(end)?.find(isStatement);
  }
}

export const isStatement = ({ meaning }: Mark): boolean => meaning.kind === 'symptom' || meaning.kind === 'concern';

const isEnd = (token: Token | undefined) => token === undefined || token.kind === 'stop';

/** `my throat is fine` denies what naming the throat would mean. */
const isWell = (places: Places, { meaning, end }: Mark): boolean =>
  meaning.kind === 'symptom' && meaning.variant === 'named' && places.startingAt(end).some((next) => next.meaning.kind === 'well');

/** `no pus yesterday but today yes`. */
function comesBack(places: Places, from: number): boolean {
  let contrast = false;
  for (let at = from; at < from + 6; at += 1) {
    if (isEnd(places.token(at)) || places.startingAt(at).some(isStatement)) return false;
    contrast ||= places.isIn('contrast', at);
    if (contrast && places.isIn('affirmed', at) && isEnd(places.token(at + 1))) return true;
  }
  return false;
}

/** `pus? no`, `fever: none`; and `pus yes`, which a negation before it does not touch. */
function answered(places: Places, statement: Mark): Standing | null {
  const { end } = statement;
  if (isWell(places, statement)) return 'negated';
  const mark = places.token(end);
  const asked = mark?.kind === 'stop' && /^[?:]/.test(mark.text);
  const at = asked ? end + 1 : end;
  if (asked && places.isIn('affirmed', at)) return 'affirmed';
  const closes = isEnd(places.token(at + 1)) || places.token(at + 1)?.kind === 'comma';
  if (comesBack(places, end)) return 'affirmed';
  if (!closes) return null;
  if (places.isIn('affirmed', at)) return 'affirmed';
  return places.isIn('denied', at) ? 'negated' : null;
}

/** Looks back from a phrase for what denies it or makes it a supposition; anything that opens a new statement ends the search. */
function before(places: Places, mark: Mark, standings: ReadonlyMap<Mark, Standing>): Standing {
  for (let at = mark.start; at > 0 && mark.start - at < reach; at -= 1) {
    if (places.endsWith('overBefore', at)) return 'past';
    if (places.endsWith('supposed', at)) return 'supposed';
    if (places.endsWith('negators', at)) return 'negated';
    const stated = places.statedBefore(at);
    if (stated !== undefined) return inherited(places, stated, mark, standings);
    const token = places.token(at - 1);
    if (token === undefined || token.kind === 'stop' || token.kind === 'comma' || token.kind === 'emoji' || places.isIn('contrast', at - 1)) return 'affirmed';
    // `what if my lip …` goes on over the opener that follows it at once; `no, my lip …` does not.
    if (places.isIn('openers', at - 1)) return places.endsWith('supposed', at - 1) ? 'supposed' : 'affirmed';
  }
  return 'affirmed';
}

/** `no fever or pus`: a bare `or` carries a negation on; `and` carries only a supposition on. */
function inherited(places: Places, stated: Mark, mark: Mark, standings: ReadonlyMap<Mark, Standing>): Standing {
  const between = places.reading.tokens.slice(stated.end, mark.start);
  const standing = standings.get(stated) ?? 'affirmed';
  const joined =
    between.length > 0 && between.every(({ text }) => orWords.has(text) || listFillers.has(text) || (standing !== 'negated' && andWords.has(text)));
  // Readings that overlap (`sore throat`) stand or fall together.
  return joined || stated.end > mark.start || (between.length === 0 && mark.meaning.kind !== 'symptom') ? standing : 'affirmed';
}

/**
 * `no fever, chills, or pus`: commas carry a negation on only through a list of bare symptoms that an `or` closes and
 * that ends its sentence. In any other place a comma ends the negation.
 */
function spreadThroughLists(places: Places, statements: readonly Mark[], standings: Map<Mark, Standing>): void {
  for (let first = 0; first < statements.length;) {
    let last = first;
    let closed = false;
    while (last + 1 < statements.length) {
      const between = places.reading.tokens.slice((statements[last] as Mark).end, (statements[last + 1] as Mark).start);
      if (between.length === 0 || !between.every(({ kind, text }) => kind === 'comma' || orWords.has(text) || listFillers.has(text))) break;
      closed = between.some(({ text }) => orWords.has(text));
      last += 1;
    }
    const after = (statements[last] as Mark).end;
    const ends = isEnd(places.token(after)) || places.isIn('contrast', after);
    if (closed && ends && standings.get(statements[first] as Mark) === 'negated') {
      for (const mark of statements.slice(first, last + 1)) standings.set(mark, 'negated');
    }
    first = last + 1;
  }
}

/** `had a fever yesterday, gone now`: past, if nothing but fillers stands between and it did not come back. */
function isOver(places: Places, mark: Mark): boolean {
  const { tokens } = places.reading;
  for (let at = mark.end; at < tokens.length && at - mark.end <= 10; at += 1) {
    const over = places.startingAt(at).find(({ meaning }) => meaning.kind === 'over' || meaning.kind === 'overIfPast');
    if (over !== undefined) return wasOnce(places, mark, over) && !cameBack(places, over);
    const token = tokens[at];
    const passes = token?.kind === 'comma' || token?.kind === 'number' || places.isIn('overFillers', at);
    if (token === undefined || token.kind === 'stop' || !passes || places.startingAt(at).some(isStatement)) return false;
  }
  return false;
}

function wasOnce(places: Places, mark: Mark, over: Mark): boolean {
  const between = places.reading.tokens.slice(mark.end, over.start);
  if (over.meaning.kind === 'over' && between.every(({ text }) => copulas.has(text))) return true;
  let start = mark.start;
  while (start > 0 && places.token(start - 1)?.kind !== 'stop') start -= 1;
  return places.reading.marks.some(({ meaning, start: at }) => meaning.kind === 'pastCues' && at >= start && at < over.start);
}

const cameBack = (places: Places, over: Mark): boolean =>
  places.reading.marks.some(({ meaning, start }) => meaning.kind === 'trend' && meaning.trend === 'worse' && start >= over.start && start - over.end < 8);

/** `fever and chills are gone`: what is over is so for all that `and` joins. */
function spreadBackwards(places: Places, statements: readonly Mark[], standings: Map<Mark, Standing>): void {
  for (let index = statements.length - 2; index >= 0; index -= 1) {
    const [mark, next] = [statements[index] as Mark, statements[index + 1] as Mark];
    const between = places.reading.tokens.slice(mark.end, next.start);
    const joined = between.length > 0 && between.every(({ text }) => orWords.has(text) || andWords.has(text));
    if (standings.get(next) === 'past' && standings.get(mark) === 'affirmed' && (joined || next.start < mark.end)) standings.set(mark, 'past');
  }
}

/** How every symptom, concern and trend of a reading is meant. In doubt it is meant of now. */
export function standingsOf(reading: Reading): ReadonlyMap<Mark, Standing> {
  const places = new Places(reading);
  const standings = new Map<Mark, Standing>();
  const statements = reading.marks.filter(isStatement);
  for (const mark of reading.marks) {
    if (isStatement(mark) || mark.meaning.kind === 'trend') standings.set(mark, answered(places, mark) ?? before(places, mark, standings));
  }
  spreadThroughLists(places, statements, standings);
  for (const mark of statements) if (standings.get(mark) === 'affirmed' && isOver(places, mark)) standings.set(mark, 'past');
  spreadBackwards(places, statements, standings);
  return standings;
}
