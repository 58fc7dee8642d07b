import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { isUnavailable } from '#kernel/db/database.ts';
import type { Logger } from '#kernel/logs.ts';
import { advance, enterInbox, noteFailure, park, readBatch, type PlacedEvent } from './bus.store.ts';
import type { DomainEvent, Position } from './event.ts';

export interface ConsumeOptions {
  /** Names the consumer within its subgraph; never rename one, its place would be lost. */
  consumer: string;
  /** Exact event types. */
  types: string[];
  /**
   * In a write transaction of the event's tenant, which may handle others of the tenant's events before and after this one.
   * Effects made through `tx` happen exactly once; effects outside it at least once. A rejection rolls back and the event is
   * tried again.
   */
  handle: (event: DomainEvent, tx: Tx) => Promise<void>;
  /** The same for several of a tenant at once, in their order: for what is cheaper together. One that fails is handed to `handle`. */
  handleAll?: (events: readonly DomainEvent[], tx: Tx) => Promise<void>;
  /** Where a consumer that was never seen before begins; `earliest`: at the oldest event kept. */
  from?: 'earliest' | 'now';
}

export interface ConsumerSettings {
  /** An event that failed so often is parked; 8. */
  maxAttempts: number;
  /** Before the second try; doubles each time; 100 ms. */
  firstRetryMs: number;
  /** Longest wait between two tries; 30,000 ms. */
  maxRetryMs: number;
}

const BATCH = 200;
/** A transaction takes on more events while it was over sooner than this, and fewer when it was not: it holds every consumer's next event back. */
const QUICK_MS = 50;
/** How long to stay away when another process has the consumer in hand. */
const TAKEN_MS = 250;

/** Thrown to roll back when another process has the cursor. */
class Taken extends Error {}

/** One consumer's loop; `work` handles what is due and answers after how many milliseconds to come again (0: when woken). */
export function makeConsumer(name: string, options: ConsumeOptions, db: SubgraphDatabase, log: Logger, settings: ConsumerSettings): { work(): Promise<number>; stop(): void } {
  let stopped = false;

  /** How many events the next transaction may take on. */
  let share = 1;

  /** Events of one tenant, in one transaction: all of them are handled, or none. */
  async function handleAll(events: readonly PlacedEvent[], from: Position): Promise<void> {
    const { tenantId } = events[0]!.event;
    const began = performance.now();
    await db.write(tenantId, async (tx) => {
      // The cursor is moved first: its row lock keeps every other process away from the events until this commits.
      const [moved, fresh] = await Promise.all([advance(tx, name, from, events.at(-1)!.position), enterInbox(tx, name, tenantId, events.map(({ event }) => event.id))]);
      if (!moved) throw new Taken();
      const due = events.flatMap(({ event }) => (fresh.has(event.id) ? [event] : []));
      if (options.handleAll && due.length > 1) await options.handleAll(due, tx);
      else for (const event of due) await options.handle(event, tx);
    });
    share = performance.now() - began < QUICK_MS ? Math.min(share * 2, BATCH) : Math.max(1, share >> 1);
  }

  /** The first events that share a tenant, as many as a transaction may take on now. */
  function headOf(events: readonly PlacedEvent[]): readonly PlacedEvent[] {
    const other = events.findIndex(({ event }) => event.tenantId !== events[0]!.event.tenantId);
    return events.slice(0, Math.min(share, other < 0 ? events.length : other));
  }

  async function fail(event: DomainEvent, from: Position, to: Position, attempt: number, error: unknown): Promise<number> {
    const message = describe(error);
    if (attempt < settings.maxAttempts) {
      const delayMs = Math.min(settings.firstRetryMs * 2 ** (attempt - 1), settings.maxRetryMs);
      await db.system((tx) => noteFailure(tx, name, from, event, message, delayMs));
      log.warn({ consumer: name, event: event.id, type: event.type, tenant: event.tenantId, attempt, delayMs, err: error }, 'An event could not be handled; it is tried again');
      return delayMs;
    }
    await db.system(async (tx) => {
      if (await advance(tx, name, from, to)) await park(tx, name, event, attempt, message);
    });
    log.error({ consumer: name, event: event.id, type: event.type, tenant: event.tenantId, attempt, err: error }, 'An event was parked: it could not be handled');
    return 0;
  }

  return {
    async work() {
      while (!stopped) {
        const batch = await db.system((tx) => readBatch(tx, name, BATCH));
        if (!batch || batch.events.length === 0) return 0;
        let from = batch.cursor;
        let { attempts, events }: { attempts: number; events: readonly PlacedEvent[] } = batch;
        if (attempts > 0) share = 1;
        while (events.length > 0) {
          if (stopped) return 0;
          const head = headOf(events);
          const { event, position } = head.at(-1)!;
          try {
            await handleAll(head, from);
          } catch (error) {
            if (error instanceof Taken) return TAKEN_MS;
            if (isUnavailable(error)) throw error;
            share = 1;
            // One of several has failed: each by itself says which.
            if (head.length > 1) continue;
            const delayMs = await fail(event, from, position, attempts + 1, error);
            if (delayMs > 0) return delayMs;
          }
          from = position;
          attempts = 0;
          events = events.slice(head.length);
        }
        // There was no more. What has come since is told by the next look.
        if (batch.events.length < BATCH) return 0;
      }
      return 0;
    },
    stop() {
      stopped = true;
    },
  };
}

/** What is kept of an error: its message and the server's, never parameters. */
function describe(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause;
  const words = cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error);
  return words.slice(0, 2_000);
}
