import { IsUUID } from 'class-validator';
import { Field, ID, InputType, ObjectType } from 'type-graphql';

@InputType('SealPppCredentialsInput', { description: 'PPP credentials to be sealed. They travel nowhere else in clear.' })
export class SealPppCredentialsInput {
  @Field(() => ID, { description: 'UUID minted by the caller. Sealing the same again under the same id changes nothing.' })
  @IsUUID()
  id!: string;

  @Field(() => ID, { nullable: true, description: 'The router they are for. Default: the tenant\'s active one.' })
  routerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The service whose credentials they are to replace: then routerId is its router, and what is absent stays as the service has it. NOT_FOUND for a service without access.' })
  serviceId?: string | null;

  @Field(() => String, { nullable: true, description: 'PPP user name: 1 to 63 printable ASCII characters without spaces, quotes, commas, backslashes and angle brackets. VALIDATION_ERROR names `credentials.username`; code TAKEN when another service has it on this router.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'PPP password: 1 to 127 printable ASCII characters. VALIDATION_ERROR names `credentials.password`.' })
  password?: string | null;
}

@ObjectType('SealedPppCredentials', { description: 'A reference to sealed PPP credentials.', simpleResolvers: true })
export class SealedPppCredentials {
  @Field(() => ID, { description: 'Their id.' })
  id!: string;

  @Field(() => ID, { description: 'The router they are for.' })
  routerId!: string;

  @Field(() => Boolean, { description: 'They are what the service has already: nothing was sealed.' })
  unchanged!: boolean;
}

@ObjectType('SealPppCredentialsPayload', { description: 'What was sealed.', simpleResolvers: true })
export class SealPppCredentialsPayload {
  @Field(() => SealedPppCredentials, { description: 'The reference.' })
  credentials!: SealedPppCredentials;
}
