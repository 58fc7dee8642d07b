import type { Bus } from '#kernel/bus/bus.ts';
import type { Clock } from '#kernel/clock.ts';
import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, asc, desc, eq, inArray, isNull, lt, ne, notExists, sql } from '#kernel/db/drizzle.ts';
import { withinTime } from '#kernel/db/filtering.ts';
import { keysetPage, PagingError, type Keyset, type KeysetOptions } from '#kernel/db/keyset.ts';
import { invalidField } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { executors, runClaims, wishCounters, workflowRuns, workflowSteps } from '../tables.ts';
import { runChanged } from './workflow-run.events.ts';
import { byIdWithSteps, decideOn, insertOne, insertSteps, load, loadLocked, RUN_CHANNEL, Stale, stepsOf, updateOne, updateSteps, withSteps } from './workflow-run-rows.store.ts';
import { supersede, type RunState, type WorkflowRun, type WorkflowStep } from './workflow-run.ts';

export { RUN_CHANNEL };

export interface ActiveRun {
  id: string;
  tenantId: string;
  generation: number;
  updatedAt: Date;
}

export interface RunStatistics {
  kind: string;
  state: RunState;
  runs: number;
  /** Age of the longest waiting one, in seconds; null when none of them waits. */
  oldestWaitingSeconds: number | null;
}

/** A key's claim as it stands after an attempt to take it. */
export interface ClaimState {
  mine: boolean;
  fingerprint: string;
  runId: string;
}

/** What a list of runs is asked by. */
export interface RunQuery {
  page: { first: number; after: string | null; offset: number | null };
  filter?: { state?: RunState | null; kind?: string | null; customerId?: string | null; createdAt?: { from?: Date | null; to?: Date | null } | null } | null;
  orderBy?: Array<{ field: keyof typeof SORTED_BY; direction: 'ASC' | 'DESC' }> | null;
}

/** What a run that is to be recorded does with a live one of the same customer: a text says why it must not be begun. */
export type Precedence = 'BESIDE' | 'INSTEAD' | 'LATER' | { conflict: string };

export type RunStore = ReturnType<typeof makeRunStore>;

