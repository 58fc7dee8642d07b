import { IsUUID } from 'class-validator';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { MoneyType } from '#kernel/graphql/money-type.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

export enum RouterImportState {
  READING = 'READING',
  READY = 'READY',
  APPLYING = 'APPLYING',
  CANCELLING = 'CANCELLING',
  DONE = 'DONE',
  CANCELLED = 'CANCELLED',
  FAILED = 'FAILED',
}
registerEnumType(RouterImportState, {
  name: 'RouterImportState',
  description: 'Where an import stands.',
  valuesConfig: {
    READING: { description: 'The router is being read; `reason` says what hinders.' },
    READY: { description: 'A proposal, to be looked through and changed. Nothing has been written.' },
    APPLYING: { description: 'Secrets are being taken over, one by one.' },
    CANCELLING: { description: 'Nothing more is begun; what is under way comes to its end.' },
    DONE: { description: 'Everything that was to be taken over has been, or says why not.' },
    CANCELLED: { description: 'Cancelled. What had been taken over stays so.' },
    FAILED: { description: 'The router refused to be read.' },
  },
});

export enum RouterImportItemKind {
  PROFILE = 'PROFILE',
  SECRET = 'SECRET',
  POOL = 'POOL',
}
registerEnumType(RouterImportItemKind, {
  name: 'RouterImportItemKind',
  description: 'What a row of the router is.',
  valuesConfig: { PROFILE: { description: 'A PPP profile: it becomes a plan.' }, SECRET: { description: 'A PPP secret: it becomes a customer with a service.' }, POOL: { description: 'An address pool: plans draw from it by its name.' } },
});

export enum RouterImportTreatment {
  CREATE_PLAN = 'CREATE_PLAN',
  USE_PLAN = 'USE_PLAN',
  ADOPT = 'ADOPT',
  OWNED = 'OWNED',
  KEEP = 'KEEP',
  SKIP = 'SKIP',
}
registerEnumType(RouterImportTreatment, {
  name: 'RouterImportTreatment',
  description: 'What is done with a row of the router.',
  valuesConfig: {
    CREATE_PLAN: { description: 'A plan is made that gives what the profile gives, once the first secret on it is taken over.' },
    USE_PLAN: { description: 'The plan gives what the profile gives, or was named for it.' },
    ADOPT: { description: 'A customer with a service is made, and the secret becomes theirs. It keeps its password, and its profile where its plan gives the same. Nobody is cut off.' },
    OWNED: { description: 'It is ours already.' },
    KEEP: { description: 'It stays as it is.' },
    SKIP: { description: 'It is left alone: it was excluded, has no plan, or `problems` says why.' },
  },
});

export enum RouterImportItemState {
  OPEN = 'OPEN',
  RUNNING = 'RUNNING',
  DONE = 'DONE',
  SKIPPED = 'SKIPPED',
  FAILED = 'FAILED',
}
registerEnumType(RouterImportItemState, {
  name: 'RouterImportItemState',
  description: 'What has become of an item.',
  valuesConfig: {
    OPEN: { description: 'Nothing yet.' },
    RUNNING: { description: 'It is being taken over; see the run.' },
    DONE: { description: 'It has been taken over, proven by reading it back.' },
    SKIPPED: { description: 'The row has changed since it was read, or is somebody else\'s by now. Nothing was written, nothing is left of it.' },
    FAILED: { description: 'It could not be taken over; `outcome` says why. Nothing is left of it.' },
  },
});

export enum CustomerNameSource {
  COMMENT = 'COMMENT',
  SECRET_NAME = 'SECRET_NAME',
}
registerEnumType(CustomerNameSource, {
  name: 'CustomerNameSource',
  description: 'Where the names of customers come from.',
  valuesConfig: { COMMENT: { description: 'The comment of the secret; its name where there is none.' }, SECRET_NAME: { description: 'The name of the secret.' } },
});

@ObjectType('RouterImportReason', { description: 'Why something did not go on.', simpleResolvers: true })
export class RouterImportReason {
  @Field(() => String, { description: 'E.g. `NETWORK_ROUTER_UNREACHABLE`, `NETWORK_ROW_CHANGED`.' })
  code!: string;

  @Field(() => String, { description: 'For people.' })
  message!: string;
}

@ObjectType('RouterImportProblem', { description: 'Something to know of a row.', simpleResolvers: true })
export class RouterImportProblem {
  @Field(() => String, { description: 'E.g. `DISABLED`, `DUPLICATE_NAME`, `PASSWORD_HIDDEN`.' })
  code!: string;

  @Field(() => String, { description: 'For people, with what can be done.' })
  message!: string;

  @Field(() => Boolean, { description: 'Whether the row is left alone because of it.' })
  blocks!: boolean;
}

@ObjectType('RouterImportPlan', { description: 'The plan that a row leads to.', simpleResolvers: true })
export class RouterImportPlan {
  @Field(() => ID, { nullable: true, description: 'UUID of the plan; null: it is yet to be made.' })
  id!: string | null;

  @Field(() => String, { description: 'Its code.' })
  code!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'RouterOS rate limit, upload/download.' })
  rateLimit!: string;

  @Field(() => String, { description: 'The router\'s own address on the subscriber\'s line.' })
  localAddress!: string;

  @Field(() => String, { description: 'The address pool.' })
  remotePool!: string;

  @Field(() => MoneyType, { nullable: true, description: 'What it will cost; null for a plan that exists.' })
  price!: MoneyType | null;
}

@ObjectType('RouterImportCounts', { description: 'How many rows there are of each kind. All but the first three count what is taken over.', simpleResolvers: true })
export class RouterImportCounts {
  @Field(() => Int, { description: 'PPP profiles on the router.' })
  profiles!: number;

