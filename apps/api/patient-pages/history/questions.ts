/*
 * The questions of the history form, and what an answer says in the contract's own facts. Pure. It keeps these invariants:
 *   2. What a patient ticks closes gates like any fact; nothing that somebody else recorded is taken back by a form.
 *  10. Nothing here tells anybody to stop a medicine: a medicine that the catalogue does not know counts as ordered.
 */
import { z } from 'zod';
import type { LocalDate, PatientFacts } from '#protocols';
import type { Told } from '../facts.js';
import { conditionWords, exposureWords, medicineOptions, treatmentWords } from './words.js';

/** In the order in which they are asked, one a screen. */
export const questions = ['you', 'now', 'skin', 'health', 'procedures', 'medicines', 'allergies', 'exposures', 'treatments', 'skincare'] as const;
export type Question = (typeof questions)[number];
export const isQuestion = (name: string): name is Question => (questions as readonly string[]).includes(name);

const conditionQuestions = ['now', 'skin', 'health', 'procedures', 'allergies'] as const;
export type ConditionQuestion = (typeof conditionQuestions)[number];
export const asksConditions = (question: Question): question is ConditionQuestion => (conditionQuestions as readonly string[]).includes(question);

/** The codes that a question offers, in the order in which they stand there. */
export const codesOf = (question: ConditionQuestion): readonly string[] => Object.keys(conditionWords[question]);
export const exposureCodes = Object.keys(exposureWords);
export const treatmentIds = Object.keys(treatmentWords);

const day = z.iso.date();
const answerSchema = z.object({
  /** Codes, or keys of medicines, that were ticked. */
  ticked: z.array(z.string()).default([]),
  /** Written in the patient's own words, one a line. */
  lines: z.array(z.string()).default([]),
  /** A note beside what was ticked. */
  note: z.string().default(''),
  /** Code or protocol id, and the day. */
  dated: z.array(z.object({ code: z.string(), on: day })).default([]),
  person: z
    .object({ givenName: z.string(), familyName: z.string(), phone: z.string().optional(), email: z.string().optional(), mayWrite: z.boolean() })
    .optional(),
});
/** What was answered to one question; everything empty says that none of it holds. */
export type Answer = z.output<typeof answerSchema>;
export const readAnswer = (stored: unknown): Answer => answerSchema.catch(answerSchema.parse({})).parse(stored);
export const noAnswer: Answer = answerSchema.parse({});

const many = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((given) => (given === undefined ? [] : [given].flat()));
const line = z.string().trim().max(200);
const formSchema = z.looseObject({
  once: z.string().max(100).optional(),
  none: z.string().optional(),
  ticked: many,
  lines: z.string().max(4_000).default(''),
  note: z.string().trim().max(1_000).default(''),
  givenName: line.default(''),
  familyName: line.default(''),
  phone: line.default(''),
  email: line.default(''),
  mayWrite: z.string().optional(),
  protocolId: z.string().default(''),
  on: z.string().default(''),
});
type Form = z.output<typeof formSchema>;

export type Trouble = 'tickOrNone' | 'wrongYou' | 'wrongDay';
export type Taken = { readonly answer: Answer; readonly once: string | undefined } | { readonly trouble: Trouble };

const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/\r?\n/)
      .map((each) => each.trim().slice(0, 200))
      .filter((each) => each !== '')
      .slice(0, 50),
  ),
];

/** A number as people type it, in E.164: without a country it is of the clinic's. */
export function typedPhone(typed: string, clinicPhone: string): string | undefined {
  const digits = typed.replaceAll(/[^\d+]/g, '');
  if (digits === '') return undefined;
  if (digits.startsWith('+')) return digits;
  return clinicPhone.startsWith('+1') ? `+1${digits.replace(/^1(?=\d{10}$)/, '')}` : `+${digits}`;
}

function personOf(form: Form, clinicPhone: string): Taken {
  const { givenName, familyName, email } = form;
  const phone = typedPhone(form.phone, clinicPhone);
  if (givenName === '' || familyName === '') return { trouble: 'wrongYou' };
  const person = { givenName, familyName, mayWrite: form.mayWrite === 'yes', ...(phone && { phone }), ...(email !== '' && { email }) };
  return { answer: { ...noAnswer, person }, once: form.once };
}

function datedOf(question: 'exposures' | 'treatments', form: Form, before: Answer, today: LocalDate): Answer | Trouble {
  const given = question === 'exposures' ? exposureCodes.map((code) => ({ code, on: form[`on.${code}`] })) : [{ code: form.protocolId, on: form.on }];
  const filled = given.filter(({ code, on }) => typeof on === 'string' && on !== '' && code !== '');
  const known = question === 'exposures' ? exposureCodes : treatmentIds;
  const dated = filled.flatMap(({ code, on }) => (known.includes(code) && day.safeParse(on).success && String(on) <= today ? [{ code, on: String(on) }] : []));
  if (dated.length < filled.length || (question === 'treatments' && (form.on === '') !== (form.protocolId === ''))) return 'wrongDay';
  const kept = question === 'treatments' ? before.dated.filter((one) => !dated.some(({ code, on }) => one.code === code && one.on === on)) : [];
  return { ...noAnswer, dated: [...kept, ...dated] };
}

