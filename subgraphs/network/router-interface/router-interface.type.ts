import { ArgsType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { directFilterType, directListType } from '../direct/direct.type.ts';
import { RouterType } from '../router/router.type.ts';

@ObjectType('RouterInterface', { description: 'An interface of a router: a port, a tunnel, or a subscriber\'s session.', simpleResolvers: true })
export class RouterInterfaceType {
  @Field(() => ID, { description: 'The router\'s own id, e.g. `*1A`.' })
  id!: string;

  @Field(() => String, { description: 'Name, e.g. `ether1` or `<pppoe-mia>`.' })
  name!: string;

  @Field(() => String, { description: 'Kind, in the router\'s words, e.g. `ether`, `vlan`, `pppoe-in`.' })
  type!: string;

  @Field(() => Int, { nullable: true, description: 'Largest packet in bytes; null when the router decides.' })
  mtu!: number | null;

  @Field(() => String, { nullable: true, description: 'MAC address.' })
  macAddress!: string | null;

  @Field(() => Boolean, { description: 'Whether its link is up.' })
  running!: boolean;

  @Field(() => Boolean, { description: 'Whether it is switched off.' })
  disabled!: boolean;

  @Field(() => Boolean, { description: 'Whether it comes and goes with a session.' })
  dynamic!: boolean;

  @Field(() => String, { nullable: true, description: 'What people wrote beside it.' })
  comment!: string | null;

  @Field(() => Float, { nullable: true, description: 'Bytes that the router has received over it since it came up.' })
  rxBytes!: number | null;

  @Field(() => Float, { nullable: true, description: 'Bytes that the router has sent over it since it came up.' })
  txBytes!: number | null;

  @Field(() => RouterType, { description: 'The router it belongs to.' })
  router!: RouterType;
}

export const RouterInterfaceList = directListType(RouterInterfaceType, 'RouterInterface');
export const RouterInterfaceFilter = directFilterType('RouterInterface', 'the name, the kind or the comment');

@ArgsType()
export class InterfaceTrafficArgs {
  @Field(() => String, { description: 'Name of the interface, e.g. `ether1`. One that the router does not have: VALIDATION_ERROR.' })
  interface!: string;

  @Field(() => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;
}

@ObjectType('InterfaceTraffic', { description: 'What an interface moves at one moment, seen from the router.', simpleResolvers: true })
export class InterfaceTrafficType {
  @Field(() => String, { description: 'Name of the interface.' })
  interface!: string;

  @Field(() => Boolean, { description: 'False while the interface or the router is away; all rates are 0 then.' })
  present!: boolean;

  @Field(() => Float, { description: 'Bits per second that the router receives over it.' })
  rxBitsPerSecond!: number;

  @Field(() => Float, { description: 'Bits per second that the router sends over it.' })
  txBitsPerSecond!: number;

  @Field(() => Float, { description: 'Packets per second that the router receives over it.' })
  rxPacketsPerSecond!: number;

  @Field(() => Float, { description: 'Packets per second that the router sends over it.' })
  txPacketsPerSecond!: number;

  @Field(() => DateTimeScalar, { description: 'When it was measured.' })
  at!: Date;

  @Field(() => RouterType, { description: 'The router that measured.' })
  router!: RouterType;
}
