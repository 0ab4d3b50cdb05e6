import type { Meaning } from './lexicon/lexicon.js';
import type { Found } from './phrases.js';
import type { Token } from './tokens.js';

/** 100.4 F is the figure of the clinic sheets (facts: laser and filler check-ins); 38 C is the same. */
const feverFrom = { fahrenheit: 100.4, celsius: 38 };
const severePainFrom = 7;
const notablePainFrom = 4;

const temperatureWords = new Set(
  'fever temp temperature temps degrees degree f c fahrenheit celsius fiebre temperatura calentura grados grado thermometer termometro'.split(' '),
);
const outOf = new Set(['/', 'of', 'de', 'sobre']);
const painWords = new Set('pain hurts hurt hurting sore painful ache scale discomfort level dolor duele escala nivel'.split(' '));
const scaleWords = new Set(['scale', 'escala']);
const praiseWords = new Set('experience service recommend stars rating rate staff visit review servicio experiencia recomiendo'.split(' '));

type Measure = Found<Meaning>;

const symptom = (code: string, variant: string | null, start: number, end: number): Measure => ({
  meaning: { kind: 'symptom', code, variant, language: 'en' },
  start,
  end,
  gapped: false,
});

const near = (tokens: readonly Token[], at: number, words: ReadonlySet<string>, reach: number) =>
  tokens.slice(Math.max(0, at - reach), at + reach + 1).some(({ text }) => words.has(text));

/** A body temperature, when the number can be one: with a unit or a word beside it, or a decimal fraction of its own. */
function temperature(tokens: readonly Token[], at: number): Measure[] {
  const text = tokens[at]?.text ?? '';
  const value = Number(text);
  const plausible = (value >= 95 && value <= 110) || (value >= 35 && value <= 43);
  const unit = tokens[at + 1]?.text;
  const stated = near(tokens, at, temperatureWords, 4) || (/\.\d$/.test(text) && !near(tokens, at, new Set(['$', 'mg', 'ml']), 1));
  if (!plausible || !stated || unit === '%') return [];
  const limit = value >= 95 ? feverFrom.fahrenheit : feverFrom.celsius;
  return [symptom('fever_chills', value >= limit ? 'number' : 'normal', at, at + 1)];
}

/** `8/10`, `pain is 8`, `8 de 10`; a compliment of ten out of ten is none. */
function painScore(tokens: readonly Token[], at: number): Measure[] {
  const value = Number(tokens[at]?.text);
  if (!(value >= 0 && value <= 10)) return [];
  const ratio = (outOf.has(tokens[at + 1]?.text ?? '') && tokens[at + 2]?.text === '10') || (tokens[at + 1]?.text === 'out' && tokens[at + 3]?.text === '10');
  const before = tokens.slice(Math.max(0, at - 3), at).map(({ text }) => text);
  const after = tokens.slice(at + 1, at + 3).map(({ text }) => text);
  const afterWord =
    before.some((text) => painWords.has(text)) &&
    !/^(day|days|hours|hour|hrs|times|weeks|minutes|min|am|pm|dias|horas|veces)$/.test(after[0] ?? '') &&
    before.at(-1) !== 'day';
  const onScale = tokens.slice(at + 1, at + 6).some(({ text }) => scaleWords.has(text));
  if ((!ratio && !afterWord && !onScale) || (ratio && !near(tokens, at, painWords, 6) && near(tokens, at, praiseWords, 8))) return [];
  const end = ratio ? at + (tokens[at + 1]?.text === 'out' ? 4 : 3) : at + 1;
  if (value >= severePainFrom) return [symptom('worsening_pain', null, at, end)];
  if (value >= notablePainFrom) return [symptom('pain_mild', 'plain', at, end)];
  return value > 0 ? [symptom('pain_mild', null, at, end)] : [];
}

/** Numbers that measure a symptom: body temperatures and pain scores. */
export function measurements(tokens: readonly Token[]): Measure[] {
  return tokens.flatMap(({ kind }, at) => (kind === 'number' ? [...temperature(tokens, at), ...painScore(tokens, at)] : []));
}
