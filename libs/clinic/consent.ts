import { z } from 'zod';

const part = z.string().min(1).max(2_000);
const wording = z.looseObject({ title: z.string().min(1).max(200), text: z.string().min(1).max(20_000), points: z.array(part).min(1).max(40) });

/** A consent document of the clinic's own: for which protocols (patterns of the catalogue), and what it says in each language. */
export const consentDocument = z.looseObject({
  version: z.string().regex(/^[\w.-]{1,40}$/, 'must be letters, digits, dots and dashes'),
  protocols: z.array(z.string()).min(1).default(['*']),
  en: wording,
  es: wording.optional(),
});

export type ConsentDocument = z.output<typeof consentDocument>;
/** What a patient reads, and the points that they acknowledge one by one. */
export type ConsentWording = z.output<typeof wording>;
