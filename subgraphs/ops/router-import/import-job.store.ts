import type { SubgraphDatabase } from '#kernel/db/database.ts';
import { and, eq, isNull, lte, or, sql } from '#kernel/db/drizzle.ts';
import { importJobs } from '../tables.ts';

/** An import that is to be carried on. */
export interface ImportJob {
  importId: string;
  tenantId: string;
  startedBy: string | null;
  attempts: number;
}

export type ImportJobStore = ReturnType<typeof makeImportJobStore>;

/** How long a process is believed to carry an import on without saying so again. */
const CLAIM = sql`interval '20 seconds'`;
const NOW = sql`clock_timestamp()`;

export function makeImportJobStore({ db }: { db: SubgraphDatabase }) {
  const mine = ({ importId }: Pick<ImportJob, 'importId'>, executorId: string) => and(eq(importJobs.importId, importId), eq(importJobs.claimedBy, executorId));
  const columns = { importId: importJobs.importId, tenantId: importJobs.tenantId, startedBy: importJobs.startedBy, attempts: importJobs.attempts };

  return {
    /** It is to be carried on, from now. */
    async put({ importId, tenantId, startedBy }: Omit<ImportJob, 'attempts'>): Promise<void> {
      await db.write(tenantId, (tx) =>
        tx
          .insert(importJobs)
          .values({ importId, tenantId, startedBy, attempts: 0, nextAt: sql`clock_timestamp()` })
          .onConflictDoUpdate({ target: importJobs.importId, set: { startedBy, attempts: 0, nextAt: sql`clock_timestamp()` } }),
      );
    },

    /** Of all tenants: one that is due and that nobody carries on, or whoever did has been silent. */
    async claim(executorId: string): Promise<ImportJob | undefined> {
      return db.system(async (tx) => {
        const free = or(isNull(importJobs.claimedUntil), lte(importJobs.claimedUntil, NOW));
        const [next] = await tx.select(columns).from(importJobs).where(and(lte(importJobs.nextAt, NOW), free)).orderBy(importJobs.nextAt).limit(1).for('update', { skipLocked: true });
        if (!next) return undefined;
        await tx.update(importJobs).set({ claimedBy: executorId, claimedUntil: sql`clock_timestamp() + ${CLAIM}` }).where(eq(importJobs.importId, next.importId));
        return next;
      });
    },

    /** This process still carries it on; false when another does by now. */
    async renew(job: ImportJob, executorId: string): Promise<boolean> {
      const rows = await db.write(job.tenantId, (tx) => tx.update(importJobs).set({ claimedUntil: sql`clock_timestamp() + ${CLAIM}` }).where(mine(job, executorId)).returning({ id: importJobs.importId }));
      return rows.length > 0;
    },

    /** For a while there is nothing to do. */
    async postpone(job: ImportJob, executorId: string, forMs: number): Promise<void> {
      await db.write(job.tenantId, (tx) =>
        tx
          .update(importJobs)
          .set({ claimedBy: null, claimedUntil: null, attempts: sql`${importJobs.attempts} + 1`, nextAt: sql`clock_timestamp() + ${forMs} * interval '1 millisecond'` })
          .where(mine(job, executorId)),
      );
    },

    /** There is nothing left to do, unless somebody has asked for it anew since. */
    async remove(job: ImportJob, executorId: string, claimedBefore: Date): Promise<void> {
      await db.write(job.tenantId, async (tx) => {
        const gone = await tx.delete(importJobs).where(and(mine(job, executorId), lte(importJobs.nextAt, claimedBefore))).returning({ id: importJobs.importId });
        if (gone.length === 0) await tx.update(importJobs).set({ claimedBy: null, claimedUntil: null }).where(mine(job, executorId));
      });
    },

    /** What this process carried on before it died is free at once. */
    async releaseAll(executorId: string): Promise<void> {
      await db.system((tx) => tx.update(importJobs).set({ claimedBy: null, claimedUntil: null }).where(eq(importJobs.claimedBy, executorId)));
    },

    /** The time by which jobs are due, as `remove` wants it. */
    async now(): Promise<Date> {
      const [row] = await db.system((tx) => tx.execute<{ now: string }>(sql`select clock_timestamp()::timestamptz(3)::text as now`));
      return new Date(row!.now);
    },
  };
}
