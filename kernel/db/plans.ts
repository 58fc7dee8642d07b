import { sql } from 'drizzle-orm';
import type { Tx } from './tx.ts';

/**
 * For the rest of the transaction, statements find their rows by indexes, one row after the other. For work on a few hundred rows of tables that
 * grow fast: until they are analysed, minutes later, the planner takes them for nearly empty and reads (and sorts, and hashes) the
 * whole of them for each statement.
 */
export async function preferIndexes(tx: Tx): Promise<void> {
  await tx.execute(sql`
    select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`);
}
