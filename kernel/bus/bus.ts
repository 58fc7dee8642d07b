import type { Clock } from '#kernel/clock.ts';
import type { Database, Tx } from '#kernel/db/database.ts';
import type { Logger } from '#kernel/logs.ts';
import { enterInbox, hasPassed, insertEvents, look, pruneEvents, readCeiling, readLag, readParked, rebase, registerConsumer, unpark, type ParkedEvent } from './bus.store.ts';
import { makeConsumer, type ConsumeOptions, type ConsumerSettings } from './consumer.ts';
import { assertEvent, type DomainEvent, type NewEvent } from './event.ts';
import { lookoutOf } from './lookout.ts';
import { makeTails, type TailOptions } from './tail.ts';

export { busMigrations, type ParkedEvent } from './bus.store.ts';
export type { ConsumeOptions } from './consumer.ts';
export type { DomainEvent, NewEvent } from './event.ts';
export type { TailOptions } from './tail.ts';

export interface BusOptions {
  database: Database;
  /** The subgraph's name: it announces under it, and its consumers belong to it. */
  subgraph: string;
  log: Logger;
  clock: Clock;
  /** Makes the ids of events: `uuidv7`. */
  newId: () => string;
  /** The net below NOTIFY; 1,000 ms. */
  pollMs?: number;
  /** How often and how patiently a failing event is tried. */
  retry?: Partial<ConsumerSettings>;
}

/** How subgraphs tell each other what happened: an outbox in the same database, read in the order of commits. */
export interface Bus {
  /** Announces inside the caller's transaction: the events exist if and only if it commits. Consumers wake at the commit. */
  publish(tx: Tx, events: NewEvent[]): Promise<void>;
  /**
   * Hears events: durably, in order, at least once (what the handler does through its transaction exactly once), by one
   * process at a time. A failing event is tried again with back-off, the later ones wait; then it is parked and they go on.
   * Call before `start`.
   */
  consume(options: ConsumeOptions): void;
  /** The live events of one tenant, in order and without a gap. A slow reader holds at most 256 of them in memory. */
  tail(options: TailOptions): AsyncIterableIterator<DomainEvent>;
  start(): Promise<void>;
  /** Ends the tails; waits for the events that are being handled. */
  stop(): Promise<void>;
  /** For each consumer: how many events wait, and since how many milliseconds the oldest of them. */
  lag(): Promise<Array<{ consumer: string; behind: number; oldestMs: number }>>;
  /**
   * Waits until a consumer of this subgraph has handled all that was announced before the call, so that what its caller was told
   * elsewhere is known here too. False when that takes longer than `deadlineMs`.
   */
  caughtUp(consumer: string, deadlineMs: number): Promise<boolean>;
  /** Events of this subgraph's consumers that could not be handled. */
  parked(): Promise<ParkedEvent[]>;
  /** Handles a parked event now. False: it is not parked (any more). Rejects, and leaves it parked, when it fails again. */
  retryParked(consumer: string, eventId: string): Promise<boolean>;
  /** Removes events (and inbox keys) older than so many days that every consumer has passed; answers how many events. */
  prune(days: number): Promise<number>;
}

/** Between two looks whether a consumer has caught up: first, and at most, in milliseconds. */
const CATCH_UP_LOOK_MS = { first: 5, most: 200 };

