/*
 * The gates between a consultation and its sessions (invariants 2 and 14): each answers met, unmet or waived, and why.
 * assessment → plan → education, questions, patch test, contraindications → consent → deposit → booking.
 */
import { type ActiveProtocol, addDays, entry, type LocalDate, matchesAny, type PatientFacts, screen } from '#protocols';
import type { Consultation, PatchTest, Plan } from './decider.js';

export const gateNames = ['assessment', 'plan', 'education', 'questions', 'patch_test', 'contraindications', 'consent', 'deposit'] as const;
export type GateName = (typeof gateNames)[number];

export interface Gate {
  readonly gate: GateName;
  readonly met: 'met' | 'unmet' | 'waived';
  readonly why: string;
}

/** What gates are judged by besides the consultation itself. */
export interface GateContext {
  readonly facts: PatientFacts;
  /** Protocols in force, by id. */
  readonly protocols: ReadonlyMap<string, ActiveProtocol>;
  /** Today in the clinic's zone. */
  readonly today: LocalDate;
  /** Patterns of protocols for which the clinic always asks for a patch test. */
  readonly patchTests: readonly string[];
}

type Verdict = Omit<Gate, 'gate'>;
const met = (why: string): Verdict => ({ met: 'met', why });
const unmet = (why: string): Verdict => ({ met: 'unmet', why });
const waived = (why: string): Verdict => ({ met: 'waived', why });

const done = (state: Consultation, step: string) => state.steps[`consultation.${step}.v1`] !== undefined;
const labelOf = (protocolId: string) => entry(protocolId).label;
const list = (items: readonly string[]) => items.join('; ');

/** Without the start it is not known where and by whom; without history and skin nobody knows what suits (CS-20, CS-44, PD-21). */
const partsOfAssessment = [
  ['history-reviewed', 'the history was not reviewed'],
  ['skin-assessed', 'the skin was not assessed'],
] as const;

function assessment(state: Consultation): Verdict {
  const missing = partsOfAssessment.filter(([step]) => !done(state, step)).map(([, why]) => why);
  return missing.length > 0 ? unmet(list(missing)) : met('history reviewed and skin assessed');
}

function plan({ plan: proposed }: Consultation, { protocols }: GateContext): Verdict {
  if (proposed === null) return unmet('no plan was proposed');
  const closed = proposed.items.filter(({ protocolId }) => !protocols.has(protocolId));
  return closed.length > 0
    ? unmet(list(closed.map(({ protocolId }) => `${labelOf(protocolId)} is not in force in this clinic`)))
    : met(`plan ${proposed.planId}`);
}

const education = (state: Consultation): Verdict =>
  done(state, 'education-delivered') ? met('procedure, risks and aftercare explained') : unmet('nothing was explained yet');

function questions({ asked, answered }: Consultation): Verdict {
  const open = asked.filter((question) => !answered.includes(question));
  if (open.length > 0) return unmet(open.length === 1 ? 'a question is not answered' : `${open.length} questions are not answered`);
  return met(asked.length === 0 ? 'no question was asked' : 'every question was answered');
}

/** The later word on the need holds; the newest reading counts unless the test was done again after it. */
function onePatchTest(protocolId: string, test: PatchTest | undefined, byClinic: boolean): Verdict {
  const label = labelOf(protocolId);
  if (test?.need === 'waived') return waived(`${label}: waived${test.reason === null ? '' : ` (${test.reason})`}`);
  if (test?.need !== 'required' && !byClinic) return waived(`${label}: not required`);
  const reading = test?.reading ?? null;
  const performed = test?.performedAt ?? null;
  if (reading !== null && (performed === null || Date.parse(reading.at) >= Date.parse(performed))) {
    return reading.result === 'clear' ? met(`${label}: read clear`) : unmet(`${label}: the patch test was read as ${reading.result}`);
  }
  return unmet(performed === null ? `${label}: the patch test was not performed` : `${label}: the patch test was not read`);
}

function patchTest({ plan: proposed, patchTests }: Consultation, context: GateContext): Verdict {
  const verdicts = (proposed?.items ?? []).map(({ protocolId }) =>
    onePatchTest(protocolId, patchTests[protocolId], matchesAny(protocolId, context.patchTests)),
  );
  for (const state of ['unmet', 'met'] as const) {
    const those = verdicts.filter((verdict) => verdict.met === state);
    if (those.length > 0) return { met: state, why: list(those.map(({ why }) => why)) };
  }
  return waived(list(verdicts.map(({ why }) => why)) || 'no plan yet');
}

