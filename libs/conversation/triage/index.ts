export { type DigitQuestion, lowScore, satisfactionScore } from './digits.js';
export { type RecoveryContext } from './judge.js';
export { type Language } from './lexicon/lexicon.js';
export { triage, type TriageOptions, type TriageResult } from './triage.js';
export { atLeast, highest, urgencies, type Urgency } from './urgency.js';
