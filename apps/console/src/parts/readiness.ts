import type { Session, Task } from '../api.js';
import { minutesBetween, plain } from '../words.js';

/** One thing that makes a visit ready, and what is missing if it is not. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly say: string;
}

const over: ReadonlySet<Session['status']> = new Set(['completed', 'no_show', 'cancelled']);
/** Holds that come of recovery, medicines and sun, and not of papers. */
const recoveryGates: ReadonlySet<string> = new Set(['window', 'contraindications', 'adverse_reaction']);

const held = (what: string, holds: Session['holds'], fine: string): Check => ({
  what,
  ok: holds.length === 0,
  say: holds.length === 0 ? fine : holds.map(({ gate, why }) => `${plain(gate)}: ${why}`).join('; '),
});

/** Whether a visit can go ahead, thing by thing: consent and the other gates, washouts and recovery, the patient's word, open tasks. */
export function readinessOf({ holds, status, id }: Session, tasks: readonly Task[]): readonly Check[] {
  if (over.has(status)) return [];
  const own = tasks.filter(({ sessionId }) => sessionId === id);
  const unsaid = status === 'booked' || status === 'held';
  return [
    held(
      'Consent and plan',
      holds.filter(({ gate }) => !recoveryGates.has(gate)),
      'all met',
    ),
    held(
      'Washouts',
      holds.filter(({ gate }) => recoveryGates.has(gate)),
      'clear for this day',
    ),
    { what: 'Patient’s yes', ok: !unsaid, say: unsaid ? 'not confirmed yet' : 'confirmed' },
    ...own.map(({ kind, why }) => ({ what: plain(kind), ok: false, say: why })),
  ];
}

/** Where a visit stands against the clock: still expected, late by so many minutes, in the room, blocked or over. */
export function presenceOf(
  { status, start }: Session,
  now: string,
): { readonly kind: 'expected' | 'late' | 'here' | 'blocked' | 'over'; readonly minutes: number } {
  const minutes = start === null ? 0 : minutesBetween(start, now);
  if (status === 'arrived') return { kind: 'here', minutes };
  if (status === 'on_hold') return { kind: 'blocked', minutes };
  if (over.has(status)) return { kind: 'over', minutes };
  return { kind: minutes > 0 ? 'late' : 'expected', minutes };
}
