import { describe, expect, it } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { courseRequest, everyDay, type Hours, plainProtocols } from '../../test/support/course-request.js';
import { freeStarts, parsePlanRequest, type PlanAnswer, planCourse, type PlanRequestInput } from './index.js';

const NEW_YORK = 'America/New_York';

function local(instant: string, timeZone = NEW_YORK): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDateTime().toString().replace('T', ' ');
}

/** The plan's sessions as 'protocol date time (resources)', and its cost. */
function planned(input: PlanRequestInput): { cost: number; sessions: string[] } {
  const answer = planCourse(parsePlanRequest(input));
  if (answer.status !== 'scheduled') throw new Error(JSON.stringify(answer));
  expect(answer.optimal).toBe(true);
  const sessions = answer.sessions.map(
    ({ protocolId, start, providerId, roomId, deviceId }) =>
      `${protocolId} ${local(start, input.clinic.timeZone)} (${[providerId, roomId, ...(deviceId ? [deviceId] : [])].join(' ')})`,
  );
  return { cost: answer.cost, sessions };
}

function dates(answer: PlanAnswer): string[] {
  return answer.status === 'scheduled' ? answer.sessions.map(({ start }) => local(start).slice(0, 10)) : [];
}

function blamed(input: PlanRequestInput): string[] {
  const answer = planCourse(parsePlanRequest(input));
  return answer.status === 'infeasible' ? answer.because.map(({ constraint }) => constraint) : ['scheduled'];
}

const provider = { id: 'p1', protocols: ['peel', 'laser'], hours: everyDay(['09:00', '17:00']) };
const twoItems = {
  items: [
    { protocolId: 'peel', sessions: 1 },
    { protocolId: 'laser', sessions: 1 },
  ],
};
type Protocol = PlanRequestInput['protocols'][string];
const peelAnd = (peel: Partial<Protocol>, laser: Partial<Protocol> = {}): Record<string, Protocol> => ({
  peel: { ...plainProtocols.peel, ...peel },
  laser: { ...plainProtocols.laser, ...laser },
});

