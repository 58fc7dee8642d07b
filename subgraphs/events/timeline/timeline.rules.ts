import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('customer:read');

/** Who may open a timeline. Which of its entries he then sees, his other rights decide: `timeline-kind.ts`. */
export const timelineRules = {
  Subscription: { timeline: read },
  Customer: { timeline: read },
} satisfies RuleMap;
