/**
 * Sorts a patient's text by how soon a person must act. Pure; the rules are those of the clinical catalogue (`judge.ts`),
 * the words those of the lexicon. Invariants: 9 (only ever raised), 10 (the reply is the key of an approved template).
 */
import { isStaffFirst } from '#protocols';
import { replyFor } from './answers.js';
import { confirmsInWords, type DigitQuestion, digitsIn, digitUrgency, scoreIn } from './digits.js';
import { judge, type Judgement, type RecoveryContext } from './judge.js';
import type { Language } from './lexicon/lexicon.js';
import { read, type Reading } from './reading.js';
import { remainder } from './remainder.js';
import { highest, urgencies, type Urgency } from './urgency.js';
import { asksToStop } from './wishes.js';

export interface TriageOptions {
  /** The question that is open, when the patient was asked one that digits answer. */
  readonly digitQuestion?: DigitQuestion | null;
  /** A photo came with the text. */
  readonly hasMedia?: boolean;
}

export interface TriageResult {
  readonly urgency: Urgency;
  /** Symptom codes of the catalogue that the text affirms, recalls or imagines; the most urgent first. */
  readonly codes: readonly string[];
  /** Rules that matched, as `rule:what`. */
  readonly rules: readonly string[];
  /** Key of the approved template that answers, or null: a person writes. */
  readonly reply: string | null;
  /** The text asks, in any words, for messages to stop. Holds beside any symptom. */
  readonly optOut: boolean;
  /** Null when the text does not say, as a digit does not: then the patient's own holds. */
  readonly language: Language | null;
}

function digits(reading: Reading, question: DigitQuestion | null): Judgement[] {
  const plainly = (question === 'confirm' || question === 'offer') && confirmsInWords(reading) ? [1] : [];
  const score = question === 'satisfaction' ? scoreIn(reading) : null;
  return (score === null ? [...digitsIn(reading), ...plainly] : [score]).map((digit) => ({
    urgency: digitUrgency(digit, question),
    rule: `digit:${question ?? 'unasked'}:${digit}`,
    code: null,
  }));
}

const byUrgency = (a: Judgement, b: Judgement) => urgencies.indexOf(a.urgency) - urgencies.indexOf(b.urgency);

/**
 * @param contexts every recovery that is still watched (rule 7); none means that no recent treatment explains anything.
 * @returns the most urgent of all readings. Never throws on a text; throws for a protocol that the catalogue does not have.
 */
export function triage(text: string, contexts: readonly RecoveryContext[], { digitQuestion = null, hasMedia = false }: TriageOptions = {}): TriageResult {
  const reading = read(text);
  const optOut = asksToStop(reading);
  const answers = digits(reading, digitQuestion);
  const photo: Judgement[] = hasMedia ? [{ urgency: 'soon', rule: '6:photo', code: null }] : [];
  const said = [...judge(reading, contexts), ...answers, ...photo];
  const all = [...said, ...remainder(reading, said, { optOut, watched: contexts.length > 0, answered: answers.length > 0 })].sort(byUrgency);
  const urgency = highest(...all.map((judgement) => judgement.urgency));
  const codes = [...new Set(all.flatMap(({ code }) => (code === null ? [] : [code])))];
  const staffFirst = contexts.some(({ protocolId }) => isStaffFirst(protocolId));
  return {
    urgency,
    codes,
    rules: [...new Set([...all.map(({ rule }) => rule), ...(staffFirst && urgency === 'expected' ? ['9d'] : []), ...(optOut ? ['10:opt-out'] : [])])],
    reply: replyFor(all, { urgency, optOut, staffFirst, digitQuestion }),
    optOut,
    language: reading.language,
  };
}
