import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { directFilterType, directListType, KeyedInput } from '../direct/direct.type.ts';
import { RouterType } from '../router/router.type.ts';

@ObjectType('IpPool', { description: 'An address pool as a router has it: where subscribers\' addresses come from.', simpleResolvers: true })
export class IpPoolType {
  @Field(() => ID, { description: 'The router\'s own id, e.g. `*1A`.' })
  id!: string;

  @Field(() => String, { description: 'Name.' })
  name!: string;

  @Field(() => String, { description: 'Its addresses, e.g. `10.0.0.2-10.0.0.254,10.0.1.2-10.0.1.254`.' })
  ranges!: string;

  @Field(() => String, { nullable: true, description: 'Name of the pool that is used when this one is exhausted.' })
  nextPool!: string | null;

  @Field(() => String, { nullable: true, description: 'What people wrote beside it.' })
  comment!: string | null;

  @Field(() => RouterType, { description: 'The router it is on.' })
  router!: RouterType;
}

export const IpPoolList = directListType(IpPoolType, 'IpPool');
export const IpPoolFilter = directFilterType('IpPool', 'the name or the comment');

@InputType('CreateIpPoolInput', { description: 'An address pool to make on a router.' })
export class CreateIpPoolInput extends KeyedInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => String, { description: 'Name. Taken on this router: CONFLICT.' })
  name!: string;

  @Field(() => String, { description: 'IPv4 addresses: `10.0.0.2-10.0.0.254`, `10.0.1.0/24`, single ones, and lists of these with commas.' })
  ranges!: string;

  @Field(() => String, { nullable: true, description: 'Name of the pool that is used when this one is exhausted.' })
  nextPool?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it.' })
  comment?: string | null;
}

@InputType('UpdateIpPoolInput', { description: 'Changes of an address pool. What is absent or null stays; an empty text unsets.' })
export class UpdateIpPoolInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => ID, { description: 'The router\'s own id of the pool. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name; what refers to the pool follows. Taken on this router: CONFLICT.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'New addresses. Sessions keep the ones they have.' })
  ranges?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the pool that is used when this one is exhausted; empty: none.' })
  nextPool?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it; empty: nothing.' })
  comment?: string | null;
}

@InputType('DeleteIpPoolInput', { description: 'An address pool to remove from a router.' })
export class DeleteIpPoolInput {
  @Field(() => ID, { nullable: true, description: 'From which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => ID, { description: 'The router\'s own id of the pool. Unknown: NOT_FOUND.' })
  id!: string;
}

@ObjectType('CreateIpPoolPayload', { description: 'The address pool that was made.', simpleResolvers: true })
export class CreateIpPoolPayload {
  @Field(() => IpPoolType, { description: 'As read back from the router.' })
  pool!: IpPoolType;
}

@ObjectType('UpdateIpPoolPayload', { description: 'The address pool after the change.', simpleResolvers: true })
export class UpdateIpPoolPayload {
  @Field(() => IpPoolType, { description: 'As read back from the router.' })
  pool!: IpPoolType;
}

@ObjectType('DeleteIpPoolPayload', { description: 'What was removed.', simpleResolvers: true })
export class DeleteIpPoolPayload {
  @Field(() => ID, { description: 'The id that the router no longer has.' })
  id!: string;
}
