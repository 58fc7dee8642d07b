import { expect } from 'vitest';
import type { SubgraphDatabase } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { formatAmount } from '#kernel/money.ts';

export interface Books {
  invoices: number;
  payments: number;
  /** Of all invoices, as if they were in dollars. */
  total: string;
}

/** Everything that must be true of a tenant's books at any time. */
export async function assertBooks({ kit: { db } }: { kit: { db: SubgraphDatabase } }, tenantId: string): Promise<Books> {
  return db.read(tenantId, async (tx) => {
    const wrong: Record<string, ReturnType<typeof sql>> = {
      'numbers with a gap': sql`select number_value from (select number_value, row_number() over (order by number_value) as n from billing.invoices) t where number_value <> n`,
      'a counter that is not the last number': sql`select value from billing.counters where name = 'invoice' and value <> (select count(*) from billing.invoices)`,
      'lines that do not add up to the total': sql`select i.id from billing.invoices i left join billing.invoice_lines l on l.invoice_id = i.id group by i.id, i.total_minor having coalesce(sum(l.total_minor), -1) <> i.total_minor`,
      'an invoice paid by other than its allocations': sql`select i.id from billing.invoices i left join billing.allocations a on a.invoice_id = i.id group by i.id, i.paid_minor having coalesce(sum(a.amount_minor), 0) <> i.paid_minor`,
      'a payment used beyond its amount': sql`select p.id from billing.payments p left join billing.allocations a on a.payment_id = p.id group by p.id, p.amount_minor having coalesce(sum(a.amount_minor), 0) > p.amount_minor`,
      'a credit that is not what is left of its payment': sql`select p.id from billing.payments p left join billing.credits c on c.payment_id = p.id
        where coalesce(c.remaining_minor, 0) <> p.amount_minor - (select coalesce(sum(a.amount_minor), 0) from billing.allocations a where a.payment_id = p.id)`,
      'periods that overlap or leave a hole': sql`select subscription_id from (select subscription_id, period_from, lag(period_to) over (partition by subscription_id order by period_from) as before from billing.periods) t where before <> period_from`,
      'a subscription that is decided up to elsewhere than its last period': sql`select s.id from billing.subscriptions s left join billing.periods p on p.subscription_id = s.id group by s.id, s.billed_until, s.started_on having coalesce(max(p.period_to), s.started_on) <> s.billed_until`,
      'periods that begin elsewhere than the subscription': sql`select s.id from billing.subscriptions s join billing.periods p on p.subscription_id = s.id group by s.id, s.started_on having min(p.period_from) <> s.started_on`,
      'an invoice whose period is another': sql`select i.id from billing.invoices i full join (select * from billing.periods where kind = 'CHARGED') p on p.invoice_id = i.id where i.period_from is distinct from p.period_from or i.period_to is distinct from p.period_to`,
      'a run that counts other invoices than its own': sql`select r.id from billing.billing_runs r where r.invoices <> (select count(*) from billing.invoices i where i.run_id = r.id)`,
      'a run whose total is another': sql`select t.run_id from billing.billing_run_totals t where t.total_minor <> (select sum(total_minor) from billing.invoices i where i.run_id = t.run_id and i.currency = t.currency)`,
      'an invoice that was not announced exactly once': sql`select i.id from billing.invoices i left join bus.outbox o on o.subject = i.id::text and o.type = 'billing.invoice.issued' group by i.id having count(o.id) <> 1`,
      'an invoice that was announced and does not exist': sql`select o.subject from bus.outbox o where o.type = 'billing.invoice.issued' and o.tenant_id = ${tenantId} and not exists (select from billing.invoices i where i.id::text = o.subject)`,
    };
    for (const [what, query] of Object.entries(wrong)) expect({ [what]: [...(await tx.execute(query))] }).toEqual({ [what]: [] });
    const [sums] = await tx.execute<{ invoices: number; total: string; payments: number }>(
      sql`select (select count(*)::int from billing.invoices) as invoices, (select coalesce(sum(total_minor), 0)::text from billing.invoices) as total, (select count(*)::int from billing.payments) as payments`,
    );
    return { invoices: sums!.invoices, payments: sums!.payments, total: formatAmount({ minor: BigInt(sums!.total), currency: 'USD' }) };
  });
}