describe('when a session may start', () => {
  it('is on the grid, and not before notBefore', () => {
    expect(planned(courseRequest({ notBefore: '2026-12-01T14:10:00Z' }))).toEqual({ cost: 0, sessions: ['peel 2026-12-01 09:30:00 (p1 r1)'] });
  });

  it('is on a date less than the horizon after that of notBefore', () => {
    const closed = ['2026-12-01', '2026-12-02'];
    const { clinic } = courseRequest();
    expect(planned(courseRequest({ clinic: { ...clinic, closed }, horizonDays: 3 })).sessions).toEqual(['peel 2026-12-03 09:00:00 (p1 r1)']);
    expect(blamed(courseRequest({ clinic: { ...clinic, closed }, horizonDays: 2 }))).toEqual(['hours', 'horizon']);
  });

  it('lies within the hours that clinic and provider share', () => {
    const hours: Hours = {
      2: [
        ['08:00', '10:00'],
        ['15:30', '19:00'],
      ],
    };
    expect(planned(courseRequest({ providers: [{ ...provider, hours }] })).sessions).toEqual(['peel 2026-12-01 09:00:00 (p1 r1)']);
    const late: Hours = {
      2: [
        ['08:00', '09:30'],
        ['15:30', '19:00'],
      ],
    };
    expect(planned(courseRequest({ providers: [{ ...provider, hours: late }] })).sessions).toEqual(['peel 2026-12-01 15:30:00 (p1 r1)']);
  });

  it('may cross from one range to the next where they touch, but not midnight', () => {
    const protocols = peelAnd({ durationMinutes: 120 });
    const hours = everyDay(['00:00', '01:30'], ['09:00', '10:00'], ['10:00', '11:00'], ['22:30', '24:00']);
    const request = courseRequest({ clinic: { timeZone: NEW_YORK, gridMinutes: 30, hours }, providers: [{ ...provider, hours }], protocols });
    expect(planned(request).sessions).toEqual(['peel 2026-12-01 09:00:00 (p1 r1)']);
  });

  it('is when nothing it needs is taken, and may be when that ends', () => {
    const from = '2026-12-01T14:00:00Z';
    for (const resource of ['p1', 'r1', 'd1']) {
      const request = courseRequest({ devices: [{ id: 'd1', protocols: ['peel'] }], busy: [{ resource, from, to: '2026-12-01T15:00:00Z' }] });
      expect(planned(request).sessions).toEqual(['peel 2026-12-01 10:00:00 (p1 r1 d1)']);
    }
    expect(planned(courseRequest({ patient: { unavailable: [{ from, to: '2026-12-01T16:30:00Z' }] } })).sessions).toEqual(['peel 2026-12-01 11:30:00 (p1 r1)']);
  });

  it('lets turnover run past closing, but not into what takes the room', () => {
    const hours = everyDay(['09:00', '10:00']);
    const request = courseRequest({ clinic: { timeZone: NEW_YORK, gridMinutes: 30, hours }, protocols: peelAnd({ turnoverMinutes: 45 }) });
    expect(planned(request).sessions).toEqual(['peel 2026-12-01 09:00:00 (p1 r1)']);
    const busy = (resource: string) => [{ resource, from: '2026-12-01T15:30:00Z', to: '2026-12-01T16:00:00Z' }];
    expect(planned({ ...request, busy: busy('r1') }).sessions).toEqual(['peel 2026-12-02 09:00:00 (p1 r1)']);
    expect(planned({ ...request, busy: busy('p1') }).sessions).toEqual(['peel 2026-12-01 09:00:00 (p1 r1)']);
  });

  it('is no later than the last valid date of the certification', () => {
    const request = (until: string): PlanRequestInput =>
      courseRequest({ providers: [{ ...provider, validUntil: { peel: until } }], notBefore: '2026-12-03T05:00:00Z' });
    expect(planned(request('2026-12-03')).sessions).toEqual(['peel 2026-12-03 09:00:00 (p1 r1)']);
    expect(blamed(request('2026-12-02'))).toEqual(['provider', 'licence']);
  });

  it('keeps downtime clear of social events', () => {
    expect(planned(courseRequest({ patient: { socialEvents: [{ on: '2026-12-03' }] } }))).toEqual({ cost: 3, sessions: ['peel 2026-12-04 09:00:00 (p1 r1)'] });
    expect(planned(courseRequest({ patient: { socialEvents: [{ on: '2026-12-04' }] } })).cost).toBe(0);
  });
});

describe('what happened before', () => {
  it('is waited for without cost: clearance, the own interval, the longest spacing', () => {
    const clear = [{ protocolId: 'peel', notBefore: '2026-12-05', because: 'retinoid washout' }];
    expect(planned(courseRequest({ patient: { clear } }))).toEqual({ cost: 0, sessions: ['peel 2026-12-05 09:00:00 (p1 r1)'] });
    const treated = [
      { protocolId: 'peel', on: '2026-11-27' },
      { protocolId: 'filler', on: '2026-11-26' },
    ];
    expect(planned(courseRequest({ patient: { treated } }))).toEqual({ cost: 0, sessions: ['peel 2026-12-04 09:00:00 (p1 r1)'] });
    const spacing = [
      { from: 'filler', to: 'peel', minDays: 14 },
      { from: 'filler', to: 'peel', minDays: 10 },
      { from: 'peel', to: 'filler', minDays: 40 },
    ];
    expect(planned(courseRequest({ patient: { treated }, spacing }))).toEqual({ cost: 0, sessions: ['peel 2026-12-10 09:00:00 (p1 r1)'] });
  });

  it('holds in the direction in which it happens when a treatment elsewhere is still to come', () => {
    const patient = { treated: [{ protocolId: 'filler', on: '2026-12-04' }] };
    expect(planned(courseRequest({ patient, spacing: [{ from: 'peel', to: 'filler', minDays: 3 }] })).sessions).toEqual(['peel 2026-12-01 09:00:00 (p1 r1)']);
    expect(planned(courseRequest({ patient, spacing: [{ from: 'peel', to: 'filler', minDays: 4 }] })).sessions).toEqual(['peel 2026-12-04 09:00:00 (p1 r1)']);
  });
});

