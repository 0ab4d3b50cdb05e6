import ical, { ICalAttendeeRole, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { EmailParts } from './channels/index.js';
import type { Language } from './templates/text.js';

/** A visit as a calendar needs it. */
export interface CalendarVisit {
  readonly sessionId: string;
  readonly start: string;
  readonly end: string;
  readonly place: string;
  /** How often the visit has been set anew: a calendar keeps what has the highest. */
  readonly sequence: number;
}

export interface CalendarLetter {
  readonly language: Language;
  readonly clinic: { readonly name: string; readonly phone: string; readonly email: string };
  readonly patientEmail: string;
  readonly visits: readonly CalendarVisit[];
  /** `stands`: put these in the calendar. `cancelled`: take it out. */
  readonly what: 'stands' | 'cancelled';
  readonly now: Date;
}

const words = {
  en: { summary: (clinic: string) => `Visit at ${clinic}`, description: (phone: string) => `Questions, or another time? Call ${phone}.` },
  es: { summary: (clinic: string) => `Cita en ${clinic}`, description: (phone: string) => `¿Preguntas u otra hora? Llame al ${phone}.` },
} as const;

/** RFC 5546 3.2.2: a request speaks of one visit and names who is asked; several are published, to nobody by name (3.2.1). */
function methodOf({ visits, what }: CalendarLetter): ICalCalendarMethod {
  if (what === 'cancelled') return ICalCalendarMethod.CANCEL;
  return visits.length === 1 ? ICalCalendarMethod.REQUEST : ICalCalendarMethod.PUBLISH;
}

const productId = { company: 'Afterglow', product: 'Afterglow' } as const;

/**
 * The visits as an iCalendar object (RFC 5545), in UTC, so that no mail program's idea of daylight saving can move them. It
 * says where and when and nothing of what is done there (invariant 11). A visit keeps its UID for good.
 */
export function calendarOf(letter: CalendarLetter): NonNullable<EmailParts['calendar']> {
  const { clinic, language, visits, what, now } = letter;
  const method = methodOf(letter);
  const say = words[language];
  const domain = clinic.email.split('@')[1] ?? 'localhost';
  const calendar = ical({ method, prodId: { ...productId, language: language.toUpperCase() } });
  for (const { sessionId, start, end, place, sequence } of visits) {
    const event = calendar.createEvent({
      id: `${sessionId}@${domain}`,
      sequence,
      stamp: now,
      start: new Date(start),
      end: new Date(end),
      summary: say.summary(clinic.name),
      description: say.description(clinic.phone),
      location: place,
      organizer: { name: clinic.name, email: clinic.email },
      status: what === 'cancelled' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
    // Its answers would go to a mailbox that nobody reads: patients confirm by text or on their page.
    if (method !== ICalCalendarMethod.PUBLISH) event.createAttendee({ email: letter.patientEmail, role: ICalAttendeeRole.REQ, rsvp: false });
  }
  return { method: method as 'REQUEST' | 'CANCEL' | 'PUBLISH', content: `${calendar.toString()}\r\n` };
}
