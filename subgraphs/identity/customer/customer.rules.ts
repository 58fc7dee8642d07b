import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('customer:read');
const write = permission('customer:write');

export const customerRules = {
  Query: { customer: read, customers: read },
  Mutation: { createCustomer: write, updateCustomer: write, upsertCustomers: write, closeCustomers: write, withdrawCustomer: permission('internal:saga'), closeCustomer: permission('internal:saga') },
} satisfies RuleMap;

/** Who may see a customer to whom another subgraph leads. */
export const customerEntityRule = read;
