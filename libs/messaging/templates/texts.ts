/*
 * What Afterglow says, in both languages. Approved by the medical director as version 1; nothing else is ever sent
 * (invariant 10). An SMS names no person, procedure or result (invariant 11), and asks for digits, never for a word that
 * carriers take as a keyword. Variables: clinic, phone, date, time, place, link, and lists made of the phrases below.
 */
export interface Text {
  readonly sms: string;
  readonly subject: string;
  readonly email: string;
}
export type Language = 'en' | 'es';
export const version = 1;

const touch = (sms: string, subject: string, email: string = sms): Text => ({ sms, subject, email });

const en = {
  'request-received': touch(
    '{{clinic}}: we got your request and will call you to find a time. Questions? {{phone}}. Reply STOP to opt out.',
    'We got your request',
  ),
  'plan-summary': touch(
    '{{clinic}}: your visits are booked. First: {{date}}, {{time}}. Questions? {{phone}}',
    'Your visits are booked',
    'Your visits are booked. The first is on {{date}} at {{time}}, {{place}}. All visits: {{visits}}. We will write before each one with what to do. Questions, or another time? Call {{phone}}.',
  ),
  rescheduled: touch(
    '{{clinic}}: your visit is now {{date}}, {{time}}. Reply 1 to confirm, 2 for another time. Questions? {{phone}}',
    'Your visit has a new time',
    'Your visit is now on {{date}} at {{time}}, {{place}}. New times: {{visits}}. To confirm or to ask for another time: {{link}} or call {{phone}}.',
  ),
  'session-cancelled': touch(
    '{{clinic}}: your visit on {{date}} does not take place. We will call you about a new time. Questions? {{phone}}',
    'Your visit does not take place',
  ),
  preparation: touch(
    '{{clinic}}: to get ready for {{date}}, from now on please avoid: {{avoid}}. Keep taking prescribed medicines. Questions? {{phone}}',
    'Getting ready for your visit',
    'To get ready for your visit on {{date}}, from now on please avoid: {{avoid}}. Use a gentle moisturiser and a broad sunscreen (SPF 30 or more) every day. Keep taking every prescribed medicine; if you are unsure about one, call us before you change anything: {{phone}}.',
  ),
  instructions: touch(
    '{{clinic}}: for your visit on {{date}} come with clean skin, no make-up, and tell us of any cold sore, sunburn or new medicine: {{phone}}',
    'What to bring and how to come',
    'For your visit on {{date}} at {{time}}, {{place}}: come with clean skin and without make-up, ten minutes early. Bring a hat. Tell us before you come if you have a cold sore, a sunburn, a new medicine, or if you might be pregnant: {{phone}}.',
  ),
  reminder: touch(
    '{{clinic}}: see you {{date}}, {{time}}, {{place}}. Reply 1 to confirm, 2 for another time. Questions? {{phone}}',
    'Your visit: please confirm',
    'We look forward to seeing you on {{date}} at {{time}}, {{place}}. To confirm or to ask for another time: {{link}} or call {{phone}}.',
  ),
  'reminder.confirmed': touch(
    '{{clinic}}: see you {{date}}, {{time}}, {{place}}. Another time? Reply 2. Questions? {{phone}}',
    'Your visit',
    'We look forward to seeing you on {{date}} at {{time}}, {{place}}. To ask for another time: {{link}} or call {{phone}}.',
  ),
  'next-session': touch('{{clinic}}: it is time to plan your next visit. Call {{phone}} and we will find a time that suits you.', 'Your next visit'),
  aftercare: touch(
    '{{clinic}}: thank you for coming. Keep the skin clean, cool and out of the sun, and do not pick. Your care sheet: ask us at {{phone}}',
    'Caring for your skin',
    'Thank you for coming. Keep the skin clean and cool, out of the sun, and do not pick at it. Follow the sheet you were given. If you have fever, pus, spreading redness, growing pain or blisters, call {{phone}} at once; if breathing or seeing is difficult, call 911.',
  ),
  'check-in': touch(
    '{{clinic}}: how is your skin today? Reply 1 fine, 2 not sure, 3 I need help, or tell us in words. Emergency: 911',
    'How is your skin today?',
    'How is your skin today? Tell us here: {{link}}, or call {{phone}}. In an emergency call 911.',
  ),
  satisfaction: touch('{{clinic}}: how happy are you with us so far, 1 to 5? Tell us why if you like. Thank you!', 'How are we doing?'),
  'deferred-recall': touch(
    '{{clinic}}: no hurry. If you would like to talk about your options again, call {{phone}}. Reply STOP to opt out.',
    'Whenever you are ready',
  ),
  'no-show': touch('{{clinic}}: we missed you today. We hope all is well. Call {{phone}} and we will find another time.', 'We missed you'),
  'stop.confirmed': touch('{{clinic}}: you will get no more texts from us. For care call {{phone}}. Reply START to get them again.', 'No more e-mails'),
  'stop.confirmed.urgent': touch(
    '{{clinic}}: no more texts from us. What you describe needs us now: we are calling you. If we do not reach you, call {{phone}}. Hard to breathe or see? Call 911.',
    'We are calling you',
  ),
  'stop.confirmed.emergency': touch(
    'Call 911 now or go to the nearest emergency room. Then call {{phone}}. {{clinic}} has been alerted and will send no more texts.',
    'Call 911 now',
  ),
  'start.confirmed': touch('{{clinic}}: you will get our texts again. Reply STOP to opt out.', 'Welcome back'),
  help: touch('{{clinic}}: for help call {{phone}}. Reply STOP to opt out. Emergency: 911', 'Help'),
  confirmed: touch('{{clinic}}: thank you, your visit is confirmed. Questions? {{phone}}', 'Confirmed'),
  'another-time': touch('{{clinic}}: thank you. We will call you to find another time. Questions? {{phone}}', 'Another time'),
  received: touch(
    '{{clinic}}: thank you, we got your message. A person will read it and answer. Urgent? Call {{phone}}. Emergency: 911',
    'We got your message',
  ),
  expected: touch(
    '{{clinic}}: thank you. That is within what we expect by now. If it gets worse, or you have fever, pus or more pain, call {{phone}}.',
    'Thank you',
  ),
  ask: touch(
    '{{clinic}}: thank you. Is it getting better, the same, or worse than yesterday? Any heat, pain, fever or pus? Urgent? Call {{phone}}',
    'One question',
  ),
  'ask.redness': touch(
    '{{clinic}}: thank you. Is the redness getting lighter, the same, or redder than yesterday? Is it hot or painful? Urgent? Call {{phone}}',
    'One question',
  ),
  'ask.pinkness_fading': touch(
    '{{clinic}}: thank you. Is the pink fading, the same, or stronger than yesterday? Is it hot or painful? Urgent? Call {{phone}}',
    'One question',
  ),
  'ask.swelling': touch('{{clinic}}: thank you. Is the swelling going down? Can you open your eyes fully? Urgent? Call {{phone}}', 'One question'),
  'ask.oozing_clear': touch(
    '{{clinic}}: thank you. Is the fluid clear or straw-coloured, or thick, yellow-green or smelly? Urgent? Call {{phone}}',
    'One question',
  ),
  'ask.pain_mild': touch('{{clinic}}: thank you. From 0 to 10, how strong is the pain? Better or worse than yesterday? Urgent? Call {{phone}}', 'One question'),
  'ask.lumps_mild': touch('{{clinic}}: thank you. Is the skin over it white, grey, blotchy or very painful? If it is, call {{phone}} now.', 'One question'),
  'ask.red_flags': touch(
    '{{clinic}}: thank you. To be sure: any fever, pus, blisters, spreading redness or growing pain right now? If so, call {{phone}} now.',
    'One question',
  ),
  'ask.general': touch('{{clinic}}: thank you. Can you tell us a little more: what do you see or feel, and since when? Urgent? Call {{phone}}', 'One question'),
  'ask.which_question': touch(
    '{{clinic}}: thank you. Do you mean your visit, or how your skin is? Please tell us in words. Urgent? Call {{phone}}',
    'One question',
  ),
  'soon.received': touch(
    '{{clinic}}: thank you, one of us will look at this today. If it gets worse, call {{phone}}. Emergency: 911',
    'We will look at this today',
  ),
  'urgent.call': touch(
    '{{clinic}}: we are calling you. If we do not reach you soon call {{phone}}. If breathing, speaking or seeing is difficult, call 911 now.',
    'We are calling you',
  ),
  'emergency.911': touch('Call 911 now or go to the nearest emergency room. Then call {{phone}}. {{clinic}} has been alerted.', 'Call 911 now'),
  written: touch('{{text}}', 'A message for you'),
  page: touch(
    '{{clinic}}: a patient reply needs you now ({{urgency}}). Open {{link}}',
    'A patient reply needs you now',
    'A patient reply needs you now ({{urgency}}). Open {{link}} and acknowledge it; the next person is paged until someone does.',
  ),
} as const satisfies Readonly<Record<string, Text>>;

