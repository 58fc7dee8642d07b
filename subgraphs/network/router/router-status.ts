import { deviceFailure } from '../errors.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { ConnectionState, RouterStatus } from '../routeros/router-connection.ts';
import { ObservationSource, RouterLineState } from './router.type.ts';

/** What is known of a router, as `RouterStatus` of the graph shows it. */
export interface RouterStatusValue {
  state: RouterLineState;
  reachable: boolean | null;
  reason: string | null;
  reasonCode: string | null;
  version: string | null;
  identity: string | null;
  observedAt: Date | null;
  source: ObservationSource;
}

/** The last observation, as the database keeps it. */
export interface LastSeen {
  reachable: boolean | null;
  reason: string | null;
  reasonCode: string | null;
  version: string | null;
  identity: string | null;
  at: Date | null;
}

const STATES: Record<ConnectionState, RouterLineState> = {
  idle: RouterLineState.CONNECTING,
  connecting: RouterLineState.CONNECTING,
  online: RouterLineState.ONLINE,
  'backing-off': RouterLineState.BACKING_OFF,
  'auth-refused': RouterLineState.LOGIN_REFUSED,
  stopped: RouterLineState.UNKNOWN,
};

/** The line's own knowledge; what it has not seen yet comes from the database. */
export function statusOf(line: RouterStatus | undefined, seen: LastSeen): RouterStatusValue {
  const stored = {
    reachable: seen.reachable,
    reason: seen.reason,
    reasonCode: seen.reasonCode,
    version: seen.version,
    identity: seen.identity,
    observedAt: seen.at,
    source: ObservationSource.STORED,
  };
  if (!line) return { state: RouterLineState.UNKNOWN, ...stored };
  const state = STATES[line.state];
  if (line.observedAt === null) return { state, ...stored };
  return {
    state,
    reachable: line.reachable,
    reason: line.reason,
    reasonCode: line.reasonCode === null ? null : deviceFailure(new RouterOsError(line.reasonCode, line.reason ?? '')).code,
    version: line.version ?? seen.version,
    identity: line.identity ?? seen.identity,
    observedAt: line.observedAt,
    source: ObservationSource.LINE,
  };
}
