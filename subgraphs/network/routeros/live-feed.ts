/** Tells the changes of one router's live sessions: to listeners at once, to subscribers through a bounded queue each. */
import type { LiveChange } from './live-model.ts';
import { makeMailbox, type Mailbox } from './mailbox.ts';
import type { Log } from './runtime.ts';

export interface LiveFeed {
  publish(change: LiveChange): void;
  /** Begins with a snapshot; `over`: there is nothing to tell any more. */
  subscribe(over?: boolean): AsyncIterableIterator<LiveChange, void, void>;
  onChange(listener: (change: LiveChange) => void): () => void;
  /** Ends the subscribers. */
  end(): void;
  readonly subscribers: number;
}

export interface LiveFeedOptions {
  snapshot: () => LiveChange;
  /** Changes a slow subscriber may have waiting before it gets a new snapshot. */
  queueLimit: number;
  where: string;
  log: Log;
  /** A subscriber has left. */
  onLeave?: () => void;
}

/**
 * Deliveries in one turn of the event loop. Each sets off all that lies between here and a subscriber's socket, and the next turn comes
 * only when that is done: told all at once, a few changes to ten thousand subscribers would keep the loop for seconds, from the
 * heartbeat of this process among others.
 */
const DELIVERIES_A_TURN = 256;

interface Subscriber {
  box: Mailbox<LiveChange>;
  /** The last change that is in the snapshot it has had. */
  seen: number;
}

interface Told {
  change: LiveChange;
  /** 1, 2, 3 … */
  number: number;
  /** Under which it waits, and what it makes void: written once, there may be thousands of subscribers. */
  keys: { own: string; up: string; changed: string };
}

export function makeLiveFeed({ snapshot, queueLimit, where, log, onLeave }: LiveFeedOptions): LiveFeed {
  const subscribers = new Set<Subscriber>();
  const listeners = new Set<(change: LiveChange) => void>();
  let told = 0;
  let coming: Told[] = [];
  /** These changes are on their way to these subscribers; those before `at` have them. */
  let round: { changes: readonly Told[]; to: readonly Subscriber[]; at: number } | undefined;
  let turn: NodeJS.Immediate | undefined;

  const deliver = ({ box, seen }: Subscriber, { change, number, keys }: Told): void => {
    if (number <= seen) return;
    if (change.action === 'SNAPSHOT') box.reset();
    else if ('session' in change) {
      // A session that came and went while the subscriber slept is none of its business.
      if (change.action === 'DOWN' && box.forget(keys.up)) {
        box.forget(keys.changed);
        return;
      }
      if (change.action === 'DOWN') box.forget(keys.changed);
      box.post(keys.own, change);
    } else {
      box.forget(change.action === 'LIVE' ? 'STALE' : 'LIVE');
      box.post(change.action, change);
    }
  };

  /** Goes on delivering, not more than `most`. A subscriber gets all that is on its way at once, which leaves by one write. */
  const work = (most: number): void => {
    for (let left = most; left > 0; ) {
      if (!round) {
        if (coming.length === 0) return;
        round = { changes: coming, to: [...subscribers], at: 0 };
        coming = [];
      }
      for (; left > 0 && round.at < round.to.length; round.at += 1) {
        const subscriber = round.to[round.at]!;
        if (!subscribers.has(subscriber)) continue;
        for (const one of round.changes) deliver(subscriber, one);
        left -= round.changes.length;
      }
      if (round.at === round.to.length) round = undefined;
    }
    turn = setImmediate(() => {
      turn = undefined;
      work(DELIVERIES_A_TURN);
    });
  };

  return {
    publish(change) {
      for (const listener of listeners) {
        try {
          listener(change);
        } catch (error) {
          log.error({ router: where, err: error }, 'a live session listener failed');
        }
      }
      const id = 'session' in change ? change.session.routerosId : '';
      coming.push({ change, number: (told += 1), keys: { own: `${change.action} ${id}`, up: `UP ${id}`, changed: `CHANGE ${id}` } });
      if (!turn) work(DELIVERIES_A_TURN);
    },
    subscribe(over = false) {
      const box: Mailbox<LiveChange> = makeMailbox<LiveChange>({
        limit: queueLimit,
        overflow() {
          subscriber.seen = told;
          return snapshot();
        },
        onReturn: () => {
          subscribers.delete(subscriber);
          onLeave?.();
        },
      });
      const subscriber: Subscriber = { box, seen: 0 };
      if (over) box.end();
      else {
        subscribers.add(subscriber);
        box.reset();
      }
      return box;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    end() {
      clearImmediate(turn);
      turn = undefined;
      work(Number.POSITIVE_INFINITY);
      for (const { box } of subscribers) box.end();
      subscribers.clear();
    },
    get subscribers() { return subscribers.size; },
  };
}
