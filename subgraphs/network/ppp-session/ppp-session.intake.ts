import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { sessionChanged, type SessionAnnouncement } from './ppp-session.events.ts';
import type { SessionOwners } from './session-owners.ts';

/** Writes the sessions that come and go to the outbox: many at once, because after a power cut they come by the thousand. */
export interface PppSessionIntake {
  changed(change: SessionAnnouncement): void;
  /** Writes what waits; used at stop. */
  drain(): Promise<void>;
}

export interface PppSessionIntakeOptions extends Pick<SubgraphKit, 'db' | 'bus' | 'log'> {
  owners: SessionOwners;
  /** What comes within this time goes into one transaction a tenant. Default 50 ms. */
  gatherMs?: number;
}

const BATCH = 500;
/**
 * What is held for a tenant while the database is away. What comes beyond it is not announced: the router holds the truth,
 * and whoever needs it reads the live sessions.
 */
const HELD_MAX = 20_000;
const RETRY_MS = 1_000;

export function makePppSessionIntake({ db, bus, log, owners, gatherMs = 50 }: PppSessionIntakeOptions): PppSessionIntake {
  const waiting = new Map<string, SessionAnnouncement[]>();
  let held = 0;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;

  const flush = async (): Promise<boolean> => {
    let failed = false;
    await Promise.all(
      [...waiting].map(async ([tenantId, queue]) => {
        while (queue.length > 0) {
          const batch = queue.slice(0, BATCH);
          try {
            const services = await Promise.all(batch.map(({ routerId, session }) => owners.load({ tenantId, routerId, name: session.name })));
            await db.write(tenantId, (tx) => bus.publish(tx, batch.map((change, at) => sessionChanged(change, services[at]!))));
          } catch (error) {
            failed = true;
            log.warn({ tenantId, waiting: queue.length, err: error }, 'Session events could not be announced; they are tried again');
            return;
          }
          queue.splice(0, batch.length);
          held -= batch.length;
        }
        waiting.delete(tenantId);
      }),
    );
    return !failed;
  };

  const flushIn = (ms: number): void => {
    if (timer || flushing) return;
    timer = setTimeout(() => {
      timer = undefined;
      flushing = flush().then((done) => {
        flushing = undefined;
        if (held > 0) flushIn(done ? gatherMs : RETRY_MS);
      });
    }, ms);
    timer.unref();
  };

  return {
    changed(change) {
      const queue = waiting.get(change.tenantId) ?? [];
      if (queue.length >= HELD_MAX) {
        log.error({ tenantId: change.tenantId }, 'Too many session events wait: the newest is not announced');
        return;
      }
      waiting.set(change.tenantId, queue);
      queue.push(change);
      held += 1;
      flushIn(gatherMs);
    },
    async drain() {
      clearTimeout(timer);
      timer = undefined;
      await flushing;
      clearTimeout(timer);
      timer = undefined;
      if (held > 0) await flush();
    },
  };
}
