import type { WordClasses } from '../phrases.js';

/** Groups of words that phrases name with `#`. Written without accents and apostrophes, English and Spanish. */
export const classes: WordClasses = {
  fluid: 'goo gooey stuff discharge liquid fluid fluids gunk ooze oozing drainage secretion matter slime goop crud',
  dirtyColour: 'yellow yellowish green greenish brown brownish greeny yellowy honey golden amber',
  pusColour: 'yellow yellowish green greenish yellowy honey golden amber',
  skin: 'skin face cheek cheeks chin forehead nose jaw jawline neck chest lip lips area spot spots treated temple temples eyelid eyelids mouth',
  eye: 'eye eyes eyelid eyelids',
  very: 'very really super so extremely incredibly insanely crazy mega hella freaking fucking damn too sooo',
  worse: 'worse worsening worsened worsens increasing intensifying escalating',
  bad: 'severe severely unbearable excruciating extreme intense intensely terrible terribly horrible horribly awful agonizing insane worst bad badly',
  get: 'get gets getting got gotten become becomes becoming became turning turned turns went going look looks looking',
  breathe: 'breathe breath breathing breathes breathin inhale respire',
  trouble: 'trouble difficulty difficult hard harder struggling struggle problem problems issues tough hardly barely labored',
  cannot: 'cnt cnat kant cannt cant cannot couldnt unable',
  liquido: 'liquido fluido secrecion agua agüita aguita supuracion material cosa algo',
  colorMalo: 'amarillo amarilla amarillento amarillenta verde verdoso verdosa cafe marron miel',
  muy: 'muy mucho mucha muchisimo muchisima demasiado demasiada bastante tan super',
  piel: 'piel cara mejilla mejillas barbilla menton frente nariz cuello labio labios zona area parpado parpados boca rostro',
  noPuedo: 'puedo puede podia logro',
  messages: 'text texts texting message messages messaging msg msgs sms notifications reminders emails email mail mails',
  bother:
    'text texting message messaging msg contact contacting bother bothering spam spamming bug bugging email emailing write writing sending send harass harassing call calling annoy annoying',
  mensajes: 'mensaje mensajes texto textos sms mensajitos correos correo notificaciones recordatorios',
  writeMe:
    'manden mande mandes mandar mandarme mandando manda envien envie envies enviar enviarme enviando escriban escriba escribas escribirme escribiendo contacten contacte contactarme contactando molesten moleste molestes molestarme molestando texteen textees texteando llamen',
};