describe('sessions of one item', () => {
  it('follow each other at the ideal interval when they can', () => {
    expect(planned(courseRequest({}, 3))).toEqual({
      cost: 0,
      sessions: ['peel 2026-12-01 09:00:00 (p1 r1)', 'peel 2026-12-11 09:00:00 (p1 r1)', 'peel 2026-12-21 09:00:00 (p1 r1)'],
    });
  });

  it('count days between local dates, not hours', () => {
    const hours: Hours = { 2: [['15:00', '17:00']], 1: [['09:00', '10:00']] };
    const protocols = peelAnd({ intervalDays: { min: 6, ideal: 6, max: 6 } });
    expect(planned(courseRequest({ providers: [{ ...provider, hours }], protocols }, 2)).sessions).toEqual([
      'peel 2026-12-01 15:00:00 (p1 r1)',
      'peel 2026-12-07 09:00:00 (p1 r1)',
    ]);
  });

  it('are found where the earliest next start would lead into a dead end', () => {
    const closed = Array.from({ length: 30 }, (_day, index) => `2026-12-${String(index + 1).padStart(2, '0')}`).filter(
      (date) => !['2026-12-01', '2026-12-08', '2026-12-12', '2026-12-26'].includes(date),
    );
    const { clinic } = courseRequest();
    // 1 → 8 is the earliest next, but nothing lies 7 to 14 days after the 8th; 1 → 12 → 26 works.
    const protocols = peelAnd({ intervalDays: { min: 7, ideal: 7, max: 14 } });
    const request = courseRequest({ clinic: { ...clinic, closed }, protocols, horizonDays: 30 }, 3);
    expect(planned(request).sessions.map((session) => session.slice(5, 15))).toEqual(['2026-12-01', '2026-12-12', '2026-12-26']);
  });

  it('may share a day when the interval allows none between them, but not the hour, nor the room in turnover', () => {
    const protocols = peelAnd({ turnoverMinutes: 30, intervalDays: { min: 0, ideal: 0, max: 0 } });
    expect(planned(courseRequest({ protocols }, 2)).sessions).toEqual(['peel 2026-12-01 09:00:00 (p1 r1)', 'peel 2026-12-01 10:30:00 (p1 r1)']);
    const rooms = [
      { id: 'r1', protocols: ['peel'] },
      { id: 'r2', protocols: ['peel'] },
    ];
    expect(planned(courseRequest({ protocols, rooms }, 2)).sessions).toEqual(['peel 2026-12-01 09:00:00 (p1 r1)', 'peel 2026-12-01 10:00:00 (p1 r2)']);
  });
});

describe('sessions of different items', () => {
  it('interleave, on one day unless spacing forbids it', () => {
    expect(planned(courseRequest({ course: twoItems }))).toEqual({
      cost: 0,
      sessions: ['peel 2026-12-01 09:00:00 (p1 r1)', 'laser 2026-12-01 10:00:00 (p1 r1)'],
    });
  });

  it('keep the spacing of the direction in which they happen', () => {
    const spacing = [{ from: 'peel', to: 'laser', minDays: 5 }];
    expect(planned(courseRequest({ course: twoItems, spacing })).sessions).toEqual(['laser 2026-12-01 09:00:00 (p1 r1)', 'peel 2026-12-01 10:00:00 (p1 r1)']);
    const both = [...spacing, { from: 'laser', to: 'peel', minDays: 3 }, { from: 'laser', to: 'peel', minDays: 2 }];
    expect(planned(courseRequest({ course: twoItems, spacing: both })).sessions).toEqual([
      'laser 2026-12-01 09:00:00 (p1 r1)',
      'peel 2026-12-04 09:00:00 (p1 r1)',
    ]);
  });

  it('keep each other out of a room and a device during turnover', () => {
    const protocols = peelAnd({ turnoverMinutes: 40 }, { turnoverMinutes: 40 });
    const devices = [{ id: 'd1', protocols: ['peel', 'laser'] }];
    const rooms = [
      { id: 'r1', protocols: ['peel', 'laser'] },
      { id: 'r2', protocols: ['peel', 'laser'] },
    ];
    expect(planned(courseRequest({ course: twoItems, protocols, rooms })).sessions).toEqual([
      'peel 2026-12-01 09:00:00 (p1 r1)',
      'laser 2026-12-01 10:00:00 (p1 r2)',
    ]);
    expect(planned(courseRequest({ course: twoItems, protocols, rooms, devices })).sessions).toEqual([
      'peel 2026-12-01 09:00:00 (p1 r1 d1)',
      'laser 2026-12-01 11:00:00 (p1 r1 d1)',
    ]);
  });
});

