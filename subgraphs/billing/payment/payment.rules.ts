import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('payment:read');

export const paymentRules = {
  Query: { payment: read },
  Mutation: { recordPayment: permission('payment:write') },
  Customer: { payments: read },
} satisfies RuleMap;

/** Who may see a payment to which another subgraph leads. */
export const paymentEntityRule = read;
