/*
 * A telephone writes into a photo where it was taken, when and by whom. A clinic needs the skin and not the home: only what
 * draws the picture is kept, and which side of it is up.
 */
import type { Photo } from './photos.js';

const exif = Buffer.from('Exif\0\0', 'latin1');
const colours = Buffer.from('ICC_PROFILE\0', 'latin1');

/** Exif's word on which side is up, from 1 to 8; null where it has none. `tiff` begins with the byte order. */
function orientationIn(tiff: Buffer): number | null {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < short(directory); entry += 1) {
    const at = directory + 2 + entry * 12;
    if (short(at) === 0x0112) return short(at + 8);
  }
  return null;
}

/** A segment that says which side is up and nothing else: one entry of one directory. */
function uprightSegment(orientation: number): Buffer {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0];
  return Buffer.concat([Buffer.from([0xff, 0xe1, 0, 2 + exif.length + tiff.length]), exif, Buffer.from(tiff)]);
}

/** JFIF, colour profile and Adobe's transform draw the picture; other application segments and comments only tell of it. */
function draws(marker: number, content: Buffer): boolean {
  if (marker === 0xe2) return content.subarray(0, colours.length).equals(colours);
  return marker === 0xe0 || marker === 0xee || marker < 0xe0 || (marker > 0xef && marker !== 0xfe);
}

/** Where the coded picture after a scan's header ends: at the next marker that is neither stuffing nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

function bareJpeg(bytes: Buffer): Buffer {
  const kept: Buffer[] = [];
  let at = 2;
  let orientation = 1;
  while (bytes[at + 1] !== 0xd9) {
    const marker = bytes[at + 1] ?? 0;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (bytes[at] !== 0xff || end > bytes.length) throw new Error('a segment begins or ends where there is none');
    const content = bytes.subarray(at + 4, end);
    if (marker === 0xe1 && content.subarray(0, exif.length).equals(exif)) orientation = orientationIn(content.subarray(exif.length)) ?? orientation;
    const whole = marker === 0xda ? endOfScan(bytes, end) : end;
    if (draws(marker, content)) kept.push(bytes.subarray(at, whole));
    at = whole;
  }
  const upright = orientation > 1 && orientation <= 8 ? [uprightSegment(orientation)] : [];
  return Buffer.concat([bytes.subarray(0, 2), ...upright, ...kept, Buffer.from([0xff, 0xd9])]);
}

const telling: Readonly<Record<'image/png' | 'image/webp', ReadonlySet<string>>> = {
  'image/png': new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']),
  'image/webp': new Set(['EXIF', 'XMP ']),
};

function barePng(bytes: Buffer): Buffer {
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8, name = ''; name !== 'IEND';) {
    const end = at + 12 + bytes.readUInt32BE(at);
    name = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length) throw new Error('a chunk is cut off');
    if (!telling['image/png'].has(name)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

function bareWebp(bytes: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let at = 12; at < bytes.length;) {
    const size = bytes.readUInt32LE(at + 4);
    const end = at + 8 + size + (size % 2);
    const name = bytes.toString('latin1', at, at + 4);
    if (end > bytes.length) throw new Error('a chunk is cut off');
    const chunk = Buffer.from(bytes.subarray(at, end));
    // The extended header says that Exif and XMP follow.
    if (name === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~0x0c;
    if (!telling['image/webp'].has(name)) kept.push(chunk);
    at = end;
  }
  const body = Buffer.concat(kept);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

const bare = { 'image/jpeg': bareJpeg, 'image/png': barePng, 'image/webp': bareWebp } as const;

/** The photo without what tells of its maker. One that is built otherwise than its format says is kept as it came: it may still show the skin. */
export function withoutMetadata({ type, bytes }: Photo): Photo {
  try {
    return { type, bytes: bare[type](Buffer.from(bytes)) };
  } catch {
    return { type, bytes };
  }
}
