import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { directFilterType, directListType } from '../direct/direct.type.ts';

@ObjectType('PppActive', { description: 'A live PPP session as a router lists it, with the router\'s own id; see `PppSession` for one that outlives a look at the router.', simpleResolvers: true })
export class PppActiveType {
  @Field(() => ID, { description: 'The router\'s own id, e.g. `*1A`; new with every dial.' })
  id!: string;

  @Field(() => String, { description: 'PPP user name.' })
  name!: string;

  @Field(() => String, { description: 'How it is connected: `pppoe`, `l2tp`, `pptp`, `sstp`, `ovpn` or `async`; empty when the router does not say.' })
  service!: string;

  @Field(() => String, { nullable: true, description: 'From where: for PPPoE the MAC address, in capitals.' })
  callerId!: string | null;

  @Field(() => String, { nullable: true, description: 'The address the subscriber was given; null for the moment before it has one.' })
  address!: string | null;

  @Field(() => String, { description: 'How long it has been up, as RouterOS writes it: `1w2d3h4m5s`.' })
  uptime!: string;

  @Field(() => Int, { description: 'The same in seconds: until now, or, when stale, until it was last seen.' })
  uptimeSeconds!: number;

  @Field(() => String, { nullable: true, description: 'Encryption of the session; null when it is not known.' })
  encoding!: string | null;

  @Field(() => String, { nullable: true, description: 'The router\'s interface of a PPPoE session, `<pppoe-NAME>`.' })
  interface!: string | null;

  @Field(() => String, { nullable: true, description: 'The router\'s end of the session; null when it is not known.' })
  localAddress!: string | null;

  @Field(() => DateTimeScalar, { description: 'When the router last told of it.' })
  observedAt!: Date;

  @Field(() => Boolean, { description: 'The router is away, so this may no longer be true.' })
  stale!: boolean;
}

export const PppActiveList = directListType(PppActiveType, 'PppActive');
export const PppActiveFilter = directFilterType('PppActive', 'the name, the address or the caller id');
