/**
 * Rates of PPP subscribers at one router, for any number of watchers over few `/interface/monitor-traffic` commands
 * (at most 50 interfaces each).
 *
 * Directions are the router's: `rx` is what the router receives, i.e. the subscriber's **upload**; `tx` is his
 * **download**.
 */
import { RouterOsError } from './errors.ts';
import { makeMailbox, type Mailbox } from './mailbox.ts';
import type { RouterConnection } from './router-connection.ts';
import type { RouterSession, RouterStream, Row } from './session.ts';
import { silentLog, systemRuntime, type Log, type Runtime, type TimerHandle } from './runtime.ts';

export interface TrafficSample {
  /** PPP user name. */
  readonly name: string;
  /** E.g. `<pppoe-mia>`; null while the subscriber has none. */
  readonly interface: string | null;
  readonly at: Date;
  /** False: not connected (or the router is away); the rates are then 0. */
  readonly online: boolean;
  /** Subscriber's upload. */
  readonly rxBitsPerSecond: number;
  /** Subscriber's download. */
  readonly txBitsPerSecond: number;
  readonly rxPacketsPerSecond: number;
  readonly txPacketsPerSecond: number;
}

export interface TrafficOptions {
  readonly connection: RouterConnection;
  readonly runtime?: Runtime;
  readonly log?: Log;
  /** Joins changes of the watched set into one restart. Default 250. */
  readonly debounceMs?: number;
  /** How often absent interfaces are looked for. Default 3000; `poke` (a session came up) is faster. */
  readonly lookForMs?: number;
  /** Interfaces a PPP user may have, best first. Default `<pppoe-NAME>`, `<pppoe-NAME-1>` (its form after a quick redial). */
  readonly interfacesOf?: (name: string) => readonly string[];
}

export interface Traffic {
  /**
   * Samples of one PPP user, about one a second. A slow reader gets the newest only. The first sample of an absent
   * subscriber says `online: false`. End it with `return()` (a `for await` does). Throws `BAD_VALUE` for a name with a
   * comma: the command takes a comma list.
   */
  watch(name: string): AsyncIterableIterator<TrafficSample, void, void>;
  /** The session of `name` came up or went down: look now. */
  poke(name: string): void;
  /** Ends every watcher; nothing can be watched afterwards. */
  stop(): Promise<void>;
  readonly watchedNames: number;
  readonly upstreams: number;
}

interface Watched {
  readonly name: string;
  readonly watchers: Map<Mailbox<TrafficSample>, (sample: TrafficSample) => void>;
  /** The interface found on the router; null when absent; undefined before the first look. */
  found: string | null | undefined;
}
interface Group {
  readonly interfaces: Map<string, Watched>;
  stream: RouterStream | null;
  dirty: boolean;
  row: number;
}

const GROUP_SIZE = 50;

