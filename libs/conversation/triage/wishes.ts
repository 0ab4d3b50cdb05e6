import { listed } from './lexicon/lexicon.js';
import { helpTexts, newSentence, startTexts, stopFillers, stopTexts, stopWords } from './lexicon/wishes.js';
import type { Reading } from './reading.js';

const stops = new Set(listed(stopWords));
const fillers = new Set(listed(stopFillers));
const begins = new Set(listed(newSentence));
const nameWords = new Set('glow clinic spa med skin beauty aesthetics studio clinica center'.split(' '));
const verbs = new Set('is are has have hurts burns feels looks itches esta duele arde'.split(' '));

const wordsOf = ({ tokens }: Reading) => tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);

/** A clause that says nothing but `stop`, politely or not. */
function stopsAlone({ tokens, marks }: Reading): boolean {
  const contrast = new Set(marks.filter(({ meaning }) => meaning.kind === 'contrast').map(({ start }) => start));
  let words: string[] = [];
  const isStop = () => words.some((word) => stops.has(word)) && words.every((word) => stops.has(word) || fillers.has(word));
  for (const [at, { kind, text }] of tokens.entries()) {
    const boundary = kind === 'stop' || kind === 'comma' || (contrast.has(at) && !fillers.has(text));
    if (boundary && isStop()) return true;
    if (boundary) words = [];
    else if (kind === 'word') words.push(text);
  }
  return isStop();
}

/** `STOP my face is on fire`: a stop word first, then visibly something new. */
function stopsFirst(words: readonly string[]): boolean {
  if (!stops.has(words[0] ?? '')) return false;
  return begins.has(words[1] ?? '') || ((words[1] === 'my' || words[1] === 'mi') && verbs.has(words[3] ?? ''));
}

/** `STOP Glow Clinic`: a stop word and a name that nothing else explains. The carrier knows it for no keyword, so we must. */
function stopsByName([first = '', ...rest]: readonly string[], { unknown }: Reading): boolean {
  const name = rest.filter((word) => !fillers.has(word));
  return stops.has(first) && name.length > 0 && name.length <= 4 && name.every((word) => unknown.includes(word) || nameWords.has(word));
}

/** Does the text ask, in any words, for messages to stop? */
export function asksToStop(reading: Reading): boolean {
  const words = wordsOf(reading);
  return (
    reading.marks.some(({ meaning }) => meaning.kind === 'wish') ||
    listed(stopTexts).includes(words.join(' ')) ||
    stopsAlone(reading) ||
    stopsFirst(words) ||
    stopsByName(words, reading)
  );
}

/** The two carrier keywords that are no wish to stop; they count only alone. */
export function keywordOf(reading: Reading): 'start' | 'help' | null {
  const text = wordsOf(reading).join(' ');
  if (listed(startTexts).includes(text)) return 'start';
  return listed(helpTexts).includes(text) ? 'help' : null;
}
