import type { components } from './api-types.js';

type Answers = components['schemas'];
export type Consultation = Answers['Consultation'];
export type RecordedFact = Answers['RecordedFact'];
export type SchedulePreview = Answers['SchedulePreview'];
export type TreatmentOption = Answers['TreatmentOption'];

/** What stands in a form before it is recorded, by field. */
export type Draft = Readonly<Record<string, string>>;

export interface Field {
  readonly name: string;
  readonly label: string;
  /** A list has one entry a line. */
  readonly kind: 'text' | 'list' | 'choice';
  readonly required?: boolean;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

/** One step of a consultation as a form: which event it becomes, and what of the gates it opens. */
export interface Step {
  readonly key: string;
  readonly title: string;
  readonly type: string;
  readonly gate?: string;
  /** The front desk may record it too. */
  readonly desk?: boolean;
  readonly fields: readonly Field[];
  /** Fields that the event needs and nobody has to type. */
  readonly given?: (context: StepContext) => Readonly<Record<string, unknown>>;
}

export interface StepContext {
  readonly planId: string;
  readonly providerId: string;
  readonly now: string;
}

const choice = (values: readonly string[]) => values.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1).replaceAll('_', ' ') }));
const text = (name: string, label: string, required = false): Field => ({ name, label, kind: 'text', required });
const list = (name: string, label: string, required = true): Field => ({ name, label, kind: 'list', required });
const oneOf = (name: string, label: string, values: readonly string[]): Field => ({ name, label, kind: 'choice', required: true, choices: choice(values) });
const byProvider = ({ providerId }: StepContext) => ({ providerId });
const ofPlan = ({ planId }: StepContext) => ({ planId });

/** The way from the request to the end, in the order in which one goes it. Those without fields of their own have a form of their own. */
export const steps: readonly Step[] = [
  { key: 'requested', title: 'Request', type: 'consultation.requested.v1', desk: true, fields: [] },
  {
    key: 'started',
    title: 'Start',
    type: 'consultation.started.v1',
    fields: [{ name: 'locationId', label: 'Where', kind: 'choice', required: true }],
    given: byProvider,
  },
  {
    key: 'history-reviewed',
    title: 'History',
    type: 'consultation.history-reviewed.v1',
    gate: 'assessment',
    fields: [text('notes', 'Notes on the history')],
    given: byProvider,
  },
  {
    key: 'skin-assessed',
    title: 'Skin assessment',
    type: 'consultation.skin-assessed.v1',
    gate: 'assessment',
    fields: [
      oneOf('fitzpatrick', 'Skin type (Fitzpatrick)', ['I', 'II', 'III', 'IV', 'V', 'VI']),
      list('issues', 'What was found, one a line'),
      list('areas', 'Areas, one a line'),
      oneOf('method', 'How it was assessed', ['visual', 'dermoscopy', 'imaging']),
      text('texture', 'Texture'),
      text('elasticity', 'Elasticity'),
    ],
    given: byProvider,
  },
  {
    key: 'goals-set',
    title: 'Goals',
    type: 'consultation.goals-set.v1',
    fields: [list('goals', 'What the patient wants, one a line'), text('expectations', 'What can be expected')],
  },
  { key: 'options-presented', title: 'Options', type: 'consultation.options-presented.v1', fields: [] },
  { key: 'plan-proposed', title: 'Plan', type: 'consultation.plan-proposed.v1', gate: 'plan', fields: [] },
  {
    key: 'education-delivered',
    title: 'Education',
    type: 'consultation.education-delivered.v1',
    gate: 'education',
    fields: [list('topics', 'What was explained, one a line')],
  },
  { key: 'question-asked', title: 'Questions', type: 'consultation.question-asked.v1', gate: 'questions', desk: true, fields: [] },
  { key: 'patch-test', title: 'Patch test', type: 'consultation.patch-test-required.v1', gate: 'patch_test', fields: [] },
  {
    key: 'clearance-recorded',
    title: 'Clearances',
    type: 'consultation.clearance-recorded.v1',
    gate: 'contraindications',
    fields: [{ name: 'code', label: 'What is cleared', kind: 'choice', required: true }, text('by', 'Cleared by', true), text('until', 'Until (YYYY-MM-DD)')],
  },
  { key: 'estimate-presented', title: 'Estimate', type: 'consultation.estimate-presented.v1', gate: 'deposit', desk: true, fields: [] },
  {
    key: 'decision-made',
    title: 'Decision',
    type: 'consultation.decision-made.v1',
    gate: 'consent',
    fields: [oneOf('decision', 'What the patient decided', ['proceed', 'deferred', 'declined'])],
    given: ofPlan,
  },
  {
    key: 'consent-signed',
    title: 'Consent',
    type: 'consultation.consent-signed.v1',
    gate: 'consent',
    fields: [text('documentVersion', 'Version of the document that was signed', true), list('acknowledged', 'What was acknowledged, one a line')],
    given: ({ planId, now }) => ({ planId, signedAt: now }),
  },
  { key: 'instructions-given', title: 'Instructions', type: 'consultation.instructions-given.v1', fields: [], given: ofPlan },
  { key: 'finalized', title: 'Finish', type: 'consultation.finalized.v1', fields: [text('recap', 'Recap')] },
];

const linesOf = (value: string) =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What a form holds as the data of its event; what was left empty is left out. */
export function dataOf({ fields, given }: Step, draft: Draft, context: StepContext): Record<string, unknown> {
  const filled = fields.flatMap(({ name, kind }): [string, unknown][] => {
    const value = draft[name]?.trim() ?? '';
    return value === '' ? [] : [[name, kind === 'list' ? linesOf(value) : value]];
  });
  return { ...given?.(context), ...Object.fromEntries(filled) };
}

export const isComplete = ({ fields }: Step, draft: Draft): boolean =>
  fields.every(({ name, required = false }) => !required || (draft[name] ?? '').trim() !== '');

/** Minor units of a currency as people write them: "$1,250.00". */
export const money = (amount: number, currency: string): string => {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};
/** What was typed, in minor units; null when it is no amount. */
export function minorUnits(typed: string, currency: string): number | null {
  const digits = new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const value = Number(typed.replaceAll(',', ''));
  return typed.trim() === '' || !Number.isFinite(value) || value < 0 ? null : Math.round(value * 10 ** digits);
}

/** What a recorded event says, field by field, in words. */
export function saidIn(data: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  const word = (value: unknown): string =>
    Array.isArray(value)
      ? value.map(word).join('; ')
      : typeof value === 'object' && value !== null
        ? Object.entries(value)
            .filter(([name]) => name !== 'order')
            .map(([, part]) => word(part))
            .join(', ')
        : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
          ? String(value)
          : '';
  return (
    Object.entries(data)
      // Ids say nothing to a reader, and the time of signing stands above as that of the event.
      .filter(([name]) => !/Id$|^signedAt$/.test(name))
      .map(([name, value]) => [name.replace(/([A-Z])/g, ' $1').toLowerCase(), word(value)] as const)
      .filter(([, said]) => said !== '')
  );
}
