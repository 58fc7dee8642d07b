import { IsUUID, Length, Min, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

export enum DesiredAccess {
  ENABLED = 'ENABLED',
  DISABLED = 'DISABLED',
  REMOVED = 'REMOVED',
}
registerEnumType(DesiredAccess, {
  name: 'DesiredAccess',
  description: 'What the router is to hold for a service.',
  valuesConfig: {
    ENABLED: { description: 'The subscriber may dial.' },
    DISABLED: { description: 'The router refuses him.' },
    REMOVED: { description: 'Nothing: it is being taken away.' },
  },
});

export enum EnforcementOutcome {
  PENDING = 'PENDING',
  APPLIED = 'APPLIED',
  FAILED = 'FAILED',
}
registerEnumType(EnforcementOutcome, {
  name: 'EnforcementOutcome',
  description: 'How far the router has followed.',
  valuesConfig: {
    PENDING: { description: 'Not proven yet; `reason` says what it waits for, if anything went wrong.' },
    APPLIED: { description: 'Acknowledged by the router and proven by reading it back.' },
    FAILED: { description: 'Refused: waiting does not help.' },
  },
});

@ObjectType('EnforcementReason', { description: 'Why the router has not followed.', simpleResolvers: true })
export class EnforcementReason {
  @Field(() => String, { description: 'E.g. `NETWORK_ROUTER_UNREACHABLE`, `NETWORK_FOREIGN_SECRET`.' })
  code!: string;

  @Field(() => String, { description: 'For people; with the router\'s own words where it has said something.' })
  message!: string;
}

@ObjectType('Enforcement', { description: 'How far the router has followed what is desired.', simpleResolvers: true })
export class Enforcement {
  @Field(() => EnforcementOutcome, { description: 'How far.' })
  outcome!: EnforcementOutcome;

  @Field(() => EnforcementReason, { nullable: true, description: 'Why not; null while nothing is wrong.' })
  reason!: EnforcementReason | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a read-back proved it; null until then.' })
  acknowledgedAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'Milliseconds from the wish to its proof (at most 2147483647); null until then.' })
  lagMs!: number | null;

  @Field(() => Int, { description: 'How often the router was called for it.' })
  attempts!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last called; null before the first time.' })
  lastAttemptAt!: Date | null;
}

@ObjectType('Access', { description: 'What a service has on its router: desired, enforced and live.', simpleResolvers: true })
export class AccessType {
  @Field(() => DesiredAccess, { description: 'What the router is to hold.' })
  desired!: DesiredAccess;

  @Field(() => String, { description: 'PPP user name.' })
  username!: string;

  @Field(() => String, { description: 'Name of the PPP profile on the router.' })
  profile!: string;

  @Field(() => String, { nullable: true, description: 'The IPv4 address that the subscriber is always given; null: one of the pool of his plan.' })
  staticAddress!: string | null;

  @Field(() => Enforcement, { description: 'How far the router has followed.' })
  enforcement!: Enforcement;
}

export const AccessConnection = connectionType(AccessType, 'Access');

@InputType('AccessFilter', { description: 'Which accesses; all given conditions must hold.' })
export class AccessFilter {
  @Field(() => ID, { nullable: true, description: 'On which router: its UUID.' })
  routerId?: string | null;

  @Field(() => DesiredAccess, { nullable: true, description: 'What the router is to hold.' })
  desired?: DesiredAccess | null;

  @Field(() => EnforcementOutcome, { nullable: true, description: 'How far the router has followed.' })
  outcome?: EnforcementOutcome | null;

  @Field(() => String, { nullable: true, description: 'Occurs in the PPP user name.' })
  search?: string | null;
}

/** The values are the sorted rows' properties. */
export enum AccessOrderField {
  CREATED_AT = 'createdAt',
  USERNAME = 'username',
}
registerEnumType(AccessOrderField, {
  name: 'AccessOrderField',
  description: 'What accesses are sorted by.',
  valuesConfig: { CREATED_AT: { description: 'When they were made.' }, USERNAME: { description: 'PPP user name.' } },
});

@InputType('AccessOrder', { description: 'How accesses are sorted.' })
export class AccessOrder {
  @Field(() => AccessOrderField, { description: 'By what.' })
  field!: AccessOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('AccessPlanInput', { description: 'What the plan of a service gives on the network.' })
export class AccessPlanInput {
  @Field(() => ID, { description: 'UUID of the plan.' })
  @IsUUID()
  id!: string;

