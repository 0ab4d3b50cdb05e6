import { SegmentedMessage } from 'sms-segments-calculator';

const folds: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
  á: 'a',
  í: 'i',
  ó: 'o',
  ú: 'u',
  Á: 'A',
  Í: 'I',
  Ó: 'O',
  Ú: 'U',
};

/** Spelling that stays within GSM-7: one accent outside it halves the room of a message. é, ñ, ¿ and ü are inside. */
export const foldToGsm = (text: string): string => text.replace(/[‘’“”–—…\u00a0áíóúÁÍÓÚ]/g, (sign) => folds[sign] ?? sign);

/** Segments as carriers count them, and the encoding that decides it. */
export function segmentsOf(text: string): { segments: number; encoding: string } {
  const message = new SegmentedMessage(text);
  return { segments: message.segmentsCount, encoding: message.getEncodingName() };
}
