import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { OpsContext } from '../loaders.ts';
import type { Runs } from './runs.ts';
import type { WorkflowRun } from './workflow-run.ts';
import {
  CancelRunInput,
  CustomerRef,
  RetryRunInput,
  ServiceRef,
  WorkflowRunConnection,
  WorkflowRunFilter,
  WorkflowRunOrder,
  WorkflowRunPayload,
  WorkflowRunType,
} from './workflow-run.type.ts';

@Resolver(() => WorkflowRunType)
export class WorkflowRunResolver {
  constructor(private readonly domain: Runs) {}

  @Query(() => WorkflowRunType, { nullable: true, description: 'One run. Unknown: NOT_FOUND.' })
  async run(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: OpsContext): Promise<WorkflowRun> {
    return this.domain.get(principal, id);
  }

  @Query(() => WorkflowRunConnection, { description: 'The runs of the tenant.' })
  async runs(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => WorkflowRunFilter, { nullable: true, description: 'Which ones.' }) filter: WorkflowRunFilter | null,
    @Arg('orderBy', () => [WorkflowRunOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: WorkflowRunOrder[] | null,
    @Ctx() { principal }: OpsContext,
  ): Promise<ConnectionValue<WorkflowRun>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => WorkflowRunPayload, {
    description: 'Cancels a run: it is taken back as soon as its call under way is answered. CONFLICT when it has ended or its last step is under way. Ask the run for how far it is.',
  })
  async cancelRun(@Arg('input', () => CancelRunInput, { description: 'Which run.' }) input: CancelRunInput, @Ctx() { principal }: OpsContext): Promise<{ run: WorkflowRun }> {
    return { run: await this.domain.cancel(principal, input.id) };
  }

  @Mutation(() => WorkflowRunPayload, {
    description: 'Lets a waiting run try again at once; starts a failed one anew, with the same ids, where that is safe. CONFLICT otherwise.',
  })
  async retryRun(@Arg('input', () => RetryRunInput, { description: 'Which run.' }) input: RetryRunInput, @Ctx() { principal }: OpsContext): Promise<{ run: WorkflowRun }> {
    return { run: await this.domain.retry(principal, input.id) };
  }

  @Subscription(() => WorkflowRunType, {
    name: 'run',
    description: 'The run as it is, then after each change; completes when it has ended. Unknown: NOT_FOUND.',
    subscribe: ({ args, context }: { args: { id: string }; context: OpsContext }) => context.loaders.followRun(args.id, context.signal),
  })
  followRun(@Arg('id', () => ID, { description: 'UUID.' }) _id: string, @Root() run: WorkflowRun): WorkflowRun {
    return run;
  }

  @FieldResolver(() => CustomerRef, { nullable: true, description: 'The customer it is about; of an onboarding null until it is made, and after it was taken back.' })
  customer(@Root() run: WorkflowRun): CustomerRef | null {
    return run.customerId ? { id: run.customerId } : null;
  }

  @FieldResolver(() => ServiceRef, { nullable: true, description: 'The service it is about; of an onboarding null until it is made, and after it was taken back. Null for what concerns a customer as a whole.' })
  service(@Root() run: WorkflowRun): ServiceRef | null {
    return run.serviceId ? { id: run.serviceId } : null;
  }
}
