import type { LiveSessions } from '../routeros/live-sessions.ts';
import type { LogLines } from '../routeros/log-lines.ts';
import type { PppVerbs } from '../routeros/ppp.ts';
import type { RouterConnection } from '../routeros/router-connection.ts';
import type { RouterSession } from '../routeros/session.ts';
import type { Traffic } from '../routeros/traffic.ts';
import type { DeviceQueue } from './device-queue.ts';
import type { TlsMode } from './router-address.ts';

/** What is needed to log in to a router. */
export interface RouterSpec {
  id: string;
  tenantId: string;
  host: string;
  port: number;
  username: string;
  passwordSealed: string;
  tlsMode: TlsMode;
  tlsFingerprint: string | null;
}

/** One router's line and what is built on it. All share one login session. */
export interface RouterLink {
  readonly spec: RouterSpec;
  readonly connection: RouterConnection;
  readonly live: LiveSessions;
  /** Of PPP users, by their name. */
  readonly traffic: Traffic;
  /** Of interfaces, by their name. */
  readonly interfaces: Traffic;
  readonly logs: LogLines;
  readonly queue: DeviceQueue;
}

/** What a piece of work on a router may use. Both give up when the work's time is over. */
export interface DeviceTools {
  session: RouterSession;
  ppp: PppVerbs;
  /** For commands that are given to the session itself. */
  limits: { timeoutMs: number; signal: AbortSignal };
}
