import { type CallHandler, ExecutionContext, Inject, Injectable, NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { sql } from 'kysely';
import { from, lastValueFrom, type Observable, of } from 'rxjs';
import { type Clock, type Database, hashToken, Rejected, type Transaction } from '#platform';
import { asProblem } from '../../libs/platform/problem.js';
import type { Caller } from './access.js';

const secretKey = 'answers-a-secret';
/** The answer holds a secret that is shown once: it is not kept, so the same key makes another. */
export const Secret = () => SetMetadata(secretKey, true);

/** How long the same key answers the same: longer than any sender tries again. */
const keptMillis = 24 * 60 * 60_000;

/** Forgets the answers to commands of more than a day ago. */
export async function forgetOldAnswers({ db, clock }: { readonly db: Database; readonly clock: Clock }): Promise<void> {
  await db
    .deleteFrom('idempotency_key')
    .where('created_at', '<', new Date(clock.now().getTime() - keptMillis))
    .execute();
}

/**
 * Forgets every answer that names a patient who is erased in this transaction (invariant 13), and every key whose answer is
 * still to come: it was read before the erasure, and finds no row any more in which to be kept.
 */
export async function forgetAnswersAbout(trx: Transaction, patientId: string): Promise<void> {
  const asWritten = JSON.stringify(patientId).slice(1, -1);
  await trx
    .deleteFrom('idempotency_key')
    .where((is) => is.or([is('answer', 'is', null), is(sql<number>`position(${asWritten} in answer::text)`, '>', 0)]))
    .execute();
}

type Commanding = Request & { caller?: Caller };

/**
 * A command with an `Idempotency-Key` is carried out once; the same key answers the same, refusals included.
 * The same key with another request is refused. A command that broke off in a fault may be sent again.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    @Inject('database') private readonly db: Database,
    @Inject('clock') private readonly clock: Clock,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Commanding>(), http.getResponse<Response>()];
    const key = request.headers['idempotency-key'];
    if (this.reflector.get<boolean | undefined>(secretKey, context.getHandler()) === true) return next.handle();
    if (request.method !== 'POST' || typeof key !== 'string' || key === '' || request.caller === undefined) return next.handle();
    if (key.length > 255) throw new Rejected('invalid_request', 'Idempotency-Key may have 255 characters', { path: 'Idempotency-Key', status: 400 });
    const id = { actor: request.caller.name, key };
    const fingerprint = hashToken(`${request.method} ${request.originalUrl} ${JSON.stringify(request.body ?? null)}`);
    const known = await this.claim(id, fingerprint);
    if (known === null) return from(this.carryOut(id, response, next));
    response.status(known.status);
    if (known.status >= 400) response.type('application/problem+json');
    return of(known.answer);
  }

  /** Null when the command is ours to carry out, else the first answer. */
  private async claim(id: { actor: string; key: string }, fingerprint: Buffer): Promise<{ status: number; answer: unknown } | null> {
    const mine = await this.db
      .insertInto('idempotency_key')
      .values({ ...id, request_hash: fingerprint, created_at: this.clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .returning('key')
      .executeTakeFirst();
    if (mine !== undefined) return null;
    const first = await this.db
      .selectFrom('idempotency_key')
      .select(['request_hash', 'status', 'answer'])
      .where('actor', '=', id.actor)
      .where('key', '=', id.key)
      .executeTakeFirst();
    if (first === undefined || first.status === null)
      throw new Rejected('in_progress', 'The first request with this key is still being carried out.', { status: 409 });
    if (!fingerprint.equals(first.request_hash)) throw new Rejected('key_reused', 'This Idempotency-Key was used for another request.', { status: 422 });
    return { status: first.status, answer: first.answer };
  }

  private async carryOut(id: { actor: string; key: string }, response: Response, next: CallHandler): Promise<unknown> {
    try {
      const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: null });
      await this.keep(id, response.statusCode, answer);
      return answer;
    } catch (error) {
      const problem = asProblem(error);
      await (problem.status >= 500 ? this.forget(id) : this.keep(id, problem.status, problem));
      throw error;
    }
  }

  private async keep({ actor, key }: { actor: string; key: string }, status: number, answer: unknown): Promise<void> {
    await this.db
      .updateTable('idempotency_key')
      .set({ status, answer: JSON.stringify(answer ?? null) })
      .where('actor', '=', actor)
      .where('key', '=', key)
      .execute();
  }

  private async forget({ actor, key }: { actor: string; key: string }): Promise<void> {
    await this.db.deleteFrom('idempotency_key').where('actor', '=', actor).where('key', '=', key).execute();
  }
}