describe('the cost', () => {
  it('is two for a session outside every preferred window, and windows that touch are not one', () => {
    const preferred = [
      { weekday: 2, from: '09:00', to: '09:30' },
      { weekday: 2, from: '09:30', to: '10:00' },
    ];
    expect(planned(courseRequest({ patient: { preferred } }))).toEqual({ cost: 2, sessions: ['peel 2026-12-01 09:00:00 (p1 r1)'] });
    const wednesday = [...preferred, { weekday: 3, from: '13:00', to: '14:00' }];
    expect(planned(courseRequest({ patient: { preferred: wednesday } }))).toEqual({ cost: 1, sessions: ['peel 2026-12-02 13:00:00 (p1 r1)'] });
  });

  it('counts the days to the first session and every day off the ideal interval', () => {
    const patient = {
      unavailable: [
        { from: '2026-12-11T05:00:00Z', to: '2026-12-13T05:00:00Z' },
        { from: '2026-12-01T05:00:00Z', to: '2026-12-02T05:00:00Z' },
      ],
    };
    // From 2 December: one day late, then the 12th is out, the 13th is one day off.
    expect(planned(courseRequest({ patient }, 2))).toEqual({ cost: 2, sessions: ['peel 2026-12-02 09:00:00 (p1 r1)', 'peel 2026-12-13 09:00:00 (p1 r1)'] });
  });

  it('leaves ties to the smaller ids by code unit, provider before room before device', () => {
    const ids = ['p2', 'p10', 'P3'];
    const providers = ids.map((id) => ({ ...provider, id }));
    const rooms = ['rB', 'ra', 'r\u00e9'].map((id) => ({ id, protocols: ['peel'] }));
    const devices = ['d2', 'd1'].map((id) => ({ id, protocols: ['peel'] }));
    expect(planned(courseRequest({ providers, rooms, devices })).sessions).toEqual(['peel 2026-12-01 09:00:00 (P3 rB d1)']);
  });

  it('leaves ties to the item that needs no device, then to the one listed first', () => {
    const items = [...twoItems.items].reverse();
    expect(planned(courseRequest({ course: { items } })).sessions[0]).toBe('laser 2026-12-01 09:00:00 (p1 r1)');
    const devices = [{ id: 'd1', protocols: ['laser'] }];
    expect(planned(courseRequest({ course: { items }, devices })).sessions).toEqual([
      'peel 2026-12-01 09:00:00 (p1 r1)',
      'laser 2026-12-01 10:00:00 (p1 r1 d1)',
    ]);
  });
});

