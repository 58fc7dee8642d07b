import { AsyncLocalStorage } from 'node:async_hooks';
import { DBOS, type DLogger } from '@dbos-inc/dbos-sdk';
import { Pool } from 'pg';
import type { Database, HeldLock } from '#kernel/db/database.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Durable } from './interpreter.ts';
import type { SagaScript } from './saga-definition.ts';

/**
 * The durable machinery. This file alone knows that it is DBOS, which exists once a process: its workflows are registered
 * before its launch, so there is one, and what differs between sagas comes as its input.
 *
 * Asked of it: that a workflow is begun once, is taken up again when its process died, and pauses until it is woken. What a
 * workflow has done it is not asked to remember: the record of the run does, in the transaction that does it, and the
 * engine's memory of a step would cost as many statements again.
 */
export interface Engine {
  /** Migrates its own schema, launches, and takes up this executor's workflows where they stood. */
  launch(): Promise<void>;
  /** Ends without waiting for workflows: they are taken up at the next launch. */
  shutdown(): Promise<void>;
  /** Begins the workflow of that id; nothing happens when it was begun before. */
  begin(id: string, script: SagaScript): Promise<void>;
  /** Ends the present or next pause of a workflow. */
  wake(id: string): Promise<void>;
  standing(id: string): Promise<Standing>;
  /** The ids of the workflows that an executor has begun and not ended. */
  unfinishedOf(executorId: string): Promise<string[]>;
  /** Nobody is to take the workflow up any more: another carries its run on. */
  abandon(id: string): Promise<void>;
}

/** How a workflow stands. BROKEN: it is recorded, but nothing runs it and nothing will. */
export type Standing = 'ABSENT' | 'LIVE' | 'ENDED' | 'BROKEN';

export interface EngineOptions {
  database: Pick<Database, 'pgOptions' | 'holdLock'>;
  /** Stable name of this process: it takes up the workflows that carry it. */
  executorId: string;
  /** The one workflow. `resumed`: it was begun before, and whatever it had done then it has forgotten. */
  run: (script: SagaScript, durable: Durable, resumed: boolean) => Promise<void>;
  idOf: (script: SagaScript) => string;
  log: Logger;
}

const SCHEMA = 'dbos_ops';
/** Never a hash of the code: an upgrade must take up what was begun before it. */
const VERSION = 'ops-1';
const WAKE = 'wake';
const CONNECTIONS = 8;
/** Of an executor's workflows as many at once; the rest is found when these are abandoned. */
const UNFINISHED_LIMIT = 500;
/** Two first launches at once deadlock in the migration of the schema: one after the other. */
const LAUNCH_WAIT_MS = 120_000;
const LAUNCH_LOOK_MS = 100;
/** The connection of a process that died may outlive it for a moment. */
const NAME_WAIT_MS = 5_000;
const NAME_RETAKE_MS = 500;

export function makeDbosEngine({ database, executorId, run, idOf, log }: EngineOptions): Engine {
  let pool: Pool | undefined;
  let ownName: HeldLock | undefined;
  let workflow: ((script: SagaScript) => Promise<void>) | undefined;
  let closing = false;
  const running = new Set<string>();
  /** Being begun by this process: a workflow that runs and is not among them was taken up again. */
  const beginning = new Map<string, number>();
  /** Outside of every workflow: what one begins is not a part of it. */
  const outside = AsyncLocalStorage.snapshot();

  const durable: Durable = {
    pause: async (ms) => {
      await DBOS.recv(WAKE, { timeoutSeconds: Math.max(ms, 1) / 1000 });
    },
    begin: (script) => outside(() => begin(idOf(script), script)),
  };

  async function begin(id: string, script: SagaScript): Promise<void> {
    beginning.set(id, (beginning.get(id) ?? 0) + 1);
    try {
      // The workflow has run up to its first pause for thought when this resolves, if it is to run here at all.
      const handle = await DBOS.startWorkflow(workflow!, { workflowID: id })(script);
      // Its end stands in the tables; here nobody waits for it. A failure is logged where it happens.
      handle.getResult().catch(() => {});
    } finally {
      const left = beginning.get(id)! - 1;
      if (left === 0) beginning.delete(id);
      else beginning.set(id, left);
    }
  }

  return {
    async launch() {
      ownName = await holdName({ database, executorId, log, waitMs: NAME_WAIT_MS });
      const lock = await launchLock(database);
      try {
        pool = new Pool({ ...database.pgOptions(), max: CONNECTIONS });
        // An idle connection that breaks would otherwise end the process; the next query opens another.
        pool.on('error', (error) => log.warn({ err: error }, 'A database connection of the workflows was lost'));
        DBOS.setConfig({
          name: 'headend-ops',
          systemDatabasePool: pool,
          systemDatabasePoolSize: CONNECTIONS,
          systemDatabaseSchemaName: SCHEMA,
          applicationVersion: VERSION,
          executorID: executorId,
          logger: quiet(log, () => closing),
        });
        workflow = DBOS.registerWorkflow(
          async (script: SagaScript): Promise<void> => {
            const id = idOf(script);
            const resumed = !beginning.has(id);
            running.add(id);
            try {
              await run(script, durable, resumed);
            } catch (error) {
              if (!closing) log.error({ err: error, runId: script.runId }, 'A workflow broke; it is begun anew from what is recorded');
              throw error;
            } finally {
              running.delete(id);
            }
          },
          // A process that is killed often must not lose its runs.
          { name: 'saga', maxRecoveryAttempts: 1_000_000 },
        );
        await DBOS.launch();
      } catch (error) {
        await DBOS.shutdown({ deregister: true }).catch(() => {});
        await pool?.end();
        await ownName.release();
        throw error;
      } finally {
        await lock.release();
      }
    },

    async shutdown() {
      closing = true;
      await DBOS.shutdown({ deregister: true });
      await pool?.end();
      await ownName?.release();
    },

    begin,

    async wake(id) {
      await DBOS.send(id, true, WAKE);
    },

    async unfinishedOf(of) {
      const found = await DBOS.listWorkflows({ executorId: of, status: ['PENDING', 'ENQUEUED', 'DELAYED'], loadInput: false, loadOutput: false, limit: UNFINISHED_LIMIT });
      return found.map(({ workflowID }) => workflowID);
    },

    async abandon(id) {
      await DBOS.cancelWorkflow(id);
    },

    async standing(id) {
      if (running.has(id)) return 'LIVE';
      const status = await DBOS.getWorkflowStatus(id);
      if (!status) return 'ABSENT';
      if (status.status === 'SUCCESS') return 'ENDED';
      const pending = status.status === 'PENDING' || status.status === 'ENQUEUED' || status.status === 'DELAYED';
      if (!pending) return 'BROKEN';
      // Another process' workflow is its own affair; one of ours that is recorded as under way, but is not, has lost its end.
      return status.executorId !== executorId || running.has(id) ? 'LIVE' : 'BROKEN';
    },
  };
}

