import { Injectable } from '@nestjs/common';
import { filter, map, Observable, Subject } from 'rxjs';
import type { RecordedEvent } from '#event-store';

/** What a client is told: which kind of thing changed, and whose. It then asks for what it may see. */
export interface Change {
  readonly kind: 'session' | 'outreach' | 'conversation' | 'task' | 'consultation' | 'patient';
  readonly id: string;
  readonly type: string;
  readonly patientId: string | null;
  readonly at: string;
}

const kinds: Readonly<Record<string, Change['kind']>> = {
  course: 'session',
  session: 'session',
  outreach: 'outreach',
  message: 'conversation',
  reply: 'conversation',
  conversation: 'conversation',
  task: 'task',
  page: 'task',
  consultation: 'consultation',
  patient: 'patient',
};
const idFields: Readonly<Record<Change['kind'], readonly string[]>> = {
  session: ['sessionId', 'courseId'],
  outreach: ['outreachId'],
  conversation: ['conversationId', 'messageId'],
  task: ['taskId'],
  consultation: ['consultationId'],
  patient: ['patientId'],
};

function changeOf(event: RecordedEvent): Change | null {
  const kind = kinds[event.type.split('.')[0] ?? ''];
  if (kind === undefined) return null;
  const id = idFields[kind].map((field) => event.data[field]).find((value) => typeof value === 'string');
  return { kind, id: typeof id === 'string' ? id : event.stream, type: event.type, patientId: event.patientId, at: event.occurredAt.toISOString() };
}

/** Server-sent events: ids and kinds only, fed by a subscription of this process's own. */
@Injectable()
export class ChangeStream {
  readonly #changes = new Subject<Change>();

  publish(events: readonly RecordedEvent[]): void {
    for (const change of events.map(changeOf)) if (change !== null) this.#changes.next(change);
  }

  /** Changes from now on, of the kinds asked for (all when none is named). */
  follow(wanted: readonly string[]): Observable<{ type: string; data: Change }> {
    return this.#changes.pipe(
      filter(({ kind }) => wanted.length === 0 || wanted.includes(kind)),
      map((change) => ({ type: change.kind, data: change })),
    );
  }
}
