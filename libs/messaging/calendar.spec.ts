import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ical, { type CalendarResponse, type VEvent } from 'node-ical';
import { calendarOf, type CalendarLetter, type CalendarVisit } from './calendar.js';

const visit: CalendarVisit = {
  sessionId: '0193b3a0-0000-7000-8000-000000000001',
  start: '2026-12-30T15:30:00.000Z',
  end: '2026-12-30T16:15:00.000Z',
  place: 'Manhattan',
  sequence: 0,
};
const letter: CalendarLetter = {
  language: 'en',
  clinic: { name: 'Glow, Skin; & Co', phone: '(838) 555-0100', email: 'care@clinic.example' },
  patientEmail: 'ana@example.com',
  visits: [visit],
  what: 'stands',
  now: new Date('2026-11-24T15:00:00Z'),
};
const isEvent = (component: CalendarResponse[string]): component is VEvent => component?.type === 'VEVENT';
const read = (content: string): VEvent[] => Object.values(ical.sync.parseICS(content)).filter(isEvent);

describe('a calendar object, as another program reads it', () => {
  test('one visit is a request to the patient, from the clinic, under a name it keeps', () => {
    const { method, content } = calendarOf(letter);
    const [event] = read(content);
    expect(method).toBe('REQUEST');
    expect(event).toMatchObject({ uid: `${visit.sessionId}@clinic.example`, summary: 'Visit at Glow, Skin; & Co', location: 'Manhattan', status: 'CONFIRMED' });
    expect(event?.organizer).toMatchObject({ val: 'mailto:care@clinic.example' });
    expect(event?.attendee).toMatchObject({ val: 'MAILTO:ana@example.com', params: { RSVP: false } });
    expect(event?.start.toISOString()).toBe(visit.start);
    expect(event?.end?.toISOString()).toBe(visit.end);
    expect(event?.dtstamp.toISOString()).toBe('2026-11-24T15:00:00.000Z');
  });

  test('a later word has the higher sequence and the same name; a cancellation takes the visit out', () => {
    const moved = read(calendarOf({ ...letter, visits: [{ ...visit, sequence: 2 }] }).content)[0];
    const cancelled = calendarOf({ ...letter, what: 'cancelled', visits: [{ ...visit, sequence: 3 }] });
    expect([Number(moved?.sequence), moved?.uid]).toEqual([2, `${visit.sessionId}@clinic.example`]);
    expect(cancelled.method).toBe('CANCEL');
    expect(read(cancelled.content)[0]).toMatchObject({ sequence: 3, status: 'CANCELLED', uid: `${visit.sessionId}@clinic.example` });
  });

  test('several visits are published together, to nobody by name', () => {
    const { method, content } = calendarOf({ ...letter, language: 'es', visits: [visit, { ...visit, sessionId: 'b', start: '2027-01-27T15:30:00.000Z' }] });
    const events = read(content);
    expect(method).toBe('PUBLISH');
    expect(events.map(({ summary }) => summary)).toEqual(['Cita en Glow, Skin; & Co', 'Cita en Glow, Skin; & Co']);
    expect(content).not.toMatch(/ATTENDEE|ana@example/);
  });

  test('times survive both changes of daylight saving, and lines are folded at 75 octets', () => {
    const changes = ['2026-03-08T06:59:00Z', '2026-11-01T05:30:00Z'].map((at) => Date.parse(at));
    const around = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -2880, max: 2880 }), fc.integer({ min: 15, max: 240 }), fc.constantFrom('en', 'es'));
    fc.assert(
      fc.property(around, ([change, minutes, length, language]) => {
        const start = new Date(change + minutes * 60_000).toISOString();
        const end = new Date(change + (minutes + length) * 60_000).toISOString();
        const { content } = calendarOf({
          ...letter,
          language: language as 'en' | 'es',
          visits: [{ ...visit, start, end, place: 'Ñuñoa, piso dos '.repeat(8) }],
        });
        const [event] = read(content);
        expect([event?.start.toISOString(), event?.end?.toISOString()]).toEqual([start, end]);
        for (const line of content.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      }),
    );
  });

  test('says nothing of what is done there (invariant 11)', () => {
    const { content } = calendarOf(letter);
    const lines = content.replaceAll('\r\n ', '').split('\r\n');
    const names = lines.map((line) => line.split(/[:;]/)[0]);
    expect(new Set(names)).toEqual(
      new Set([
        'BEGIN',
        'END',
        'VERSION',
        'PRODID',
        'METHOD',
        'UID',
        'SEQUENCE',
        'DTSTAMP',
        'DTSTART',
        'DTEND',
        'SUMMARY',
        'LOCATION',
        'DESCRIPTION',
        'ORGANIZER',
        'ATTENDEE',
        'STATUS',
        '',
      ]),
    );
  });
});
