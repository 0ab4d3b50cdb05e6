import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { type ClinicDocument, parseClinic } from '#clinic';
import { narrowedBy } from '#messaging';
import { foldPatient, type Patient } from '#patient';
import { projectRoot } from '#platform';
import { capFreeAt, evolve, type Outreach } from './decider.js';
import { after, day, hour, localDay, type SessionFacts } from './draft.js';
import type { OutreachEvent } from './events.js';
import { purposeOf } from './kinds.js';
import { clinicZone, type Knowledge, statesOf, zonesOf } from './knowledge.js';
import { plan } from './plan.js';

/* The whole way from what is known of a patient to the rows of the ledger, for patients, courses and clocks of any kind. */

const sample: ClinicDocument = parseClinic(JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
/** Federal holidays of this winter and spring. */
const holidays = ['2026-11-11', '2026-11-26', '2026-12-25', '2027-01-01', '2027-01-18', '2027-02-15', '2027-05-31', '2027-06-18'];
const began = '2026-10-20T00:00:00.000Z';

interface World {
  readonly patientId: string;
  readonly clinic: Pick<ClinicDocument, 'contactHours' | 'messageCaps' | 'locations'>;
  readonly knowledge: Knowledge;
  readonly now: string;
  /** Texts of the last week. */
  readonly texts: readonly string[];
}

/** A patient's rows as their plans leave them. */
class Ledger {
  rows: readonly Outreach[] = [];
  #ids = 0;

  plan({ patientId, clinic, knowledge, now, texts }: World): readonly OutreachEvent[] {
    const newId = () => `018f0000-0000-7000-8000-${String((this.#ids += 1)).padStart(12, '0')}`;
    const events = plan(knowledge, this.rows, { patientId, clinic, now, texts, newId });
    const found = new Map(this.rows.map((row) => [row.outreachId, row]));
    for (const event of events) {
      const row = evolve(found.get(event.data.outreachId), event);
      if (row !== undefined) found.set(row.outreachId, row);
    }
    this.rows = [...found.values()];
    return events;
  }

  get open(): readonly Outreach[] {
    return this.rows.filter(({ status }) => status === 'planned');
  }

  /** Open and not past its time: that is about to end. */
  live(now: string): readonly Outreach[] {
    return this.open.filter(({ expiresAt }) => expiresAt > now);
  }
}

const planned = (world: World): Ledger => {
  const ledger = new Ledger();
  ledger.plan(world);
  return ledger;
};

const patients = fc
  .record({
    phone: fc.option(fc.constantFrom('+12125550100', '+12055550100', '+15025550100', '+13055550100'), { nil: undefined }),
    email: fc.option(fc.constant('ana@example.com'), { nil: undefined }),
    timeZone: fc.constantFrom('America/New_York', 'America/Chicago', 'America/Phoenix', 'America/Los_Angeles', 'Pacific/Honolulu', 'Europe/Madrid', undefined),
    state: fc.constantFrom('TX', 'LA', 'NY', undefined),
    granted: fc.record({ sms: fc.boolean(), email: fc.boolean(), offers: fc.boolean() }),
  })
  .map(({ phone, email, timeZone, state, granted }): Patient => {
    const word = (channel: 'sms' | 'email', scope: 'care' | 'marketing', address: string | undefined, isGranted: boolean) =>
      address === undefined ? [] : [{ channel, scope, address, granted: isGranted, method: 'form', at: began }];
    const consents = [
      ...word('sms', 'care', phone, granted.sms),
      ...word('email', 'care', email, granted.email),
      ...word('email', 'marketing', email, granted.offers),
    ];
    const known = Object.entries({ givenName: 'Ana', familyName: 'Ruiz', phone, email, timeZone, state }).filter(([, value]) => value !== undefined);
    return { ...foldPatient([]), person: Object.fromEntries(known), consents };
  });

/** A session as it was booked a month before; what a test wants otherwise it says. */
const sessionOf = (start: string, status: SessionFacts['status']): SessionFacts => ({
  sessionId: 's-0',
  courseId: 'course-1',
  consultationId: 'c-1',
  status,
  item: 0,
  number: 1,
  protocolId: 'microneedling.cosmetic',
  start,
  timeZone: 'America/New_York',
  locationId: 'nyc',
  setAt: after(start, -30 * day),
  moved: false,
  cancelledAt: null,
  cancelledBy: null,
  completedAt: null,
  noShowAt: null,
  checkInDays: [],
  intervalMinDays: 28,
  overdueDays: 60,
  preparation: [],
});

const quarter = 900_000;
const sessionsAt = (now: string) =>
  fc
    .array(
      fc.record({
        course: fc.integer({ min: 1, max: 2 }),
        // Quarters of an hour from now: three weeks back, two months ahead.
        from: fc.integer({ min: -21 * 96, max: 60 * 96 }),
        leadHours: fc.integer({ min: 0, max: 24 * 40 }),
        past: fc.constantFrom<SessionFacts['status']>('completed', 'completed', 'completed', 'no_show', 'cancelled'),
        ahead: fc.constantFrom<SessionFacts['status']>('booked', 'booked', 'confirmed', 'cancelled', 'on_hold', 'unscheduled'),
        moved: fc.boolean(),
        checkInDays: fc.subarray([0, 1, 3, 7, 14]),
        preparation: fc.subarray([
          { code: 'sun', daysBefore: 14 },
          { code: 'topical_retinoid', daysBefore: 5 },
          { code: 'aha_bha', daysBefore: 5 },
          { code: 'otc_nsaid', daysBefore: 1 },
        ]),
      }),
      { maxLength: 6 },
    )
    .map((list) =>
      list.map(({ course, from, leadHours, past, ahead, moved, checkInDays, preparation }, index): SessionFacts => {
        const start = new Date(Math.floor(Date.parse(now) / quarter) * quarter + from * quarter).toISOString();
        const status = start <= now ? past : ahead;
        const setAt = [after(start, -leadHours * hour), now].sort()[0] ?? now;
        const isTimed = status !== 'unscheduled';
        return {
          ...sessionOf(start, status),
          sessionId: `s-${index}`,
          courseId: `course-${course}`,
          consultationId: `c-${course}`,
          number: index + 1,
          start: isTimed ? start : null,
          setAt: isTimed ? setAt : null,
          moved,
          cancelledAt: status === 'cancelled' ? setAt : null,
          cancelledBy: status === 'cancelled' ? 'clinic' : null,
          completedAt: status === 'completed' ? ([after(start, hour), now].sort()[0] ?? now) : null,
          noShowAt: status === 'no_show' ? start : null,
          checkInDays,
          preparation,
        };
      }),
    );

const worlds = fc
  .record({
    patientId: fc.integer({ min: 1, max: 999 }).map((number) => `p-${number}`),
    now: fc.date({ min: new Date('2026-10-25T00:00:00Z'), max: new Date('2027-04-01T00:00:00Z'), noInvalidDate: true }),
    patient: patients,
    caps: fc.constantFrom({ perDay: 1, perWeek: 3 }, { perDay: 1, perWeek: 1 }, { perDay: 2, perWeek: 4 }, { perDay: 100, perWeek: 100 }),
    state: fc.constantFrom('NY', 'KY', 'TX', 'LA'),
    sentHoursAgo: fc.option(fc.integer({ min: 1, max: 160 }), { nil: undefined }),
  })
  .chain(({ patientId, now, patient, caps, state, sentHoursAgo }) =>
    sessionsAt(now.toISOString()).map((sessions): World => ({
      patientId,
      clinic: { contactHours: sample.contactHours, messageCaps: caps, locations: sample.locations.slice(0, 1).map((location) => ({ ...location, state })) },
      knowledge: { patient, sessions, consultations: [] },
      now: now.toISOString(),
      texts: sentHoursAgo === undefined ? [] : [after(now.toISOString(), -sentHoursAgo * hour)],
    })),
  );

const holds = (property: (world: World) => void, numRuns = 150) => fc.assert(fc.property(worlds, property), { numRuns });
const withSessions = (world: World, change: (session: SessionFacts) => SessionFacts): World => ({
  ...world,
  knowledge: { ...world.knowledge, sessions: world.knowledge.sessions.map(change) },
});
const contentOf = ({ outreachId, channel, occasion, targetAt, locals }: Outreach) => ({ outreachId, channel, occasion, targetAt, locals });

describe('everything that is planned', () => {
  test("is due inside the hours of the patient, the clinic and their states' tables (invariant 6)", () => {
    holds((world) => {
      const { clinic, knowledge } = world;
      const [zones, states] = [zonesOf(knowledge.patient, clinic), statesOf(knowledge.patient, clinic)];
      for (const row of planned(world).open.filter(({ channel }) => channel !== 'call')) {
        const hours = narrowedBy(states, clinic.contactHours, purposeOf(row));
        expect(row.dueAt >= world.now && row.dueAt < row.expiresAt).toBe(true);
        for (const zone of zones) {
          const local = Temporal.Instant.from(row.dueAt).toZonedDateTimeISO(zone);
          const time = local.toPlainTime().toString().slice(0, 5);
          const ranges = hours[String(local.dayOfWeek) as keyof typeof hours] ?? [];
          expect([row.dueAt, zone, ranges.some(([from, to]) => from <= time && time < to)]).toEqual([row.dueAt, zone, true]);
          if (purposeOf(row) === 'solicitation') expect(holidays).not.toContain(local.toPlainDate().toString());
        }
      }
    });
  });

  test('keeps the caps on text messages, with those that were sent before', () => {
    holds((world) => {
      const due = planned(world).open.filter(({ channel }) => channel === 'sms');
      const texts = [...world.texts, ...due.map(({ dueAt }) => dueAt)].sort();
      texts.forEach((at, index) => {
        if (!world.texts.includes(at)) expect(capFreeAt(texts.slice(0, index), at, world.clinic.messageCaps)).toBe(at);
      });
    });
  });

  test('goes by a channel that consent opens for the address that holds now (invariant 7)', () => {
    holds((world) => {
      const { person, consents } = world.knowledge.patient;
      const open = (channel: string, scope: string) =>
        consents.some((word) => word.channel === channel && word.scope === scope && word.granted && [person.phone, person.email].includes(word.address));
      for (const { channel, touchpoint } of planned(world).open)
        if (channel !== 'call') expect(open(channel, touchpoint === 'maintenance-recall' ? 'marketing' : 'care')).toBe(true);
    });
  });

  test('says once what it says of several sessions of one visit', () => {
    holds((world) => {
      const told = planned(world)
        .live(world.now)
        .filter(({ touchpoint }) => touchpoint === 'reminder' || touchpoint === 'arrival' || touchpoint === 'instructions')
        .map(({ touchpoint, locals, targetAt, because }) =>
          [touchpoint, localDay(locals.start ?? '', 'America/New_York').toString(), because, targetAt?.slice(0, 10)].join(' '),
        );
      expect(new Set(told).size).toBe(told.length);
    });
  });

  test('puts nothing before safety: what asks how a patient is goes as if nothing else were wished', () => {
    const safety = (ledger: Ledger) =>
      ledger.open.filter(({ category }) => category === 'safety').map(({ occasion, channel, dueAt }) => [occasion, channel, dueAt]);
    holds((world) => {
      const alone = withSessions(world, (session) => ({ ...session, preparation: [] }));
      const onlyDone = { ...alone, knowledge: { ...alone.knowledge, sessions: alone.knowledge.sessions.filter(({ completedAt }) => completedAt !== null) } };
      expect(safety(planned(world))).toEqual(safety(planned(onlyDone)));
    });
  });
});

describe('safety touchpoints never vanish (invariant 7)', () => {
  test('every check-in whose time has not long gone by is a text, a letter or a call; two of one day are one', () => {
    holds((world) => {
      const { rows } = planned(world);
      const zone = clinicZone(world.clinic);
      const asked = rows.filter(({ touchpoint }) => touchpoint === 'check-in');
      for (const { sessionId, completedAt, checkInDays } of world.knowledge.sessions) {
        if (completedAt === null) continue;
        for (const days of checkInDays) {
          const on = localDay(completedAt, zone).add({ days });
          // The end of the next day, or of the day itself; and three days more for a call.
          const ends = on
            .add({ days: days === 0 ? 1 : 2 })
            .toZonedDateTime(zone)
            .toInstant()
            .toString();
          if (after(ends, -hour) <= world.now) continue;
          const own = asked.some((row) => row.sessionId === sessionId && row.locals.day === days);
          const sameDay = asked.some(
            (row) =>
              row.targetAt !== null &&
              days !== 0 &&
              row.locals.day !== 0 &&
              Math.abs(Date.parse(row.targetAt) - on.toZonedDateTime({ timeZone: zone, plainTime: '10:00' }).epochMilliseconds) < 2 * day,
          );
          expect([sessionId, days, own || sameDay]).toEqual([sessionId, days, true]);
        }
      }
    });
  });

  test('every washout of a visit ahead is told or called about, whatever consent, caps and the time left', () => {
    holds((world) => {
      const { rows } = planned(world);
      for (const { sessionId, status, start, preparation } of world.knowledge.sessions) {
        if (start === null || start <= world.now || (status !== 'booked' && status !== 'confirmed')) continue;
        const told = rows.filter((row) => row.sessionId === sessionId && row.touchpoint === 'preparation').flatMap(({ locals }) => locals.avoid ?? []);
        expect([...new Set(told)].sort()).toEqual([...new Set(preparation.map(({ code }) => code))].sort());
      }
    });
  });
});

describe('planning again', () => {
  test('changes nothing, at once and a little later (invariant 5)', () => {
    holds((world) => {
      const ledger = planned(world);
      expect(ledger.plan(world)).toEqual([]);
      const due = ledger.open
        .map(({ dueAt, expiresAt }) => [dueAt, expiresAt])
        .flat()
        .sort();
      const soon = after(world.now, 60_000);
      const halfHour = (at: string) => Math.floor(Date.parse(at) / 1_800_000);
      // Unless something falls due or loses its sense in between, or the permitted hours begin or end.
      if (halfHour(soon) === halfHour(world.now) && due.every((at) => at > soon || at < world.now)) expect(ledger.plan({ ...world, now: soon })).toEqual([]);
    });
  });

  test('under keys that stay unique, one open row for an occasion', () => {
    fc.assert(
      fc.property(worlds, worlds, (one, other) => {
        const ledger = planned(one);
        ledger.plan({ ...other, patientId: one.patientId, now: one.now });
        ledger.plan(one);
        expect(new Set(ledger.rows.map(({ key }) => key)).size).toBe(ledger.rows.length);
        const occasions = ledger.live(one.now).map(({ occasion }) => occasion);
        expect(new Set(occasions).size).toBe(occasions.length);
      }),
      { numRuns: 60 },
    );
  });

  test("after a session was moved changes that session's rows and no others, as long as there is room", () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 20 }), (given, days) => {
        const world = { ...given, clinic: { ...given.clinic, messageCaps: { perDay: 100, perWeek: 100 } } };
        const moved = world.knowledge.sessions.find(({ status, start }) => status === 'booked' && start !== null && start > world.now);
        if (moved === undefined || moved.start === null) return;
        const start = after(moved.start, days * day);
        const ledger = planned(world);
        const before = new Map(ledger.rows.map((row) => [row.outreachId, row]));
        ledger.plan(withSessions(world, (session) => (session === moved ? { ...session, start, setAt: world.now, moved: true } : session)));
        const changed = ledger.rows.filter((row) => before.get(row.outreachId) !== row);
        // The course's own messages list its visits, and sessions of one day are told together.
        const visitDays = [moved.start, start].map((at) => localDay(at, moved.timeZone).toString());
        const isOfThatDay = ({ locals }: Outreach) => locals.start !== undefined && visitDays.includes(localDay(locals.start, moved.timeZone).toString());
        const isOfCourse = ({ courseId, touchpoint }: Outreach) =>
          courseId === moved.courseId && (touchpoint === 'plan-summary' || touchpoint === 'rescheduled');
        const others = changed.filter((row) => row.sessionId !== moved.sessionId && !isOfCourse(row) && !isOfThatDay(row));
        expect(others.map(contentOf)).toEqual([]);
        const own = ledger.live(world.now).filter(({ sessionId, locals }) => sessionId === moved.sessionId && locals.start !== undefined);
        for (const { locals } of own) expect(locals.start).toBe(start);
        expect(JSON.stringify(ledger.live(world.now).map(({ locals }) => locals.visits ?? []))).not.toContain(moved.start);
      }),
      { numRuns: 150 },
    );
  });

  test('of a cancelled course leaves nothing open but the word that it is', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom('patient', 'clinic'), (world, by) => {
        const ledger = planned(world);
        const isDone = ({ status }: SessionFacts) => status === 'completed' || status === 'no_show' || status === 'cancelled';
        ledger.plan(
          withSessions(world, (session) =>
            isDone(session) ? session : { ...session, status: 'cancelled', cancelledAt: world.now, cancelledBy: by, moved: false },
          ),
        );
        const cancelled = new Set(world.knowledge.sessions.filter((session) => !isDone(session)).map(({ sessionId }) => sessionId));
        const left = ledger.live(world.now).filter(({ sessionId }) => cancelled.has(sessionId ?? ''));
        expect(left.filter(({ touchpoint }) => touchpoint !== (by === 'patient' ? 'cancelled-as-asked' : 'session-cancelled'))).toEqual([]);
        expect(ledger.live(world.now).some(({ touchpoint }) => touchpoint === 'plan-summary' || touchpoint === 'rescheduled')).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test('of an erased patient leaves nothing open (invariant 13)', () => {
    holds((world) => {
      const ledger = planned(world);
      ledger.plan({ ...world, knowledge: { patient: { ...foldPatient([]), erased: true }, sessions: [], consultations: [] } });
      expect(ledger.live(world.now)).toEqual([]);
    });
  });
});