export type TemplateKey = keyof typeof en;
export const templateKeys = Object.keys(en) as [TemplateKey, ...TemplateKey[]];

const es: Readonly<Record<TemplateKey, Text>> = {
  'request-received': touch(
    '{{clinic}}: recibimos su solicitud y le llamaremos para buscar una hora. ¿Preguntas? {{phone}}. Responda STOP para no recibir más.',
    'Recibimos su solicitud',
  ),
  'plan-summary': touch(
    '{{clinic}}: sus citas están reservadas. La primera: {{date}}, {{time}}. ¿Preguntas? {{phone}}',
    'Sus citas están reservadas',
    'Sus citas están reservadas. La primera es el {{date}} a las {{time}}, {{place}}. Todas las citas: {{visits}}. Antes de cada una le diremos qué hacer. ¿Preguntas u otra hora? Llame al {{phone}}.',
  ),
  rescheduled: touch(
    '{{clinic}}: su cita es ahora el {{date}}, {{time}}. Responda 1 para confirmar, 2 para otra hora. ¿Preguntas? {{phone}}',
    'Su cita tiene nueva hora',
    'Su cita es ahora el {{date}} a las {{time}}, {{place}}. Nuevas horas: {{visits}}. Para confirmar o pedir otra hora: {{link}} o llame al {{phone}}.',
  ),
  'session-cancelled': touch(
    '{{clinic}}: su cita del {{date}} no tendrá lugar. Le llamaremos para una nueva hora. ¿Preguntas? {{phone}}',
    'Su cita no tendrá lugar',
  ),
  preparation: touch(
    '{{clinic}}: para su cita del {{date}}, desde hoy evite: {{avoid}}. Siga con sus medicinas recetadas. ¿Preguntas? {{phone}}',
    'Cómo prepararse',
    'Para su cita del {{date}}, desde hoy evite: {{avoid}}. Use a diario una crema hidratante suave y protector solar (FPS 30 o más). Siga con todas sus medicinas recetadas; si duda de alguna, llámenos antes de cambiar nada: {{phone}}.',
  ),
  instructions: touch(
    '{{clinic}}: a su cita del {{date}} venga con la piel limpia, sin maquillaje, y avise de herpes, quemaduras de sol o medicinas nuevas: {{phone}}',
    'Qué traer y cómo venir',
    'Para su cita del {{date}} a las {{time}}, {{place}}: venga con la piel limpia y sin maquillaje, diez minutos antes. Traiga un sombrero. Avise antes si tiene un herpes labial, una quemadura de sol, una medicina nueva o si pudiera estar embarazada: {{phone}}.',
  ),
  reminder: touch(
    '{{clinic}}: le esperamos el {{date}}, {{time}}, {{place}}. Responda 1 para confirmar, 2 para otra hora. ¿Preguntas? {{phone}}',
    'Su cita: confirme por favor',
    'Le esperamos el {{date}} a las {{time}}, {{place}}. Para confirmar o pedir otra hora: {{link}} o llame al {{phone}}.',
  ),
  'reminder.confirmed': touch(
    '{{clinic}}: le esperamos el {{date}}, {{time}}, {{place}}. ¿Otra hora? Responda 2. ¿Preguntas? {{phone}}',
    'Su cita',
    'Le esperamos el {{date}} a las {{time}}, {{place}}. Para pedir otra hora: {{link}} o llame al {{phone}}.',
  ),
  'next-session': touch('{{clinic}}: es hora de planear su próxima cita. Llame al {{phone}} y buscamos una hora que le convenga.', 'Su próxima cita'),
  aftercare: touch(
    '{{clinic}}: gracias por venir. Mantenga la piel limpia, fresca y lejos del sol, y no la toque. Dudas: {{phone}}',
    'El cuidado de su piel',
    'Gracias por venir. Mantenga la piel limpia y fresca, lejos del sol, y no la toque. Siga la hoja que le dimos. Si tiene fiebre, pus, enrojecimiento que se extiende, más dolor o ampollas, llame ya al {{phone}}; si le cuesta respirar o ver, llame al 911.',
  ),
  'check-in': touch(
    '{{clinic}}: ¿cómo está su piel hoy? Responda 1 bien, 2 no sé, 3 necesito ayuda, o con sus palabras. Emergencia: 911',
    '¿Cómo está su piel hoy?',
    '¿Cómo está su piel hoy? Díganos aquí: {{link}}, o llame al {{phone}}. En una emergencia llame al 911.',
  ),
  satisfaction: touch('{{clinic}}: ¿qué tan contento está con nosotros, de 1 a 5? Díganos por qué si quiere. ¡Gracias!', '¿Cómo lo hacemos?'),
  'deferred-recall': touch(
    '{{clinic}}: sin prisa. Si quiere hablar otra vez de sus opciones, llame al {{phone}}. Responda STOP para no recibir más.',
    'Cuando usted quiera',
  ),
  'no-show': touch('{{clinic}}: hoy no le vimos. Esperamos que esté bien. Llame al {{phone}} y buscamos otra hora.', 'Hoy no le vimos'),
  'stop.confirmed': touch('{{clinic}}: no recibirá más mensajes. Para atención llame al {{phone}}. Responda START para recibirlos de nuevo.', 'No más correos'),
  'stop.confirmed.urgent': touch(
    '{{clinic}}: no recibirá más mensajes. Lo que describe es urgente: le estamos llamando. Si no, llame al {{phone}}. ¿Le cuesta respirar o ver? Llame al 911.',
    'Le estamos llamando',
  ),
  'stop.confirmed.emergency': touch(
    'Llame al 911 ahora o vaya a urgencias. Luego llame al {{phone}}. {{clinic}} ya está avisada y no enviará más mensajes.',
    'Llame al 911 ahora',
  ),
  'start.confirmed': touch('{{clinic}}: recibirá de nuevo nuestros mensajes. Responda STOP para no recibir más.', 'Bienvenido de nuevo'),
  help: touch('{{clinic}}: para ayuda llame al {{phone}}. Responda STOP para no recibir más. Emergencia: 911', 'Ayuda'),
  confirmed: touch('{{clinic}}: gracias, su cita está confirmada. ¿Preguntas? {{phone}}', 'Confirmada'),
  'another-time': touch('{{clinic}}: gracias. Le llamaremos para buscar otra hora. ¿Preguntas? {{phone}}', 'Otra hora'),
  received: touch(
    '{{clinic}}: gracias, recibimos su mensaje. Una persona lo leerá y responderá. ¿Urgente? Llame al {{phone}}. Emergencia: 911',
    'Recibimos su mensaje',
  ),
  expected: touch('{{clinic}}: gracias. Es lo que esperamos a estas alturas. Si empeora, o tiene fiebre, pus o más dolor, llame al {{phone}}.', 'Gracias'),
  ask: touch('{{clinic}}: gracias. ¿Está mejor, igual o peor que ayer? ¿Calor, dolor, fiebre o pus? ¿Urgente? Llame al {{phone}}', 'Una pregunta'),
  'ask.redness': touch(
    '{{clinic}}: gracias. ¿El rojo está más claro, igual o más fuerte que ayer? ¿Quema o duele? ¿Urgente? Llame al {{phone}}',
    'Una pregunta',
  ),
  'ask.pinkness_fading': touch(
    '{{clinic}}: gracias. ¿El rosado se va, sigue igual o es más fuerte que ayer? ¿Quema o duele? ¿Urgente? Llame al {{phone}}',
    'Una pregunta',
  ),
  'ask.swelling': touch('{{clinic}}: gracias. ¿Está bajando la hinchazón? ¿Puede abrir bien los ojos? ¿Urgente? Llame al {{phone}}', 'Una pregunta'),
  'ask.oozing_clear': touch(
    '{{clinic}}: gracias. ¿El líquido es claro o amarillo pálido, o espeso, verdoso o con mal olor? ¿Urgente? Llame al {{phone}}',
    'Una pregunta',
  ),
  'ask.pain_mild': touch('{{clinic}}: gracias. De 0 a 10, ¿qué tan fuerte es el dolor? ¿Mejor o peor que ayer? ¿Urgente? Llame al {{phone}}', 'Una pregunta'),
  'ask.lumps_mild': touch(
    '{{clinic}}: gracias. ¿La piel encima está blanca, gris, con manchas o muy dolorida? Si es así, llame ya al {{phone}}.',
    'Una pregunta',
  ),
  'ask.red_flags': touch(
    '{{clinic}}: gracias. Para estar seguros: ¿ahora tiene fiebre, pus, ampollas, rojo que se extiende o más dolor? Si es así, llame ya al {{phone}}.',
    'Una pregunta',
  ),
  'ask.general': touch('{{clinic}}: gracias. Cuéntenos un poco más: ¿qué ve o siente, y desde cuándo? ¿Urgente? Llame al {{phone}}', 'Una pregunta'),
  'ask.which_question': touch(
    '{{clinic}}: gracias. ¿Habla de su cita o de cómo está su piel? Díganos con palabras. ¿Urgente? Llame al {{phone}}',
    'Una pregunta',
  ),
  'soon.received': touch('{{clinic}}: gracias, hoy mismo lo revisamos. Si empeora, llame al {{phone}}. Emergencia: 911', 'Hoy mismo lo revisamos'),
  'urgent.call': touch(
    '{{clinic}}: le estamos llamando. Si no le localizamos pronto llame al {{phone}}. Si le cuesta respirar, hablar o ver, llame ya al 911.',
    'Le estamos llamando',
  ),
  'emergency.911': touch('Llame al 911 ahora o vaya a urgencias. Luego llame al {{phone}}. {{clinic}} ya está avisada.', 'Llame al 911 ahora'),
  written: touch('{{text}}', 'Un mensaje para usted'),
  page: en.page,
};

export const texts: Readonly<Record<Language, Readonly<Record<TemplateKey, Text>>>> = { en, es };

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
