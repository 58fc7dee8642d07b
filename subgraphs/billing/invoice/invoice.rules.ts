import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('invoice:read');

export const invoiceRules = {
  Query: { invoice: read, invoices: read },
  Customer: { balance: read, balances: read, invoices: read },
} satisfies RuleMap;

/** Who may see an invoice to which another subgraph leads. */
export const invoiceEntityRule = read;
