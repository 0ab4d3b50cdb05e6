import { createHash, randomBytes } from 'node:crypto';

const hexByte = (byte: number) => byte.toString(16).padStart(2, '0');

function format(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, hexByte).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A UUIDv7 (RFC 9562): ids sort by the instant they were made at. */
export function newId(at: Date): string {
  const bytes = new Uint8Array(randomBytes(16));
  let millis = at.getTime();
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = millis % 256;
    millis = Math.floor(millis / 256);
  }
  return format(bytes, 7);
}

/** The same parts give the same UUID (version 8, SHA-256): what makes a repeated command, touchpoint or event recognisable. */
export function deterministicId(...parts: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return format(new Uint8Array(digest.subarray(0, 16)), 8);
}
