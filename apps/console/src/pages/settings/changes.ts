import { plain } from '../../words.js';

/** One thing that saving would change, in words. */
export interface Change {
  readonly where: string;
  readonly from: string;
  readonly to: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const named = (item: unknown): string | null => (isRecord(item) && typeof item['id'] === 'string' ? item['id'] : null);
const calledBy = (item: unknown): string | null => (isRecord(item) && typeof item['name'] === 'string' && item['name'] !== '' ? item['name'] : named(item));
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function wordsOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(wordsOf).join(', ');
  if (isRecord(value)) return Object.values(value).map(wordsOf).join(' ');
  return String(value);
}

/** What differs between two settings: things with an id are compared by it, others by their place. */
export function changesBetween(before: unknown, after: unknown, path: readonly string[] = []): readonly Change[] {
  if (same(before, after)) return [];
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every((item) => named(item) !== null)) {
    const find = (list: readonly unknown[], id: string) => list.find((item) => named(item) === id);
    const ids = [...new Set([...before, ...after].map(named))].filter((id) => id !== null);
    return ids.flatMap((id) => changesBetween(find(before, id), find(after, id), [...path, calledBy(find(after, id) ?? find(before, id)) ?? id]));
  }
  return [{ where: path.map(plain).join(', '), from: wordsOf(before), to: wordsOf(after) }];
}
