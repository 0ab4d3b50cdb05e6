import type { RecordedEvent } from '#event-store';
import { deterministicId } from '#platform';
import { readTreatmentEvent, type TreatmentEvent, type Wish } from './events.js';

/** Something a person must do because of an event of a course. The same event always asks for the same task. */
export interface OpenTask {
  readonly effect: 'open-task';
  readonly taskId: string;
  /** `desk` books, calls and moves; `clinician-review` decides about treatment. */
  readonly kind: 'desk' | 'clinician-review';
  readonly why: string;
  readonly patientId: string;
  readonly courseId: string;
  readonly sessionId?: string;
  /** Instant by which it should be done. */
  readonly dueAt: string;
}

const hourMillis = 3_600_000;
const deskHours = 24;
/** A severe reaction cannot wait for tomorrow; a mild one is read at the next review. */
const reviewHours = { severe: 1, moderate: 4, mild: 48 } as const;

interface Ask {
  readonly kind: OpenTask['kind'];
  readonly why: string;
  readonly dueInHours: number;
}

function wishOf(wish: Wish | undefined): string {
  if (wish === undefined) return 'the patient asks for another time';
  const spoken = new Intl.DateTimeFormat('en-CA', { timeZone: wish.timeZone, dateStyle: 'short', timeStyle: 'short', hour12: false });
  return `the patient asks for another time: ${spoken.format(new Date(wish.start))}, which is kept for them meanwhile`;
}

function askOf({ type, data }: TreatmentEvent): Ask | null {
  switch (type) {
    case 'course.unschedulable.v1':
      return { kind: 'desk', why: `the course cannot be scheduled: ${data.because.map(({ detail }) => detail).join('; ')}`, dueInHours: deskHours };
    case 'session.no-show.v1':
      return { kind: 'desk', why: 'the patient did not come: offer another time', dueInHours: deskHours };
    case 'session.cancelled.v1':
      return data.by === 'patient' ? { kind: 'desk', why: `the patient cancelled (${data.reason}): ask how the course goes on`, dueInHours: deskHours } : null;
    case 'session.completed.v1':
      // The catalogue has no rule for what an unfinished session counts as: a clinician says how the course goes on.
      return data.cutShort === true
        ? { kind: 'clinician-review', why: 'the session was cut short: decide whether it is given again before the course goes on', dueInHours: deskHours }
        : null;
    case 'session.reschedule-requested.v1':
      return { kind: 'desk', why: wishOf(data.wish), dueInHours: deskHours };
    case 'session.put-on-hold.v1':
      // One reaction puts many sessions on hold: its own event already asks for the review.
      if (data.gate === 'adverse_reaction') return null;
      return { kind: data.gate === 'window' ? 'desk' : 'clinician-review', why: `a session is on hold: ${data.why}`, dueInHours: deskHours };
    case 'session.adverse-reaction-recorded.v1':
      return { kind: 'clinician-review', why: `${data.severity} reaction: ${data.codes.join(', ')}`, dueInHours: reviewHours[data.severity] };
    case 'session.interval-exceeded.v1':
      return { kind: 'desk', why: `the longest recommended interval ends on ${data.latest.slice(0, 10)}, before the next session`, dueInHours: deskHours };
    default:
      return null;
  }
}

/** What people must do because of an event of this slice; nothing for most. */
export function tasksAfter(event: RecordedEvent): OpenTask[] {
  const own = readTreatmentEvent(event);
  const ask = own === null ? null : askOf(own);
  if (own === null || ask === null) return [];
  const { patientId, courseId } = own.data;
  const session = 'sessionId' in own.data ? { sessionId: own.data.sessionId } : {};
  const dueAt = new Date(event.occurredAt.getTime() + ask.dueInHours * hourMillis).toISOString();
  return [{ effect: 'open-task', taskId: deterministicId('task', event.id), kind: ask.kind, why: ask.why, patientId, courseId, ...session, dueAt }];
}