/** Reads what a form brought; `before` is what was answered to this question last. */
export function takeForm(question: Question, body: unknown, before: Answer, { today, clinicPhone }: { today: LocalDate; clinicPhone: string }): Taken {
  const parsed = formSchema.safeParse(body ?? {});
  if (!parsed.success) return { trouble: question === 'you' ? 'wrongYou' : 'tickOrNone' };
  const form = parsed.data;
  if (question === 'you') return personOf(form, clinicPhone);
  if (form.none !== undefined) return { answer: question === 'treatments' ? before : noAnswer, once: form.once };
  if (question === 'exposures' || question === 'treatments') {
    const answer = datedOf(question, form, before, today);
    if (typeof answer === 'string') return { trouble: answer };
    return answer.dated.length === 0 ? { trouble: 'tickOrNone' } : { answer, once: form.once };
  }
  const known: readonly string[] = asksConditions(question) ? codesOf(question) : medicineOptions.map(({ key }) => key);
  const answer = { ...noAnswer, ticked: form.ticked.filter((code) => known.includes(code)), lines: linesOf(form.lines), note: form.note };
  return answer.ticked.length + answer.lines.length + answer.note.length === 0 ? { trouble: 'tickOrNone' } : { answer, once: form.once };
}

/** What is known while an answer is turned into facts. */
export interface Knowledge {
  readonly facts: PatientFacts;
  readonly allergies: readonly string[];
  readonly names: { readonly givenName: string; readonly familyName: string };
  /** May this form take back a condition? Only one that nobody but this form has ever told. */
  readonly mayWithdraw: (code: string) => boolean;
  readonly today: LocalDate;
}

const fact = (told: Readonly<Record<string, unknown>>): Told => ({ type: 'patient.fact-recorded.v1', data: { fact: told } });
const condition = (code: string, present: boolean): Told => fact(code === 'pregnancy' ? { kind: 'pregnancy', present } : { kind: 'condition', code, present });

function conditionsTold(answer: Answer, before: Answer, { mayWithdraw }: Knowledge): Told[] {
  const gone = before.ticked.filter((code) => !answer.ticked.includes(code) && mayWithdraw(code));
  const come = answer.ticked.filter((code) => !before.ticked.includes(code));
  return [...come.map((code) => condition(code, true)), ...gone.map((code) => condition(code, false))];
}

/** Somebody recorded this medicine as ordered and gave it no name: a product bought in a shop must not replace it. */
const hidesOrdered = ({ medications }: PatientFacts, code: string, prescribed: boolean) =>
  !prescribed && medications.some((known) => known.code === code && known.name === undefined && known.prescribed);

/** Corrected later, a medicine is one that ends today: nothing is known of a day before. */
function medicinesTold(answer: Answer, before: Answer, { facts, today }: Knowledge): Told[] {
  const medicine = (key: string, end: { stoppedOn?: string }): Told[] => {
    const option = medicineOptions.find((one) => one.key === key);
    if (option === undefined || hidesOrdered(facts, option.code, option.prescribed)) return [];
    return [fact({ kind: 'medication', code: option.code, name: option.key, prescribed: option.prescribed, ...end })];
  };
  const other = (name: string, end: { stoppedOn?: string }): Told => fact({ kind: 'medication', code: 'other', name, prescribed: true, ...end });
  const fresh = <T>(now: readonly T[], then: readonly T[]) => now.filter((one) => !then.includes(one));
  return [
    ...fresh(answer.ticked, before.ticked).flatMap((key) => medicine(key, {})),
    ...fresh(answer.lines, before.lines).map((name) => other(name, {})),
    ...fresh(before.ticked, answer.ticked).flatMap((key) => medicine(key, { stoppedOn: today })),
    ...fresh(before.lines, answer.lines).map((name) => other(name, { stoppedOn: today })),
  ];
}

const datedTold = (question: 'exposures' | 'treatments', answer: Answer, before: Answer): Told[] =>
  answer.dated
    .filter(({ code, on }) => !before.dated.some((one) => one.code === code && one.on === on))
    .map(({ code, on }) => fact(question === 'exposures' ? { kind: 'exposure', code, on } : { kind: 'treatment', protocolId: code, on, elsewhere: true }));

const registered = ({ names }: Knowledge, more: Readonly<Record<string, unknown>>): Told => ({
  type: 'patient.registered.v1',
  data: { person: names, ...more },
});

/** The facts that an answer adds to those of the answer before it; the same answer again adds none. */
export function toldBy(question: Exclude<Question, 'you'>, answer: Answer, before: Answer, knowledge: Knowledge): Told[] {
  switch (question) {
    case 'medicines':
      return medicinesTold(answer, before, knowledge);
    case 'exposures':
    case 'treatments':
      return datedTold(question, answer, before);
    case 'skincare':
      return answer.lines.length === 0 ? [] : [registered(knowledge, { skinCareRoutine: answer.lines })];
    default: {
      const allergies = answer.lines.filter((one) => question === 'allergies' && !knowledge.allergies.includes(one));
      return [...conditionsTold(answer, before, knowledge), ...(allergies.length === 0 ? [] : [registered(knowledge, { allergies })])];
    }
  }
}
