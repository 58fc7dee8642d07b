import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { directFilterType, directListType, KeyedInput } from '../direct/direct.type.ts';
import { RouterType } from '../router/router.type.ts';

@ObjectType('PppSecret', { description: 'A PPP user as a router has it. Its password is never shown.', simpleResolvers: true })
export class PppSecretType {
  @Field(() => ID, { description: 'The router\'s own id, e.g. `*1A`.' })
  id!: string;

  @Field(() => String, { description: 'PPP user name.' })
  name!: string;

  @Field(() => String, { description: 'What may be dialled with it: `any`, `pppoe`, `l2tp`, `pptp`, `sstp`, `ovpn` or `async`.' })
  service!: string;

  @Field(() => String, { description: 'Name of the PPP profile; `default` unless said otherwise.' })
  profile!: string;

  @Field(() => String, { nullable: true, description: 'The router\'s end of the session: an address or the name of a pool. Null: as the profile says.' })
  localAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The subscriber\'s end of the session: an address or the name of a pool. Null: as the profile says.' })
  remoteAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'From where alone it may be dialled: for PPPoE a MAC address in capitals. Null: from anywhere.' })
  callerId!: string | null;

  @Field(() => String, { nullable: true, description: 'What people wrote beside it.' })
  comment!: string | null;

  @Field(() => Boolean, { description: 'Whether it is switched off: it refuses the next login.' })
  disabled!: boolean;

  @Field(() => String, { nullable: true, description: 'When its last session ended, in the router\'s own words and time zone; before RouterOS 7.10 `jan/01/1970 00:00:00` stands for never.' })
  lastLoggedOut!: string | null;

  @Field(() => Boolean, { description: 'Whether Headend looks after it for a service; then it is changed through the customer, not here.' })
  owned!: boolean;

  @Field(() => RouterType, { description: 'The router it is on.' })
  router!: RouterType;
}

export const PppSecretList = directListType(PppSecretType, 'PppSecret');
export const PppSecretFilter = directFilterType('PppSecret', 'the name or the comment');

@InputType('CreatePppSecretInput', { description: 'A PPP user to make on a router.' })
export class CreatePppSecretInput extends KeyedInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => String, { description: 'PPP user name. Taken on this router: CONFLICT.' })
  name!: string;

  @Field(() => String, { description: 'Its password; may be empty. Goes to the router and nowhere else.' })
  password!: string;

  @Field(() => String, { nullable: true, defaultValue: 'any', description: 'What may be dialled with it: `any`, `pppoe`, `l2tp`, `pptp`, `sstp`, `ovpn` or `async`.' })
  service?: string | null;

  @Field(() => String, { nullable: true, defaultValue: 'default', description: 'Name of a PPP profile of this router; another is VALIDATION_ERROR (UNKNOWN).' })
  profile?: string | null;

  @Field(() => String, { nullable: true, description: 'The router\'s end of the session: an address or the name of a pool.' })
  localAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'The subscriber\'s end of the session: an address or the name of a pool.' })
  remoteAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'From where alone it may be dialled: for PPPoE a MAC address, in any of the usual spellings.' })
  callerId?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it.' })
  comment?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it begins switched off. Default: false.' })
  disabled?: boolean | null;
}

@InputType('UpdatePppSecretInput', { description: 'Changes of a PPP user. What is absent or null stays; an empty text unsets.' })
export class UpdatePppSecretInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => ID, { description: 'The router\'s own id of the secret. Unknown: NOT_FOUND. Headend\'s own: CONFLICT.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New PPP user name. Taken on this router: CONFLICT.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'New password.' })
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'What may be dialled with it; empty: `any`.' })
  service?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of a PPP profile of this router; empty: `default`. Acts on the next login.' })
  profile?: string | null;

  @Field(() => String, { nullable: true, description: 'The router\'s end of the session: an address or the name of a pool; empty: as the profile says.' })
  localAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'The subscriber\'s end of the session: an address or the name of a pool; empty: as the profile says.' })
  remoteAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'From where alone it may be dialled; empty: from anywhere.' })
  callerId?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it; empty: nothing.' })
  comment?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Switches it off or on. A running session goes on.' })
  disabled?: boolean | null;
}

@InputType('DeletePppSecretInput', { description: 'A PPP user to remove from a router.' })
export class DeletePppSecretInput {
  @Field(() => ID, { nullable: true, description: 'From which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' })
  routerId?: string | null;

  @Field(() => ID, { description: 'The router\'s own id of the secret. Unknown: NOT_FOUND. Headend\'s own: CONFLICT.' })
  id!: string;
}

@ObjectType('CreatePppSecretPayload', { description: 'The PPP user that was made.', simpleResolvers: true })
export class CreatePppSecretPayload {
  @Field(() => PppSecretType, { description: 'As read back from the router.' })
  secret!: PppSecretType;
}

@ObjectType('UpdatePppSecretPayload', { description: 'The PPP user after the change.', simpleResolvers: true })
export class UpdatePppSecretPayload {
  @Field(() => PppSecretType, { description: 'As read back from the router.' })
  secret!: PppSecretType;
}

@ObjectType('DeletePppSecretPayload', { description: 'What was removed.', simpleResolvers: true })
export class DeletePppSecretPayload {
  @Field(() => ID, { description: 'The id that the router no longer has.' })
  id!: string;
}
