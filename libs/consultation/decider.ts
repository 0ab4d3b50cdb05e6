/*
 * A consultation, folded from its events in any order of arrival (`byOccurrence`: the later `time` wins).
 *   2. No session starts before its gates are met: gates are judged on what is known, whatever came first.
 *  14. Every answer to "why was this allowed?" stands beside the gate.
 */
import { byOccurrence, type RecordedEvent } from '#event-store';
import type { ConsultationEventType, DataOf } from './events.js';

export interface PlanItem {
  readonly protocolId: string;
  readonly sessions: number;
  readonly area?: string | undefined;
}

export interface Plan {
  readonly planId: string;
  readonly providerId: string;
  readonly items: readonly PlanItem[];
  readonly regimen: readonly string[];
  readonly proposedAt: string;
  /** When a further proposal under the same id last asked for other treatments: what was agreed before is not this plan. */
  readonly changedAt: string | null;
}

export interface PatchTest {
  readonly need: 'required' | 'waived' | null;
  readonly reason: string | null;
  readonly performedAt: string | null;
  readonly reading: { readonly at: string; readonly result: 'clear' | 'reaction' | 'inconclusive' } | null;
}

export interface Consultation {
  readonly patientId: string | null;
  /** Event types seen, with the newest time of each. */
  readonly steps: Readonly<Record<string, string>>;
  readonly locationId: string | null;
  readonly providerId: string | null;
  readonly channel: string | null;
  /** Every plan that was proposed, by id. */
  readonly plans: ReadonlyMap<string, Plan>;
  /** The one proposed last. */
  readonly plan: Plan | null;
  readonly asked: readonly string[];
  readonly answered: readonly string[];
  readonly patchTests: Readonly<Record<string, PatchTest>>;
  readonly estimate: { readonly currency: string; readonly depositRequired: number; readonly total: number } | null;
  readonly deposits: readonly { readonly amount: number; readonly currency: string }[];
  readonly decision: { readonly decision: 'proceed' | 'declined' | 'deferred'; readonly planId: string; readonly at: string } | null;
  readonly consents: readonly { readonly planId: string; readonly documentVersion: string; readonly signedAt: string; readonly at: string }[];
}

export const newConsultation: Consultation = {
  patientId: null,
  steps: {},
  locationId: null,
  providerId: null,
  channel: null,
  plans: new Map(),
  plan: null,
  asked: [],
  answered: [],
  patchTests: {},
  estimate: null,
  deposits: [],
  decision: null,
  consents: [],
};

const noPatchTest: PatchTest = { need: null, reason: null, performedAt: null, reading: null };

type Evolver<T extends ConsultationEventType> = (state: Consultation, data: DataOf<T>, at: string) => Partial<Consultation>;

const patchTest = (state: Consultation, protocolId: string, change: Partial<PatchTest>): Partial<Consultation> => ({
  patchTests: { ...state.patchTests, [protocolId]: { ...(state.patchTests[protocolId] ?? noPatchTest), ...change } },
});

/** In the order asked for. Two lines of one protocol (two areas) are one series: its interval holds between all their sessions. */
function itemsOf(lines: DataOf<'consultation.plan-proposed.v1'>['items']): PlanItem[] {
  const items = new Map<string, PlanItem>();
  for (const { protocolId, sessions, area } of [...lines].sort((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
    const before = items.get(protocolId);
    const areas = [before?.area, area].filter((one) => one !== undefined).join(', ');
    items.set(protocolId, { protocolId, sessions: sessions + (before?.sessions ?? 0), area: areas === '' ? undefined : areas });
  }
  return [...items.values()];
}

function proposed({ plans }: Consultation, data: DataOf<'consultation.plan-proposed.v1'>, at: string): Partial<Consultation> {
  const { planId, providerId, regimen = [] } = data;
  const items = itemsOf(data.items);
  const before = plans.get(planId);
  const changed = before !== undefined && JSON.stringify(before.items) !== JSON.stringify(items);
  const plan: Plan = { planId, providerId, regimen, items, proposedAt: at, changedAt: changed ? at : (before?.changedAt ?? null) };
  return { plan, plans: new Map(plans).set(planId, plan) };
}

/** What each step changes; a step that is not here is only remembered as done. */
const evolvers: { readonly [T in ConsultationEventType]?: Evolver<T> } = {
  'consultation.requested.v1': (_state, { channel }) => ({ channel }),
  'consultation.started.v1': (_state, { providerId, locationId }) => ({ providerId, locationId }),
  'consultation.plan-proposed.v1': proposed,
  'consultation.question-asked.v1': ({ asked }, { questionId }) => ({ asked: [...new Set([...asked, questionId])] }),
  'consultation.question-answered.v1': ({ answered }, { questionId }) => ({ answered: [...new Set([...answered, questionId])] }),
  'consultation.patch-test-required.v1': (state, { protocolId, reason = null }) => patchTest(state, protocolId, { need: 'required', reason }),
  'consultation.patch-test-waived.v1': (state, { protocolId, reason = null }) => patchTest(state, protocolId, { need: 'waived', reason }),
  'consultation.patch-test-performed.v1': (state, { protocolId, at }) => patchTest(state, protocolId, { performedAt: at }),
  'consultation.patch-test-read.v1': (state, { protocolId, at, result }) => patchTest(state, protocolId, { reading: { at, result } }),
  'consultation.estimate-presented.v1': (_state, { currency, depositRequired = 0, lines }) => ({
    estimate: { currency, depositRequired, total: lines.reduce((sum, { amount }) => sum + amount, 0) },
  }),
  'consultation.deposit-paid.v1': ({ deposits }, { amount, currency }) => ({ deposits: [...deposits, { amount, currency }] }),
  'consultation.decision-made.v1': (_state, { decision, planId }, at) => ({ decision: { decision, planId, at } }),
  'consultation.consent-signed.v1': ({ consents }, { planId, documentVersion, signedAt }, at) => ({
    consents: [...consents, { planId, documentVersion, signedAt, at }],
  }),
};

/** One event more; the data were parsed by their schema when they came in. Of an erased event only the step remains. */
export function evolve(state: Consultation, event: RecordedEvent): Consultation {
  const at = event.occurredAt.toISOString();
  const seen = { ...state, patientId: state.patientId ?? event.patientId, steps: { ...state.steps, [event.type]: at } };
  const evolver = evolvers[event.type as ConsultationEventType] as Evolver<ConsultationEventType> | undefined;
  if (evolver === undefined || event.erased) return seen;
  return { ...seen, ...evolver(seen, event.data as never, at) };
}

/** The consultation as all its events tell it, in whatever order they are given. */
export const foldConsultation = (events: readonly RecordedEvent[]): Consultation => [...events].sort(byOccurrence).reduce(evolve, newConsultation);

export type Status = 'requested' | 'in_progress' | 'finalized' | 'ready' | 'course_open' | 'declined' | 'deferred';

/**
 * Where the consultation stands. Declined and deferred are ends of their own, `course_open` once there is a course, `ready`
 * when no gate is unmet, `finalized` when it was closed with a gate still unmet.
 */
export function statusOf(state: Consultation, ready: boolean, courseId: string | null = null): Status {
  const { decision, steps } = state;
  if (decision?.decision === 'declined' || decision?.decision === 'deferred') return decision.decision;
  if (courseId !== null) return 'course_open';
  if (ready) return 'ready';
  if (steps['consultation.finalized.v1'] !== undefined) return 'finalized';
  return steps['consultation.started.v1'] === undefined ? 'requested' : 'in_progress';
}
