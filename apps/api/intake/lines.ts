import { Rejected } from '#platform';

/** One thing that was sent, with its bytes: parsed JSON, or the reason why it could not even be read. */
export type Incoming = { readonly index: number; readonly raw: string | Uint8Array } & ({ readonly value: unknown } | { readonly unreadable: Rejected });

const maxLineBytes = 256 * 1024;
const newline = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const decoder = new TextDecoder('utf-8', { fatal: true });
const spaces = [0x20, 0x09, 0x0d];

const isBlank = (bytes: Uint8Array) => bytes.every((byte) => spaces.includes(byte));

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function parse(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function readEvent(index: number, bytes: Uint8Array): Incoming {
  const text = decode(bytes);
  if (text === null) return { index, raw: bytes, unreadable: new Rejected('invalid_utf8', 'what was sent is not UTF-8', { path: '' }) };
  const parsed = parse(text);
  if (parsed === null) return { index, raw: text, unreadable: new Rejected('invalid_json', 'what was sent is not JSON', { path: '' }) };
  return { index, raw: text, ...parsed };
}

/** A body that is one event. */
export const readOne = (body: Uint8Array): Incoming => readEvent(0, body);

/**
 * A body that is a list of events.
 * @throws Rejected `invalid_utf8`, `invalid_json` or `not_a_batch`, 400: then nothing of it is taken.
 */
export function readBatch(body: Uint8Array): Incoming[] {
  const whole = readEvent(0, body);
  if ('unreadable' in whole) throw new Rejected(whole.unreadable.code, whole.unreadable.message, { status: 400 });
  if (!Array.isArray(whole.value)) throw new Rejected('not_a_batch', 'a batch is a JSON list of events', { status: 400 });
  return whole.value.map((value: unknown, index) => ({ index, value, raw: textOf(value) }));
}

/** JSON again. Nesting that parses may still be too deep to be written. */
export function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** The line that is being read: never more of it than its limit is held. */
class Line {
  #parts: Uint8Array[] = [];
  #size = 0;

  add(piece: Uint8Array): void {
    if (this.#size <= maxLineBytes && piece.length > 0) this.#parts.push(Uint8Array.from(piece.subarray(0, maxLineBytes + 1 - this.#size)));
    this.#size += piece.length;
  }

  /** What the line was, or null when it was blank; then the next one begins. */
  end(index: number): Incoming | null {
    const [bytes, size] = [Buffer.concat(this.#parts), this.#size];
    [this.#parts, this.#size] = [[], 0];
    if (size > maxLineBytes) return { index, raw: bytes, unreadable: new Rejected('line_too_long', 'the line is longer than 256 KiB', { path: '' }) };
    return isBlank(bytes) ? null : readEvent(index, bytes);
  }
}

/**
 * Splits a stream into events, one a line, counted from 0. Blank lines are not counted; a line over 256 KiB is refused alone
 * and never held whole: its beginning is kept for the quarantine. A line that is not UTF-8 is refused alone.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Incoming> {
  const line = new Line();
  let index = 0;
  for await (const chunk of withoutMark(chunks)) {
    let rest = chunk;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      line.add(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const incoming = line.end(index);
      if (incoming === null) continue;
      index += 1;
      yield incoming;
    }
    line.add(rest);
  }
  const last = line.end(index);
  if (last !== null) yield last;
}

/** The stream without the byte order mark that some editors put before it, however it is cut into chunks. */
async function* withoutMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < byteOrderMark.length) continue;
    yield head.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? head.subarray(byteOrderMark.length) : head;
    head = null;
  }
  if (head !== null) yield head;
}
