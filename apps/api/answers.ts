import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiDefaultResponse, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

/** Every answer that has a name in the API's description. */
const named = z.registry<{ id: string }>();
const byName = new Map<string, z.ZodType>();

/** Gives an answer its name in the API's description; what holds it refers to it by that name. */
export function answer<T extends z.ZodType>(id: string, schema: T): T {
  named.add(schema, { id });
  byName.set(id, schema);
  return schema;
}

/** The answer of a name; undefined when there is none. */
export const answerNamed = (id: string): z.ZodType | undefined => byName.get(id);

/** Some schemas under `items`, and where to go on. */
export const pageOf = <T extends z.ZodType>(id: string, item: T) => answer(id, z.object({ items: z.array(item), next: z.string().nullable() }));

export const instant = z
  .string()
  .refine((value) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(value), 'is not an instant in UTC')
  .meta({ format: 'date-time' });
export const day = z
  .string()
  .refine((value) => /^\d{4}-\d{2}-\d{2}$/.test(value), 'is not a day')
  .meta({ format: 'date' });
export const urgency = z.enum(['emergency', 'urgent', 'soon', 'ask', 'expected', 'administrative']);
export const language = z.enum(['en', 'es']);

const problem = answer(
  'Problem',
  z.looseObject({ type: z.string(), title: z.string(), status: z.number(), detail: z.string(), code: z.string(), path: z.string().optional() }),
);
const reference = (schema: z.ZodType): string => {
  const id = named.get(schema)?.id;
  if (id === undefined) throw new Error('an answer that is described needs a name');
  return `#/components/schemas/${id}`;
};

export const answerKey = 'answer';

/** Says in the API's description what a route answers; the specs hold real answers against the same schema. */
export const Answers = (schema: z.ZodType, status = 200) =>
  applyDecorators(
    SetMetadata(answerKey, schema),
    ApiResponse({ status, description: 'Done.', schema: { $ref: reference(schema) } }),
    ApiDefaultResponse({ description: 'Refused, and why (RFC 9457).', content: { 'application/problem+json': { schema: { $ref: reference(problem) } } } }),
  );

/** Every named schema as the API's description holds it. An answer may have more fields than are named: fields are added freely. */
export function answerSchemas(): Record<string, object> {
  const { schemas } = z.toJSONSchema(named, { uri: (id) => `#/components/schemas/${id}`, io: 'input', unrepresentable: 'any' });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _dialect, $id: _own, ...schema }]) => [id, schema]));
}
