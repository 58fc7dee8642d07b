import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Peers, PeersOptions } from '../peers/peers.ts';
import type { RemoteLink } from '../peers/remote-link.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { LiveChange, LiveSessions } from '../routeros/live-sessions.ts';
import type { RouterStatus } from '../routeros/router-connection.ts';
import { systemRuntime, type Runtime } from '../routeros/runtime.ts';
import { workOn, type DeviceWork } from './device-work.ts';
import type { FleetMetrics } from './fleet-metrics.ts';
import type { RouterLeases, RouterLeasesOptions } from './router-leases.ts';
import { closeLine, firstResult, openLine, sameLine, type LineOptions } from './router-line.ts';
import type { DeviceTools, RouterLink, RouterSpec } from './router-link.ts';

export type { DeviceWork } from './device-work.ts';
export type { DeviceTools, RouterLink, RouterSpec } from './router-link.ts';

/**
 * `changed`: there is a new link. `lost`: there is none for now. `removed`: there will be none. `updated`: what is registered of the router, or
 * its callback secret, has changed; the link stays.
 */
export type LinkListener = (routerId: string, what: 'changed' | 'lost' | 'removed' | 'updated') => void;

export interface RouterFleet {
  /** Takes this process's share of the routers and begins to dial them; does not wait for any. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * The way to a router, whichever process has its line; undefined when no process is known to look after it. The link of a router whose
   * owner is out of reach stays, with what was last seen, until there is another.
   */
  link(routerId: string): RouterLink | undefined;
  /** The links whose lines this process has itself. */
  links(): Iterable<RouterLink>;
  /**
   * A router was registered or changed, and that is committed: its line is made (anew, when what it is dialled with has changed). Settles
   * when the line is being dialled, or in a moment; never rejects. Nobody has to wait for it.
   */
  put(spec: RouterSpec): Promise<void>;
  /** A router was removed. */
  remove(routerId: string): void;
  /** Told of each link that comes or goes, so that streams can move over to the next one. Answers its own removal. */
  onLink(listener: LinkListener): () => void;
  /**
   * Runs work on a router within its deadline.
   * @throws RouterOsError: `UNREACHABLE`, `AUTH`, `TLS`, `TIMEOUT`, `BUSY`, or what the router said.
   */
  work<T>(routerId: string, work: DeviceWork, action: (tools: DeviceTools) => Promise<T>): Promise<T>;
  /** Tells the other processes something; what they miss is not told again. */
  tell(topic: string, payload: unknown): void;
  /** Hears what the other processes tell. */
  onTold(topic: string, listener: (payload: never) => void): void;
  /** Whether this process may look after routers at the moment. */
  readonly owning: boolean;
}

export interface RouterFleetOptions {
  /** Routers of all tenants: those of these ids. */
  list: (routerIds: string[]) => Promise<RouterSpec[]>;
  openPassword: (spec: RouterSpec) => string;
  leases: (handlers: Pick<RouterLeasesOptions, 'url' | 'onTaken' | 'onLost' | 'onPeers'>) => RouterLeases;
  peers: (handlers: Pick<PeersOptions, 'onOffer' | 'onGone' | 'onTold'>) => Peers;
  /** Calls back with the id of each router that is registered, changed or removed by whatever process; with '' when some may have been missed. */
  watch: (onRouter: (routerId: string) => void) => Promise<() => Promise<void>>;
  onStatus: (spec: RouterSpec, status: RouterStatus) => void;
  onSession: (spec: RouterSpec, change: LiveChange, live: LiveSessions) => void;
  /** The sessions that were last known to be up on a router. */
  lastSessions: (spec: RouterSpec) => Promise<Parameters<LiveSessions['seed']>[0]>;
  clock: Clock;
  log: Logger;
  metrics: FleetMetrics;
}

/** Dials at once when a process starts; a dial that hangs gives its place up after a second. */
const START_LANES = 25;
const START_PATIENCE_MS = 1_000;
/** How long whoever registers a router waits for its line to be made. */
const TAKE_PATIENCE_MS = 1_000;
/** After the database could not tell how routers are reached. */
const RETRY_MS = 1_000;

/**
 * The ways to all routers. Each router's line, one login session shared by commands, live sessions and traffic, is with the one process that
 * has its lease; the others reach the router through that process.
 */
