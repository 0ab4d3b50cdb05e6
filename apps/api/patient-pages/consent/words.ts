import type { ConsentWording } from '#clinic';
import type { Language } from '#messaging';

/**
 * What stands where the clinic has put no document of its own: that it has none here, and what anybody agrees to who goes ahead.
 * It says nothing of a treatment, its risks or its care; that is for people to explain.
 */
export const generalVersion = 'general-1';
export const generalConsent: Readonly<Record<Language, ConsentWording>> = {
  en: {
    title: 'Consent',
    text: 'The clinic has no document of its own on this page. Your care team has one for you on paper: ask for it if you want to read more before you sign.',
    points: [
      'My care team explained to me what will be done, and what else could be done.',
      'I was told of the risks, and of how I care for myself afterwards.',
      'I could ask everything that I wanted to, and my questions were answered.',
      'I told the clinic of my health and my medicines as well as I know.',
    ],
  },
  es: {
    title: 'Consentimiento',
    text: 'La clínica no tiene un documento propio en esta página. Su equipo tiene uno en papel: pídalo si quiere leer más antes de firmar.',
    points: [
      'Mi equipo me explicó qué se hará y qué otras opciones hay.',
      'Me hablaron de los riesgos y de cómo cuidarme después.',
      'Pude preguntar todo lo que quise y respondieron a mis preguntas.',
      'Informé a la clínica de mi salud y mis medicamentos lo mejor que sé.',
    ],
  },
};

const en = {
  title: 'Read and sign',
  yourPlan: 'Your plan',
  session: 'visit',
  sessions: 'visits',
  document: 'Document',
  goAhead: 'I go ahead with this plan of my own free will. I may change my mind before any treatment.',
  acknowledge: 'Please tick each point that holds',
  name: 'Type your full name to sign',
  signs: 'Signed today,',
  sign: 'Sign',
  notYet: 'Not everything is ready to sign',
  no_plan: 'There is no plan to sign yet. We write to you when there is one.',
  assessment: 'Before you sign we would like to finish looking at your skin and your history with you.',
  plan: 'We are still checking one thing in your plan.',
  education: 'We have not explained everything to you yet. We do that first.',
  questions: 'You asked us something that we have not answered yet. We answer it first.',
  declined: 'You told us that you do not want this plan. If you have changed your mind, please call us.',
  deferred: 'You told us that you want to wait with this plan. Whenever you are ready, please call us.',
  tickAll: 'To sign, every point must hold. If one does not, ask us about it below or call us.',
  nameNeeded: 'Please type your name as we know it.',
  changed: 'The plan has changed since you opened this page. Please read it again.',
  notSaved: 'We could not save this. Please try again, or call us.',
  question: 'A question before you sign?',
  ask: 'Ask us first',
  asked: 'Thank you. One of us answers you; until then nothing needs to be signed.',
  signed: 'What you signed',
  signedOn: 'Signed on',
  by: 'by',
  onPaper: 'You signed this with us. Ask us for a copy on paper whenever you like.',
  read: 'Read what you signed',
} as const;

export type ConsentWords = Readonly<Record<keyof typeof en, string>>;

const es: ConsentWords = {
  title: 'Leer y firmar',
  yourPlan: 'Su plan',
  session: 'cita',
  sessions: 'citas',
  document: 'Documento',
  goAhead: 'Sigo adelante con este plan por mi propia voluntad. Puedo cambiar de idea antes de cualquier tratamiento.',
  acknowledge: 'Marque cada punto que sea así',
  name: 'Escriba su nombre completo para firmar',
  signs: 'Firmado hoy,',
  sign: 'Firmar',
  notYet: 'Aún no está todo listo para firmar',
  no_plan: 'Todavía no hay ningún plan que firmar. Le escribimos cuando lo haya.',
  assessment: 'Antes de firmar queremos terminar de ver su piel y su historia con usted.',
  plan: 'Aún estamos comprobando una cosa de su plan.',
  education: 'Todavía no le hemos explicado todo. Primero hacemos eso.',
  questions: 'Nos preguntó algo que aún no hemos respondido. Primero lo respondemos.',
  declined: 'Nos dijo que no quiere este plan. Si ha cambiado de idea, llámenos.',
  deferred: 'Nos dijo que quiere esperar con este plan. Cuando quiera, llámenos.',
  tickAll: 'Para firmar, cada punto tiene que ser así. Si uno no lo es, pregúntenos abajo o llámenos.',
  nameNeeded: 'Escriba su nombre como lo conocemos.',
  changed: 'El plan cambió desde que abrió esta página. Léalo otra vez, por favor.',
  notSaved: 'No pudimos guardarlo. Inténtelo de nuevo o llámenos.',
  question: '¿Una pregunta antes de firmar?',
  ask: 'Preguntar primero',
  asked: 'Gracias. Una persona le responderá; hasta entonces no hace falta firmar nada.',
  signed: 'Lo que usted firmó',
  signedOn: 'Firmado el',
  by: 'por',
  onPaper: 'Lo firmó con nosotros. Pídanos una copia en papel cuando quiera.',
  read: 'Leer lo que firmé',
};

export const consentWords: Readonly<Record<Language, ConsentWords>> = { en, es };
