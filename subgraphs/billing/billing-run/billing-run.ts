import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { CivilDate } from '#kernel/civil-time.ts';
import { isSerializationFailure, isUnavailable, sqlState } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import { preferIndexes } from '#kernel/db/plans.ts';
import { notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { checkAsOf } from '../dunning/dunning.ts';
import { idempotencyKeys } from '../tables.ts';
import { settingsOf, todayOf } from '../tenant-settings/tenant-settings.ts';
import * as store from './billing-run.store.ts';
import { BillingRunState, type RunBillingInput } from './billing-run.type.ts';
import { issueInvoices, reckon, totalsOf, type Issuing } from './issue-invoices.ts';
import { claim, complete, peek, type ClaimOptions } from './issue.store.ts';

export type { BillingRun } from './billing-run.store.ts';

/** A run that only reckons: nothing of it is kept. */
export interface DryRun extends store.BillingRun {
  totals: Money[];
  parked: store.Parked[];
}

export interface BillingRuns {
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<store.BillingRun>;
  list(principal: Principal, query: store.BillingRunQuery): Promise<ConnectionValue<store.BillingRun>>;
  /** Waits for the end, but not longer than ten seconds. */
  run(principal: Principal, input: RunBillingInput): Promise<store.BillingRun | DryRun>;
  /** For the schedule: as `run`, and waits for the end. Rejects when it did not succeed. */
  runDaily(tenantId: string, asOf: CivilDate): Promise<void>;
  /** Goes on with runs that a process left when it died, or that another is at (they share the work). */
  resume(): Promise<void>;
  /** Lets the transaction under way end and stops; what is left is resumed later. */
  stop(): Promise<void>;
}

export interface BillingRunOptions {
  /** Subscriptions in one transaction; 500. */
  chunk?: number;
  /** How many chunks are under way at a time; 2. One is decided here while the server writes another; the numbers are taken one after the other. */
  atOnce?: number;
  /** How long a caller waits for the end of a run; 10,000 ms. */
  patienceMs?: number;
}

/** Thrown out of a chunk's transaction, with the subscriptions that were in it. */
class ChunkFailed extends Error {
  constructor(
    readonly subscriptions: Array<{ id: string; service_id: string }>,
    cause: unknown,
  ) {
    super('A chunk of subscriptions could not be billed', { cause });
  }
}

const ATTEMPTS = 3;

/** It says nothing of the work itself: the database is away, or another process (frozen, perhaps) has held a lock for too long. */
const isPassing = (error: unknown): boolean => isUnavailable(error) || ['57014', '55P03'].includes(sqlState(error) ?? '');

export function makeBillingRuns(kit: Pick<SubgraphKit, 'db' | 'bus' | 'clock' | 'log'>, { chunk = 500, atOnce = 2, patienceMs = 10_000 }: BillingRunOptions = {}): BillingRuns {
  const { db, clock, log } = kit;
  const working = new Map<string, Promise<void>>();
  let stopping = false;

  async function begin(tenantId: string, given: CivilDate | null): Promise<Omit<Issuing, 'run'> & { asOf: CivilDate }> {
    const settings = await db.read(tenantId, settingsOf);
    const today = todayOf(settings, clock);
    return { tenantId, settings, today, asOf: checkAsOf(given ?? today, today) };
  }

  const newRun = (asOf: CivilDate, requestedBy: string | null): store.BillingRun => ({ id: uuidv7(), asOf, state: BillingRunState.RUNNING, invoices: 0, requestedBy, startedAt: clock.now(), finishedAt: null });

  /** Bills one chunk and answers the last id of it; null when nothing was found. */
  async function billChunk(issuing: Issuing, options: ClaimOptions): Promise<string | null> {
    let claimed: Awaited<ReturnType<typeof claim>> = [];
    try {
      return await db.write(issuing.tenantId, async (tx) => {
        // Subscriptions that came in great numbers, from an import, are billed before the planner has heard of them.
        preferIndexes(tx);
        claimed = await claim(tx, options);
        if (claimed.length > 0) await issueInvoices(kit, tx, issuing, claimed);
        return claimed.at(-1)?.id ?? null;
      });
    } catch (error) {
      if (isPassing(error) || claimed.length === 0) throw error;
      throw new ChunkFailed(claimed, error);
    }
  }

  /** Halves what failed until what fails is one subscription, and parks that: the others go on. */
  async function isolate(issuing: Issuing, failed: ChunkFailed, attempt = 1): Promise<void> {
    const { subscriptions, cause } = failed;
    // A deadlock or the like says nothing of the subscriptions.
    const again = isSerializationFailure(cause) && attempt < ATTEMPTS;
    if (subscriptions.length === 1 && !again) {
      const [{ id, service_id }] = subscriptions as [{ id: string; service_id: string }];
      log.error({ err: cause, tenant: issuing.tenantId, run: issuing.run.id, subscription: id }, 'A subscription was parked: it could not be billed');
      await db.write(issuing.tenantId, (tx) =>
        store.park(tx, issuing.tenantId, issuing.run.id, [{ subscriptionId: id, serviceId: service_id, code: 'BILLING_INTERNAL', message: 'It could not be billed for an internal reason; see the log.' }], clock.now()),
      );
      return;
    }
    const half = again ? subscriptions.length : Math.ceil(subscriptions.length / 2);
    for (const part of [subscriptions.slice(0, half), subscriptions.slice(half)]) {
      if (part.length === 0) continue;
      try {
        await billChunk(issuing, { runId: issuing.run.id, asOf: issuing.run.asOf, after: null, limit: part.length, taken: 'wait', only: part.map(({ id }) => id) });
      } catch (error) {
        if (!(error instanceof ChunkFailed)) throw error;
        await isolate(issuing, error, again ? attempt + 1 : 1);
      }
    }
  }

  /** Bills chunk after chunk until no more is found. */
  async function billAll(issuing: Issuing, taken: ClaimOptions['taken']): Promise<void> {
    const { id: runId, asOf } = issuing.run;
    for (let after: string | null = null; !stopping; ) {
      try {
        after = await billChunk(issuing, { runId, asOf, after, limit: chunk, taken });
        if (after === null) return;
      } catch (error) {
        if (!(error instanceof ChunkFailed)) throw error;
        await isolate(issuing, error);
        after = error.subscriptions.at(-1)!.id;
      }
    }
  }

  async function work(issuing: Issuing): Promise<void> {
    const { run, tenantId } = issuing;
    try {
      // First what nobody else has in hand; then, waiting, what another process may have left when it died.
      const ended = await Promise.allSettled(Array.from({ length: atOnce }, () => billAll(issuing, 'skip')));
      for (const end of ended) if (end.status === 'rejected') throw end.reason;
      await billAll(issuing, 'wait');
      if (stopping) return;
      await db.write(tenantId, (tx) => store.finish(tx, run.id, BillingRunState.SUCCEEDED, clock.now()));
    } catch (error) {
      log.error({ err: error, tenant: tenantId, run: run.id }, 'A billing run could not go on');
      // What passes leaves it RUNNING, and it is resumed.
      if (!isPassing(error)) await db.write(tenantId, (tx) => store.finish(tx, run.id, BillingRunState.FAILED, clock.now()));
    }
  }

  /** One worker a run and process, however many ask. */
  function workOn(issuing: Issuing): Promise<void> {
    const known = working.get(issuing.run.id);
    if (known) return known;
    const started = work(issuing)
      .catch((error) => log.error({ err: error, run: issuing.run.id }, 'A billing run was left; it is resumed later'))
      .finally(() => working.delete(issuing.run.id));
    working.set(issuing.run.id, started);
    return started;
  }

  async function dryRun({ tenantId, asOf, today }: Awaited<ReturnType<typeof begin>>, requestedBy: string | null): Promise<DryRun> {
    const run = newRun(asOf, requestedBy);
    const amounts: Money[] = [];
    const parked: store.Parked[] = [];
    for (let after: string | null = null; ; ) {
      const billables = await db.read(tenantId, async (tx) => {
        const rows = await peek(tx, asOf, after, chunk);
        return rows.length > 0 ? complete(tx, rows) : [];
      });
      if (billables.length === 0) break;
      const reckoned = reckon(billables, asOf, today);
      for (const { decision } of reckoned.decided) for (const period of decision.periods) if (period.kind === 'CHARGED') amounts.push(period.charge.total);
      parked.push(...reckoned.parked);
      after = billables.at(-1)!.id;
    }
    return { ...run, state: BillingRunState.SUCCEEDED, invoices: amounts.length, totals: totalsOf(amounts), parked, finishedAt: clock.now() };
  }

  const find = async (tenantId: string, id: string): Promise<store.BillingRun> => (await db.read(tenantId, (tx) => store.byIds(tx, [id])))[0] ?? unknownRun(id);

  return {
    get: (principal, id) => find(tenantOf(principal), id),
    list: (principal, query) => store.list(db, tenantOf(principal), query),

    async run(principal, { idempotencyKey, ...input }) {
      const tenantId = tenantOf(principal);
      const begun = await begin(tenantId, input.asOf ?? null);
      if (input.dryRun) return dryRun(begun, principal.id);
      const run = await db.write(tenantId, (tx) =>
        once(
          tx,
          idempotencyKeys,
          { tenantId, operation: 'runBilling', key: idempotencyKey, input, now: clock.now() },
          () => store.open(tx, tenantId, newRun(begun.asOf, principal.id)),
          async (id) => (await store.byIds(tx, [id]))[0] ?? unknownRun(id),
        ),
      );
      if (run.state !== BillingRunState.RUNNING) return run;
      await within(patienceMs, workOn({ ...begun, run }));
      return find(tenantId, run.id);
    },

    async runDaily(tenantId, asOf) {
      const begun = await begin(tenantId, asOf);
      const run = await db.write(tenantId, (tx) => store.open(tx, tenantId, newRun(asOf, null)));
      if (run.state !== BillingRunState.RUNNING) return;
      await workOn({ ...begun, run });
      const { state } = await find(tenantId, run.id);
      if (state !== BillingRunState.SUCCEEDED) throw new Error(`The billing run ${run.id} is ${state}`);
    },

    async resume() {
      for (const { tenantId, id } of await db.system((tx) => store.running(tx))) {
        if (stopping) return;
        const run = await find(tenantId, id);
        if (run.state === BillingRunState.RUNNING) await workOn({ ...(await begin(tenantId, run.asOf)), run });
      }
    },

    async stop() {
      stopping = true;
      await Promise.all(working.values());
    },
  };
}

/** Waits for a promise, but not longer. */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([promise, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}

function unknownRun(id: string): never {
  throw notFound('billing run', id);
}

