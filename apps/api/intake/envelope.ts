import { z } from 'zod';
import { type ConsultationEventType, consultationSchemas, openConsultationFields } from '#consultation';
import { openPatientFields, type PatientEventType, patientSchemas } from '#patient';
import { edge } from '#protocols';
import type { NewEvent } from '#event-store';
import { deterministicId, Rejected } from '#platform';

/** What an event may name: people and places of the clinic. */
export interface Known {
  readonly providers: ReadonlySet<string>;
  readonly locations: ReadonlySet<string>;
}

/** An event that was understood, with the stream it belongs to. */
export interface AcceptedEvent {
  readonly stream: string;
  readonly consultationId: string;
  readonly event: NewEvent & { readonly patientId: string };
}

type Type = ConsultationEventType | PatientEventType;
type DataSchema = z.ZodType<Record<string, unknown> & { consultationId: string; patientId: string }>;

function schemasAt(now: Date): Readonly<Record<string, DataSchema>> {
  const { person, ...patient } = patientSchemas(now);
  return { ...consultationSchemas(now, person), ...patient } as unknown as Record<string, DataSchema>;
}

const yearly = new Map<number, { data: Readonly<Record<string, DataSchema>>; envelope: ReturnType<typeof envelopeAt> }>();

function envelopeAt(now: Date) {
  return z.looseObject({
    specversion: z.literal('1.0', 'must be "1.0"'),
    id: edge.id,
    source: edge.id,
    type: z.string().min(1),
    subject: edge.id,
    time: edge.pieces(now).instant,
    data: z.record(z.string(), z.unknown(), 'must be an object'),
  });
}

/** Schemas depend on the year only (dates too far ahead): they are made once a year. */
function schemas(now: Date) {
  const known = yearly.get(now.getUTCFullYear());
  if (known !== undefined) return known;
  const made = { data: schemasAt(now), envelope: envelopeAt(now) };
  yearly.set(now.getUTCFullYear(), made);
  return made;
}

function refuse(code: string, error: z.ZodError, prefix = ''): never {
  const [issue] = error.issues;
  const path = [prefix, ...(issue?.path ?? []).map(String)].filter((part) => part !== '').join('.');
  throw new Rejected(code, `${path === '' ? 'the event' : path}: ${issue?.message ?? 'cannot be read'}`, { path });
}

function requireKnown(data: Readonly<Record<string, unknown>>, { providers, locations }: Known): void {
  const check = (field: string, known: ReadonlySet<string>, what: string) => {
    const value = data[field];
    if (typeof value === 'string' && !known.has(value)) throw new Rejected(`unknown_${what}`, `data.${field}: there is no ${what} ${value}`, { path: `data.${field}` });
  };
  check('providerId', providers, 'provider');
  check('locationId', locations, 'location');
}

const unreadable = (issue: { code: string; message: string }) => issue.message === 'is not a protocol of the catalogue';

function split(type: Type, data: Record<string, unknown>): { open: Record<string, unknown>; personal: Record<string, unknown> } {
  const fields = new Set<string>(['consultationId', 'patientId', ...(type.startsWith('patient.') ? openPatientFields[type as PatientEventType] : openConsultationFields)]);
  const entries = Object.entries(data);
  return { open: Object.fromEntries(entries.filter(([key]) => fields.has(key))), personal: Object.fromEntries(entries.filter(([key]) => !fields.has(key))) };
}

/**
 * Reads one CloudEvent.
 * @throws Rejected with a code, a message and the path of what is wrong: `invalid_envelope`, `unknown_type`, `invalid_data`,
 * `unknown_protocol`, `unknown_provider`, `unknown_location`, `invalid_subject`.
 */
export function readEvent(input: unknown, now: Date, known: Known): AcceptedEvent {
  const { data: byType, envelope } = schemas(now);
  const parsed = envelope.safeParse(input);
  if (!parsed.success) return refuse('invalid_envelope', parsed.error);
  const { id, source, type, subject, time, data: raw } = parsed.data;
  const schema = Object.hasOwn(byType, type) ? byType[type] : undefined;
  if (schema === undefined) throw new Rejected('unknown_type', `type: ${type} is not a type of event taken here`, { path: 'type' });
  const result = schema.safeParse(raw);
  if (!result.success) return refuse(result.error.issues[0] !== undefined && unreadable(result.error.issues[0]) ? 'unknown_protocol' : 'invalid_data', result.error, 'data');
  const { consultationId, patientId } = result.data;
  if (subject !== consultationId && subject !== patientId) {
    throw new Rejected('invalid_subject', `subject: ${subject} is neither the consultation nor the patient of the data`, { path: 'subject' });
  }
  requireKnown(result.data, known);
  const { open, personal } = split(type as Type, result.data);
  const stream = type.startsWith('patient.') ? `patient/${patientId}` : `consultation/${consultationId}`;
  const occurredAt = new Date(time.replace(' ', 'T'));
  const event = { id: deterministicId('event', source, id), type, data: open, personal, patientId, occurredAt, meta: { source, sourceId: id } };
  return { stream, consultationId, event };
}

/** Every type taken, with the JSON Schema of its data. */
export function eventTypes(now: Date): { type: string; schema: unknown }[] {
  return Object.entries(schemas(now).data).map(([type, schema]) => ({ type, schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) }));
}
