import { IsUUID, Length, Max, Min, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { MoneyInput } from '#kernel/graphql/money-type.ts';
import { DeviceStepResult } from '../access/access.type.ts';
import { CustomerNameSource, RouterImportItemType, RouterImportType } from './router-import.type.ts';

/* What ops asks of an import, step by step, and what it is answered. */

@InputType('OfferedPlanInput', { description: 'A plan that a row of a router may lead to.' })
export class OfferedPlanInput {
  @Field(() => ID, { description: 'UUID of the plan.' })
  @IsUUID()
  id!: string;

  @Field(() => String, { description: 'Its code.' })
  code!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'RouterOS rate limit, upload/download.' })
  rateLimit!: string;

  @Field(() => String, { description: 'The router\'s own address on the subscriber\'s line: IPv4.' })
  localAddress!: string;

  @Field(() => String, { description: 'Name of the address pool on the router.' })
  remotePool!: string;
}

@InputType('OpenRouterImportInput', { description: 'An import to begin.' })
export class OpenRouterImportInput {
  @Field(() => ID, { description: 'UUID minted by the caller.' })
  @IsUUID()
  id!: string;

  @Field(() => ID, { description: 'The router.' })
  routerId!: string;

  @Field(() => [OfferedPlanInput], { description: 'The plans that there are.' })
  @ValidateNested({ each: true })
  plans!: OfferedPlanInput[];

  @Field(() => MoneyInput, { description: 'What plans cost that are yet to be made.' })
  price!: MoneyInput;

  @Field(() => Int, { description: 'Billing day of the services, 1 to 28.' })
  @Min(1)
  @Max(28)
  billingDay!: number;

  @Field(() => CustomerNameSource, { description: 'Where the names of the customers come from.' })
  customerNameFrom!: CustomerNameSource;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the import that was made first, whatever plans there are by now; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('RouterImportRefInput', { description: 'Which import.' })
export class RouterImportRefInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@InputType('ChangeRouterImportItemInput', { description: 'Changes to a row of a proposal; what is absent stays.' })
export class ChangeRouterImportItemInput {
  @Field(() => ID, { description: 'Which row.' })
  itemId!: string;

  @Field(() => OfferedPlanInput, { nullable: true, description: 'The plan that it is to lead to.' })
  @ValidateNested()
  plan?: OfferedPlanInput | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is left alone.' })
  exclude?: boolean | null;

  @Field(() => String, { nullable: true, description: 'The customer\'s name; of a profile, that of the plan to be made.' })
  @Length(1, 200)
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The customer\'s e-mail address; an empty text removes it.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'The customer\'s telephone number; an empty text removes it.' })
  phone?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What the plan to be made costs.' })
  price?: MoneyInput | null;
}

@InputType('NextRouterImportItemsInput', { description: 'What is to be taken over next.' })
export class NextRouterImportItemsInput {
  @Field(() => ID, { description: 'Which import.' })
  id!: string;

  @Field(() => Int, { description: 'How many may be under way, 1 to 100.' })
  @Min(1)
  @Max(100)
  limit!: number;
}

@InputType('SettleRouterImportItemInput', { description: 'What became of a row.' })
export class SettleRouterImportItemInput {
  @Field(() => ID, { description: 'Which row.' })
  itemId!: string;

  @Field(() => ID, { description: 'The run that had it.' })
  runId!: string;

  @Field(() => Boolean, { description: 'Whether it was taken over.' })
  done!: boolean;

  @Field(() => String, { nullable: true, description: 'Why not.' })
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'The same for people.' })
  message?: string | null;
}

@InputType('OpenSecretAdoptionInput', { description: 'One secret that is to be taken over.' })
export class OpenSecretAdoptionInput {
  @Field(() => ID, { description: 'UUID minted by the caller.' })
  @IsUUID()
  id!: string;

  @Field(() => ID, { description: 'The router.' })
  routerId!: string;

  @Field(() => String, { description: 'Name of the secret.' })
  name!: string;

  @Field(() => [OfferedPlanInput], { description: 'The plans that there are.' })
  @ValidateNested({ each: true })
  plans!: OfferedPlanInput[];

  @Field(() => OfferedPlanInput, { nullable: true, description: 'The plan that was named.' })
  @ValidateNested()
  plan?: OfferedPlanInput | null;

  @Field(() => CustomerNameSource, { description: 'Where the name of the customer comes from.' })
  customerNameFrom!: CustomerNameSource;
}

@InputType('CheckAdoptionInput', { description: 'Which row to look at on the router.' })
export class CheckAdoptionInput {
  @Field(() => ID, { description: 'The row.' })
  itemId!: string;
}

@InputType('ProvisionAdoptionInput', { description: 'The access of a service to be made of a secret.' })
export class ProvisionAdoptionInput {
  @Field(() => ID, { description: 'The row.' })
  itemId!: string;

  @Field(() => ID, { description: 'The service.' })
  @IsUUID()
  serviceId!: string;

  @Field(() => ID, { description: 'The run that makes it.' })
  @Length(1, 200)
  runId!: string;

  @Field(() => OfferedPlanInput, { description: 'The plan of the service.' })
  @ValidateNested()
  plan!: OfferedPlanInput;
}

@InputType('ApplyAdoptionInput', { description: 'Which row to take over on the router.' })
export class ApplyAdoptionInput {
  @Field(() => ID, { description: 'The row.' })
  itemId!: string;

  @Field(() => ID, { description: 'The service whose it becomes.' })
  serviceId!: string;
}

@ObjectType('RouterImportStepPayload', { description: 'The import as it is now.', simpleResolvers: true })
export class RouterImportStepPayload {
  @Field(() => RouterImportType, { description: 'The import.' })
  routerImport!: RouterImportType;
}

@ObjectType('RouterImportReadPayload', { description: 'How the reading of a router ended.', simpleResolvers: true })
export class RouterImportReadPayload {
  @Field(() => DeviceStepResult, { description: 'How.' })
  result!: DeviceStepResult;
}

@ObjectType('RouterImportItemStepPayload', { description: 'The row as it is now.', simpleResolvers: true })
export class RouterImportItemStepPayload {
  @Field(() => RouterImportItemType, { description: 'The row.' })
  item!: RouterImportItemType;
}

@ObjectType('RouterImportAssignment', { description: 'A row that is to be taken over now, with the ids that were minted for it.', simpleResolvers: true })
export class RouterImportAssignment {
  @Field(() => RouterImportItemType, { description: 'The row.' })
  item!: RouterImportItemType;

  @Field(() => ID, { nullable: true, description: 'The row of its profile, by which a plan that is yet to be made is known.' })
  profileItemId!: string | null;

  @Field(() => ID, { description: 'Of the run.' })
  runId!: string;

  @Field(() => ID, { description: 'Of the customer.' })
  customerId!: string;

  @Field(() => ID, { description: 'Of the service.' })
  serviceId!: string;
}

@ObjectType('NextRouterImportItemsPayload', { description: 'What is under way; empty: the import has ended.', simpleResolvers: true })
export class NextRouterImportItemsPayload {
  @Field(() => RouterImportType, { description: 'The import.' })
  routerImport!: RouterImportType;

  @Field(() => [RouterImportAssignment], { description: 'The rows.' })
  assignments!: RouterImportAssignment[];
}

@ObjectType('SettleRouterImportItemPayload', { description: 'What was noted.', simpleResolvers: true })
export class SettleRouterImportItemPayload {
  @Field(() => ID, { description: 'The row.' })
  itemId!: string;
}
