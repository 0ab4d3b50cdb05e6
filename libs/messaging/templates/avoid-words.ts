import type { Language } from './text.js';

/** What a patient should leave off, in words. */
export const avoidWords: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    topical_retinoid: 'retinol creams',
    aha_bha: 'acid peels and scrubs',
    otc_nsaid: 'over-the-counter ibuprofen or aspirin',
    alcohol: 'alcohol',
    st_johns_wort: "St John's wort",
    topical_antibiotic: 'skin antibiotics',
    photosensitising_antibiotic: 'light-sensitising products',
    sun: 'sun and tanning',
  },
  es: {
    topical_retinoid: 'cremas con retinol',
    aha_bha: 'exfoliantes y ácidos',
    otc_nsaid: 'ibuprofeno o aspirina sin receta',
    alcohol: 'alcohol',
    st_johns_wort: 'hierba de San Juan',
    topical_antibiotic: 'antibióticos en la piel',
    photosensitising_antibiotic: 'productos que sensibilizan a la luz',
    sun: 'el sol y el bronceado',
  },
};