  @Field(() => Int, { description: 'PPP secrets on the router.' })
  secrets!: number;

  @Field(() => Int, { description: 'Address pools on the router.' })
  pools!: number;

  @Field(() => Int, { description: 'Plans that are yet to be made.' })
  createPlans!: number;

  @Field(() => Int, { description: 'Profiles that are a plan that exists.' })
  usePlans!: number;

  @Field(() => Int, { description: 'Secrets to be taken over, or taken over.' })
  adopt!: number;

  @Field(() => Int, { description: 'Secrets that were ours when the router was read.' })
  owned!: number;

  @Field(() => Int, { description: 'Secrets that are left alone.' })
  skip!: number;

  @Field(() => Int, { description: 'Of those to be taken over: without their password.' })
  withoutPassword!: number;

  @Field(() => Int, { description: 'Of those to be taken over: online when the router was read.' })
  online!: number;

  @Field(() => Int, { description: 'Not begun.' })
  open!: number;

  @Field(() => Int, { description: 'Being taken over.' })
  running!: number;

  @Field(() => Int, { description: 'Taken over.' })
  done!: number;

  @Field(() => Int, { description: 'Passed over, because the row had changed.' })
  skipped!: number;

  @Field(() => Int, { description: 'Not taken over, for another reason.' })
  failed!: number;
}

@Directive('@key(fields: "id")')
@ObjectType('RouterImportItem', { description: 'One row of a router, and what is done with it.', simpleResolvers: true })
export class RouterImportItemType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => RouterImportItemKind, { description: 'What it is.' })
  kind!: RouterImportItemKind;

  @Field(() => String, { description: 'Its name on the router.' })
  name!: string;

  @Field(() => RouterImportTreatment, { description: 'What is done with it.' })
  treatment!: RouterImportTreatment;

  @Field(() => [RouterImportProblem], { description: 'What is to be known of it; empty when nothing is.' })
  problems!: RouterImportProblem[];

  @Field(() => Boolean, { description: 'Whether somebody has excluded it.' })
  excluded!: boolean;

  @Field(() => RouterImportPlan, { nullable: true, description: 'The plan that it leads to; null when there is none.' })
  plan!: RouterImportPlan | null;

  @Field(() => String, { nullable: true, description: 'Of a secret: its profile on the router.' })
  profile!: string | null;

  @Field(() => String, { nullable: true, description: 'Of a secret: the name of the customer.' })
  customerName!: string | null;

  @Field(() => String, { nullable: true, description: 'Of a secret: the customer\'s e-mail address; the router knows none.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Of a secret: the customer\'s telephone number; the router knows none.' })
  phone!: string | null;

  @Field(() => Boolean, { description: 'Of a secret: whether it was online when the router was read.' })
  online!: boolean;

  @Field(() => RouterImportItemState, { description: 'What has become of it.' })
  state!: RouterImportItemState;

  @Field(() => ID, { nullable: true, description: 'The run that takes it over, or has tried.' })
  runId!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  finishedAt!: Date | null;
}

export const RouterImportItemConnection = connectionType(RouterImportItemType, 'RouterImportItem');

@Directive('@key(fields: "id")')
@ObjectType('RouterImport', { description: 'A router that was there before, read into a proposal: profiles become plans, secrets customers with services. Nothing is written until it is applied.', simpleResolvers: true })
export class RouterImportType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => RouterImportState, { description: 'Where it stands.' })
  state!: RouterImportState;

  @Field(() => Int, { description: 'Billing day of the services, 1 to 28.' })
  billingDay!: number;

  @Field(() => CustomerNameSource, { description: 'Where the names of the customers come from.' })
  customerNameFrom!: CustomerNameSource;

  @Field(() => DateTimeScalar, { description: 'When it began.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the router was read; null until then.' })
  readAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'Until when it can be applied: 24 hours after the router was read.' })
  expiresAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it has not.' })
  finishedAt!: Date | null;
}

export const RouterImportConnection = connectionType(RouterImportType, 'RouterImport');

@InputType('RouterImportFilter', { description: 'Which imports; all given conditions must hold.' })
export class RouterImportFilter {
  @Field(() => ID, { nullable: true, description: 'Of which router.' })
  @IsUUID('loose', { message: 'routerId must be a UUID.' })
  routerId?: string | null;

  @Field(() => RouterImportState, { nullable: true, description: 'Where they stand.' })
  state?: RouterImportState | null;
}

export enum RouterImportOrderField {
  CREATED_AT = 'createdAt',
}
registerEnumType(RouterImportOrderField, { name: 'RouterImportOrderField', description: 'What imports are sorted by.', valuesConfig: { CREATED_AT: { description: 'When they began.' } } });

@InputType('RouterImportOrder', { description: 'How imports are sorted.' })
export class RouterImportOrder {
  @Field(() => RouterImportOrderField, { description: 'By what.' })
  field!: RouterImportOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('RouterImportItemFilter', { description: 'Which rows; all given conditions must hold.' })
export class RouterImportItemFilter {
  @Field(() => RouterImportItemKind, { nullable: true, description: 'What they are.' })
  kind?: RouterImportItemKind | null;

  @Field(() => RouterImportTreatment, { nullable: true, description: 'What is done with them.' })
  treatment?: RouterImportTreatment | null;

  @Field(() => RouterImportItemState, { nullable: true, description: 'What has become of them.' })
  state?: RouterImportItemState | null;

  @Field(() => String, { nullable: true, description: 'Occurs in the name on the router or the customer\'s.' })
  search?: string | null;
}
