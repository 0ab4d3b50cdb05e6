import type { Variables } from './render.js';
import type { Language } from './text.js';

/** The longest that real values get: a text that fits with these fits with all. */
const longest = { phone: '+18385550100', place: 'Upper West Side', link: 'https://care.clinic.example/p/abcdefghijklmnopqrstuvwxyz0123456789abcdefg' } as const;

const spoken: Readonly<Record<Language, Variables>> = {
  en: {
    date: 'Wednesday, September 30',
    time: '10:30 AM',
    until: 'Wed, Sep 30, 10:30 AM',
    avoid: ['retinol creams', 'acid peels and scrubs', 'sun and tanning'],
    visits: ['Wednesday, September 30, 10:30 AM', 'Wednesday, October 28, 10:30 AM', 'Wednesday, November 25, 10:30 AM'],
    urgency: 'emergency',
    text: 'Please come ten minutes early, and bring the sheet that we gave you.',
    total: '$1,450.00',
    deposit: '$200.00',
    care: ['Gentle cleanser, bland moisturiser, SPF 30+, no sun.', 'Do not pick, scrub, wax or use depilatories.'],
    arrival: ['Second floor, ring at the blue door.', 'Parking is behind the house.'],
  },
  es: {
    date: 'miércoles, 30 de septiembre',
    time: '10:30 a. m.',
    until: 'mié, 30 sept, 10:30 a. m.',
    avoid: ['cremas con retinol', 'exfoliantes y ácidos', 'el sol y el bronceado'],
    visits: ['miércoles, 30 de septiembre, 10:30 a. m.', 'miércoles, 28 de octubre, 10:30 a. m.', 'miércoles, 25 de noviembre, 10:30 a. m.'],
    urgency: 'emergency',
    text: 'Por favor venga diez minutos antes y traiga la hoja que le dimos.',
    total: '$1,450.00',
    deposit: '$200.00',
    care: ['Limpiador suave, crema hidratante sencilla, FPS 30+, nada de sol.', 'No se rasque, no exfolie ni depile la piel.'],
    arrival: ['Segundo piso, llame a la puerta azul.', 'El estacionamiento está detrás de la casa.'],
  },
};
const shortDates: Readonly<Record<Language, Variables>> = { en: { date: 'Wed, Sep 30' }, es: { date: 'mié, 30 sept' } };

/** Values for a preview and for counting segments; `clinic`: whose texts they are. */
export const sampleFor = (language: Language, channel: 'sms' | 'email', clinic = 'Afterglow Skin Studio'): Variables => ({
  clinic,
  ...longest,
  ...spoken[language],
  ...(channel === 'sms' ? shortDates[language] : {}),
});
