import type { Reading } from './reading.js';
import type { Urgency } from './urgency.js';

export type DigitQuestion = 'check-in' | 'confirm' | 'satisfaction' | 'offer';

const digitWords: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, uno: 1, dos: 2, tres: 3 };
const follows = new Set([
  'but',
  'pero',
  'and',
  'y',
  'thanks',
  'thank',
  'gracias',
  'please',
  'maybe',
  'although',
  'aunque',
  'though',
  'i',
  'my',
  'im',
  'mi',
  'or',
  'o',
]);
const confirmations = new Set(['yes', 'confirm', 'confirmed', 'confirming', 'yep', 'yeah', 'siyes', 'si', 'confirmo', 'confirmado', 'yup']);

const valueOf = (text: string | undefined): number | null => (text === undefined ? null : /^\d+$/.test(text) ? Number(text) : (digitWords[text] ?? null));

/** The digits that a text answers with: it is nothing but digits, or begins with one that stands apart. */
export function digitsIn({ tokens }: Reading): number[] {
  const pieces = tokens.filter(({ kind }) => kind !== 'comma' && kind !== 'stop' && kind !== 'emoji').map(({ text }) => text);
  const whole = pieces.map((text) => (follows.has(text) ? [] : [valueOf(text)]));
  if (pieces.length > 0 && pieces.length <= 6 && whole.flat().length > 0 && whole.flat().every((value) => value !== null))
    return whole.flat().filter((value) => value !== null);
  const first = tokens[0];
  const next = tokens[1];
  if (first?.kind !== 'number' || !/^\d$/.test(first.text) || next === undefined) return [];
  const apart = next.kind === 'stop' || next.kind === 'emoji' || (next.kind === 'comma' && next.text !== '/') || follows.has(next.text);
  return apart ? [Number(first.text)] : [];
}

const scoreWords: Readonly<Record<string, number>> = { ...digitWords, four: 4, five: 5, cuatro: 4, cinco: 5 };
const scorePattern = new RegExp(
  `^([1-5]|${Object.keys(scoreWords).join('|')})(?: (?:/|out of|of|de) (?:5|five|cinco))?(?: (?:stars?|estrellas?|points?|puntos?))?(?: (\\S+).*)?$`,
);

/**
 * The score from 1 to 5 that a text gives when it was asked for one: alone, of five ("4/5"), in words, or at the beginning with its
 * why behind it. Null when it gives none ("2 weeks ago").
 */
export function scoreIn({ tokens }: Reading): number | null {
  const [, score, next] = scorePattern.exec(tokens.map(({ text }) => text).join(' ')) ?? [];
  if (score === undefined) return null;
  const behind = next === undefined ? undefined : tokens.find(({ text }) => text === next);
  const apart = behind === undefined || behind.kind === 'stop' || behind.kind === 'comma' || behind.kind === 'emoji' || follows.has(behind.text);
  return apart ? (scoreWords[score] ?? Number(score)) : null;
}

const checkIn: Readonly<Record<number, Urgency>> = { 1: 'expected', 2: 'soon', 3: 'urgent' };

/** What one digit weighs under the question that is open: 1 fine, 2 not sure, 3 I need help; without a question it is asked about. */
export function digitUrgency(digit: number, question: DigitQuestion | null): Urgency {
  if (question === 'check-in') return checkIn[digit] ?? 'ask';
  if ((question === 'confirm' || question === 'offer') && (digit === 1 || digit === 2)) return 'administrative';
  if (question === 'satisfaction' && digit >= 1 && digit <= 5) return 'administrative';
  return 'ask';
}

const politeness = new Set(['thanks', 'thank', 'you', 'gracias', 'please', 'i', 'it', 'is', 'will', 'be', 'there']);

/** A plain yes to "will you come?", in words. */
export function confirmsInWords(reading: Reading): boolean {
  const [first, ...rest] = reading.tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  return first !== undefined && confirmations.has(first) && rest.every((word) => politeness.has(word) || confirmations.has(word));
}

/** Up to this score we ask why, and a person looks at the answer. */
export const lowScore = 3;

/** The score among the rules that matched; null when the text answers no such question, or several ways. */
export function satisfactionScore(rules: readonly string[]): number | null {
  const scores = rules.flatMap((rule) => /^digit:satisfaction:([1-5])$/.exec(rule)?.[1] ?? []);
  return scores.length === 1 ? Number(scores[0]) : null;
}