/**
 * The lock under which one process at a time launches. Asked for again and again instead of waited for: the engine builds
 * indexes concurrently, which waits for every statement under way, also for one that waits for this lock. For the same
 * reason it is not the lock of our own migrations.
 */
async function launchLock(database: Pick<Database, 'holdLock'>): Promise<HeldLock> {
  for (let waited = 0; waited < LAUNCH_WAIT_MS; waited += LAUNCH_LOOK_MS) {
    const lock = await database.holdLock('workflow launch');
    if (lock) return lock;
    await new Promise((resolve) => setTimeout(resolve, LAUNCH_LOOK_MS));
  }
  throw new Error('The workflows could not be started: another process has been starting them for two minutes.');
}

/**
 * Holds the executor's name for this process: two of one name would both take up the same workflows. The lock goes with its
 * connection; when that is lost (the database restarts) it is taken again, and nothing is given up meanwhile: the steps are
 * idempotent.
 */
async function holdName({ database, executorId, log, waitMs }: Pick<EngineOptions, 'database' | 'executorId' | 'log'> & { waitMs: number }): Promise<HeldLock> {
  let released = false;
  let held: HeldLock | undefined;
  const take = async (): Promise<boolean> => {
    held = await database.holdLock(`ops executor ${executorId}`, { onLost: () => void retake() });
    if (released) await held?.release();
    return held !== undefined;
  };
  const retake = async (): Promise<void> => {
    for (;;) {
      if (released) return;
      try {
        if (await take()) return;
        log.error({ executorId }, 'Another process has taken the name of this ops process: give each its own HEADEND_EXECUTOR');
      } catch (error) {
        log.debug({ err: error }, 'The name of this ops process is not held yet');
      }
      await new Promise((resolve) => setTimeout(resolve, NAME_RETAKE_MS));
    }
  };
  for (let waited = 0; !(await take()); waited += LAUNCH_LOOK_MS) {
    if (waited >= waitMs) throw new Error(`Another ops process runs under the name ${executorId}: stop it, or give this one a HEADEND_EXECUTOR of its own.`);
    await new Promise((resolve) => setTimeout(resolve, LAUNCH_LOOK_MS));
  }
  return {
    async release() {
      released = true;
      await held?.release();
    },
  };
}

/** DBOS' own lines in our log. What it tells of its life is for whoever looks for it; errors of its closing are none. */
function quiet(log: Logger, closing: () => boolean): DLogger {
  const text = (entry: unknown): string => (entry instanceof Error ? entry.message : String(entry));
  return {
    debug: () => {},
    info: (entry) => log.debug({ engine: 'dbos' }, text(entry)),
    warn: (entry) => (closing() ? log.debug({ engine: 'dbos' }, text(entry)) : log.warn({ engine: 'dbos' }, text(entry))),
    error: (entry, metadata) => (closing() ? log.debug({ engine: 'dbos' }, text(entry)) : log.error({ engine: 'dbos', err: metadata?.error ?? undefined }, text(entry))),
  };
}
