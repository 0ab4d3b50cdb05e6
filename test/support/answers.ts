import { deepStrictEqual } from 'node:assert/strict';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import type { z } from 'zod';
import { Rejected } from '#platform';
import { answerKey } from '../../apps/api/answers.js';

/**
 * Holds an answer against the schema by which the API describes it: nothing may be missing, of another kind, or there without
 * being described.
 */
export function fits(schema: z.ZodType, answer: unknown): void {
  const sent: unknown = JSON.parse(JSON.stringify(answer));
  deepStrictEqual(sent, schema.parse(sent), 'the answer has fields that the description does not name');
}

function requireFit(schema: z.ZodType, answer: unknown): void {
  try {
    fits(schema, answer);
  } catch (error) {
    // A fault would hide from the spec what does not fit.
    throw new Rejected('misfit', error instanceof Error ? error.message : String(error), { status: 500 });
  }
}

/** Lets no answer pass that its route does not describe. */
@Injectable()
export class AnswersFit implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const schema = Reflect.getMetadata(answerKey, context.getHandler()) as z.ZodType | undefined;
    return next.handle().pipe(
      map((answer: unknown) => {
        if (schema !== undefined && answer !== undefined) requireFit(schema, answer);
        return answer;
      }),
    );
  }
}
