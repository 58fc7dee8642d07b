import type { Clock } from '#kernel/clock.ts';
import type { HeldLock } from '#kernel/db/database.ts';
import type { Logger } from '#kernel/logs.ts';
import type { TlsSettings } from '../routeros/dial.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { makeLiveSessions, type LiveChange, type LiveSessions } from '../routeros/live-sessions.ts';
import { makeLogLines, type LogLines } from '../routeros/log-lines.ts';
import { makePppVerbs, type PppVerbs } from '../routeros/ppp.ts';
import { makeRouterConnection, type RouterConnection, type RouterStatus } from '../routeros/router-connection.ts';
import { systemRuntime, type Runtime } from '../routeros/runtime.ts';
import type { RouterSession } from '../routeros/session.ts';
import { makeTraffic, type Traffic } from '../routeros/traffic.ts';
import { makeDeviceQueue, type DeviceQueue } from './device-queue.ts';
import type { FleetMetrics } from './fleet-metrics.ts';
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

export interface DeviceWork {
  /** What must not be worked on by two at once, e.g. `profile:headend-fiber_100`; of many rows all of them. */
  key: string | readonly string[];
  /** From the call to the answer, waiting for a turn and for the line included. */
  deadlineMs: number;
  /** Keyed hash of a PPP password, for routers that hide it. */
  hashPassword?: (password: string) => string;
}

/** `changed`: there is a new link. `lost`: there is none for now. `removed`: there will be none. */
export type LinkListener = (routerId: string, what: 'changed' | 'lost' | 'removed') => void;

export interface RouterFleet {
  /**
   * Takes the ownership of the routers and begins to dial them; does not wait for any.
   * @throws Error when another process owns them.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The link of a router; undefined while this process does not own the routers, or when there is no such router. */
  link(routerId: string): RouterLink | undefined;
  links(): Iterable<RouterLink>;
  /** A router was registered or changed: its line is made (anew, when what it is dialled with has changed). */
  put(spec: RouterSpec): void;
  /** A router was removed. */
  remove(routerId: string): void;
  /** Told of each link that comes or goes, so that streams can move over to the next one. Answers its own removal. */
  onLink(listener: LinkListener): () => void;
  /**
   * Runs work on a router within its deadline.
   * @throws RouterOsError: `UNREACHABLE`, `AUTH`, `TLS`, `TIMEOUT`, `BUSY`, or what the router said.
   */
  work<T>(routerId: string, work: DeviceWork, action: (tools: DeviceTools) => Promise<T>): Promise<T>;
  /** Whether this process owns the routers at the moment. */
  readonly owning: boolean;
}

export interface RouterFleetOptions {
  /** All routers of all tenants. */
  list: () => Promise<RouterSpec[]>;
  openPassword: (spec: RouterSpec) => string;
  /** Ownership of the routers; undefined when another process has it. */
  acquire: (onLost: () => void) => Promise<HeldLock | undefined>;
  onStatus: (spec: RouterSpec, status: RouterStatus) => void;
  onSession: (spec: RouterSpec, change: LiveChange, live: LiveSessions) => void;
  /** The sessions that were last known to be up on a router. */
  lastSessions: (spec: RouterSpec) => Promise<Parameters<LiveSessions['seed']>[0]>;
  clock: Clock;
  log: Logger;
  metrics: FleetMetrics;
}

/** How long a piece of work waits for a line that is down; the rest of its time belongs to the commands. */
const LINE_WAIT_MS = 3_000;
/** Dials at once when a process starts; a dial that hangs gives its place up after a second. */
const START_LANES = 25;
const START_PATIENCE_MS = 1_000;
/** How often the ownership is asked for again after it was lost. */
const REACQUIRE_MS = 1_000;

/**
 * Owns the lines to all routers: one login session each, shared by commands, live sessions and traffic. Exactly one process
 * does (a lock on a database connection of its own); when that connection is lost, another process may take over, so
 * this one lets go of every router at once and asks again.
 */
