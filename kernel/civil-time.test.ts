import { describe, expect, it } from 'vitest';
import { addDays, addMonths, civilDateAt, isCivilDate, isTimeZone } from './civil-time.ts';

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

  it('knows time zones', () => {
    expect(isTimeZone('Asia/Jakarta')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
  });
});
