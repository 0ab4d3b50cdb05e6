import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ical, { type CalendarResponse, type VEvent } from 'node-ical';
import { calendarOf, type CalendarLetter, type CalendarVisit } from './calendar.js';
import { type FeedEntry, feedOf } from './calendar-feed.js';

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

describe('a calendar to subscribe to, as another program reads it', () => {
  const entry: FeedEntry = { ...visit, timeZone: 'America/New_York', title: 'Appointment', standing: 'stands' };
  const feed = (entries: readonly FeedEntry[]) => feedOf({ name: 'Room 1', domain: 'clinic.example', entries, modifiedAt: letter.now });

  test('says where and when in the local time of the place, and whether it stands', () => {
    const content = feed([entry, { ...entry, sessionId: 's2', standing: 'cancelled', sequence: 1 }, { ...entry, sessionId: 's3', standing: 'unsure' }]);
    expect(content).toContain('DTSTART;TZID=America/New_York:20261230T103000');
    expect(read(content).map(({ uid, status, sequence }) => [uid, status, Number(sequence)])).toEqual([
      [`${visit.sessionId}@clinic.example`, 'CONFIRMED', 0],
      ['s2@clinic.example', 'CANCELLED', 1],
      ['s3@clinic.example', 'TENTATIVE', 0],
    ]);
    expect(read(content)[0]).toMatchObject({ summary: 'Appointment', location: 'Manhattan' });
    expect(read(content)[0]?.dtstamp.toISOString()).toBe('2026-11-24T15:00:00.000Z');
    expect(feed([entry])).toBe(feed([entry]));
  });

  test('property: start and end are read back as they are, by the zone rules that stand in the feed, in any zone', () => {
    const zones = ['America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns', 'Europe/Dublin', 'Africa/Casablanca'];
    const minute = fc.integer({ min: Date.parse('2024-01-01') / 60_000, max: Date.parse('2030-01-01') / 60_000 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), minute, fc.integer({ min: 5, max: 600 }), (timeZone, from, length) => {
        const [start, end] = [from, from + length].map((at) => new Date(at * 60_000).toISOString());
        const content = feed([{ ...entry, timeZone, start: start ?? '', end: end ?? '' }]);
        for (const [property, at] of [
          ['DTSTART', start ?? ''],
          ['DTEND', end ?? ''],
        ] as const) {
          const [, local = ''] = new RegExp(`${property};TZID=${timeZone}:(\\w+)`).exec(content.slice(content.indexOf('BEGIN:VEVENT'))) ?? [];
          expect(instantsOf(local, content)).toContain(at);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** What a calendar program makes of a local time: by the last onset before it, or before an hour that comes twice, by both. */
function instantsOf(local: string, content: string): string[] {
  const asUtc = (text: string) => Date.parse(text.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6Z'));
  const minutes = (text: string) => Number(`${text[0]}1`) * (Number(text.slice(1, 3)) * 60 + Number(text.slice(3, 5)));
  const rules = [...content.matchAll(/DTSTART:(\w+)\r\nTZOFFSETFROM:(\S+)\r\nTZOFFSETTO:(\S+)/g)].map(([, onset = '', from = '', to = '']) => ({
    at: asUtc(onset) - minutes(from) * 60_000,
    to: minutes(to),
  }));
  const candidates = rules.map(({ to }) => asUtc(local) - to * 60_000);
  const holdsAt = (at: number) => rules.filter((rule) => rule.at <= at).at(-1)?.to;
  return [...new Set(candidates.filter((at) => holdsAt(at) === (asUtc(local) - at) / 60_000))].map((at) => new Date(at).toISOString());
}
