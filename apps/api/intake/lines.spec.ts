import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Incoming, readBatch, readLines, readOne } from './lines.js';
import { requireStorable } from './storable.js';

async function* chunks(bytes: Uint8Array, sizes: readonly number[]) {
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
  yield bytes.subarray(from);
}

async function read(bytes: Uint8Array | string, sizes: readonly number[] = []): Promise<Incoming[]> {
  const incoming: Incoming[] = [];
  for await (const one of readLines(chunks(Buffer.from(bytes), sizes))) incoming.push(one);
  return incoming;
}

const seen = (incoming: readonly Incoming[]) => incoming.map((one) => [one.index, 'unreadable' in one ? one.unreadable.code : one.value]);

describe('a stream of lines', () => {
  test('counts from 0 without blank lines, with any end of line and none at the end', async () => {
    expect(seen(await read('\ufeff\n{"a":1}\r\n \t\r\n\n{"half\n[2]'))).toEqual([
      [0, { a: 1 }],
      [1, 'invalid_json'],
      [2, [2]],
    ]);
    expect(await read('')).toEqual([]);
    expect(await read('\n \r\n')).toEqual([]);
  });

  test('a line that is not UTF-8 is refused alone', async () => {
    const bytes = Buffer.concat([Buffer.from('1\n"'), Buffer.from([0xff]), Buffer.from('"\n2\n')]);
    expect(seen(await read(bytes))).toEqual([
      [0, 1],
      [1, 'invalid_utf8'],
      [2, 2],
    ]);
  });

  test('a line over 256 KiB is refused alone, at the limit it is not', async () => {
    const limit = 256 * 1024;
    const line = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
    expect(seen(await read(`${line(limit + 1)}\n${line(limit)}\n3`, [100, 70_000])).map(([index, value]) => [index, String(value).slice(0, 13)])).toEqual([
      [0, 'line_too_long'],
      [1, 'xxxxxxxxxxxxx'],
      [2, '3'],
    ]);
    expect((await read(line(5_000_000)))[0]?.raw).toHaveLength(limit + 1);
  });

  test('how it is cut into chunks changes nothing', async () => {
    const text = '\ufeff{"name":"Lucía"}\r\n\n[1,2]\nnot json\n{"emoji":"🙂"}\n';
    const whole = seen(await read(text));
    await fc.assert(fc.asyncProperty(fc.array(fc.nat({ max: 7 }), { maxLength: 40 }), async (sizes) => expect(seen(await read(text, sizes))).toEqual(whole)));
  });
});

describe('other bodies', () => {
  test('a batch is taken whole or, when it cannot be read, not at all', () => {
    expect(seen(readBatch(Buffer.from('[{"a":1},null,3]')))).toEqual([
      [0, { a: 1 }],
      [1, null],
      [2, 3],
    ]);
    for (const body of ['{"a":1}', '[1,', '']) expect(() => readBatch(Buffer.from(body))).toThrow(expect.objectContaining({ details: { status: 400 } }));
    expect(() => readBatch(Buffer.from([0x5b, 0xff, 0x5d]))).toThrow(/UTF-8/);
  });

  test('a single body that cannot be read says so', () => {
    expect(readOne(Buffer.from('{"half'))).toMatchObject({ unreadable: { code: 'invalid_json' } });
  });
});

describe('what can be kept', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

  test.each([
    ['a zero character', { a: ['x\0'] }],
    ['half a character', { a: 'x\ud800' }],
    ['a field name with half a character', { '\udc00': 1 }],
    ['nesting without end', nested(100_000)],
  ])('%s cannot', (_what, value) => expect(() => requireStorable(value)).toThrow(expect.objectContaining({ code: 'unstorable' })));

  test('ordinary data, whole characters outside the first plane and a field called __proto__ can', () => {
    expect(() => requireStorable([nested(20), { a: '🙂', b: null, c: 1.5 }, JSON.parse('{"__proto__":{"x":1}}')])).not.toThrow();
  });
});
