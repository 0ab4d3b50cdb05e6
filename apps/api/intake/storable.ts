import { Rejected } from '#platform';

const deepest = 32;
const unstorable = (message: string) => new Rejected('unstorable', message, { path: '' });

// U+0000 and half surrogate pairs are text in JSON but not in Postgres.
const isText = (value: string) => !value.includes('\0') && !/\p{Surrogate}/u.test(value);

/**
 * What parses as JSON may still be impossible to keep: text that no database holds, nesting that would exhaust a stack. Without
 * recursion, so that nesting cannot exhaust this one either.
 * @throws Rejected `unstorable`.
 */
export function requireStorable(input: unknown): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: input, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !isText(value)) throw unstorable('the event has text with a zero character or half a character');
    if (typeof value !== 'object' || value === null) continue;
    if (depth === deepest) throw unstorable(`the event is nested more than ${deepest} levels deep`);
    for (const [key, inner] of Object.entries(value)) {
      if (!isText(key)) throw unstorable('the event has a field name with a zero character or half a character');
      open.push({ value: inner, depth: depth + 1 });
    }
  }
}