export function makeRouterFleet(options: RouterFleetOptions): RouterFleet {
  const { clock, log, metrics } = options;
  const runtime: Runtime = { ...systemRuntime, now: () => clock.now() };
  const links = new Map<string, RouterLink>();
  const listeners = new Set<LinkListener>();
  /** Lines that are being closed; a stop waits for them. */
  const closing = new Set<Promise<unknown>>();
  let lock: HeldLock | undefined;
  let owning = false;
  /** Changes that came while the routers were being listed: the list may be older than they are. */
  let late: Array<() => void> | undefined;
  let stopped = true;
  let retry: NodeJS.Timeout | undefined;

  const announce: LinkListener = (routerId, what) => {
    for (const listener of listeners) listener(routerId, what);
  };

  const open = (spec: RouterSpec): RouterLink => {
    const connection = makeRouterConnection({
      host: spec.host,
      port: spec.port,
      tls: tlsSettings(spec),
      credentials: async () => ({ username: spec.username, password: options.openPassword(spec) }),
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
      if (status.state !== 'stopped') options.onStatus(spec, status);
    });
    live.onChange((change) => {
      metrics.observe(link, change);
      if ('session' in change && change.action !== 'CHANGE') link.traffic.poke(change.session.name);
      options.onSession(spec, change, live);
    });
    return link;
  };

  const startLink = async (link: RouterLink): Promise<void> => {
    const rows = await options.lastSessions(link.spec).catch((error: unknown) => {
      log.warn({ routerId: link.spec.id, err: error }, 'The last known sessions of a router could not be read; it is read anew');
      return [];
    });
    if (links.get(link.spec.id) !== link) return;
    link.live.seed(rows);
    link.connection.start();
    link.live.start();
  };

  const close = (link: RouterLink) => {
    if (links.get(link.spec.id) === link) links.delete(link.spec.id);
    const done = Promise.allSettled([link.traffic.stop(), link.interfaces.stop(), link.logs.stop(), link.live.stop()])
      .then(() => link.connection.stop())
      .then(
        () => metrics.forget(link),
        (error: unknown) => log.warn({ routerId: link.spec.id, err: error }, 'The line to a router did not close well'),
      );
    closing.add(done);
    void done.finally(() => closing.delete(done));
  };

  /** Makes a link for every router, all in one turn; the dialling follows by `dial`. */
  const adopt = async (): Promise<RouterLink[]> => {
    late = [];
    const held = lock;
    const specs = await options.list();
    const waiting = late;
    late = undefined;
    if (held === undefined || lock !== held) return [];
    owning = true;
    const opened = specs.map((spec) => {
      const link = open(spec);
      links.set(spec.id, link);
      return link;
    });
    for (const link of opened) announce(link.spec.id, 'changed');
    for (const change of waiting) change();
    return opened;
  };

  const dial = async (waiting: RouterLink[]): Promise<void> => {
    const lane = async () => {
      for (let link = waiting.shift(); link !== undefined; link = waiting.shift()) {
        if (!owning) return;
        await startLink(link);
        await firstResult(link, START_PATIENCE_MS);
      }
    };
    await Promise.all(Array.from({ length: START_LANES }, lane));
  };

  const own = async (): Promise<boolean> => {
    let held: HeldLock | undefined;
    let gone = false;
    held = await options.acquire(() => {
      gone = true;
      if (held === undefined || lock !== held) return;
      lock = undefined;
      letGo();
      log.error({}, 'The ownership of the routers was lost with its database connection: every router is let go until it is back');
      reacquire();
    });
    if (!held || gone) return false;
    if (stopped) {
      await held.release();
      return false;
    }
    lock = held;
    return true;
  };

  const letGo = () => {
    owning = false;
    for (const link of links.values()) {
      close(link);
      announce(link.spec.id, 'lost');
    }
  };

  const giveUp = async (): Promise<void> => {
    const held = lock;
    lock = undefined;
    late = undefined;
    await held?.release();
  };

  const reacquire = () => {
    if (stopped) return;
    clearTimeout(retry);
    retry = setTimeout(async () => {
      try {
        if (await own()) {
          const adopted = await adopt();
          log.info({}, 'The routers are owned again');
          void dial(adopted);
          return;
        }
      } catch (error) {
        log.warn({ err: error }, 'The ownership of the routers could not be taken');
        await giveUp();
      }
      reacquire();
    }, REACQUIRE_MS);
    retry.unref();
  };

  const put = (spec: RouterSpec): void => {
    if (late) return void late.push(() => put(spec));
    if (!owning) return; // listed when the ownership is back
    const before = links.get(spec.id);
    if (before && sameLine(before.spec, spec)) return;
    if (before) close(before);
    const link = open(spec);
    links.set(spec.id, link);
    void startLink(link);
    announce(spec.id, 'changed');
  };

  const remove = (routerId: string): void => {
    if (late) return void late.push(() => remove(routerId));
    const link = links.get(routerId);
    if (link) close(link);
    announce(routerId, 'removed');
  };

  return {
    async start() {
      stopped = false;
      if (!(await own())) {
        stopped = true;
        throw new Error('another network process owns the routers of this database: stop it before you start this one');
      }
      try {
        void dial(await adopt());
      } catch (error) {
        stopped = true;
        await giveUp();
        throw error;
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      letGo();
      await Promise.all(closing);
      // Last: nobody else may log in before the last line is closed.
      await giveUp();
    },
    link: (routerId) => links.get(routerId),
    links: () => links.values(),
    put,
    remove,
    onLink(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async work(routerId, { key, deadlineMs, hashPassword }, action) {
      const link = links.get(routerId);
      if (!link) throw new RouterOsError('CLOSED', owning ? 'the router is no longer registered' : 'this process does not own the routers at the moment');
      const deadline = AbortSignal.timeout(deadlineMs);
      const endsAt = performance.now() + deadlineMs;
      const release = await link.queue.acquire(key, deadline);
      const doing = (async () => {
        const session = await link.connection.session(Math.min(LINE_WAIT_MS, Math.max(1, endsAt - performance.now())), deadline);
        const { version } = link.connection.status();
        const timeoutMs = Math.max(1, endsAt - performance.now());
        const ppp = makePppVerbs(session, { version, timeoutMs, signal: deadline, ...(hashPassword ? { hashPassword } : {}) });
        return await action({ session, ppp, limits: { timeoutMs, signal: deadline } });
      })();
      // The turn is held until the work has truly ended, also when its caller has given up on it.
      void doing.catch(() => undefined).finally(() => {
        release();
        metrics.observe(link);
      });
      try {
        return await Promise.race([doing, overdue(deadline, link, deadlineMs)]);
      } catch (error) {
        if (deadline.aborted && error instanceof RouterOsError && (error.code === 'INTERRUPTED' || error.code === 'TIMEOUT')) throw tooLate(link, deadlineMs);
        throw error;
      }
    },
    get owning() {
      return owning;
    },
  };
}

function tooLate(link: RouterLink, deadlineMs: number): RouterOsError {
  return new RouterOsError('TIMEOUT', `${link.connection.where}: no answer within ${Math.round(deadlineMs / 1000)} s`, { outcomeUnknown: true });
}

function overdue(deadline: AbortSignal, link: RouterLink, deadlineMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = () => reject(tooLate(link, deadlineMs));
    if (deadline.aborted) late();
    else deadline.addEventListener('abort', late, { once: true });
  });
}

/** Settles when the first dial of a link has succeeded or failed, or when patience ends. */
function firstResult(link: RouterLink, patienceMs: number): Promise<void> {
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

function sameLine(a: RouterSpec, b: RouterSpec): boolean {
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
