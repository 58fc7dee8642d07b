import type { SubgraphDatabase } from '#kernel/db/database.ts';
import type { Logger } from '#kernel/logs.ts';
import { readTail, type PlacedEvent } from './bus.store.ts';
import { comparePositions, parseCursor, type DomainEvent, type Position } from './event.ts';

export interface TailOptions {
  tenantId: string;
  /** Only events of these types; all when absent. */
  types?: string[];
  /** Only events about this entity. */
  subject?: string;
  /** Continue behind this cursor; from about now when absent (the events of the last moments may come first). */
  after?: string;
  /** Ends the tail. */
  signal?: AbortSignal;
}

/** How many events wait in memory for a slow reader; what comes beyond that is read again from the outbox. */
const BUFFER_MAX = 256;
const BATCH = 200;

/** The live tails of one process: one reader a tenant, however many listen. */
export interface Tails {
  open(options: TailOptions): AsyncIterableIterator<DomainEvent>;
  /** Something may be new; `xmin` as in `look`. */
  tick(xmin: bigint): void;
  stop(): void;
}

interface Tail {
  options: TailOptions;
  /** All up to here is in the buffer or was handed out. */
  position: Position;
  /** Behind: it reads for itself until it has caught up with its tenant's reader. */
  live: boolean;
  buffer: PlacedEvent[];
  ended: boolean;
  wake: (() => void) | undefined;
}

interface TenantReader {
  position: Position;
  tails: Set<Tail>;
  reading: boolean;
  again: boolean;
}

export function makeTails(db: SubgraphDatabase, log: Logger): Tails {
  const readers = new Map<string, TenantReader>();
  let horizon = 0n;
  let stopped = false;

  function matches(tail: Tail, event: DomainEvent): boolean {
    const { types, subject } = tail.options;
    return (!types || types.includes(event.type)) && (subject === undefined || subject === event.subject);
  }

  function dispatch(reader: TenantReader, item: PlacedEvent): void {
    for (const tail of reader.tails) {
      if (!tail.live || comparePositions(item.position, tail.position) <= 0 || !matches(tail, item.event)) continue;
      if (tail.buffer.length >= BUFFER_MAX) {
        tail.live = false; // The buffer ends at `tail.position`; the rest is read again when it has drained.
        continue;
      }
      tail.buffer.push(item);
      tail.position = item.position;
      tail.wake?.();
    }
    reader.position = item.position;
  }

  async function readOn(tenantId: string, reader: TenantReader): Promise<void> {
    if (reader.reading) {
      reader.again = true;
      return;
    }
    reader.reading = true;
    try {
      do {
        reader.again = false;
        const { events, xmin } = await db.read(tenantId, (tx) => readTail(tx, tenantId, reader.position, undefined, {}, BATCH));
        for (const item of events) dispatch(reader, item);
        const end = { xid: xmin, seq: -1n };
        if (events.length === BATCH) reader.again = true;
        else if (comparePositions(end, reader.position) > 0) reader.position = end;
      } while (reader.again && reader.tails.size > 0);
    } catch (error) {
      // The next tick, at the latest a poll away, reads on from the same place.
      log.warn({ err: error, tenant: tenantId }, 'Events could not be read');
    } finally {
      reader.reading = false;
      for (const tail of reader.tails) if (!tail.live) tail.wake?.();
    }
  }

  /** Reads what the tail missed, up to its tenant's reader. */
  async function catchUp(tail: Tail, reader: TenantReader): Promise<void> {
    const { tenantId, types, subject } = tail.options;
    const upTo = reader.position;
    if (comparePositions(tail.position, upTo) >= 0) {
      tail.live = true;
      return;
    }
    const filter = { ...(types ? { types } : {}), ...(subject === undefined ? {} : { subject }) };
    const { events } = await db.read(tenantId, (tx) => readTail(tx, tenantId, tail.position, upTo, filter, BATCH));
    tail.buffer.push(...events);
    tail.position = events.length === BATCH ? events.at(-1)!.position : upTo;
    // Between the answer and here no other code has run since `reader.position` was compared: no event can slip through.
    if (comparePositions(tail.position, reader.position) >= 0) tail.live = true;
  }

  return {
    open(options) {
      const start = options.after === undefined ? { xid: horizon, seq: -1n } : parseCursor(options.after);
      let reader = readers.get(options.tenantId);
      if (!reader) {
        reader = { position: { xid: horizon, seq: -1n }, tails: new Set(), reading: false, again: false };
        readers.set(options.tenantId, reader);
      }
      const joined = reader;
      const tail: Tail = {
        options,
        position: options.after === undefined ? joined.position : start,
        live: options.after === undefined,
        buffer: [],
        ended: stopped || options.signal?.aborted === true,
        wake: undefined,
      };
      let checked = options.after === undefined;
      if (!tail.ended) joined.tails.add(tail);

      function end(): void {
        tail.ended = true;
        tail.buffer.length = 0;
        joined.tails.delete(tail);
        if (joined.tails.size === 0 && readers.get(options.tenantId) === joined) readers.delete(options.tenantId);
        options.signal?.removeEventListener('abort', end);
        tail.wake?.();
      }
      options.signal?.addEventListener('abort', end, { once: true });

      async function refuseIfPruned(): Promise<void> {
        const { pruned } = await db.read(options.tenantId, (tx) => readTail(tx, options.tenantId, start, start, {}, 1));
        checked = true;
        if (comparePositions(start, pruned) < 0) {
          throw Object.assign(new Error('The cursor is older than the events that are kept'), { field: 'after' });
        }
      }

      async function next(): Promise<IteratorResult<DomainEvent>> {
        for (;;) {
          if (tail.ended) return { done: true, value: undefined };
          const item = tail.buffer.shift();
          if (item) return { done: false, value: item.event };
          try {
            if (!checked) await refuseIfPruned();
            if (!tail.live) await catchUp(tail, joined);
          } catch (error) {
            if ((error as { field?: string }).field) {
              end();
              throw error;
            }
            log.warn({ err: error, tenant: options.tenantId }, 'Events could not be read');
            await wait(1_000);
            continue;
          }
          if (tail.buffer.length > 0 || !tail.live || tail.ended) continue;
          await wait(undefined);
        }
      }

      /** Until woken, or for so many milliseconds. */
      function wait(ms: number | undefined): Promise<void> {
        return new Promise((resolve) => {
          const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
          tail.wake = () => {
            clearTimeout(timer);
            tail.wake = undefined;
            resolve();
          };
        });
      }

      // Calls of next() that overlap are answered in their order.
      let queue: Promise<unknown> = Promise.resolve();
      return {
        next() {
          const answer = queue.then(next);
          queue = answer.catch(() => {});
          return answer;
        },
        async return() {
          end();
          return { done: true, value: undefined };
        },
        async throw(error) {
          end();
          throw error;
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    tick(xmin) {
      if (xmin > horizon) horizon = xmin;
      for (const [tenantId, reader] of readers) {
        if (reader.position.xid < xmin) void readOn(tenantId, reader);
      }
    },
    stop() {
      stopped = true;
      for (const reader of readers.values()) {
        for (const tail of reader.tails) {
          tail.ended = true;
          tail.wake?.();
        }
      }
      readers.clear();
    },
  };
}
