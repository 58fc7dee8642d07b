/** The kinds of values a property can hold: how each is checked, and how RouterOS prints it. */

import { ambiguous, badMac, badTime, badValue, noAddressRange, noMatch, outOfRange } from './traps.ts';

/** What a kind may look at: whether a named row exists in another menu. */
export interface References {
  /** The row's name when `value` is its name or `.id`; undefined when there is none. */
  resolve(menu: string, value: string): string | undefined;
  /** Names of that menu that begin with `start`. */
  namesBeginning(menu: string, start: string): string[];
}

/** Checks a value that came in and gives the form in which it is kept and printed; throws the fitting Trap. */
export type Kind = (value: string, property: string, references: References) => string;

export const text: Kind = (value) => value;

/** A name: anything but nothing. */
export const name: Kind = (value, property) => {
  if (value === '') throw badValue(property);
  return value;
};

/** The choice a value means: itself, or the only one that begins with it (RouterOS completes values). `''` begins all of them. */
function choose(value: string, property: string, choices: readonly string[]): string {
  if (choices.includes(value)) return value;
  const [first, ...others] = new Set(choices.filter((choice) => choice.startsWith(value)));
  if (first === undefined) throw noMatch(property);
  if (others.length > 0) throw ambiguous(property);
  return first;
}

/** yes/no, true/false in; true/false out. An empty value means yes, as in `=disabled=`. */
export const flag: Kind = (value, property) => {
  if (value === '') return 'true';
  const said = choose(value, property, ['yes', 'true', 'no', 'false']);
  return String(said === 'yes' || said === 'true');
};

export const oneOf = (...choices: string[]): Kind => (value, property) => choose(value, property, choices);

export const listOf = (...choices: string[]): Kind => (value, property) =>
  value.split(',').map((item) => choose(item, property, choices)).join(',');

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

/** A fixed address or the name of a pool. */
export const addressOrPool: Kind = (value, property, references) => {
  if (parseAddress(value) !== undefined) return value;
  const pool = references.resolve('/ip/pool', value);
  if (pool !== undefined) return pool;
  if (/^[\d.]+$/.test(value)) throw badValue(property);
  return choose(value, 'pool', references.namesBeginning('/ip/pool', value));
};

/** A row of another menu, by name; `none` values are listed in `also`. */
export const reference = (menu: string, ...also: string[]): Kind => (value, property, references) => {
  if (also.includes(value)) return value;
  return references.resolve(menu, value) ?? choose(value, property, [...also, ...references.namesBeginning(menu, value)]);
};

/** A MAC address in capitals (as the router prints it), or nothing. */
export const mac: Kind = (value, property) => {
  if (value === '') return value;
  const hex = value.replaceAll(/[:.-]/g, '').toUpperCase();
  if (!/^[0-9A-F]{12}$/.test(hex)) throw badMac(property);
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
  if (!parsed) throw noAddressRange(property.replace(/s$/, ''));
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
  if (seconds === undefined) throw badTime(property);
  return formatDuration(seconds);
};

/** An IPv4 address with its mask (`10.0.0.1/24`); without one it stands for itself (`/32`). */
export const prefix: Kind = (value, property) => {
  const [address = '', mask = '32', ...rest] = value.split('/');
  if (parseAddress(address) === undefined || !/^\d{1,2}$/.test(mask) || Number(mask) > 32 || rest.length > 0) throw badValue(property);
  return `${address}/${Number(mask)}`;
};

/** The network of an address with a mask. */
export function networkOf(value: string): string {
  const [address = '', mask = '32'] = value.split('/');
  const size = 2 ** (32 - Number(mask));
  const number = parseAddress(address) ?? 0;
  return formatAddress(number - (number % size));
}

/** `upload/download` of anything one half of which is checked by `half`; one value stands for both. */
export const pairOf = (half: Kind): Kind => (value, property, references) => {
  const [rx = '', tx = rx, ...rest] = value.split('/');
  if (rest.length > 0) throw badValue(property);
  return `${half(rx, property, references)}/${half(tx, property, references)}`;
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
