import { systemClock, type Clock } from '#kernel/clock.ts';
import type { Database } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import type { Logger } from '#kernel/logs.ts';

const CHANNEL = 'sandbox_clock';

/** The clock of a sandbox: the real one, moved forward by as much as everybody agrees on through the database. */
export interface SandboxClock extends Clock {
  /** Learns how far ahead the clock is, and hears when it is moved. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Moves the clock of every process forward. It never goes back: periods that were billed would lie in the future. */
  moveForward(ms: number): Promise<Date>;
}

export function makeSandboxClock({ database, log, real = systemClock }: { database: Database; log: Logger; real?: Clock }): SandboxClock {
  const db = database.forSubgraph('bus');
  let aheadMs = 0;
  let silence: (() => Promise<void>) | undefined;

  const learn = async () => {
    const [row] = await db.system((tx) => tx.execute<{ ahead: string }>(sql`select ahead_ms::text as ahead from bus.sandbox_clock`));
    aheadMs = Number(row!.ahead);
  };
  const now = () => new Date(real.now().getTime() + aheadMs);

  return {
    now,
    async start() {
      silence = await database.listen(CHANNEL, () => void learn().catch((error: unknown) => log.warn({ err: error }, 'The sandbox clock could not be read')));
      await learn();
    },
    async stop() {
      await silence?.();
    },
    async moveForward(ms) {
      if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError('The sandbox clock moves forward by whole milliseconds.');
      await db.system(async (tx) => {
        await tx.execute(sql`update bus.sandbox_clock set ahead_ms = ahead_ms + ${ms}`);
        await tx.execute(sql`select pg_notify(${CHANNEL}, '')`);
      });
      await learn();
      return now();
    },
  };
}
