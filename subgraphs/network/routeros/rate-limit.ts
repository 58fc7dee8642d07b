/**
 * The `rate-limit` of a PPP profile (https://help.mikrotik.com/docs/display/ROS/PPP+AAA):
 *
 *     rate [burst [threshold [time [priority [min]]]]]      each `rx[/tx]`
 *
 * Seen from the router: rx is what the subscriber uploads, tx what he downloads. The router keeps the text as it was
 * written, so two texts are compared by what they mean.
 */

/** Bits (or seconds) per direction. */
export interface RxTx {
  readonly rx: number;
  readonly tx: number;
}

export interface RateLimit {
  /** Maximum bits per second: `rx` upload, `tx` download. */
  readonly rate: RxTx;
  readonly burst: RxTx | null;
  /** Bits per second; meaningful with `burst` only. Default: the rate. */
  readonly threshold: RxTx | null;
  /** Seconds. Default 1. */
  readonly time: RxTx | null;
  /** 1 (first) to 8 (last); 8 when not given. */
  readonly priority: number;
  /** Guaranteed bits per second. Default: the rate. */
  readonly min: RxTx;
}

/** Thrown by `parseRateLimit`; `message` names the part that is wrong. */
export class RateLimitSyntaxError extends Error {
  override readonly name = 'RateLimitSyntaxError';
}

const GROUPS = ['rate', 'burst', 'threshold', 'time', 'priority', 'min'] as const;

/** Null for an empty text (no limit); throws `RateLimitSyntaxError` for anything outside the grammar. */
export function parseRateLimit(text: string): RateLimit | null {
  const parts = text.trim().split(/\s+/).filter((part) => part !== '');
  if (parts.length === 0) return null;
  if (parts.length > GROUPS.length) throw new RateLimitSyntaxError(`rate-limit has ${parts.length} groups; there are at most 6`);
  const rate = bits('rate', parts[0]!);
  const burst = parts[1] === undefined ? null : bits('burst', parts[1]);
  const threshold = parts[2] === undefined ? null : bits('threshold', parts[2]);
  const time = parts[3] === undefined ? null : pair('time', parts[3], seconds);
  const priority = parts[4] === undefined ? 8 : Number(/^[1-8]$/.test(parts[4]) ? parts[4] : wrong('priority', parts[4], '1 to 8'));
  const min = parts[5] === undefined ? rate : bits('min', parts[5]);
  // 0 as min or burst means "not set" on the router; a guarantee above the maximum is refused by its queue.
  if ((rate.rx > 0 && min.rx > rate.rx) || (rate.tx > 0 && min.tx > rate.tx)) throw new RateLimitSyntaxError('rate-limit: the guaranteed rate is above the rate');
  return {
    rate,
    burst,
    threshold: threshold ?? (burst === null ? null : rate),
    time: time ?? (burst === null ? null : { rx: 1, tx: 1 }),
    priority,
    min,
  };
}

/** Canonical text: whole M or k where it divides, both directions always, no group that says only the default. */
export function formatRateLimit(limit: RateLimit): string {
  const groups = [
    rates(limit.rate),
    rates(limit.burst ?? limit.rate),
    rates(limit.threshold ?? limit.rate),
    `${limit.time?.rx ?? 1}/${limit.time?.tx ?? 1}`,
    String(limit.priority),
    rates(limit.min),
  ];
  let length = 1;
  if (limit.burst !== null) {
    length = 2;
    if (limit.threshold !== null && !same(limit.threshold, limit.rate)) length = 3;
    if (limit.time !== null && !same(limit.time, { rx: 1, tx: 1 })) length = 4;
  }
  if (limit.priority !== 8) length = 5;
  if (!same(limit.min, limit.rate)) length = 6;
  // A positional grammar: without a burst, 0/0 keeps the later groups in their place and means "no burst".
  if (limit.burst === null && length > 1) groups.splice(1, 3, '0/0', '0/0', '0/0');
  return groups.slice(0, length).join(' ');
}

/** Whether two texts limit alike; unreadable texts are alike only when identical. Absent and empty are no limit. */
export function sameRateLimit(a: string | undefined, b: string | undefined): boolean {
  if ((a ?? '').trim() === (b ?? '').trim()) return true;
  try {
    const left = parseRateLimit(a ?? '');
    const right = parseRateLimit(b ?? '');
    if (left === null || right === null) return left === right;
    return formatRateLimit(withoutEmptyBurst(left)) === formatRateLimit(withoutEmptyBurst(right));
  } catch {
    return false;
  }
}

function withoutEmptyBurst(limit: RateLimit): RateLimit {
  return limit.burst !== null && limit.burst.rx === 0 && limit.burst.tx === 0 ? { ...limit, burst: null, threshold: null, time: null } : limit;
}

function pair(group: string, text: string, one: (group: string, text: string) => number): RxTx {
  const [rx, tx, more] = text.split('/');
  if (more !== undefined) wrong(group, text, 'rx/tx');
  const first = one(group, rx!);
  return { rx: first, tx: tx === undefined ? first : one(group, tx) };
}

function bits(group: string, text: string): RxTx {
  return pair(group, text, (name, part) => {
    const match = /^(\d+)([kM]?)$/.exec(part);
    if (match === null) return wrong(name, part, 'digits, optionally with k or M');
    return Number(match[1]) * (match[2] === 'M' ? 1_000_000 : match[2] === 'k' ? 1_000 : 1);
  });
}

function seconds(group: string, part: string): number {
  return /^\d+s?$/.test(part) ? Number.parseInt(part, 10) : wrong(group, part, 'seconds');
}

function wrong(group: string, part: string, expected: string): never {
  throw new RateLimitSyntaxError(`rate-limit ${group} "${part}" must be ${expected}`);
}

function same(a: RxTx, b: RxTx): boolean {
  return a.rx === b.rx && a.tx === b.tx;
}

function rates(value: RxTx): string {
  return `${rateText(value.rx)}/${rateText(value.tx)}`;
}

function rateText(value: number): string {
  if (value > 0 && value % 1_000_000 === 0) return `${value / 1_000_000}M`;
  if (value > 0 && value % 1_000 === 0) return `${value / 1_000}k`;
  return String(value);
}
