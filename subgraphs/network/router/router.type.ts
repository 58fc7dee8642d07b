import { Length, ValidateNested } from 'class-validator';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection, StringFilter } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

export enum RouterTlsMode {
  OFF = 'OFF',
  VERIFY = 'VERIFY',
  FINGERPRINT = 'FINGERPRINT',
  INSECURE_ANONYMOUS = 'INSECURE_ANONYMOUS',
}
registerEnumType(RouterTlsMode, {
  name: 'RouterTlsMode',
  description: 'How the line to a router is protected.',
  valuesConfig: {
    OFF: { description: 'Plain TCP (RouterOS service `api`, as a rule port 8728): the password crosses the network in clear.' },
    VERIFY: { description: 'TLS (`api-ssl`, as a rule port 8729) with a certificate that the system\'s authorities vouch for.' },
    FINGERPRINT: { description: 'TLS with exactly one certificate, self-signed or not, told by its SHA-256 fingerprint.' },
    INSECURE_ANONYMOUS: { description: 'TLS without certificate (anonymous Diffie-Hellman): encrypted, but anybody in the middle can read along.' },
  },
});

export enum RouterLineState {
  CONNECTING = 'CONNECTING',
  ONLINE = 'ONLINE',
  BACKING_OFF = 'BACKING_OFF',
  LOGIN_REFUSED = 'LOGIN_REFUSED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(RouterLineState, {
  name: 'RouterLineState',
  description: 'What the line to a router is doing.',
  valuesConfig: {
    CONNECTING: { description: 'Being dialled.' },
    ONLINE: { description: 'Logged in and answering.' },
    BACKING_OFF: { description: 'The last dial failed; the next follows within 15 s.' },
    LOGIN_REFUSED: { description: 'User name or password is refused; tried again every 30 s.' },
    UNKNOWN: { description: 'Nobody looks after the router at the moment; what is shown is what was last seen.' },
  },
});

export enum ObservationSource {
  LINE = 'LINE',
  READ = 'READ',
  LISTEN = 'LISTEN',
  RECONCILE = 'RECONCILE',
  STORED = 'STORED',
}
registerEnumType(ObservationSource, {
  name: 'ObservationSource',
  description: 'How something about a router came to be known.',
  valuesConfig: {
    LINE: { description: 'By the line that is kept to the router.' },
    READ: { description: 'By reading it from the router for this request.' },
    LISTEN: { description: 'The router told of it as it happened.' },
    RECONCILE: { description: 'By comparing all that the router has with what was known.' },
    STORED: { description: 'Last seen by an earlier process and kept in the database.' },
  },
});

@ObjectType('RouterTls', { description: 'How the line to a router is protected.', simpleResolvers: true })
export class RouterTls {
  @Field(() => RouterTlsMode, { description: 'The way.' })
  mode!: RouterTlsMode;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the pinned certificate, 64 hex digits; with FINGERPRINT only.' })
  fingerprint!: string | null;
}

@ObjectType('RouterStatus', { description: 'What is known of a router. Unknown is a state of its own: null.', simpleResolvers: true })
export class RouterStatusType {
  @Field(() => RouterLineState, { description: 'What the line is doing.' })
  state!: RouterLineState;

  @Field(() => Boolean, { nullable: true, description: 'Whether the router answers; null before the first attempt has ended.' })
  reachable!: boolean | null;

  @Field(() => String, { nullable: true, description: 'Why it does not answer, for people; of one that answers what it keeps from us, e.g. its live sessions for want of a right; as a rule null.' })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'Why, for programs, e.g. `NETWORK_ROUTER_UNREACHABLE`, `NETWORK_ROUTER_LOGIN_REFUSED`, `NETWORK_RIGHT_MISSING`.' })
  reasonCode!: string | null;

  @Field(() => String, { nullable: true, description: 'RouterOS version, e.g. `7.18 (stable)`; the last one seen.' })
  version!: string | null;

  @Field(() => String, { nullable: true, description: 'The name the router gives itself (`/system/identity`); the last one seen.' })
  identity!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When this was seen; null when nothing was yet.' })
  observedAt!: Date | null;

  @Field(() => ObservationSource, { description: 'How it is known.' })
  source!: ObservationSource;
}

@Directive('@key(fields: "id")')
@ObjectType('Router', { description: 'A MikroTik router that Headend logs in to by the RouterOS API. Its password is never shown.', simpleResolvers: true })
export class RouterType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => String, { description: 'Host name or IP address.' })
  host!: string;

  @Field(() => Int, { description: 'TCP port of the API.' })
  port!: number;

  @Field(() => String, { description: 'The API user that Headend logs in as.' })
  username!: string;

  @Field(() => String, { nullable: true, description: 'Where it stands.' })
  site!: string | null;

  @Field(() => RouterTls, { description: 'How the line is protected.' })
  tls!: RouterTls;

  @Field(() => Boolean, { description: 'Whether it is the one that is meant where no router is named.' })
  active!: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was registered.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When what is registered of it was last changed.' })
  updatedAt!: Date;
}

