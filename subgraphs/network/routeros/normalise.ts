/** RouterOS value texts ↔ plain values. The router returns `true|false` for what is sent as `yes|no`, bits for `10M`, and so on. */

const UNIT_SECONDS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };

/**
 * Seconds of a RouterOS duration: `1w2d3h4m5s`, `1d00:00:00`, `00:05:00`, `1ms45us`, `30` (seconds); null when it is none
 * (`never`, empty).
 */
export function parseDuration(text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = text.trim();
  if (/^\d+$/.test(value)) return Number(value);
  const clock = /^(?:(\d+)w)?(?:(\d+)d)?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(value);
  if (clock !== null) {
    const [, w, d, h, m, s] = clock;
    return Number(w ?? 0) * 604_800 + Number(d ?? 0) * 86_400 + Number(h) * 3_600 + Number(m) * 60 + Number(s);
  }
  if (!/^(?:\d+(?:\.\d+)?(?:ms|us|ns|[wdhms]))+$/.test(value)) return null;
  let seconds = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|us|ns|[wdhms])/g)) seconds += Number(amount) * UNIT_SECONDS[unit!]!;
  return seconds;
}

/** Canonical RouterOS duration of whole seconds: `1w2d3h4m5s`; 0 is `0s`. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  let text = '';
  for (const unit of ['w', 'd', 'h', 'm', 's'] as const) {
    const amount = Math.floor(rest / UNIT_SECONDS[unit]!);
    rest -= amount * UNIT_SECONDS[unit]!;
    if (amount > 0) text += `${amount}${unit}`;
  }
  return text || '0s';
}

/** `true`/`yes` → true, `false`/`no`/empty/absent → false; null for anything else. */
export function parseBoolean(text: string | undefined): boolean | null {
  switch (text?.toLowerCase()) {
    case 'true': case 'yes': return true;
    case undefined: case '': case 'false': case 'no': return false;
    default: return null;
  }
}

/** `AA:BB:CC:DD:EE:FF`, the form RouterOS compares PPPoE caller ids in; text that is no MAC comes back unchanged. */
export function normaliseMac(text: string): string {
  const hex = text.replace(/[:.\-\s]/g, '');
  return /^[0-9a-f]{12}$/i.test(hex) ? hex.toUpperCase().match(/../g)!.join(':') : text;
}

/** `10.0.0.5/32` → `10.0.0.5`: queue targets come back with the mask of a host. */
export function stripHostMask(text: string): string {
  return text.replace(/^(\d+(?:\.\d+){3})\/32$/, '$1');
}

/** A comma list whose order carries no meaning, for comparison. */
export function normaliseList(text: string): string {
  return text.split(',').map((item) => item.trim()).filter((item) => item !== '').sort().join(',');
}

/** `7.18 (stable)` → `{ major: 7, minor: 18, patch: 0 }`; null when unreadable. */
export function parseVersion(text: string | null | undefined): { major: number; minor: number; patch: number } | null {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(text ?? '');
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
}

/** Whether the router is at least of this version; false when its version is unknown. */
export function isAtLeast(version: string | null | undefined, major: number, minor: number): boolean {
  const parsed = parseVersion(version);
  return parsed !== null && (parsed.major > major || (parsed.major === major && parsed.minor >= minor));
}
