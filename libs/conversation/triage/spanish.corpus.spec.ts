import { describe, expect, test } from '@jest/globals';
import { triage, type Urgency } from './index.js';

const peel = 'chemical_peel.superficial';
const mediumPeel = 'chemical_peel.medium';
const co2 = 'laser_ablative.fractional_co2';
const ipl = 'ipl_bbl.standard';
const needling = 'microneedling.cosmetic';
const filler = 'dermal_filler.ha';
const toxin = 'botulinum_toxin.standard';

type Case = readonly [protocolId: string, day: number, text: string, code?: string];

function corpus(urgency: Urgency, cases: readonly Case[]): void {
  test.each(cases)(`${urgency}: %s día %i "%s"`, (...[protocolId, day, text, code]: Case) => {
    const result = triage(text, [{ protocolId, day }]);
    expect(result).toMatchObject({ urgency, optOut: false, language: 'es' });
    if (code !== undefined) expect(result.codes).toContain(code);
  });
}

describe('in Spanish, with and without accents', () => {
  corpus('emergency', [
    [peel, 2, 'no puedo respirar', 'breathing_swallowing_speech'],
    [peel, 2, 'me cuesta mucho tragar', 'breathing_swallowing_speech'],
    [filler, 0, 'veo borroso', 'vision_change'],
    [filler, 0, 'no veo bien con el ojo derecho', 'vision_change'],
    [filler, 0, 'veo doble', 'vision_change'],
    [co2, 3, 'me salieron ronchas y se me cierra la garganta', 'anaphylaxis'],
    [co2, 3, 'tengo la lengua hinchada', 'anaphylaxis'],
    [toxin, 3, 'no puedo mover el brazo', 'stroke_signs'],
    [toxin, 3, 'tengo la boca torcida', 'stroke_signs'],
    [filler, 1, 'la piel se ve blanca y moteada', 'blanching_or_mottling'],
    [filler, 1, 'el dolor está empeorando', 'worsening_pain'],
    [peel, 1, 'me desmayé', 'anaphylaxis'],
    [peel, 1, 'me duele el pecho'],
    [peel, 1, 'me falta el aire', 'breathing_swallowing_speech'],
    [toxin, 10, 'siento debilidad en todo el cuerpo', 'generalised_weakness'],
  ]);

  corpus('urgent', [
    [co2, 4, 'tengo fiebre', 'fever_chills'],
    [co2, 4, 'Tengo calentura de 39', 'fever_chills'],
    [co2, 4, 'sale pus', 'pus_discharge'],
    [co2, 4, 'sin fiebre pero sale pus', 'pus_discharge'],
    [co2, 4, 'sin fiebre y sale pus', 'pus_discharge'],
    [co2, 4, 'no tengo fiebre pero me sale un líquido amarillo', 'pus_discharge'],
    [peel, 3, 'me salieron ampollas', 'blisters'],
    [peel, 3, 'tengo ampollas', 'blisters'],
    [co2, 4, 'está caliente y se extiende', 'spreading_redness'],
    [co2, 4, 'huele mal', 'pus_discharge'],
    [co2, 4, 'la herida no sana y cada vez está peor'],
    [co2, 4, 'me duele muchísimo', 'worsening_pain'],
    [co2, 4, 'dolor insoportable', 'worsening_pain'],
    [co2, 4, 'está más rojo que ayer', 'worsening_redness_after_improving'],
    [mediumPeel, 6, 'no puedo abrir el ojo', 'severe_swelling'],
    [needling, 2, 'se me hinchan los labios muy rápido', 'severe_swelling'],
    [peel, 3, 'creo que está infectado'],
    [peel, 3, 'gracias! pero me sale algo verde', 'pus_discharge'],
    [peel, 3, 'no para de sangrar', 'pinpoint_bleeding'],
    [peel, 3, 'fiebree', 'fever_chills'],
    [peel, 3, 'anpollas en la mejilla', 'blisters'],
    [peel, 3, 'tengo escalofríos', 'fever_chills'],
    [toxin, 5, 'se me cae el párpado', 'eyelid_droop'],
    [co2, 8, 'me salió un fuego en el labio', 'grouped_blisters_or_cold_sore'],
    [peel, 3, 'Sí, tengo fiebre', 'fever_chills'],
    [peel, 3, 'no sé si es pus', 'pus_discharge'],
    [ipl, 2, 'tengo una quemadura', 'burn_mark'],
    [peel, 3, 'necesito ayuda'],
  ]);

  corpus('expected', [
    [peel, 2, 'tengo la cara roja', 'redness'],
    [peel, 4, 'se me está pelando la piel', 'peeling_flaking'],
    [peel, 2, 'está un poco seca y tirante', 'tightness_dryness'],
    [peel, 3, 'me pica un poco', 'itching'],
    [co2, 2, 'un poco hinchada', 'swelling'],
    [co2, 5, 'tengo costritas', 'crusting_scabbing'],
    [co2, 9, 'todavía está rosada', 'pinkness_fading'],
    [co2, 6, 'sigue roja pero cada día menos', 'redness'],
    [peel, 2, 'muchas gracias'],
    [peel, 2, 'todo bien, gracias'],
    [peel, 2, 'Estoy bien'],
    [needling, 1, 'me arde', 'warmth_burning'],
    [ipl, 4, 'las manchas se ven más oscuras', 'darkened_spots'],
  ]);

  corpus('ask', [
    [peel, 3, 'sin fiebre'],
    [peel, 3, 'no tengo fiebre ni pus'],
    [peel, 3, 'no hay ampollas'],
    [peel, 3, '¿qué pasa si me sale una ampolla?', 'blisters'],
    [peel, 3, 'si me sale pus ¿qué hago?', 'pus_discharge'],
    [peel, 3, 'ayer tuve fiebre pero ya se fue', 'fever_chills'],
    [peel, 3, 'ya no tengo fiebre', 'fever_chills'],
    [peel, 3, 'mi hermana tuvo ampollas', 'blisters'],
    [peel, 20, 'me pica la cara', 'itching'],
    [co2, 6, 'tengo la cara roja', 'redness'],
    [peel, 3, 'me duele la cara', 'pain_mild'],
  ]);

  corpus('soon', [
    [peel, 3, '¿puedo usar maquillaje?'],
    [peel, 3, 'estoy embarazada'],
    [peel, 3, 'la comezón no mejora', 'itching'],
    [peel, 3, 'se ve raro'],
    [peel, 3, 'estoy preocupada'],
    [peel, 3, 'soy alérgica a la penicilina'],
    [peel, 3, '¿puedo tomar ibuprofeno?'],
    [peel, 3, 'le mando una foto'],
  ]);

  corpus('administrative', [
    [peel, 3, 'quiero cambiar mi cita'],
    [peel, 3, '¿cuánto cuesta la sesión?'],
    [peel, 3, '¿dónde me estaciono?'],
    [peel, 3, 'voy a llegar tarde a mi cita'],
    [peel, 3, 'quiero cancelar mi cita del viernes'],
  ]);
});