describe('the day on which the skin is to be at its best', () => {
  it('is the day after the last healing, the sessions lying back from it at the ideal interval', () => {
    const answer = planCourse(parsePlanRequest(courseRequest({ bestOn: '2027-01-20' }, 3)));
    expect(answer).toMatchObject({ status: 'scheduled', cost: 0, optimal: true });
    // Two days of downtime after Sunday the 17th end on the 19th.
    expect(dates(answer)).toEqual(['2026-12-28', '2027-01-07', '2027-01-17']);
  });

  it('binds the items named; others are only not healing on it', () => {
    const request = courseRequest({
      bestOn: '2026-12-10',
      bestItems: [1],
      course: {
        items: [
          { protocolId: 'peel', sessions: 3 },
          { protocolId: 'laser', sessions: 1 },
        ],
      },
    });
    const answer = planCourse(parsePlanRequest(request));
    expect(answer).toMatchObject({ cost: 0, sessions: expect.arrayContaining([expect.objectContaining({ item: 1, start: '2026-12-07T14:00:00Z' })]) });
    expect(dates(answer).some((date) => date > '2026-12-10')).toBe(true);
    expect(dates(answer).filter((date) => date >= '2026-12-08' && date <= '2026-12-10')).toEqual([]);
  });

  it('is refused when the least intervals do not fit before it, with the day that would do', () => {
    const answer = planCourse(parsePlanRequest(courseRequest({ bestOn: '2026-12-12' }, 3)));
    expect(answer).toMatchObject({
      status: 'infeasible',
      because: [{ constraint: 'interval' }, { constraint: 'social_event', detail: expect.stringContaining('at its best on 2026-12-12') }],
      relaxations: expect.arrayContaining([
        expect.objectContaining({ constraint: 'social_event', change: 'let the skin be at its best 6 days later, on 2026-12-18' }),
      ]),
    });
  });

  it('names an item of the course, and says nothing alone', () => {
    expect(() => parsePlanRequest(courseRequest({ bestOn: '2026-12-12', bestItems: [1] }))).toThrow('bestItems[0]: the course has no item 1');
    expect(() => parsePlanRequest(courseRequest({ bestItems: [0] }))).toThrow('bestItems: says nothing without "bestOn"');
  });
});

describe('the clock', () => {
  const allDay = everyDay(['00:00', '24:00']);
  const starts = (timeZone: string, notBefore: string, to: string, gridMinutes = 60): string[] => {
    const request = courseRequest({ clinic: { timeZone, gridMinutes, hours: allDay }, providers: [{ ...provider, hours: allDay }], notBefore });
    return freeStarts(parsePlanRequest(request), 'peel', notBefore, to).map(({ start }) => local(start, timeZone).slice(0, 16));
  };

  it('has 23 hours on the day it is put forward in New York, and 25 with one hour twice on the day it is put back', () => {
    const spring = starts(NEW_YORK, '2027-03-14T05:00:00Z', '2027-03-15T04:00:00Z');
    expect(spring).toHaveLength(23);
    expect(spring.slice(0, 4)).toEqual(['2027-03-14 00:00', '2027-03-14 01:00', '2027-03-14 03:00', '2027-03-14 04:00']);
    const autumn = starts(NEW_YORK, '2027-11-07T04:00:00Z', '2027-11-08T05:00:00Z');
    expect(autumn).toHaveLength(25);
    expect(autumn.slice(0, 4)).toEqual(['2027-11-07 00:00', '2027-11-07 01:00', '2027-11-07 01:00', '2027-11-07 02:00']);
  });

  it('moves by half an hour on Lord Howe Island, where the grid goes on counting elapsed minutes', () => {
    expect(starts('Australia/Lord_Howe', '2027-04-03T13:00:00Z', '2027-04-03T18:00:00Z')).toEqual([
      '2027-04-04 00:00',
      '2027-04-04 01:00',
      '2027-04-04 01:30',
      '2027-04-04 02:30',
      '2027-04-04 03:30',
    ]);
    expect(starts('Australia/Lord_Howe', '2027-10-02T13:30:00Z', '2027-10-02T17:30:00Z')).toEqual([
      '2027-10-03 00:00',
      '2027-10-03 01:00',
      '2027-10-03 02:30',
      '2027-10-03 03:30',
    ]);
  });

  it('is a quarter of an hour off in Kathmandu, and starts the day at one where midnight is skipped', () => {
    expect(starts('Asia/Kathmandu', '2027-02-28T18:15:00Z', '2027-02-28T20:15:00Z')).toEqual(['2027-03-01 00:00', '2027-03-01 01:00']);
    expect(starts('America/Havana', '2027-03-14T05:00:00Z', '2027-03-14T07:00:00Z', 45)).toEqual(['2027-03-14 01:00', '2027-03-14 01:45', '2027-03-14 02:30']);
  });

  it('shortens opening hours that span the hour it skips', () => {
    const hours = everyDay(['01:00', '04:00']);
    const request = (durationMinutes: number): PlanRequestInput =>
      courseRequest({
        clinic: { timeZone: NEW_YORK, gridMinutes: 60, hours },
        providers: [{ ...provider, hours }],
        protocols: peelAnd({ durationMinutes }),
        notBefore: '2027-03-14T05:00:00Z',
      });
    expect(planned(request(120)).sessions).toEqual(['peel 2027-03-14 01:00:00 (p1 r1)']);
    expect(planned(request(180)).sessions).toEqual(['peel 2027-03-15 01:00:00 (p1 r1)']);
  });
});

