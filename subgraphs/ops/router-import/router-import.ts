import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Clock } from '#kernel/clock.ts';
import { conflict, invalidField } from '#kernel/errors.ts';
import { fromMoneyInput, toMoneyType, type MoneyInput } from '#kernel/graphql/money-type.ts';
import type { SagaCall, SagaContext } from '../engine/saga-definition.ts';
import type { Caller, Sagas } from '../engine/sagas.ts';
import { precedenceOver } from '../lifecycle/precedence.ts';
import type { RunStarter } from '../run/start-run.ts';
import { newRun, type WorkflowRun } from '../run/workflow-run.ts';
import type { ImportDriver } from './import-driver.ts';
import type { ImportJobStore } from './import-job.store.ts';
import * as operations from './operations.ts';
import { adoptSecret, IMPORT_PERMISSIONS } from './router-import.sagas.ts';
import { CustomerNameSource, type AdoptPppSecretInput, type ImportRouterInput, type UpdateRouterImportItemInput } from './router-import.type.ts';

/** Routers that were there before, and single secrets of theirs. */
export interface RouterImporting {
  /** Begins to read a router; answers the id of the import. @throws NOT_FOUND: `routerId`; CONFLICT: `idempotencyKey`; VALIDATION_ERROR; UNAVAILABLE */
  begin(principal: Principal, input: ImportRouterInput): Promise<string>;
  /** @throws NOT_FOUND: `id`, `planId`; CONFLICT; VALIDATION_ERROR */
  updateItem(principal: Principal, input: UpdateRouterImportItemInput): Promise<string>;
  /** What is not taken over yet is, from now on. @throws NOT_FOUND, CONFLICT */
  apply(principal: Principal, id: string): Promise<string>;
  /** @throws NOT_FOUND, CONFLICT */
  cancel(principal: Principal, id: string): Promise<string>;
  /** One secret. @throws NOT_FOUND: `routerId`, `name`, `serviceId`, `customerId`, `planId`; CONFLICT: `name`; VALIDATION_ERROR; UNAVAILABLE */
  adopt(principal: Principal, input: AdoptPppSecretInput): Promise<WorkflowRun>;
}

export interface RouterImportingOptions {
  sagas: Pick<Sagas, 'assertStarted'>;
  starter: RunStarter;
  jobs: Pick<ImportJobStore, 'put'>;
  driver: Pick<ImportDriver, 'wake'>;
  clock: Clock;
  newId: () => string;
}

interface FoundPlan {
  id: string;
  code: string;
  name: string;
  access: { rateLimit: string; localAddress: string; remotePool: string };
}

const EMPTY: SagaContext = { input: {}, ids: {}, results: {} };
/** A tenant with more plans than this has other worries: the rest is not matched. */
const PAGES_OF_PLANS = 20;

