export type Language = 'en' | 'es';

/**
 * What one touchpoint says in one language, in liquid. The e-mail is written in blocks with an empty line between them; see
 * blocks.ts for what a block may be.
 */
export interface Text {
  readonly sms: string;
  readonly subject: string;
  readonly email: string;
}

/** A letter shows whose it is and how to end it by itself, so that what a text message must say of both is left out. */
function asLetter(sms: string): string {
  const said = sms.replace(/^\{\{clinic\}\}: /, '').replace(/ (Reply STOP to opt out|Responda STOP para no recibir más)\./, '');
  return said.replace(/^(¿?)(\p{Ll})/u, (_all, sign: string, letter: string) => sign + letter.toUpperCase());
}

/** A touchpoint's text. Without blocks the e-mail says what the text message says. */
export const touch = (sms: string, subject: string, ...email: readonly string[]): Text => ({
  sms,
  subject,
  email: email.length === 0 ? asLetter(sms) : email.join('\n\n'),
});

/** The block that says when and where. */
export const visit = '> {{date}}, {{time}}\n> {{place}}';

/** A list of everything that a variable names. */
export const listOf = (variable: 'avoid' | 'visits' | 'care' | 'arrival'): string => `{% for line in ${variable} %}- {{line}}\n{% endfor %}`;