describe('a course that cannot be', () => {
  it('is blamed on the role that nobody fills', () => {
    expect(blamed(courseRequest({ providers: [] }))).toEqual(['provider']);
    expect(blamed(courseRequest({ rooms: [{ id: 'r1', protocols: ['laser'] }] }))).toEqual(['room']);
  });

  it('is blamed on interval and horizon when it is too long', () => {
    const answer = planCourse(parsePlanRequest(courseRequest({ horizonDays: 10 }, 3)));
    expect(answer).toMatchObject({ status: 'infeasible', because: [{ constraint: 'interval' }, { constraint: 'horizon' }] });
    expect(answer).toMatchObject({
      relaxations: [
        { constraint: 'interval', change: 'waive the interval between sessions', cost: 0 },
        { constraint: 'horizon', change: 'lengthen the horizon from 10 to 15 days', cost: 6 },
      ],
    });
  });

  it('is blamed on whatever else leaves no start', () => {
    const whole = { from: '2026-12-01T05:00:00Z', to: '2026-12-11T05:00:00Z' };
    const ten = { horizonDays: 10 };
    expect(blamed(courseRequest({ ...ten, busy: [{ resource: 'r1', ...whole }] }))).toEqual(['room', 'busy', 'horizon']);
    expect(blamed(courseRequest({ ...ten, patient: { unavailable: [whole] } }))).toEqual(['unavailable', 'horizon']);
    expect(blamed(courseRequest({ ...ten, patient: { clear: [{ protocolId: 'peel', notBefore: '2026-12-20', because: 'washout' }] } }))).toEqual([
      'clear',
      'horizon',
    ]);
    expect(blamed(courseRequest({ ...ten, protocols: peelAnd({ durationMinutes: 481 }) }))).toEqual(['hours']);
    const events = ['2026-12-03', '2026-12-06', '2026-12-09', '2026-12-12'].map((on) => ({ on }));
    expect(blamed(courseRequest({ ...ten, patient: { socialEvents: events } }))).toEqual(['social_event', 'horizon']);
    const spacing = [
      { from: 'peel', to: 'laser', minDays: 30 },
      { from: 'laser', to: 'peel', minDays: 30 },
    ];
    expect(blamed(courseRequest({ ...ten, course: twoItems, spacing }))).toEqual(['spacing', 'horizon']);
  });

  it('is told the cheapest way out first', () => {
    const patient = {
      clear: [
        { protocolId: 'peel', notBefore: '2026-12-20', because: 'washout' },
        { protocolId: 'laser', notBefore: '2027-12-20', because: 'tan' },
      ],
    };
    const answer = planCourse(parsePlanRequest(courseRequest({ horizonDays: 10, patient })));
    expect(answer).toMatchObject({
      relaxations: [
        { constraint: 'clear', change: 'treat with peel before 2026-12-20 (washout)', cost: 0 },
        { constraint: 'horizon', change: 'lengthen the horizon from 10 to 20 days', cost: 0 },
      ],
    });
  });
});

