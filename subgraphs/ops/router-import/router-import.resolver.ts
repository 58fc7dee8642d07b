import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { and, permission, type RuleMap } from '#kernel/access/shield.ts';
import type { OpsContext } from '../loaders.ts';
import type { CustomerRef, ServiceRef } from '../run/workflow-run.type.ts';
import type { WorkflowRun } from '../run/workflow-run.ts';
import type { RouterImporting } from './router-import.ts';
import {
  AdoptPppSecretInput,
  AdoptPppSecretPayload,
  ApplyRouterImportInput,
  CancelRouterImportInput,
  ImportRouterInput,
  RouterImportItemPayload,
  RouterImportPayload,
  UpdateRouterImportItemInput,
  type RouterImportItemRef,
  type RouterImportRef,
} from './router-import.type.ts';

@Resolver()
export class RouterImportingResolver {
  constructor(private readonly domain: RouterImporting) {}

  @Mutation(() => RouterImportPayload, { description: 'Begins to read a router that was there before into a proposal: which plans, customers and services its profiles and secrets would become. Answers at once; nothing is written before applyRouterImport, on the router or here. A router that is away is waited for, visibly.' })
  async importRouter(@Arg('input', () => ImportRouterInput, { description: 'The router.' }) input: ImportRouterInput, @Ctx() { principal }: OpsContext): Promise<{ routerImport: RouterImportRef }> {
    return { routerImport: { id: await this.domain.begin(principal, input) } };
  }

  @Mutation(() => RouterImportItemPayload, { description: 'Changes a row of a proposal before it is applied, or before what failed is tried again.' })
  async updateRouterImportItem(@Arg('input', () => UpdateRouterImportItemInput, { description: 'The changes.' }) input: UpdateRouterImportItemInput, @Ctx() { principal }: OpsContext): Promise<{ item: RouterImportItemRef }> {
    return { item: { id: await this.domain.updateItem(principal, input) } };
  }

  @Mutation(() => RouterImportPayload, {
    description: 'Applies a proposal: makes its plans, customers and services, and takes the secrets over, each by a run of its own. Sessions stay up. A row that has changed since it was read is passed over and says so. Applied again, it does what is not done yet; with nothing left it is DONE at once.',
  })
  async applyRouterImport(@Arg('input', () => ApplyRouterImportInput, { description: 'Which import.' }) input: ApplyRouterImportInput, @Ctx() { principal }: OpsContext): Promise<{ routerImport: RouterImportRef }> {
    return { routerImport: { id: await this.domain.apply(principal, input.id) } };
  }

  @Mutation(() => RouterImportPayload, { description: 'Cancels an import: nothing more is begun, what waits for the router is taken back, what is taken over stays so. CONFLICT when it has ended.' })
  async cancelRouterImport(@Arg('input', () => CancelRouterImportInput, { description: 'Which import.' }) input: CancelRouterImportInput, @Ctx() { principal }: OpsContext): Promise<{ routerImport: RouterImportRef }> {
    return { routerImport: { id: await this.domain.cancel(principal, input.id) } };
  }

  @Mutation(() => AdoptPppSecretPayload, { description: 'Takes over one PPP secret that somebody else has made: for a service, for a customer, or for somebody new. It keeps its password and its session. Answers as soon as customer and service exist.' })
  async adoptPppSecret(@Arg('input', () => AdoptPppSecretInput, { description: 'Which secret, and whose it becomes.' }) input: AdoptPppSecretInput, @Ctx() { principal }: OpsContext): Promise<{ customer: CustomerRef | null; service: ServiceRef | null; run: WorkflowRun }> {
    const run = await this.domain.adopt(principal, input);
    return { customer: run.customerId ? { id: run.customerId } : null, service: run.serviceId ? { id: run.serviceId } : null, run };
  }
}

const subscribers = and(permission('router:write'), permission('customer:write'), permission('service:write'));

/** Whoever may make customers and services may take them over from a router; plans are made by an import alone. */
export const routerImportingRules = {
  Mutation: {
    importRouter: and(subscribers, permission('plan:write')),
    updateRouterImportItem: and(subscribers, permission('plan:write')),
    applyRouterImport: and(subscribers, permission('plan:write')),
    cancelRouterImport: subscribers,
    adoptPppSecret: subscribers,
  },
} satisfies RuleMap;
