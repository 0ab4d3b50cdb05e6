/*
 * Who may perform what (invariant 4): a certification names the protocol, and a licence of the location's state covers what the
 * catalogue requires of the provider. Kinds of licence that are not known cover aesthetic procedures only.
 */
import { entry, matchesAny } from '#protocols';
import type { StaffMember } from './document.js';

/** Who the catalogue says a provider must be. */
type Requirement = 'anyone_licensed' | 'medical_professional' | 'physician';

const physicians = ['MD', 'DO'];
const medicalProfessionals = [...physicians, 'NP', 'APRN', 'FNP', 'PA', 'PA-C', 'RN'];

/**
 * The catalogue says it in words: "physician", "aesthetician or higher" or nothing, and else names medical professionals
 * ("MD/PA/NP or RN under supervision", "medical procedure in NY").
 */
function requirementOf(protocolId: string): Requirement {
  const words = entry(protocolId).provider_requirement.value;
  if (words === null || /^aesthetician or higher/i.test(words)) return 'anyone_licensed';
  return /^physician/i.test(words) ? 'physician' : 'medical_professional';
}

const covers: { readonly [R in Requirement]: (kind: string) => boolean } = {
  anyone_licensed: () => true,
  medical_professional: (kind) => medicalProfessionals.includes(kind),
  physician: (kind) => physicians.includes(kind),
};

const latest = (days: readonly string[]): string | null => [...days].sort().at(-1) ?? null;

/** The last day on which this person may perform the protocol in a state: the earlier of certification and licence; null for never. */
export function validUntil(person: StaffMember, protocolId: string, state: string): string | null {
  const isCovered = covers[requirementOf(protocolId)];
  const certificate = latest(person.certifications.filter(({ protocols }) => matchesAny(protocolId, protocols)).map(({ until }) => until));
  const licence = latest(person.licences.filter(({ kind, state: of }) => of === state && isCovered(kind.toUpperCase())).map(({ until }) => until));
  if (certificate === null || licence === null) return null;
  return certificate < licence ? certificate : licence;
}
