/** A simulated RouterOS router: the real API protocol over TCP and TLS, homes that dial in, faults on demand. */

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { toBytes, toText } from './codec.ts';
import { makeConnection, type Connection } from './connection.ts';
import { execute } from './commands.ts';
import { bootRows, factoryRows, type SeedRows } from './defaults.ts';
import { describe } from './describe.ts';
import { makeFaults, type Faults, type FaultSettings } from './faults.ts';
import { makeJournal } from './journal.ts';
import type { RouterUser } from './login.ts';
import { menuAt, MENUS } from './menus/index.ts';
import { isSingleton, type World } from './menus/menu.ts';
import { addUsers, EVERYTHING } from './menus/user.ts';
import { formatLogTime, limitsSessions, masksSecrets, parseRelease } from './release.ts';
import { makeSafeMode } from './safe-mode.ts';
import { makeScheduler, systemClock, type SimulatorClock } from './scheduler.ts';
import { makeSubscribers, type Session, type SessionChange } from './subscribers.ts';
import { makeTable, type Row } from './table.ts';
import { parseAddress, parseRanges } from './values.ts';

export interface RouterSimulatorOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** 0 = any free port; it stays the same while the simulator lives. */
  port: number;
  /** api-ssl beside the plain API: with a certificate, or without one (anonymous Diffie-Hellman, as a router fresh from the factory). */
  tls?: { port: number; key: string | Buffer; cert: string | Buffer } | { port: number; anonymous: true };
  /** RouterOS version, e.g. `6.49.10`, `7.18`: decides login, `!empty`, dates, masking. */
  version: string;
  /** Name until somebody sets another. */
  identity: string;
  users: readonly RouterUser[];
  /** Journal of the configuration; without one everything ends with the process. */
  stateFile?: string;
  /** Rows by menu path, added (as `add` and `set` would) when there is no saved state. */
  seed?: SeedRows;
  clock?: SimulatorClock;
  /** 0 ≤ x < 1. */
  random?: () => number;
  /** Shortest and longest wait before a subscriber dials, ms; default 2000 to 5000. */
  dialDelayMs?: readonly [number, number];
  /** Secrets whose modem hangs up by itself, after so many ms. */
  hangUpAfterMs?: Readonly<Record<string, readonly [number, number]>>;
  /** How long a reboot takes, ms; default 1000. */
  bootMs?: number;
  tagPosition?: 'second' | 'last';
  /** Default 8 MiB. */
  maxPendingBytes?: number;
  /** Receives the router's own log (no secrets in it). */
  log?: (entry: { topics: string; message: string }) => void;
}

export interface RouterPorts {
  port: number;
  /** undefined without `tls`. */
  tlsPort: number | undefined;
}

export interface RouterSimulator {
  readonly identity: string;
  readonly version: string;
  /** Listens, lets the subscribers dial. */
  start(): Promise<RouterPorts>;
  stop(): Promise<void>;
  readonly faults: Faults;
  /** Rows of a menu as text, passwords readable. */
  rows(menu: string): Record<string, string>[];
  /** Dials now: undefined when connected, else the reason. */
  dial(name: string): string | undefined;
  hangUp(name: string): boolean;
  /** The home gets another modem (its MAC counts from the next dial). */
  changeModem(name: string, mac: string): void;
  sessions(): Session[];
  sessionCount(): number;
  /** Cuts everybody off, starts anew; resolves when it listens again. */
  reboot(): Promise<void>;
  /** Told of every session up and down (for PPPoE callbacks); the result unsubscribes. */
  onSessionChange(listener: (change: SessionChange) => void): () => void;
  /** API clients that are connected. */
  connections(): number;
}

const LOG_LINES = 1000;
/** Most connections at once on releases that know no limit: a real router has no more memory either. */
const MAX_CONNECTIONS = 1000;
const HANDSHAKE_MS = 20_000;
/** Without a certificate OpenSSL takes anonymous ciphers only when told to, and not in TLS 1.3. */
const ANONYMOUS = { ciphers: 'ADH:@SECLEVEL=0', dhparam: 'auto', maxVersion: 'TLSv1.2' } as const;

