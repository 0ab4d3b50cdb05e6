import { applyDecorators, type PipeTransform } from '@nestjs/common';
import { ApiBody, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { Rejected } from '#platform';

/** Parses a body, a query or a parameter. @throws Rejected `invalid_request` (400) naming the field. */
export class Parse<T extends z.ZodType> implements PipeTransform<unknown, z.output<T>> {
  constructor(private readonly schema: T) {}

  transform(value: unknown): z.output<T> {
    const parsed = this.schema.safeParse(value ?? {});
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const path = issue?.path.join('.') ?? '';
    throw new Rejected('invalid_request', `${path === '' ? 'the request' : path}: ${issue?.message ?? 'cannot be read'}`, { path, status: 400 });
  }
}

export const instant = z
  .string()
  .refine((value) => /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value)), 'is not an instant (RFC 3339)')
  .transform((value) => new Date(value).toISOString());
/** An instant, or a calendar day that stands for its first moment in UTC. */
export const moment = z.union([instant, z.iso.date().transform((day) => `${day}T00:00:00.000Z`)], 'is neither an instant nor a day');

export const page = { limit: z.coerce.number().int().min(1).max(200).default(50), cursor: z.string().min(1).max(500).optional() };

/** One page of a list that was asked for one item more than its limit. */
export function asPage<T>(found: readonly T[], limit: number, cursorOf: (item: T) => string): { items: readonly T[]; next: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
}

export function found<T>(thing: T | null | undefined, what: string): T {
  if (thing === null || thing === undefined) throw new Rejected('not_found', `There is no such ${what}.`, { status: 404 });
  return thing;
}

/** A schema as the API's description writes it. */
export const asJsonSchema = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'openapi-3.0' }) as Record<string, unknown>;

/** Says in the API's description what a body holds: the very schema that it is parsed by. */
export const Takes = (schema: z.ZodType) => ApiBody({ schema: asJsonSchema(schema) });

/** Says in the API's description which parameters a query may have. */
export const Asks = (schema: z.ZodObject) => {
  const { properties = {}, required = [] } = asJsonSchema(schema) as { properties?: Record<string, Record<string, unknown>>; required?: string[] };
  return applyDecorators(...Object.entries(properties).map(([name, property]) => ApiQuery({ name, required: required.includes(name), schema: property })));
};
