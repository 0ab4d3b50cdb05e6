import type { PlanRequestInput } from '#scheduling';

export type Hours = NonNullable<PlanRequestInput['clinic']['hours']>;

/** The same hours on every day of the week. */
export function everyDay(...ranges: [string, string][]): Hours {
  return { 1: ranges, 2: ranges, 3: ranges, 4: ranges, 5: ranges, 6: ranges, 7: ranges };
}

const protocol = { durationMinutes: 60, turnoverMinutes: 0, intervalDays: { min: 7, ideal: 10, max: 14 }, downtimeDays: 2 };
export const plainProtocols = { peel: protocol, laser: protocol };

/**
 * The plainest request for a course of peels: one provider, one room, open every day from 9 to 17, an hour a session,
 * every 7 to 14 days, ideally 10, from Tuesday 1 December 2026 on. Each test changes what it is about.
 */
export function courseRequest(change: Partial<PlanRequestInput> = {}, sessions = 1): PlanRequestInput {
  return {
    clinic: { timeZone: 'America/New_York', gridMinutes: 30, hours: everyDay(['09:00', '17:00']) },
    providers: [{ id: 'p1', protocols: ['peel', 'laser'], hours: everyDay(['09:00', '17:00']) }],
    rooms: [{ id: 'r1', protocols: ['peel', 'laser'] }],
    protocols: plainProtocols,
    course: { items: [{ protocolId: 'peel', sessions }] },
    notBefore: '2026-12-01T05:00:00Z',
    horizonDays: 60,
    ...change,
  };
}
