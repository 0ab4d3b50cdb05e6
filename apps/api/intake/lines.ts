import { Rejected } from '#platform';
import type { Incoming } from './intake.js';

const maxLineBytes = 256 * 1024;
const newline = 0x0a;
const decoder = new TextDecoder('utf-8', { fatal: true });

function parseLine(index: number, bytes: Buffer): Incoming {
  const lossy = () => bytes.toString('utf8');
  try {
    const raw = decoder.decode(bytes);
    try {
      return { index, value: JSON.parse(raw) as unknown, raw };
    } catch {
      return { index, raw, unreadable: new Rejected('invalid_json', 'the line is not JSON', { path: '' }) };
    }
  } catch {
    return { index, raw: lossy(), unreadable: new Rejected('invalid_utf8', 'the line is not UTF-8', { path: '' }) };
  }
}

const isBlank = (bytes: Buffer) => bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

/**
 * Splits a stream into events, one a line. Blank lines are not counted; a line over 256 KiB is refused alone and never held
 * whole in memory: only its beginning is kept, for the quarantine.
 */
export async function* readLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Incoming> {
  let index = 0;
  let parts: Buffer[] = [];
  let size = 0;
  const finish = (): Incoming | null => {
    const [line, whole] = [Buffer.concat(parts), size <= maxLineBytes];
    [parts, size] = [[], 0];
    if (isBlank(line)) return null;
    index += 1;
    if (whole) return parseLine(index - 1, line);
    return { index: index - 1, raw: line.toString('utf8'), unreadable: new Rejected('line_too_long', 'the line is longer than 256 KiB', { path: '' }) };
  };
  let first = true;
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk);
    if (first && rest.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) rest = rest.subarray(3);
    first = false;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      collect(rest.subarray(0, end));
      const line = finish();
      if (line !== null) yield line;
      rest = rest.subarray(end + 1);
    }
    collect(rest);
  }
  const last = finish();
  if (last !== null) yield last;

  function collect(piece: Buffer): void {
    if (size <= maxLineBytes) parts.push(piece.subarray(0, maxLineBytes + 1 - size));
    size += piece.length;
  }
}