export function makeRouterFleet(options: RouterFleetOptions): RouterFleet {
  const { clock, log, metrics } = options;
  const runtime: Runtime = { ...systemRuntime, now: () => clock.now() };
  /** What `link` answers: an own line where there is one, else the newest offer of another process. */
  const links = new Map<string, RouterLink>();
  const own = new Map<string, RouterLink>();
  const offers = new Map<string, RemoteLink>();
  const listeners = new Set<LinkListener>();
  const topics = new Map<string, (payload: never) => void>();
  /** Lines that are being closed; a stop waits for them. */
  const closing = new Set<Promise<unknown>>();
  const adopting = new Set<Promise<unknown>>();
  let stopped = true;
  let unwatch: (() => Promise<void>) | undefined;

  const announce: LinkListener = (routerId, what) => {
    for (const listener of listeners) listener(routerId, what);
  };

  /** After `own` or `offers` have changed. */
  const relink = (routerId: string): void => {
    const next = own.get(routerId) ?? offers.get(routerId);
    if (next === links.get(routerId)) return;
    if (next) links.set(routerId, next);
    else links.delete(routerId);
    announce(routerId, next ? 'changed' : 'lost');
  };

  const peers = options.peers({
    onOffer(link) {
      const before = offers.get(link.spec.id);
      // An owner that has been away for too long and does not know it yet.
      if (before && before.token > link.token) return link.close();
      offers.set(link.spec.id, link);
      relink(link.spec.id);
      before?.close();
    },
    onGone: () => void leases.look(),
    onTold: (topic, payload) => topics.get(topic)?.(payload as never),
  });

  const leases: RouterLeases = options.leases({
    url: () => peers.url,
    onPeers: (found) => peers.known(found),
    onTaken: (routerIds) => {
      const done = adopt(routerIds);
      adopting.add(done);
      void done.finally(() => adopting.delete(done));
    },
    onLost: async (routerIds) => {
      const lost = routerIds.flatMap((routerId) => own.get(routerId) ?? []);
      await Promise.all(lost.map((link) => close(link, true)));
    },
  });

  const lineOptions: LineOptions = { ...options, runtime, valid: leases.valid };

  const open = (spec: RouterSpec): RouterLink | undefined => {
    const token = leases.tokenOf(spec.id);
    if (token === undefined || stopped) return undefined;
    const link = openLine(spec, lineOptions);
    own.set(spec.id, link);
    const before = offers.get(spec.id);
    offers.delete(spec.id);
    peers.offer(link, token);
    relink(spec.id);
    before?.close();
    return link;
  };

  const start = async (link: RouterLink): Promise<void> => {
    const rows = await options.lastSessions(link.spec).catch((error: unknown) => {
      log.warn({ routerId: link.spec.id, err: error }, 'The last known sessions of a router could not be read; it is read anew');
      return [];
    });
    if (own.get(link.spec.id) !== link) return;
    link.live.seed(rows);
    link.connection.start();
    link.live.start();
  };

  const close = (link: RouterLink, atOnce: boolean): Promise<void> => {
    const { id } = link.spec;
    const done = closeLine(link, { atOnce, log, metrics });
    closing.add(done);
    void done.finally(() => closing.delete(done));
    if (own.get(id) === link) {
      own.delete(id);
      peers.withdraw(id);
      relink(id);
    }
    return done;
  };

  /** Makes a link for each of the routers, all in one turn; the dialling follows. */
  const adopt = async (routerIds: string[]): Promise<void> => {
    try {
      const specs = await options.list(routerIds);
      const opened = specs.filter(({ id }) => !own.has(id)).flatMap((spec) => open(spec) ?? []);
      void dial(opened);
    } catch (error) {
      log.warn({ err: error }, 'The routers could not be read; it is tried again');
      setTimeout(() => {
        const waiting = routerIds.filter((routerId) => leases.tokenOf(routerId) !== undefined && !own.has(routerId));
        if (!stopped && waiting.length > 0) void adopt(waiting);
      }, RETRY_MS).unref();
    }
  };

  const dial = async (waiting: RouterLink[]): Promise<void> => {
    const lane = async () => {
      for (let link = waiting.shift(); link !== undefined; link = waiting.shift()) {
        if (own.get(link.spec.id) !== link) continue;
        await start(link);
        await firstResult(link, START_PATIENCE_MS);
      }
    };
    await Promise.all(Array.from({ length: START_LANES }, lane));
  };

  const put = async (spec: RouterSpec): Promise<void> => {
    const before = own.get(spec.id);
    if (!before) {
      // A new one is for whoever has too few; another process's is told to it by the database.
      const taken = leases.look().then(() => Promise.all(adopting));
      await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, TAKE_PATIENCE_MS).unref())]);
      return;
    }
    if (sameLine(before.spec, spec)) return;
    own.delete(spec.id);
    void close(before, false);
    const link = open(spec);
    if (link) return void start(link);
    peers.withdraw(spec.id);
    relink(spec.id);
  };

  const remove = (routerId: string): void => {
    const line = own.get(routerId);
    if (line) void close(line, false);
    const offer = offers.get(routerId);
    offers.delete(routerId);
    links.delete(routerId);
    offer?.close();
    announce(routerId, 'removed');
  };

  /** Some process has written this router. */
  const heard = async (routerId: string): Promise<void> => {
    const ids = routerId === '' ? [...own.keys()] : [routerId];
    const specs = await options.list(ids);
    for (const id of ids) {
      const spec = specs.find((one) => one.id === id);
      if (!spec) remove(id);
      else {
        void put(spec);
        announce(id, 'updated');
      }
    }
  };

  return {
    async start() {
      stopped = false;
      try {
        await peers.start();
        unwatch = await options.watch((routerId) => {
          if (!stopped) heard(routerId).catch((error: unknown) => log.warn({ routerId, err: error }, 'A router that has changed could not be read'));
        });
        await leases.start();
        await Promise.all(adopting);
      } catch (error) {
        stopped = true;
        await Promise.allSettled([unwatch?.(), peers.stop()]);
        throw error;
      }
    },
    async stop() {
      stopped = true;
      await unwatch?.();
      for (const link of own.values()) void close(link, false);
      await Promise.all(closing);
      // After the last line is closed: nobody else may log in before.
      await leases.stop();
      await peers.stop();
    },
    link: (routerId) => links.get(routerId),
    links: () => own.values(),
    put,
    remove,
    onLink(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async work(routerId, work, action) {
      const link = links.get(routerId);
      if (!link) throw new RouterOsError('CLOSED', 'nobody looks after this router at the moment');
      return workOn(link, work, action, () => {
        if (own.get(routerId) === link) metrics.observe(link);
      });
    },
    tell: (topic, payload) => peers.tell(topic, payload),
    onTold: (topic, listener) => void topics.set(topic, listener),
    get owning() {
      return leases.valid();
    },
  };
}
