import { IsUUID } from 'class-validator';
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';

export enum SuspensionPolicy {
  PAUSE = 'PAUSE',
  ACCRUE = 'ACCRUE',
}
registerEnumType(SuspensionPolicy, {
  name: 'SuspensionPolicy',
  description: 'How a plan is charged while a service is suspended.',
  valuesConfig: {
    PAUSE: {
      description:
        'A period that begins while the service is suspended is not charged until the service is resumed, and then by days from that day on; a period that is suspended as a whole is never charged. The period in which the suspension began stays charged.',
    },
    ACCRUE: { description: 'Suspension changes nothing: every period is charged.' },
  },
});

@InputType('SetSuspensionPolicyInput', { description: 'How a plan is charged while its services are suspended.' })
export class SetSuspensionPolicyInput {
  @Field(() => ID, { description: 'UUID of the plan.' })
  @IsUUID('loose', { message: 'planId must be a UUID.' })
  planId!: string;

  @Field(() => SuspensionPolicy, { description: 'From now on, for every period that is not decided yet.' })
  suspensionPolicy!: SuspensionPolicy;
}

@ObjectType('SetSuspensionPolicyPayload', { description: 'The policy as it is now.', simpleResolvers: true })
export class SetSuspensionPolicyPayload {
  @Field(() => ID, { description: 'UUID of the plan.' })
  planId!: string;

  @Field(() => SuspensionPolicy, { description: 'Its policy.' })
  suspensionPolicy!: SuspensionPolicy;
}
