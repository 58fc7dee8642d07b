/** The live sessions of a router as another process follows them: the same view, filled by its changes instead of the router's. */
import { makeLiveFeed } from './live-feed.ts';
import { LiveModel, type LiveChange } from './live-model.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { Log } from './runtime.ts';

export interface LiveMirror extends LiveSessions {
  /** A change, as the follower's `onChange` tells it. The first one is a snapshot. */
  apply(change: LiveChange): void;
  /** Nothing more comes: what is known is stale from now on. */
  lose(at: Date): void;
}

export function makeLiveMirror({ where, log, resync, queueLimit = 1000 }: { where: string; log: Log; resync: () => Promise<void>; queueLimit?: number }): LiveMirror {
  const model = new LiveModel();
  let version = 0;
  let synced = false;
  let staleSince: Date | null = null;
  let bootedAt: Date | null = null;
  let over = false;
  const snapshot = (): LiveChange => ({ action: 'SNAPSHOT', version, at: new Date(), sessions: model.all(), synced, staleSince, bootedAt });
  const feed = makeLiveFeed({ snapshot, queueLimit, where, log });

  return {
    apply(change) {
      version = change.version;
      switch (change.action) {
        case 'SNAPSHOT':
          for (const row of model.all()) model.drop(row);
          for (const row of change.sessions) model.put(row);
          ({ synced, staleSince, bootedAt } = change);
          break;
        case 'UP':
        case 'CHANGE':
          model.put(change.session);
          break;
        case 'DOWN': {
          const known = model.get(change.session.routerosId);
          if (known) model.drop(known);
          break;
        }
        case 'STALE':
          staleSince = change.staleSince;
          model.markStale(change.at);
          break;
        case 'LIVE':
          staleSince = null;
          for (const row of model.all()) model.put({ ...row, observedAt: change.at, source: row.source === 'STORED' ? 'RECONCILE' : row.source, staleSince: null });
          break;
      }
      feed.publish(change);
    },
    lose(at) {
      if (!synced || staleSince !== null) return;
      staleSince = at;
      model.markStale(at);
      version++;
      feed.publish({ action: 'STALE', version, at, staleSince, bootedAt });
    },
    start: () => undefined,
    async stop() {
      over = true;
      feed.end();
    },
    seed: () => undefined,
    sessions: () => model.all(),
    byName: (name) => model.newest(name),
    get version() { return version; },
    get synced() { return synced; },
    staleSince: () => staleSince,
    subscribe: () => feed.subscribe(over),
    onChange: feed.onChange,
    resync,
    counters: { events: 0, resyncs: 0, missed: 0, reboots: 0 },
  };
}
