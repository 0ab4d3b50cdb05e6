import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvOf } from './insight-csv.js';

/** A reader of RFC 4180, written from its grammar. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length;) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(text.slice(at));
    const bare = /^[^",\r\n]*/.exec(text.slice(at))?.[0] ?? '';
    row.push(quoted === null ? bare : (quoted[1] ?? '').replaceAll('""', '"'));
    at += quoted?.[0].length ?? bare.length;
    if (text[at] === ',') {
      at += 1;
      continue;
    }
    expect(text.slice(at, at + 2)).toBe('\r\n');
    at += 2;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('a table for spreadsheets', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['a=1', 'a=1'],
    ['say "no", twice', '"say ""no"", twice"'],
  ])('has %j as %j', (text, cell) => expect(csvOf([[text]])).toBe(`${cell}\r\n`));

  test('leaves numbers numbers, a negative one too, and nothing empty', () => expect(csvOf([[-1, 0.25, null]])).toBe('-1,0.25,\r\n'));

  test('reads back as it was written, and no cell of it is a formula', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '"', ',', '\r', '\n', '\t', "'", 'a') }));
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 1 })), (rows) => {
        const read = parse(csvOf(rows));
        expect(read.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, '')))).toEqual(
          rows.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, ''))),
        );
        for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});
