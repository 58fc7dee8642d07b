import type { Tx } from '#kernel/db/database.ts';
import { and, asc, eq, getTableColumns, inArray, type PgColumn, sql, type SQL } from '#kernel/db/drizzle.ts';
import { execute, statement } from '#kernel/db/statement.ts';
import { workflowRuns, workflowSteps } from '../tables.ts';
import type { WorkflowRun, WorkflowStep } from './workflow-run.ts';

/* How a run and its steps come out of their tables and into them. */

/** The channel on which the change of a run is told to whoever watches; its payload is the run's id and version. */
export const RUN_CHANNEL = 'ops_run';

/** Somebody else has changed the run since it was read. */
export class Stale extends Error {}

/** Applies a decision; answers which steps it has changed, and undefined when it has changed nothing at all. */
export function decideOn<T>(run: WorkflowRun, now: Date, decide: (run: WorkflowRun, now: Date) => T): { answer: T; changedSteps: WorkflowStep[] | undefined } {
  const before = changeable(run);
  const stepsBefore = run.steps.map((step) => JSON.stringify(step));
  const answer = decide(run, now);
  const changedSteps = run.steps.filter((step, index) => JSON.stringify(step) !== stepsBefore[index]);
  if (changedSteps.length === 0 && changeable(run) === before) return { answer, changedSteps: undefined };
  run.version += 1;
  run.updatedAt = now;
  return { answer, changedSteps };
}

/** What may change of a run besides its steps, to be compared. */
function changeable({ steps: _steps, definition: _definition, context: _context, ...rest }: WorkflowRun): string {
  return JSON.stringify(rest);
}

/** Whoever watches the run is told when the transaction commits; rides along with the statement that writes the run. */
const TOLD = { told: sql`pg_notify(${sql.raw(`'${RUN_CHANNEL}'`)}, ${workflowRuns.id} || ' ' || ${workflowRuns.version})` };

export const insertOne = statement((db, value) => db.insert(workflowRuns).values(mapValues(getTableColumns(workflowRuns), (column, name) => value(name, column)) as never).returning(TOLD));

export const updateOne = statement((db, value) => {
  const { id, tenantId: _tenant, kind: _kind, definition: _definition, context: _context, startedBy: _by, createdAt: _at, ...changing } = getTableColumns(workflowRuns);
  return db
    .update(workflowRuns)
    .set(mapValues(changing, (column, name) => value(name, column)))
    .where(and(eq(id, value('id')), eq(workflowRuns.version, value('before'))))
    .returning(TOLD);
});

function mapValues<T>(columns: Record<string, PgColumn>, map: (column: PgColumn, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, map(column, name)]));
}

const STEP_FIELDS = `position integer, state text, error jsonb, attempts integer, "startedAt" timestamptz, "finishedAt" timestamptz, "nextAttemptAt" timestamptz, result jsonb`;

const INSERT_STEPS = `
  insert into ops.workflow_steps (run_id, tenant_id, name, position, state, error, attempts, started_at, finished_at, next_attempt_at, result)
  select $1::uuid, $2::uuid, s.* from jsonb_to_recordset($3::jsonb) as s(name text, ${STEP_FIELDS})`;

export async function insertSteps(tx: Tx, runId: string, tenantId: string, steps: readonly WorkflowStep[]): Promise<void> {
  await execute(tx, INSERT_STEPS, [runId, tenantId, JSON.stringify(steps)]);
}

const UPDATE_STEPS = `
  update ops.workflow_steps s
     set state = c.state, error = c.error, attempts = c.attempts, started_at = c."startedAt", finished_at = c."finishedAt",
         next_attempt_at = c."nextAttemptAt", result = c.result
    from jsonb_to_recordset($2::jsonb) as c(${STEP_FIELDS})
   where s.run_id = $1::uuid and s.position = c.position`;

/** One statement, however many steps have changed. */
export async function updateSteps(tx: Tx, runId: string, steps: readonly WorkflowStep[]): Promise<void> {
  await execute(tx, UPDATE_STEPS, [runId, JSON.stringify(steps)]);
}

/**
 * A run's steps in the statement that reads the run: two statements would see two moments, a step done and the run without what
 * it yields.
 */
const ITS_STEPS = sql<Array<Record<string, unknown>>>`(
  select json_agg(json_build_object('name', s.name, 'position', s.position, 'state', s.state, 'error', s.error, 'attempts', s.attempts, 'startedAt', s.started_at,
                                    'finishedAt', s.finished_at, 'nextAttemptAt', s.next_attempt_at, 'result', s.result) order by s.position)
    from ops.workflow_steps s where s.run_id = ${workflowRuns.id})`;

const withStepsById = statement((db, value) => db.select({ run: workflowRuns, steps: ITS_STEPS.as('steps') }).from(workflowRuns).where(eq(workflowRuns.id, value('id'))));

export async function byIdWithSteps(tx: Tx, id: string): Promise<WorkflowRun | null> {
  const [found] = await withStepsById(tx, { id });
  return found ? fromOneRow(found) : null;
}

function fromOneRow({ run, steps }: { run: typeof workflowRuns.$inferSelect; steps: Array<Record<string, unknown>> | null }): WorkflowRun {
  const at = (instant: unknown) => (instant === null ? null : new Date(instant as string));
  return { ...run, steps: (steps ?? []).map((step) => ({ ...(step as unknown as WorkflowStep), startedAt: at(step.startedAt), finishedAt: at(step.finishedAt), nextAttemptAt: at(step.nextAttemptAt) })) };
}

export async function load(tx: Tx, where: SQL): Promise<WorkflowRun[]> {
  return (await tx.select({ run: workflowRuns, steps: ITS_STEPS.as('steps') }).from(workflowRuns).where(where)).map(fromOneRow);
}

/** For a change: nobody else changes them until the transaction ends. */
export async function loadLocked(tx: Tx, where: SQL): Promise<WorkflowRun[]> {
  const ids = tx.select({ id: workflowRuns.id }).from(workflowRuns).where(where);
  // Both leave together; the second runs when the first has its lock, and sees what was committed until then.
  const [rows, steps] = await Promise.all([tx.select().from(workflowRuns).where(where).for('update'), stepsOf(tx, inArray(workflowSteps.runId, ids))]);
  return withSteps(rows, steps);
}

export function stepsOf(tx: Tx, where: SQL) {
  return tx.select().from(workflowSteps).where(where).orderBy(asc(workflowSteps.runId), asc(workflowSteps.position));
}

export function withSteps(rows: Array<typeof workflowRuns.$inferSelect>, steps: Array<typeof workflowSteps.$inferSelect>): WorkflowRun[] {
  const byRun = Map.groupBy(steps, (step) => step.runId);
  return rows.map((row) => ({ ...row, steps: (byRun.get(row.id) ?? []).map(({ runId: _run, tenantId: _tenant, ...step }): WorkflowStep => step) }));
}
