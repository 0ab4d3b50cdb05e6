import fc from 'fast-check';
import type { ConsultationFacts, PatchTestFacts, SessionFacts } from '../../libs/follow-up/draft.js';

export const zone = 'America/New_York';
const start = '2026-12-15T15:00:00.000Z';

/** A session of a course of microneedling, booked for a Tuesday in December unless a test says otherwise. */
export const aSession = (change: Partial<SessionFacts> = {}): SessionFacts => ({
  sessionId: 's-1',
  courseId: 'course-1',
  consultationId: 'c-1',
  status: 'booked',
  item: 0,
  number: 1,
  protocolId: 'microneedling.cosmetic',
  start,
  timeZone: zone,
  locationId: 'nyc',
  setAt: '2026-11-20T15:00:00.000Z',
  moved: false,
  cancelledAt: null,
  cancelledBy: null,
  completedAt: null,
  noShowAt: null,
  checkInDays: [1, 3, 7],
  intervalMinDays: 28,
  overdueDays: 70,
  preparation: [],
  ...change,
});

export const aDoneSession = (completedAt: string, change: Partial<SessionFacts> = {}): SessionFacts =>
  aSession({ status: 'completed', start: completedAt, completedAt, ...change });

/** A consultation of which nothing is known unless a test says so. */
export const aConsultation = (change: Partial<ConsultationFacts> = {}): ConsultationFacts => ({
  consultationId: 'c-1',
  requestedAt: null,
  finalizedAt: null,
  deferredAt: null,
  declined: false,
  estimateAt: null,
  consentedAt: null,
  patchTests: [],
  hasCourse: false,
  ...change,
});

/** Any second of two years: over four changes of the clocks. */
export const instants = fc
  .integer({ min: Date.parse('2026-01-01T00:00:00Z') / 1_000, max: Date.parse('2027-12-31T23:59:59Z') / 1_000 })
  .map((seconds) => new Date(seconds * 1_000).toISOString());
const perhaps = fc.option(instants, { nil: null });

const patchTests = fc.record({ protocolId: fc.constantFrom('chemical_peel.superficial', 'ipl_bbl.standard'), requiredAt: perhaps, performedAt: perhaps });
/** Anything that may be known of a consultation, in any order of time. */
export const consultations = fc.record({
  consultationId: fc.constantFrom('c-1', 'c-2'),
  requestedAt: perhaps,
  finalizedAt: perhaps,
  deferredAt: perhaps,
  declined: fc.boolean(),
  estimateAt: perhaps,
  consentedAt: perhaps,
  patchTests: fc.array<PatchTestFacts>(patchTests, { maxLength: 3 }),
  hasCourse: fc.boolean(),
});

const series = fc.record({
  item: fc.integer({ min: 0, max: 1 }),
  status: fc.constantFrom<SessionFacts['status']>('booked', 'confirmed', 'completed', 'cancelled', 'no_show', 'on_hold', 'unscheduled'),
  at: instants,
  protocolId: fc.constantFrom('microneedling.cosmetic', 'chemical_peel.superficial', 'ipl_bbl.standard'),
});

/** Sessions of one course in any states, each series numbered as given. */
export const courses = fc.array(series, { minLength: 1, maxLength: 6 }).map((list) =>
  list.map(({ item, status, at, protocolId }, index): SessionFacts => {
    const when = status === 'unscheduled' ? null : at;
    const completedAt = status === 'completed' ? at : null;
    return aSession({ sessionId: `s-${index}`, item, number: index + 1, status, protocolId, start: when, setAt: when, completedAt });
  }),
);
