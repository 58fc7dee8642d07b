import type { Tx } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import type { Money } from '#kernel/money.ts';
import { credits, invoices, subscriptions, tenantSettings } from '../tables.ts';

export interface CustomerBalances {
  /** Of the currency in which the customer was charged first. */
  main: Money;
  /** One a currency in which something is open, in the order of their codes; the main one is always among them. */
  all: Money[];
}

/**
 * What customers owe: open invoices less unallocated credit, a currency at a time, in one statement for many customers. For a
 * customer of whom billing knows nothing: zero in the tenant's currency.
 */
export async function balances(tx: Tx, customerIds: string[], fallback: string): Promise<Map<string, CustomerBalances>> {
  const wanted = sql`${sql.param(customerIds)}::uuid[]`;
  const rows = await tx.execute<{ customer_id: string; currency: string; minor: string; main: string }>(sql`
    with wanted as (
      select w.id as customer_id,
             coalesce((select s.currency from ${subscriptions} s where s.customer_id = w.id order by s.created_at, s.id limit 1), (select t.currency from ${tenantSettings} t), ${fallback}) as main
        from unnest(${wanted}) as w(id)
    ), amounts as (
      select customer_id, currency, total_minor - paid_minor as minor from ${invoices} where customer_id = any(${wanted}) and state in ('ISSUED', 'OVERDUE')
      union all
      select customer_id, currency, -remaining_minor from ${credits} where customer_id = any(${wanted}) and remaining_minor > 0
      union all
      select customer_id, main, 0 from wanted
    )
    select a.customer_id, a.currency, sum(a.minor)::text as minor, w.main
      from amounts a join wanted w using (customer_id)
     group by a.customer_id, a.currency, w.main
     order by a.customer_id, a.currency`);
  const found = new Map<string, CustomerBalances>();
  for (const { customer_id, currency, minor, main } of rows) {
    const balance = { minor: BigInt(minor), currency };
    const known = found.get(customer_id);
    const all = [...(known?.all ?? []), balance];
    found.set(customer_id, { main: currency === main ? balance : (known?.main ?? balance), all });
  }
  return found;
}

/** What is left of one payment. */
export interface Credit {
  paymentId: string;
  customerId: string;
  remaining: Money;
}

/** The credit of many customers, the oldest payment first, locked until the transaction ends. */
export async function lockCredits(tx: Tx, customerIds: string[]): Promise<Credit[]> {
  const rows = await tx.execute<{ payment_id: string; customer_id: string; currency: string; remaining_minor: string }>(sql`
    select payment_id, customer_id, currency, remaining_minor::text from ${credits}
     where customer_id = any(${sql.param(customerIds)}::uuid[]) and remaining_minor > 0
     order by payment_id for update`);
  return rows.map((row) => ({ paymentId: row.payment_id, customerId: row.customer_id, remaining: { minor: BigInt(row.remaining_minor), currency: row.currency } }));
}

export async function addCredit(tx: Tx, tenantId: string, { paymentId, customerId, remaining }: Credit): Promise<void> {
  await tx.insert(credits).values({ paymentId, tenantId, customerId, currency: remaining.currency, remainingMinor: remaining.minor });
}

/** Takes from credits that the caller has locked. The table's check refuses to take more than there is. */
export async function useCredits(tx: Tx, used: Array<{ paymentId: string; amount: Money }>): Promise<void> {
  if (used.length === 0) return;
  const rows = JSON.stringify(used.map(({ paymentId, amount }) => ({ id: paymentId, minor: amount.minor.toString() })));
  await tx.execute(sql`
    update ${credits} c set remaining_minor = c.remaining_minor - u.minor
      from (select id, sum(minor) as minor from jsonb_to_recordset(${rows}::jsonb) as r(id uuid, minor bigint) group by id) u
     where c.payment_id = u.id`);
}
