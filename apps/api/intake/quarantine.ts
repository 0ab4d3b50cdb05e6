import { z } from 'zod';
import { deriveKey, deterministicId, type Reader, Rejected, seal, type Transaction, unseal } from '#platform';
import { eventIdOf } from './envelope.js';
import type { Incoming } from './lines.js';

export interface Quarantined {
  readonly id: string;
  /** The sender's own id, as far as it can be read. */
  readonly eventId: string | null;
  readonly source: string | null;
  readonly code: string;
  readonly message: string;
  readonly path: string | null;
  readonly status: string;
  readonly receivedAt: string;
  readonly retriedAt: string | null;
}

/** Something refused, and why. `forgotten`: it is about an erased patient, so what was sent is not kept. */
export interface Refused {
  readonly incoming: Incoming;
  readonly error: Rejected;
  readonly forgotten?: boolean;
}

const label = z
  .string()
  .min(1)
  .max(512)
  .refine((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text))
  .optional()
  .catch(undefined);
const labels = z.object({ id: label, source: label, subject: label, data: z.object({ patientId: label }).catch({ patientId: undefined }) });

/** What can be read of a refused event that says whose it is. */
export function labelsOf(incoming: Incoming): {
  id?: string | undefined;
  source?: string | undefined;
  subject?: string | undefined;
  patientId?: string | undefined;
} {
  const parsed = labels.safeParse('value' in incoming ? incoming.value : null);
  return parsed.success ? { ...parsed.data, patientId: parsed.data.data.patientId } : {};
}

/** The same content has the same id, however its fields are ordered and whichever way it came. */
function contentId({ value, raw }: { readonly value?: unknown; readonly raw: string | Uint8Array }): string {
  const sorted = (_key: string, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  try {
    if (value !== undefined) return deterministicId('quarantine', JSON.stringify(value, sorted));
  } catch {
    // Nested too deeply to be written: its bytes will do.
  }
  return deterministicId('quarantine', Buffer.from(raw).toString('base64'));
}

/** Refused events, sealed: they may be about people, and nobody has understood them yet. The same content is kept once. */
export class Quarantine {
  readonly #key: Buffer;

  constructor(masterKey: Uint8Array) {
    this.#key = deriveKey(masterKey, 'quarantine');
  }

  async keep(trx: Transaction, refused: readonly Refused[], at: Date): Promise<void> {
    const rows = refused.map(({ incoming, error, forgotten = false }) => {
      const id = contentId(incoming);
      const { id: senderId, source, subject, patientId } = labelsOf(incoming);
      return {
        id,
        event_id: senderId !== undefined && source !== undefined ? eventIdOf(source, senderId) : null,
        sender_id: senderId ?? null,
        sender_source: source ?? null,
        subject: subject ?? null,
        patient_id: patientId ?? null,
        ...reasonOf(error),
        payload: forgotten ? null : seal(this.#key, Buffer.from(incoming.raw), id),
        status: 'quarantined',
        received_at: at,
      };
    });
    if (rows.length > 0)
      await trx
        .insertInto('quarantine')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  }

  /** The sender sent these again, mended: what was refused before needs nobody's attention. */
  async supersede(trx: Transaction, eventIds: readonly string[]): Promise<void> {
    if (eventIds.length === 0) return;
    await trx.updateTable('quarantine').set({ status: 'superseded' }).where('event_id', 'in', eventIds).where('status', '=', 'quarantined').execute();
  }

  /** What was sent, as it was sent. @throws Rejected `not_found`. */
  async payload(db: Reader, id: string): Promise<Buffer> {
    const valid = /^[0-9a-f-]{36}$/i.test(id);
    const row = valid ? await db.selectFrom('quarantine').select('payload').where('id', '=', id).executeTakeFirst() : undefined;
    if (row === undefined || row.payload === null) throw new Rejected('not_found', 'There is no such event in quarantine.', { status: 404 });
    return unseal(this.#key, row.payload, id);
  }

  /** How a further try ended: it was taken, or refused for a reason that may be another than before. */
  async settle(db: Reader, id: string, error: Rejected | null, at: Date): Promise<void> {
    const outcome = error === null ? { status: 'accepted' } : { status: 'quarantined', ...reasonOf(error) };
    await db
      .updateTable('quarantine')
      .set({ ...outcome, retried_at: at })
      .where('id', '=', id)
      .execute();
  }

  /** In order of arrival; `cursor` is the id after which to go on. */
  async list(db: Reader, { limit, cursor }: { limit: number; cursor: string | null }): Promise<Quarantined[]> {
    const rows = await db
      .selectFrom('quarantine')
      .select(['id', 'sender_id', 'sender_source', 'code', 'message', 'path', 'status', 'received_at', 'retried_at'])
      .$if(cursor !== null, (query) =>
        query.where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('received_at', 'id'),
            '>',
            selectFrom('quarantine as mark')
              .select(['mark.received_at', 'mark.id'])
              .where('mark.id', '=', cursor ?? '')
              .$asTuple('received_at', 'id'),
          ),
        ),
      )
      .orderBy('received_at')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      eventId: row.sender_id,
      source: row.sender_source,
      code: row.code,
      message: row.message,
      path: row.path,
      status: row.status,
      receivedAt: row.received_at.toISOString(),
      retriedAt: row.retried_at?.toISOString() ?? null,
    }));
  }

  /**
   * Takes away what was refused about a patient: what names them or their consultations, and what could not be read but holds
   * one of these ids. Answers how many.
   */
  async forget(trx: Transaction, patientId: string, consultationIds: readonly string[]): Promise<number> {
    const names = [patientId, ...consultationIds];
    const named = await trx
      .deleteFrom('quarantine')
      .where((eb) => eb.or([eb('patient_id', '=', patientId), eb('subject', 'in', names)]))
      .returning('id')
      .execute();
    const unread = await trx.selectFrom('quarantine').select(['id', 'payload']).where('patient_id', 'is', null).where('subject', 'is', null).execute();
    const holding = unread
      .filter(({ id, payload }) => payload !== null && names.some((name) => unseal(this.#key, payload, id).includes(name)))
      .map(({ id }) => id);
    if (holding.length > 0) await trx.deleteFrom('quarantine').where('id', 'in', holding).execute();
    return named.length + holding.length;
  }
}

const reasonOf = ({ code, message, details: { path } }: Rejected) => ({
  code,
  message: message.slice(0, 2_000).replaceAll('\0', ''),
  path: typeof path === 'string' ? path.replaceAll('\0', '') : null,
});