  @Field(() => String, { description: 'Its code; the name of the profile on the router derives from it.' })
  code!: string;

  @Field(() => String, { description: 'RouterOS rate limit, upload/download, e.g. `20M/100M`.' })
  rateLimit!: string;

  @Field(() => String, { description: 'The router\'s own address on the subscriber\'s line: IPv4.' })
  localAddress!: string;

  @Field(() => String, { description: 'Name of the address pool on the router.' })
  remotePool!: string;
}

@InputType('ProvisionAccessInput', { description: 'The access of a service, as rows; nothing is done on the router yet.' })
export class ProvisionAccessInput {
  @Field(() => ID, { description: 'The service.' })
  @IsUUID()
  serviceId!: string;

  @Field(() => ID, { description: 'Its credentials, from sealPppCredentials; they also say on which router.' })
  @IsUUID()
  credentialsId!: string;

  @Field(() => ID, { description: 'The run that makes it: the undo of no other run takes it away.' })
  @Length(1, 200)
  runId!: string;

  @Field(() => AccessPlanInput, { description: 'What its plan gives.' })
  @ValidateNested()
  plan!: AccessPlanInput;
}

@InputType('ApplyPppProfileInput', { description: 'Whose PPP profile to make on its router.' })
export class ApplyPppProfileInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;
}

@InputType('ApplyPppSecretInput', { description: 'Whose PPP secret to make on its router.' })
export class ApplyPppSecretInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;
}

@InputType('VerifyAccessInput', { description: 'Whose access to read back.' })
export class VerifyAccessInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;
}

@InputType('WithdrawAccessInput', { description: 'Whose access to take back.' })
export class WithdrawAccessInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;

  @Field(() => ID, { description: 'The run that made it. Of another run nothing is touched.' })
  runId!: string;
}

@InputType('SetAccessDesiredInput', { description: 'What the router is to hold for a service.' })
export class SetAccessDesiredInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;

  @Field(() => DesiredAccess, { description: 'The wish.' })
  desired!: DesiredAccess;

  @Field(() => ID, { description: 'The run that wishes it.' })
  @Length(1, 200)
  runId!: string;

  @Field(() => Int, { description: 'Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT.' })
  @Min(0)
  intent!: number;
}

@InputType('ChangeAccessPlanInput', { description: 'Another plan for the access of a service.' })
export class ChangeAccessPlanInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;

  @Field(() => AccessPlanInput, { description: 'What the plan gives.' })
  @ValidateNested()
  plan!: AccessPlanInput;

  @Field(() => ID, { description: 'The run that wishes it.' })
  @Length(1, 200)
  runId!: string;

  @Field(() => Int, { description: 'Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT.' })
  @Min(0)
  intent!: number;
}

@InputType('MoveAccessInput', { description: 'Another router for the access of a service.' })
export class MoveAccessInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;

  @Field(() => ID, { description: 'The router it moves to. Unknown: NOT_FOUND; the one it is on: VALIDATION_ERROR.' })
  routerId!: string;

  @Field(() => ID, { description: 'The run that wishes it.' })
  @Length(1, 200)
  runId!: string;

  @Field(() => Int, { description: 'Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT.' })
  @Min(0)
  intent!: number;
}

@InputType('ChangeAccessCredentialsInput', { description: 'Other credentials for the access of a service.' })
export class ChangeAccessCredentialsInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;

  @Field(() => ID, { description: 'The credentials, from sealPppCredentials.' })
  @IsUUID()
  credentialsId!: string;

  @Field(() => ID, { description: 'The run that wishes it.' })
  @Length(1, 200)
  runId!: string;

  @Field(() => Int, { description: 'Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT.' })
  @Min(0)
  intent!: number;
}

@InputType('SetAccessAddressInput', { description: 'An address that the subscriber of a service is always given.' })
export class SetAccessAddressInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;

  @Field(() => String, { nullable: true, description: 'IPv4 address of a host; null: one of the pool of the plan again. Of another service on the router: CONFLICT `address` TAKEN.' })
  address?: string | null;

  @Field(() => ID, { description: 'The run that wishes it.' })
  @Length(1, 200)
  runId!: string;

  @Field(() => Int, { description: 'Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT.' })
  @Min(0)
  intent!: number;
}

