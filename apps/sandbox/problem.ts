import type { Response } from 'express';
import type { z } from 'zod';

/** RFC 9457, as every answer of the product that says no. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The faulty field. */
  readonly path?: string;
}

const titles: Readonly<Record<number, string>> = { 400: 'The request cannot be read', 409: 'Not possible here', 422: 'Refused' };

export function refuse(response: Response, { status, ...problem }: Problem): void {
  const body = { type: `urn:afterglow:problem:${problem.code}`, title: titles[status] ?? 'Error', status, ...problem };
  response.status(status).type('application/problem+json').send(JSON.stringify(body));
}

/** The value that the schema reads, or null after the first fault was answered, named by its field. */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown, response: Response): z.output<Schema> | null {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  refuse(response, { status: 422, code: 'invalid', detail: path === '' ? (issue?.message ?? 'unreadable') : `${path}: ${issue?.message}`, path });
  return null;
}
