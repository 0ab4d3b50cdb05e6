import { isProtocol } from './catalogue.js';

const injectables = ['botulinum_toxin', 'dermal_filler'];

/** The technique of a protocol id: `laser_ablative` of `laser_ablative.fractional_co2`. */
export const techniqueOf = (protocolId: string): string => protocolId.split('.')[0] ?? protocolId;

/**
 * Does a catalogue or clinic pattern name this protocol? A bare technique names all its intensities, `laser*` every laser
 * technique, `laser_therapy.vascular` both vascular ones, `any skin treatment` all but injectables.
 */
export function matches(protocolId: string, pattern: string): boolean {
  if (pattern === '*' || pattern === protocolId) return true;
  if (pattern === 'any skin treatment') return isProtocol(protocolId) && !injectables.includes(techniqueOf(protocolId));
  if (pattern.endsWith('*')) return protocolId.startsWith(pattern.slice(0, -1));
  if (pattern.includes('.')) return protocolId.startsWith(`${pattern}_`);
  return techniqueOf(protocolId) === pattern;
}

export const matchesAny = (protocolId: string, patterns: readonly string[]): boolean => patterns.some((pattern) => matches(protocolId, pattern));
