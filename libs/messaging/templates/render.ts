import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { foldToGsm } from '../segments.js';
import { blocksOf, plainText } from './blocks.js';
import { footWords, htmlOf } from './letter.js';
import { fill } from './liquid.js';
import type { Language } from './text.js';
import type { Wording } from './texts.js';

type Word = 'clinic' | 'phone' | 'date' | 'time' | 'place' | 'link' | 'urgency' | 'text' | 'total' | 'deposit' | 'until';
type List = 'avoid' | 'visits' | 'care' | 'arrival';

/** What a template may speak of. Everything is optional to give; a variable that a text needs and lacks is an error. */
export type Variables = Partial<Record<Word, string> & Record<List, readonly string[]>>;

/** What stands under an e-mail besides the clinic's name and number. */
export interface Foot {
  readonly address?: string | undefined;
  readonly unsubscribeUrl?: string | undefined;
}

export interface RenderedEmail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The language that we speak to someone who prefers this one. */
export const languageOf = (preferred: string | undefined): Language => (preferred?.toLowerCase().startsWith('es') === true ? 'es' : 'en');

/** @throws when a variable is missing: a message with a hole is worse than none. */
export const renderSms = ({ sms }: Wording, variables: Variables): string => foldToGsm(fill(sms, variables));

/** A phone number as people write it there. */
export const writtenPhone = (phone: string): string => {
  const parsed = parsePhoneNumberFromString(phone);
  if (parsed === undefined) return phone;
  return parsed.countryCallingCode === '1' ? parsed.formatNational() : parsed.formatInternational();
};

const readable = (variables: Variables): Variables => (variables.phone === undefined ? variables : { ...variables, phone: writtenPhone(variables.phone) });

/** What an e-mail says, as text without greeting or foot: for the patient's own page. @throws when a variable is missing. */
export const letterText = ({ email }: Wording, variables: Variables): string => plainText(blocksOf(fill(email, readable(variables))));

const alarming = /^(emergency|urgent|stop\.confirmed\.|page$)/;

/** Subject, text and HTML of one e-mail, both with the same words. @throws when a variable is missing. */
export function renderEmail({ key, language, subject, email }: Wording, given: Variables, { address, unsubscribeUrl }: Foot = {}): RenderedEmail {
  const { clinic = '', phone = '' } = given;
  const variables = readable(given);
  const heading = fill(subject, variables);
  const blocks = blocksOf(fill(email, variables));
  const number = { dial: phone, written: variables.phone ?? '' };
  const words = footWords[language];
  const foot = [clinic, number.written, address, words.noReply, unsubscribeUrl === undefined ? undefined : `${words.unsubscribe}: ${unsubscribeUrl}`];
  return {
    subject: `${clinic}: ${heading}`,
    text: `${plainText(blocks)}\n\n-- \n${foot.filter((line) => line !== undefined && line !== '').join('\n')}\n`,
    html: htmlOf({ language, clinic, heading, blocks, phone: number, address, unsubscribeUrl, alarm: alarming.test(key) }),
  };
}