export function makeTraffic(options: TrafficOptions): Traffic {
  const { connection } = options;
  const runtime = options.runtime ?? systemRuntime;
  const log = options.log ?? silentLog;
  const interfacesOf = options.interfacesOf ?? ((name: string) => [`<pppoe-${name}>`, `<pppoe-${name}-1>`]);
  const watched = new Map<string, Watched>();
  const groups = new Set<Group>();
  let timer: TimerHandle = null;
  let dueAt = Infinity;
  let arranging: Promise<void> | null = null;
  let session: RouterSession | null = null;
  let unsubscribe: (() => void) | null = null;
  let stopped = false;

  const number = (text: string | undefined): number => {
    const value = Number(text ?? 0);
    return Number.isFinite(value) ? value : 0;
  };
  const deliver = (target: Watched, sample: TrafficSample): void => {
    for (const post of target.watchers.values()) post(sample);
  };
  const absent = (target: Watched): TrafficSample => ({
    name: target.name, interface: null, at: runtime.now(), online: false, rxBitsPerSecond: 0, txBitsPerSecond: 0, rxPacketsPerSecond: 0, txPacketsPerSecond: 0,
  });
  const lost = (target: Watched): void => {
    if (target.found === null) return;
    target.found = null;
    deliver(target, absent(target));
  };
  const onRow = (group: Group, row: Row): void => {
    // Old versions leave the name out and answer in the order asked.
    const name = row['name'] ?? [...group.interfaces.keys()][group.row++ % Math.max(1, group.interfaces.size)];
    const target = name === undefined ? undefined : group.interfaces.get(name);
    if (target === undefined || name === undefined) return;
    deliver(target, {
      name: target.name, interface: name, at: runtime.now(), online: true,
      rxBitsPerSecond: number(row['rx-bits-per-second']), txBitsPerSecond: number(row['tx-bits-per-second']),
      rxPacketsPerSecond: number(row['rx-packets-per-second']), txPacketsPerSecond: number(row['tx-packets-per-second']),
    });
  };

  const arrangeIn = (ms: number): void => {
    if (stopped) return;
    const due = runtime.monotonic() + ms;
    if (due >= dueAt) return;
    runtime.clearTimer(timer);
    dueAt = due;
    timer = runtime.setTimer(() => {
      dueAt = Infinity;
      if (arranging !== null) arrangeIn(ms);
      else arranging = arrange().catch((error: unknown) => {
        if (connection.current() !== null) log.warn({ router: connection.where, err: error }, 'traffic could not be monitored');
        arrangeIn(lookForMs);
      }).finally(() => { arranging = null; });
    }, ms);
  };
  const debounceMs = options.debounceMs ?? 250;
  const lookForMs = options.lookForMs ?? 3000;

  const start = (from: RouterSession, group: Group): void => {
    group.dirty = false;
    group.row = 0;
    if (group.interfaces.size === 0) {
      groups.delete(group);
      return;
    }
    const opened = from.stream('/interface/monitor-traffic', { interface: [...group.interfaces.keys()].join(',') }, {
      onRow: (row) => { if (group.stream === opened) onRow(group, row); },
      onEnd: (error) => {
        if (group.stream !== opened) return;
        // Usually one interface of the list went away, and the router ended the whole command.
        group.stream = null;
        group.dirty = true;
        if (error !== null) log.debug({ router: connection.where, err: error }, 'traffic monitor ended');
        for (const target of group.interfaces.values()) target.found = undefined;
        arrangeIn(debounceMs);
      },
    });
    group.stream = opened;
  };

  /** Makes the upstream commands fit what is watched and present. */
  const arrange = async (): Promise<void> => {
    const from = connection.current();
    if (from === null || watched.size === 0) return;
    if (from !== session) {
      session = from;
      groups.clear();
    }
    const missing = [...watched.values()].filter((w) => typeof w.found !== 'string');
    const present = missing.length === 0 ? new Set<string>() : await lookFor(from, missing.flatMap((w) => [...interfacesOf(w.name)]));
    if (from !== connection.current()) return;
    for (const target of missing) {
      if (watched.get(target.name) !== target) continue;
      const found = interfacesOf(target.name).find((name) => present.has(name)) ?? null;
      const before = target.found;
      target.found = found;
      if (found === null && before !== null) deliver(target, absent(target));
    }
    const wanted = new Map<string, Watched>();
    for (const target of watched.values()) if (typeof target.found === 'string') wanted.set(target.found, target);
    for (const group of groups) {
      for (const [name, target] of group.interfaces) {
        if (wanted.get(name) === target) wanted.delete(name);
        else {
          group.interfaces.delete(name);
          group.dirty = true;
        }
      }
    }
    for (const [name, target] of wanted) {
      let group = [...groups].find((g) => g.interfaces.size < GROUP_SIZE);
      if (group === undefined) groups.add(group = { interfaces: new Map(), stream: null, dirty: true, row: 0 });
      group.interfaces.set(name, target);
      group.dirty = true;
    }
    for (const group of groups) {
      if (!group.dirty) continue;
      const ending = group.stream;
      group.stream = null;
      void ending?.cancel();
      start(from, group);
    }
    if ([...watched.values()].some((w) => typeof w.found !== 'string')) arrangeIn(lookForMs);
  };

  const lookFor = async (from: RouterSession, names: string[]): Promise<Set<string>> => {
    const present = new Set<string>();
    for (let at = 0; at < names.length; at += GROUP_SIZE) {
      const part = names.slice(at, at + GROUP_SIZE);
      // n conditions need n-1 ORs; consecutive conditions alone would be and-ed.
      const queries = [...part.map((name) => `?name=${name}`), ...(part.length > 1 ? [`?#${'|'.repeat(part.length - 1)}`] : [])];
      for (const row of await from.print('/interface', { queries, proplist: ['name'] })) if (row['name'] !== undefined) present.add(row['name']);
    }
    return present;
  };

  const onState = (): void => {
    const current = connection.current();
    if (current === session) return;
    session = null;
    groups.clear();
    for (const target of watched.values()) {
      if (current === null) lost(target);
      target.found = target.found === null ? null : undefined;
    }
    if (current !== null) arrangeIn(0);
  };
  const follow = (): void => {
    if (unsubscribe !== null) return;
    unsubscribe = connection.onState(onState);
    connection.start();
  };
  const release = (): void => {
    unsubscribe?.();
    unsubscribe = null;
    runtime.clearTimer(timer);
    dueAt = Infinity;
    for (const group of groups) {
      const ending = group.stream;
      group.stream = null;
      void ending?.cancel();
    }
    groups.clear();
    session = null;
  };

  return {
    watch(name) {
      if (name === '' || name.includes(',')) throw new RouterOsError('BAD_VALUE', `traffic of "${name}" cannot be monitored: the name is empty or holds a comma`);
      const mine: Watched = watched.get(name) ?? { name, watchers: new Map(), found: undefined };
      let newest: TrafficSample | null = null;
      const box: Mailbox<TrafficSample> = makeMailbox<TrafficSample>({
        limit: 1,
        overflow: () => newest ?? absent(mine),
        onReturn: () => {
          mine.watchers.delete(box);
          if (mine.watchers.size > 0 || watched.get(name) !== mine) return;
          watched.delete(name);
          if (watched.size === 0) release();
          else arrangeIn(debounceMs);
        },
      });
      const post = (sample: TrafficSample): void => {
        newest = sample;
        box.post('sample', sample);
      };
      if (stopped) {
        box.end();
        return box;
      }
      watched.set(name, mine);
      mine.watchers.set(box, post);
      if (mine.found === null) post(absent(mine));
      else if (connection.current() === null) lost(mine);
      follow();
      arrangeIn(debounceMs);
      return box;
    },
    poke(name) {
      const target = watched.get(name);
      if (target === undefined) return;
      if (typeof target.found === 'string') {
        for (const group of groups) if (group.interfaces.get(target.found) === target) { group.interfaces.delete(target.found); group.dirty = true; }
      }
      target.found = target.found === null ? null : undefined;
      arrangeIn(debounceMs);
    },
    async stop() {
      stopped = true;
      for (const target of watched.values()) for (const box of target.watchers.keys()) box.end();
      watched.clear();
      release();
      await arranging;
    },
    get watchedNames() { return watched.size; },
    get upstreams() { return [...groups].filter((g) => g.stream !== null).length; },
  };
}
