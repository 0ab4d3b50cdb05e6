import type { NewEvent } from '#event-store';
import { newId, Rejected, type Transaction } from '#platform';
import type { z } from 'zod';
import type { ClinicContext } from './commands.js';
import { contradictions } from './contradictions.js';
import type { ClinicDocument } from './document.js';
import { type Exception, exceptionAsk, type ExceptionKind, exceptionOf, withExceptions } from './exceptions.js';
import { clinicDocument, findException } from './queries.js';

const stream = 'clinic';

/**
 * Records that somebody is away or works besides, a device is down, a room or a place closed or open besides; the settings
 * stay as they are. Everything that plans and books sees it at once.
 * @returns the exception as it stands.
 * @throws Rejected `no_clinic`; `invalid_exception` naming the faulty field.
 */
export async function recordException(
  trx: Transaction,
  { store, clock }: ClinicContext,
  { kind, input, by }: { readonly kind: ExceptionKind; readonly input: unknown; readonly by: string },
): Promise<Exception> {
  const clinic = await clinicDocument(trx);
  if (clinic === null) throw new Rejected('no_clinic', 'The clinic has not been set up yet.', { status: 503 });
  const exception = readException(clinic, { kind, input }, newId(clock.now()));
  const event: NewEvent = {
    id: newId(clock.now()),
    type: 'clinic.exception-recorded.v1',
    data: { ...exception, by },
    occurredAt: clock.now(),
    meta: { actor: by },
  };
  await store.append(trx, [{ stream, expected: 'any', events: [event] }]);
  return exception;
}

/**
 * The settings as they would be with an exception in them; nothing is recorded.
 * @throws Rejected `invalid_exception` naming the faulty field.
 */
export function supposeException(
  clinic: ClinicDocument,
  ask: { readonly kind: ExceptionKind; readonly input: unknown },
): { clinic: ClinicDocument; exception: Exception } {
  const exception = readException(clinic, ask, 'supposed');
  return { clinic: withExceptions(clinic, [exception]), exception };
}

function readException(clinic: ClinicDocument, { kind, input }: { readonly kind: ExceptionKind; readonly input: unknown }, exceptionId: string): Exception {
  const read = exceptionAsk(kind).safeParse(input);
  if (!read.success) throw invalid(read.error.issues[0]);
  const exception = exceptionOf(clinic, kind, read.data, exceptionId);
  refuseContradiction(clinic, exception);
  return exception;
}

/**
 * Ends an exception: one that has not begun is gone, one that runs ends now. One that is over stays as it was.
 * @throws Rejected `no_exception` (404).
 */
export async function endException(trx: Transaction, { store, clock }: ClinicContext, exceptionId: string, by: string): Promise<void> {
  const exception = await findException(trx, exceptionId);
  if (exception === null) throw new Rejected('no_exception', 'There is no such exception.', { status: 404 });
  const at = clock.now();
  if (exception.to <= at.toISOString()) return;
  const event: NewEvent = {
    id: newId(at),
    type: 'clinic.exception-ended.v1',
    data: { exceptionId, at: at.toISOString(), by },
    occurredAt: at,
    meta: { actor: by },
  };
  await store.append(trx, [{ stream, expected: 'any', events: [event] }]);
}

/** What the settings would say against themselves with the exception in them, and whom it names that is not there. */
function refuseContradiction(clinic: ClinicDocument, exception: Exception): void {
  const named = { staffId: clinic.staff, locationId: clinic.locations, roomId: clinic.rooms, deviceId: clinic.devices };
  for (const [field, list] of Object.entries(named)) {
    const name = Object.entries(exception).find(([key]) => key === field)?.[1];
    if (typeof name === 'string' && !list.some(({ id }) => id === name)) throw invalid({ path: [field], message: `there is no ${name}` });
  }
  const before = new Set([...contradictions(clinic)].map(({ path }) => path.join('.')));
  const found = [...contradictions(withExceptions(clinic, [exception]))].find(({ path }) => !before.has(path.join('.')));
  if (found !== undefined) throw invalid({ path: found.path.slice(-1), message: found.message });
}

function invalid(issue: Pick<z.core.$ZodIssue, 'path' | 'message'> | undefined): Rejected {
  const path = issue?.path.join('.') ?? '';
  return new Rejected('invalid_exception', `${path}: ${issue?.message ?? 'cannot be read'}`, { path });
}
