/**
 * Pairs of a simple queue, upload/download. RouterOS takes `10M/20M` and answers `10000000/20000000`, so two texts are
 * compared by what they mean.
 */

/** Bits per second as `[upload, download]`; one number stands for both. Null for anything outside the grammar. */
export function parseLimits(text: string): readonly [number, number] | null {
  const sides = text.split('/');
  if (sides.length > 2) return null;
  const [upload, download = upload] = sides.map(bits);
  return upload == null || download == null ? null : [upload, download];
}

/** What is sent: plain bits, which every release reads alike. */
export function limitsAsBits(text: string): string {
  return parseLimits(text)?.join('/') ?? text;
}

/** What people read: `10M/20M`, whole M or k where it divides. Null for no limit at all. */
export function showLimits(text: string | undefined): string | null {
  const limits = parseLimits(text ?? '');
  if (limits === null) return text || null;
  return limits[0] === 0 && limits[1] === 0 ? null : limits.map(short).join('/');
}

/** Whether two texts limit alike. */
export function sameLimits(a: string, b: string): boolean {
  return a === b || showLimits(a) === showLimits(b);
}

/** `8` stands for both sides, as `8/8`. */
export function bothSides(text: string): string {
  return text.includes('/') ? text : `${text}/${text}`;
}

function bits(text: string): number | null {
  const match = /^(\d{1,12})([kMG]?)$/.exec(text);
  return match ? Number(match[1]) * { '': 1, k: 1_000, M: 1_000_000, G: 1_000_000_000 }[match[2] as '' | 'k' | 'M' | 'G'] : null;
}

function short(value: number): string {
  if (value > 0 && value % 1_000_000 === 0) return `${value / 1_000_000}M`;
  return value > 0 && value % 1_000 === 0 ? `${value / 1_000}k` : String(value);
}
