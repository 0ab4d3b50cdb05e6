import type { z } from 'zod';
import { Rejected } from '#platform';
import { contradictions } from './contradictions.js';
import { shape } from './shape.js';

const schema = shape.superRefine((document, context) => {
  for (const { path, message } of contradictions(document)) context.addIssue({ code: 'custom', path: [...path], message });
});

/** The settings of a clinic: its places, people, rooms, devices, hours and rules of contact. */
export type ClinicDocument = z.output<typeof schema>;
export type StaffMember = ClinicDocument['staff'][number];
export type Location = ClinicDocument['locations'][number];

/** @throws Rejected `invalid_clinic`, naming the faulty field and what is wrong with it. */
export function parseClinic(input: unknown): ClinicDocument {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = first?.path.join('.') ?? '';
  throw new Rejected('invalid_clinic', `The clinic's settings: ${path}: ${first?.message ?? 'cannot be read'}`, { path });
}
