/** The domain of an address as MAIL_FROM holds it: `Clinic <care@clinic.example>`. */
const domainOf = (from: string) => /@([^\s>]+)/.exec(from)?.[1]?.toLowerCase() ?? 'localhost';

/** The Message-ID of an e-mail of ours: made of the message's own id, so that every attempt has the same. */
export const messageIdOf = (id: string, from: string): string => `<${id}@${domainOf(from)}>`;

/** The message of ours that a Message-ID names; null when it is another's. */
export function idInMessageId(messageId: string, from: string): string | null {
  const [, id = '', domain = ''] = /^<?([^<>@\s]+)@([^<>@\s]+)>?$/.exec(messageId.trim()) ?? [];
  return id !== '' && domain.toLowerCase() === domainOf(from) ? id : null;
}
