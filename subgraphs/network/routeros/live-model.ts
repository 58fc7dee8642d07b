/** What live sessions are: the row, the changes told to subscribers, and the indexed set of rows of one router. */
import { normaliseMac, parseDuration } from './normalise.ts';
import type { Row } from './session.ts';

/** `STORED`: kept from before, and not seen by this process yet. */
export type ObservationSource = 'LISTEN' | 'RECONCILE' | 'STORED';

/** One row of `/ppp/active`, as last seen. */
export interface LiveSession {
  readonly name: string;
  /** Null while the router has not assigned one yet (the first event of a session often comes without). */
  readonly address: string | null;
  /** MAC in capitals for PPPoE. */
  readonly callerId: string | null;
  readonly service: string | null;
  /** At `observedAt`; the current value is this plus the time since. */
  readonly uptimeSeconds: number;
  /** `observedAt` minus uptime. */
  readonly startedAt: Date;
  /** The router's `session-id` (`0x81100000`); null when it sends none. */
  readonly sessionId: string | null;
  /** The row's `.id`; new at every PPP reconnect. */
  readonly routerosId: string;
  readonly observedAt: Date;
  readonly source: ObservationSource;
  /** The router has been away since; the row may no longer be true. Null while the model is live. */
  readonly staleSince: Date | null;
}

/**
 * - `SNAPSHOT` all sessions: first message of every subscription, and again when a subscriber was too slow.
 * - `UP`, `DOWN`, and `CHANGE` (same session, other fields: the address came). A name may have several sessions:
 *   `nameOnline` says whether any is left; after a quick redial the UP of the new one can come before the DOWN of the old.
 * - `STALE` the router is away, rows are kept; `LIVE` it is back and the model is true again.
 * `bootedAt`: when the router was last started, as far as it says. `rebootedAt`, with a DOWN: it ended because the router was.
 */
export type LiveChange =
  | { readonly action: 'SNAPSHOT'; readonly version: number; readonly at: Date; readonly sessions: readonly LiveSession[]; readonly synced: boolean; readonly staleSince: Date | null; readonly bootedAt: Date | null }
  | { readonly action: 'UP' | 'DOWN' | 'CHANGE'; readonly version: number; readonly at: Date; readonly source: ObservationSource; readonly session: LiveSession; readonly nameOnline: boolean; readonly rebootedAt?: Date }
  | { readonly action: 'STALE' | 'LIVE'; readonly version: number; readonly at: Date; readonly staleSince: Date | null; readonly bootedAt: Date | null };

/** A row of `/ppp/active` as seen at `at`. */
export function toLiveSession(row: Row, source: ObservationSource, at: Date): LiveSession {
  const uptimeSeconds = parseDuration(row['uptime']) ?? 0;
  return {
    name: row['name'] ?? '', address: row['address'] || null, callerId: row['caller-id'] ? normaliseMac(row['caller-id']) : null,
    service: row['service'] || null, uptimeSeconds, startedAt: new Date(at.getTime() - uptimeSeconds * 1000),
    sessionId: row['session-id'] || null, routerosId: row['.id'] ?? '', observedAt: at, source, staleSince: null,
  };
}

/** Same subscriber and session; an `.id` alone may be given out again. */
export function isSameSession(a: LiveSession, b: LiveSession): boolean {
  return a.name === b.name && a.sessionId === b.sessionId;
}

/** Whether anything but the uptime changed. */
export function hasChanged(a: LiveSession, b: LiveSession): boolean {
  return a.address !== b.address || a.callerId !== b.callerId || a.service !== b.service;
}

/** The sessions of one router, by `.id` and by name (a name may have several). */
export class LiveModel {
  readonly #byId = new Map<string, LiveSession>();
  readonly #byName = new Map<string, Set<string>>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): LiveSession | undefined {
    return this.#byId.get(id);
  }

  all(): LiveSession[] {
    return [...this.#byId.values()];
  }

  hasName(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The session of that name that began last. */
  newest(name: string): LiveSession | undefined {
    let newest: LiveSession | undefined;
    for (const id of this.#byName.get(name) ?? []) {
      const row = this.#byId.get(id)!;
      if (newest === undefined || row.startedAt >= newest.startedAt) newest = row;
    }
    return newest;
  }

  /** Adds the row, or replaces the one of the same session. */
  put(row: LiveSession): void {
    this.#byId.set(row.routerosId, row);
    const ids = this.#byName.get(row.name);
    if (ids === undefined) this.#byName.set(row.name, new Set([row.routerosId]));
    else ids.add(row.routerosId);
  }

  drop(row: LiveSession): void {
    this.#byId.delete(row.routerosId);
    const ids = this.#byName.get(row.name);
    ids?.delete(row.routerosId);
    if (ids?.size === 0) this.#byName.delete(row.name);
  }

  /** Marks every row as last seen before `since`. */
  markStale(since: Date): void {
    for (const row of this.#byId.values()) this.#byId.set(row.routerosId, { ...row, staleSince: since });
  }
}