export const RouterConnectionType = connectionType(RouterType, 'Router');

@InputType('RouterTlsInput', { description: 'How the line to a router is protected.' })
export class RouterTlsInput {
  @Field(() => RouterTlsMode, { description: 'The way.' })
  mode!: RouterTlsMode;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the router\'s certificate: 64 hex digits, with or without colons. Required for FINGERPRINT, refused otherwise.' })
  fingerprint?: string | null;
}

@InputType('RegisterRouterInput', { description: 'A router and how to log in to it.' })
export class RegisterRouterInput {
  @Field(() => String, { description: 'What people call it, 1 to 100 characters.' })
  name!: string;

  @Field(() => String, { description: 'Host name or IP address, without scheme or port.' })
  host!: string;

  @Field(() => Int, { description: 'TCP port, 1 to 65535; RouterOS uses 8728, with TLS 8729. Host and port together are unique within the tenant.' })
  port!: number;

  @Field(() => String, { description: 'API user, 1 to 64 printable ASCII characters. It needs the policies api, read, write, test and sensitive.' })
  username!: string;

  @Field(() => String, { description: 'Its password; may be empty. Sealed at once, never shown.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'Where it stands, at most 100 characters.' })
  site?: string | null;

  @Field(() => RouterTlsInput, { nullable: true, description: 'How the line is protected. Default: OFF.' })
  @ValidateNested()
  tls?: RouterTlsInput | null;

  @Field(() => String, { nullable: true, description: 'The same key and input answer the first result; another input is CONFLICT. 1 to 200 characters.' })
  @Length(1, 200)
  idempotencyKey?: string | null;
}

@InputType('UpdateRouterInput', { description: 'Changes of a router. What is left out stays.' })
export class UpdateRouterInput {
  @Field(() => ID, { description: 'Which router. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'New host name or IP address.' })
  host?: string | null;

  @Field(() => Int, { nullable: true, description: 'New port.' })
  port?: number | null;

  @Field(() => String, { nullable: true, description: 'New API user.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'New password.' })
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'New site; an empty text removes it.' })
  site?: string | null;

  @Field(() => RouterTlsInput, { nullable: true, description: 'New protection of the line, as a whole.' })
  @ValidateNested()
  tls?: RouterTlsInput | null;
}

@InputType('RemoveRouterInput', { description: 'Which router to remove.' })
export class RemoveRouterInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@InputType('ActivateRouterInput', { description: 'Which router to activate.' })
export class ActivateRouterInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@InputType('RouterFilter', { description: 'Which routers; all given conditions must hold.' })
export class RouterFilter {
  @Field(() => String, { nullable: true, description: 'Occurs in the name, the host or the site.' })
  search?: string | null;

  @Field(() => StringFilter, { nullable: true, description: 'By name.' })
  name?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By site.' })
  site?: StringFilter | null;

  @Field(() => Boolean, { nullable: true, description: 'By what was last observed. Routers of which nothing is known match neither.' })
  reachable?: boolean | null;
}

export enum RouterOrderField {
  NAME = 'name',
  SITE = 'site',
  CREATED_AT = 'createdAt',
}
registerEnumType(RouterOrderField, {
  name: 'RouterOrderField',
  description: 'What routers are sorted by.',
  valuesConfig: { NAME: { description: 'Name.' }, SITE: { description: 'Site; those without come last.' }, CREATED_AT: { description: 'When they were registered.' } },
});

@InputType('RouterOrder', { description: 'One criterion of sorting.' })
export class RouterOrder {
  @Field(() => RouterOrderField, { description: 'By what.' })
  field!: RouterOrderField;

  @Field(() => OrderDirection, { description: 'Which way.', defaultValue: OrderDirection.ASC })
  direction!: OrderDirection;
}

@ObjectType('RouterPayload', { description: 'The router after the change.', simpleResolvers: true })
export class RouterPayload {
  @Field(() => RouterType, { description: 'The router. Its status may still be CONNECTING: registering does not wait for it.' })
  router!: RouterType;
}

@ObjectType('RemoveRouterPayload', { description: 'What was removed.', simpleResolvers: true })
export class RemoveRouterPayload {
  @Field(() => ID, { description: 'The id of the router that was removed. Nothing was changed on the router itself.' })
  id!: string;
}
