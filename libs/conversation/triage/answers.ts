import { symptoms } from '#protocols';
import { type DigitQuestion, lowScore, satisfactionScore } from './digits.js';
import type { Judgement } from './judge.js';
import type { Urgency } from './urgency.js';

interface Outcome {
  readonly urgency: Urgency;
  readonly optOut: boolean;
  readonly staffFirst: boolean;
  readonly digitQuestion: DigitQuestion | null;
}

const withQuestion = new Set(symptoms.filter(({ clarifyingQuestion }) => clarifyingQuestion !== null).map(({ code }) => code));

/** The one question that an `ask` costs: the catalogue's own for the symptom, else about red flags, else an open one. */
function question(judgements: readonly Judgement[]): string {
  const asking = judgements.filter(({ urgency }) => urgency === 'ask');
  const code = asking.map((judgement) => judgement.code).find((candidate) => candidate !== null && withQuestion.has(candidate));
  if (code !== undefined) return `ask.${code}`;
  return asking.some(({ rule }) => rule.startsWith('9:')) ? 'ask.red_flags' : 'ask.general';
}

function stopReply(urgency: Urgency): string {
  // One text may follow a withdrawal; when the same message tells of danger, that one also says whom to call.
  if (urgency === 'emergency' || urgency === 'urgent') return `stop.confirmed.${urgency}`;
  return 'stop.confirmed';
}

const fixed: Readonly<Record<Exclude<Urgency, 'ask' | 'expected' | 'administrative'>, string>> = {
  emergency: 'emergency.911',
  urgent: 'urgent.call',
  soon: 'soon.received',
};

/** A high score is thanked for, a low one is asked for its why. */
function thanksFor(rules: readonly string[]): string | null {
  const score = satisfactionScore(rules);
  return score === null ? null : score <= lowScore ? 'satisfaction.why' : 'satisfaction.thanks';
}

/** The key of the director's template that answers; null when a person writes. Staff-first protocols are never reassured (rule 9d). */
export function replyFor(judgements: readonly Judgement[], { urgency, optOut, staffFirst, digitQuestion }: Outcome): string | null {
  if (optOut) return stopReply(urgency);
  const rules = judgements.map(({ rule }) => rule);
  if (rules.includes('keyword:help')) return 'help';
  if (rules.includes('keyword:start')) return 'start.confirmed';
  if (urgency === 'expected') return staffFirst ? 'received' : 'expected';
  if (urgency === 'ask') return question(judgements);
  if (urgency !== 'administrative') return fixed[urgency];
  if (digitQuestion === 'satisfaction') return thanksFor(rules);
  // Whether the time could still be had is known only when it is taken: that answers a yes.
  if (digitQuestion === 'offer') return rules.includes('digit:offer:2') ? 'slot-offer.kept' : null;
  if (digitQuestion !== 'confirm') return null;
  return rules.includes('digit:confirm:1') ? 'confirmed' : rules.includes('digit:confirm:2') ? 'another-time' : null;
}