describe('deseos de no recibir mensajes', () => {
  test.each([
    'ALTO',
    'no me manden más mensajes',
    'no quiero más mensajes',
    'dejen de escribirme',
    'por favor no me escriban más',
    'quítenme de la lista',
    'ya no quiero recibir mensajes',
    'déjenme en paz',
    'basta de mensajes',
    'borren mi número',
    'dar de baja',
    'no me envíen nada',
    'paren de mandarme textos',
    'no me molesten',
    'no vuelvan a escribirme',
    'cancelar suscripción',
    'Parar',
    'no quiero más',
    'alto a los mensajes',
    '¿pueden dejar de mandar mensajes?',
    'anular suscripción',
    'dejen de mandar textos',
  ])('"%s"', (text) => {
    expect(triage(text, [{ protocolId: peel, day: 3 }])).toMatchObject({ optOut: true, reply: 'stop.confirmed' });
  });

  test.each([
    'no para de sangrar',
    'cancelar mi cita',
    '¿cuándo dejo de usar la crema?',
    'no me llegó su mensaje',
    'mándenme un mensaje',
    'la comezón no para',
  ])('no "%s"', (text) => {
    expect(triage(text, [{ protocolId: peel, day: 3 }]).optOut).toBe(false);
  });

  test('vale junto a un síntoma', () => {
    expect(triage('no me manden más mensajes, me sale pus', [{ protocolId: peel, day: 3 }])).toMatchObject({ optOut: true, urgency: 'urgent' });
  });
});