function contraindications({ plan: proposed }: Consultation, { facts, today }: GateContext): Verdict {
  if (proposed === null) return unmet('there is no plan to screen');
  const findings = proposed.items.flatMap(({ protocolId }) => screen(facts, protocolId, today)).filter((finding) => !finding.cleared);
  return findings.length > 0 ? unmet(list([...new Set(findings.map(({ why }) => why))])) : met('none stands open');
}

/** What was agreed before a plan was changed under the same id was agreed to another plan. */
const agrees = (plan: Plan, { planId, at }: { readonly planId: string; readonly at: string }) =>
  planId === plan.planId && (plan.changedAt === null || at >= plan.changedAt);

function consent({ plan: proposed, decision, consents }: Consultation): Verdict {
  if (decision?.decision === 'declined') return unmet('the patient declined');
  if (decision?.decision === 'deferred') return unmet('the patient deferred the decision');
  if (proposed === null) return unmet('there is no plan to consent to');
  if (decision === null || !agrees(proposed, decision)) return unmet('the patient has not decided on this plan');
  const signed = consents.findLast((one) => agrees(proposed, one));
  return signed === undefined
    ? unmet('the consent to this plan is not signed')
    : met(`signed ${signed.signedAt.slice(0, 10)}, document ${signed.documentVersion}`);
}

function deposit({ estimate, deposits }: Consultation): Verdict {
  if (estimate === null || estimate.depositRequired === 0) return waived('no deposit is required');
  const paid = deposits.filter(({ currency }) => currency === estimate.currency).reduce((sum, { amount }) => sum + amount, 0);
  return paid >= estimate.depositRequired
    ? met('the deposit is paid')
    : unmet(`${paid} of ${estimate.depositRequired} ${estimate.currency} (minor units) is paid`);
}

const judges: { readonly [G in GateName]: (state: Consultation, context: GateContext) => Verdict } = {
  assessment,
  plan,
  education,
  questions,
  patch_test: patchTest,
  contraindications,
  consent,
  deposit,
};

/** Every gate, in the order in which they stand on the way. */
export const judgeGates = (state: Consultation, context: GateContext): Gate[] => gateNames.map((gate) => ({ gate, ...judges[gate](state, context) }));

/** What should become of the consultation's course, as far as the gates say. */
export type CourseDecision =
  { readonly kind: 'open'; readonly plan: Plan; readonly notBefore: string } | { readonly kind: 'hold'; readonly gate: GateName; readonly why: string };

/** Steps that open gates: no session may start before the latest of them. */
const opening = [
  'started',
  'history-reviewed',
  'skin-assessed',
  'plan-proposed',
  'education-delivered',
  'question-answered',
  'patch-test-read',
  'patch-test-waived',
  'clearance-recorded',
  'decision-made',
  'consent-signed',
  'deposit-paid',
];

/** Pure: opens when no gate is unmet, else names the first that is. */
export function decideCourse(state: Consultation, gates: readonly Gate[]): CourseDecision {
  const closed = gates.find((gate) => gate.met === 'unmet');
  if (closed !== undefined || state.plan === null) return { kind: 'hold', gate: closed?.gate ?? 'plan', why: closed?.why ?? 'no plan was proposed' };
  const times = opening.map((step) => state.steps[`consultation.${step}.v1`]).filter((at) => at !== undefined);
  return { kind: 'open', plan: state.plan, notBefore: times.sort().at(-1) ?? state.plan.proposedAt };
}

/** Days before which a protocol of the plan may not begin because of its patch test, each with its reason. */
export interface PatchWait {
  readonly protocolId: string;
  readonly notBefore: LocalDate;
  readonly because: string;
}

const hourMillis = 3_600_000;

/** A clear reading opens the gate whenever it was read; the protocol's own wait between test and treatment stays. */
export function patchWaits(
  { plan: proposed, patchTests }: Consultation,
  protocols: ReadonlyMap<string, ActiveProtocol>,
  dayOf: (instant: string) => LocalDate,
): PatchWait[] {
  return (proposed?.items ?? []).flatMap(({ protocolId }) => {
    const [test, hours] = [patchTests[protocolId], protocols.get(protocolId)?.patchWaitHours ?? null];
    if (hours === null || test === undefined || test.performedAt === null || test.need === 'waived') return [];
    const over = new Date(Date.parse(test.performedAt) + hours * hourMillis).toISOString();
    // The planner's unit is the day: the first one that lies wholly after the wait.
    return [{ protocolId, notBefore: addDays(dayOf(over), 1), because: `patch test on ${dayOf(test.performedAt)}: ${hours} hours` }];
  });
}