describe('a device of several units', () => {
  const units = (busy: PlanRequestInput['busy']) => planned(courseRequest({ devices: [{ id: 'd1', protocols: ['peel'], units: 2 }], busy })).sessions;
  const from9 = (hours: number, resource = 'd1') => ({ resource, from: '2026-12-01T14:00:00Z', to: `2026-12-01T${14 + hours}:00:00Z` });

  it('is free while any unit is, whether what is taken names the device or a unit', () => {
    expect(units([])).toEqual(['peel 2026-12-01 09:00:00 (p1 r1 d1)']);
    expect(units([from9(2)])).toEqual(['peel 2026-12-01 09:00:00 (p1 r1 d1#2)']);
    expect(units([from9(2, 'd1#2')])).toEqual(['peel 2026-12-01 09:00:00 (p1 r1 d1)']);
    expect(units([from9(2), from9(3)])).toEqual(['peel 2026-12-01 11:00:00 (p1 r1 d1)']);
    expect(units([from9(3), from9(2, 'd1#2')])).toEqual(['peel 2026-12-01 11:00:00 (p1 r1 d1#2)']);
  });
});

describe('a session of segments', () => {
  const segments: Protocol['segments'] = [
    { minutes: 30, holds: ['room'] },
    { minutes: 20, holds: ['provider', 'room', 'device'] },
    { minutes: 10, holds: ['room'] },
  ];
  const start = (change: Partial<PlanRequestInput>) =>
    planned(courseRequest({ devices: [{ id: 'd1', protocols: ['peel'] }], protocols: peelAnd({ segments }), ...change })).sessions;

  it('needs provider and device only while a segment holds them, and the room throughout', () => {
    const first30 = { from: '2026-12-01T14:00:00Z', to: '2026-12-01T14:30:00Z' };
    expect(start({ busy: [{ resource: 'p1', ...first30 }] })).toEqual(['peel 2026-12-01 09:00:00 (p1 r1 d1)']);
    expect(start({ busy: [{ resource: 'd1', ...first30 }] })).toEqual(['peel 2026-12-01 09:00:00 (p1 r1 d1)']);
    expect(start({ busy: [{ resource: 'r1', ...first30 }] })).toEqual(['peel 2026-12-01 09:30:00 (p1 r1 d1)']);
    expect(start({ busy: [{ resource: 'p1', from: '2026-12-01T14:30:00Z', to: '2026-12-01T14:31:00Z' }] })).toEqual(['peel 2026-12-01 09:30:00 (p1 r1 d1)']);
  });

  it('may begin before its provider does, though not before the clinic opens', () => {
    expect(start({ providers: [{ ...provider, hours: everyDay(['09:30', '17:00']) }] })).toEqual(['peel 2026-12-01 09:00:00 (p1 r1 d1)']);
    expect(start({ providers: [{ ...provider, hours: everyDay(['08:00', '17:00']) }] })).toEqual(['peel 2026-12-01 09:00:00 (p1 r1 d1)']);
  });
});

describe('the budget', () => {
  it('leaves the best schedule found, which is then not called optimal', () => {
    const spacing = [
      { from: 'peel', to: 'laser', minDays: 4 },
      { from: 'laser', to: 'peel', minDays: 4 },
    ];
    const course = {
      items: [
        { protocolId: 'peel', sessions: 3 },
        { protocolId: 'laser', sessions: 3 },
      ],
    };
    const request = parsePlanRequest(courseRequest({ course, spacing, horizonDays: 120 }));
    const [hurried, thorough] = [planCourse(request, { stepBudget: 5 }), planCourse(request)];
    expect(hurried).toMatchObject({ status: 'scheduled', optimal: false });
    expect(thorough).toMatchObject({ status: 'scheduled', optimal: true });
  });
});
