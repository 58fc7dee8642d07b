import type { ExecutionResult } from 'graphql';
import { unauthenticated, unavailable, DomainError } from '#kernel/errors.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import { makeEventQueue } from '#kernel/subgraph/event-queue.ts';
import { slowConsumer } from '#kernel/subgraph/slow-consumer.ts';
import type { Subgraph } from '#kernel/subgraph/subgraph.ts';
import { withDeadline, type OperationContextValue } from './data-source.ts';
import { wrongVariables, type Executor } from './executor.ts';
import type { PlannedOperation, Planner } from './planner.ts';

export interface SubscriberOptions {
  planner: Planner;
  executor: Executor;
  subgraphs: readonly Subgraph[];
  clock: Clock;
  log: Logger;
  metrics?: Metrics;
  /** Milliseconds within which the owning subgraph must take the subscription. */
  deadlineMs: number;
  /** Events held for one subscriber that does not keep up; one more ends it with SLOW_CONSUMER. */
  maxQueued: number;
}

export type Subscriber = (
  operation: PlannedOperation,
  variables: Record<string, unknown> | undefined,
  context: OperationContextValue,
) => Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;

/** What waits for a subscriber: an event that is still to be completed by other subgraphs, or the last word. */
type Queued = { event: ExecutionResult } | { last: ExecutionResult };

/** setTimeout counts in 32 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Federated subscriptions: the subgraph that owns the field sends events; for each of them the plan's rest fetches what
 * other subgraphs add. Every subscriber has an upstream of its own (docs/decisions/0004-sharing-of-subscription-upstreams.md).
 */
export function makeSubscriber({ planner, executor, subgraphs, clock, log, metrics, deadlineMs, maxQueued }: SubscriberOptions): Subscriber {
  const byName = new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph]));
  const open = metrics?.gauge('headend_gateway_subscriptions', 'Open subscriptions');
  const ends = metrics?.counter('headend_gateway_subscriptions_ended_total', 'Subscriptions that ended, by why', ['reason']);

  return async (operation, variables, context) => {
    const wrong = wrongVariables(planner, operation, variables);
    if (wrong) return wrong;
    const { principal, requestId, signal } = context;
    const primary = operation.primary!;
    const subgraph = byName.get(primary.serviceName);
    if (!subgraph) throw unavailable(`The subgraph ${primary.serviceName} is not part of this gateway.`);

    const gone = new AbortController();
    const upstream = await withDeadline(subgraph.name, deadlineMs, signal, () =>
      subgraph.subscribe({ query: primary.operation, variables: pick(variables, primary.variableUsages), operationName: primary.operationName, principal, requestId, signal: gone.signal }),
    ).catch((error: unknown) => {
      gone.abort();
      throw error;
    });
    if (!(Symbol.asyncIterator in upstream)) return executor.runEvent(operation, upstream, variables, context);

    open?.inc();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => void queue.return!();
    const queue = makeEventQueue<Queued>({
      max: maxQueued,
      overflow: () => {
        ends?.inc({ reason: 'slow' });
        log.warn({ requestId, field: primary.operationName ?? primary.serviceName }, 'A subscription was ended: its client does not keep up');
        return { last: { errors: [slowConsumer()] } };
      },
      onClose: () => {
        open?.dec();
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        gone.abort();
        // Not awaited: an upstream that waits for its next event returns only with it.
        upstream.return?.().catch((error: unknown) => log.warn({ requestId, err: error }, 'A subscription upstream failed to close'));
      },
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();

    /** Authorised at the start and again when the credentials end, whatever the client does in between. */
    const expire = () => {
      ends?.inc({ reason: 'expired' });
      queue.cut({ last: { errors: [unauthenticated('The token has expired: refresh it, then subscribe again.')] } });
    };
    const expired = () => principal.expiresAt !== null && clock.now().getTime() >= principal.expiresAt * 1000;
    const watchExpiry = () => {
      if (principal.expiresAt === null) return;
      if (expired()) return expire();
      timer = setTimeout(watchExpiry, Math.min(principal.expiresAt * 1000 - clock.now().getTime() + 1, LONGEST_TIMER_MS));
      timer.unref();
    };
    watchExpiry();

    const pump = async () => {
      for (;;) {
        const { value, done } = await upstream.next();
        if (done) return queue.end();
        if (!queue.push({ event: value as ExecutionResult })) return;
      }
    };
    pump().catch((error: unknown) => {
      if (!(error instanceof DomainError)) log.error({ requestId, subgraph: subgraph.name, err: error }, 'A subscription upstream failed');
      queue.end({ last: { errors: [error instanceof DomainError ? error : unavailable(`The subscription on the subgraph ${subgraph.name} was lost; subscribe again.`)] } });
    });

    const results: AsyncIterableIterator<ExecutionResult> = {
      async next() {
        const item = await queue.next();
        if (item.done) return { value: undefined, done: true };
        if ('last' in item.value) return { value: item.value.last, done: false };
        // The clock may have been moved, or the machine have slept: the timer alone is not enough.
        if (expired()) {
          expire();
          return results.next();
        }
        const result = executor.runEvent(operation, item.value.event, variables, context);
        return { value: result instanceof Promise ? await result : result, done: false };
      },
      async return() {
        await queue.return!();
        return { value: undefined, done: true };
      },
      async throw(error) {
        await queue.return!();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    return results;
  };
}

function pick(variables: Record<string, unknown> | undefined, names: readonly string[] | undefined): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names ?? []) if (variables && Object.hasOwn(variables, name)) picked[name] = variables[name];
  return picked;
}
