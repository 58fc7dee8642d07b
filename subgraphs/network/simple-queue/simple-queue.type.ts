import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { directFilterType, directListType, KeyedInput } from '../direct/direct.type.ts';
import { RouterType } from '../router/router.type.ts';

@ObjectType('SimpleQueue', { description: 'A simple queue as a router has it: how much somebody may move. Pairs are upload/download, seen from the target. Limits are shown in whole M or k.', simpleResolvers: true })
export class SimpleQueueType {
  @Field(() => ID, { description: 'The router\'s own id, e.g. `*1A`.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Place in the router\'s order from 0: the first queue that fits a packet takes it. Null where one queue alone was read.' })
  position!: number | null;

  @Field(() => String, { description: 'Name.' })
  name!: string;

  @Field(() => String, { description: 'To whom it applies: addresses with their masks or names of interfaces, with commas, e.g. `10.0.0.50/32`.' })
  target!: string;

  @Field(() => String, { nullable: true, description: 'To which destinations alone; null: to all.' })
  dst!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the queue that this one shares the bandwidth of.' })
  parent!: string | null;

  @Field(() => String, { nullable: true, description: 'Packet marks that it applies to, with commas; null: all.' })
  packetMarks!: string | null;

  @Field(() => String, { description: '1 (first) to 8 (last), e.g. `8/8`.' })
  priority!: string;

  @Field(() => String, { description: 'Kinds of queue, e.g. `default-small/default-small`.' })
  queueType!: string;

  @Field(() => String, { nullable: true, description: 'Guaranteed bits per second, e.g. `5M/5M`. Null: none.' })
  limitAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Most bits per second, e.g. `10M/50M`; 0 on one side: no limit there. Null: no limit.' })
  maxLimit!: string | null;

  @Field(() => String, { nullable: true, description: 'Bits per second that may be reached for a moment. Null: none.' })
  burstLimit!: string | null;

  @Field(() => String, { nullable: true, description: 'Mean bits per second below which bursts are allowed. Null: none.' })
  burstThreshold!: string | null;

  @Field(() => String, { nullable: true, description: 'Time over which the mean is taken, e.g. `8s/8s`. Null: none.' })
  burstTime!: string | null;

  @Field(() => String, { nullable: true, description: 'What people wrote beside it.' })
  comment!: string | null;

  @Field(() => Boolean, { description: 'Whether it is switched off.' })
  disabled!: boolean;

  @Field(() => Boolean, { description: 'Whether the router made it for a session; then it comes and goes with it and cannot be changed.' })
  dynamic!: boolean;

  @Field(() => Boolean, { description: 'Whether it has no effect, e.g. because the interface is gone.' })
  invalid!: boolean;

  @Field(() => Boolean, { description: 'Whether Headend looks after it; then it is not changed here.' })
  owned!: boolean;

  @Field(() => Float, { nullable: true, description: 'Bytes uploaded through it. Only where one queue alone is asked for; null in lists.' })
  uploadBytes!: number | null;

  @Field(() => Float, { nullable: true, description: 'Bytes downloaded through it. Only where one queue alone is asked for; null in lists.' })
  downloadBytes!: number | null;

  @Field(() => Float, { nullable: true, description: 'Bits per second uploaded through it now. Only where one queue alone is asked for; null in lists.' })
  uploadBitsPerSecond!: number | null;

  @Field(() => Float, { nullable: true, description: 'Bits per second downloaded through it now. Only where one queue alone is asked for; null in lists.' })
  downloadBitsPerSecond!: number | null;

  @Field(() => RouterType, { description: 'The router it is on.' })
  router!: RouterType;
}

export const SimpleQueueList = directListType(SimpleQueueType, 'SimpleQueue', 'in the router\'s order');
export const SimpleQueueFilter = directFilterType('SimpleQueue', 'the name, the target or the comment');

@InputType('CreateSimpleQueueInput', { description: 'A simple queue to make on a router.' })
export class CreateSimpleQueueInput extends KeyedInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => String, { description: 'Name. Taken on this router: CONFLICT.' })
  name!: string;

  @Field(() => String, { description: 'To whom it applies: addresses with their masks or names of interfaces, with commas, e.g. `10.0.0.50/32`. A lone address means `/32`.' })
  target!: string;

  @Field(() => String, { nullable: true, description: 'To which destinations alone; null or empty: to all.' })
  dst?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the queue that this one shares the bandwidth of; empty: none.' })
  parent?: string | null;

  @Field(() => String, { nullable: true, description: 'Packet marks that it applies to, with commas; empty: all.' })
  packetMarks?: string | null;

  @Field(() => String, { nullable: true, description: '1 (first) to 8 (last), or a pair upload/download, e.g. `1/8`. Default: `8/8`.' })
  priority?: string | null;

  @Field(() => String, { nullable: true, description: 'Kinds of queue, upload/download; one name stands for both. Default: `default-small/default-small`.' })
  queueType?: string | null;

  @Field(() => String, { nullable: true, description: 'Guaranteed bits per second, upload/download; empty: none. More than `maxLimit`: VALIDATION_ERROR.' })
  limitAt?: string | null;

  @Field(() => String, { nullable: true, description: 'Most bits per second, upload/download, as digits with k, M or G, e.g. `10M/50M`; one number stands for both. Empty: no limit.' })
  maxLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Bits per second that may be reached for a moment, upload/download; empty: none.' })
  burstLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Mean bits per second below which bursts are allowed, upload/download; empty: none.' })
  burstThreshold?: string | null;

  @Field(() => String, { nullable: true, description: 'Time over which the mean is taken, upload/download, e.g. `8s/8s`; empty: none.' })
  burstTime?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it; empty: nothing.' })
  comment?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is switched off.' })
  disabled?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'The router\'s own id of the queue that it shall stand before; absent: at the end. Unknown: VALIDATION_ERROR.' })
  placeBefore?: string | null;
}

