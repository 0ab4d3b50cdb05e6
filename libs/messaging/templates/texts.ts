/*
 * What Afterglow says, in both languages: en.ts and es.ts. The medical director approved these as version 1; a clinic may
 * approve versions of its own, and nothing else is ever sent (invariant 10). An SMS names no person, procedure or result
 * (invariant 11), and asks for digits, never for a word that carriers take as a keyword.
 */
import { english } from './en.js';
import { spanish } from './es.js';
import type { Language, Text } from './text.js';

export type TemplateKey = keyof typeof english;
export const templateKeys = Object.keys(english) as [TemplateKey, ...TemplateKey[]];
export const languages = ['en', 'es'] as const satisfies readonly Language[];

export const texts: Readonly<Record<Language, Readonly<Record<TemplateKey, Text>>>> = { en: english, es: spanish };

/** One version of a touchpoint's text in one language. */
export interface Wording extends Text {
  readonly key: TemplateKey;
  readonly language: Language;
  readonly version: number;
}

export const shippedVersion = 1;

/** The text that comes with the product. */
export const shipped = (key: TemplateKey, language: Language): Wording => ({ key, language, version: shippedVersion, ...texts[language][key] });