export function makeRouterSimulator(options: RouterSimulatorOptions): RouterSimulator {
  const release = parseRelease(options.version);
  const host = options.host ?? '127.0.0.1';
  const random = options.random ?? Math.random;
  const scheduler = makeScheduler(options.clock ?? systemClock);
  const clock = options.clock ?? systemClock;
  const tables = new Map(MENUS.map((menu) => [menu.path, makeTable(menu)]));
  const listeners = new Set<(change: SessionChange) => void>();
  const connections = new Set<Connection>();
  let bootedAt = scheduler.now();
  const ports = { api: options.port, tls: options.tls?.port ?? 0 };
  let servers: Server[] = [];
  /** Sockets below TLS: one that never ends its handshake has no connection to be closed by. */
  const raw = new Set<Socket>();
  let started = false;
  let stopped = false;
  let booting = false;

  const table = (path: string) => {
    const found = tables.get(path);
    if (!found) throw new Error(`no menu ${path}`);
    return found;
  };
  const logLines: Row[] = [];
  const log = (topics: string, message: string) => {
    logLines.push(table('/log').add({ time: formatLogTime(release, scheduler.now()), topics, message }));
    // The memory log keeps the last thousand; what falls off is no news.
    if (logLines.length > LOG_LINES) table('/log').remove(logLines.shift()!, true);
    options.log?.({ topics, message: toText(message) });
  };

  const world: World = {
    release,
    hidesPasswords: () => faults.active.maskPasswords ?? masksSecrets(release),
    now: () => scheduler.now(),
    bootedAt: () => bootedAt,
    table,
    log,
    resolve(menu, value) {
      const row = table(menu).byKey(value) ?? table(menu).byId(value);
      return row?.values[menuAt(menu)?.key ?? 'name'];
    },
    namesBeginning(menu, start) {
      const key = menuAt(menu)?.key ?? 'name';
      return [...table(menu).rows()].map((row) => row.values[key] ?? '').filter((name) => name.startsWith(start));
    },
    hangUp: (active, reason) => subscribers.hangUp(active.values.name ?? '', reason),
    roundTrip,
    reboot: () =>
      void reboot().catch((error: unknown) => log('system,error', `did not come back after the reboot: ${error instanceof Error ? error.message : String(error)}`)),
    after: (ms, run) => clock.after(ms, run),
    get safeMode() {
      return safeMode;
    },
  };
  const safeMode = makeSafeMode(world);

  /** Homes that are online and the world outside answer; free addresses of a pool do not. */
  function roundTrip(address: string): number | undefined {
    if (subscribers.sessionAt(address)) return 2000 + Math.floor(random() * 18_000);
    const number = parseAddress(address)!;
    for (const pool of table('/ip/pool').rows()) {
      if (parseRanges(pool.values.ranges ?? '')?.some(([first, last]) => number >= first && number <= last)) return undefined;
    }
    return 300 + Math.floor(random() * 12_000);
  }

  const journal = options.stateFile === undefined ? undefined : makeJournal(options.stateFile, MENUS, tables);
  if (journal?.restored) journal.load();
  else {
    factoryRows(world, toBytes(options.identity), ports);
    addUsers(world, []);
    seedRows(options.seed ?? {});
  }
  bootRows(world, options.users);

  /** A seed goes the way of a client's `add` and `set`, so that a bad one is refused by name. */
  function seedRows(seed: SeedRows): void {
    for (const [path, rows] of Object.entries(seed)) {
      for (const row of rows) {
        const attributes = new Map(Object.entries(row).map(([name, value]) => [name, toBytes(value)]));
        const menu = menuAt(path);
        const only = menu !== undefined && isSingleton(menu, release);
        const known = menu?.key === undefined ? undefined : table(path).byKey(attributes.get(menu.key) ?? '');
        if (known && !only) attributes.set('.id', known.id);
        const command = only || known ? 'set' : 'add';
        try {
          execute(world, `${path}/${command}`, attributes, [], EVERYTHING);
        } catch (error) {
          throw new Error(`seed ${path} ${row.name ?? ''}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        }
      }
    }
  }

  const subscribers = makeSubscribers({
    world,
    scheduler,
    random,
    dialDelayMs: options.dialDelayMs ?? [2000, 5000],
    hangUpAfterMs: Object.fromEntries(Object.entries(options.hangUpAfterMs ?? {}).map(([name, range]) => [toBytes(name), range])),
    onChange: (change) => {
      for (const listener of listeners) listener({ ...change, session: readable(change.session) });
    },
  });

  // After the subscribers: the snapshot holds what they noted about their secrets.
  journal?.record();

  const faults = makeFaults(applyReachability);
  /** Changes of reachability happen one after the other. */
  let reachability: Promise<void> = Promise.resolve();
  function applyReachability(settings: FaultSettings): Promise<void> {
    // One change that failed (a port taken meanwhile) is its caller's news, not the next one's.
    reachability = reachability.catch(() => undefined).then(async () => {
      if (!started) return;
      const wanted = !settings.unreachable && !booting;
      if (wanted && servers.length === 0) await listen();
      else if (!wanted && servers.length > 0) await shut();
    });
    return reachability;
  }

  function sessionLimit(): number {
    const { maxSessions } = faults.active;
    if (maxSessions !== undefined) return maxSessions;
    return limitsSessions(release) ? Number(table('/ip/service').byKey('api')?.values['max-sessions'] ?? 20) : MAX_CONNECTIONS;
  }

  function accept(socket: Socket, service: string): void {
    if (connections.size >= sessionLimit()) {
      log('system,error', `${service}: maximum number of sessions reached`);
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    const connection = makeConnection({
      socket,
      world,
      faults,
      safeMode,
      service,
      tagPosition: options.tagPosition ?? 'second',
      maxPendingBytes: options.maxPendingBytes ?? 8 * 1024 * 1024,
      onClose: () => connections.delete(connection),
    });
    connections.add(connection);
  }

  async function listen(): Promise<void> {
    const open = async (server: Server, port: number): Promise<number> => {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      servers.push(server);
      // Out of file handles, for one: those who cannot be taken now try again.
      server.on('error', (error) => log('system,error', `api: ${error.message}`));
      const address = server.address();
      return typeof address === 'object' && address ? address.port : port;
    };
    try {
      ports.api = await open(createServer((socket) => accept(socket, 'api')), ports.api);
      if (options.tls) {
        const secured = 'anonymous' in options.tls ? ANONYMOUS : { key: options.tls.key, cert: options.tls.cert };
        const server = createTlsServer({ ...secured, handshakeTimeout: HANDSHAKE_MS }, (socket) => accept(socket, 'api-ssl'));
        server.on('tlsClientError', () => undefined);
        server.on('connection', (socket) => {
          if (raw.size >= MAX_CONNECTIONS) socket.destroy();
          raw.add(socket);
          socket.once('close', () => raw.delete(socket));
        });
        ports.tls = await open(server, ports.tls);
      }
      for (const [name, port] of [['api', ports.api], ['api-ssl', ports.tls]] as const) {
        const row = table('/ip/service').byKey(name);
        if (row && port !== 0) table('/ip/service').update(row, { port: String(port), disabled: 'false' });
      }
    } catch (error) {
      await shut();
      throw error;
    }
  }

  async function shut(): Promise<void> {
    const closing = servers;
    servers = [];
    const closed = closing.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const connection of connections) connection.close();
    for (const socket of raw) socket.destroy();
    await Promise.all(closed);
  }

  async function reboot(): Promise<void> {
    if (booting) return;
    booting = true;
    await applyReachability(faults.active);
    for (const row of logLines.splice(0)) table('/log').remove(row, true);
    subscribers.powerOff();
    await new Promise<void>((resolve) => clock.after(options.bootMs ?? 1000, resolve));
    bootedAt = scheduler.now();
    booting = false;
    if (!started) return;
    log('system,info', 'router rebooted');
    subscribers.start();
    await applyReachability(faults.active);
  }

  return {
    identity: options.identity,
    version: options.version,
    async start() {
      if (started || stopped) throw new Error(stopped ? 'a stopped router does not start again: make a new one' : 'the router is already running');
      started = true;
      bootedAt = scheduler.now();
      if (!faults.active.unreachable) {
        try {
          await listen();
        } catch (error) {
          started = false;
          throw error;
        }
      }
      subscribers.start();
      return { port: ports.api, tlsPort: options.tls ? ports.tls : undefined };
    },
    async stop() {
      started = false;
      stopped = true;
      listeners.clear();
      subscribers.powerOff();
      scheduler.clear();
      await reachability.catch(() => undefined);
      await shut();
      journal?.close();
    },
    faults,
    rows(path) {
      const menu = menuAt(path);
      if (!menu || menu.commands.length === 0) throw new Error(`no menu ${path}`);
      return [...table(path).rows()].map((row) =>
        Object.fromEntries(Object.entries(describe(menu, row, world, true)).map(([name, value]) => [name, toText(value)])),
      );
    },
    dial: (name) => subscribers.dial(toBytes(name)),
    hangUp: (name) => subscribers.hangUp(toBytes(name)),
    changeModem: (name, mac) => subscribers.changeModem(toBytes(name), mac),
    sessions: () => subscribers.sessions().map(readable),
    sessionCount: () => subscribers.count(),
    reboot,
    onSessionChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connections: () => connections.size,
  };
}

/** A session with its names as text. */
function readable(session: Session): Session {
  return { ...session, name: toText(session.name), interfaceName: toText(session.interfaceName), profile: toText(session.profile) };
}
