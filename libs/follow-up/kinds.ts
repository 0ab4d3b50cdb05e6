import type { Purpose, TemplateKey } from '#messaging';
import type { Category, Question } from './events.js';

/** What is true of every touchpoint of a kind, whoever gets it. docs/touchpoints.md says when each comes, and why. */
interface Kind {
  readonly category: Category;
  /** The channel that is tried first; the other one stands in, unless the text is a letter only. */
  readonly prefers: 'sms' | 'email';
  /** Takes only the texts of the day and the week that others leave. */
  readonly yields: boolean;
  /** A person calls when neither channel may carry it; otherwise it is left out. */
  readonly elseCall: boolean;
  readonly question: Question;
  /** Which consent it needs: an offer is not care. */
  readonly scope: 'care' | 'marketing';
}

const letter = { prefers: 'email', yields: false, elseCall: false, question: null, scope: 'care' } as const;
const text = { ...letter, prefers: 'sms' } as const;

/** Every kind of touchpoint that a plan may hold, by its name, which is also its text's. */
export const kinds = {
  'request-received': { ...letter, category: 'survey' },
  thanks: { ...letter, category: 'survey', yields: true },
  'plan-and-costs': { ...letter, category: 'reminder' },
  'consent-copy': { ...letter, category: 'reminder' },
  'patch-test': { ...text, category: 'preparation', elseCall: true },
  'patch-test-reading': { ...text, category: 'preparation', elseCall: true },
  'deferred-recall': { ...letter, category: 'survey' },
  'plan-summary': { ...letter, category: 'reminder' },
  // A washout that nobody was told of is a burn or a session in vain.
  preparation: { ...letter, category: 'preparation', elseCall: true },
  instructions: { ...letter, category: 'preparation' },
  reminder: { ...text, category: 'reminder', question: 'confirm' },
  arrival: { ...letter, category: 'reminder', yields: true },
  rescheduled: { ...text, category: 'reminder', elseCall: true, question: 'confirm' },
  'slot-offer': { ...text, category: 'reminder', question: 'offer' },
  'session-cancelled': { ...text, category: 'reminder', elseCall: true },
  'cancelled-as-asked': { ...letter, category: 'reminder', yields: true },
  'no-show': { ...text, category: 'reminder' },
  // Handed over in person already: as a text it takes only the room that is left.
  aftercare: { ...letter, category: 'preparation', yields: true },
  'check-in': { ...text, category: 'safety', elseCall: true, question: 'check-in' },
  'photo-request': { ...letter, category: 'survey', yields: true },
  satisfaction: { ...text, category: 'survey', question: 'satisfaction' },
  'result-review': { ...letter, category: 'reminder' },
  'next-session': { ...text, category: 'reminder' },
  overdue: { ...text, category: 'reminder', elseCall: true },
  'maintenance-recall': { ...letter, category: 'survey', scope: 'marketing' },
} as const satisfies Partial<Record<TemplateKey, Kind>>;

export type TouchpointName = keyof typeof kinds;
export const touchpointNames = Object.keys(kinds) as TouchpointName[];

const isKind = (touchpoint: string): touchpoint is TouchpointName => touchpoint in kinds;

/** The consent that a row needs, by its touchpoint; answers and what a person writes are care. */
export const scopeOf = (touchpoint: string): Kind['scope'] => (isKind(touchpoint) ? kinds[touchpoint].scope : 'care');

const letters: ReadonlySet<TemplateKey> = new Set(['plan-and-costs', 'consent-copy', 'aftercare.later']);
/** Says more than a text message should: it goes as a letter or not at all (invariant 11). */
export const isLetterOnly = (template: TemplateKey): boolean => letters.has(template);

/** Surveys and recalls rest on holidays and on the Sundays of some states; the answer to a request does not. */
export const purposeOf = ({ category, touchpoint }: { readonly category: Category; readonly touchpoint: string }): Purpose =>
  category === 'survey' && touchpoint !== 'request-received' ? 'solicitation' : 'care';
