import type { Reader, Span } from '#platform';
import type { OutreachStatus } from './decider.js';
import type { OutreachChannel } from './events.js';

export interface MessageFigure {
  readonly channel: OutreachChannel;
  readonly status: OutreachStatus;
  readonly messages: number;
}

/** Messages to patients that were due in the span, as they stand now. Pages of staff are none. */
export async function messageFigures(db: Reader, { from, to }: Span): Promise<MessageFigure[]> {
  return db
    .selectFrom('outreach')
    .select(({ fn, ref }) => [
      ref('channel').$castTo<OutreachChannel>().as('channel'),
      ref('status').$castTo<OutreachStatus>().as('status'),
      fn.countAll<number>().as('messages'),
    ])
    .where('due_at', '>=', from)
    .where('due_at', '<', to)
    .where('category', '<>', 'page')
    .groupBy(['channel', 'status'])
    .orderBy('channel')
    .orderBy('status')
    .execute();
}
