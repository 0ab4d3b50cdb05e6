import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type JsonObject, projectRoot, Rejected } from '#platform';
import { EventReader } from './envelope.js';

const reader = new EventReader({ now: () => new Date('2026-11-23T14:00:00Z') });
const known = { providers: new Set(['dr-okafor', 'np-reyes', 'ae-lindqvist']), locations: new Set(['nyc', 'westport']) };
const sample = readFileSync(join(projectRoot, 'test/fixtures/consultations.ndjson'), 'utf8')
  .split('\n')
  .flatMap((line): JsonObject[] => {
    try {
      return [JSON.parse(line) as JsonObject];
    } catch {
      return [];
    }
  });

/** Puts something else where a path of the event leads; the last step may be new. */
function changed(value: unknown, path: readonly string[], put: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return put;
  const inner: unknown = Reflect.get(value, step);
  const next = rest.length === 0 ? put : changed(inner, rest, put);
  return Array.isArray(value)
    ? value.map((one: unknown, index) => (String(index) === step ? next : one))
    : Object.fromEntries([...Object.entries(value), [step, next]]);
}

function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsOf(inner).map((path) => [key, ...path])]);
}

describe('reading an event', () => {
  test('gives an event or a refusal that says why, whatever stands anywhere in it', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', 'constructor', '', -1, 1e308, null, [], {}, '2026-02-30', '\0'));
    const mutation = fc
      .constantFrom(...sample)
      .chain((event) => fc.tuple(fc.constant(event), fc.constantFrom(...pathsOf(event), ['data', '__proto__'], ['data', 'constructor']), anything));
    fc.assert(
      fc.property(mutation, ([event, path, put]) => {
        try {
          const read = reader.read(changed(event, path, put), known);
          expect(read.event.occurredAt.getTime()).not.toBeNaN();
          expect(JSON.stringify({ ...read.event.data, ...read.event.personal })).toContain('patientId');
        } catch (error) {
          if (!(error instanceof Rejected)) throw error;
          expect(error.code).toMatch(/^[a-z_]+$/);
          expect(error.message).not.toBe('');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('leaves nothing of the person or the body in the open part', () => {
    const open = sample.flatMap((event) => {
      try {
        return [Object.keys(reader.read(event, known).event.data)];
      } catch {
        return [];
      }
    });
    expect([...new Set(open.flat())].sort()).toEqual([
      'channel',
      'consultationId',
      'decision',
      'documentVersion',
      'granted',
      'items',
      'locationId',
      'method',
      'patientId',
      'planId',
      'providerId',
      'questionId',
      'recordedOn',
      'scope',
      'signedAt',
    ]);
  });
});