export function makeBus(options: BusOptions): Bus {
  const { database, subgraph, clock } = options;
  const log = options.log.child({ bus: subgraph });
  const db = database.forSubgraph(subgraph);
  const pollMs = options.pollMs ?? 1_000;
  const settings: ConsumerSettings = { maxAttempts: 8, firstRetryMs: 100, maxRetryMs: 30_000, ...options.retry };
  const tails = makeTails(db, log);
  const consumers = new Map<string, { options: ConsumeOptions; running: Promise<void> | undefined; again: boolean; loop: ReturnType<typeof makeConsumer> }>();
  const nameOf = (consumer: string): string => `${subgraph}:${consumer}`;

  let state: 'new' | 'running' | 'stopped' = 'new';
  let leave: (() => Promise<void>) | undefined;
  const lookout = lookoutOf(database);

  function run(name: string): void {
    const consumer = consumers.get(name);
    if (!consumer || state !== 'running') return;
    if (consumer.running) {
      consumer.again = true; // It may have read for the last time just before this event became visible.
      return;
    }
    consumer.running = consumer.loop
      .work()
      .then((againMs) => {
        if (againMs > 0) lookout.lookIn(againMs);
      })
      .catch((error) => {
        log.warn({ err: error, consumer: name }, 'A consumer could not work');
        lookout.lookIn(pollMs);
      })
      .finally(() => {
        consumer.running = undefined;
        if (consumer.again) {
          consumer.again = false;
          lookout.wake();
        }
      });
  }

  return {
    async publish(tx, events) {
      if (events.length === 0) return;
      for (const event of events) assertEvent(event);
      const now = clock.now().toISOString();
      await insertEvents(
        tx,
        subgraph,
        events.map((event) => ({ ...event, id: options.newId(), at: event.at === undefined ? now : new Date(event.at).toISOString() })),
      );
    },
    consume(consumeOptions) {
      const name = nameOf(consumeOptions.consumer);
      if (state !== 'new') throw new Error(`Consumer ${name}: declared after the bus was started`);
      if (!/^[a-z][a-z0-9-]*$/.test(consumeOptions.consumer)) throw new Error(`Consumer ${name}: not a name of small letters, digits and hyphens`);
      if (consumers.has(name)) throw new Error(`Consumer ${name}: declared twice`);
      if (consumeOptions.types.length === 0) throw new Error(`Consumer ${name}: without types`);
      consumers.set(name, { options: consumeOptions, running: undefined, again: false, loop: makeConsumer(name, consumeOptions, db, log, settings) });
    },
    tail(tailOptions) {
      return tails.open(tailOptions);
    },
    async start() {
      if (state !== 'new') throw new Error('The bus was started before');
      const xmin = await db.system(async (tx) => {
        if (await rebase(tx)) log.warn({}, 'The events come from another database server: their order was renumbered');
        for (const [name, consumer] of consumers) await registerConsumer(tx, name, consumer.options.types, consumer.options.from ?? 'earliest');
        return (await look(tx, [])).xmin;
      });
      tails.tick(xmin);
      state = 'running';
      ({ leave } = await lookout.join({
        consumers: [...consumers.keys()],
        pollMs,
        log,
        seen({ xmin: horizon, due }) {
          tails.tick(horizon);
          for (const name of consumers.keys()) if (due.has(name)) run(name);
        },
      }));
      lookout.wake();
    },
    async stop() {
      if (state === 'stopped') return;
      state = 'stopped';
      tails.stop();
      for (const consumer of consumers.values()) consumer.loop.stop();
      await leave?.();
      await Promise.all([...consumers.values()].map((consumer) => consumer.running));
    },
    async lag() {
      const rows = await db.system((tx) => readLag(tx, [...consumers.keys()]));
      return rows.map((row) => ({
        consumer: row.consumer.slice(subgraph.length + 1),
        behind: row.behind,
        oldestMs: row.oldest === null ? 0 : Math.max(0, clock.now().getTime() - Date.parse(row.oldest)),
      }));
    },
    async caughtUp(consumerName, deadlineMs) {
      const name = nameOf(consumerName);
      if (!consumers.has(name)) throw new Error(`Consumer ${name}: unknown`);
      const until = performance.now() + deadlineMs;
      const ceiling = await db.system(readCeiling);
      for (let pause = CATCH_UP_LOOK_MS.first; ; pause = Math.min(pause * 2, CATCH_UP_LOOK_MS.most)) {
        if (await db.system((tx) => hasPassed(tx, name, ceiling))) return true;
        if (state === 'stopped' || performance.now() + pause > until) return false;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    },
    parked: () => db.system((tx) => readParked(tx, subgraph)),
    async retryParked(consumerName, eventId) {
      const name = nameOf(consumerName);
      const consumer = consumers.get(name);
      if (!consumer) throw new Error(`Consumer ${name}: unknown`);
      const waiting = (await db.system((tx) => readParked(tx, subgraph))).find((item) => item.consumer === consumerName && item.event.id === eventId);
      if (!waiting) return false;
      return db.write(waiting.event.tenantId, async (tx) => {
        if (!(await unpark(tx, name, eventId))) return false;
        if ((await enterInbox(tx, name, waiting.event.tenantId, [eventId])).has(eventId)) await consumer.options.handle(waiting.event, tx);
        return true;
      });
    },
    async prune(days) {
      const before = new Date(clock.now().getTime() - days * 86_400_000).toISOString();
      let removed = 0;
      for (;;) {
        const count = await db.system((tx) => pruneEvents(tx, before, 5_000));
        removed += count;
        if (count < 5_000) return removed;
      }
    },
  };
}
