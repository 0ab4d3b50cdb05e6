import { type Database, deriveKey, deterministicId, type Reader, Rejected, seal, unseal } from '#platform';

export interface Quarantined {
  readonly id: string;
  readonly eventId: string | null;
  readonly code: string;
  readonly message: string;
  readonly path: string | null;
  readonly status: string;
  readonly receivedAt: string;
}

/** Refused events, sealed: they may be about people, and nobody has understood them yet. The same bytes are kept once. */
export class Quarantine {
  readonly #key: Buffer;

  constructor(masterKey: Uint8Array) {
    this.#key = deriveKey(masterKey, 'quarantine');
  }

  async keep(db: Reader, { eventId, raw, error, at }: { eventId: string | null; raw: string; error: Rejected; at: Date }): Promise<void> {
    const id = deterministicId('quarantine', eventId ?? '', raw);
    const path = typeof error.details.path === 'string' ? error.details.path : null;
    await db
      .insertInto('quarantine')
      .values({ id, event_id: eventId, code: error.code, message: error.message, path, payload: seal(this.#key, Buffer.from(raw), id), status: 'quarantined', received_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** What was sent, as it was sent. @throws Rejected `not_found`. */
  async payload(db: Reader, id: string): Promise<string> {
    const valid = /^[0-9a-f-]{36}$/i.test(id);
    const row = valid ? await db.selectFrom('quarantine').select('payload').where('id', '=', id).executeTakeFirst() : undefined;
    if (row === undefined) throw new Rejected('not_found', 'There is no such event in quarantine.', { status: 404 });
    return unseal(this.#key, row.payload, id).toString('utf8');
  }

  async settle(db: Database, id: string, at: Date): Promise<void> {
    await db.updateTable('quarantine').set({ status: 'accepted', retried_at: at }).where('id', '=', id).execute();
  }

  async list(db: Reader, { limit, cursor }: { limit: number; cursor: string | null }): Promise<Quarantined[]> {
    const rows = await db
      .selectFrom('quarantine')
      .select(['id', 'event_id', 'code', 'message', 'path', 'status', 'received_at'])
      .$if(cursor !== null, (query) => query.where('id', '>', cursor ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ id: row.id, eventId: row.event_id, code: row.code, message: row.message, path: row.path, status: row.status, receivedAt: row.received_at.toISOString() }));
  }
}
