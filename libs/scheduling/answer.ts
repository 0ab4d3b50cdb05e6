/** What can stand in the way of a schedule; the words of the public contract, section 7. */
export const CONSTRAINTS = [
  'provider',
  'room',
  'device',
  'licence',
  'hours',
  'busy',
  'unavailable',
  'interval',
  'spacing',
  'clear',
  'social_event',
  'horizon',
] as const;
export type Constraint = (typeof CONSTRAINTS)[number];

/** A constraint at work, with a sentence that staff can read. */
export interface Reason {
  readonly constraint: Constraint;
  readonly detail: string;
}

/** `item` counts from 0, `number` from 1; `start` and `end` are RFC 3339 instants in UTC, turnover not included. */
export interface PlannedSession {
  readonly item: number;
  readonly number: number;
  readonly protocolId: string;
  readonly start: string;
  readonly end: string;
  readonly providerId: string;
  readonly roomId: string;
  readonly deviceId: string | null;
}

/** A change after which the course can be scheduled, and the cost of the best schedule then. */
export interface Relaxation {
  readonly constraint: Constraint;
  readonly change: string;
  readonly cost: number;
}

export interface Scheduled {
  readonly status: 'scheduled';
  readonly cost: number;
  /** In time order; sessions that the request fixes are not repeated here. */
  readonly sessions: readonly PlannedSession[];
  /** Proved: no schedule is better, ties included. */
  readonly optimal: boolean;
}

/** Proved: there is no schedule, nor would there be one were only the constraints of `because` to hold. */
export interface Infeasible {
  readonly status: 'infeasible';
  readonly because: readonly Reason[];
  readonly relaxations: readonly Relaxation[];
}

/** The budget ended before a schedule or a proof that there is none was found. */
export interface Undecided {
  readonly status: 'undecided';
  readonly detail: string;
}

export type PlanAnswer = Scheduled | Infeasible | Undecided;

/** The local dates between which a planned session may lie while the others stay, and what sets and narrows them. */
export interface SessionWindow {
  readonly item: number;
  readonly number: number;
  readonly earliest: string;
  readonly latest: string;
  readonly because: readonly Reason[];
}

/** A free start of one protocol with the resources that are free for it. */
export interface FreeStart {
  readonly start: string;
  readonly end: string;
  readonly providerId: string;
  readonly roomId: string;
  readonly deviceId: string | null;
}

/** One session that somebody wants at a given instant; a resource left out is chosen (the smallest free id). */
export interface Placement {
  readonly item: number;
  readonly number: number;
  readonly start: string;
  readonly providerId?: string;
  readonly roomId?: string;
  readonly deviceId?: string | null;
}

export type PlacementAnswer =
  { readonly allowed: true; readonly session: PlannedSession } | { readonly allowed: false; readonly violations: readonly Reason[] };

/** Whether a session may lie on a date: its first start, or what forbids the day; `together`: no constraint does so alone. */
export type DayAnswer =
  { readonly allowed: true; readonly session: PlannedSession } | { readonly allowed: false; readonly because: readonly Reason[]; readonly together: boolean };
