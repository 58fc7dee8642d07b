import type { Principal } from '#kernel/access/principal.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import type { Operation } from '../machine/operations.ts';
import { RestError } from '../machine/errors.ts';
import type { Intake } from '../machine/router.ts';
import { run } from '../machine/run.ts';

type Outcome = 'ACCEPTED' | 'RECORDED' | 'REFUSED';

export interface PppoeCallbacksOptions {
  supergraph: Supergraph;
  /** Who REST is when it hands callbacks over: a service, because a router shows no token. */
  principal: Principal;
  /** `ReportPppoeCallbacks`; undefined where no route uses it. */
  operation: Operation | undefined;
  log: Logger;
  metrics: Metrics;
  clock: Clock;
  /** Callbacks in one call of the graph. */
  maxBatch?: number;
  /** Callbacks that may wait; of one address, half of it. */
  maxWaiting?: number;
  /** From this many on, a newer callback of a user takes the place of the one that waits. */
  coalesceFrom?: number;
}

export interface PppoeCallbacks {
  intake: Intake;
  /** Waits for the calls that are on the way. */
  stop(): Promise<void>;
}

interface Waiting {
  source: string;
  input: Record<string, unknown>;
  settle: Array<{ resolve(outcome: Outcome): void; reject(error: unknown): void }>;
}

/**
 * Takes callbacks in by the thousand (a power cut brings all subscribers of a router back within seconds): one call of the graph is on the
 * way at a time, and what arrives meanwhile goes with the next one, in order. When much is waiting, only the last state of each user is
 * kept: a callback is a hint to look, and the look finds the present state whatever the hints said. Nobody's last state is dropped; a
 * flood beyond all bounds is answered UNAVAILABLE, which a router script may repeat.
 */
export function makePppoeCallbacks({ supergraph, principal, operation, log, metrics, clock, maxBatch = 500, maxWaiting = 20_000, coalesceFrom = 1000 }: PppoeCallbacksOptions): PppoeCallbacks {
  const counted = metrics.counter('headend_rest_pppoe_callbacks_total', 'PPPoE callbacks by what became of them', ['outcome']);
  /** In order of arrival. */
  let waiting: Waiting[] = [];
  const latest = new Map<string, Waiting>();
  const bySource = new Map<string, number>();
  let running: Promise<void> | undefined;
  let calls = 0;

  const take = (): Waiting[] => {
    const batch = waiting.slice(0, maxBatch);
    waiting = waiting.slice(maxBatch);
    for (const entry of batch) {
      const key = keyOf(entry);
      if (latest.get(key) === entry) latest.delete(key);
      const left = bySource.get(entry.source)! - 1;
      if (left === 0) bySource.delete(entry.source);
      else bySource.set(entry.source, left);
    }
    return batch;
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = take();
      calls += 1;
      try {
        const data = await run(supergraph, { operation: operation!, variables: { input: { events: batch.map(({ input }) => input) } }, principal, requestId: `pppoe-callbacks-${calls}` });
        const { outcomes } = data.report as { outcomes: Outcome[] };
        batch.forEach(({ settle }, index) => {
          const outcome = outcomes[index] ?? 'RECORDED';
          counted.inc({ outcome: outcome.toLowerCase() }, settle.length);
          for (const { resolve } of settle) resolve(outcome);
        });
      } catch (error) {
        log.warn({ err: error, callbacks: batch.length }, 'PPPoE callbacks could not be handed over');
        for (const { settle } of batch) {
          counted.inc({ outcome: 'failed' }, settle.length);
          for (const { reject } of settle) reject(error);
        }
      }
    }
    running = undefined;
  };

  const hand = (source: string, input: Record<string, unknown>): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const entry: Waiting = { source, input, settle: [{ resolve, reject }] };
      const key = keyOf(entry);
      const before = latest.get(key);
      if (before && waiting.length >= coalesceFrom) {
        before.input = input;
        before.settle.push({ resolve, reject });
        return;
      }
      const ofSource = bySource.get(source) ?? 0;
      if (waiting.length >= maxWaiting || ofSource >= maxWaiting / 2) {
        counted.inc({ outcome: 'overflow' });
        reject(new RestError('UNAVAILABLE', 'Too many callbacks are waiting: send it again.', { headers: { 'retry-after': '1' } }));
        return;
      }
      waiting.push(entry);
      latest.set(key, entry);
      bySource.set(source, ofSource + 1);
      // Everything that arrives in the same turn goes with the first call.
      running ??= new Promise<void>((started) => setImmediate(started)).then(drain);
    });

  return {
    async intake(callback, { sourceAddress, header }) {
      const outcome = await hand(sourceAddress, { ...callback, sourceAddress, callbackSecret: header('x-callback-token'), receivedAt: clock.now().toISOString() });
      if (outcome === 'REFUSED') {
        throw new RestError('UNAUTHENTICATED', 'Callbacks are taken from the address of a registered router, or with its callback token in X-Callback-Token.');
      }
      return { data: { status: outcome.toLowerCase() } };
    },
    async stop() {
      await running;
    },
  };
}

/** One user of one router, as far as the door can tell routers apart. */
function keyOf({ source, input }: Waiting): string {
  return JSON.stringify([source, input.callbackSecret ?? null, input.name]);
}
