import { sql } from 'kysely';
import type { Projection } from '#event-store';
import type { Transaction } from '#platform';
import { attemptAfter, type AttemptChange } from './attempts.js';
import { evolve, type Outreach } from './decider.js';
import { outreachEventTypes, readOutreachEvent } from './events.js';
import { findOutreach } from './queries.js';

const columns = (row: Outreach, stream: string) => ({
  outreach_id: row.outreachId,
  key: row.key,
  occasion: row.occasion,
  version: row.version,
  stream,
  patient_id: row.patientId,
  staff_id: row.staffId ?? null,
  conversation_id: row.conversationId ?? null,
  task_id: row.taskId ?? null,
  consultation_id: row.consultationId ?? null,
  course_id: row.courseId ?? null,
  session_id: row.sessionId ?? null,
  touchpoint: row.touchpoint,
  channel: row.channel,
  category: row.category,
  template: row.template,
  locals: JSON.stringify(row.locals),
  question: row.question,
  target_at: row.targetAt,
  due_at: row.dueAt,
  expires_at: row.expiresAt,
  status: row.status,
  next_attempt_at: row.nextAttemptAt,
  attempts: row.attempts,
  attempt_id: row.attemptId,
  attempted_at: row.attemptedAt,
  text_version: row.textVersion,
  provider_message_id: row.providerMessageId,
  sent_at: row.sentAt,
  why: row.why,
  because: row.because,
  stopped_by: row.stoppedBy,
});

/** What changes in a row after it was planned; the rest says whom and what it is about. */
const changing = [
  'key',
  'occasion',
  'version',
  'template',
  'locals',
  'question',
  'target_at',
  'due_at',
  'expires_at',
  'status',
  'next_attempt_at',
  'attempts',
  'attempt_id',
  'attempted_at',
  'text_version',
  'provider_message_id',
  'sent_at',
  'why',
  'because',
  'stopped_by',
] as const;

async function write(trx: Transaction, rows: readonly (readonly [Outreach, string])[]): Promise<void> {
  if (rows.length === 0) return;
  await trx
    .insertInto('outreach')
    .values(rows.map(([row, stream]) => columns(row, stream)))
    .onConflict((conflict) =>
      conflict.columns(['clinic_id', 'outreach_id']).doUpdateSet(Object.fromEntries(changing.map((column) => [column, sql.ref(`excluded.${column}`)]))),
    )
    .execute();
}

/** What a batch says of one attempt in all: its beginning, its last outcome, its id at the carrier. */
function merged(changes: readonly AttemptChange[]): readonly AttemptChange[] {
  const byId = new Map<string, AttemptChange>();
  for (const change of changes) byId.set(change.attemptId, { ...byId.get(change.attemptId), ...change });
  return [...byId.values()];
}

async function writeAttempts(trx: Transaction, changes: readonly AttemptChange[]): Promise<void> {
  const begun = changes.flatMap(({ attemptId, outcome, providerMessageId = null, begun: beginning }) =>
    beginning === undefined
      ? []
      : [{ attempt_id: attemptId, outreach_id: beginning.outreachId, at: beginning.at, outcome, provider_message_id: providerMessageId }],
  );
  const known = changes.filter(({ begun: beginning }) => beginning === undefined);
  if (begun.length > 0) await trx.insertInto('outreach_attempt').values(begun).execute();
  if (known.length === 0) return;
  await sql`
    update outreach_attempt set outcome = change.outcome, provider_message_id = coalesce(change.provider, outreach_attempt.provider_message_id)
    from unnest(${known.map(({ attemptId }) => attemptId)}::uuid[], ${known.map(({ outcome }) => outcome)}::text[],
      ${known.map(({ providerMessageId = null }) => providerMessageId)}::text[]) as change (attempt, outcome, provider)
    where clinic_id = clinic_id() and attempt_id = change.attempt`.execute(trx);
}

/**
 * The ledger, in the transaction of the events: what is to be sent is durable with the fact that caused it. A batch is folded
 * in memory and written at once.
 */
export const outreachLedger: Projection = {
  name: 'outreach',
  version: 3,
  tables: ['outreach', 'outreach_attempt'],
  types: outreachEventTypes,
  apply: async (trx, events) => {
    const own = events.flatMap((event) => {
      const read = readOutreachEvent(event);
      return read === null ? [] : [{ ...read, stream: event.stream }];
    });
    const before = await findOutreach(
      trx,
      own.map(({ data }) => data.outreachId),
    );
    const after = new Map(before);
    const streams = new Map(own.map(({ data, stream }) => [data.outreachId, stream]));
    const attempts: AttemptChange[] = [];
    for (const event of own) {
      const known = after.get(event.data.outreachId);
      const row = evolve(known, event);
      if (row === undefined || row === known) continue;
      after.set(row.outreachId, row);
      const attempt = attemptAfter(known, event);
      if (attempt !== null) attempts.push(attempt);
    }
    const changed = [...after.values()].filter((row) => before.get(row.outreachId) !== row);
    await write(
      trx,
      changed.map((row) => [row, streams.get(row.outreachId) ?? ''] as const),
    );
    await writeAttempts(trx, merged(attempts));
  },
};
