import { z } from 'zod';
import { consultationEventTypes, type ConsultationEventType, consultationSchemas, openConsultationPart } from '#consultation';
import type { NewEvent } from '#event-store';
import { openPatientPart, patientEventTypes, type PatientEventType, patientSchemas } from '#patient';
import { type Clock, deterministicId, type JsonObject, Rejected } from '#platform';
import { edge } from '#protocols';
import { requireStorable } from './storable.js';

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
type Data = Record<string, unknown> & { consultationId: string; patientId: string };

const types: readonly Type[] = [...consultationEventTypes, ...patientEventTypes];
const isPatientType = (type: string): type is PatientEventType => (patientEventTypes as readonly string[]).includes(type);
const isType = (type: string): type is Type => (types as readonly string[]).includes(type);

const jsonType = /^application\/([\w.+-]+\+)?json\b|^text\/json\b/i;

function envelopeSchema(clock: Clock) {
  return z.looseObject({
    specversion: z.literal('1.0', 'must be "1.0"'),
    id: edge.id,
    source: z.string().min(1).max(512),
    type: z.string().min(1),
    subject: edge.id,
    time: edge.pieces(clock).instant,
    datacontenttype: z.string().regex(jsonType, 'must be JSON').optional(),
    data: z.looseObject({}, 'must be an object'),
  });
}

function dataSchemas(clock: Clock): ReadonlyMap<Type, z.ZodType> {
  const { person, ...patient } = patientSchemas(clock);
  return new Map(Object.entries({ ...consultationSchemas(clock, person), ...patient }).flatMap(([type, schema]) => (isType(type) ? [[type, schema]] : [])));
}

/** The first thing that is wrong, in words for the sender. */
function refuse(fallback: string, error: z.ZodError, prefix: string): never {
  const [issue] = error.issues;
  const path = [prefix, ...(issue?.path ?? []).map(String)].filter((part) => part !== '').join('.');
  const own: unknown = issue?.code === 'custom' ? issue.params?.['code'] : undefined;
  const message = `${path === '' ? 'the event' : path}: ${issue?.message ?? 'cannot be read'}`;
  throw new Rejected(typeof own === 'string' ? own : fallback, message, { path });
}

function requireKnown(data: Data, { providers, locations }: Known): void {
  const check = (field: string, known: ReadonlySet<string>, what: string) => {
    const value = data[field];
    if (typeof value === 'string' && !known.has(value)) {
      throw new Rejected(`unknown_${what}`, `data.${field}: there is no ${what} ${value}`, { path: `data.${field}` });
    }
  };
  check('providerId', providers, 'provider');
  check('locationId', locations, 'location');
}

/** Open and personal part. A field stands in both when only some of it is open; reading takes the personal, whole one. */
function split(type: Type, data: Data): { open: JsonObject; personal: JsonObject } {
  const open = isPatientType(type) ? openPatientPart(type, data) : openConsultationPart(data);
  const personal = Object.entries(data).filter(([key, value]) => open[key] !== value);
  return { open: open as JsonObject, personal: Object.fromEntries(personal) as JsonObject };
}

/** Reads CloudEvents against the schemas of every type that is taken. Made once: schemas are costly to make, cheap to use. */
export class EventReader {
  readonly #envelope: ReturnType<typeof envelopeSchema>;
  readonly #data: ReadonlyMap<Type, z.ZodType>;

  constructor(clock: Clock) {
    this.#envelope = envelopeSchema(clock);
    this.#data = dataSchemas(clock);
  }

  /**
   * @throws Rejected with a code, a message and the path of what is wrong: `invalid_envelope`, `unknown_type`, `invalid_data`,
   * `unstorable`, `impossible_date`, `unknown_protocol`, `unknown_code`, `unknown_provider`, `unknown_location`,
   * `invalid_phone`, `invalid_subject`.
   */
  read(input: unknown, known: Known): AcceptedEvent {
    requireStorable(input);
    const parsed = this.#envelope.safeParse(input);
    if (!parsed.success) return refuse('invalid_envelope', parsed.error, '');
    const { id, source, type, subject, time, data: raw } = parsed.data;
    const schema = isType(type) ? this.#data.get(type) : undefined;
    if (!isType(type) || schema === undefined) throw new Rejected('unknown_type', `type: ${type} is not a type of event taken here`, { path: 'type' });
    const result = schema.safeParse(raw);
    if (!result.success) return refuse('invalid_data', result.error, 'data');
    const data = result.data as Data;
    const { consultationId, patientId } = data;
    if (subject !== consultationId && subject !== patientId) {
      throw new Rejected('invalid_subject', `subject: ${subject} is neither the consultation nor the patient of the data`, { path: 'subject' });
    }
    requireKnown(data, known);
    const { open, personal } = split(type, data);
    const stream = isPatientType(type) ? `patient/${patientId}` : `consultation/${consultationId}`;
    const event = { id: eventIdOf(source, id), type, data: open, personal, patientId, occurredAt: new Date(time), meta: { source, sourceId: id } };
    return { stream, consultationId, event };
  }
}

/** Every type taken, with the JSON Schema of its data. */
export const eventTypes = (now: Date): { type: string; schema: unknown }[] =>
  [...dataSchemas({ now: () => now })].map(([type, schema]) => ({ type, schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) }));

/** The same sender and id are the same event, whatever else it says. */
export const eventIdOf = (source: string, id: string): string => deterministicId('event', source, id);
