import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { directFilterType, directListType, KeyedInput } from '../direct/direct.type.ts';
import { RouterType } from '../router/router.type.ts';

@ObjectType('PppProfile', { description: 'A PPP profile as a router has it: what its users get.', simpleResolvers: true })
export class PppProfileType {
  @Field(() => ID, { description: 'The router\'s own id, e.g. `*1A`.' })
  id!: string;

  @Field(() => String, { description: 'Name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The router\'s end of each session: an address or the name of a pool.' })
  localAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The subscriber\'s end of each session: an address or the name of a pool.' })
  remoteAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'RouterOS rate limit as the router gives it, upload/download, e.g. `10M/50M`. Null: none.' })
  rateLimit!: string | null;

  @Field(() => String, { description: 'Whether a user may have one session only: `yes`, `no` or `default` (as the default profile says).' })
  onlyOne!: string;

  @Field(() => String, { nullable: true, description: 'What people wrote beside it.' })
  comment!: string | null;

  @Field(() => Boolean, { description: 'Whether it is one of the router\'s own two, which cannot be removed.' })
  default!: boolean;

  @Field(() => Boolean, { description: 'Whether Headend looks after it for a plan; then it is changed through the plan, not here.' })
  owned!: boolean;

  @Field(() => RouterType, { description: 'The router it is on.' })
  router!: RouterType;
}

export const PppProfileList = directListType(PppProfileType, 'PppProfile');
export const PppProfileFilter = directFilterType('PppProfile', 'the name or the comment');

@InputType('CreatePppProfileInput', { description: 'A PPP profile to make on a router.' })
export class CreatePppProfileInput extends KeyedInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => String, { description: 'Name. Taken on this router: CONFLICT.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The router\'s end of each session: an address or the name of a pool.' })
  localAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'The subscriber\'s end of each session: an address or the name of a pool.' })
  remoteAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'RouterOS rate limit, upload/download, e.g. `10M/50M`; up to six groups.' })
  rateLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Whether a user may have one session only: `yes`, `no` or `default`.' })
  onlyOne?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it.' })
  comment?: string | null;
}

@InputType('UpdatePppProfileInput', { description: 'Changes of a PPP profile. What is absent or null stays; an empty text unsets. They act on the next login of each session.' })
export class UpdatePppProfileInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => ID, { description: 'The router\'s own id of the profile. Unknown: NOT_FOUND. Headend\'s own: CONFLICT.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name; what refers to the profile follows. Taken on this router: CONFLICT.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The router\'s end of each session: an address or the name of a pool.' })
  localAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'The subscriber\'s end of each session: an address or the name of a pool.' })
  remoteAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'RouterOS rate limit, upload/download, e.g. `10M/50M`; up to six groups. Empty: none.' })
  rateLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Whether a user may have one session only: `yes`, `no` or `default`.' })
  onlyOne?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it; empty: nothing.' })
  comment?: string | null;
}

@InputType('DeletePppProfileInput', { description: 'A PPP profile to remove from a router.' })
export class DeletePppProfileInput {
  @Field(() => ID, { nullable: true, description: 'From which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => ID, { description: 'The router\'s own id of the profile. Unknown: NOT_FOUND. Headend\'s own: CONFLICT. One of the router\'s own two: VALIDATION_ERROR.' })
  id!: string;
}

@ObjectType('CreatePppProfilePayload', { description: 'The PPP profile that was made.', simpleResolvers: true })
export class CreatePppProfilePayload {
  @Field(() => PppProfileType, { description: 'As read back from the router.' })
  profile!: PppProfileType;
}

@ObjectType('UpdatePppProfilePayload', { description: 'The PPP profile after the change.', simpleResolvers: true })
export class UpdatePppProfilePayload {
  @Field(() => PppProfileType, { description: 'As read back from the router.' })
  profile!: PppProfileType;
}

@ObjectType('DeletePppProfilePayload', { description: 'What was removed.', simpleResolvers: true })
export class DeletePppProfilePayload {
  @Field(() => ID, { description: 'The id that the router no longer has.' })
  id!: string;
}
