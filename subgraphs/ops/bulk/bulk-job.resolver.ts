import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { OpsContext } from '../loaders.ts';
import { ServiceRef, WorkflowRunType } from '../run/workflow-run.type.ts';
import type { WorkflowRun } from '../run/workflow-run.ts';
import type { BulkItem, BulkJob, BulkProgress } from './bulk-job.ts';
import type { BulkJobs } from './bulk-jobs.ts';
import {
  BulkItemConnection,
  BulkItemFilter,
  BulkItemOrder,
  BulkItemType,
  BulkJobConnection,
  BulkJobFilter,
  BulkJobOrder,
  BulkJobPayload,
  BulkJobType,
  BulkProgressType,
  CancelBulkInput,
  PreviewBulkInput,
  ResumeBulkInput,
  StartBulkInput,
  StopBulkInput,
} from './bulk-job.type.ts';

@Resolver(() => BulkJobType)
export class BulkJobResolver {
  constructor(private readonly domain: BulkJobs) {}

  @Query(() => BulkJobType, { nullable: true, description: 'One bulk job. Unknown: NOT_FOUND.' })
  bulkJob(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: OpsContext): Promise<BulkJob> {
    return this.domain.get(principal, id);
  }

  @Query(() => BulkJobConnection, { description: 'The bulk jobs of the tenant.' })
  bulkJobs(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => BulkJobFilter, { nullable: true, description: 'Which ones.' }) filter: BulkJobFilter | null,
    @Arg('orderBy', () => [BulkJobOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: BulkJobOrder[] | null,
    @Ctx() { principal }: OpsContext,
  ): Promise<ConnectionValue<BulkJob>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Query(() => BulkItemConnection, { description: 'The services of a bulk job, and what has become of each. Unknown job: NOT_FOUND.' })
  bulkItems(
    @Arg('bulkJobId', () => ID, { description: 'UUID of the job.' }) bulkJobId: string,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => BulkItemFilter, { nullable: true, description: 'Which ones.' }) filter: BulkItemFilter | null,
    @Arg('orderBy', () => [BulkItemOrder], { nullable: true, description: 'How they are sorted: by their place in the job unless said otherwise.' }) orderBy: BulkItemOrder[] | null,
    @Ctx() { principal }: OpsContext,
  ): Promise<ConnectionValue<BulkItem>> {
    return this.domain.items(principal, bulkJobId, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => BulkJobPayload, {
    description: 'Looks up the services that an act would be for and freezes them; nothing is done to them before startBulk. Answers PREVIEWED, or PREVIEWING when that takes more than a few seconds: follow the job then.',
  })
  async previewBulk(@Arg('input', () => PreviewBulkInput, { description: 'The act, and for which services.' }) input: PreviewBulkInput, @Ctx() { principal }: OpsContext): Promise<{ job: BulkJob }> {
    return { job: await this.domain.preview(principal, input) };
  }

  @Mutation(() => BulkJobPayload, { description: 'Starts a previewed job: about ten services begin within a second, each by a run of its own. A router that is away holds up those on it alone.' })
  async startBulk(@Arg('input', () => StartBulkInput, { description: 'Which job.' }) { id, limit }: StartBulkInput, @Ctx() { principal }: OpsContext): Promise<{ job: BulkJob }> {
    return { job: await this.domain.start(principal, id, limit ?? null) };
  }

  @Mutation(() => BulkJobPayload, { description: 'Lets no further service begin until the job is resumed; those that have begun go on to their end.' })
  async stopBulk(@Arg('input', () => StopBulkInput, { description: 'Which job.' }) { id }: StopBulkInput, @Ctx() { principal }: OpsContext): Promise<{ job: BulkJob }> {
    return { job: await this.domain.stop(principal, id) };
  }

  @Mutation(() => BulkJobPayload, { description: 'Goes on with a stopped job.' })
  async resumeBulk(@Arg('input', () => ResumeBulkInput, { description: 'Which job.' }) { id, limit }: ResumeBulkInput, @Ctx() { principal }: OpsContext): Promise<{ job: BulkJob }> {
    return { job: await this.domain.resume(principal, id, limit ?? null) };
  }

  @Mutation(() => BulkJobPayload, { description: 'Ends a job: what has not begun is skipped, what has begun goes on to its end. Nothing is taken back.' })
  async cancelBulk(@Arg('input', () => CancelBulkInput, { description: 'Which job.' }) { id }: CancelBulkInput, @Ctx() { principal }: OpsContext): Promise<{ job: BulkJob }> {
    return { job: await this.domain.cancel(principal, id) };
  }

  @Subscription(() => BulkJobType, {
    name: 'bulkJob',
    description: 'The bulk job as it is, then after each change of it or of its items; completes when it has ended. Unknown: NOT_FOUND.',
    subscribe: ({ args, context }: { args: { id: string }; context: OpsContext }) => context.loaders.followBulkJob(args.id, context.signal),
  })
  followBulkJob(@Arg('id', () => ID, { description: 'UUID.' }) _id: string, @Root() job: BulkJob): BulkJob {
    return job;
  }

  @FieldResolver(() => BulkProgressType, { description: 'How far its items are.' })
  progress(@Root() job: BulkJob, @Ctx() { loaders }: OpsContext): Promise<BulkProgress> {
    return loaders.bulkProgress.load(job.id);
  }
}

@Resolver(() => BulkItemType)
export class BulkItemResolver {
  @FieldResolver(() => ServiceRef, { description: 'The service.' })
  service(@Root() item: BulkItem): ServiceRef {
    return { id: item.serviceId };
  }

  @FieldResolver(() => WorkflowRunType, { nullable: true, description: 'Its run; null until it has one.' })
  run(@Root() item: BulkItem, @Ctx() { loaders }: OpsContext): Promise<WorkflowRun | null> {
    return loaders.run.load(item.id);
  }
}
