import ical, { ICalEventBusyStatus, ICalEventStatus, type ICalDayJsStub } from 'ical-generator';
import { civilTime, zoneRules } from './zone-rules.js';

/** One entry of a calendar that is subscribed to. */
export interface FeedEntry {
  readonly sessionId: string;
  readonly start: string;
  readonly end: string;
  /** IANA zone of the place. */
  readonly timeZone: string;
  readonly place: string;
  readonly title: string;
  readonly standing: 'stands' | 'unsure' | 'cancelled';
  readonly sequence: number;
}

export interface CalendarFeed {
  readonly name: string;
  /** What UIDs end in: the domain that the clinic writes from. */
  readonly domain: string;
  readonly entries: readonly FeedEntry[];
  /** When the feed last became another one. */
  readonly modifiedAt: Date;
}

const statusOf = { stands: ICalEventStatus.CONFIRMED, unsure: ICalEventStatus.TENTATIVE, cancelled: ICalEventStatus.CANCELLED } as const;
const dayMillis = 86_400_000;
/** How often a calendar program is asked to look again. */
const refreshSeconds = 15 * 60;

/** An instant in its place's own time, in the one form that the library takes without a time library of its own. */
function localTime(at: string, timeZone: string): ICalDayJsStub {
  const [day, time] = civilTime(at, timeZone).split('T');
  const self: ICalDayJsStub = {
    format: (pattern) => (pattern === 'YYYYMMDD' ? day : time) ?? '',
    isValid: () => true,
    toDate: () => new Date(at),
    toJSON: () => at,
    tz: () => self,
    utc: () => self,
  };
  return self;
}

/**
 * A calendar to subscribe to (RFC 5545, published): entries in the local time of their place with its zone's rules beside them.
 * It says where and when and nothing of what is done there (invariant 11). Cancelled entries stay, marked as such, so that
 * programs which only add and change take them out too. The same feed is the same text.
 */
export function feedOf({ name, domain, entries, modifiedAt }: CalendarFeed): string {
  const times = entries.flatMap(({ start, end }) => [Date.parse(start), Date.parse(end)]);
  const [first, last] = [Math.min(modifiedAt.getTime(), ...times), Math.max(modifiedAt.getTime(), ...times)];
  const rules = (zone: string) => zoneRules(zone, new Date(first - dayMillis), new Date(last + dayMillis));
  const calendar = ical({
    name,
    ttl: refreshSeconds,
    prodId: { company: 'Afterglow', product: 'Afterglow' },
    // A zone of the whole would be written on DTSTAMP too, which must be in UTC.
    timezone: { name: null, generator: rules },
  });
  for (const { sessionId, start, end, timeZone, place, title, standing, sequence } of entries) {
    calendar.createEvent({
      id: `${sessionId}@${domain}`,
      sequence,
      stamp: modifiedAt,
      start: localTime(start, timeZone),
      end: localTime(end, timeZone),
      timezone: timeZone,
      summary: title,
      location: place,
      status: statusOf[standing],
      busystatus: standing === 'cancelled' ? ICalEventBusyStatus.FREE : ICalEventBusyStatus.BUSY,
    });
  }
  return `${calendar.toString()}\r\n`;
}