describe('many patients at once', () => {
  const [start, now] = ['2026-12-15T15:00:00.000Z', '2026-12-01T15:00:00.000Z'];
  const session = { ...sessionOf(start, 'booked'), setAt: now, preparation: [{ code: 'sun', daysBefore: 7 }] };
  const done = {
    ...sessionOf('2026-11-30T15:00:00.000Z', 'completed'),
    sessionId: 's-9',
    courseId: 'course-2',
    completedAt: '2026-11-30T16:00:00.000Z',
    checkInDays: [3, 7],
  };
  const consents = (['sms', 'email'] as const).map((channel) => ({
    channel,
    scope: 'care' as const,
    address: channel === 'sms' ? '+12125550100' : 'ana@example.com',
    granted: true,
    method: 'form',
    at: began,
  }));
  const person = { givenName: 'Ana', familyName: 'Ruiz', phone: '+12125550100', email: 'ana@example.com' };
  const clinic = { contactHours: sample.contactHours, messageCaps: { perDay: 1, perWeek: 3 }, locations: sample.locations.slice(0, 1) };
  const rowsOf = (number: number) =>
    planned({
      patientId: `p-${number}`,
      clinic,
      now,
      texts: [],
      knowledge: { patient: { ...foldPatient([]), person, consents }, sessions: [session, done], consultations: [] },
    }).rows;
  const ledgers = Array.from({ length: 1_000 }, (_, number) => rowsOf(number));
  const dueOf = (touchpoint: string) => ledgers.flatMap((rows) => rows.filter((row) => row.touchpoint === touchpoint).map(({ dueAt }) => dueAt));

  test('do not get what is planned by the clock in the same second: within ten minutes of it', () => {
    for (const [touchpoint, hours] of Object.entries({ reminder: ['15:3', '17:0'], preparation: ['15:0'], arrival: ['14:0'] })) {
      // Ten in the morning, half past ten, nine when the hours open; noon on a Sunday.
      const due = dueOf(touchpoint);
      expect(due.length).toBeGreaterThanOrEqual(1_000);
      expect(due.filter((at) => !hours.some((hour) => at.slice(11).startsWith(hour)))).toEqual([]);
      const perSecond = new Map<string, number>();
      for (const at of due) perSecond.set(at.slice(0, 19), (perSecond.get(at.slice(0, 19)) ?? 0) + 1);
      expect(Math.max(...perSecond.values())).toBeLessThan(20);
    }
  });

  test('get what answers an event at once, and are asked how they are on the minute', () => {
    expect(new Set(dueOf('plan-summary'))).toEqual(new Set([now]));
    expect(new Set(dueOf('check-in'))).toEqual(new Set(['2026-12-03T15:00:00.000Z', '2026-12-07T15:00:00.000Z']));
  });
});