@InputType('SetAccessCallerIdInput', { description: 'The one device that may dial for a service.' })
export class SetAccessCallerIdInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;

  @Field(() => String, { nullable: true, description: 'Its MAC address in any usual form; null: any device.' })
  callerId?: string | null;

  @Field(() => Boolean, { description: 'Whether a session that runs is cut, so that it is dialled anew.' })
  renew!: boolean;

  @Field(() => ID, { description: 'The run that wishes it.' })
  @Length(1, 200)
  runId!: string;

  @Field(() => Int, { description: 'Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT.' })
  @Min(0)
  intent!: number;
}

@InputType('LeaveRoutersInput', { description: 'Whose former routers to clear.' })
export class LeaveRoutersInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;
}

@InputType('RevertAccessInput', { description: 'Whose access to put back.' })
export class RevertAccessInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;

  @Field(() => ID, { description: 'The run whose change is taken back. When another run has changed the access since, the rows stay.' })
  runId!: string;
}

@InputType('RevealPppPasswordInput', { description: 'Whose PPP password to show.' })
export class RevealPppPasswordInput {
  @Field(() => ID, { description: 'The service.' })
  serviceId!: string;

  @Field(() => String, { description: 'Why, for the record: 1 to 500 characters.' })
  @Length(1, 500, { message: 'reason must have 1 to 500 characters.' })
  reason!: string;
}

@ObjectType('RevealPppPasswordPayload', { description: 'PPP credentials in clear.', simpleResolvers: true })
export class RevealPppPasswordPayload {
  @Field(() => String, { description: 'PPP user name.' })
  username!: string;

  @Field(() => String, { description: 'PPP password.' })
  password!: string;
}

@ObjectType('AccessPayload', { description: 'The access as it is wished now.', simpleResolvers: true })
export class AccessPayload {
  @Field(() => AccessType, { nullable: true, description: 'The access; PENDING until it is verified. Null when the service has none any more.' })
  access!: AccessType | null;
}

@ObjectType('AccessDeparture', { description: 'A router that a service has left and that may still hold something of it.', simpleResolvers: true })
export class AccessDepartureType {
  @Field(() => String, { description: 'PPP user name there.' })
  username!: string;

  @Field(() => DateTimeScalar, { description: 'When the service left it.' })
  since!: Date;

  @Field(() => EnforcementReason, { nullable: true, description: 'What hinders the removal; null while nothing is wrong.' })
  reason!: EnforcementReason | null;

  @Field(() => Int, { description: 'How often it was tried in vain.' })
  attempts!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last tried in vain.' })
  lastAttemptAt!: Date | null;
}

@ObjectType('ProvisionAccessPayload', { description: 'What was made.', simpleResolvers: true })
export class ProvisionAccessPayload {
  @Field(() => AccessType, { description: 'The access; PENDING until it is verified.' })
  access!: AccessType;
}

export enum DeviceStepOutcome {
  DONE = 'DONE',
  WAIT = 'WAIT',
  REJECTED = 'REJECTED',
}
registerEnumType(DeviceStepOutcome, {
  name: 'DeviceStepOutcome',
  description: 'How a step on a router ended.',
  valuesConfig: {
    DONE: { description: 'The router has it.' },
    WAIT: { description: 'The router is away, refuses the login, does not answer or is busy: call again later.' },
    REJECTED: { description: 'The router refuses the value, or a row of that name is not ours: calling again does not help.' },
  },
});

@ObjectType('DeviceStepResult', { description: 'How a step on a router ended.', simpleResolvers: true })
export class DeviceStepResult {
  @Field(() => DeviceStepOutcome, { description: 'How.' })
  outcome!: DeviceStepOutcome;

  @Field(() => String, { nullable: true, description: 'Why it is not done, e.g. `NETWORK_ROUTER_UNREACHABLE`; null when it is.' })
  code!: string | null;

  @Field(() => String, { nullable: true, description: 'The same for people; null when it is done.' })
  message!: string | null;
}

@ObjectType('DeviceStepPayload', { description: 'How the step ended.', simpleResolvers: true })
export class DeviceStepPayload {
  @Field(() => DeviceStepResult, { description: 'How.' })
  result!: DeviceStepResult;
}
