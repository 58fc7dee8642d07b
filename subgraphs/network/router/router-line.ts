import type { Logger } from '#kernel/logs.ts';
import type { TlsSettings } from '../routeros/dial.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { makeLiveSessions, type LiveChange, type LiveSessions } from '../routeros/live-sessions.ts';
import { makeLogLines } from '../routeros/log-lines.ts';
import { makeRouterConnection, type RouterStatus } from '../routeros/router-connection.ts';
import type { Runtime } from '../routeros/runtime.ts';
import { makeTraffic } from '../routeros/traffic.ts';
import { makeDeviceQueue } from './device-queue.ts';
import type { FleetMetrics } from './fleet-metrics.ts';
import type { RouterLink, RouterSpec } from './router-link.ts';

export interface LineOptions {
  openPassword: (spec: RouterSpec) => string;
  onStatus: (spec: RouterSpec, status: RouterStatus) => void;
  onSession: (spec: RouterSpec, change: LiveChange, live: LiveSessions) => void;
  /** Whether this process still looks after its routers: asked before each write and each dial, and before an event is taken for true. */
  valid: () => boolean;
  runtime: Runtime;
  log: Logger;
  metrics: FleetMetrics;
}

/** A link whose line this process has itself. It is dialled by starting its connection. */
export function openLine(spec: RouterSpec, { openPassword, onStatus, onSession, valid, runtime, log, metrics }: LineOptions): RouterLink {
  const connection = makeRouterConnection({
    host: spec.host,
    port: spec.port,
    tls: tlsSettings(spec),
    credentials: async () => {
      if (!valid()) throw new RouterOsError('UNREACHABLE', 'this process does not look after the router any more');
      return { username: spec.username, password: openPassword(spec) };
    },
    session: { mayWrite: valid },
    runtime,
    log: log.child({ routerId: spec.id, tenantId: spec.tenantId }),
  });
  const live = makeLiveSessions({ connection, runtime, log });
  const link: RouterLink = {
    spec,
    connection,
    live,
    traffic: makeTraffic({ connection, runtime, log }),
    interfaces: makeTraffic({ connection, runtime, log, interfacesOf: (name) => [name] }),
    logs: makeLogLines({ connection, runtime, log }),
    queue: makeDeviceQueue(),
  };
  connection.onState((status) => {
    metrics.observe(link);
    if (status.state !== 'stopped' && valid()) onStatus(spec, status);
  });
  live.onChange((change) => {
    metrics.observe(link, change);
    if ('session' in change && change.action !== 'CHANGE') link.traffic.poke(change.session.name);
    if (valid()) onSession(spec, change, live);
  });
  return link;
}

/** `atOnce`: nothing is said to the router any more, because it may be somebody else's. Never rejects. */
export async function closeLine(link: RouterLink, { atOnce, log, metrics }: { atOnce: boolean } & Pick<LineOptions, 'log' | 'metrics'>): Promise<void> {
  try {
    const cut = atOnce ? link.connection.stop() : undefined;
    await Promise.allSettled([link.traffic.stop(), link.interfaces.stop(), link.logs.stop(), link.live.stop()]);
    await (cut ?? link.connection.stop());
    metrics.forget(link);
  } catch (error) {
    log.warn({ routerId: link.spec.id, err: error }, 'The line to a router did not close well');
  }
}

/** Settles when the first dial of a link has succeeded or failed, or when patience ends. */
export function firstResult(link: RouterLink, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(end, patienceMs);
    const unsubscribe = link.connection.onState((status) => {
      if (status.state !== 'connecting') end();
    });
  });
}

/** Whether a line to the one serves as a line to the other. */
export function sameLine(a: RouterSpec, b: RouterSpec): boolean {
  return a.host === b.host && a.port === b.port && a.username === b.username && a.passwordSealed === b.passwordSealed && a.tlsMode === b.tlsMode && a.tlsFingerprint === b.tlsFingerprint;
}

function tlsSettings(spec: RouterSpec): TlsSettings {
  switch (spec.tlsMode) {
    case 'OFF':
      return { mode: 'off' };
    case 'VERIFY':
      return { mode: 'verify' };
    case 'FINGERPRINT':
      return { mode: 'fingerprint', sha256: spec.tlsFingerprint! };
    case 'INSECURE_ANONYMOUS':
      return { mode: 'insecure-anonymous' };
  }
}
