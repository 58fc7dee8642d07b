/**
 * Civil dates: days on a calendar (`2026-03-29`), which have no time and no zone. Billing periods and due dates are civil
 * dates in the tenant's zone; an instant is only ever turned into one here.
 */
export type CivilDate = string;

const CIVIL_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for a day that exists, as `YYYY-MM-DD`. */
export function isCivilDate(text: unknown): text is CivilDate {
  if (typeof text !== 'string') return false;
  const match = CIVIL_DATE.exec(text);
  if (!match) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** True for a zone of the IANA database, e.g. `Africa/Lagos`. */
export function isTimeZone(text: unknown): text is string {
  if (typeof text !== 'string' || text === '') return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
  } catch {
    return false;
  }
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The day it is at an instant in a time zone. */
export function civilDateAt(instant: Date, timeZone: string): CivilDate {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formatters.set(timeZone, formatter);
  }
  return formatter.format(instant);
}

/** The day `days` after (or before) a day. */
export function addDays(date: CivilDate, days: number): CivilDate {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/**
 * The day `months` after a day, on the same day of the month, or on the month's last day where it is shorter
 * (31 January plus one month is 28 or 29 February). Always count from the first day of a chain, never from the last
 * result: the latter would stay on the 28th for ever.
 */
export function addMonths(date: CivilDate, months: number): CivilDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const index = year * 12 + (month - 1) + months;
  const lastDay = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate();
  const at = new Date(Date.UTC(Math.floor(index / 12), index % 12, Math.min(day, lastDay)));
  return at.toISOString().slice(0, 10);
}

/** How many days lie between two days: 1 from one day to the next, negative backwards. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The time on the wall at an instant in a time zone, `HH:MM`, 00:00 to 23:59. */
export function wallTimeAt(instant: Date, timeZone: string): string {
  let formatter = clocks.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    clocks.set(timeZone, formatter);
  }
  return formatter.format(instant);
}

/**
 * The first day after `after` that is the `day`th of its month (its month's last day where the month is shorter). Reckoned from
 * the day of the month each time, so a 31st stays a 31st behind a February.
 */
export function nextDayOfMonth(after: CivilDate, day: number): CivilDate {
  const inMonth = dayOfMonth(after, 0, day);
  return inMonth > after ? inMonth : dayOfMonth(after, 1, day);
}

/** The last day up to and including `upTo` that is the `day`th of its month; see `nextDayOfMonth`. */
export function lastDayOfMonthUpTo(upTo: CivilDate, day: number): CivilDate {
  const inMonth = dayOfMonth(upTo, 0, day);
  return inMonth <= upTo ? inMonth : dayOfMonth(upTo, -1, day);
}

/** @param months -1, 0 or 1 */
function dayOfMonth(date: CivilDate, months: number, day: number): CivilDate {
  const index = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(Math.min(day, daysIn(year, month)), 2)}`;
}

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
