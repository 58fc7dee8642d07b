import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('service:read');
/** Steps of a saga: a service must not be made active by hand without having been proven on the network. */
const saga = permission('internal:saga');

export const serviceRules = {
  Query: { service: read, services: read },
  Mutation: {
    createService: saga,
    activateService: saga,
    withdrawService: saga,
    markServiceSuspended: saga,
    markServiceResumed: saga,
    markServiceTerminated: saga,
    markServicePlanChanged: saga,
    revertServicePlan: saga,
    updateService: permission('service:write'),
  },
  Service: { plan: permission('plan:read') },
  Customer: { services: read },
} satisfies RuleMap;

/** Who may see a service to which another subgraph leads. */
export const serviceEntityRule = read;
