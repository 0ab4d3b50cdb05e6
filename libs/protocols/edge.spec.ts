import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { edge } from '#protocols';

const now = new Date('2026-11-23T14:00:00Z');
const { day, instant } = edge.pieces({ now: () => now });
const codes = (result: { readonly error?: { readonly issues: readonly unknown[] } | undefined }) => result.error?.issues;

describe('days', () => {
  test.each(['2026-02-30', '2026-13-01', '2026-2-3', 'yesterday', '', '2025-02-29', '+002026-01-01', '2026-01-01T00:00:00Z', '1899-12-31'])(
    '%s is refused',
    (value) => {
      expect(codes(day.safeParse(value))).toMatchObject([{ params: { code: 'impossible_date' } }]);
    },
  );

  test('the bound lies thirty years ahead, to the day', () => {
    expect(day.safeParse('2056-11-23').success).toBe(true);
    expect(day.safeParse('2056-11-24').success).toBe(false);
  });

  test('every day of the calendar within the bounds is taken', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2056-11-23T00:00:00Z'), noInvalidDate: true }), (date) => {
        expect(day.safeParse(date.toISOString().slice(0, 10)).success).toBe(true);
      }),
    );
  });
});

describe('instants', () => {
  test.each([
    ['2026-11-23T14:00:00Z', '2026-11-23T14:00:00.000Z'],
    ['2026-11-23t09:00:00.5-05:00', '2026-11-23T14:00:00.500Z'],
    ['2026-11-23 14:00:00.123456789012z', '2026-11-23T14:00:00.123Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000Z'],
  ])('%s comes out as %s', (value, utc) => expect(instant.parse(value)).toBe(utc));

  test.each([
    'yesterday',
    '2026-11-23',
    '2026-11-23T14:00:00',
    '2026-11-23T25:00:00Z',
    '2026-02-30T10:00:00Z',
    '2026-11-23T14:00Z',
    '2057-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
  ])('%s is refused', (value) => {
    expect(codes(instant.safeParse(value))).toMatchObject([{ params: { code: 'impossible_date' } }]);
  });
});

describe('addresses and zones', () => {
  test.each(['+12125550100', '+34600123456'])('%s is a phone number', (value) => expect(edge.phone.safeParse(value).success).toBe(true));
  test.each(['2125550100', '+1 212 555 0100', '+0123456789', '+999123456789', ''])('%s is none', (value) =>
    expect(edge.phone.safeParse(value).success).toBe(false),
  );
  test.each(['Mars/Olympus', '+05:00', ''])('%s is no zone', (value) => expect(edge.timeZone.safeParse(value).success).toBe(false));
  test.each(['en_US', 'x', ''])('%s is no language tag', (value) => expect(edge.language.safeParse(value).success).toBe(false));
});
