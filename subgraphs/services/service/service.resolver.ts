import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { ServicesContext } from '../loaders.ts';
import type { Plan } from '../plan/plan.ts';
import { PlanType } from '../plan/plan.type.ts';
import type { Service, Services } from './service.ts';
import {
  ActivateServiceInput,
  CreateServiceInput,
  CustomerRef,
  MarkServiceInput,
  MarkServicePlanChangedInput,
  MarkServiceSuspendedInput,
  RevertServicePlanInput,
  ServiceConnection,
  ServiceFilter,
  ServiceOrder,
  ServicePayload,
  ServiceType,
  UpdateServiceInput,
  WithdrawServiceInput,
  WithdrawServicePayload,
} from './service.type.ts';

@Resolver(() => ServiceType)
export class ServiceResolver {
  constructor(private readonly domain: Services) {}

  @Query(() => ServiceType, { nullable: true, description: 'One service. Unknown: NOT_FOUND.' })
  async service(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: ServicesContext): Promise<Service> {
    return this.domain.get(principal, id);
  }

  @Query(() => ServiceConnection, { description: 'The services of the tenant.' })
  async services(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ServiceFilter, { nullable: true, description: 'Which ones.' }) filter: ServiceFilter | null,
    @Arg('orderBy', () => [ServiceOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: ServiceOrder[] | null,
    @Ctx() { principal }: ServicesContext,
  ): Promise<ConnectionValue<Service>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => ServicePayload, { description: 'For sagas: makes a service, PENDING until it is proven on the network.' })
  async createService(@Arg('input', () => CreateServiceInput, { description: 'The service.' }) input: CreateServiceInput, @Ctx() { principal }: ServicesContext): Promise<{ service: Service }> {
    return { service: await this.domain.create(principal, input) };
  }

  @Mutation(() => ServicePayload, { description: 'For sagas: the service works on the network. CONFLICT when it has ended.' })
  async activateService(@Arg('input', () => ActivateServiceInput, { description: 'Which one.' }) input: ActivateServiceInput, @Ctx() { principal }: ServicesContext): Promise<{ service: Service }> {
    return { service: await this.domain.activate(principal, input) };
  }

  @Mutation(() => ServicePayload, { description: 'For sagas: the service is suspended. CONFLICT when it is PENDING or has ended.' })
  async markServiceSuspended(@Arg('input', () => MarkServiceSuspendedInput, { description: 'Which one, and why.' }) input: MarkServiceSuspendedInput, @Ctx() { principal }: ServicesContext): Promise<{ service: Service }> {
    return { service: await this.domain.markSuspended(principal, input) };
  }

  @Mutation(() => ServicePayload, { description: 'For sagas: the service is no longer suspended. CONFLICT when it is PENDING or has ended.' })
  async markServiceResumed(@Arg('input', () => MarkServiceInput, { description: 'Which one.' }) input: MarkServiceInput, @Ctx() { principal }: ServicesContext): Promise<{ service: Service }> {
    return { service: await this.domain.markResumed(principal, input) };
  }

  @Mutation(() => ServicePayload, { description: 'For sagas: the service has ended.' })
  async markServiceTerminated(@Arg('input', () => MarkServiceInput, { description: 'Which one.' }) input: MarkServiceInput, @Ctx() { principal }: ServicesContext): Promise<{ service: Service }> {
    return { service: await this.domain.markTerminated(principal, input) };
  }

  @Mutation(() => ServicePayload, { description: 'For sagas: the service has another plan. CONFLICT when it is PENDING or has ended.' })
  async markServicePlanChanged(@Arg('input', () => MarkServicePlanChangedInput, { description: 'Which one, and which plan.' }) input: MarkServicePlanChangedInput, @Ctx() { principal }: ServicesContext): Promise<{ service: Service }> {
    return { service: await this.domain.markPlanChanged(principal, input) };
  }

  @Mutation(() => ServicePayload, { description: 'For sagas: the undo of markServicePlanChanged.' })
  async revertServicePlan(@Arg('input', () => RevertServicePlanInput, { description: 'Which one, and whose change.' }) input: RevertServicePlanInput, @Ctx() { principal }: ServicesContext): Promise<{ service: Service }> {
    return { service: await this.domain.revertPlan(principal, input) };
  }

  @Mutation(() => ServicePayload, { description: 'Changes a service. CONFLICT when it has ended.' })
  async updateService(@Arg('input', () => UpdateServiceInput, { description: 'The changes.' }) input: UpdateServiceInput, @Ctx() { principal }: ServicesContext): Promise<{ service: Service }> {
    return { service: await this.domain.update(principal, input) };
  }

  @Mutation(() => WithdrawServicePayload, { description: 'For sagas: takes back a service that the run itself has made.' })
  async withdrawService(@Arg('input', () => WithdrawServiceInput, { description: 'Which one.' }) input: WithdrawServiceInput, @Ctx() { principal }: ServicesContext): Promise<{ withdrawn: boolean }> {
    return { withdrawn: await this.domain.withdraw(principal, input) };
  }

  @FieldResolver(() => CustomerRef)
  customer(@Root() service: Service): CustomerRef {
    return { id: service.customerId };
  }

  @FieldResolver(() => PlanType)
  async plan(@Root() service: Service, @Ctx() { loaders }: ServicesContext): Promise<Plan | null> {
    return loaders.plan.load(service.planId);
  }
}

/** What services adds to the customers of identity. */
@Resolver(() => CustomerRef)
export class CustomerServicesResolver {
  @FieldResolver(() => ServiceConnection, { description: 'The customer\'s services, the oldest first.' })
  async services(@Root() customer: CustomerRef, @Args(() => PageArgs) page: PageArgs, @Ctx() { loaders }: ServicesContext): Promise<ConnectionValue<Service>> {
    const found = await loaders.servicesOfCustomer(checkedPage(page)).load(customer.id);
    return { ...found, totalCount: () => loaders.serviceCountOfCustomer.load(customer.id) };
  }
}
