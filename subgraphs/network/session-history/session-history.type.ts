import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { ObservationSource } from '../router/router.type.ts';

export enum SessionEndReason {
  DISCONNECTED = 'DISCONNECTED',
  GHOST = 'GHOST',
  RECONCILED = 'RECONCILED',
  ROUTER_REBOOTED = 'ROUTER_REBOOTED',
  ROUTER_LOST = 'ROUTER_LOST',
  ROUTER_REMOVED = 'ROUTER_REMOVED',
}
registerEnumType(SessionEndReason, {
  name: 'SessionEndReason',
  description: 'How it came to be known that a PPP session had ended.',
  valuesConfig: {
    DISCONNECTED: { description: 'The router said so as it happened.' },
    GHOST: { description: 'Nobody said so, but the same user came up again elsewhere; it ended then at the latest.' },
    RECONCILED: { description: 'Nobody said so: a comparison with the router did not find it any more; it ended some time before.' },
    ROUTER_REBOOTED: { description: 'The router was restarted: its uptime went backwards. It ended then at the latest.' },
    ROUTER_LOST: { description: 'The router has been away for a day; the session was last known to be up when the line was lost. It is opened again when the router comes back with it.' },
    ROUTER_REMOVED: { description: 'The router was removed from Headend.' },
  },
});

@ObjectType('PppSessionRecord', { description: 'A PPP session, live or past, as it was recorded.', simpleResolvers: true })
export class PppSessionRecordType {
  @Field(() => ID, { description: 'UUID of the record.' })
  id!: string;

  @Field(() => String, { description: 'PPP user name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The address the subscriber held; null when it never had one.' })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'Where he called from: for PPPoE the MAC address, in capitals.' })
  callerId!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it came up, reckoned from the router\'s uptime of the session.' })
  startedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it is up. How exact that is, `endReason` says.' })
  endedAt!: Date | null;

  @Field(() => SessionEndReason, { nullable: true, description: 'How its end is known; null while it is up.' })
  endReason!: SessionEndReason | null;

  @Field(() => DateTimeScalar, { description: 'When the router was last seen to say something of it.' })
  observedAt!: Date;

  @Field(() => ObservationSource, { description: 'How it became known that it was up: LISTEN or RECONCILE.' })
  source!: ObservationSource;
}

export const PppSessionRecordConnection = connectionType(PppSessionRecordType, 'PppSessionRecord');

@InputType('PppSessionHistoryFilter', { description: 'Which sessions; all given conditions must hold.' })
export class PppSessionHistoryFilter {
  @Field(() => ID, { nullable: true, description: 'Of this service.' })
  serviceId?: string | null;

  @Field(() => String, { nullable: true, description: 'Of this PPP user name, exactly.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Held this IP address.' })
  address?: string | null;

  @Field(() => ID, { nullable: true, description: 'On this router; it may have been removed.' })
  routerId?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Were up at this instant or later.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Came up before this instant.' })
  to?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'True: are up still. False: have ended.' })
  open?: boolean | null;
}
