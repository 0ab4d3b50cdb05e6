/**
 * Wishes about the messages themselves, English and Spanish. Any reasonable wording revokes consent (47 CFR 64.1200(a)(10)),
 * so the list is of wordings, not of keywords; the carrier only knows the keywords that stand alone.
 */

/** Alone in a sentence, with a `please` or `now` at most. */
export const stopWords = `stop, stopp, stahp, sotp, stpo, stopall, unsubscribe, unsuscribe, optout, alto, pare, paren, parar, basta, detener, detente`;
/** Only as the whole text: in a sentence they are about appointments or anything else. */
export const stopTexts = `
  cancel, cancel please, please cancel, end, quit, revoke, opt out, stop all, cancelar, baja, salir, fin, terminar, go away, please go away, fuck off,
  remove, remove me, no more, delete me, desuscribir, stop end, stop end cancel, stop for good, stop sending, reply stop, end this, dont text, do not text, no text, no texts, no quiero mas, not interested, im not interested, i am not interested, dejen, ya no mas, no mas,
  wrong number, sorry wrong number, you have the wrong number, this is the wrong number, wrong person, you have the wrong person, numero equivocado, este es un numero equivocado
`;
/** Words that may stand beside a stop word without changing it. */
export const stopFillers = `please, pls, plz, now, ok, okay, thanks, thank, you, just, all, already, i, said, immediately, it, this, hi, hello, hey, dear, everyone, yes, yeah, omg, and, forever, people, guys, u, y, por, favor, porfa, ya, gracias, hola, ahora, them, these`;
/** A stop word at the very beginning is one although no point follows, when a new sentence visibly begins. */
export const newSentence = `i, im, ive, there, theres, its, tengo, hay, siento, estoy`;

export const stopPhrases = `
  stop|quit|cease|discontinue|end|halt .. #bother .. me|us|my,
  stop|quit|cease|discontinue|end|halt|cancel|disable|block with? the|these|those|all|your|any|more|sending|getting|my? all|these|your|more|automated|automatic|me|daily? #messages,
  stop|quit|cease texting|messaging|spamming|bugging|contacting|emailing|bothering|harassing, stop the|these|those|with|all|your .. #messages,
  rather not get|receive|have .. these|this|#messages, how .. unsubscribe|opt, cease and desist, youre blocked, not interested anymore|thanks|thank,
  stop|end|cancel|turn my|the|your|all appointment|appt|session|visit #messages, turn off .. #messages, enough .. #messages, no more #messages, no more of? these|your|automated? #messages, no #messages please|pls|plz,
  please no|dont more? #messages, dont|never|not #bother me|us|again|this|my, dont .. #bother me|us .. more|anymore|again,
  dont|not want|wanna|need|like .. #messages, dont|not want|wanna to? be? contacted|texted|messaged|bothered,
  dont|not want to? hear|get|receive .. from|#messages, no longer|not want|wish .. #messages|contacted|texted,
  remove|delete|erase|take|drop|scratch me|my|number|us .. from|off|out of? .. list|lists|database|system|texts|messages,
  remove|delete|erase|take|drop my|this phone|cell? number, remove|take me off|from|out, take me off, get me off .. list|this, leave me alone|be,
  lose|forget|delete my number, unsubscribe|unsuscribe me|us|my|from|please|this, opt|opting me? out, want|like|need to? opt out|unsubscribe,
  want|wanna out, revoke .. consent|permission, withdraw .. consent|permission, dont contact|disturb, never|not contact|text|message me,
  not interested .. #messages, please stop #bother|this|that|it, stop getting|receiving .. #messages, stop|quit blowing up my,
  block|blocking this|your number, let me be, make these|the|this #messages stop, want these|the|this|your #messages to? stop,
  these|the|your #messages .. need|have|has to stop, sick|tired|fed|enough .. of|with|up .. #messages, i am|im done with these|your|the #messages,
  no me|nos #writeMe, no quiero|deseo|necesito .. #mensajes, no quiero|deseo que me|nos #writeMe, no quiero|deseo recibir, ya no me|nos #writeMe,
  ya no quiero|deseo, dejen|deje|deja|paren|pare|para de #writeMe, dejen|dejame|dejenme en paz|tranquila|tranquilo|quieta,
  quitenme|quiteme|saquenme|saqueme|borrenme|borreme|eliminenme|elimineme|remuevanme|bajenme, quiten|saquen|borren|eliminen mi numero|telefono,
  darme|dar de baja, den|denme|deme de baja, basta de, no mas #mensajes, ni un #mensajes mas, cancelar|cancelen|cancela .. suscripcion|#mensajes,
  dejar de recibir, no vuelvan a, no me hablen|busquen, no manden|envien .. #mensajes, retiro .. consentimiento, sin mas #mensajes,
  parar|detener|detengan|suspendan|suspender .. #mensajes, alto a los|sus #mensajes, dejar de #writeMe,
  anular|anulen|anula .. suscripcion|#mensajes, unenroll|unenrol|disenroll me|us
`;

/** What looks like one of the above and is none: a limit to the hours, a complaint that nothing came, a question of receipt. */
export const notStopPhrases = `
  dont|do|wont|never|cant stop, dont|not|do #bother me|us? before|after|until|till|during|while, not stop,
  didnt|dont|not|havent|never get|got|receive|received|see|saw .. #messages, when|should|can|may|could i stop|quit,
  cancel|end|stop my|the|an|this|our appointment|appt|session|visit|booking|treatment, dont want to? cancel|stop|miss, text|call|message me to|so,
  did you|u text, dont leave me, quit|stop smoking|drinking|eating|using|taking|wearing|picking,
  ya no quiero .. cita|tratamiento|sesion|mas? tratamientos, take|took me off|out .. medication|meds|work|antibiotic|antibiotics, stop calling it
`;

/** Carrier keywords that open the channel again. */
export const startTexts = `start, unstop`;
export const helpTexts = `help, info, ayuda, informacion`;
