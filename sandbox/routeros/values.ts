/** The kinds of values a property can hold: how each is checked, and how RouterOS prints it. */

import { badValue, noMatch, outOfRange } from './traps.ts';

/** What a kind may look at: whether a named row exists in another menu. */
export interface References {
  /** The row's name when `value` is its name or `.id`; undefined when there is none. */
  resolve(menu: string, value: string): string | undefined;
}

/** Checks a value that came in and gives the form in which it is kept and printed; throws the fitting Trap. */
export type Kind = (value: string, property: string, references: References) => string;

export const text: Kind = (value) => value;

/** A name: anything but nothing. */
export const name: Kind = (value, property) => {
  if (value === '') throw badValue(property);
  return value;
};

/** yes/no, true/false in; true/false out. An empty value means yes, as in `=disabled=`. */
export const flag: Kind = (value, property) => {
  if (value === 'yes' || value === 'true' || value === '') return 'true';
  if (value === 'no' || value === 'false') return 'false';
  throw noMatch(property);
};

export const oneOf = (...choices: string[]): Kind => (value, property) => {
  if (choices.includes(value)) return value;
  throw noMatch(property);
};

export const listOf = (...choices: string[]): Kind => (value, property) => {
  for (const item of value.split(',')) if (!choices.includes(item)) throw noMatch(property);
  return value;
};

export const integer = (min: number, max: number): Kind => (value, property) => {
  if (!/^\d+$/.test(value)) throw badValue(property);
  const number = Number(value);
  if (number < min || number > max) throw outOfRange(property, min, max);
  return String(number);
};

/** IPv4 as a number, undefined when it is not one. */
export function parseAddress(value: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(value);
  if (!match) return undefined;
  let number = 0;
  for (const part of match.slice(1)) {
    const byte = Number(part);
    if (byte > 255) return undefined;
    number = number * 256 + byte;
  }
  return number;
}

export function formatAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** A fixed address, the name of a pool, or nothing. */
export const addressOrPool: Kind = (value, property, references) => {
  if (value === '' || parseAddress(value) !== undefined) return value;
  const pool = references.resolve('/ip/pool', value);
  if (pool === undefined) throw /^[\d.]+$/.test(value) ? badValue(property) : noMatch('pool');
  return pool;
};

/** A row of another menu, by name; `none` values are listed in `also`. */
export const reference = (menu: string, ...also: string[]): Kind => (value, property, references) => {
  if (also.includes(value)) return value;
  const found = references.resolve(menu, value);
  if (found === undefined) throw noMatch(property);
  return found;
};

/** A MAC address in capitals (as the router prints it), or nothing. */
export const mac: Kind = (value, property) => {
  if (value === '') return value;
  const hex = value.replaceAll(/[:.-]/g, '').toUpperCase();
  if (!/^[0-9A-F]{12}$/.test(hex)) throw badValue(property);
  return hex.match(/../g)!.join(':');
};

/** A caller id: a MAC comes back in capitals; anything else (a telephone number) as it is. */
export const callerId: Kind = (value) => (/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(value) ? value.replaceAll('-', ':').toUpperCase() : value);

/** Ranges of addresses as `[first, last]` numbers; undefined when malformed. */
export function parseRanges(value: string): [number, number][] | undefined {
  const ranges: [number, number][] = [];
  for (const part of value.split(',')) {
    const [from = '', to] = part.split('-');
    const [base = '', mask] = from.split('/');
    const first = parseAddress(base);
    if (first === undefined) return undefined;
    if (mask !== undefined) {
      if (to !== undefined || !/^\d{1,2}$/.test(mask) || Number(mask) > 32) return undefined;
      const size = 2 ** (32 - Number(mask));
      const start = first - (first % size);
      ranges.push([start, start + size - 1]);
      continue;
    }
    const last = to === undefined ? first : parseAddress(to);
    if (last === undefined || last < first) return undefined;
    ranges.push([first, last]);
  }
  return ranges;
}

export const ranges: Kind = (value, property) => {
  const parsed = parseRanges(value);
  if (!parsed) throw badValue(property);
  return parsed.map(([first, last]) => (first === last ? formatAddress(first) : `${formatAddress(first)}-${formatAddress(last)}`)).join(',');
};

/** Bits per second: digits with k, M or G; undefined when malformed. */
export function parseBits(value: string): number | undefined {
  const match = /^(\d+)([kKmMgG]?)$/.exec(value);
  if (!match) return undefined;
  const factor = { '': 1, k: 1e3, m: 1e6, g: 1e9 }[match[2]!.toLowerCase()]!;
  return Number(match[1]) * factor;
}

/** `rx/tx` in bits; one number stands for both. Queues print plain bits. */
export function parseBitsPair(value: string): [number, number] | undefined {
  const [rx = '', tx = rx, ...rest] = value.split('/');
  const up = parseBits(rx);
  const down = parseBits(tx);
  return up === undefined || down === undefined || rest.length > 0 ? undefined : [up, down];
}

export const bitsPair: Kind = (value, property) => {
  const pair = parseBitsPair(value);
  if (!pair) throw badValue(property);
  return `${pair[0]}/${pair[1]}`;
};

/** A profile's rate-limit: checked in its first group, kept raw (RouterOS does not normalise it). */
export const rateLimit: Kind = (value, property) => {
  if (value === '') return value;
  const groups = value.split(' ').filter(Boolean);
  const pairs = groups.filter((_, index) => index !== 3 && index !== 4);
  if (groups.length > 6 || pairs.some((pair) => !parseBitsPair(pair))) throw badValue(property);
  if (groups[3] !== undefined && !/^\d+(\/\d+)?$/.test(groups[3])) throw badValue(property);
  if (groups[4] !== undefined && !/^[1-8]$/.test(groups[4])) throw badValue(property);
  return value;
};

const UNITS: [string, number][] = [['w', 604_800], ['d', 86_400], ['h', 3_600], ['m', 60], ['s', 1]];

/** Seconds as `1w2d3h4m5s`, zero parts left out. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  let out = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) out += `${count}${unit}`;
  }
  return out || '0s';
}

/** `90`, `1m30s`, `1d00:01:30`, `200ms` → seconds; undefined when malformed. */
export function parseDuration(value: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?|(\d+):(\d\d)(?::(\d\d))?)$/.exec(value);
  if (!match || value === '') return undefined;
  const [weeks, days, hours, minutes, seconds, millis, clockHours, clockMinutes, clockSeconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number, number, number, number, number, number, number, number, number,
  ];
  return weeks * 604_800 + days * 86_400 + (hours + clockHours) * 3_600 + (minutes + clockMinutes) * 60 + seconds + clockSeconds + millis / 1000;
}

export const duration = (...also: string[]): Kind => (value, property) => {
  if (also.includes(value)) return value;
  const seconds = parseDuration(value);
  if (seconds === undefined) throw badValue(property);
  return formatDuration(seconds);
};

/** Queue targets: addresses come back with their mask, interface names as they are. */
export const targets: Kind = (value, property) => {
  if (value === '') throw badValue(property);
  return value
    .split(',')
    .map((item) => {
      const [address = '', mask = '32'] = item.split('/');
      if (parseAddress(address) === undefined) return item;
      if (!/^\d{1,2}$/.test(mask) || Number(mask) > 32) throw badValue(property);
      return `${address}/${mask}`;
    })
    .join(',');
};
