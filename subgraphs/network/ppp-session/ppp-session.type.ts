import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { ObservationSource } from '../router/router.type.ts';

/** A service as the network knows it: services owns the rest. */
@Directive('@key(fields: "id")')
@ObjectType('Service', { simpleResolvers: true })
export class ServiceRef {
  @Field(() => ID)
  id!: string;
}

@ObjectType('PppSession', { description: 'One PPP session of a subscriber at a router.', simpleResolvers: true })
export class PppSessionType {
  @Field(() => ID, { description: 'Stable as long as the session lives; a redial is another session.' })
  id!: string;

  @Field(() => String, { description: 'PPP user name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The address the subscriber was given; null for the moment before it has one.' })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'Where he calls from: for PPPoE the MAC address, in capitals.' })
  callerId!: string | null;

  @Field(() => Int, { description: 'How long it has been up, in seconds: until now, or, when stale or over, until it was last seen.' })
  uptime!: number;

  @Field(() => DateTimeScalar, { description: 'When it came up, reckoned from the router\'s uptime.' })
  startedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the router last told of it.' })
  observedAt!: Date;

  @Field(() => ObservationSource, { description: 'How it is known.' })
  source!: ObservationSource;

  @Field(() => Boolean, { description: 'The router is away, so this may no longer be true.' })
  stale!: boolean;
}

export enum PppSessionAction {
  SNAPSHOT = 'SNAPSHOT',
  UP = 'UP',
  DOWN = 'DOWN',
}
registerEnumType(PppSessionAction, {
  name: 'PppSessionAction',
  description: 'What happened to a PPP session.',
  valuesConfig: {
    SNAPSHOT: { description: 'It is there: one event for each live session. A new series replaces all that was known, e.g. after the router was away or when the subscriber was too slow.' },
    UP: { description: 'It came up. Repeated for a session whose address became known later.' },
    DOWN: { description: 'It ended.' },
  },
});

@ObjectType('PppSessionEvent', { description: 'One change of the live sessions of a router.', simpleResolvers: true })
export class PppSessionEvent {
  @Field(() => PppSessionAction, { description: 'What happened.' })
  action!: PppSessionAction;

  @Field(() => PppSessionType, { description: 'The session.' })
  session!: PppSessionType;

  @Field(() => Int, { nullable: true, description: 'With SNAPSHOT: how many more follow; 0 with the last one.' })
  remaining!: number | null;

  @Field(() => Int, { description: 'Grows by one with every change of the router\'s sessions; each SNAPSHOT begins anew from its own. A gap means that the session of the missing number came and went before it was read; whatever else is missed is followed by a new SNAPSHOT.' })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was seen.' })
  at!: Date;

  @Field(() => ObservationSource, { description: 'LISTEN when the router told of it as it happened, RECONCILE when a comparison found it.' })
  source!: ObservationSource;
}

@InputType('DisconnectSessionInput', { description: 'Which session to cut: give exactly one of the two.' })
export class DisconnectSessionInput {
  @Field(() => ID, { nullable: true, description: 'The session of this service.' })
  serviceId?: string | null;

  @Field(() => ID, { nullable: true, description: 'This session.' })
  sessionId?: string | null;
}

@ObjectType('DisconnectSessionPayload', { description: 'What was cut.', simpleResolvers: true })
export class DisconnectSessionPayload {
  @Field(() => Boolean, { description: 'True when the session was there and a read-back showed it gone; false when there was none. A subscriber that may dial comes back with a new one.' })
  disconnected!: boolean;

  @Field(() => PppSessionType, { nullable: true, description: 'The session that was cut.' })
  session!: PppSessionType | null;
}
