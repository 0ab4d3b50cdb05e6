import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutMetadata } from './photo-metadata.js';

const home = Buffer.from('GPS 40.7420 N 73.9920 W, Ana Ruiz', 'latin1');
const text = (written: string) => Buffer.from(written, 'latin1');
const number = (value: number, bytes: 2 | 4, little = false) => {
  const made = Buffer.alloc(bytes);
  if (little) made.writeUIntLE(value, 0, bytes);
  else made.writeUIntBE(value, 0, bytes);
  return made;
};

const segment = (marker: number, content: Buffer) => Buffer.concat([Buffer.from([0xff, marker]), number(content.length + 2, 2), content]);
const soi = Buffer.from([0xff, 0xd8]);
const eoi = Buffer.from([0xff, 0xd9]);
const jfif = segment(0xe0, text('JFIF\0\x01\x02\0\0\x01\0\x01\0\0'));
/** A coded picture with stuffed bytes, a restart, and a second scan with tables before it, as progressive ones have. */
const tables = segment(0xc4, Buffer.from([0, 0xff, 0xd9, 7]));
const scan = Buffer.concat([segment(0xda, Buffer.from([1, 1, 0, 0, 0x3f, 0])), Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd3, 4])]);
const picture = Buffer.concat([tables, scan, tables, scan]);
const exifOf = (orientation: number, little: boolean) => {
  const short = (value: number) => number(value, 2, little);
  const long = (value: number) => number(value, 4, little);
  const entry = Buffer.concat([short(0x0112), short(3), long(1), short(orientation), short(0)]);
  return segment(0xe1, Buffer.concat([text('Exif\0\0'), text(little ? 'II' : 'MM'), short(42), long(8), short(1), entry, long(0), home]));
};
const jpeg = (...parts: Buffer[]) => Buffer.concat([soi, ...parts, picture, eoi]);
const stripped = (type: 'image/jpeg' | 'image/png' | 'image/webp', bytes: Buffer) => Buffer.from(withoutMetadata({ type, bytes }).bytes);

describe('a JPEG', () => {
  const profile = segment(0xe2, text('ICC_PROFILE\0\x01\x01colours'));

  test('loses where it was taken, notes, thumbnails and what follows its end; it keeps what draws it', () => {
    const notes = [segment(0xe1, Buffer.concat([text('http://ns.adobe.com/xap/1.0/\0'), home])), segment(0xed, home), segment(0xfe, home), segment(0xe2, home)];
    const taken = Buffer.concat([jpeg(jfif, exifOf(1, true), ...notes, profile), home]);
    expect(stripped('image/jpeg', taken)).toEqual(jpeg(jfif, profile));
  });

  test.each([
    [6, true],
    [8, false],
    [3, true],
  ])('still says which side is up (%d, little-endian %s)', (orientation, little) => {
    const kept = stripped('image/jpeg', jpeg(exifOf(orientation, little)));
    expect(kept.includes(home)).toBe(false);
    const at = kept.indexOf(Buffer.from([0x01, 0x12, 0, 3]));
    expect([kept.readUInt16BE(at + 8), kept.subarray(-picture.length - 2)]).toEqual([orientation, Buffer.concat([picture, eoi])]);
    expect(stripped('image/jpeg', kept)).toEqual(kept);
  });
});

test('a PNG loses its texts and keeps its picture', () => {
  const chunk = (name: string, content: Buffer) => Buffer.concat([number(content.length, 4), text(name), content, number(0, 4)]);
  const png = (...chunks: Buffer[]) => Buffer.concat([text('\x89PNG\r\n\x1a\n'), ...chunks]);
  const [header, data, end] = [chunk('IHDR', Buffer.alloc(13, 1)), chunk('IDAT', Buffer.from([1, 2, 3])), chunk('IEND', Buffer.alloc(0))];
  const told = ['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME'].map((name) => chunk(name, home));
  expect(stripped('image/png', Buffer.concat([png(header, ...told, data, end), home]))).toEqual(png(header, data, end));
});

test('a WebP loses Exif and XMP, says so in its header, and has its size again', () => {
  const chunk = (name: string, content: Buffer) => Buffer.concat([text(name), number(content.length, 4, true), content, Buffer.alloc(content.length % 2)]);
  const webp = (...chunks: Buffer[]) => Buffer.concat([text('RIFF'), number(Buffer.concat(chunks).length + 4, 4, true), text('WEBP'), ...chunks]);
  const header = (flags: number) => chunk('VP8X', Buffer.concat([Buffer.from([flags]), Buffer.alloc(9)]));
  const data = chunk('VP8 ', Buffer.from([1, 2, 3]));
  const told = webp(header(0x1c), data, chunk('EXIF', home), chunk('XMP ', home));
  expect(stripped('image/webp', told)).toEqual(webp(header(0x10), data));
});

test('bytes that only begin like a photo are kept as they came, and nothing runs on for ever', () => {
  const types = fc.constantFrom('image/jpeg' as const, 'image/png' as const, 'image/webp' as const);
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 200 }), (type, bytes) => {
      const begun = Buffer.concat([{ 'image/jpeg': soi, 'image/png': text('\x89PNG\r\n\x1a\n'), 'image/webp': text('RIFF\0\0\0\0WEBP') }[type], bytes]);
      expect(stripped(type, begun).length).toBeLessThanOrEqual(begun.length + 40);
    }),
    { numRuns: 500 },
  );
});