export function makeRouterImporting({ sagas, starter, jobs, driver, clock, newId }: RouterImportingOptions): RouterImporting {
  const callerOf = (principal: Principal, runId = newId()): Caller => ({ runId, tenantId: tenantOf(principal), onBehalfOf: principal.id, permissions: IMPORT_PERMISSIONS });
  const ask = <T>(caller: Caller, document: string, variables: Record<string, unknown>, named: { fields?: Record<string, string>; notFound: string }) =>
    starter.ask<T>(caller, { document, variables: variables as SagaCall['variables'] }, EMPTY, named);

  const offered = ({ id, code, name, access }: FoundPlan) => ({ id, code, name, rateLimit: access.rateLimit, localAddress: access.localAddress, remotePool: access.remotePool });

  const allPlans = async (caller: Caller): Promise<Array<ReturnType<typeof offered>>> => {
    const found: FoundPlan[] = [];
    let after: string | null = null;
    for (let page = 0; page < PAGES_OF_PLANS; page += 1) {
      const { plans }: { plans: { nodes: FoundPlan[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } = await ask(caller, operations.PLANS, { after }, { notFound: 'input' });
      found.push(...plans.nodes);
      if (!plans.pageInfo.hasNextPage) break;
      after = plans.pageInfo.endCursor;
    }
    return found.map(offered);
  };

  const planOf = async (caller: Caller, id: string): Promise<ReturnType<typeof offered>> => offered((await ask<{ plan: FoundPlan }>(caller, operations.PLAN, { id }, { fields: { id: 'planId' }, notFound: 'planId' })).plan);

  const priceOf = (price: MoneyInput) => {
    const money = fromMoneyInput(price, 'price');
    if (money.minor < 0n) throw invalidField('price.amount', 'OUT_OF_RANGE', 'price.amount must not be negative.');
    return toMoneyType(money);
  };

  return {
    async begin(principal, { routerId, price, billingDay, customerNameFrom, idempotencyKey }) {
      sagas.assertStarted();
      const money = priceOf(price);
      const caller = callerOf(principal);
      const input = { id: caller.runId, routerId, plans: await allPlans(caller), price: { amount: money.amount, currency: money.currency }, billingDay, customerNameFrom, idempotencyKey: idempotencyKey ?? null };
      // Network remembers the key with the row that it makes: both are there, or neither.
      const { openRouterImport } = await ask<{ openRouterImport: { routerImport: { id: string; state: string } } }>(caller, operations.OPEN, { input }, { notFound: 'routerId' });
      const { id: importId, state } = openRouterImport.routerImport;
      if (state === 'READING') {
        await jobs.put({ importId, tenantId: caller.tenantId, startedBy: principal.id });
        driver.wake();
      }
      return importId;
    },

    async updateItem(principal, { id, planId, price, exclude, name, email, phone }) {
      sagas.assertStarted();
      const caller = callerOf(principal);
      const plan = planId == null ? null : await planOf(caller, planId);
      const money = price == null ? null : priceOf(price);
      const input = { itemId: id, plan, exclude: exclude ?? null, name: name ?? null, email: email ?? null, phone: phone ?? null, price: money && { amount: money.amount, currency: money.currency } };
      await ask(caller, operations.CHANGE_ITEM, { input }, { notFound: 'id' });
      return id;
    },

    async apply(principal, id) {
      sagas.assertStarted();
      const caller = callerOf(principal);
      const { beginRouterImport } = await ask<{ beginRouterImport: { routerImport: { id: string; state: string } } }>(caller, operations.BEGIN, { input: { id } }, { notFound: 'id' });
      const { routerImport } = beginRouterImport;
      if (routerImport.state !== 'DONE') {
        await jobs.put({ importId: routerImport.id, tenantId: caller.tenantId, startedBy: principal.id });
        driver.wake();
      }
      return routerImport.id;
    },

    async cancel(principal, id) {
      sagas.assertStarted();
      const caller = callerOf(principal);
      const { stopRouterImport } = await ask<{ stopRouterImport: { routerImport: { id: string } } }>(caller, operations.STOP, { input: { id } }, { notFound: 'id' });
      await jobs.put({ importId: stopRouterImport.routerImport.id, tenantId: caller.tenantId, startedBy: principal.id });
      driver.wake();
      return stopRouterImport.routerImport.id;
    },

    async adopt(principal, { idempotencyKey, ...input }) {
      const { routerId, name, serviceId, customerId, planId, customer, billingDay } = input;
      if (serviceId != null && (customerId != null || planId != null || customer != null)) throw invalidField('serviceId', 'CONFLICT', 'serviceId says whose it is and on which plan: leave customerId, customer and planId out.');
      if (customerId != null && customer != null) throw invalidField('customerId', 'CONFLICT', 'Give either customerId or customer, not both.');
      if (serviceId == null && billingDay == null) throw invalidField('billingDay', 'REQUIRED', 'billingDay must be given for a service that is yet to be made.');
      const caller = callerOf(principal);
      const { runId, tenantId } = caller;
      const whose = serviceId != null ? 'SERVICE' : customerId != null ? 'CUSTOMER' : 'NEW_CUSTOMER';

      const prepare = async (): Promise<WorkflowRun> => {
        await ask(caller, operations.FIND_ROUTER, { id: routerId }, { notFound: 'routerId' });
        const service = serviceId == null ? null : await freeService(caller, serviceId);
        if (customerId != null) await ask(caller, operations.FIND_CUSTOMER, { id: customerId }, { notFound: 'customerId' });
        const plan = service ? await planOf(caller, service.plan.id) : planId == null ? null : await planOf(caller, planId);
        const plans = plan ? [plan] : await allPlans(caller);
        const opening = { id: newId(), routerId, name, plans, plan, customerNameFrom: CustomerNameSource.COMMENT };
        const { openSecretAdoption } = await ask<{ openSecretAdoption: { item: { id: string; customerName: string; plan: ReturnType<typeof offered> | null } } }>(caller, operations.OPEN_ADOPTION, { input: opening }, { notFound: 'name' });
        const { item } = openSecretAdoption;
        if (!item.plan) throw invalidField('planId', 'REQUIRED', 'planId must be given: no plan gives what the profile of this secret gives.');
        const person = { name: customer?.name ?? item.customerName, email: customer?.email ?? null, phone: customer?.phone ?? null };
        const ids = { runId, itemId: item.id, customerId: service?.customer.id ?? customerId ?? newId(), serviceId: service?.id ?? newId() };
        const run = newRun({
          id: runId,
          tenantId,
          startedBy: principal.id,
          definition: adoptSecret(whose, { active: service?.status === 'ACTIVE' }),
          context: { input: { customer: person, plan: item.plan, billingDay: billingDay ?? null }, ids, results: {} },
          now: clock.now(),
        });
        return { ...run, customerId: whose === 'NEW_CUSTOMER' ? null : ids.customerId, serviceId: whose === 'SERVICE' ? ids.serviceId : null };
      };
      const precedence = whose === 'NEW_CUSTOMER' ? {} : { precedence: precedenceOver({ kind: 'ADOPT_SECRET', serviceIds: serviceId == null ? [] : [serviceId.toLowerCase()] }) };
      return (await starter.start({ caller, operation: 'adoptPppSecret', idempotencyKey, input, prepare, ...precedence }))!;
    },
  };

  /** A service that has nothing on a router. @throws NOT_FOUND, CONFLICT */
  async function freeService(caller: Caller, id: string): Promise<{ id: string; status: string; customer: { id: string }; plan: { id: string } }> {
    const { service } = await ask<{ service: { id: string; status: string; customer: { id: string }; plan: { id: string }; access: object | null } }>(caller, operations.FIND_SERVICE, { id }, { notFound: 'serviceId' });
    if (service.status !== 'PENDING' && service.status !== 'ACTIVE') throw conflict(`The service ${id} is ${service.status}.`);
    if (service.access) throw conflict(`The service ${id} has a secret already.`, [{ field: 'serviceId', code: 'TAKEN', message: 'serviceId is a service that has a secret already.' }]);
    return service;
  }
}
