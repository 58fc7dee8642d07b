/** What differs between RouterOS releases, decided from the version text. */

export interface Release {
  /** `7.18`. */
  text: string;
  /** `7.18 (stable)`, as /system/resource says it. */
  title: string;
  atLeast(major: number, minor: number): boolean;
}

/** The profiles the simulator is tested with; any `major.minor[.patch]` is accepted. */
export const KNOWN_VERSIONS = ['6.42.12', '6.49.10', '7.16', '7.18', '7.21'] as const;

export function parseRelease(version: string): Release {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(version);
  if (!match) throw new Error(`version: "${version}" is not a RouterOS version such as ${KNOWN_VERSIONS.join(', ')}`);
  const major = Number(match[1]);
  const minor = Number(match[2]);
  return {
    text: version,
    title: `${version} (${version.startsWith('6.49.') || version.startsWith('6.42.') ? 'long-term' : 'stable'})`,
    atLeast: (wantMajor, wantMinor) => major > wantMajor || (major === wantMajor && minor >= wantMinor),
  };
}

/** Before 6.43 the password answers an MD5 challenge; after, it travels in the login sentence. */
export const hasChallengeLogin = (release: Release) => !release.atLeast(6, 43);
/** 6.43–6.49 still hand out a challenge, and then refuse its answer. */
export const offersDeadChallenge = (release: Release) => release.atLeast(6, 43) && !release.atLeast(7, 0);
/** `!empty` before `!done` when a print finds nothing. */
export const saysEmpty = (release: Release) => release.atLeast(7, 18);
/** From 7.21 print hides passwords unless asked with `=show-sensitive=`. */
export const masksSecrets = (release: Release) => release.atLeast(7, 21);
/** ISO dates instead of `jan/02/2026`. */
export const hasIsoDates = (release: Release) => release.atLeast(7, 10);
/** /ip/service limits API sessions (default 20). */
export const limitsSessions = (release: Release) => release.atLeast(7, 16);
/** Safe mode can be had over the API. */
export const hasSafeMode = (release: Release) => release.atLeast(7, 18);
/** /ip/service lists the connections of a service under its name. */
export const listsConnections = (release: Release) => release.atLeast(7, 20);
/** `/ping` stopped being an alias of /tool/ping. */
export const hasPingAlias = (release: Release) => !release.atLeast(7, 23);

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const two = (value: number) => String(value).padStart(2, '0');

/** A moment (ms since 1970) as the release writes it in a property. The router's clock is UTC. */
export function formatMoment(release: Release, at: number): string {
  const date = new Date(at);
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  if (hasIsoDates(release)) return `${date.toISOString().slice(0, 10)} ${time}`;
  return `${MONTHS[date.getUTCMonth()]}/${two(date.getUTCDate())}/${date.getUTCFullYear()} ${time}`;
}

/** The same for a log line: old releases drop the year. */
export function formatLogTime(release: Release, at: number): string {
  if (hasIsoDates(release)) return formatMoment(release, at);
  const date = new Date(at);
  return `${MONTHS[date.getUTCMonth()]}/${two(date.getUTCDate())} ${formatMoment(release, at).slice(-8)}`;
}
