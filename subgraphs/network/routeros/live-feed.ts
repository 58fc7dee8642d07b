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

export function makeLiveFeed({ snapshot, queueLimit, where, log, onLeave }: LiveFeedOptions): LiveFeed {
  const mailboxes = new Set<Mailbox<LiveChange>>();
  const listeners = new Set<(change: LiveChange) => void>();

  return {
    publish(change) {
      for (const listener of listeners) {
        try {
          listener(change);
        } catch (error) {
          log.error({ router: where, err: error }, 'a live session listener failed');
        }
      }
      // Made once: there may be thousands of subscribers.
      const id = 'session' in change ? change.session.routerosId : '';
      const [key, up, changed] = [`${change.action} ${id}`, `UP ${id}`, `CHANGE ${id}`];
      for (const box of mailboxes) {
        if (change.action === 'SNAPSHOT') box.reset();
        else if ('session' in change) {
          // A session that came and went while the subscriber slept is none of its business.
          if (change.action === 'DOWN' && box.forget(up)) {
            box.forget(changed);
            continue;
          }
          if (change.action === 'DOWN') box.forget(changed);
          box.post(key, change);
        } else {
          box.forget(change.action === 'LIVE' ? 'STALE' : 'LIVE');
          box.post(change.action, change);
        }
      }
    },
    subscribe(over = false) {
      const box: Mailbox<LiveChange> = makeMailbox<LiveChange>({
        limit: queueLimit,
        overflow: snapshot,
        onReturn: () => {
          mailboxes.delete(box);
          onLeave?.();
        },
      });
      if (over) box.end();
      else {
        mailboxes.add(box);
        box.reset();
      }
      return box;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    end() {
      for (const box of mailboxes) box.end();
      mailboxes.clear();
    },
    get subscribers() { return mailboxes.size; },
  };
}