@InputType('UpdateSimpleQueueInput', { description: 'Changes of a simple queue. What is absent or null stays; an empty text unsets.' })
export class UpdateSimpleQueueInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => ID, { description: 'The router\'s own id of the queue. Unknown: NOT_FOUND. Headend\'s own, or made by the router for a session: CONFLICT.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name. Taken on this router: CONFLICT.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'To whom it applies: addresses with their masks or names of interfaces, with commas, e.g. `10.0.0.50/32`. A lone address means `/32`.' })
  target?: string | null;

  @Field(() => String, { nullable: true, description: 'To which destinations alone; null or empty: to all.' })
  dst?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the queue that this one shares the bandwidth of; empty: none.' })
  parent?: string | null;

  @Field(() => String, { nullable: true, description: 'Packet marks that it applies to, with commas; empty: all.' })
  packetMarks?: string | null;

  @Field(() => String, { nullable: true, description: '1 (first) to 8 (last), or a pair upload/download, e.g. `1/8`. Default: `8/8`.' })
  priority?: string | null;

  @Field(() => String, { nullable: true, description: 'Kinds of queue, upload/download; one name stands for both. Default: `default-small/default-small`.' })
  queueType?: string | null;

  @Field(() => String, { nullable: true, description: 'Guaranteed bits per second, upload/download; empty: none. More than `maxLimit`: VALIDATION_ERROR.' })
  limitAt?: string | null;

  @Field(() => String, { nullable: true, description: 'Most bits per second, upload/download, as digits with k, M or G, e.g. `10M/50M`; one number stands for both. Empty: no limit.' })
  maxLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Bits per second that may be reached for a moment, upload/download; empty: none.' })
  burstLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Mean bits per second below which bursts are allowed, upload/download; empty: none.' })
  burstThreshold?: string | null;

  @Field(() => String, { nullable: true, description: 'Time over which the mean is taken, upload/download, e.g. `8s/8s`; empty: none.' })
  burstTime?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it; empty: nothing.' })
  comment?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is switched off.' })
  disabled?: boolean | null;
}

@InputType('DeleteSimpleQueueInput', { description: 'A simple queue to remove from a router.' })
export class DeleteSimpleQueueInput {
  @Field(() => ID, { nullable: true, description: 'From which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => ID, { description: 'The router\'s own id of the queue. Unknown: NOT_FOUND. Headend\'s own, or made by the router for a session: CONFLICT.' })
  id!: string;
}

@InputType('MoveSimpleQueueInput', { description: 'A new place for a simple queue.' })
export class MoveSimpleQueueInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => ID, { description: 'The router\'s own id of the queue. Unknown: NOT_FOUND. Headend\'s own, or made by the router for a session: CONFLICT.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'The router\'s own id of the queue that it shall stand before; absent: at the end. Unknown: VALIDATION_ERROR.' })
  before?: string | null;
}

@ObjectType('CreateSimpleQueuePayload', { description: 'The simple queue that was made.', simpleResolvers: true })
export class CreateSimpleQueuePayload {
  @Field(() => SimpleQueueType, { description: 'As read back from the router.' })
  queue!: SimpleQueueType;
}

@ObjectType('UpdateSimpleQueuePayload', { description: 'The simple queue after the change.', simpleResolvers: true })
export class UpdateSimpleQueuePayload {
  @Field(() => SimpleQueueType, { description: 'As read back from the router.' })
  queue!: SimpleQueueType;
}

@ObjectType('MoveSimpleQueuePayload', { description: 'The simple queue at its new place.', simpleResolvers: true })
export class MoveSimpleQueuePayload {
  @Field(() => SimpleQueueType, { description: 'As read back from the router.' })
  queue!: SimpleQueueType;
}

@ObjectType('DeleteSimpleQueuePayload', { description: 'What was removed.', simpleResolvers: true })
export class DeleteSimpleQueuePayload {
  @Field(() => ID, { description: 'The id that the router no longer has.' })
  id!: string;
}
