import { describe, expect, it } from 'vitest';
import { addDays, addMonths, civilDateAt, daysBetween, isCivilDate, isTimeZone, lastDayOfMonthUpTo, nextDayOfMonth, wallTimeAt } from './civil-time.ts';

describe('civil time', () => {
  it('knows which days exist', () => {
    expect(isCivilDate('2028-02-29')).toBe(true);
    for (const text of ['2027-02-29', '2026-13-01', '2026-1-1', '20260101', '', null]) expect(isCivilDate(text)).toBe(false);
  });

  it('takes the day from the zone, also across midnight and a change of daylight saving time', () => {
    expect(civilDateAt(new Date('2026-03-28T23:30:00Z'), 'Africa/Lagos')).toBe('2026-03-29');
    expect(civilDateAt(new Date('2026-03-29T00:30:00Z'), 'America/New_York')).toBe('2026-03-28');
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
  });

  it('keeps the day of the month, or takes the last one of a shorter month', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2026-01-31', 2)).toBe('2026-03-31');
    expect(addMonths('2026-12-15', 1)).toBe('2027-01-15');
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15');
  });

  it('counts days, whatever the clocks do in between', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(daysBetween('2028-02-01', '2028-03-01')).toBe(29);
    expect(daysBetween('2026-01-02', '2026-01-01')).toBe(-1);
  });

  it('reads the clock on the wall, also where an hour is missing or comes twice', () => {
    expect(wallTimeAt(new Date('2026-03-29T00:59:00Z'), 'Europe/Berlin')).toBe('01:59');
    expect(wallTimeAt(new Date('2026-03-29T01:00:00Z'), 'Europe/Berlin')).toBe('03:00');
    expect(wallTimeAt(new Date('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe('02:30');
    expect(wallTimeAt(new Date('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe('02:30');
    expect(wallTimeAt(new Date('2026-01-01T00:00:00Z'), 'UTC')).toBe('00:00');
  });

  it('finds the day of the month before and after, never drifting to a shorter month', () => {
    expect(nextDayOfMonth('2026-01-31', 31)).toBe('2026-02-28');
    expect(nextDayOfMonth('2026-02-28', 31)).toBe('2026-03-31');
    expect(nextDayOfMonth('2026-12-05', 5)).toBe('2027-01-05');
    expect(nextDayOfMonth('2026-12-04', 5)).toBe('2026-12-05');
    expect(lastDayOfMonthUpTo('2026-03-01', 31)).toBe('2026-02-28');
    expect(lastDayOfMonthUpTo('2026-01-04', 5)).toBe('2025-12-05');
    expect(lastDayOfMonthUpTo('2026-01-05', 5)).toBe('2026-01-05');
  });

  it('knows time zones', () => {
    expect(isTimeZone('Asia/Jakarta')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
  });
});
