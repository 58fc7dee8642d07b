import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

export enum PppoeCallbackAction {
  UP = 'UP',
  DOWN = 'DOWN',
}
registerEnumType(PppoeCallbackAction, {
  name: 'PppoeCallbackAction',
  description: 'Which of a PPP profile\'s scripts has called.',
  valuesConfig: { UP: { description: '`on-up`: a session has come up.' }, DOWN: { description: '`on-down`: a session has ended.' } },
});

export enum PppoeCallbackOutcome {
  ACCEPTED = 'ACCEPTED',
  RECORDED = 'RECORDED',
  REFUSED = 'REFUSED',
}
registerEnumType(PppoeCallbackOutcome, {
  name: 'PppoeCallbackOutcome',
  description: 'What became of a callback.',
  valuesConfig: {
    ACCEPTED: { description: 'A router there has a PPP secret of that name: passed on at once, and the router is looked at.' },
    RECORDED: { description: 'It comes from a registered router, but none there has a PPP secret of that name: nothing changes.' },
    REFUSED: { description: 'It comes from no registered router: neither by its address nor by a callback secret.' },
  },
});

@ObjectType('PppoeCallback', { description: 'What a script on a router told of a PPP user, as it told it. It is a hint: see `pppSessions` for what is.', simpleResolvers: true })
export class PppoeCallbackType {
  @Field(() => PppoeCallbackAction, { description: 'Up or down.' })
  action!: PppoeCallbackAction;

  @Field(() => String, { description: 'PPP user name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'From where he calls: for PPPoE the MAC address.' })
  callerId!: string | null;

  @Field(() => String, { nullable: true, description: 'Interface on the router.' })
  interface!: string | null;

  @Field(() => String, { nullable: true, description: 'The router\'s end of the session.' })
  localAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The subscriber\'s end of the session.' })
  remoteAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'How he is connected, e.g. `pppoe`.' })
  service!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it came in.' })
  receivedAt!: Date;
}

@InputType('PppoeCallbackInput', { description: 'What a script on a router told, and from where. Texts are cut to 255 characters.' })
export class PppoeCallbackInput {
  @Field(() => PppoeCallbackAction, { description: 'Up or down.' })
  action!: PppoeCallbackAction;

  @Field(() => String, { description: 'The address it came from, IPv4 or IPv6.' })
  sourceAddress!: string;

  @Field(() => String, { nullable: true, description: 'The callback secret it showed, if it did.' })
  callbackSecret?: string | null;

  @Field(() => String, { description: 'PPP user name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'From where he calls.' })
  callerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Interface on the router.' })
  interface?: string | null;

  @Field(() => String, { nullable: true, description: 'The router\'s end of the session.' })
  localAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'The subscriber\'s end of the session.' })
  remoteAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'How he is connected.' })
  service?: string | null;

  @Field(() => DateTimeScalar, { description: 'When it came in.' })
  receivedAt!: Date;
}

@InputType('ReportPppoeCallbacksInput', { description: 'Callbacks in the order in which they came in.' })
export class ReportPppoeCallbacksInput {
  @Field(() => [PppoeCallbackInput], { description: 'At most 1,000.' })
  events!: PppoeCallbackInput[];
}

@ObjectType('ReportPppoeCallbacksPayload', { description: 'What became of the callbacks.', simpleResolvers: true })
export class ReportPppoeCallbacksPayload {
  @Field(() => [PppoeCallbackOutcome], { description: 'One for each, in the same order.' })
  outcomes!: PppoeCallbackOutcome[];
}

@InputType('RotateRouterCallbackSecretInput', { description: 'Which router gets a new callback secret.' })
export class RotateRouterCallbackSecretInput {
  @Field(() => ID, { description: 'Its id. Unknown: NOT_FOUND.' })
  id!: string;
}

@ObjectType('RotateRouterCallbackSecretPayload', { description: 'The new callback secret.', simpleResolvers: true })
export class RotateRouterCallbackSecretPayload {
  @Field(() => String, { description: 'Shown this once; only a hash is kept. The scripts on the router send it as header `X-Callback-Token`.' })
  callbackSecret!: string;
}
