import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { DirectList } from '../direct/direct-list.ts';
import type { DirectRows, OnRouter } from '../direct/direct-rows.ts';
import { DirectListArgs, DirectRowArgs, type DirectFilter } from '../direct/direct.type.ts';
import type { NetworkContext } from '../loaders.ts';
import type { SimpleQueueRow } from './simple-queue.ts';
import { CreateSimpleQueueInput, CreateSimpleQueuePayload, DeleteSimpleQueueInput, DeleteSimpleQueuePayload, MoveSimpleQueueInput, MoveSimpleQueuePayload, SimpleQueueFilter, SimpleQueueList, SimpleQueueType, UpdateSimpleQueueInput, UpdateSimpleQueuePayload } from './simple-queue.type.ts';

type Queue = OnRouter<SimpleQueueRow>;

@Resolver(() => SimpleQueueType)
export class SimpleQueueResolver {
  constructor(private readonly queues: DirectRows<SimpleQueueRow>) {}

  @Query(() => SimpleQueueList, { description: 'The simple queues of a router in its order, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  simpleQueues(
    @Args(() => DirectListArgs) page: DirectListArgs,
    @Arg('filter', () => SimpleQueueFilter, { nullable: true, description: 'Which ones.' }) filter: DirectFilter | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<DirectList<Queue>> {
    return this.queues.list(principal, { ...page, filter });
  }

  @Query(() => SimpleQueueType, { description: 'One simple queue of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  simpleQueue(@Args(() => DirectRowArgs) { id, routerId }: DirectRowArgs, @Ctx() { principal }: NetworkContext): Promise<Queue> {
    return this.queues.get(principal, id, routerId);
  }

  @Mutation(() => CreateSimpleQueuePayload, { description: 'Makes a simple queue on a router at once and reads it back. Headend keeps nothing of it. VALIDATION_ERROR names what the router refuses.' })
  async createSimpleQueue(@Arg('input', () => CreateSimpleQueueInput, { description: 'The queue.' }) input: CreateSimpleQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ queue: Queue }> {
    return { queue: await this.queues.create(principal, input) };
  }

  @Mutation(() => UpdateSimpleQueuePayload, { description: 'Changes a simple queue on a router at once and reads it back. VALIDATION_ERROR names what the router refuses; CONFLICT for one that Headend looks after, or that the router made for a session.' })
  async updateSimpleQueue(@Arg('input', () => UpdateSimpleQueueInput, { description: 'The changes.' }) input: UpdateSimpleQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ queue: Queue }> {
    return { queue: await this.queues.update(principal, input) };
  }

  @Mutation(() => DeleteSimpleQueuePayload, { description: 'Removes a simple queue from a router at once and reads back that it is gone. CONFLICT for one that Headend looks after, or that the router made for a session.' })
  async deleteSimpleQueue(@Arg('input', () => DeleteSimpleQueueInput, { description: 'Which one.' }) input: DeleteSimpleQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ id: string }> {
    return { id: await this.queues.remove(principal, input) };
  }

  @Mutation(() => MoveSimpleQueuePayload, { description: 'Puts a simple queue at another place in the router\'s order, and reads back that it stands there. CONFLICT for one that Headend looks after, or that the router made for a session.' })
  async moveSimpleQueue(@Arg('input', () => MoveSimpleQueueInput, { description: 'Which one, and where to.' }) input: MoveSimpleQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ queue: Queue }> {
    return { queue: await this.queues.move(principal, input) };
  }
}