export function makeRunStore({ db, bus, clock }: { db: SubgraphDatabase; bus: Pick<Bus, 'publish'>; clock: Clock }) {
  const holdsClaim = async (tx: Tx, { operation, key }: { operation: string; key: string }, runId: string): Promise<boolean> => {
    const [held] = await tx
      .select({ runId: runClaims.runId })
      .from(runClaims)
      .where(and(eq(runClaims.operation, operation), eq(runClaims.key, key)))
      .for('update');
    return held?.runId === runId;
  };

  const insertRun = async (tx: Tx, run: WorkflowRun): Promise<void> => {
    const { steps, ...row } = run;
    // All leave together.
    await Promise.all([
      insertOne(tx, row),
      insertSteps(tx, run.id, run.tenantId, steps),
      bus.publish(tx, [runChanged(run)]),
    ]);
  };

  /**
   * Records a run about a customer who exists, in somebody's transaction. The customer's live runs are decided on one by
   * one, while no other run of his can begin: they may stay beside it, be superseded by it, hinder it for now, or forbid it.
   * The run gets the number of its wish (`input.intent`), which rises with every run of the customer.
   */
  async function createNextIn(tx: Tx, run: WorkflowRun, decide: (live: WorkflowRun) => Precedence): Promise<NextRun> {
    const { tenantId } = run;
    const customerId = run.customerId!;
    const [counter] = await tx
      .insert(wishCounters)
      .values({ tenantId, customerId, wishes: 1 })
      .onConflictDoUpdate({ target: [wishCounters.tenantId, wishCounters.customerId], set: { wishes: sql`${wishCounters.wishes} + 1` } })
      .returning();
    const live = await loadLocked(tx, and(eq(workflowRuns.customerId, customerId), isNull(workflowRuns.finishedAt))!);
    const decided = live.map((older) => ({ older, precedence: decide(older) }));
    for (const { precedence } of decided) if (typeof precedence === 'object') return { outcome: 'CONFLICT', message: precedence.conflict };
    if (decided.some(({ precedence }) => precedence === 'LATER')) return { outcome: 'LATER' };
    const superseded = decided.filter(({ precedence }) => precedence === 'INSTEAD').map(({ older }) => older);
    for (const older of superseded) await rewrite(tx, older, (found, now) => supersede(found, run.id, now));
    const recorded = { ...run, context: { ...run.context, input: { ...run.context.input, intent: counter!.wishes } } };
    await insertRun(tx, recorded);
    return { outcome: 'CREATED', run: recorded, superseded };
  }

  /** Applies a decision to a run that is locked, and records and announces what has changed. */
  const rewrite = async <T>(tx: Tx, run: WorkflowRun, decide: (run: WorkflowRun, now: Date) => T): Promise<T> => {
    const { answer, changedSteps } = decideOn(run, clock.now(), decide);
    if (changedSteps) await write(tx, run, changedSteps);
    return answer;
  };

  /** Records and announces a run that was decided on. @throws Stale when somebody else has changed it meanwhile. */
  const write = async (tx: Tx, run: WorkflowRun, changedSteps: readonly WorkflowStep[]): Promise<void> => {
    const { steps: _steps, tenantId: _tenant, definition: _definition, context: _context, ...row } = run;
    // All leave together.
    const [written] = await Promise.all([
      updateOne(tx, { ...row, before: run.version - 1 }),
      changedSteps.length === 0 ? undefined : updateSteps(tx, run.id, changedSteps),
      bus.publish(tx, [runChanged(run)]),
    ]);
    if (written.length === 0) throw new Stale();
  };

  return {
    /** By id, within the tenant; in the order of the ids, null where there is none. */
    async byIds(tenantId: string, ids: readonly string[]): Promise<Array<WorkflowRun | null>> {
      const runs = await db.read(tenantId, (tx) => load(tx, anyOf(workflowRuns.id, ids)));
      const byId = new Map(runs.map((run) => [run.id, run]));
      return ids.map((id) => byId.get(id) ?? null);
    },

    async byId(tenantId: string, id: string): Promise<WorkflowRun | null> {
      return db.read(tenantId, (tx) => byIdWithSteps(tx, id));
    },

    /** A page of the tenant's runs. @throws VALIDATION_ERROR for a cursor that is not of this list. */
    async list(tenantId: string, { page, filter, orderBy }: RunQuery): Promise<ConnectionValue<WorkflowRun>> {
      const where = and(
        filter?.state ? eq(workflowRuns.state, filter.state) : undefined,
        filter?.kind ? eq(workflowRuns.kind, filter.kind) : undefined,
        filter?.customerId ? eq(workflowRuns.customerId, filter.customerId) : undefined,
        withinTime(workflowRuns.createdAt, filter?.createdAt),
      );
      const keyset = pageOf({
        columns: { createdAt: workflowRuns.createdAt, updatedAt: workflowRuns.updatedAt },
        id: workflowRuns.id,
        orderBy: (orderBy?.length ? orderBy : [{ field: 'CREATED_AT' as const, direction: 'ASC' as const }]).map(({ field, direction }) => ({ field: SORTED_BY[field], direction })),
        ...page,
      });
      const runs = await db.read(tenantId, async (tx) => {
        const rows = await tx.select().from(workflowRuns).where(and(where, keyset.where)).orderBy(...keyset.orderBy).limit(keyset.limit).offset(keyset.offset);
        return withSteps(rows, await stepsOf(tx, anyOf(workflowSteps.runId, rows.map(({ id }) => id))));
      });
      const totalCount = async () => {
        const [row] = await db.read(tenantId, (tx) => tx.select({ count: sql<number>`count(*)::int` }).from(workflowRuns).where(where));
        return row!.count;
      };
      return { ...keyset.toPage(runs), totalCount };
    },

    /**
     * Records a new run, unless the idempotency key that it was prepared under has passed to another call meanwhile: then
     * false, and nothing is recorded.
     */
    async create(run: WorkflowRun, claim: { operation: string; key: string } | null): Promise<boolean> {
      return db.write(run.tenantId, async (tx) => {
        if (claim && !(await holdsClaim(tx, claim, run.id))) return false;
        await insertRun(tx, run);
        return true;
      });
    },

    /** The same for a run about a customer who exists; see `createNextIn`. */
    async createNext(run: WorkflowRun, claim: { operation: string; key: string } | null, decide: (live: WorkflowRun) => Precedence): Promise<NextRun> {
      return db.write(run.tenantId, async (tx) => {
        if (claim && !(await holdsClaim(tx, claim, run.id))) return { outcome: 'CLAIM_LOST' };
        return createNextIn(tx, run, decide);
      });
    },

    createNextIn,

    /** What has not ended of a customer's runs. */
    async liveOf(tenantId: string, customerId: string): Promise<WorkflowRun[]> {
      return db.read(tenantId, (tx) => load(tx, and(eq(workflowRuns.customerId, customerId), isNull(workflowRuns.finishedAt))!));
    },

    /** In somebody's transaction: the newest runs of these kinds for a service, the newest first. */
    async newestOf(tx: Tx, serviceId: string, kinds: readonly string[], limit: number): Promise<WorkflowRun[]> {
      const ids = await tx
        .select({ id: workflowRuns.id })
        .from(workflowRuns)
        .where(and(eq(workflowRuns.serviceId, serviceId), inArray(workflowRuns.kind, [...kinds])))
        .orderBy(desc(workflowRuns.createdAt), desc(workflowRuns.id))
        .limit(limit);
      if (ids.length === 0) return [];
      const runs = new Map((await load(tx, anyOf(workflowRuns.id, ids.map(({ id }) => id)))).map((run) => [run.id, run]));
      return ids.map(({ id }) => runs.get(id)!);
    },

    /** In somebody's transaction: takes a key for good; false when it was taken before. */
    async claimIn(tx: Tx, given: { tenantId: string; operation: string; key: string; runId: string }): Promise<boolean> {
      const now = clock.now();
      const taken = await tx.insert(runClaims).values({ ...given, fingerprint: '', lapsesAt: now, createdAt: now }).onConflictDoNothing().returning({ runId: runClaims.runId });
      return taken.length > 0;
    },

    /** This process is alive. */
    async heartbeat(executorId: string): Promise<void> {
      const now = sql`clock_timestamp()`;
      await db.system((tx) => tx.insert(executors).values({ id: executorId, heardAt: now }).onConflictDoUpdate({ target: executors.id, set: { heardAt: now } }));
    },

    /** This process ends: whoever lives may take its runs over at once. */
    async sayGoodbye(executorId: string): Promise<void> {
      await db.system((tx) => tx.update(executors).set({ heardAt: sql`'-infinity'` }).where(eq(executors.id, executorId)));
    },

    /** Executors that have not been heard of for so long, other than this one. */
    async silentExecutors(executorId: string, forMs: number): Promise<string[]> {
      const rows = await db.system((tx) =>
        tx
          .select({ id: executors.id })
          .from(executors)
          .where(and(ne(executors.id, executorId), lt(executors.heardAt, sql`clock_timestamp() - ${forMs} * interval '1 millisecond'`))),
      );
      return rows.map(({ id }) => id);
    },

    /** Its runs have been taken over; when it lives again, it says so. */
    async forgetExecutor(executorId: string, forMs: number): Promise<void> {
      await db.system((tx) => tx.delete(executors).where(and(eq(executors.id, executorId), lt(executors.heardAt, sql`clock_timestamp() - ${forMs} * interval '1 millisecond'`))));
    },

    /** Of all tenants, those of these runs that have not ended. */
    async activeOf(ids: readonly string[]): Promise<ActiveRun[]> {
      return db.system((tx) =>
        tx
          .select({ id: workflowRuns.id, tenantId: workflowRuns.tenantId, generation: workflowRuns.generation, updatedAt: workflowRuns.updatedAt })
          .from(workflowRuns)
          .where(and(isNull(workflowRuns.finishedAt), anyOf(workflowRuns.id, ids))),
      );
    },

    /**
     * Decides on a run while nobody else can change it, and records and announces what has changed, all in one
     * transaction. Null: there is no such run in the tenant.
     */
    async change<T>(tenantId: string, id: string, decide: (run: WorkflowRun, now: Date) => T): Promise<{ run: WorkflowRun; answer: T } | null> {
      return db.write(tenantId, async (tx) => {
        const [run] = await loadLocked(tx, eq(workflowRuns.id, id));
        if (!run) return null;
        const answer = await rewrite(tx, run, decide);
        return { run, answer };
      });
    },

    /**
     * The same for a run that the caller knows as it was last recorded: nothing is read. Undefined: somebody else has changed it
     * since, or nothing is to be written, which does not show whether somebody has; nothing has happened then.
     */
    async changeKnown<T>(known: WorkflowRun, decide: (run: WorkflowRun, now: Date) => T): Promise<{ run: WorkflowRun; answer: T } | undefined> {
      const run = { ...known, steps: known.steps.map((step) => ({ ...step })) };
      const { answer, changedSteps } = decideOn(run, clock.now(), decide);
      if (!changedSteps) return undefined;
      try {
        await db.write(run.tenantId, (tx) => write(tx, run, changedSteps));
      } catch (error) {
        if (error instanceof Stale) return undefined;
        throw error;
      }
      return { run, answer };
    },

    /** Of all tenants: what has not ended and was not touched since `before`, oldest first. */
    async active(before: Date, limit: number): Promise<ActiveRun[]> {
      return db.system((tx) =>
        tx
          .select({ id: workflowRuns.id, tenantId: workflowRuns.tenantId, generation: workflowRuns.generation, updatedAt: workflowRuns.updatedAt })
          .from(workflowRuns)
          .where(and(isNull(workflowRuns.finishedAt), lt(workflowRuns.updatedAt, before)))
          .orderBy(asc(workflowRuns.updatedAt))
          .limit(limit),
      );
    },

    /** Of all tenants, for metrics: live runs by kind and state. */
    async statistics(): Promise<RunStatistics[]> {
      return db.system((tx) =>
        tx
          .select({
            kind: workflowRuns.kind,
            state: workflowRuns.state,
            runs: sql<number>`count(*)::int`,
            oldestWaitingSeconds: sql<number | null>`extract(epoch from clock_timestamp() - min(${workflowRuns.updatedAt}) filter (where ${workflowRuns.state} in ('WAITING', 'UNDOING')))::float8`,
          })
          .from(workflowRuns)
          .groupBy(workflowRuns.kind, workflowRuns.state),
      );
    },

    /**
     * Takes an idempotency key for a run that is about to be prepared. It stays with an earlier call, unless that one has
     * let the claim lapse without recording its run.
     */
    async claim(given: { tenantId: string; operation: string; key: string; fingerprint: string; runId: string; lapsesAt: Date }): Promise<ClaimState> {
      const { tenantId, operation, key, runId } = given;
      const now = clock.now();
      return db.write(tenantId, async (tx) => {
        const taken = await tx
          .insert(runClaims)
          .values({ ...given, createdAt: now })
          .onConflictDoUpdate({
            target: [runClaims.tenantId, runClaims.operation, runClaims.key],
            set: { runId, lapsesAt: given.lapsesAt },
            setWhere: and(
              lt(runClaims.lapsesAt, now),
              eq(runClaims.fingerprint, given.fingerprint),
              notExists(tx.select({ one: sql`1` }).from(workflowRuns).where(eq(workflowRuns.id, runClaims.runId))),
            ),
          })
          .returning();
        const [row] = taken.length > 0 ? taken : await tx.select().from(runClaims).where(and(eq(runClaims.operation, operation), eq(runClaims.key, key)));
        return { mine: taken.length > 0, fingerprint: row!.fingerprint, runId: row!.runId };
      });
    },

    /** Lets a key go that this run was prepared under: nothing came of it. */
    async release(given: { tenantId: string; operation: string; key: string; runId: string }): Promise<void> {
      await db.write(given.tenantId, (tx) =>
        tx.delete(runClaims).where(and(eq(runClaims.operation, given.operation), eq(runClaims.key, given.key), eq(runClaims.runId, given.runId))),
      );
    },
  };
}

/** What came of recording a run about a customer who exists. */
export type NextRun =
  | { outcome: 'CREATED'; run: WorkflowRun; superseded: WorkflowRun[] }
  /** Something else is under way that forbids it. */
  | { outcome: 'CONFLICT'; message: string }
  /** Something else is under way that is about to be past what hinders it. */
  | { outcome: 'LATER' }
  | { outcome: 'CLAIM_LOST' };

const SORTED_BY = { CREATED_AT: 'createdAt', UPDATED_AT: 'updatedAt' } as const;

function pageOf<Field extends string>(options: KeysetOptions<Field>): Keyset {
  try {
    return keysetPage(options);
  } catch (error) {
    if (error instanceof PagingError) throw invalidField(error.field, 'INVALID', error.message);
    throw error;
  }
}
