import { ArgsType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

@ObjectType('PingReply', { description: 'One echo of a ping, or its absence.', simpleResolvers: true })
export class PingReplyType {
  @Field(() => Int, { description: 'Counts from 0.' })
  seq!: number;

  @Field(() => String, { nullable: true, description: 'Who was asked, or who answered for him; null when nobody could be asked.' })
  host!: string | null;

  @Field(() => Int, { nullable: true, description: 'Size of the packet in bytes.' })
  sizeBytes!: number | null;

  @Field(() => Int, { nullable: true, description: 'Time to live that was left.' })
  ttl!: number | null;

  @Field(() => Float, { nullable: true, description: 'Round trip in milliseconds; null when nothing came back.' })
  timeMs!: number | null;

  @Field(() => String, { nullable: true, description: 'Null for a plain reply. Else the router\'s word, e.g. `timeout`; in the stream also `offline` (no live session) and `unreachable` (the router is away).' })
  status!: string | null;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;
}

@ObjectType('PingResult', { description: 'What a ping of a subscriber from his router came to.', simpleResolvers: true })
export class PingResultType {
  @Field(() => Boolean, { description: 'Whether there was a live session to ping. It says nothing of replies: see `received`.' })
  online!: boolean;

  @Field(() => String, { nullable: true, description: 'The address that was pinged; null without a session.' })
  address!: string | null;

  @Field(() => Int, { description: 'Echoes asked for.' })
  sent!: number;

  @Field(() => Int, { description: 'Echoes that came back.' })
  received!: number;

  @Field(() => Float, { description: 'Share that did not come back, 0 to 100.' })
  lossPercent!: number;

  @Field(() => Float, { nullable: true, description: 'Shortest round trip in milliseconds.' })
  minMs!: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean round trip in milliseconds.' })
  avgMs!: number | null;

  @Field(() => Float, { nullable: true, description: 'Longest round trip in milliseconds.' })
  maxMs!: number | null;

  @Field(() => [PingReplyType], { description: 'The echoes one by one.' })
  replies!: PingReplyType[];

  @Field(() => DateTimeScalar, { description: 'When it ended.' })
  observedAt!: Date;
}

@ObjectType('AddressPing', { description: 'What a ping of an address from a router came to.', simpleResolvers: true })
export class AddressPingType {
  @Field(() => String, { description: 'The address or name that was pinged.' })
  address!: string;

  @Field(() => Int, { description: 'Echoes asked for.' })
  sent!: number;

  @Field(() => Int, { description: 'Echoes that came back.' })
  received!: number;

  @Field(() => Float, { description: 'Share that did not come back, 0 to 100.' })
  lossPercent!: number;

  @Field(() => Float, { nullable: true, description: 'Shortest round trip in milliseconds.' })
  minMs!: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean round trip in milliseconds.' })
  avgMs!: number | null;

  @Field(() => Float, { nullable: true, description: 'Longest round trip in milliseconds.' })
  maxMs!: number | null;

  @Field(() => [PingReplyType], { description: 'The echoes one by one.' })
  replies!: PingReplyType[];

  @Field(() => DateTimeScalar, { description: 'When it ended.' })
  observedAt!: Date;
}

@ArgsType()
export class PingAddressArgs {
  @Field(() => String, { description: 'IP address, or a host name that the router resolves. Anything else: VALIDATION_ERROR.' })
  address!: string;

  @Field(() => ID, { nullable: true, description: 'From which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;
}
