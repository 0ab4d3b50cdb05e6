import type { Chance } from '../simulate/chance.js';

export interface PersonOfSeed {
  readonly person: {
    readonly givenName: string;
    readonly familyName: string;
    readonly birthDate: string;
    readonly phone: string;
    readonly email: string;
    readonly language: 'en' | 'es';
    readonly timeZone: string;
  };
  readonly allergies: readonly string[];
  readonly concern: string;
  readonly fitzpatrick: 'I' | 'II' | 'III' | 'IV';
}

const givenNames = (
  'Ada Aisha Alba Ana Anouk Beatriz Bela Carmen Chiara Dalia Dana Diego Elif Emil Esme Fatima Felix Gloria Hana Ida Ines Ivo Jade Joao Jules ' +
  'Karim Kofi Lea Leila Lina Luca Maja Malik Mara Mateo Maya Mei Mira Nadia Nico Nina Oren Paola Pia Rafael Rita Rosa Ruben Sara Selma Simon Sofia ' +
  'Tara Tess Theo Uma Vera Yara Yusuf Zoe'
).split(' ');
const familyNames = (
  'Abadi Acosta Alvarez Amari Bauer Becker Bianchi Castro Chen Cole Costa Cruz Dahl Diaz Dubois Ekberg Farah Fischer Flores Garcia Gomez Haas ' +
  'Hassan Horvat Ibarra Jansen Joshi Kaya Kim Klein Kovac Lang Lima Lopez Marin Mendes Meyer Molina Moreau Nair Nilsen Ortiz Pavlov Perez Popov ' +
  'Ramos Reyes Rivera Roth Ruiz Sato Schulz Singh Soto Stern Suarez Torres Vega Weber Wolf Yilmaz Zhang'
).split(' ');
const concerns = ['acne scars', 'dullness', 'fine lines', 'melasma', 'redness', 'sun damage', 'uneven texture'];
const allergies = ['latex', 'lidocaine', 'adhesive tape'];
/** Skins that every kind of work of the seeded clinic may treat: broad-band light may not treat the darkest. */
const skins = ['I', 'II', 'III', 'IV'] as const;

/** First area code that is tried; nothing from 555-0100 to 555-0199 is anybody's, in any of them. */
const firstAreaCode = 201;
const areaCodes = 789;
const numbersAnArea = 100;

/** A number that is kept for stories and rings nowhere, another one for each of the first 78,900 patients. */
export const phoneOf = (number: number): string =>
  `+1${firstAreaCode + (Math.floor(number / numbersAnArea) % areaCodes)}55501${String(number % numbersAnArea).padStart(2, '0')}`;

/** Who a patient is. */
export function personOf(number: number, chance: Chance): PersonOfSeed {
  const [givenName, familyName] = [chance.pick('given', givenNames), chance.pick('family', familyNames)];
  const [year, month, day] = [chance.whole('year', 1950, 2004), chance.whole('month', 1, 12), chance.whole('day', 1, 28)];
  return {
    person: {
      givenName,
      familyName,
      birthDate: `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
      phone: phoneOf(number),
      email: `${givenName}.${familyName}.${number}@example.com`.toLowerCase(),
      language: chance.happens('spanish', 0.15) ? 'es' : 'en',
      timeZone: 'America/New_York',
    },
    allergies: chance.happens('allergic', 0.1) ? [chance.pick('allergy', allergies)] : [],
    concern: chance.pick('concern', concerns),
    fitzpatrick: chance.pick('skin', skins),
  };
}
