import { sql } from './drizzle.ts';
import type { Tx } from './tx.ts';

/**
 * For the rest of the transaction, statements find their rows by indexes, one row after the other. For work on a few hundred rows of
 * tables that grow fast: until they are analysed, minutes later, the planner takes them for nearly empty and reads (and sorts, and
 * hashes) the whole of them for each statement. What is asked next goes out behind it, in one flight.
 */
export function preferIndexes(tx: Tx): void {
  // Without it the transaction is as good; and if the server refuses it, the next statement tells.
  tx.execute(sql`
    select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
           set_config('enable_material', 'off', true)`).catch(() => {});
}
