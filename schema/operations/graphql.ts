/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What the plan of a service gives on the network. */
export type AccessPlanInput = {
  /** Its code; the name of the profile on the router derives from it. */
  code: string;
  /** UUID of the plan. */
  id: string;
  /** The router's own address on the subscriber's line: IPv4. */
  localAddress: string;
  /** RouterOS rate limit, upload/download, e.g. `20M/100M`. */
  rateLimit: string;
  /** Name of the address pool on the router. */
  remotePool: string;
};

/** Which router to activate. */
export type ActivateRouterInput = {
  /** Its id. */
  id: string;
};

/** A service that has been proven to work. */
export type ActivateServiceInput = {
  /** Which service. Unknown: NOT_FOUND. */
  id: string;
};

/** A PPP secret that somebody else has made, to become that of a service. */
export type AdoptPppSecretInput = {
  /** Day of the month on which the service is charged, 1 to 28. Required unless serviceId is given. */
  billingDay?: number | null | undefined;
  /** A customer to make. Without serviceId, customerId and this, one is made that is called by the comment of the secret. */
  customer?: OnboardCustomerDetailsInput | null | undefined;
  /** A customer for whom a service is made. Unknown: NOT_FOUND. */
  customerId?: string | null | undefined;
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Name of the secret. Unknown: NOT_FOUND. Owned, disabled, or not to be kept: CONFLICT, with the reason. */
  name: string;
  /** Id or code of the plan; absent: one that gives what the profile of the secret gives. None: VALIDATION_ERROR. Unknown: NOT_FOUND. */
  planId?: string | null | undefined;
  /** The router. Unknown: NOT_FOUND. */
  routerId: string;
  /** A service that has nothing on a router, whose it becomes. Unknown: NOT_FOUND. With a secret already: CONFLICT. */
  serviceId?: string | null | undefined;
};

/** Which row to take over on the router. */
export type ApplyAdoptionInput = {
  /** The row. */
  itemId: string;
  /** The service whose it becomes. */
  serviceId: string;
};

/** Whose PPP profile to make on its router. */
export type ApplyPppProfileInput = {
  /** The service. */
  serviceId: string;
};

/** Whose PPP secret to make on its router. */
export type ApplyPppSecretInput = {
  /** The service. */
  serviceId: string;
};

/** A proposal to apply. */
export type ApplyRouterImportInput = {
  /** Which import. Unknown: NOT_FOUND. Not read, or expired: CONFLICT. */
  id: string;
};

/** What a member of the tenant shall be from now on. */
export type AssignRoleInput = {
  /** Id or code of the role. Unknown: NOT_FOUND. Only one whose rights the caller holds: FORBIDDEN otherwise. */
  roleId: string;
  /** Which user. No member of the tenant: NOT_FOUND. */
  userId: string;
};

/** A tenant that a user shall belong to. */
export type AssignUserToTenantInput = {
  /** Whether it becomes the user's main tenant. */
  primary?: boolean | null | undefined;
  /** Id or code of the role there; `viewer` when absent, or what the member is already. */
  role?: string | null | undefined;
  /** Id or slug of the tenant. Unknown: NOT_FOUND. */
  tenantId: string;
  /** Which user. Unknown: NOT_FOUND. */
  userId: string;
};

/** How often a plan is charged. */
export type BillingInterval =
  /** Once a month, on the billing day of the service. */
  | 'MONTH';

/** Where a billing run stands. */
export type BillingRunState =
  /** It could not go on; asking for it again continues it. */
  | 'FAILED'
  /** Invoices are being issued; one that was interrupted goes on by itself. */
  | 'RUNNING'
  /** Everything that was due is invoiced, but for what is `parked`. */
  | 'SUCCEEDED';

/** What is done to each service of a bulk job; the same as the mutation for one. */
export type BulkAction =
  /** As `changePlan`, to `planId`. */
  | 'CHANGE_PLAN'
  /** As `moveService`, to `routerId`. */
  | 'MOVE'
  /** As `resumeService`. */
  | 'RESUME'
  /** As `suspendService`. */
  | 'SUSPEND';

/** Which services; all given conditions must hold, and there must be one at least. Only services that are in use are found. */
export type BulkFilterInput = {
  /** Those that are charged on this day of the month, 1 to 28. */
  billingDay?: number | null | undefined;
  /** Those of these customers: at most 1000. */
  customerIds?: Array<string> | null | undefined;
  /** Those on this plan; its id or its code. */
  planId?: string | null | undefined;
  /** Those on this router. */
  routerId?: string | null | undefined;
  /** These: at most 1000. Those that there are not are left out. */
  serviceIds?: Array<string> | null | undefined;
  /** Those that stand there; absent: both. */
  statuses?: Array<BulkServiceStatus> | null | undefined;
};

/** Which items of a bulk job. */
export type BulkItemFilter = {
  /** What has become of them. */
  state?: BulkItemState | null | undefined;
};

/** What has become of one service of a bulk job. */
export type BulkItemState =
  /** Refused; `error` says why. */
  | 'FAILED'
  /** Its turn has not come, or it could not be begun yet (`error`, `nextAttemptAt`). */
  | 'PENDING'
  /** Its run is under way, or waits for a router. */
  | 'RUNNING'
  /** Nothing was done for this job; `skippedBecause` says why. */
  | 'SKIPPED'
  /** Done, and proven on the router. */
  | 'SUCCEEDED';

/** Where a bulk job stands. */
export type BulkJobState =
  /** No further item begins; those that had begun go on to their end (`finishedAt`). */
  | 'CANCELLED'
  /** Every item has ended; each has its own outcome. */
  | 'COMPLETED'
  /** It was not started in time. */
  | 'EXPIRED'
  /** The services could not be looked up; `error` says why. Nothing was done. */
  | 'FAILED'
  /** The services are chosen, and stay so whatever changes. Nothing has been done to them. */
  | 'PREVIEWED'
  /** The services are being looked up. */
  | 'PREVIEWING'
  /** It goes through its items. */
  | 'RUNNING'
  /** No further item begins until it is resumed; those that have begun go on. */
  | 'STOPPED';

/** Where a service stands that is in use. */
export type BulkServiceStatus =
  /** The subscriber may be online. */
  | 'ACTIVE'
  /** Switched off for now. */
  | 'SUSPENDED';

/** Why nothing was done to a service. */
export type BulkSkippedBecause =
  /** It was not suspended. */
  | 'ALREADY_ACTIVE'
  /** It had the plan, in its present version. */
  | 'ALREADY_ON_PLAN'
  /** It was on the router. */
  | 'ALREADY_ON_ROUTER'
  /** It was suspended already. */
  | 'ALREADY_SUSPENDED'
  /** The job was cancelled before its turn came. */
  | 'CANCELLED'
  /** There is no such service any more. */
  | 'GONE'
  /** It is pending, has ended, or has no access on a router. */
  | 'NOT_IN_USE'
  /** Somebody cancelled its run. */
  | 'RUN_CANCELLED'
  /** A newer change of the service took the place of its run. */
  | 'SUPERSEDED';

/** A job to cancel. */
export type CancelBulkInput = {
  /** Which job. Unknown: NOT_FOUND. Ended: CONFLICT. */
  id: string;
};

/** An import to cancel. */
export type CancelRouterImportInput = {
  /** Which import. Unknown: NOT_FOUND. Ended: CONFLICT. */
  id: string;
};

/** A run to cancel. */
export type CancelRunInput = {
  /** Which run. Unknown: NOT_FOUND. Ended, or past its last step: CONFLICT. */
  id: string;
};

/** Other credentials for the access of a service. */
export type ChangeAccessCredentialsInput = {
  /** The credentials, from sealPppCredentials. */
  credentialsId: string;
  /** Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT. */
  intent: number;
  /** The run that wishes it. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** Another plan for the access of a service. */
export type ChangeAccessPlanInput = {
  /** Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT. */
  intent: number;
  /** What the plan gives. */
  plan: AccessPlanInput;
  /** The run that wishes it. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** Another plan for a service. */
export type ChangePlanInput = {
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Id or code of the plan; its present version is meant. Unknown: NOT_FOUND. */
  planId: string;
  /** Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT. */
  serviceId: string;
};

/** Changes to a row of a proposal; what is absent stays. */
export type ChangeRouterImportItemInput = {
  /** The customer's e-mail address; an empty text removes it. */
  email?: string | null | undefined;
  /** Whether it is left alone. */
  exclude?: boolean | null | undefined;
  /** Which row. */
  itemId: string;
  /** The customer's name; of a profile, that of the plan to be made. */
  name?: string | null | undefined;
  /** The customer's telephone number; an empty text removes it. */
  phone?: string | null | undefined;
  /** The plan that it is to lead to. */
  plan?: OfferedPlanInput | null | undefined;
  /** What the plan to be made costs. */
  price?: MoneyInput | null | undefined;
};

/** Changes to a customer and his service; what is absent, null or equal stays. */
export type ChangeSubscriberInput = {
  /** Day of the month on which the service is charged, 1 to 28. */
  billingDay?: number | null | undefined;
  /** What the subscriber logs in with. */
  credentials?: PppCredentialsChangeInput | null | undefined;
  /** Which customer. Unknown: NOT_FOUND. */
  customerId: string;
  /** E-mail address, at most 254 characters. Empty: removed. */
  email?: string | null | undefined;
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Full name of the person or the company: 1 to 200 characters. */
  name?: string | null | undefined;
  /** Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. Empty: removed. */
  phone?: string | null | undefined;
  /** Id or code of the plan. Unknown: NOT_FOUND. */
  planId?: string | null | undefined;
};

/** Which row to look at on the router. */
export type CheckAdoptionInput = {
  /** The row. */
  itemId: string;
};

/** A customer who has left. */
export type CloseCustomerInput = {
  /** Which customer. Unknown: NOT_FOUND. */
  id: string;
  /** The run that offboards him. */
  runId: string;
};

/** Customers without services who leave, all of them or none. */
export type CloseCustomersInput = {
  /** By id. Unknown: NOT_FOUND. */
  ids?: Array<string> | null | undefined;
  /** By full name; letter case does not matter. Unknown: NOT_FOUND. Several of one name: CONFLICT. */
  names?: Array<string> | null | undefined;
};

/** A customer to make. */
export type CreateCustomerInput = {
  /** E-mail address, at most 254 characters. */
  email?: string | null | undefined;
  /** UUID minted by the caller: for the product's own services alone. */
  id?: string | null | undefined;
  /** 1 to 255 characters. The same key and input answers the first result; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Full name of the person or the company: 1 to 200 characters. */
  name: string;
  /** Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. */
  phone?: string | null | undefined;
};

/** An address pool to make on a router. */
export type CreateIpPoolInput = {
  /** What people want to read beside it. */
  comment?: string | null | undefined;
  /** 1 to 255 characters. The same key and input answers the row that was made, as it is now, or makes it where that did not succeed; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Name. Taken on this router: CONFLICT. */
  name: string;
  /** Name of the pool that is used when this one is exhausted. */
  nextPool?: string | null | undefined;
  /** IPv4 addresses: `10.0.0.2-10.0.0.254`, `10.0.1.0/24`, single ones, and lists of these with commas. */
  ranges: string;
  /** On which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
};

/** A plan to make. */
export type CreatePlanInput = {
  /** What the plan gives on the network. */
  access: PlanAccessInput;
  /** How often the price is charged. */
  billingInterval: BillingInterval;
  /** The name that programs use: 1 to 60 letters, digits, `_` and `-`; unique within the tenant, else CONFLICT. */
  code: string;
  /** Days, 0 to 90, that an overdue invoice is borne before the service is suspended; 7 when absent. */
  graceDays?: number | null | undefined;
  /** 1 to 255 characters. The same key and input answers the first result; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** The name that people read: 1 to 120 characters. */
  name: string;
  /** Price of one billing interval; not negative. */
  price: MoneyInput;
  /** How subscribers are connected. */
  serviceType: ServiceType;
};

/** A PPP profile to make on a router. */
export type CreatePppProfileInput = {
  /** What people want to read beside it. */
  comment?: string | null | undefined;
  /** 1 to 255 characters. The same key and input answers the row that was made, as it is now, or makes it where that did not succeed; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** The router's end of each session: an address or the name of a pool. */
  localAddress?: string | null | undefined;
  /** Name. Taken on this router: CONFLICT. */
  name: string;
  /** Whether a user may have one session only: `yes`, `no` or `default`. */
  onlyOne?: string | null | undefined;
  /** RouterOS rate limit, upload/download, e.g. `10M/50M`; up to six groups. */
  rateLimit?: string | null | undefined;
  /** The subscriber's end of each session: an address or the name of a pool. */
  remoteAddress?: string | null | undefined;
  /** On which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
};

/** A PPP user to make on a router. */
export type CreatePppSecretInput = {
  /** From where alone it may be dialled: for PPPoE a MAC address, in any of the usual spellings. */
  callerId?: string | null | undefined;
  /** What people want to read beside it. */
  comment?: string | null | undefined;
  /** Whether it begins switched off. Default: false. */
  disabled?: boolean | null | undefined;
  /** 1 to 255 characters. The same key and input answers the row that was made, as it is now, or makes it where that did not succeed; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** The router's end of the session: an address or the name of a pool. */
  localAddress?: string | null | undefined;
  /** PPP user name. Taken on this router: CONFLICT. */
  name: string;
  /** Its password; may be empty. Goes to the router and nowhere else. */
  password: string;
  /** Name of a PPP profile of this router; another is VALIDATION_ERROR (UNKNOWN). */
  profile?: string | null | undefined;
  /** The subscriber's end of the session: an address or the name of a pool. */
  remoteAddress?: string | null | undefined;
  /** On which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
  /** What may be dialled with it: `any`, `pppoe`, `l2tp`, `pptp`, `sstp`, `ovpn` or `async`. */
  service?: string | null | undefined;
};

/** A service to make. Repeating it with the same id and run answers the same service. */
export type CreateServiceInput = {
  /** Day of the month on which it is charged, 1 to 28, so that every month has it. */
  billingDay: number;
  /** Who takes it. */
  customerId: string;
  /** UUID minted by the caller; absent: made here. */
  id?: string | null | undefined;
  /** Id or code of the plan. Unknown: NOT_FOUND. */
  planId: string;
  /** The durable run that makes it and alone may withdraw it. */
  runId?: string | null | undefined;
};

/** A simple queue to make on a router. */
export type CreateSimpleQueueInput = {
  /** Bits per second that may be reached for a moment, upload/download; empty: none. */
  burstLimit?: string | null | undefined;
  /** Mean bits per second below which bursts are allowed, upload/download; empty: none. */
  burstThreshold?: string | null | undefined;
  /** Time over which the mean is taken, upload/download, e.g. `8s/8s`; empty: none. */
  burstTime?: string | null | undefined;
  /** What people want to read beside it; empty: nothing. */
  comment?: string | null | undefined;
  /** Whether it is switched off. */
  disabled?: boolean | null | undefined;
  /** To which destinations alone; null or empty: to all. */
  dst?: string | null | undefined;
  /** 1 to 255 characters. The same key and input answers the row that was made, as it is now, or makes it where that did not succeed; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Guaranteed bits per second, upload/download; empty: none. More than `maxLimit`: VALIDATION_ERROR. */
  limitAt?: string | null | undefined;
  /** Most bits per second, upload/download, as digits with k, M or G, e.g. `10M/50M`; one number stands for both. Empty: no limit. */
  maxLimit?: string | null | undefined;
  /** Name. Taken on this router: CONFLICT. */
  name: string;
  /** Packet marks that it applies to, with commas; empty: all. */
  packetMarks?: string | null | undefined;
  /** Name of the queue that this one shares the bandwidth of; empty: none. */
  parent?: string | null | undefined;
  /** The router's own id of the queue that it shall stand before; absent: at the end. Unknown: VALIDATION_ERROR. */
  placeBefore?: string | null | undefined;
  /** 1 (first) to 8 (last), or a pair upload/download, e.g. `1/8`. Default: `8/8`. */
  priority?: string | null | undefined;
  /** Kinds of queue, upload/download; one name stands for both. Default: `default-small/default-small`. */
  queueType?: string | null | undefined;
  /** On which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
  /** To whom it applies: addresses with their masks or names of interfaces, with commas, e.g. `10.0.0.50/32`. A lone address means `/32`. */
  target: string;
};

/** A tenant to make. */
export type CreateTenantInput = {
  /** Whether people may register themselves. */
  allowRegistration?: boolean | null | undefined;
  /** Legal name of the company, at most 200 characters. */
  companyName?: string | null | undefined;
  /** Currency in which its prices are given where none is named; USD when none was ever given. */
  currency?: string | null | undefined;
  /** What is switched on for it, by name; at most 8 KB. */
  features?: Record<string, unknown> | null | undefined;
  /** 1 to 255 characters. The same key and input answers the first result; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Most routers it may register. */
  maxRouters?: number | null | undefined;
  /** Most subscribers it may have. */
  maxSubscribers?: number | null | undefined;
  /** Name that people read: 1 to 200 characters. */
  name: string;
  /** What it asks of passwords; 8 characters when none was ever given. */
  passwordPolicy?: PasswordPolicyInput | null | undefined;
  /** Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. */
  phone?: string | null | undefined;
  /** Short name: 2 to 63 small letters, digits, `-` and `_`, beginning with a letter or a digit. CONFLICT when it is taken. */
  slug: string;
  /** IANA time zone, e.g. `Asia/Jakarta`; UTC when none was ever given. */
  timeZone?: string | null | undefined;
};

/** A user to make, as a member of the tenant one acts in (a super admin in none: without membership). */
export type CreateUserInput = {
  /** Whether the user may log in; true when absent. */
  active?: boolean | null | undefined;
  /** E-mail address. CONFLICT when it is taken. */
  email: string;
  /** Name that people read, at most 200 characters; the username when absent. */
  fullName?: string | null | undefined;
  /** 1 to 255 characters. The same key and input (but for the password) answers the first result; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Password, at most 256 characters; how many at least is the tenant's policy. */
  password: string;
  /** Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. */
  phone?: string | null | undefined;
  /** Code of the role; `viewer` when neither role nor roleId is given. Only one whose rights the caller holds: FORBIDDEN otherwise. */
  role?: string | null | undefined;
  /** Id of the role, in place of its code. Unknown: NOT_FOUND. */
  roleId?: string | null | undefined;
  /** Name to log in with: 2 to 100 letters, digits and any of `. _ @ + -`. CONFLICT when it is taken. */
  username: string;
};

/** Which customers; all given conditions must hold. */
export type CustomerFilter = {
  /** The account number. */
  accountNumber?: StringFilter | null | undefined;
  /** Since when they are known. */
  createdAt?: DateTimeFilter | null | undefined;
  /** The e-mail address. */
  email?: StringFilter | null | undefined;
  /** One of these. */
  ids?: Array<string> | null | undefined;
  /** The name. */
  name?: StringFilter | null | undefined;
  /** By one of these full names; letter case does not matter. */
  names?: Array<string> | null | undefined;
  /** The phone number. */
  phone?: StringFilter | null | undefined;
  /** Occurs in the name, the e-mail address, the phone or the account number. */
  search?: string | null | undefined;
  /** Whether business is done with them. */
  status?: CustomerStatus | null | undefined;
};

/** Where the names of customers come from. */
export type CustomerNameSource =
  /** The comment of the secret; its name where there is none. */
  | 'COMMENT'
  /** The name of the secret. */
  | 'SECRET_NAME';

/** Whether business is done with a customer. */
export type CustomerStatus =
  /** A customer of today. */
  | 'ACTIVE'
  /** A customer of former days; kept for the books. */
  | 'INACTIVE';

/** A span of time; either end may be left open. */
export type DateTimeFilter = {
  /** The first instant that counts. */
  from?: string | null | undefined;
  /** The first instant that no longer counts. */
  to?: string | null | undefined;
};

/** An address pool to remove from a router. */
export type DeleteIpPoolInput = {
  /** The router's own id of the pool. Unknown: NOT_FOUND. */
  id: string;
  /** From which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
};

/** A PPP profile to remove from a router. */
export type DeletePppProfileInput = {
  /** The router's own id of the profile. Unknown: NOT_FOUND. Headend's own: CONFLICT. One of the router's own two: VALIDATION_ERROR. */
  id: string;
  /** From which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
};

/** A PPP user to remove from a router. */
export type DeletePppSecretInput = {
  /** The router's own id of the secret. Unknown: NOT_FOUND. Headend's own: CONFLICT. */
  id: string;
  /** From which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
};

/** A simple queue to remove from a router. */
export type DeleteSimpleQueueInput = {
  /** The router's own id of the queue. Unknown: NOT_FOUND. Headend's own, or made by the router for a session: CONFLICT. */
  id: string;
  /** From which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
};

/** A tenant to delete. */
export type DeleteTenantInput = {
  /** Id or slug. Unknown: NOT_FOUND. */
  id: string;
};

/** A user to remove from the tenant one acts in; with the last membership the user is deleted. */
export type DeleteUserInput = {
  /** Which user. Unknown: NOT_FOUND. */
  id: string;
};

/** What the router is to hold for a service. */
export type DesiredAccess =
  /** The router refuses him. */
  | 'DISABLED'
  /** The subscriber may dial. */
  | 'ENABLED'
  /** Nothing: it is being taken away. */
  | 'REMOVED';

/** How a step on a router ended. */
export type DeviceStepOutcome =
  /** The router has it. */
  | 'DONE'
  /** The router refuses the value, or a row of that name is not ours: calling again does not help. */
  | 'REJECTED'
  /** The router is away, refuses the login, does not answer or is busy: call again later. */
  | 'WAIT';

/** Which session to cut: give exactly one of the two. */
export type DisconnectSessionInput = {
  /** The session of this service. */
  serviceId?: string | null | undefined;
  /** This session. */
  sessionId?: string | null | undefined;
};

/** How far the router has followed. */
export type EnforcementOutcome =
  /** Acknowledged by the router and proven by reading it back. */
  | 'APPLIED'
  /** Refused: waiting does not help. */
  | 'FAILED'
  /** Not proven yet; `reason` says what it waits for, if anything went wrong. */
  | 'PENDING';

/** A router that was there before. */
export type ImportRouterInput = {
  /** Day of the month on which the services are charged, 1 to 28. */
  billingDay: number;
  /** Where the names of the customers come from. */
  customerNameFrom?: CustomerNameSource;
  /** 1 to 255 characters. The same key and input answers the import that was begun first; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** What plans cost that are yet to be made; not negative. A single one can be given another price before the import is applied. */
  price: MoneyInput;
  /** Which router. Unknown: NOT_FOUND. */
  routerId: string;
};

/** Where an invoice stands. */
export type InvoiceState =
  /** Not yet paid in full, and not yet found overdue. */
  | 'ISSUED'
  /** A dunning run found it open after its due day. */
  | 'OVERDUE'
  /** Nothing is open. */
  | 'PAID'
  /** Taken back; nothing is owed for it. */
  | 'VOID';

/** Which rows; all given conditions must hold. */
export type IpPoolFilter = {
  /** By name. */
  name?: StringFilter | null | undefined;
  /** Occurs in the name or the comment; letter case does not matter. */
  search?: string | null | undefined;
};

/** Whose former routers to clear. */
export type LeaveRoutersInput = {
  /** The service. */
  serviceId: string;
};

/** The one device that may dial for a service. */
export type LockCallerIdInput = {
  /** Its MAC address in any usual form, e.g. `AA:BB:CC:DD:EE:FF`. Absent or null: the device that is online now; CONFLICT when none is known to be. */
  callerId?: string | null | undefined;
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT. */
  serviceId: string;
};

/** Who logs in: a username or an e-mail address, with the password. */
export type LoginInput = {
  /** E-mail address, in place of the username. */
  email?: string | null | undefined;
  /** Password. */
  password: string;
  /** Id or slug of the tenant to act in; needed by members of several. */
  tenant?: string | null | undefined;
  /** Username; an e-mail address is taken too. */
  username?: string | null | undefined;
};

/** A login to end. */
export type LogoutInput = {
  /** A refresh token of the login. */
  refreshToken: string;
};

/** A service whose status a saga changes. */
export type MarkServiceInput = {
  /** Which service. Unknown: NOT_FOUND. */
  id: string;
  /** Number of the wish, counted per service; one older than the newest heard is CONFLICT. */
  intent?: number | null | undefined;
};

/** A service that gets another plan. */
export type MarkServicePlanChangedInput = {
  /** Which service. Unknown: NOT_FOUND. */
  id: string;
  /** Number of the wish, counted per service; one older than the newest heard is CONFLICT. */
  intent?: number | null | undefined;
  /** Id or code of the plan; its present version is meant. Unknown: NOT_FOUND. */
  planId: string;
  /** The durable run that changes it and alone may revert it. */
  runId?: string | null | undefined;
};

/** A service to be suspended. */
export type MarkServiceSuspendedInput = {
  /** Which service. Unknown: NOT_FOUND. */
  id: string;
  /** Number of the wish, counted per service; one older than the newest heard is CONFLICT. */
  intent?: number | null | undefined;
  /** `NON_PAYMENT`, `MANUAL`, or words: 1 to 200 characters. A suspension for another reason is not weakened to NON_PAYMENT. */
  reason: string;
};

/** An exact amount of money. */
export type MoneyInput = {
  /** Decimal text, at most the digits of the currency, e.g. `"19.90"`. */
  amount: string;
  /** ISO 4217 code. */
  currency: string;
};

/** Another router for the access of a service. */
export type MoveAccessInput = {
  /** Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT. */
  intent: number;
  /** The router it moves to. Unknown: NOT_FOUND; the one it is on: VALIDATION_ERROR. */
  routerId: string;
  /** The run that wishes it. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** How far to move the clock of a sandbox. */
export type MoveSandboxClockInput = {
  /** Days forward, 0 to 3660. */
  days?: number;
  /** Hours forward, 0 to 10000. */
  hours?: number;
};

/** Another router for a service. */
export type MoveServiceInput = {
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** The router it moves to. Unknown: NOT_FOUND. The one it is on, or one on which its user name is taken: VALIDATION_ERROR. */
  routerId: string;
  /** Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT. */
  serviceId: string;
};

/** What is to be taken over next. */
export type NextRouterImportItemsInput = {
  /** Which import. */
  id: string;
  /** How many may be under way, 1 to 100. */
  limit: number;
};

/** How something about a router came to be known. */
export type ObservationSource =
  /** By the line that is kept to the router. */
  | 'LINE'
  /** The router told of it as it happened. */
  | 'LISTEN'
  /** By reading it from the router for this request. */
  | 'READ'
  /** By comparing all that the router has with what was known. */
  | 'RECONCILE'
  /** Last seen by an earlier process and kept in the database. */
  | 'STORED';

/** A customer who leaves. */
export type OffboardCustomerInput = {
  /** Which customer. Unknown: NOT_FOUND. Still being onboarded while the router is away: CONFLICT. */
  customerId: string;
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
};

/** A plan that a row of a router may lead to. */
export type OfferedPlanInput = {
  /** Its code. */
  code: string;
  /** UUID of the plan. */
  id: string;
  /** The router's own address on the subscriber's line: IPv4. */
  localAddress: string;
  /** Its name. */
  name: string;
  /** RouterOS rate limit, upload/download. */
  rateLimit: string;
  /** Name of the address pool on the router. */
  remotePool: string;
};

/** The customer to make. */
export type OnboardCustomerDetailsInput = {
  /** E-mail address, at most 254 characters. */
  email?: string | null | undefined;
  /** Full name of the person or the company: 1 to 200 characters. */
  name: string;
  /** Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. */
  phone?: string | null | undefined;
};

/** A new subscriber: who, which plan, on which router, with which credentials. */
export type OnboardCustomerInput = {
  /** Day of the month on which the service is charged, 1 to 28, so that every month has it. */
  billingDay: number;
  /** What the subscriber logs in with. */
  credentials: PppCredentialsInput;
  /** The customer to make. */
  customer: OnboardCustomerDetailsInput;
  /** 1 to 255 characters. The same key and input answers the first result; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Id or code of the plan. Unknown: NOT_FOUND. */
  planId: string;
  /** Which router; absent: the tenant's active one. Unknown: NOT_FOUND. */
  routerId?: string | null | undefined;
};

/** An import to begin. */
export type OpenRouterImportInput = {
  /** Billing day of the services, 1 to 28. */
  billingDay: number;
  /** Where the names of the customers come from. */
  customerNameFrom: CustomerNameSource;
  /** UUID minted by the caller. */
  id: string;
  /** 1 to 255 characters. The same key and input answers the import that was made first, whatever plans there are by now; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** The plans that there are. */
  plans: Array<OfferedPlanInput>;
  /** What plans cost that are yet to be made. */
  price: MoneyInput;
  /** The router. */
  routerId: string;
};

/** One secret that is to be taken over. */
export type OpenSecretAdoptionInput = {
  /** Where the name of the customer comes from. */
  customerNameFrom: CustomerNameSource;
  /** UUID minted by the caller. */
  id: string;
  /** Name of the secret. */
  name: string;
  /** The plan that was named. */
  plan?: OfferedPlanInput | null | undefined;
  /** The plans that there are. */
  plans: Array<OfferedPlanInput>;
  /** The router. */
  routerId: string;
};

/** What a tenant asks of its users' passwords. */
export type PasswordPolicyInput = {
  /** Fewest characters, 6 to 64. */
  minLength: number;
};

/** How money came in. */
export type PaymentMethod =
  /** To the bank account. */
  | 'BANK_TRANSFER'
  /** By card. */
  | 'CARD'
  /** Over the counter. */
  | 'CASH'
  /** By cheque. */
  | 'CHEQUE'
  /** By a phone wallet such as M-Pesa. */
  | 'MOBILE_MONEY'
  /** In another way. */
  | 'OTHER';

/** Changes to what a plan gives on the network; what is absent or null stays. */
export type PlanAccessChange = {
  /** IPv4 address of the router's end of each session. */
  localAddress?: string | null | undefined;
  /** RouterOS rate limit, upload/download. */
  rateLimit?: string | null | undefined;
  /** Name of an address pool on the router. */
  remotePool?: string | null | undefined;
};

/** What a plan gives on the network. */
export type PlanAccessInput = {
  /** IPv4 address of the router's end of each session. */
  localAddress: string;
  /** RouterOS rate limit, upload/download, e.g. `10M/50M`; up to six groups. */
  rateLimit: string;
  /** Name of an address pool on the router: 1 to 64 letters, digits and any of `._-`. */
  remotePool: string;
};

/** Which plans; all given conditions must hold. */
export type PlanFilter = {
  /** The code. */
  code?: StringFilter | null | undefined;
  /** The name. */
  name?: StringFilter | null | undefined;
  /** Occurs in the code or the name. */
  search?: string | null | undefined;
  /** How subscribers are connected. */
  serviceType?: ServiceType | null | undefined;
};

/** Which rows; all given conditions must hold. */
export type PppActiveFilter = {
  /** By name. */
  name?: StringFilter | null | undefined;
  /** Occurs in the name, the address or the caller id; letter case does not matter. */
  search?: string | null | undefined;
};

/** What the subscriber's equipment logs in with from now on; what is absent or null stays. */
export type PppCredentialsChangeInput = {
  /** PPP password: 1 to 127 printable ASCII characters. */
  password?: string | null | undefined;
  /** PPP user name, 1 to 63 printable ASCII characters; not used by another service on the same router (VALIDATION_ERROR `credentials.username` TAKEN). */
  username?: string | null | undefined;
};

/** What the subscriber's equipment logs in with. The password is sealed at once and never shown again. */
export type PppCredentialsInput = {
  /** PPP password, 1 to 128 printable characters. */
  password: string;
  /** PPP user name, 1 to 128 printable characters; not used by another service on the same router. */
  username: string;
};

/** Which rows; all given conditions must hold. */
export type PppProfileFilter = {
  /** By name. */
  name?: StringFilter | null | undefined;
  /** Occurs in the name or the comment; letter case does not matter. */
  search?: string | null | undefined;
};

/** Which rows; all given conditions must hold. */
export type PppSecretFilter = {
  /** By name. */
  name?: StringFilter | null | undefined;
  /** Occurs in the name or the comment; letter case does not matter. */
  search?: string | null | undefined;
};

/** What happened to a PPP session. */
export type PppSessionAction =
  /** It ended. */
  | 'DOWN'
  /** It is there: one event for each live session. A new series replaces all that was known, e.g. after the router was away or when the subscriber was too slow. */
  | 'SNAPSHOT'
  /** It came up. Repeated for a session whose address became known later. */
  | 'UP';

/** Which of a PPP profile's scripts has called. */
export type PppoeCallbackAction =
  /** `on-down`: a session has ended. */
  | 'DOWN'
  /** `on-up`: a session has come up. */
  | 'UP';

/** What a script on a router told, and from where. Texts are cut to 255 characters. */
export type PppoeCallbackInput = {
  /** Up or down. */
  action: PppoeCallbackAction;
  /** The callback secret it showed, if it did. */
  callbackSecret?: string | null | undefined;
  /** From where he calls. */
  callerId?: string | null | undefined;
  /** Interface on the router. */
  interface?: string | null | undefined;
  /** The router's end of the session. */
  localAddress?: string | null | undefined;
  /** PPP user name. */
  name: string;
  /** When it came in. */
  receivedAt: string;
  /** The subscriber's end of the session. */
  remoteAddress?: string | null | undefined;
  /** How he is connected. */
  service?: string | null | undefined;
  /** The address it came from, IPv4 or IPv6. */
  sourceAddress: string;
};

/** What became of a callback. */
export type PppoeCallbackOutcome =
  /** A router there has a PPP secret of that name: passed on at once, and the router is looked at. */
  | 'ACCEPTED'
  /** It comes from a registered router, but none there has a PPP secret of that name: nothing changes. */
  | 'RECORDED'
  /** It comes from no registered router: neither by its address nor by a callback secret. */
  | 'REFUSED';

/** An act, and the services that it is for. */
export type PreviewBulkInput = {
  /** What is to be done. */
  action: BulkAction;
  /** Which services: at most 20000, else VALIDATION_ERROR `filter` TOO_MANY. */
  filter: BulkFilterInput;
  /** 1 to 255 characters. The same key and input answers the first job; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Of CHANGE_PLAN, and required there: id or code of the plan. Unknown: NOT_FOUND. */
  planId?: string | null | undefined;
  /** Of SUSPEND: why, 1 to 200 characters. Default `MANUAL`. */
  reason?: string | null | undefined;
  /** Of MOVE, and required there: the router they move to. Unknown: NOT_FOUND. */
  routerId?: string | null | undefined;
};

/** The access of a service, as rows; nothing is done on the router yet. */
export type ProvisionAccessInput = {
  /** Its credentials, from sealPppCredentials; they also say on which router. */
  credentialsId: string;
  /** What its plan gives. */
  plan: AccessPlanInput;
  /** The run that makes it: the undo of no other run takes it away. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** The access of a service to be made of a secret. */
export type ProvisionAdoptionInput = {
  /** The row. */
  itemId: string;
  /** The plan of the service. */
  plan: OfferedPlanInput;
  /** The run that makes it. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** Money that came in for an invoice. */
export type RecordPaymentInput = {
  /** How much; above zero, in the currency of the invoice. What exceeds the open amount becomes credit of the customer. */
  amount: MoneyInput;
  /** 1 to 255 characters. The same key and input answers the first payment; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** The invoice it was paid for. Unknown: NOT_FOUND. Void: CONFLICT. */
  invoiceId: string;
  /** How it came in. */
  method: PaymentMethod;
  /** On which day it came in; today unless given, at most one day ahead. */
  receivedOn?: string | null | undefined;
  /** The number of the bank, wallet or receipt: 1 to 120 characters. The same one of the same method again is CONFLICT. */
  reference?: string | null | undefined;
};

/** A refresh token to be exchanged. */
export type RefreshInput = {
  /** The refresh token of the last login or refresh. Each is good once. */
  refreshToken: string;
};

/** A user who registers alone and belongs to no tenant until an administrator assigns one. */
export type RegisterInput = {
  /** E-mail address. CONFLICT when it is taken. */
  email: string;
  /** Name that people read, at most 200 characters; the username when absent. */
  fullName?: string | null | undefined;
  /** Password, at most 256 characters; how many at least is the tenant's policy. */
  password: string;
  /** Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. */
  phone?: string | null | undefined;
  /** Id or slug of the tenant at whose door it happens; it must allow that. Not needed in a sandbox. */
  tenant?: string | null | undefined;
  /** Name to log in with: 2 to 100 letters, digits and any of `. _ @ + -`. CONFLICT when it is taken. */
  username: string;
};

/** A router and how to log in to it. */
export type RegisterRouterInput = {
  /** Host name or IP address, without scheme or port. */
  host: string;
  /** The same key and input answer the first result; another input is CONFLICT. 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** What people call it, 1 to 100 characters. */
  name: string;
  /** Its password; may be empty. Sealed at once, never shown. */
  password: string;
  /** TCP port, 1 to 65535; RouterOS uses 8728, with TLS 8729. Host and port together are unique within the tenant. */
  port: number;
  /** Where it stands, at most 100 characters. */
  site?: string | null | undefined;
  /** How the line is protected. Default: OFF. */
  tls?: RouterTlsInput | null | undefined;
  /** API user, 1 to 64 printable ASCII characters. It needs the policies api, read, write, test and sensitive. */
  username: string;
};

/** A plan to take out of sale. */
export type RemovePlanInput = {
  /** Id or code of the plan. Unknown: NOT_FOUND. In use by a service that has not ended: CONFLICT. */
  id: string;
};

/** Which router to remove. */
export type RemoveRouterInput = {
  /** Its id. */
  id: string;
};

/** Callbacks in the order in which they came in. */
export type ReportPppoeCallbacksInput = {
  /** At most 1,000. */
  events: Array<PppoeCallbackInput>;
};

/** A service for which any device may dial again. */
export type ResetCallerIdInput = {
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT. */
  serviceId: string;
};

/** Another PPP password for a service. */
export type ResetPppPasswordInput = {
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** PPP password: 1 to 127 printable ASCII characters. It is sealed at once and shown only by revealPppPassword. */
  password: string;
  /** Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT. */
  serviceId: string;
};

/** A stopped job to go on with. */
export type ResumeBulkInput = {
  /** Which job. Unknown: NOT_FOUND. Not STOPPED: CONFLICT. */
  id: string;
  /** Begin with so many further services only, then stop again. Absent: all. */
  limit?: number | null | undefined;
};

/** A suspended service to switch on again. */
export type ResumeServiceInput = {
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT. */
  serviceId: string;
};

/** Whose PPP password to show. */
export type RevealPppPasswordInput = {
  /** Why, for the record: 1 to 500 characters. */
  reason: string;
  /** The service. */
  serviceId: string;
};

/** Whose access to put back. */
export type RevertAccessInput = {
  /** The run whose change is taken back. When another run has changed the access since, the rows stay. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** A plan change that its run takes back. */
export type RevertServicePlanInput = {
  /** Which service. Unknown: NOT_FOUND. */
  id: string;
  /** The run that changed the plan. When another run changed it since, nothing happens. */
  runId: string;
};

/** Which routers; all given conditions must hold. */
export type RouterFilter = {
  /** By name. */
  name?: StringFilter | null | undefined;
  /** By what was last observed. Routers of which nothing is known match neither. */
  reachable?: boolean | null | undefined;
  /** Occurs in the name, the host or the site. */
  search?: string | null | undefined;
  /** By site. */
  site?: StringFilter | null | undefined;
};

/** Which rows; all given conditions must hold. */
export type RouterImportItemFilter = {
  /** What they are. */
  kind?: RouterImportItemKind | null | undefined;
  /** Occurs in the name on the router or the customer's. */
  search?: string | null | undefined;
  /** What has become of them. */
  state?: RouterImportItemState | null | undefined;
  /** What is done with them. */
  treatment?: RouterImportTreatment | null | undefined;
};

/** What a row of the router is. */
export type RouterImportItemKind =
  /** An address pool: plans draw from it by its name. */
  | 'POOL'
  /** A PPP profile: it becomes a plan. */
  | 'PROFILE'
  /** A PPP secret: it becomes a customer with a service. */
  | 'SECRET';

/** What has become of an item. */
export type RouterImportItemState =
  /** It has been taken over, proven by reading it back. */
  | 'DONE'
  /** It could not be taken over; `outcome` says why. Nothing is left of it. */
  | 'FAILED'
  /** Nothing yet. */
  | 'OPEN'
  /** It is being taken over; see the run. */
  | 'RUNNING'
  /** The row has changed since it was read, or is somebody else's by now. Nothing was written, nothing is left of it. */
  | 'SKIPPED';

/** Which import. */
export type RouterImportRefInput = {
  /** Its id. */
  id: string;
};

/** Where an import stands. */
export type RouterImportState =
  /** Secrets are being taken over, one by one. */
  | 'APPLYING'
  /** Cancelled. What had been taken over stays so. */
  | 'CANCELLED'
  /** Nothing more is begun; what is under way comes to its end. */
  | 'CANCELLING'
  /** Everything that was to be taken over has been, or says why not. */
  | 'DONE'
  /** The router refused to be read. */
  | 'FAILED'
  /** The router is being read; `reason` says what hinders. */
  | 'READING'
  /** A proposal, to be looked through and changed. Nothing has been written. */
  | 'READY';

/** What is done with a row of the router. */
export type RouterImportTreatment =
  /** A customer with a service is made, and the secret becomes theirs. It keeps its password, and its profile where its plan gives the same. Nobody is cut off. */
  | 'ADOPT'
  /** A plan is made that gives what the profile gives, once the first secret on it is taken over. */
  | 'CREATE_PLAN'
  /** It stays as it is. */
  | 'KEEP'
  /** It is ours already. */
  | 'OWNED'
  /** It is left alone: it was excluded, has no plan, or `problems` says why. */
  | 'SKIP'
  /** The plan gives what the profile gives, or was named for it. */
  | 'USE_PLAN';

/** What the line to a router is doing. */
export type RouterLineState =
  /** The last dial failed; the next follows within 15 s. */
  | 'BACKING_OFF'
  /** Being dialled. */
  | 'CONNECTING'
  /** User name or password is refused; tried again every 30 s. */
  | 'LOGIN_REFUSED'
  /** Logged in and answering. */
  | 'ONLINE'
  /** Nobody looks after the router at the moment; what is shown is what was last seen. */
  | 'UNKNOWN';

/** What an event of a log says. */
export type RouterLogAction =
  /** What has been logged since. */
  | 'APPENDED'
  /** The last lines; they replace all that was said before. Comes first, when the line to the router is back, and for a watcher who fell behind. */
  | 'SNAPSHOT';

/** How the line to a router is protected. */
export type RouterTlsInput = {
  /** SHA-256 of the router's certificate: 64 hex digits, with or without colons. Required for FINGERPRINT, refused otherwise. */
  fingerprint?: string | null | undefined;
  /** The way. */
  mode: RouterTlsMode;
};

/** How the line to a router is protected. */
export type RouterTlsMode =
  /** TLS with exactly one certificate, self-signed or not, told by its SHA-256 fingerprint. */
  | 'FINGERPRINT'
  /** TLS without certificate (anonymous Diffie-Hellman): encrypted, but anybody in the middle can read along. */
  | 'INSECURE_ANONYMOUS'
  /** Plain TCP (RouterOS service `api`, as a rule port 8728): the password crosses the network in clear. */
  | 'OFF'
  /** TLS (`api-ssl`, as a rule port 8729) with a certificate that the system's authorities vouch for. */
  | 'VERIFY';

/** As of when to bill. */
export type RunBillingInput = {
  /** As of which day: every period that has begun by then. Today in the time zone of the tenant unless given, at most 92 days ahead. Invoices are issued as of this day. */
  asOf?: string | null | undefined;
  /** Only reckon, write nothing. */
  dryRun?: boolean;
  /** 1 to 255 characters. The same key and input answers the same run; another input is CONFLICT. Of no meaning for a dry run. Without a key too, a day is billed once. */
  idempotencyKey?: string | null | undefined;
};

/** As of when invoices are looked over. */
export type RunDunningInput = {
  /** As of which day; today in the time zone of the tenant unless given, at most 92 days ahead. */
  asOf?: string | null | undefined;
};

/** PPP credentials to be sealed. They travel nowhere else in clear. */
export type SealPppCredentialsInput = {
  /** UUID minted by the caller. Sealing the same again under the same id changes nothing. */
  id: string;
  /** PPP password: 1 to 127 printable ASCII characters. VALIDATION_ERROR names `credentials.password`. */
  password?: string | null | undefined;
  /** The router they are for. Default: the tenant's active one. */
  routerId?: string | null | undefined;
  /** The service whose credentials they are to replace: then routerId is its router, and what is absent stays as the service has it. NOT_FOUND for a service without access. */
  serviceId?: string | null | undefined;
  /** PPP user name: 1 to 63 printable ASCII characters without spaces, quotes, commas, backslashes and angle brackets. VALIDATION_ERROR names `credentials.username`; code TAKEN when another service has it on this router. */
  username?: string | null | undefined;
};

/** Which services; all given conditions must hold. */
export type ServiceFilter = {
  /** On which day of the month they are charged, 1 to 28. */
  billingDay?: number | null | undefined;
  /** When they were ordered. */
  createdAt?: DateTimeFilter | null | undefined;
  /** Whose they are. */
  customerId?: string | null | undefined;
  /** Whose they are: one of these customers, at most 1000. */
  customerIds?: Array<string> | null | undefined;
  /** These alone, by UUID: at most 1000. */
  ids?: Array<string> | null | undefined;
  /** Of which plan; its id or its code. */
  planId?: string | null | undefined;
  /** Where they stand. */
  status?: ServiceStatus | null | undefined;
  /** Where they stand: one of these. */
  statuses?: Array<ServiceStatus> | null | undefined;
};

/** Where a service stands in its life. */
export type ServiceStatus =
  /** The subscriber may be online. */
  | 'ACTIVE'
  /** Ordered; not yet proven to work on the network. */
  | 'PENDING'
  /** Switched off for now, e.g. for an unpaid invoice. */
  | 'SUSPENDED'
  /** Ended for good. */
  | 'TERMINATED';

/** How a subscriber is connected. */
export type ServiceType =
  /** PPP over Ethernet: a PPP secret and profile on a router. */
  | 'PPPOE';

/** An address that the subscriber of a service is always given. */
export type SetAccessAddressInput = {
  /** IPv4 address of a host; null: one of the pool of the plan again. Of another service on the router: CONFLICT `address` TAKEN. */
  address?: string | null | undefined;
  /** Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT. */
  intent: number;
  /** The run that wishes it. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** The one device that may dial for a service. */
export type SetAccessCallerIdInput = {
  /** Its MAC address in any usual form; null: any device. */
  callerId?: string | null | undefined;
  /** Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT. */
  intent: number;
  /** Whether a session that runs is cut, so that it is dialled anew. */
  renew: boolean;
  /** The run that wishes it. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** What the router is to hold for a service. */
export type SetAccessDesiredInput = {
  /** The wish. */
  desired: DesiredAccess;
  /** Number of the wish, counted per service by whoever wishes; one older than the newest heard is CONFLICT. */
  intent: number;
  /** The run that wishes it. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** An address that the subscriber of a service is always given. */
export type SetStaticAddressInput = {
  /** IPv4 address of a host, e.g. `10.64.0.20`; null or absent: one of the pool of his plan again. Of another service on the same router: CONFLICT, naming `address` (TAKEN). */
  address?: string | null | undefined;
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT. */
  serviceId: string;
};

/** What became of a row. */
export type SettleRouterImportItemInput = {
  /** Why not. */
  code?: string | null | undefined;
  /** Whether it was taken over. */
  done: boolean;
  /** Which row. */
  itemId: string;
  /** The same for people. */
  message?: string | null | undefined;
  /** The run that had it. */
  runId: string;
};

/** Which rows; all given conditions must hold. */
export type SimpleQueueFilter = {
  /** By name. */
  name?: StringFilter | null | undefined;
  /** Occurs in the name, the target or the comment; letter case does not matter. */
  search?: string | null | undefined;
};

/** A previewed job to start. */
export type StartBulkInput = {
  /** Which job. Unknown: NOT_FOUND. Not PREVIEWED, or expired: CONFLICT. */
  id: string;
  /** Begin with so many services only, then stop: the rest waits for `resumeBulk`. Absent: all. */
  limit?: number | null | undefined;
};

/** A running job to stop. */
export type StopBulkInput = {
  /** Which job. Unknown: NOT_FOUND. Not RUNNING: CONFLICT. */
  id: string;
};

/** What a text must be like; all given conditions must hold. Letter case does not matter. */
export type StringFilter = {
  /** A part of the text; no wildcards. */
  contains?: string | null | undefined;
  /** The whole text. */
  equals?: string | null | undefined;
};

/** A service to switch off. */
export type SuspendServiceInput = {
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** `NON_PAYMENT` (a payment restores it by itself), `MANUAL`, or words of your own: 1 to 200 characters. */
  reason?: string;
  /** Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT. */
  serviceId: string;
};

/** Which tenants; all given conditions must hold. */
export type TenantFilter = {
  /** Whether its users may log in. */
  active?: boolean | null | undefined;
  /** Occurs in the name, the slug or the company. */
  search?: string | null | undefined;
};

/** A service to end for good. */
export type TerminateServiceInput = {
  /** 1 to 255 characters. The same key and input answers the first run; another input is CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** Why, for the record: at most 200 characters. */
  reason?: string | null | undefined;
  /** Which service. Unknown: NOT_FOUND. */
  serviceId: string;
};

/** Which entries of a timeline; all given conditions must hold. */
export type TimelineFilter = {
  /** When it happened. */
  at?: DateTimeFilter | null | undefined;
  /** Only these kinds. */
  kinds?: Array<TimelineKind> | null | undefined;
};

/** What a timeline tells. */
export type TimelineKind =
  /** The router has what is desired, proven by a read-back. */
  | 'ACCESS_APPLIED'
  /** The customer has left. */
  | 'CUSTOMER_CLOSED'
  /** The customer was created. */
  | 'CUSTOMER_CREATED'
  /** Name, ways to reach him or status were changed. */
  | 'CUSTOMER_UPDATED'
  /** An invoice was issued. */
  | 'INVOICE_ISSUED'
  /** An invoice was found open after its due day. */
  | 'INVOICE_OVERDUE'
  /** Money came in. */
  | 'PAYMENT_RECEIVED'
  /** A run was cancelled. */
  | 'RUN_CANCELLED'
  /** A run was refused. */
  | 'RUN_FAILED'
  /** A durable run began. An onboarding begins with CUSTOMER_CREATED instead. */
  | 'RUN_STARTED'
  /** A run is done. */
  | 'RUN_SUCCEEDED'
  /** A newer run took its place. */
  | 'RUN_SUPERSEDED'
  /** A run could not go on and is tried again; told once a run. */
  | 'RUN_WAITING'
  /** A service is in use from now on. */
  | 'SERVICE_ACTIVATED'
  /** A service was made; it is not in use yet. */
  | 'SERVICE_CREATED'
  /** A service has another plan; also when a change was taken back. */
  | 'SERVICE_PLAN_CHANGED'
  /** A suspended service is in use again. */
  | 'SERVICE_RESUMED'
  /** Nothing overdue is left for a service. */
  | 'SERVICE_SETTLED'
  /** A service is suspended; `details.reason` says why. */
  | 'SERVICE_SUSPENDED'
  /** A service has ended. */
  | 'SERVICE_TERMINATED'
  /** The billing day was changed. */
  | 'SERVICE_UPDATED'
  /** A service that was never in use was taken back. */
  | 'SERVICE_WITHDRAWN'
  /** The subscriber is offline. */
  | 'SESSION_DOWN'
  /** The subscriber is online. */
  | 'SESSION_UP'
  /** An overdue invoice has outlived the days of grace of its plan. */
  | 'SUSPENSION_DUE';

/** Changes to a customer; what is absent or null stays. An empty text removes an e-mail address or a phone number. */
export type UpdateCustomerInput = {
  /** E-mail address. */
  email?: string | null | undefined;
  /** Which customer. Unknown: NOT_FOUND. */
  id: string;
  /** Full name: 1 to 200 characters. */
  name?: string | null | undefined;
  /** Telephone number. */
  phone?: string | null | undefined;
  /** Whether business is done with the customer. */
  status?: CustomerStatus | null | undefined;
};

/** Changes of an address pool. What is absent or null stays; an empty text unsets. */
export type UpdateIpPoolInput = {
  /** What people want to read beside it; empty: nothing. */
  comment?: string | null | undefined;
  /** The router's own id of the pool. Unknown: NOT_FOUND. */
  id: string;
  /** New name; what refers to the pool follows. Taken on this router: CONFLICT. */
  name?: string | null | undefined;
  /** Name of the pool that is used when this one is exhausted; empty: none. */
  nextPool?: string | null | undefined;
  /** New addresses. Sessions keep the ones they have. */
  ranges?: string | null | undefined;
  /** On which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
};

/** Changes to a plan; what is absent stays. */
export type UpdatePlanInput = {
  /** What the plan gives on the network; what is absent stays. Makes a new version. */
  access?: PlanAccessChange | null | undefined;
  /** Days, 0 to 90. Makes a new version. */
  graceDays?: number | null | undefined;
  /** Id or code of the plan. Unknown: NOT_FOUND. */
  id: string;
  /** The name that people read: 1 to 120 characters. */
  name?: string | null | undefined;
  /** Price of one billing interval; not negative. Makes a new version. */
  price?: MoneyInput | null | undefined;
};

/** Changes of a PPP profile. What is absent or null stays; an empty text unsets. They act on the next login of each session. */
export type UpdatePppProfileInput = {
  /** What people want to read beside it; empty: nothing. */
  comment?: string | null | undefined;
  /** The router's own id of the profile. Unknown: NOT_FOUND. Headend's own: CONFLICT. */
  id: string;
  /** The router's end of each session: an address or the name of a pool. */
  localAddress?: string | null | undefined;
  /** New name; what refers to the profile follows. Taken on this router: CONFLICT. */
  name?: string | null | undefined;
  /** Whether a user may have one session only: `yes`, `no` or `default`. */
  onlyOne?: string | null | undefined;
  /** RouterOS rate limit, upload/download, e.g. `10M/50M`; up to six groups. Empty: none. */
  rateLimit?: string | null | undefined;
  /** The subscriber's end of each session: an address or the name of a pool. */
  remoteAddress?: string | null | undefined;
  /** On which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
};

/** Changes of a PPP user. What is absent or null stays; an empty text unsets. */
export type UpdatePppSecretInput = {
  /** From where alone it may be dialled; empty: from anywhere. */
  callerId?: string | null | undefined;
  /** What people want to read beside it; empty: nothing. */
  comment?: string | null | undefined;
  /** Switches it off or on. A running session goes on. */
  disabled?: boolean | null | undefined;
  /** The router's own id of the secret. Unknown: NOT_FOUND. Headend's own: CONFLICT. */
  id: string;
  /** The router's end of the session: an address or the name of a pool; empty: as the profile says. */
  localAddress?: string | null | undefined;
  /** New PPP user name. Taken on this router: CONFLICT. */
  name?: string | null | undefined;
  /** New password. */
  password?: string | null | undefined;
  /** Name of a PPP profile of this router; empty: `default`. Acts on the next login. */
  profile?: string | null | undefined;
  /** The subscriber's end of the session: an address or the name of a pool; empty: as the profile says. */
  remoteAddress?: string | null | undefined;
  /** On which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
  /** What may be dialled with it; empty: `any`. */
  service?: string | null | undefined;
};

/** Changes to a row of a proposal; what is absent stays. */
export type UpdateRouterImportItemInput = {
  /** Of a secret the customer's e-mail address; an empty text removes it. */
  email?: string | null | undefined;
  /** Whether it is left alone; of a profile: all secrets on it that have no plan of their own. */
  exclude?: boolean | null | undefined;
  /** Which row. Unknown: NOT_FOUND. Of an import that is under way or has expired, or ours already: CONFLICT. */
  id: string;
  /** Of a secret the customer's name, of a profile that of the plan to be made: 1 to 120 characters. */
  name?: string | null | undefined;
  /** Of a secret the customer's telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`; an empty text removes it. */
  phone?: string | null | undefined;
  /** Id or code of the plan: of a profile that of all secrets on it, of a secret its own. Unknown: NOT_FOUND. A secret whose profile gives something else gets the profile of the plan, from its next login on. */
  planId?: string | null | undefined;
  /** Of a profile: what the plan to be made costs; not negative. */
  price?: MoneyInput | null | undefined;
};

/** Changes of a router. What is left out stays. */
export type UpdateRouterInput = {
  /** New host name or IP address. */
  host?: string | null | undefined;
  /** Which router. Unknown: NOT_FOUND. */
  id: string;
  /** New name. */
  name?: string | null | undefined;
  /** New password. */
  password?: string | null | undefined;
  /** New port. */
  port?: number | null | undefined;
  /** New site; an empty text removes it. */
  site?: string | null | undefined;
  /** New protection of the line, as a whole. */
  tls?: RouterTlsInput | null | undefined;
  /** New API user. */
  username?: string | null | undefined;
};

/** Changes to a service; what is absent or null stays. */
export type UpdateServiceInput = {
  /** Day of the month on which it is charged, 1 to 28. */
  billingDay?: number | null | undefined;
  /** Which service. Unknown: NOT_FOUND. */
  id: string;
};

/** Changes of a simple queue. What is absent or null stays; an empty text unsets. */
export type UpdateSimpleQueueInput = {
  /** Bits per second that may be reached for a moment, upload/download; empty: none. */
  burstLimit?: string | null | undefined;
  /** Mean bits per second below which bursts are allowed, upload/download; empty: none. */
  burstThreshold?: string | null | undefined;
  /** Time over which the mean is taken, upload/download, e.g. `8s/8s`; empty: none. */
  burstTime?: string | null | undefined;
  /** What people want to read beside it; empty: nothing. */
  comment?: string | null | undefined;
  /** Whether it is switched off. */
  disabled?: boolean | null | undefined;
  /** To which destinations alone; null or empty: to all. */
  dst?: string | null | undefined;
  /** The router's own id of the queue. Unknown: NOT_FOUND. Headend's own, or made by the router for a session: CONFLICT. */
  id: string;
  /** Guaranteed bits per second, upload/download; empty: none. More than `maxLimit`: VALIDATION_ERROR. */
  limitAt?: string | null | undefined;
  /** Most bits per second, upload/download, as digits with k, M or G, e.g. `10M/50M`; one number stands for both. Empty: no limit. */
  maxLimit?: string | null | undefined;
  /** New name. Taken on this router: CONFLICT. */
  name?: string | null | undefined;
  /** Packet marks that it applies to, with commas; empty: all. */
  packetMarks?: string | null | undefined;
  /** Name of the queue that this one shares the bandwidth of; empty: none. */
  parent?: string | null | undefined;
  /** 1 (first) to 8 (last), or a pair upload/download, e.g. `1/8`. Default: `8/8`. */
  priority?: string | null | undefined;
  /** Kinds of queue, upload/download; one name stands for both. Default: `default-small/default-small`. */
  queueType?: string | null | undefined;
  /** On which router. Default: the tenant's active one; none: VALIDATION_ERROR. */
  routerId?: string | null | undefined;
  /** To whom it applies: addresses with their masks or names of interfaces, with commas, e.g. `10.0.0.50/32`. A lone address means `/32`. */
  target?: string | null | undefined;
};

/** Changes to a tenant; what is absent or null stays. */
export type UpdateTenantInput = {
  /** Whether its users may log in; when not, their sessions end. */
  active?: boolean | null | undefined;
  /** Whether people may register themselves. */
  allowRegistration?: boolean | null | undefined;
  /** Legal name of the company, at most 200 characters. */
  companyName?: string | null | undefined;
  /** Currency in which its prices are given where none is named; USD when none was ever given. */
  currency?: string | null | undefined;
  /** What is switched on for it, by name; at most 8 KB. */
  features?: Record<string, unknown> | null | undefined;
  /** Id or slug. Unknown: NOT_FOUND. */
  id: string;
  /** Most routers it may register. */
  maxRouters?: number | null | undefined;
  /** Most subscribers it may have. */
  maxSubscribers?: number | null | undefined;
  /** Name that people read: 1 to 200 characters. */
  name?: string | null | undefined;
  /** What it asks of passwords; 8 characters when none was ever given. */
  passwordPolicy?: PasswordPolicyInput | null | undefined;
  /** Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. */
  phone?: string | null | undefined;
  /** Short name. CONFLICT when it is taken. */
  slug?: string | null | undefined;
  /** IANA time zone, e.g. `Asia/Jakarta`; UTC when none was ever given. */
  timeZone?: string | null | undefined;
};

/** Changes to a user; what is absent or null stays. */
export type UpdateUserInput = {
  /** Whether the user may log in; when not, all sessions end. */
  active?: boolean | null | undefined;
  /** E-mail address. CONFLICT when it is taken. */
  email?: string | null | undefined;
  /** Name that people read, at most 200 characters. */
  fullName?: string | null | undefined;
  /** Which user. Unknown: NOT_FOUND. */
  id: string;
  /** Password, at most 256 characters; how many at least is the tenant's policy. All sessions of the user end. */
  password?: string | null | undefined;
  /** Telephone number. */
  phone?: string | null | undefined;
  /** Code of the role in the tenant one acts in, as assignRole. */
  role?: string | null | undefined;
  /** Id of the role, in place of its code. */
  roleId?: string | null | undefined;
  /** Name to log in with. CONFLICT when it is taken. */
  username?: string | null | undefined;
};

/** Customers to make or to change, all of them or none. */
export type UpsertCustomersInput = {
  /** One to 100. One who fits several known customers equally: CONFLICT. */
  customers: Array<UpsertedCustomerInput>;
};

/** A customer who is made, or changed where he is known. The same e-mail address is the same customer; else the same phone number, else the same name, unless e-mail address or phone number contradict. */
export type UpsertedCustomerInput = {
  /** E-mail address, at most 254 characters. Absent: the known one stays. */
  email?: string | null | undefined;
  /** Full name of the person or the company: 1 to 200 characters. */
  name: string;
  /** Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. Absent: the known one stays. */
  phone?: string | null | undefined;
};

/** Which users; all given conditions must hold. */
export type UserFilter = {
  /** Whether they may log in. */
  active?: boolean | null | undefined;
  /** Occurs in the username, the e-mail address or the full name. */
  search?: string | null | undefined;
};

/** Whose access to read back. */
export type VerifyAccessInput = {
  /** The service. */
  serviceId: string;
};

/** Whose access to take back. */
export type WithdrawAccessInput = {
  /** The run that made it. Of another run nothing is touched. */
  runId: string;
  /** The service. */
  serviceId: string;
};

/** A customer that its run takes back. */
export type WithdrawCustomerInput = {
  /** Which customer. */
  id: string;
  /** The run that made it. */
  runId: string;
};

/** A service that its run takes back. */
export type WithdrawServiceInput = {
  /** Which service. */
  id: string;
  /** The run that made it. */
  runId: string;
};

/** Where a run stands. */
export type WorkflowRunState =
  /** It was cancelled, and everything that has a way back has been taken back. */
  | 'CANCELLED'
  /** A step was refused and everything has been taken back. */
  | 'FAILED'
  /** A step is being done. */
  | 'RUNNING'
  /** Every step is done. */
  | 'SUCCEEDED'
  /** A newer run (`supersededBy`) took its place before the router had followed. What it had done stays. */
  | 'SUPERSEDED'
  /** A step was refused, or the run was cancelled: what had been done is being taken back. */
  | 'UNDOING'
  /** A step could not be done yet and is tried again; its `error` says why, `nextAttemptAt` when. */
  | 'WAITING';

/** Where a step stands. */
export type WorkflowStepState =
  /** It is done. */
  | 'DONE'
  /** It was refused. */
  | 'FAILED'
  /** Its turn has not come. */
  | 'PENDING'
  /** It is being done for the first time. */
  | 'RUNNING'
  /** The run ended before it was done: it turned round, was cancelled, or a newer one took its place. */
  | 'SKIPPED'
  /** It was done, or may have been, and is taken back. */
  | 'UNDONE'
  /** It (or its taking back) could not be done yet and is tried again. */
  | 'WAITING';

export type CustomerAccountQueryVariables = Exact<{
  id: string;
}>;


export type CustomerAccountQuery = { customer: { name: string, balance: { amount: string, currency: string }, invoices: { totalCount: number, nodes: Array<{ id: string, number: string, state: InvoiceState, dueOn: string, total: { amount: string, currency: string }, open: { amount: string }, period: { from: string, to: string }, lines: Array<{ description: string, derivation: string, total: { amount: string } }> }> }, services: { nodes: Array<{ id: string, status: ServiceStatus, suspensionReason: string | null, plan: { name: string }, access: { desired: DesiredAccess, enforcement: { outcome: EnforcementOutcome, acknowledgedAt: string | null, lagMs: number | null }, session: { address: string | null } | null } | null }> } } | null };

export type RunBillingMutationVariables = Exact<{
  input: RunBillingInput;
}>;


export type RunBillingMutation = { runBilling: { run: { id: string, state: BillingRunState, asOf: string, dryRun: boolean, invoices: number, totals: Array<{ amount: string, currency: string }>, parked: Array<{ subscriptionId: string, code: string, message: string }> } } };

export type RunDunningMutationVariables = Exact<{
  input: RunDunningInput;
}>;


export type RunDunningMutation = { runDunning: { run: { asOf: string, overdue: number, suspensionsDue: number } } };

export type RecordPaymentMutationVariables = Exact<{
  input: RecordPaymentInput;
}>;


export type RecordPaymentMutation = { recordPayment: { payment: { id: string, amount: { amount: string, currency: string }, unallocated: { amount: string } }, invoice: { id: string, number: string, state: InvoiceState, open: { amount: string } } } };

export type BulkJobFieldsFragment = { id: string, action: BulkAction, state: BulkJobState, itemCount: number | null, sessionsToCut: number | null, asWished: number | null, createdAt: string, expiresAt: string | null, startedAt: string | null, finishedAt: string | null, error: { code: string, message: string } | null, progress: { pending: number, running: number, waiting: number, succeeded: number, failed: number, skipped: number } };

export type PreviewBulkMutationVariables = Exact<{
  input: PreviewBulkInput;
}>;


export type PreviewBulkMutation = { previewBulk: { job: { id: string, action: BulkAction, state: BulkJobState, itemCount: number | null, sessionsToCut: number | null, asWished: number | null, createdAt: string, expiresAt: string | null, startedAt: string | null, finishedAt: string | null, error: { code: string, message: string } | null, progress: { pending: number, running: number, waiting: number, succeeded: number, failed: number, skipped: number } } } };

export type StartBulkMutationVariables = Exact<{
  input: StartBulkInput;
}>;


export type StartBulkMutation = { startBulk: { job: { id: string, action: BulkAction, state: BulkJobState, itemCount: number | null, sessionsToCut: number | null, asWished: number | null, createdAt: string, expiresAt: string | null, startedAt: string | null, finishedAt: string | null, error: { code: string, message: string } | null, progress: { pending: number, running: number, waiting: number, succeeded: number, failed: number, skipped: number } } } };

export type StopBulkMutationVariables = Exact<{
  input: StopBulkInput;
}>;


export type StopBulkMutation = { stopBulk: { job: { id: string, action: BulkAction, state: BulkJobState, itemCount: number | null, sessionsToCut: number | null, asWished: number | null, createdAt: string, expiresAt: string | null, startedAt: string | null, finishedAt: string | null, error: { code: string, message: string } | null, progress: { pending: number, running: number, waiting: number, succeeded: number, failed: number, skipped: number } } } };

export type ResumeBulkMutationVariables = Exact<{
  input: ResumeBulkInput;
}>;


export type ResumeBulkMutation = { resumeBulk: { job: { id: string, action: BulkAction, state: BulkJobState, itemCount: number | null, sessionsToCut: number | null, asWished: number | null, createdAt: string, expiresAt: string | null, startedAt: string | null, finishedAt: string | null, error: { code: string, message: string } | null, progress: { pending: number, running: number, waiting: number, succeeded: number, failed: number, skipped: number } } } };

export type CancelBulkMutationVariables = Exact<{
  input: CancelBulkInput;
}>;


export type CancelBulkMutation = { cancelBulk: { job: { id: string, action: BulkAction, state: BulkJobState, itemCount: number | null, sessionsToCut: number | null, asWished: number | null, createdAt: string, expiresAt: string | null, startedAt: string | null, finishedAt: string | null, error: { code: string, message: string } | null, progress: { pending: number, running: number, waiting: number, succeeded: number, failed: number, skipped: number } } } };

export type BulkJobQueryVariables = Exact<{
  id: string;
}>;


export type BulkJobQuery = { bulkJob: { id: string, action: BulkAction, state: BulkJobState, itemCount: number | null, sessionsToCut: number | null, asWished: number | null, createdAt: string, expiresAt: string | null, startedAt: string | null, finishedAt: string | null, error: { code: string, message: string } | null, progress: { pending: number, running: number, waiting: number, succeeded: number, failed: number, skipped: number } } | null };

export type BulkItemsQueryVariables = Exact<{
  bulkJobId: string;
  filter?: BulkItemFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type BulkItemsQuery = { bulkItems: { totalCount: number, nodes: Array<{ position: number, state: BulkItemState, skippedBecause: BulkSkippedBecause | null, finishedAt: string | null, error: { code: string, message: string } | null, service: { id: string, number: string, status: ServiceStatus }, run: { id: string, state: WorkflowRunState } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type FollowBulkJobSubscriptionVariables = Exact<{
  id: string;
}>;


export type FollowBulkJobSubscription = { bulkJob: { id: string, action: BulkAction, state: BulkJobState, itemCount: number | null, sessionsToCut: number | null, asWished: number | null, createdAt: string, expiresAt: string | null, startedAt: string | null, finishedAt: string | null, error: { code: string, message: string } | null, progress: { pending: number, running: number, waiting: number, succeeded: number, failed: number, skipped: number } } };

export type CustomerToSessionQueryVariables = Exact<{
  id: string;
}>;


export type CustomerToSessionQuery = { customer: { name: string, services: { nodes: Array<{ id: string, status: ServiceStatus, plan: { name: string, price: { amount: string, currency: string } }, access: { desired: DesiredAccess, enforcement: { outcome: EnforcementOutcome, acknowledgedAt: string | null, lagMs: number | null, reason: { code: string, message: string } | null }, session: { address: string | null, callerId: string | null, uptime: number, observedAt: string, source: ObservationSource, router: { name: string } | null } | null } | null }> } } | null };

export type FindCustomersQueryVariables = Exact<{
  search: string;
}>;


export type FindCustomersQuery = { customers: { totalCount: number, nodes: Array<{ id: string, name: string, services: { nodes: Array<{ id: string, status: ServiceStatus, access: { enforcement: { outcome: EnforcementOutcome } } | null }> } }> } };

export type PppSessionsSubscriptionVariables = Exact<{
  routerId?: string | null | undefined;
}>;


export type PppSessionsSubscription = { pppSessions: { action: PppSessionAction, remaining: number | null, session: { name: string, address: string | null, callerId: string | null, service: { id: string, plan: { name: string }, customer: { name: string } } | null } } };

export type TrafficSubscriptionVariables = Exact<{
  serviceId: string;
}>;


export type TrafficSubscription = { traffic: { at: string, rxBitsPerSecond: number, txBitsPerSecond: number } };

export type DisconnectSessionMutationVariables = Exact<{
  input: DisconnectSessionInput;
}>;


export type DisconnectSessionMutation = { disconnectSession: { disconnected: boolean } };

export type CreatePlanMutationVariables = Exact<{
  input: CreatePlanInput;
}>;


export type CreatePlanMutation = { createPlan: { plan: { id: string, code: string, name: string, price: { amount: string, currency: string }, access: { rateLimit: string, localAddress: string, remotePool: string } } } };

export type RegisterRouterMutationVariables = Exact<{
  input: RegisterRouterInput;
}>;


export type RegisterRouterMutation = { registerRouter: { router: { id: string, name: string, status: { reachable: boolean | null, version: string | null, identity: string | null, observedAt: string | null } | null } } };

export type RouterQueryVariables = Exact<{
  id: string;
}>;


export type RouterQuery = { router: { id: string, name: string, status: { reachable: boolean | null, reason: string | null, version: string | null, identity: string | null, observedAt: string | null } | null } | null };

export type OnboardCustomerMutationVariables = Exact<{
  input: OnboardCustomerInput;
}>;


export type OnboardCustomerMutation = { onboardCustomer: { customer: { id: string, name: string, email: string | null } | null, service: { id: string, status: ServiceStatus } | null, run: { id: string, state: WorkflowRunState, steps: Array<{ name: string, state: WorkflowStepState, error: { code: string, message: string } | null }> } } };

export type ImportRouterMutationVariables = Exact<{
  input: ImportRouterInput;
}>;


export type ImportRouterMutation = { importRouter: { routerImport: { id: string, state: RouterImportState } } };

export type RouterImportQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: RouterImportItemFilter | null | undefined;
}>;


export type RouterImportQuery = { routerImport: { id: string, state: RouterImportState, readAt: string | null, expiresAt: string, finishedAt: string | null, reason: { code: string, message: string } | null, router: { id: string, name: string } | null, counts: { profiles: number, secrets: number, pools: number, createPlans: number, usePlans: number, adopt: number, owned: number, skip: number, withoutPassword: number, online: number, open: number, running: number, done: number, skipped: number, failed: number }, items: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, kind: RouterImportItemKind, name: string, treatment: RouterImportTreatment, excluded: boolean, profile: string | null, customerName: string | null, email: string | null, phone: string | null, passwordKnown: boolean, online: boolean, state: RouterImportItemState, runId: string | null, problems: Array<{ code: string, message: string, blocks: boolean }>, plan: { id: string | null, code: string, name: string, rateLimit: string, price: { amount: string, currency: string } | null } | null, outcome: { code: string, message: string } | null }> } } | null };

export type UpdateRouterImportItemMutationVariables = Exact<{
  input: UpdateRouterImportItemInput;
}>;


export type UpdateRouterImportItemMutation = { updateRouterImportItem: { item: { id: string, treatment: RouterImportTreatment, customerName: string | null, excluded: boolean } } };

export type ApplyRouterImportMutationVariables = Exact<{
  input: ApplyRouterImportInput;
}>;


export type ApplyRouterImportMutation = { applyRouterImport: { routerImport: { id: string, state: RouterImportState } } };

export type CancelRouterImportMutationVariables = Exact<{
  input: CancelRouterImportInput;
}>;


export type CancelRouterImportMutation = { cancelRouterImport: { routerImport: { id: string, state: RouterImportState } } };

export type WatchRouterImportSubscriptionVariables = Exact<{
  id: string;
}>;


export type WatchRouterImportSubscription = { routerImport: { id: string, state: RouterImportState, counts: { adopt: number, open: number, running: number, done: number, skipped: number, failed: number } } };

export type AdoptPppSecretMutationVariables = Exact<{
  input: AdoptPppSecretInput;
}>;


export type AdoptPppSecretMutation = { adoptPppSecret: { customer: { id: string, name: string } | null, service: { id: string } | null, run: { id: string, state: WorkflowRunState } } };

export type RunQueryVariables = Exact<{
  id: string;
}>;


export type RunQuery = { run: { id: string, state: WorkflowRunState, steps: Array<{ name: string, state: WorkflowStepState, attempts: number, nextAttemptAt: string | null, error: { code: string, message: string } | null }> } | null };

export type WatchRunSubscriptionVariables = Exact<{
  id: string;
}>;


export type WatchRunSubscription = { run: { id: string, state: WorkflowRunState, steps: Array<{ name: string, state: WorkflowStepState, attempts: number, nextAttemptAt: string | null, error: { code: string, message: string } | null }> } };

export type CancelRunMutationVariables = Exact<{
  input: CancelRunInput;
}>;


export type CancelRunMutation = { cancelRun: { run: { id: string, state: WorkflowRunState, steps: Array<{ name: string, state: WorkflowStepState, attempts: number, nextAttemptAt: string | null, error: { code: string, message: string } | null }> } } };

export type RunStateFragment = { id: string, state: WorkflowRunState, steps: Array<{ name: string, state: WorkflowStepState, attempts: number, nextAttemptAt: string | null, error: { code: string, message: string } | null }> };

export type MoveSandboxClockMutationVariables = Exact<{
  input: MoveSandboxClockInput;
}>;


export type MoveSandboxClockMutation = { moveSandboxClock: { clock: { now: string } } };

export type SuspendServiceMutationVariables = Exact<{
  input: SuspendServiceInput;
}>;


export type SuspendServiceMutation = { suspendService: { service: { id: string, status: ServiceStatus, suspensionReason: string | null }, run: { id: string, state: WorkflowRunState } } };

export type ResumeServiceMutationVariables = Exact<{
  input: ResumeServiceInput;
}>;


export type ResumeServiceMutation = { resumeService: { service: { id: string, status: ServiceStatus, suspensionReason: string | null }, run: { id: string, state: WorkflowRunState } } };

export type ChangePlanMutationVariables = Exact<{
  input: ChangePlanInput;
}>;


export type ChangePlanMutation = { changePlan: { service: { id: string, status: ServiceStatus, plan: { code: string, name: string } }, run: { id: string, state: WorkflowRunState } } };

export type MoveServiceMutationVariables = Exact<{
  input: MoveServiceInput;
}>;


export type MoveServiceMutation = { moveService: { service: { id: string, status: ServiceStatus }, run: { id: string, state: WorkflowRunState } } };

export type TerminateServiceMutationVariables = Exact<{
  input: TerminateServiceInput;
}>;


export type TerminateServiceMutation = { terminateService: { service: { id: string, status: ServiceStatus, terminatedAt: string | null }, run: { id: string, state: WorkflowRunState } } };

export type ResetPppPasswordMutationVariables = Exact<{
  input: ResetPppPasswordInput;
}>;


export type ResetPppPasswordMutation = { resetPppPassword: { service: { id: string, status: ServiceStatus }, run: { id: string, state: WorkflowRunState } } };

export type SetStaticAddressMutationVariables = Exact<{
  input: SetStaticAddressInput;
}>;


export type SetStaticAddressMutation = { setStaticAddress: { service: { id: string, status: ServiceStatus }, run: { id: string, state: WorkflowRunState } } };

export type LockCallerIdMutationVariables = Exact<{
  input: LockCallerIdInput;
}>;


export type LockCallerIdMutation = { lockCallerId: { service: { id: string, status: ServiceStatus }, run: { id: string, state: WorkflowRunState } } };

export type ResetCallerIdMutationVariables = Exact<{
  input: ResetCallerIdInput;
}>;


export type ResetCallerIdMutation = { resetCallerId: { service: { id: string, status: ServiceStatus }, run: { id: string, state: WorkflowRunState } } };

export type RevealPppPasswordMutationVariables = Exact<{
  input: RevealPppPasswordInput;
}>;


export type RevealPppPasswordMutation = { revealPppPassword: { username: string, password: string } };

export type ChangeSubscriberMutationVariables = Exact<{
  input: ChangeSubscriberInput;
}>;


export type ChangeSubscriberMutation = { changeSubscriber: { customer: { id: string, name: string, email: string | null, phone: string | null }, service: { id: string, billingDay: number, plan: { code: string, name: string } } | null, run: { id: string, state: WorkflowRunState } | null } };

export type OffboardCustomerMutationVariables = Exact<{
  input: OffboardCustomerInput;
}>;


export type OffboardCustomerMutation = { offboardCustomer: { customerId: string, run: { id: string, state: WorkflowRunState } } };

export type ServiceOnRouterQueryVariables = Exact<{
  id: string;
}>;


export type ServiceOnRouterQuery = { service: { id: string, status: ServiceStatus, suspensionReason: string | null, plan: { code: string, name: string }, access: { desired: DesiredAccess, username: string, profile: string, staticAddress: string | null, callerIdLock: string | null, router: { id: string, name: string } | null, enforcement: { outcome: EnforcementOutcome, acknowledgedAt: string | null, lagMs: number | null, attempts: number, reason: { code: string, message: string } | null }, session: { address: string | null, callerId: string | null } | null, leaving: Array<{ username: string, router: { name: string } | null, reason: { code: string, message: string } | null }> } | null } | null };

export type CustomerTimelineQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: TimelineFilter | null | undefined;
}>;


export type CustomerTimelineQuery = { customer: { timeline: { totalCount: number, nodes: Array<{ id: string, cursor: string, position: number, at: string, kind: TimelineKind, source: string, summary: string, details:
          | { __typename: 'TimelineAccess', desired: string, lagMs: number | null, service: { id: string } | null, router: { id: string } | null }
          | { __typename: 'TimelineCustomer' }
          | { __typename: 'TimelineDunning' }
          | { __typename: 'TimelineInvoice', number: string, dueOn: string, invoice: { id: string, state: InvoiceState } | null, total: { amount: string, currency: string } }
          | { __typename: 'TimelinePayment', payment: { id: string, method: PaymentMethod } | null, invoice: { id: string } | null, amount: { amount: string, currency: string } }
          | { __typename: 'TimelineRun', runId: string, workflow: string, state: string }
          | { __typename: 'TimelineService', reason: string | null, status: string, service: { id: string } | null, plan: { id: string, name: string } | null }
          | { __typename: 'TimelineSession', name: string, address: string | null, service: { id: string } | null, router: { id: string, name: string } | null }
         }>, pageInfo: { startCursor: string | null, endCursor: string | null, hasNextPage: boolean } } } | null };

export type TimelineSubscriptionVariables = Exact<{
  customerId: string;
  after?: string | null | undefined;
}>;


export type TimelineSubscription = { timeline: { id: string, cursor: string, position: number, at: string, kind: TimelineKind, source: string, summary: string, details:
      | { __typename: 'TimelineAccess', desired: string, lagMs: number | null, service: { id: string } | null, router: { id: string } | null }
      | { __typename: 'TimelineCustomer' }
      | { __typename: 'TimelineDunning' }
      | { __typename: 'TimelineInvoice', number: string, dueOn: string, invoice: { id: string, state: InvoiceState } | null, total: { amount: string, currency: string } }
      | { __typename: 'TimelinePayment', payment: { id: string, method: PaymentMethod } | null, invoice: { id: string } | null, amount: { amount: string, currency: string } }
      | { __typename: 'TimelineRun', runId: string, workflow: string, state: string }
      | { __typename: 'TimelineService', reason: string | null, status: string, service: { id: string } | null, plan: { id: string, name: string } | null }
      | { __typename: 'TimelineSession', name: string, address: string | null, service: { id: string } | null, router: { id: string, name: string } | null }
     } };

export type TimelineEntryFieldsFragment = { id: string, cursor: string, position: number, at: string, kind: TimelineKind, source: string, summary: string, details:
    | { __typename: 'TimelineAccess', desired: string, lagMs: number | null, service: { id: string } | null, router: { id: string } | null }
    | { __typename: 'TimelineCustomer' }
    | { __typename: 'TimelineDunning' }
    | { __typename: 'TimelineInvoice', number: string, dueOn: string, invoice: { id: string, state: InvoiceState } | null, total: { amount: string, currency: string } }
    | { __typename: 'TimelinePayment', payment: { id: string, method: PaymentMethod } | null, invoice: { id: string } | null, amount: { amount: string, currency: string } }
    | { __typename: 'TimelineRun', runId: string, workflow: string, state: string }
    | { __typename: 'TimelineService', reason: string | null, status: string, service: { id: string } | null, plan: { id: string, name: string } | null }
    | { __typename: 'TimelineSession', name: string, address: string | null, service: { id: string } | null, router: { id: string, name: string } | null }
   };

export type MikroopsUserFieldsFragment = { id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null };

export type MikroopsLoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type MikroopsLoginMutation = { login: { accessToken: string, refreshToken: string, expiresIn: number, refreshExpiresIn: number, user: { id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null } } };

export type MikroopsRefreshMutationVariables = Exact<{
  input: RefreshInput;
}>;


export type MikroopsRefreshMutation = { refresh: { accessToken: string, refreshToken: string, expiresIn: number, refreshExpiresIn: number } };

export type MikroopsLogoutMutationVariables = Exact<{
  input: LogoutInput;
}>;


export type MikroopsLogoutMutation = { logout: { success: boolean } };

export type MikroopsProfileQueryVariables = Exact<{ [key: string]: never; }>;


export type MikroopsProfileQuery = { me: { id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null } };

export type MikroopsRegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type MikroopsRegisterMutation = { register: { user: { id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null } } };

export type MikroopsClientFieldsFragment = { id: string, accountNumber: string, name: string, email: string | null, phone: string | null, status: CustomerStatus, createdAt: string, updatedAt: string };

export type MikroopsUpsertClientsMutationVariables = Exact<{
  input: UpsertCustomersInput;
}>;


export type MikroopsUpsertClientsMutation = { upsertCustomers: { customers: Array<{ id: string, accountNumber: string, name: string, email: string | null, phone: string | null, status: CustomerStatus, createdAt: string, updatedAt: string }> } };

export type MikroopsFindClientsQueryVariables = Exact<{
  filter?: CustomerFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsFindClientsQuery = { customers: { totalCount: number, nodes: Array<{ id: string, accountNumber: string, name: string, email: string | null, phone: string | null, status: CustomerStatus, createdAt: string, updatedAt: string }> } };

export type MikroopsDeleteClientsMutationVariables = Exact<{
  input: CloseCustomersInput;
}>;


export type MikroopsDeleteClientsMutation = { closeCustomers: { customers: Array<{ id: string, name: string }> } };

export type MikroopsSubscriberFieldsFragment = { id: string, accountNumber: string, name: string, email: string | null, phone: string | null, status: CustomerStatus, createdAt: string, updatedAt: string, services: { nodes: Array<{ id: string, number: string, status: ServiceStatus, billingDay: number, plan: { id: string, code: string, name: string, serviceType: ServiceType }, access: { desired: DesiredAccess, username: string, enforcement: { outcome: EnforcementOutcome, reason: { code: string, message: string } | null }, session: { address: string | null, callerId: string | null, uptime: number, observedAt: string } | null } | null }> } };

export type MikroopsOnboardCustomerMutationVariables = Exact<{
  input: OnboardCustomerInput;
}>;


export type MikroopsOnboardCustomerMutation = { onboardCustomer: { customer: { id: string, accountNumber: string, name: string, email: string | null, phone: string | null, status: CustomerStatus, createdAt: string, updatedAt: string, services: { nodes: Array<{ id: string, number: string, status: ServiceStatus, billingDay: number, plan: { id: string, code: string, name: string, serviceType: ServiceType }, access: { desired: DesiredAccess, username: string, enforcement: { outcome: EnforcementOutcome, reason: { code: string, message: string } | null }, session: { address: string | null, callerId: string | null, uptime: number, observedAt: string } | null } | null }> } } | null, service: { id: string, number: string, status: ServiceStatus, billingDay: number, plan: { id: string, code: string, name: string, serviceType: ServiceType } } | null, run: { id: string, state: WorkflowRunState } } };

export type MikroopsSubscribersQueryVariables = Exact<{
  filter?: CustomerFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsSubscribersQuery = { customers: { totalCount: number, nodes: Array<{ id: string, accountNumber: string, name: string, email: string | null, phone: string | null, status: CustomerStatus, createdAt: string, updatedAt: string, services: { nodes: Array<{ id: string, number: string, status: ServiceStatus, billingDay: number, plan: { id: string, code: string, name: string, serviceType: ServiceType }, access: { desired: DesiredAccess, username: string, enforcement: { outcome: EnforcementOutcome, reason: { code: string, message: string } | null }, session: { address: string | null, callerId: string | null, uptime: number, observedAt: string } | null } | null }> } }> } };

export type MikroopsSubscriberQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsSubscriberQuery = { customer: { id: string, accountNumber: string, name: string, email: string | null, phone: string | null, status: CustomerStatus, createdAt: string, updatedAt: string, services: { nodes: Array<{ id: string, number: string, status: ServiceStatus, billingDay: number, plan: { id: string, code: string, name: string, serviceType: ServiceType }, access: { desired: DesiredAccess, username: string, enforcement: { outcome: EnforcementOutcome, reason: { code: string, message: string } | null }, session: { address: string | null, callerId: string | null, uptime: number, observedAt: string } | null } | null }> } } | null };

export type MikroopsServiceOfCustomerQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsServiceOfCustomerQuery = { customer: { id: string, services: { nodes: Array<{ id: string, status: ServiceStatus, access: { username: string, session: { address: string | null, callerId: string | null, uptime: number, observedAt: string } | null } | null }> } } | null };

export type MikroopsTrafficSubscriptionVariables = Exact<{
  serviceId: string;
}>;


export type MikroopsTrafficSubscription = { traffic: { at: string, rxBitsPerSecond: number, txBitsPerSecond: number } };

export type MikroopsPingServiceQueryVariables = Exact<{
  serviceId: string;
  count?: number | null | undefined;
}>;


export type MikroopsPingServiceQuery = { pingService: { online: boolean, address: string | null, sent: number, received: number, lossPercent: number, minMs: number | null, avgMs: number | null, maxMs: number | null, observedAt: string, replies: Array<{ seq: number, host: string | null, sizeBytes: number | null, ttl: number | null, timeMs: number | null, status: string | null }> } };

export type MikroopsPingsSubscriptionVariables = Exact<{
  serviceId: string;
}>;


export type MikroopsPingsSubscription = { pings: { seq: number, host: string | null, sizeBytes: number | null, ttl: number | null, timeMs: number | null, status: string | null, at: string } };

export type MikroopsChangeSubscriberMutationVariables = Exact<{
  input: ChangeSubscriberInput;
}>;


export type MikroopsChangeSubscriberMutation = { changeSubscriber: { customer: { id: string, accountNumber: string, name: string, email: string | null, phone: string | null, status: CustomerStatus, createdAt: string, updatedAt: string, services: { nodes: Array<{ id: string, number: string, status: ServiceStatus, billingDay: number, plan: { id: string, code: string, name: string, serviceType: ServiceType }, access: { desired: DesiredAccess, username: string, enforcement: { outcome: EnforcementOutcome, reason: { code: string, message: string } | null }, session: { address: string | null, callerId: string | null, uptime: number, observedAt: string } | null } | null }> } }, run: { id: string, state: WorkflowRunState } | null } };

export type MikroopsOffboardCustomerMutationVariables = Exact<{
  input: OffboardCustomerInput;
}>;


export type MikroopsOffboardCustomerMutation = { offboardCustomer: { customerId: string, run: { id: string, state: WorkflowRunState } } };

export type MikroopsInterfaceTrafficFieldsFragment = { interface: string, present: boolean, rxBitsPerSecond: number, txBitsPerSecond: number, rxPacketsPerSecond: number, txPacketsPerSecond: number, at: string };

export type MikroopsInterfaceTrafficQueryVariables = Exact<{
  interface: string;
}>;


export type MikroopsInterfaceTrafficQuery = { interfaceTraffic: { interface: string, present: boolean, rxBitsPerSecond: number, txBitsPerSecond: number, rxPacketsPerSecond: number, txPacketsPerSecond: number, at: string } };

export type MikroopsInterfaceTrafficStreamSubscriptionVariables = Exact<{
  interface: string;
}>;


export type MikroopsInterfaceTrafficStreamSubscription = { interfaceTraffic: { interface: string, present: boolean, rxBitsPerSecond: number, txBitsPerSecond: number, rxPacketsPerSecond: number, txPacketsPerSecond: number, at: string } };

export type MikroopsPingAddressQueryVariables = Exact<{
  address: string;
  count: number;
}>;


export type MikroopsPingAddressQuery = { pingAddress: { address: string, sent: number, received: number, lossPercent: number, minMs: number | null, avgMs: number | null, maxMs: number | null, observedAt: string, replies: Array<{ seq: number, host: string | null, sizeBytes: number | null, ttl: number | null, timeMs: number | null, status: string | null }> } };

export type MikroopsAddressPingsSubscriptionVariables = Exact<{
  address: string;
}>;


export type MikroopsAddressPingsSubscription = { addressPings: { seq: number, host: string | null, sizeBytes: number | null, ttl: number | null, timeMs: number | null, status: string | null } };

export type MikroopsRouterLogsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type MikroopsRouterLogsSubscription = { routerLogs: { action: RouterLogAction, lines: Array<{ id: string, time: string, topics: Array<string>, message: string }> } };

export type MikroopsPlanFieldsFragment = { id: string, code: string, name: string, serviceType: ServiceType, createdAt: string, updatedAt: string, price: { amount: string, currency: string }, access: { rateLimit: string, localAddress: string, remotePool: string } };

export type MikroopsOwnCurrencyQueryVariables = Exact<{ [key: string]: never; }>;


export type MikroopsOwnCurrencyQuery = { tenant: { currency: string } | null };

export type MikroopsCreatePlanMutationVariables = Exact<{
  input: CreatePlanInput;
}>;


export type MikroopsCreatePlanMutation = { createPlan: { plan: { id: string, code: string, name: string, serviceType: ServiceType, createdAt: string, updatedAt: string, price: { amount: string, currency: string }, access: { rateLimit: string, localAddress: string, remotePool: string } } } };

export type MikroopsPlansQueryVariables = Exact<{
  filter?: PlanFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsPlansQuery = { plans: { totalCount: number, nodes: Array<{ id: string, code: string, name: string, serviceType: ServiceType, createdAt: string, updatedAt: string, price: { amount: string, currency: string }, access: { rateLimit: string, localAddress: string, remotePool: string } }> } };

export type MikroopsPlanQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsPlanQuery = { plan: { id: string, code: string, name: string, serviceType: ServiceType, createdAt: string, updatedAt: string, price: { amount: string, currency: string }, access: { rateLimit: string, localAddress: string, remotePool: string } } | null };

export type MikroopsUpdatePlanMutationVariables = Exact<{
  input: UpdatePlanInput;
}>;


export type MikroopsUpdatePlanMutation = { updatePlan: { plan: { id: string, code: string, name: string, serviceType: ServiceType, createdAt: string, updatedAt: string, price: { amount: string, currency: string }, access: { rateLimit: string, localAddress: string, remotePool: string } } } };

export type MikroopsRemovePlanMutationVariables = Exact<{
  input: RemovePlanInput;
}>;


export type MikroopsRemovePlanMutation = { removePlan: { id: string } };

export type MikroopsIpPoolFieldsFragment = { id: string, name: string, ranges: string, nextPool: string | null, comment: string | null };

export type MikroopsCreateIpPoolMutationVariables = Exact<{
  input: CreateIpPoolInput;
}>;


export type MikroopsCreateIpPoolMutation = { createIpPool: { pool: { id: string, name: string, ranges: string, nextPool: string | null, comment: string | null } } };

export type MikroopsIpPoolsQueryVariables = Exact<{
  filter?: IpPoolFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsIpPoolsQuery = { ipPools: { totalCount: number, nodes: Array<{ id: string, name: string, ranges: string, nextPool: string | null, comment: string | null }> } };

export type MikroopsIpPoolQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsIpPoolQuery = { ipPool: { id: string, name: string, ranges: string, nextPool: string | null, comment: string | null } };

export type MikroopsUpdateIpPoolMutationVariables = Exact<{
  input: UpdateIpPoolInput;
}>;


export type MikroopsUpdateIpPoolMutation = { updateIpPool: { pool: { id: string, name: string, ranges: string, nextPool: string | null, comment: string | null } } };

export type MikroopsDeleteIpPoolMutationVariables = Exact<{
  input: DeleteIpPoolInput;
}>;


export type MikroopsDeleteIpPoolMutation = { deleteIpPool: { id: string } };

export type MikroopsPppSecretFieldsFragment = { id: string, name: string, service: string, profile: string, localAddress: string | null, remoteAddress: string | null, callerId: string | null, comment: string | null, disabled: boolean, lastLoggedOut: string | null, owned: boolean };

export type MikroopsPppProfileFieldsFragment = { id: string, name: string, localAddress: string | null, remoteAddress: string | null, rateLimit: string | null, onlyOne: string, comment: string | null, default: boolean, owned: boolean };

export type MikroopsPppActiveFieldsFragment = { id: string, name: string, service: string, callerId: string | null, address: string | null, uptime: string, uptimeSeconds: number, encoding: string | null, interface: string | null, localAddress: string | null, observedAt: string, stale: boolean };

export type MikroopsCreatePppSecretMutationVariables = Exact<{
  input: CreatePppSecretInput;
}>;


export type MikroopsCreatePppSecretMutation = { createPppSecret: { secret: { id: string, name: string, service: string, profile: string, localAddress: string | null, remoteAddress: string | null, callerId: string | null, comment: string | null, disabled: boolean, lastLoggedOut: string | null, owned: boolean } } };

export type MikroopsPppSecretsQueryVariables = Exact<{
  filter?: PppSecretFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsPppSecretsQuery = { pppSecrets: { totalCount: number, nodes: Array<{ id: string, name: string, service: string, profile: string, localAddress: string | null, remoteAddress: string | null, callerId: string | null, comment: string | null, disabled: boolean, lastLoggedOut: string | null, owned: boolean }> } };

export type MikroopsPppSecretQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsPppSecretQuery = { pppSecret: { id: string, name: string, service: string, profile: string, localAddress: string | null, remoteAddress: string | null, callerId: string | null, comment: string | null, disabled: boolean, lastLoggedOut: string | null, owned: boolean } };

export type MikroopsUpdatePppSecretMutationVariables = Exact<{
  input: UpdatePppSecretInput;
}>;


export type MikroopsUpdatePppSecretMutation = { updatePppSecret: { secret: { id: string, name: string, service: string, profile: string, localAddress: string | null, remoteAddress: string | null, callerId: string | null, comment: string | null, disabled: boolean, lastLoggedOut: string | null, owned: boolean } } };

export type MikroopsDeletePppSecretMutationVariables = Exact<{
  input: DeletePppSecretInput;
}>;


export type MikroopsDeletePppSecretMutation = { deletePppSecret: { id: string } };

export type MikroopsCreatePppProfileMutationVariables = Exact<{
  input: CreatePppProfileInput;
}>;


export type MikroopsCreatePppProfileMutation = { createPppProfile: { profile: { id: string, name: string, localAddress: string | null, remoteAddress: string | null, rateLimit: string | null, onlyOne: string, comment: string | null, default: boolean, owned: boolean } } };

export type MikroopsPppProfilesQueryVariables = Exact<{
  filter?: PppProfileFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsPppProfilesQuery = { pppProfiles: { totalCount: number, nodes: Array<{ id: string, name: string, localAddress: string | null, remoteAddress: string | null, rateLimit: string | null, onlyOne: string, comment: string | null, default: boolean, owned: boolean }> } };

export type MikroopsPppProfileQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsPppProfileQuery = { pppProfile: { id: string, name: string, localAddress: string | null, remoteAddress: string | null, rateLimit: string | null, onlyOne: string, comment: string | null, default: boolean, owned: boolean } };

export type MikroopsUpdatePppProfileMutationVariables = Exact<{
  input: UpdatePppProfileInput;
}>;


export type MikroopsUpdatePppProfileMutation = { updatePppProfile: { profile: { id: string, name: string, localAddress: string | null, remoteAddress: string | null, rateLimit: string | null, onlyOne: string, comment: string | null, default: boolean, owned: boolean } } };

export type MikroopsDeletePppProfileMutationVariables = Exact<{
  input: DeletePppProfileInput;
}>;


export type MikroopsDeletePppProfileMutation = { deletePppProfile: { id: string } };

export type MikroopsPppActivesQueryVariables = Exact<{
  filter?: PppActiveFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsPppActivesQuery = { pppActives: { totalCount: number, nodes: Array<{ id: string, name: string, service: string, callerId: string | null, address: string | null, uptime: string, uptimeSeconds: number, encoding: string | null, interface: string | null, localAddress: string | null, observedAt: string, stale: boolean }> } };

export type MikroopsPppActiveQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsPppActiveQuery = { pppActive: { id: string, name: string, service: string, callerId: string | null, address: string | null, uptime: string, uptimeSeconds: number, encoding: string | null, interface: string | null, localAddress: string | null, observedAt: string, stale: boolean } };

export type MikroopsPppInactivesQueryVariables = Exact<{
  filter?: PppSecretFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsPppInactivesQuery = { pppInactives: { totalCount: number, nodes: Array<{ id: string, name: string, service: string, profile: string, localAddress: string | null, remoteAddress: string | null, callerId: string | null, comment: string | null, disabled: boolean, lastLoggedOut: string | null, owned: boolean }> } };

export type MikroopsPppSessionsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type MikroopsPppSessionsSubscription = { pppSessions: { action: PppSessionAction, at: string, session: { id: string, name: string, address: string | null, callerId: string | null, uptime: number } } };

export type MikroopsPppoeCallbacksSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type MikroopsPppoeCallbacksSubscription = { pppoeCallbacks: { action: PppoeCallbackAction, name: string, callerId: string | null, interface: string | null, localAddress: string | null, remoteAddress: string | null, service: string | null, receivedAt: string } };

export type MikroopsReportPppoeCallbacksMutationVariables = Exact<{
  input: ReportPppoeCallbacksInput;
}>;


export type MikroopsReportPppoeCallbacksMutation = { report: { outcomes: Array<PppoeCallbackOutcome> } };

export type MikroopsQueueFieldsFragment = { id: string, name: string, target: string, dst: string | null, parent: string | null, priority: string, queueType: string, limitAt: string | null, maxLimit: string | null, burstLimit: string | null, burstThreshold: string | null, burstTime: string | null, comment: string | null, disabled: boolean, dynamic: boolean, owned: boolean };

export type MikroopsCreateQueueMutationVariables = Exact<{
  input: CreateSimpleQueueInput;
}>;


export type MikroopsCreateQueueMutation = { createSimpleQueue: { queue: { id: string, name: string, target: string, dst: string | null, parent: string | null, priority: string, queueType: string, limitAt: string | null, maxLimit: string | null, burstLimit: string | null, burstThreshold: string | null, burstTime: string | null, comment: string | null, disabled: boolean, dynamic: boolean, owned: boolean } } };

export type MikroopsQueuesQueryVariables = Exact<{
  filter?: SimpleQueueFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsQueuesQuery = { simpleQueues: { totalCount: number, nodes: Array<{ id: string, name: string, target: string, dst: string | null, parent: string | null, priority: string, queueType: string, limitAt: string | null, maxLimit: string | null, burstLimit: string | null, burstThreshold: string | null, burstTime: string | null, comment: string | null, disabled: boolean, dynamic: boolean, owned: boolean }> } };

export type MikroopsQueueQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsQueueQuery = { simpleQueue: { id: string, name: string, target: string, dst: string | null, parent: string | null, priority: string, queueType: string, limitAt: string | null, maxLimit: string | null, burstLimit: string | null, burstThreshold: string | null, burstTime: string | null, comment: string | null, disabled: boolean, dynamic: boolean, owned: boolean } };

export type MikroopsUpdateQueueMutationVariables = Exact<{
  input: UpdateSimpleQueueInput;
}>;


export type MikroopsUpdateQueueMutation = { updateSimpleQueue: { queue: { id: string, name: string, target: string, dst: string | null, parent: string | null, priority: string, queueType: string, limitAt: string | null, maxLimit: string | null, burstLimit: string | null, burstThreshold: string | null, burstTime: string | null, comment: string | null, disabled: boolean, dynamic: boolean, owned: boolean } } };

export type MikroopsDeleteQueueMutationVariables = Exact<{
  input: DeleteSimpleQueueInput;
}>;


export type MikroopsDeleteQueueMutation = { deleteSimpleQueue: { id: string } };

export type MikroopsRouterFieldsFragment = { id: string, name: string, host: string, port: number, username: string, site: string | null, active: boolean, createdAt: string, updatedAt: string };

export type MikroopsRouterStatusFieldsFragment = { state: RouterLineState, reachable: boolean | null, reason: string | null, version: string | null, identity: string | null, observedAt: string | null };

export type MikroopsRegisterRouterMutationVariables = Exact<{
  input: RegisterRouterInput;
}>;


export type MikroopsRegisterRouterMutation = { registerRouter: { router: { id: string, name: string, host: string, port: number, username: string, site: string | null, active: boolean, createdAt: string, updatedAt: string, status: { state: RouterLineState, reachable: boolean | null, reason: string | null, version: string | null, identity: string | null, observedAt: string | null } | null } } };

export type MikroopsRoutersQueryVariables = Exact<{
  filter?: RouterFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsRoutersQuery = { routers: { totalCount: number, nodes: Array<{ id: string, name: string, host: string, port: number, username: string, site: string | null, active: boolean, createdAt: string, updatedAt: string, status: { state: RouterLineState, reachable: boolean | null, reason: string | null, version: string | null, identity: string | null, observedAt: string | null } | null }> } };

export type MikroopsRouterQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsRouterQuery = { router: { id: string, name: string, host: string, port: number, username: string, site: string | null, active: boolean, createdAt: string, updatedAt: string, status: { state: RouterLineState, reachable: boolean | null, reason: string | null, version: string | null, identity: string | null, observedAt: string | null } | null } | null };

export type MikroopsRouterNowQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsRouterNowQuery = { router: { id: string, name: string, host: string, port: number, username: string, site: string | null, active: boolean, createdAt: string, updatedAt: string, status: { state: RouterLineState, reachable: boolean | null, reason: string | null, version: string | null, identity: string | null, observedAt: string | null } | null } | null };

export type MikroopsUpdateRouterMutationVariables = Exact<{
  input: UpdateRouterInput;
}>;


export type MikroopsUpdateRouterMutation = { updateRouter: { router: { id: string, name: string, host: string, port: number, username: string, site: string | null, active: boolean, createdAt: string, updatedAt: string, status: { state: RouterLineState, reachable: boolean | null, reason: string | null, version: string | null, identity: string | null, observedAt: string | null } | null } } };

export type MikroopsRemoveRouterMutationVariables = Exact<{
  input: RemoveRouterInput;
}>;


export type MikroopsRemoveRouterMutation = { removeRouter: { id: string } };

export type MikroopsActivateRouterMutationVariables = Exact<{
  input: ActivateRouterInput;
}>;


export type MikroopsActivateRouterMutation = { activateRouter: { router: { id: string, name: string, host: string, port: number, username: string, site: string | null, active: boolean, createdAt: string, updatedAt: string, status: { state: RouterLineState, reachable: boolean | null, reason: string | null, version: string | null, identity: string | null, observedAt: string | null } | null } } };

export type MikroopsClientPingQueryVariables = Exact<{ [key: string]: never; }>;


export type MikroopsClientPingQuery = { __typename: 'Query' };

export type MikroopsTenantFieldsFragment = { id: string, slug: string, name: string, companyName: string | null, phone: string | null, timeZone: string, currency: string, active: boolean, maxRouters: number | null, maxSubscribers: number | null, features: Record<string, unknown>, createdAt: string, updatedAt: string };

export type MikroopsCreateTenantMutationVariables = Exact<{
  input: CreateTenantInput;
}>;


export type MikroopsCreateTenantMutation = { createTenant: { tenant: { id: string, slug: string, name: string, companyName: string | null, phone: string | null, timeZone: string, currency: string, active: boolean, maxRouters: number | null, maxSubscribers: number | null, features: Record<string, unknown>, createdAt: string, updatedAt: string } } };

export type MikroopsTenantsQueryVariables = Exact<{
  filter?: TenantFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsTenantsQuery = { tenants: { totalCount: number, nodes: Array<{ id: string, slug: string, name: string, companyName: string | null, phone: string | null, timeZone: string, currency: string, active: boolean, maxRouters: number | null, maxSubscribers: number | null, features: Record<string, unknown>, createdAt: string, updatedAt: string }> } };

export type MikroopsTenantQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsTenantQuery = { tenant: { id: string, slug: string, name: string, companyName: string | null, phone: string | null, timeZone: string, currency: string, active: boolean, maxRouters: number | null, maxSubscribers: number | null, features: Record<string, unknown>, createdAt: string, updatedAt: string } | null };

export type MikroopsUpdateTenantMutationVariables = Exact<{
  input: UpdateTenantInput;
}>;


export type MikroopsUpdateTenantMutation = { updateTenant: { tenant: { id: string, slug: string, name: string, companyName: string | null, phone: string | null, timeZone: string, currency: string, active: boolean, maxRouters: number | null, maxSubscribers: number | null, features: Record<string, unknown>, createdAt: string, updatedAt: string } } };

export type MikroopsDeleteTenantMutationVariables = Exact<{
  input: DeleteTenantInput;
}>;


export type MikroopsDeleteTenantMutation = { deleteTenant: { id: string } };

export type MikroopsTenantStatsQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsTenantStatsQuery = { tenant: { id: string, name: string, active: boolean, maxRouters: number | null, maxSubscribers: number | null, userCount: number, customerCount: number, routerCount: number, serviceCount: number } | null };

export type MikroopsCreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;


export type MikroopsCreateUserMutation = { createUser: { user: { id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null } } };

export type MikroopsUsersQueryVariables = Exact<{
  filter?: UserFilter | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
}>;


export type MikroopsUsersQuery = { users: { totalCount: number, nodes: Array<{ id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null }> } };

export type MikroopsUserQueryVariables = Exact<{
  id: string;
}>;


export type MikroopsUserQuery = { user: { id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null } | null };

export type MikroopsUpdateUserMutationVariables = Exact<{
  input: UpdateUserInput;
}>;


export type MikroopsUpdateUserMutation = { updateUser: { user: { id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null } } };

export type MikroopsDeleteUserMutationVariables = Exact<{
  input: DeleteUserInput;
}>;


export type MikroopsDeleteUserMutation = { deleteUser: { id: string } };

export type MikroopsAssignRoleMutationVariables = Exact<{
  input: AssignRoleInput;
}>;


export type MikroopsAssignRoleMutation = { assignRole: { user: { id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null } } };

export type MikroopsAssignUserToTenantMutationVariables = Exact<{
  input: AssignUserToTenantInput;
}>;


export type MikroopsAssignUserToTenantMutation = { assignUserToTenant: { user: { id: string, username: string, email: string, fullName: string, phone: string | null, superAdmin: boolean, active: boolean, createdAt: string, role: { id: string, code: string, name: string } | null, tenant: { id: string, slug: string } | null } } };

export type BulkServicesQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter: ServiceFilter;
}>;


export type BulkServicesQuery = { services: { nodes: Array<{ id: string, status: ServiceStatus, planVersion: number, plan: { id: string, version: number }, access: { router: { id: string } | null, session: { id: string } | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type BulkAccessesQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  routerId: string;
}>;


export type BulkAccessesQuery = { accesses: { nodes: Array<{ service: { id: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type LifecycleRouterQueryVariables = Exact<{
  id: string;
}>;


export type LifecycleRouterQuery = { router: { id: string } | null };

export type LifecycleServiceQueryVariables = Exact<{
  id: string;
}>;


export type LifecycleServiceQuery = { service: { id: string, status: ServiceStatus, planVersion: number, customer: { id: string }, plan: { id: string, version: number }, access: { username: string, desired: DesiredAccess, router: { id: string } | null } | null } | null };

export type LifecycleLineQueryVariables = Exact<{
  id: string;
}>;


export type LifecycleLineQuery = { service: { id: string, access: { session: { callerId: string | null, stale: boolean } | null } | null } | null };

export type LifecycleSubscriberQueryVariables = Exact<{
  id: string;
}>;


export type LifecycleSubscriberQuery = { customer: { id: string, name: string, email: string | null, phone: string | null, services: { nodes: Array<{ id: string, status: ServiceStatus, billingDay: number, plan: { id: string }, access: { username: string, desired: DesiredAccess } | null }> } } | null };

export type LifecycleUpdateCustomerMutationVariables = Exact<{
  input: UpdateCustomerInput;
}>;


export type LifecycleUpdateCustomerMutation = { updateCustomer: { customer: { id: string } } };

export type LifecycleUpdateServiceMutationVariables = Exact<{
  input: UpdateServiceInput;
}>;


export type LifecycleUpdateServiceMutation = { updateService: { service: { id: string } } };

export type LifecycleSealCredentialsMutationVariables = Exact<{
  input: SealPppCredentialsInput;
}>;


export type LifecycleSealCredentialsMutation = { sealPppCredentials: { credentials: { id: string, unchanged: boolean } } };

export type LifecycleCloseCustomerMutationVariables = Exact<{
  input: CloseCustomerInput;
}>;


export type LifecycleCloseCustomerMutation = { closeCustomer: { customer: { id: string } } };

export type LifecycleMarkSuspendedMutationVariables = Exact<{
  input: MarkServiceSuspendedInput;
}>;


export type LifecycleMarkSuspendedMutation = { markServiceSuspended: { service: { id: string } } };

export type LifecycleMarkResumedMutationVariables = Exact<{
  input: MarkServiceInput;
}>;


export type LifecycleMarkResumedMutation = { markServiceResumed: { service: { id: string } } };

export type LifecycleMarkTerminatedMutationVariables = Exact<{
  input: MarkServiceInput;
}>;


export type LifecycleMarkTerminatedMutation = { markServiceTerminated: { service: { id: string } } };

export type LifecycleMarkPlanChangedMutationVariables = Exact<{
  input: MarkServicePlanChangedInput;
}>;


export type LifecycleMarkPlanChangedMutation = { markServicePlanChanged: { service: { id: string } } };

export type LifecycleRevertPlanMutationVariables = Exact<{
  input: RevertServicePlanInput;
}>;


export type LifecycleRevertPlanMutation = { revertServicePlan: { service: { id: string } } };

export type LifecycleSetDesiredMutationVariables = Exact<{
  input: SetAccessDesiredInput;
}>;


export type LifecycleSetDesiredMutation = { setAccessDesired: { access: { desired: DesiredAccess } | null } };

export type LifecycleChangeAccessPlanMutationVariables = Exact<{
  input: ChangeAccessPlanInput;
}>;


export type LifecycleChangeAccessPlanMutation = { changeAccessPlan: { access: { desired: DesiredAccess } | null } };

export type LifecycleMoveAccessMutationVariables = Exact<{
  input: MoveAccessInput;
}>;


export type LifecycleMoveAccessMutation = { moveAccess: { access: { desired: DesiredAccess } | null } };

export type LifecycleChangeCredentialsMutationVariables = Exact<{
  input: ChangeAccessCredentialsInput;
}>;


export type LifecycleChangeCredentialsMutation = { changeAccessCredentials: { access: { desired: DesiredAccess } | null } };

export type LifecycleSetAddressMutationVariables = Exact<{
  input: SetAccessAddressInput;
}>;


export type LifecycleSetAddressMutation = { setAccessAddress: { access: { desired: DesiredAccess } | null } };

export type LifecycleSetCallerIdMutationVariables = Exact<{
  input: SetAccessCallerIdInput;
}>;


export type LifecycleSetCallerIdMutation = { setAccessCallerId: { access: { desired: DesiredAccess } | null } };

export type LifecycleRevertAccessMutationVariables = Exact<{
  input: RevertAccessInput;
}>;


export type LifecycleRevertAccessMutation = { revertAccess: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type LifecycleApplyProfileMutationVariables = Exact<{
  input: ApplyPppProfileInput;
}>;


export type LifecycleApplyProfileMutation = { applyPppProfile: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type LifecycleApplySecretMutationVariables = Exact<{
  input: ApplyPppSecretInput;
}>;


export type LifecycleApplySecretMutation = { applyPppSecret: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type LifecycleVerifyAccessMutationVariables = Exact<{
  input: VerifyAccessInput;
}>;


export type LifecycleVerifyAccessMutation = { verifyAccess: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type LifecycleLeaveRoutersMutationVariables = Exact<{
  input: LeaveRoutersInput;
}>;


export type LifecycleLeaveRoutersMutation = { leaveRouters: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type OnboardingPlanQueryVariables = Exact<{
  id: string;
}>;


export type OnboardingPlanQuery = { plan: { id: string, code: string, access: { rateLimit: string, localAddress: string, remotePool: string } } | null };

export type OnboardingSealCredentialsMutationVariables = Exact<{
  input: SealPppCredentialsInput;
}>;


export type OnboardingSealCredentialsMutation = { sealPppCredentials: { credentials: { id: string, routerId: string } } };

export type OnboardingCreateCustomerMutationVariables = Exact<{
  input: CreateCustomerInput;
}>;


export type OnboardingCreateCustomerMutation = { createCustomer: { customer: { id: string } } };

export type OnboardingWithdrawCustomerMutationVariables = Exact<{
  input: WithdrawCustomerInput;
}>;


export type OnboardingWithdrawCustomerMutation = { withdrawCustomer: { withdrawn: boolean } };

export type OnboardingCreateServiceMutationVariables = Exact<{
  input: CreateServiceInput;
}>;


export type OnboardingCreateServiceMutation = { createService: { service: { id: string } } };

export type OnboardingWithdrawServiceMutationVariables = Exact<{
  input: WithdrawServiceInput;
}>;


export type OnboardingWithdrawServiceMutation = { withdrawService: { withdrawn: boolean } };

export type OnboardingProvisionAccessMutationVariables = Exact<{
  input: ProvisionAccessInput;
}>;


export type OnboardingProvisionAccessMutation = { provisionAccess: { access: { desired: DesiredAccess } } };

export type OnboardingWithdrawAccessMutationVariables = Exact<{
  input: WithdrawAccessInput;
}>;


export type OnboardingWithdrawAccessMutation = { withdrawAccess: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type OnboardingApplyProfileMutationVariables = Exact<{
  input: ApplyPppProfileInput;
}>;


export type OnboardingApplyProfileMutation = { applyPppProfile: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type OnboardingApplySecretMutationVariables = Exact<{
  input: ApplyPppSecretInput;
}>;


export type OnboardingApplySecretMutation = { applyPppSecret: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type OnboardingVerifyAccessMutationVariables = Exact<{
  input: VerifyAccessInput;
}>;


export type OnboardingVerifyAccessMutation = { verifyAccess: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type OnboardingActivateServiceMutationVariables = Exact<{
  input: ActivateServiceInput;
}>;


export type OnboardingActivateServiceMutation = { activateService: { service: { id: string } } };

export type ImportPlansQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ImportPlansQuery = { plans: { nodes: Array<{ id: string, code: string, name: string, access: { rateLimit: string, localAddress: string, remotePool: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ImportPlanQueryVariables = Exact<{
  id: string;
}>;


export type ImportPlanQuery = { plan: { id: string, code: string, name: string, access: { rateLimit: string, localAddress: string, remotePool: string } } | null };

export type ImportServiceQueryVariables = Exact<{
  id: string;
}>;


export type ImportServiceQuery = { service: { id: string, status: ServiceStatus, customer: { id: string }, plan: { id: string }, access: { desired: DesiredAccess } | null } | null };

export type ImportRouterThereQueryVariables = Exact<{
  id: string;
}>;


export type ImportRouterThereQuery = { router: { id: string } | null };

export type ImportCustomerQueryVariables = Exact<{
  id: string;
}>;


export type ImportCustomerQuery = { customer: { id: string } | null };

export type ImportOpenMutationVariables = Exact<{
  input: OpenRouterImportInput;
}>;


export type ImportOpenMutation = { openRouterImport: { routerImport: { id: string, state: RouterImportState } } };

export type ImportStateQueryVariables = Exact<{
  id: string;
}>;


export type ImportStateQuery = { routerImport: { id: string, state: RouterImportState } | null };

export type ImportReadMutationVariables = Exact<{
  input: RouterImportRefInput;
}>;


export type ImportReadMutation = { readRouterImport: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type ImportChangeItemMutationVariables = Exact<{
  input: ChangeRouterImportItemInput;
}>;


export type ImportChangeItemMutation = { changeRouterImportItem: { item: { id: string } } };

export type ImportBeginMutationVariables = Exact<{
  input: RouterImportRefInput;
}>;


export type ImportBeginMutation = { beginRouterImport: { routerImport: { id: string, state: RouterImportState } } };

export type ImportStopMutationVariables = Exact<{
  input: RouterImportRefInput;
}>;


export type ImportStopMutation = { stopRouterImport: { routerImport: { id: string } } };

export type ImportNextMutationVariables = Exact<{
  input: NextRouterImportItemsInput;
}>;


export type ImportNextMutation = { nextRouterImportItems: { routerImport: { state: RouterImportState, billingDay: number }, assignments: Array<{ profileItemId: string | null, runId: string, customerId: string, serviceId: string, item: { id: string, customerName: string | null, email: string | null, phone: string | null, plan: { id: string | null, code: string, name: string, rateLimit: string, localAddress: string, remotePool: string, price: { amount: string, currency: string } | null } | null } }> } };

export type ImportSettleMutationVariables = Exact<{
  input: SettleRouterImportItemInput;
}>;


export type ImportSettleMutation = { settleRouterImportItem: { itemId: string } };

export type ImportOpenAdoptionMutationVariables = Exact<{
  input: OpenSecretAdoptionInput;
}>;


export type ImportOpenAdoptionMutation = { openSecretAdoption: { item: { id: string, customerName: string | null, plan: { id: string | null, code: string, name: string, rateLimit: string, localAddress: string, remotePool: string } | null } } };

export type ImportCheckMutationVariables = Exact<{
  input: CheckAdoptionInput;
}>;


export type ImportCheckMutation = { checkAdoption: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export type ImportCreatePlanMutationVariables = Exact<{
  input: CreatePlanInput;
}>;


export type ImportCreatePlanMutation = { createPlan: { plan: { id: string, code: string } } };

export type ImportProvisionMutationVariables = Exact<{
  input: ProvisionAdoptionInput;
}>;


export type ImportProvisionMutation = { provisionAdoption: { item: { id: string } } };

export type ImportAdoptMutationVariables = Exact<{
  input: ApplyAdoptionInput;
}>;


export type ImportAdoptMutation = { applyAdoption: { result: { outcome: DeviceStepOutcome, code: string | null, message: string | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const BulkJobFieldsFragmentDoc = new TypedDocumentString(`
    fragment BulkJobFields on BulkJob {
  id
  action
  state
  itemCount
  sessionsToCut
  asWished
  error {
    code
    message
  }
  createdAt
  expiresAt
  startedAt
  finishedAt
  progress {
    pending
    running
    waiting
    succeeded
    failed
    skipped
  }
}
    `, {"fragmentName":"BulkJobFields"}) as unknown as TypedDocumentString<BulkJobFieldsFragment, unknown>;
export const RunStateFragmentDoc = new TypedDocumentString(`
    fragment RunState on WorkflowRun {
  id
  state
  steps {
    name
    state
    attempts
    nextAttemptAt
    error {
      code
      message
    }
  }
}
    `, {"fragmentName":"RunState"}) as unknown as TypedDocumentString<RunStateFragment, unknown>;
export const TimelineEntryFieldsFragmentDoc = new TypedDocumentString(`
    fragment TimelineEntryFields on TimelineEntry {
  id
  cursor
  position
  at
  kind
  source
  summary
  details {
    __typename
    ... on TimelineService {
      service {
        id
      }
      plan {
        id
        name
      }
      reason
      status
    }
    ... on TimelineInvoice {
      invoice {
        id
        state
      }
      number
      total {
        amount
        currency
      }
      dueOn
    }
    ... on TimelinePayment {
      payment {
        id
        method
      }
      invoice {
        id
      }
      amount {
        amount
        currency
      }
    }
    ... on TimelineSession {
      service {
        id
      }
      router {
        id
        name
      }
      name
      address
    }
    ... on TimelineAccess {
      service {
        id
      }
      router {
        id
      }
      desired
      lagMs
    }
    ... on TimelineRun {
      runId
      workflow
      state
    }
  }
}
    `, {"fragmentName":"TimelineEntryFields"}) as unknown as TypedDocumentString<TimelineEntryFieldsFragment, unknown>;
export const MikroopsUserFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}
    `, {"fragmentName":"MikroopsUserFields"}) as unknown as TypedDocumentString<MikroopsUserFieldsFragment, unknown>;
export const MikroopsClientFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsClientFields on Customer {
  id
  accountNumber
  name
  email
  phone
  status
  createdAt
  updatedAt
}
    `, {"fragmentName":"MikroopsClientFields"}) as unknown as TypedDocumentString<MikroopsClientFieldsFragment, unknown>;
export const MikroopsSubscriberFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsSubscriberFields on Customer {
  id
  accountNumber
  name
  email
  phone
  status
  createdAt
  updatedAt
  services(first: 1) {
    nodes {
      id
      number
      status
      billingDay
      plan {
        id
        code
        name
        serviceType
      }
      access {
        desired
        username
        enforcement {
          outcome
          reason {
            code
            message
          }
        }
        session {
          address
          callerId
          uptime
          observedAt
        }
      }
    }
  }
}
    `, {"fragmentName":"MikroopsSubscriberFields"}) as unknown as TypedDocumentString<MikroopsSubscriberFieldsFragment, unknown>;
export const MikroopsInterfaceTrafficFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsInterfaceTrafficFields on InterfaceTraffic {
  interface
  present
  rxBitsPerSecond
  txBitsPerSecond
  rxPacketsPerSecond
  txPacketsPerSecond
  at
}
    `, {"fragmentName":"MikroopsInterfaceTrafficFields"}) as unknown as TypedDocumentString<MikroopsInterfaceTrafficFieldsFragment, unknown>;
export const MikroopsPlanFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsPlanFields on Plan {
  id
  code
  name
  serviceType
  price {
    amount
    currency
  }
  access {
    rateLimit
    localAddress
    remotePool
  }
  createdAt
  updatedAt
}
    `, {"fragmentName":"MikroopsPlanFields"}) as unknown as TypedDocumentString<MikroopsPlanFieldsFragment, unknown>;
export const MikroopsIpPoolFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsIpPoolFields on IpPool {
  id
  name
  ranges
  nextPool
  comment
}
    `, {"fragmentName":"MikroopsIpPoolFields"}) as unknown as TypedDocumentString<MikroopsIpPoolFieldsFragment, unknown>;
export const MikroopsPppSecretFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsPppSecretFields on PppSecret {
  id
  name
  service
  profile
  localAddress
  remoteAddress
  callerId
  comment
  disabled
  lastLoggedOut
  owned
}
    `, {"fragmentName":"MikroopsPppSecretFields"}) as unknown as TypedDocumentString<MikroopsPppSecretFieldsFragment, unknown>;
export const MikroopsPppProfileFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsPppProfileFields on PppProfile {
  id
  name
  localAddress
  remoteAddress
  rateLimit
  onlyOne
  comment
  default
  owned
}
    `, {"fragmentName":"MikroopsPppProfileFields"}) as unknown as TypedDocumentString<MikroopsPppProfileFieldsFragment, unknown>;
export const MikroopsPppActiveFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsPppActiveFields on PppActive {
  id
  name
  service
  callerId
  address
  uptime
  uptimeSeconds
  encoding
  interface
  localAddress
  observedAt
  stale
}
    `, {"fragmentName":"MikroopsPppActiveFields"}) as unknown as TypedDocumentString<MikroopsPppActiveFieldsFragment, unknown>;
export const MikroopsQueueFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsQueueFields on SimpleQueue {
  id
  name
  target
  dst
  parent
  priority
  queueType
  limitAt
  maxLimit
  burstLimit
  burstThreshold
  burstTime
  comment
  disabled
  dynamic
  owned
}
    `, {"fragmentName":"MikroopsQueueFields"}) as unknown as TypedDocumentString<MikroopsQueueFieldsFragment, unknown>;
export const MikroopsRouterFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsRouterFields on Router {
  id
  name
  host
  port
  username
  site
  active
  createdAt
  updatedAt
}
    `, {"fragmentName":"MikroopsRouterFields"}) as unknown as TypedDocumentString<MikroopsRouterFieldsFragment, unknown>;
export const MikroopsRouterStatusFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsRouterStatusFields on RouterStatus {
  state
  reachable
  reason
  version
  identity
  observedAt
}
    `, {"fragmentName":"MikroopsRouterStatusFields"}) as unknown as TypedDocumentString<MikroopsRouterStatusFieldsFragment, unknown>;
export const MikroopsTenantFieldsFragmentDoc = new TypedDocumentString(`
    fragment MikroopsTenantFields on Tenant {
  id
  slug
  name
  companyName
  phone
  timeZone
  currency
  active
  maxRouters
  maxSubscribers
  features
  createdAt
  updatedAt
}
    `, {"fragmentName":"MikroopsTenantFields"}) as unknown as TypedDocumentString<MikroopsTenantFieldsFragment, unknown>;
export const CustomerAccountDocument = new TypedDocumentString(`
    query CustomerAccount($id: ID!) {
  customer(id: $id) {
    name
    balance {
      amount
      currency
    }
    invoices {
      totalCount
      nodes {
        id
        number
        state
        total {
          amount
          currency
        }
        open {
          amount
        }
        dueOn
        period {
          from
          to
        }
        lines {
          description
          total {
            amount
          }
          derivation
        }
      }
    }
    services {
      nodes {
        id
        status
        suspensionReason
        plan {
          name
        }
        access {
          desired
          enforcement {
            outcome
            acknowledgedAt
            lagMs
          }
          session {
            address
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerAccountQuery, CustomerAccountQueryVariables>;
export const RunBillingDocument = new TypedDocumentString(`
    mutation RunBilling($input: RunBillingInput!) {
  runBilling(input: $input) {
    run {
      id
      state
      asOf
      dryRun
      invoices
      totals {
        amount
        currency
      }
      parked {
        subscriptionId
        code
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunBillingMutation, RunBillingMutationVariables>;
export const RunDunningDocument = new TypedDocumentString(`
    mutation RunDunning($input: RunDunningInput!) {
  runDunning(input: $input) {
    run {
      asOf
      overdue
      suspensionsDue
    }
  }
}
    `) as unknown as TypedDocumentString<RunDunningMutation, RunDunningMutationVariables>;
export const RecordPaymentDocument = new TypedDocumentString(`
    mutation RecordPayment($input: RecordPaymentInput!) {
  recordPayment(input: $input) {
    payment {
      id
      amount {
        amount
        currency
      }
      unallocated {
        amount
      }
    }
    invoice {
      id
      number
      state
      open {
        amount
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RecordPaymentMutation, RecordPaymentMutationVariables>;
export const PreviewBulkDocument = new TypedDocumentString(`
    mutation PreviewBulk($input: PreviewBulkInput!) {
  previewBulk(input: $input) {
    job {
      ...BulkJobFields
    }
  }
}
    fragment BulkJobFields on BulkJob {
  id
  action
  state
  itemCount
  sessionsToCut
  asWished
  error {
    code
    message
  }
  createdAt
  expiresAt
  startedAt
  finishedAt
  progress {
    pending
    running
    waiting
    succeeded
    failed
    skipped
  }
}`) as unknown as TypedDocumentString<PreviewBulkMutation, PreviewBulkMutationVariables>;
export const StartBulkDocument = new TypedDocumentString(`
    mutation StartBulk($input: StartBulkInput!) {
  startBulk(input: $input) {
    job {
      ...BulkJobFields
    }
  }
}
    fragment BulkJobFields on BulkJob {
  id
  action
  state
  itemCount
  sessionsToCut
  asWished
  error {
    code
    message
  }
  createdAt
  expiresAt
  startedAt
  finishedAt
  progress {
    pending
    running
    waiting
    succeeded
    failed
    skipped
  }
}`) as unknown as TypedDocumentString<StartBulkMutation, StartBulkMutationVariables>;
export const StopBulkDocument = new TypedDocumentString(`
    mutation StopBulk($input: StopBulkInput!) {
  stopBulk(input: $input) {
    job {
      ...BulkJobFields
    }
  }
}
    fragment BulkJobFields on BulkJob {
  id
  action
  state
  itemCount
  sessionsToCut
  asWished
  error {
    code
    message
  }
  createdAt
  expiresAt
  startedAt
  finishedAt
  progress {
    pending
    running
    waiting
    succeeded
    failed
    skipped
  }
}`) as unknown as TypedDocumentString<StopBulkMutation, StopBulkMutationVariables>;
export const ResumeBulkDocument = new TypedDocumentString(`
    mutation ResumeBulk($input: ResumeBulkInput!) {
  resumeBulk(input: $input) {
    job {
      ...BulkJobFields
    }
  }
}
    fragment BulkJobFields on BulkJob {
  id
  action
  state
  itemCount
  sessionsToCut
  asWished
  error {
    code
    message
  }
  createdAt
  expiresAt
  startedAt
  finishedAt
  progress {
    pending
    running
    waiting
    succeeded
    failed
    skipped
  }
}`) as unknown as TypedDocumentString<ResumeBulkMutation, ResumeBulkMutationVariables>;
export const CancelBulkDocument = new TypedDocumentString(`
    mutation CancelBulk($input: CancelBulkInput!) {
  cancelBulk(input: $input) {
    job {
      ...BulkJobFields
    }
  }
}
    fragment BulkJobFields on BulkJob {
  id
  action
  state
  itemCount
  sessionsToCut
  asWished
  error {
    code
    message
  }
  createdAt
  expiresAt
  startedAt
  finishedAt
  progress {
    pending
    running
    waiting
    succeeded
    failed
    skipped
  }
}`) as unknown as TypedDocumentString<CancelBulkMutation, CancelBulkMutationVariables>;
export const BulkJobDocument = new TypedDocumentString(`
    query BulkJob($id: ID!) {
  bulkJob(id: $id) {
    ...BulkJobFields
  }
}
    fragment BulkJobFields on BulkJob {
  id
  action
  state
  itemCount
  sessionsToCut
  asWished
  error {
    code
    message
  }
  createdAt
  expiresAt
  startedAt
  finishedAt
  progress {
    pending
    running
    waiting
    succeeded
    failed
    skipped
  }
}`) as unknown as TypedDocumentString<BulkJobQuery, BulkJobQueryVariables>;
export const BulkItemsDocument = new TypedDocumentString(`
    query BulkItems($bulkJobId: ID!, $filter: BulkItemFilter, $first: Int, $after: String) {
  bulkItems(bulkJobId: $bulkJobId, filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      position
      state
      skippedBecause
      error {
        code
        message
      }
      service {
        id
        number
        status
      }
      run {
        id
        state
      }
      finishedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<BulkItemsQuery, BulkItemsQueryVariables>;
export const FollowBulkJobDocument = new TypedDocumentString(`
    subscription FollowBulkJob($id: ID!) {
  bulkJob(id: $id) {
    ...BulkJobFields
  }
}
    fragment BulkJobFields on BulkJob {
  id
  action
  state
  itemCount
  sessionsToCut
  asWished
  error {
    code
    message
  }
  createdAt
  expiresAt
  startedAt
  finishedAt
  progress {
    pending
    running
    waiting
    succeeded
    failed
    skipped
  }
}`) as unknown as TypedDocumentString<FollowBulkJobSubscription, FollowBulkJobSubscriptionVariables>;
export const CustomerToSessionDocument = new TypedDocumentString(`
    query CustomerToSession($id: ID!) {
  customer(id: $id) {
    name
    services {
      nodes {
        id
        status
        plan {
          name
          price {
            amount
            currency
          }
        }
        access {
          desired
          enforcement {
            outcome
            acknowledgedAt
            lagMs
            reason {
              code
              message
            }
          }
          session {
            address
            callerId
            uptime
            router {
              name
            }
            observedAt
            source
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerToSessionQuery, CustomerToSessionQueryVariables>;
export const FindCustomersDocument = new TypedDocumentString(`
    query FindCustomers($search: String!) {
  customers(filter: {search: $search}) {
    totalCount
    nodes {
      id
      name
      services {
        nodes {
          id
          status
          access {
            enforcement {
              outcome
            }
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FindCustomersQuery, FindCustomersQueryVariables>;
export const PppSessionsDocument = new TypedDocumentString(`
    subscription PppSessions($routerId: ID) {
  pppSessions(routerId: $routerId) {
    action
    remaining
    session {
      name
      address
      callerId
      service {
        id
        plan {
          name
        }
        customer {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PppSessionsSubscription, PppSessionsSubscriptionVariables>;
export const TrafficDocument = new TypedDocumentString(`
    subscription Traffic($serviceId: ID!) {
  traffic(serviceId: $serviceId) {
    at
    rxBitsPerSecond
    txBitsPerSecond
  }
}
    `) as unknown as TypedDocumentString<TrafficSubscription, TrafficSubscriptionVariables>;
export const DisconnectSessionDocument = new TypedDocumentString(`
    mutation DisconnectSession($input: DisconnectSessionInput!) {
  disconnectSession(input: $input) {
    disconnected
  }
}
    `) as unknown as TypedDocumentString<DisconnectSessionMutation, DisconnectSessionMutationVariables>;
export const CreatePlanDocument = new TypedDocumentString(`
    mutation CreatePlan($input: CreatePlanInput!) {
  createPlan(input: $input) {
    plan {
      id
      code
      name
      price {
        amount
        currency
      }
      access {
        rateLimit
        localAddress
        remotePool
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CreatePlanMutation, CreatePlanMutationVariables>;
export const RegisterRouterDocument = new TypedDocumentString(`
    mutation RegisterRouter($input: RegisterRouterInput!) {
  registerRouter(input: $input) {
    router {
      id
      name
      status {
        reachable
        version
        identity
        observedAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RegisterRouterMutation, RegisterRouterMutationVariables>;
export const RouterDocument = new TypedDocumentString(`
    query Router($id: ID!) {
  router(id: $id) {
    id
    name
    status {
      reachable
      reason
      version
      identity
      observedAt
    }
  }
}
    `) as unknown as TypedDocumentString<RouterQuery, RouterQueryVariables>;
export const OnboardCustomerDocument = new TypedDocumentString(`
    mutation OnboardCustomer($input: OnboardCustomerInput!) {
  onboardCustomer(input: $input) {
    customer {
      id
      name
      email
    }
    service {
      id
      status
    }
    run {
      id
      state
      steps {
        name
        state
        error {
          code
          message
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardCustomerMutation, OnboardCustomerMutationVariables>;
export const ImportRouterDocument = new TypedDocumentString(`
    mutation ImportRouter($input: ImportRouterInput!) {
  importRouter(input: $input) {
    routerImport {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ImportRouterMutation, ImportRouterMutationVariables>;
export const RouterImportDocument = new TypedDocumentString(`
    query RouterImport($id: ID!, $first: Int, $after: String, $filter: RouterImportItemFilter) {
  routerImport(id: $id) {
    id
    state
    reason {
      code
      message
    }
    router {
      id
      name
    }
    readAt
    expiresAt
    finishedAt
    counts {
      profiles
      secrets
      pools
      createPlans
      usePlans
      adopt
      owned
      skip
      withoutPassword
      online
      open
      running
      done
      skipped
      failed
    }
    items(first: $first, after: $after, filter: $filter) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        kind
        name
        treatment
        problems {
          code
          message
          blocks
        }
        excluded
        plan {
          id
          code
          name
          rateLimit
          price {
            amount
            currency
          }
        }
        profile
        customerName
        email
        phone
        passwordKnown
        online
        state
        outcome {
          code
          message
        }
        runId
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RouterImportQuery, RouterImportQueryVariables>;
export const UpdateRouterImportItemDocument = new TypedDocumentString(`
    mutation UpdateRouterImportItem($input: UpdateRouterImportItemInput!) {
  updateRouterImportItem(input: $input) {
    item {
      id
      treatment
      customerName
      excluded
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateRouterImportItemMutation, UpdateRouterImportItemMutationVariables>;
export const ApplyRouterImportDocument = new TypedDocumentString(`
    mutation ApplyRouterImport($input: ApplyRouterImportInput!) {
  applyRouterImport(input: $input) {
    routerImport {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ApplyRouterImportMutation, ApplyRouterImportMutationVariables>;
export const CancelRouterImportDocument = new TypedDocumentString(`
    mutation CancelRouterImport($input: CancelRouterImportInput!) {
  cancelRouterImport(input: $input) {
    routerImport {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<CancelRouterImportMutation, CancelRouterImportMutationVariables>;
export const WatchRouterImportDocument = new TypedDocumentString(`
    subscription WatchRouterImport($id: ID!) {
  routerImport(id: $id) {
    id
    state
    counts {
      adopt
      open
      running
      done
      skipped
      failed
    }
  }
}
    `) as unknown as TypedDocumentString<WatchRouterImportSubscription, WatchRouterImportSubscriptionVariables>;
export const AdoptPppSecretDocument = new TypedDocumentString(`
    mutation AdoptPppSecret($input: AdoptPppSecretInput!) {
  adoptPppSecret(input: $input) {
    customer {
      id
      name
    }
    service {
      id
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<AdoptPppSecretMutation, AdoptPppSecretMutationVariables>;
export const RunDocument = new TypedDocumentString(`
    query Run($id: ID!) {
  run(id: $id) {
    ...RunState
  }
}
    fragment RunState on WorkflowRun {
  id
  state
  steps {
    name
    state
    attempts
    nextAttemptAt
    error {
      code
      message
    }
  }
}`) as unknown as TypedDocumentString<RunQuery, RunQueryVariables>;
export const WatchRunDocument = new TypedDocumentString(`
    subscription WatchRun($id: ID!) {
  run(id: $id) {
    ...RunState
  }
}
    fragment RunState on WorkflowRun {
  id
  state
  steps {
    name
    state
    attempts
    nextAttemptAt
    error {
      code
      message
    }
  }
}`) as unknown as TypedDocumentString<WatchRunSubscription, WatchRunSubscriptionVariables>;
export const CancelRunDocument = new TypedDocumentString(`
    mutation CancelRun($input: CancelRunInput!) {
  cancelRun(input: $input) {
    run {
      ...RunState
    }
  }
}
    fragment RunState on WorkflowRun {
  id
  state
  steps {
    name
    state
    attempts
    nextAttemptAt
    error {
      code
      message
    }
  }
}`) as unknown as TypedDocumentString<CancelRunMutation, CancelRunMutationVariables>;
export const MoveSandboxClockDocument = new TypedDocumentString(`
    mutation MoveSandboxClock($input: MoveSandboxClockInput!) {
  moveSandboxClock(input: $input) {
    clock {
      now
    }
  }
}
    `) as unknown as TypedDocumentString<MoveSandboxClockMutation, MoveSandboxClockMutationVariables>;
export const SuspendServiceDocument = new TypedDocumentString(`
    mutation SuspendService($input: SuspendServiceInput!) {
  suspendService(input: $input) {
    service {
      id
      status
      suspensionReason
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<SuspendServiceMutation, SuspendServiceMutationVariables>;
export const ResumeServiceDocument = new TypedDocumentString(`
    mutation ResumeService($input: ResumeServiceInput!) {
  resumeService(input: $input) {
    service {
      id
      status
      suspensionReason
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ResumeServiceMutation, ResumeServiceMutationVariables>;
export const ChangePlanDocument = new TypedDocumentString(`
    mutation ChangePlan($input: ChangePlanInput!) {
  changePlan(input: $input) {
    service {
      id
      status
      plan {
        code
        name
      }
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ChangePlanMutation, ChangePlanMutationVariables>;
export const MoveServiceDocument = new TypedDocumentString(`
    mutation MoveService($input: MoveServiceInput!) {
  moveService(input: $input) {
    service {
      id
      status
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<MoveServiceMutation, MoveServiceMutationVariables>;
export const TerminateServiceDocument = new TypedDocumentString(`
    mutation TerminateService($input: TerminateServiceInput!) {
  terminateService(input: $input) {
    service {
      id
      status
      terminatedAt
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<TerminateServiceMutation, TerminateServiceMutationVariables>;
export const ResetPppPasswordDocument = new TypedDocumentString(`
    mutation ResetPppPassword($input: ResetPppPasswordInput!) {
  resetPppPassword(input: $input) {
    service {
      id
      status
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ResetPppPasswordMutation, ResetPppPasswordMutationVariables>;
export const SetStaticAddressDocument = new TypedDocumentString(`
    mutation SetStaticAddress($input: SetStaticAddressInput!) {
  setStaticAddress(input: $input) {
    service {
      id
      status
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<SetStaticAddressMutation, SetStaticAddressMutationVariables>;
export const LockCallerIdDocument = new TypedDocumentString(`
    mutation LockCallerId($input: LockCallerIdInput!) {
  lockCallerId(input: $input) {
    service {
      id
      status
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<LockCallerIdMutation, LockCallerIdMutationVariables>;
export const ResetCallerIdDocument = new TypedDocumentString(`
    mutation ResetCallerId($input: ResetCallerIdInput!) {
  resetCallerId(input: $input) {
    service {
      id
      status
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ResetCallerIdMutation, ResetCallerIdMutationVariables>;
export const RevealPppPasswordDocument = new TypedDocumentString(`
    mutation RevealPppPassword($input: RevealPppPasswordInput!) {
  revealPppPassword(input: $input) {
    username
    password
  }
}
    `) as unknown as TypedDocumentString<RevealPppPasswordMutation, RevealPppPasswordMutationVariables>;
export const ChangeSubscriberDocument = new TypedDocumentString(`
    mutation ChangeSubscriber($input: ChangeSubscriberInput!) {
  changeSubscriber(input: $input) {
    customer {
      id
      name
      email
      phone
    }
    service {
      id
      billingDay
      plan {
        code
        name
      }
    }
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ChangeSubscriberMutation, ChangeSubscriberMutationVariables>;
export const OffboardCustomerDocument = new TypedDocumentString(`
    mutation OffboardCustomer($input: OffboardCustomerInput!) {
  offboardCustomer(input: $input) {
    customerId
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<OffboardCustomerMutation, OffboardCustomerMutationVariables>;
export const ServiceOnRouterDocument = new TypedDocumentString(`
    query ServiceOnRouter($id: ID!) {
  service(id: $id) {
    id
    status
    suspensionReason
    plan {
      code
      name
    }
    access {
      desired
      username
      profile
      staticAddress
      callerIdLock
      router {
        id
        name
      }
      enforcement {
        outcome
        reason {
          code
          message
        }
        acknowledgedAt
        lagMs
        attempts
      }
      session {
        address
        callerId
      }
      leaving {
        username
        router {
          name
        }
        reason {
          code
          message
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ServiceOnRouterQuery, ServiceOnRouterQueryVariables>;
export const CustomerTimelineDocument = new TypedDocumentString(`
    query CustomerTimeline($id: ID!, $first: Int, $after: String, $filter: TimelineFilter) {
  customer(id: $id) {
    timeline(first: $first, after: $after, filter: $filter) {
      totalCount
      nodes {
        ...TimelineEntryFields
      }
      pageInfo {
        startCursor
        endCursor
        hasNextPage
      }
    }
  }
}
    fragment TimelineEntryFields on TimelineEntry {
  id
  cursor
  position
  at
  kind
  source
  summary
  details {
    __typename
    ... on TimelineService {
      service {
        id
      }
      plan {
        id
        name
      }
      reason
      status
    }
    ... on TimelineInvoice {
      invoice {
        id
        state
      }
      number
      total {
        amount
        currency
      }
      dueOn
    }
    ... on TimelinePayment {
      payment {
        id
        method
      }
      invoice {
        id
      }
      amount {
        amount
        currency
      }
    }
    ... on TimelineSession {
      service {
        id
      }
      router {
        id
        name
      }
      name
      address
    }
    ... on TimelineAccess {
      service {
        id
      }
      router {
        id
      }
      desired
      lagMs
    }
    ... on TimelineRun {
      runId
      workflow
      state
    }
  }
}`) as unknown as TypedDocumentString<CustomerTimelineQuery, CustomerTimelineQueryVariables>;
export const TimelineDocument = new TypedDocumentString(`
    subscription Timeline($customerId: ID!, $after: String) {
  timeline(customerId: $customerId, after: $after) {
    ...TimelineEntryFields
  }
}
    fragment TimelineEntryFields on TimelineEntry {
  id
  cursor
  position
  at
  kind
  source
  summary
  details {
    __typename
    ... on TimelineService {
      service {
        id
      }
      plan {
        id
        name
      }
      reason
      status
    }
    ... on TimelineInvoice {
      invoice {
        id
        state
      }
      number
      total {
        amount
        currency
      }
      dueOn
    }
    ... on TimelinePayment {
      payment {
        id
        method
      }
      invoice {
        id
      }
      amount {
        amount
        currency
      }
    }
    ... on TimelineSession {
      service {
        id
      }
      router {
        id
        name
      }
      name
      address
    }
    ... on TimelineAccess {
      service {
        id
      }
      router {
        id
      }
      desired
      lagMs
    }
    ... on TimelineRun {
      runId
      workflow
      state
    }
  }
}`) as unknown as TypedDocumentString<TimelineSubscription, TimelineSubscriptionVariables>;
export const MikroopsLoginDocument = new TypedDocumentString(`
    mutation MikroopsLogin($input: LoginInput!) {
  login(input: $input) {
    accessToken
    refreshToken
    expiresIn
    refreshExpiresIn
    user {
      ...MikroopsUserFields
    }
  }
}
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}`) as unknown as TypedDocumentString<MikroopsLoginMutation, MikroopsLoginMutationVariables>;
export const MikroopsRefreshDocument = new TypedDocumentString(`
    mutation MikroopsRefresh($input: RefreshInput!) {
  refresh(input: $input) {
    accessToken
    refreshToken
    expiresIn
    refreshExpiresIn
  }
}
    `) as unknown as TypedDocumentString<MikroopsRefreshMutation, MikroopsRefreshMutationVariables>;
export const MikroopsLogoutDocument = new TypedDocumentString(`
    mutation MikroopsLogout($input: LogoutInput!) {
  logout(input: $input) {
    success
  }
}
    `) as unknown as TypedDocumentString<MikroopsLogoutMutation, MikroopsLogoutMutationVariables>;
export const MikroopsProfileDocument = new TypedDocumentString(`
    query MikroopsProfile {
  me {
    ...MikroopsUserFields
  }
}
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}`) as unknown as TypedDocumentString<MikroopsProfileQuery, MikroopsProfileQueryVariables>;
export const MikroopsRegisterDocument = new TypedDocumentString(`
    mutation MikroopsRegister($input: RegisterInput!) {
  register(input: $input) {
    user {
      ...MikroopsUserFields
    }
  }
}
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}`) as unknown as TypedDocumentString<MikroopsRegisterMutation, MikroopsRegisterMutationVariables>;
export const MikroopsUpsertClientsDocument = new TypedDocumentString(`
    mutation MikroopsUpsertClients($input: UpsertCustomersInput!) {
  upsertCustomers(input: $input) {
    customers {
      ...MikroopsClientFields
    }
  }
}
    fragment MikroopsClientFields on Customer {
  id
  accountNumber
  name
  email
  phone
  status
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsUpsertClientsMutation, MikroopsUpsertClientsMutationVariables>;
export const MikroopsFindClientsDocument = new TypedDocumentString(`
    query MikroopsFindClients($filter: CustomerFilter, $first: Int, $offset: Int) {
  customers(filter: $filter, first: $first, offset: $offset) {
    nodes {
      ...MikroopsClientFields
    }
    totalCount
  }
}
    fragment MikroopsClientFields on Customer {
  id
  accountNumber
  name
  email
  phone
  status
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsFindClientsQuery, MikroopsFindClientsQueryVariables>;
export const MikroopsDeleteClientsDocument = new TypedDocumentString(`
    mutation MikroopsDeleteClients($input: CloseCustomersInput!) {
  closeCustomers(input: $input) {
    customers {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<MikroopsDeleteClientsMutation, MikroopsDeleteClientsMutationVariables>;
export const MikroopsOnboardCustomerDocument = new TypedDocumentString(`
    mutation MikroopsOnboardCustomer($input: OnboardCustomerInput!) {
  onboardCustomer(input: $input) {
    customer {
      ...MikroopsSubscriberFields
    }
    service {
      id
      number
      status
      billingDay
      plan {
        id
        code
        name
        serviceType
      }
    }
    run {
      id
      state
    }
  }
}
    fragment MikroopsSubscriberFields on Customer {
  id
  accountNumber
  name
  email
  phone
  status
  createdAt
  updatedAt
  services(first: 1) {
    nodes {
      id
      number
      status
      billingDay
      plan {
        id
        code
        name
        serviceType
      }
      access {
        desired
        username
        enforcement {
          outcome
          reason {
            code
            message
          }
        }
        session {
          address
          callerId
          uptime
          observedAt
        }
      }
    }
  }
}`) as unknown as TypedDocumentString<MikroopsOnboardCustomerMutation, MikroopsOnboardCustomerMutationVariables>;
export const MikroopsSubscribersDocument = new TypedDocumentString(`
    query MikroopsSubscribers($filter: CustomerFilter, $first: Int, $offset: Int) {
  customers(
    filter: $filter
    first: $first
    offset: $offset
    orderBy: [{field: CREATED_AT, direction: DESC}]
  ) {
    nodes {
      ...MikroopsSubscriberFields
    }
    totalCount
  }
}
    fragment MikroopsSubscriberFields on Customer {
  id
  accountNumber
  name
  email
  phone
  status
  createdAt
  updatedAt
  services(first: 1) {
    nodes {
      id
      number
      status
      billingDay
      plan {
        id
        code
        name
        serviceType
      }
      access {
        desired
        username
        enforcement {
          outcome
          reason {
            code
            message
          }
        }
        session {
          address
          callerId
          uptime
          observedAt
        }
      }
    }
  }
}`) as unknown as TypedDocumentString<MikroopsSubscribersQuery, MikroopsSubscribersQueryVariables>;
export const MikroopsSubscriberDocument = new TypedDocumentString(`
    query MikroopsSubscriber($id: ID!) {
  customer(id: $id) {
    ...MikroopsSubscriberFields
  }
}
    fragment MikroopsSubscriberFields on Customer {
  id
  accountNumber
  name
  email
  phone
  status
  createdAt
  updatedAt
  services(first: 1) {
    nodes {
      id
      number
      status
      billingDay
      plan {
        id
        code
        name
        serviceType
      }
      access {
        desired
        username
        enforcement {
          outcome
          reason {
            code
            message
          }
        }
        session {
          address
          callerId
          uptime
          observedAt
        }
      }
    }
  }
}`) as unknown as TypedDocumentString<MikroopsSubscriberQuery, MikroopsSubscriberQueryVariables>;
export const MikroopsServiceOfCustomerDocument = new TypedDocumentString(`
    query MikroopsServiceOfCustomer($id: ID!) {
  customer(id: $id) {
    id
    services(first: 1) {
      nodes {
        id
        status
        access {
          username
          session {
            address
            callerId
            uptime
            observedAt
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MikroopsServiceOfCustomerQuery, MikroopsServiceOfCustomerQueryVariables>;
export const MikroopsTrafficDocument = new TypedDocumentString(`
    subscription MikroopsTraffic($serviceId: ID!) {
  traffic(serviceId: $serviceId) {
    at
    rxBitsPerSecond
    txBitsPerSecond
  }
}
    `) as unknown as TypedDocumentString<MikroopsTrafficSubscription, MikroopsTrafficSubscriptionVariables>;
export const MikroopsPingServiceDocument = new TypedDocumentString(`
    query MikroopsPingService($serviceId: ID!, $count: Int) {
  pingService(serviceId: $serviceId, count: $count) {
    online
    address
    sent
    received
    lossPercent
    minMs
    avgMs
    maxMs
    replies {
      seq
      host
      sizeBytes
      ttl
      timeMs
      status
    }
    observedAt
  }
}
    `) as unknown as TypedDocumentString<MikroopsPingServiceQuery, MikroopsPingServiceQueryVariables>;
export const MikroopsPingsDocument = new TypedDocumentString(`
    subscription MikroopsPings($serviceId: ID!) {
  pings(serviceId: $serviceId) {
    seq
    host
    sizeBytes
    ttl
    timeMs
    status
    at
  }
}
    `) as unknown as TypedDocumentString<MikroopsPingsSubscription, MikroopsPingsSubscriptionVariables>;
export const MikroopsChangeSubscriberDocument = new TypedDocumentString(`
    mutation MikroopsChangeSubscriber($input: ChangeSubscriberInput!) {
  changeSubscriber(input: $input) {
    customer {
      ...MikroopsSubscriberFields
    }
    run {
      id
      state
    }
  }
}
    fragment MikroopsSubscriberFields on Customer {
  id
  accountNumber
  name
  email
  phone
  status
  createdAt
  updatedAt
  services(first: 1) {
    nodes {
      id
      number
      status
      billingDay
      plan {
        id
        code
        name
        serviceType
      }
      access {
        desired
        username
        enforcement {
          outcome
          reason {
            code
            message
          }
        }
        session {
          address
          callerId
          uptime
          observedAt
        }
      }
    }
  }
}`) as unknown as TypedDocumentString<MikroopsChangeSubscriberMutation, MikroopsChangeSubscriberMutationVariables>;
export const MikroopsOffboardCustomerDocument = new TypedDocumentString(`
    mutation MikroopsOffboardCustomer($input: OffboardCustomerInput!) {
  offboardCustomer(input: $input) {
    customerId
    run {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<MikroopsOffboardCustomerMutation, MikroopsOffboardCustomerMutationVariables>;
export const MikroopsInterfaceTrafficDocument = new TypedDocumentString(`
    query MikroopsInterfaceTraffic($interface: String!) {
  interfaceTraffic(interface: $interface) {
    ...MikroopsInterfaceTrafficFields
  }
}
    fragment MikroopsInterfaceTrafficFields on InterfaceTraffic {
  interface
  present
  rxBitsPerSecond
  txBitsPerSecond
  rxPacketsPerSecond
  txPacketsPerSecond
  at
}`) as unknown as TypedDocumentString<MikroopsInterfaceTrafficQuery, MikroopsInterfaceTrafficQueryVariables>;
export const MikroopsInterfaceTrafficStreamDocument = new TypedDocumentString(`
    subscription MikroopsInterfaceTrafficStream($interface: String!) {
  interfaceTraffic(interface: $interface) {
    ...MikroopsInterfaceTrafficFields
  }
}
    fragment MikroopsInterfaceTrafficFields on InterfaceTraffic {
  interface
  present
  rxBitsPerSecond
  txBitsPerSecond
  rxPacketsPerSecond
  txPacketsPerSecond
  at
}`) as unknown as TypedDocumentString<MikroopsInterfaceTrafficStreamSubscription, MikroopsInterfaceTrafficStreamSubscriptionVariables>;
export const MikroopsPingAddressDocument = new TypedDocumentString(`
    query MikroopsPingAddress($address: String!, $count: Int!) {
  pingAddress(address: $address, count: $count) {
    address
    sent
    received
    lossPercent
    minMs
    avgMs
    maxMs
    replies {
      seq
      host
      sizeBytes
      ttl
      timeMs
      status
    }
    observedAt
  }
}
    `) as unknown as TypedDocumentString<MikroopsPingAddressQuery, MikroopsPingAddressQueryVariables>;
export const MikroopsAddressPingsDocument = new TypedDocumentString(`
    subscription MikroopsAddressPings($address: String!) {
  addressPings(address: $address) {
    seq
    host
    sizeBytes
    ttl
    timeMs
    status
  }
}
    `) as unknown as TypedDocumentString<MikroopsAddressPingsSubscription, MikroopsAddressPingsSubscriptionVariables>;
export const MikroopsRouterLogsDocument = new TypedDocumentString(`
    subscription MikroopsRouterLogs {
  routerLogs {
    action
    lines {
      id
      time
      topics
      message
    }
  }
}
    `) as unknown as TypedDocumentString<MikroopsRouterLogsSubscription, MikroopsRouterLogsSubscriptionVariables>;
export const MikroopsOwnCurrencyDocument = new TypedDocumentString(`
    query MikroopsOwnCurrency {
  tenant {
    currency
  }
}
    `) as unknown as TypedDocumentString<MikroopsOwnCurrencyQuery, MikroopsOwnCurrencyQueryVariables>;
export const MikroopsCreatePlanDocument = new TypedDocumentString(`
    mutation MikroopsCreatePlan($input: CreatePlanInput!) {
  createPlan(input: $input) {
    plan {
      ...MikroopsPlanFields
    }
  }
}
    fragment MikroopsPlanFields on Plan {
  id
  code
  name
  serviceType
  price {
    amount
    currency
  }
  access {
    rateLimit
    localAddress
    remotePool
  }
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsCreatePlanMutation, MikroopsCreatePlanMutationVariables>;
export const MikroopsPlansDocument = new TypedDocumentString(`
    query MikroopsPlans($filter: PlanFilter, $first: Int, $offset: Int) {
  plans(
    filter: $filter
    first: $first
    offset: $offset
    orderBy: [{field: CREATED_AT, direction: DESC}]
  ) {
    nodes {
      ...MikroopsPlanFields
    }
    totalCount
  }
}
    fragment MikroopsPlanFields on Plan {
  id
  code
  name
  serviceType
  price {
    amount
    currency
  }
  access {
    rateLimit
    localAddress
    remotePool
  }
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsPlansQuery, MikroopsPlansQueryVariables>;
export const MikroopsPlanDocument = new TypedDocumentString(`
    query MikroopsPlan($id: ID!) {
  plan(id: $id) {
    ...MikroopsPlanFields
  }
}
    fragment MikroopsPlanFields on Plan {
  id
  code
  name
  serviceType
  price {
    amount
    currency
  }
  access {
    rateLimit
    localAddress
    remotePool
  }
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsPlanQuery, MikroopsPlanQueryVariables>;
export const MikroopsUpdatePlanDocument = new TypedDocumentString(`
    mutation MikroopsUpdatePlan($input: UpdatePlanInput!) {
  updatePlan(input: $input) {
    plan {
      ...MikroopsPlanFields
    }
  }
}
    fragment MikroopsPlanFields on Plan {
  id
  code
  name
  serviceType
  price {
    amount
    currency
  }
  access {
    rateLimit
    localAddress
    remotePool
  }
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsUpdatePlanMutation, MikroopsUpdatePlanMutationVariables>;
export const MikroopsRemovePlanDocument = new TypedDocumentString(`
    mutation MikroopsRemovePlan($input: RemovePlanInput!) {
  removePlan(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<MikroopsRemovePlanMutation, MikroopsRemovePlanMutationVariables>;
export const MikroopsCreateIpPoolDocument = new TypedDocumentString(`
    mutation MikroopsCreateIpPool($input: CreateIpPoolInput!) {
  createIpPool(input: $input) {
    pool {
      ...MikroopsIpPoolFields
    }
  }
}
    fragment MikroopsIpPoolFields on IpPool {
  id
  name
  ranges
  nextPool
  comment
}`) as unknown as TypedDocumentString<MikroopsCreateIpPoolMutation, MikroopsCreateIpPoolMutationVariables>;
export const MikroopsIpPoolsDocument = new TypedDocumentString(`
    query MikroopsIpPools($filter: IpPoolFilter, $first: Int, $offset: Int) {
  ipPools(filter: $filter, first: $first, offset: $offset) {
    nodes {
      ...MikroopsIpPoolFields
    }
    totalCount
  }
}
    fragment MikroopsIpPoolFields on IpPool {
  id
  name
  ranges
  nextPool
  comment
}`) as unknown as TypedDocumentString<MikroopsIpPoolsQuery, MikroopsIpPoolsQueryVariables>;
export const MikroopsIpPoolDocument = new TypedDocumentString(`
    query MikroopsIpPool($id: ID!) {
  ipPool(id: $id) {
    ...MikroopsIpPoolFields
  }
}
    fragment MikroopsIpPoolFields on IpPool {
  id
  name
  ranges
  nextPool
  comment
}`) as unknown as TypedDocumentString<MikroopsIpPoolQuery, MikroopsIpPoolQueryVariables>;
export const MikroopsUpdateIpPoolDocument = new TypedDocumentString(`
    mutation MikroopsUpdateIpPool($input: UpdateIpPoolInput!) {
  updateIpPool(input: $input) {
    pool {
      ...MikroopsIpPoolFields
    }
  }
}
    fragment MikroopsIpPoolFields on IpPool {
  id
  name
  ranges
  nextPool
  comment
}`) as unknown as TypedDocumentString<MikroopsUpdateIpPoolMutation, MikroopsUpdateIpPoolMutationVariables>;
export const MikroopsDeleteIpPoolDocument = new TypedDocumentString(`
    mutation MikroopsDeleteIpPool($input: DeleteIpPoolInput!) {
  deleteIpPool(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<MikroopsDeleteIpPoolMutation, MikroopsDeleteIpPoolMutationVariables>;
export const MikroopsCreatePppSecretDocument = new TypedDocumentString(`
    mutation MikroopsCreatePppSecret($input: CreatePppSecretInput!) {
  createPppSecret(input: $input) {
    secret {
      ...MikroopsPppSecretFields
    }
  }
}
    fragment MikroopsPppSecretFields on PppSecret {
  id
  name
  service
  profile
  localAddress
  remoteAddress
  callerId
  comment
  disabled
  lastLoggedOut
  owned
}`) as unknown as TypedDocumentString<MikroopsCreatePppSecretMutation, MikroopsCreatePppSecretMutationVariables>;
export const MikroopsPppSecretsDocument = new TypedDocumentString(`
    query MikroopsPppSecrets($filter: PppSecretFilter, $first: Int, $offset: Int) {
  pppSecrets(filter: $filter, first: $first, offset: $offset) {
    nodes {
      ...MikroopsPppSecretFields
    }
    totalCount
  }
}
    fragment MikroopsPppSecretFields on PppSecret {
  id
  name
  service
  profile
  localAddress
  remoteAddress
  callerId
  comment
  disabled
  lastLoggedOut
  owned
}`) as unknown as TypedDocumentString<MikroopsPppSecretsQuery, MikroopsPppSecretsQueryVariables>;
export const MikroopsPppSecretDocument = new TypedDocumentString(`
    query MikroopsPppSecret($id: ID!) {
  pppSecret(id: $id) {
    ...MikroopsPppSecretFields
  }
}
    fragment MikroopsPppSecretFields on PppSecret {
  id
  name
  service
  profile
  localAddress
  remoteAddress
  callerId
  comment
  disabled
  lastLoggedOut
  owned
}`) as unknown as TypedDocumentString<MikroopsPppSecretQuery, MikroopsPppSecretQueryVariables>;
export const MikroopsUpdatePppSecretDocument = new TypedDocumentString(`
    mutation MikroopsUpdatePppSecret($input: UpdatePppSecretInput!) {
  updatePppSecret(input: $input) {
    secret {
      ...MikroopsPppSecretFields
    }
  }
}
    fragment MikroopsPppSecretFields on PppSecret {
  id
  name
  service
  profile
  localAddress
  remoteAddress
  callerId
  comment
  disabled
  lastLoggedOut
  owned
}`) as unknown as TypedDocumentString<MikroopsUpdatePppSecretMutation, MikroopsUpdatePppSecretMutationVariables>;
export const MikroopsDeletePppSecretDocument = new TypedDocumentString(`
    mutation MikroopsDeletePppSecret($input: DeletePppSecretInput!) {
  deletePppSecret(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<MikroopsDeletePppSecretMutation, MikroopsDeletePppSecretMutationVariables>;
export const MikroopsCreatePppProfileDocument = new TypedDocumentString(`
    mutation MikroopsCreatePppProfile($input: CreatePppProfileInput!) {
  createPppProfile(input: $input) {
    profile {
      ...MikroopsPppProfileFields
    }
  }
}
    fragment MikroopsPppProfileFields on PppProfile {
  id
  name
  localAddress
  remoteAddress
  rateLimit
  onlyOne
  comment
  default
  owned
}`) as unknown as TypedDocumentString<MikroopsCreatePppProfileMutation, MikroopsCreatePppProfileMutationVariables>;
export const MikroopsPppProfilesDocument = new TypedDocumentString(`
    query MikroopsPppProfiles($filter: PppProfileFilter, $first: Int, $offset: Int) {
  pppProfiles(filter: $filter, first: $first, offset: $offset) {
    nodes {
      ...MikroopsPppProfileFields
    }
    totalCount
  }
}
    fragment MikroopsPppProfileFields on PppProfile {
  id
  name
  localAddress
  remoteAddress
  rateLimit
  onlyOne
  comment
  default
  owned
}`) as unknown as TypedDocumentString<MikroopsPppProfilesQuery, MikroopsPppProfilesQueryVariables>;
export const MikroopsPppProfileDocument = new TypedDocumentString(`
    query MikroopsPppProfile($id: ID!) {
  pppProfile(id: $id) {
    ...MikroopsPppProfileFields
  }
}
    fragment MikroopsPppProfileFields on PppProfile {
  id
  name
  localAddress
  remoteAddress
  rateLimit
  onlyOne
  comment
  default
  owned
}`) as unknown as TypedDocumentString<MikroopsPppProfileQuery, MikroopsPppProfileQueryVariables>;
export const MikroopsUpdatePppProfileDocument = new TypedDocumentString(`
    mutation MikroopsUpdatePppProfile($input: UpdatePppProfileInput!) {
  updatePppProfile(input: $input) {
    profile {
      ...MikroopsPppProfileFields
    }
  }
}
    fragment MikroopsPppProfileFields on PppProfile {
  id
  name
  localAddress
  remoteAddress
  rateLimit
  onlyOne
  comment
  default
  owned
}`) as unknown as TypedDocumentString<MikroopsUpdatePppProfileMutation, MikroopsUpdatePppProfileMutationVariables>;
export const MikroopsDeletePppProfileDocument = new TypedDocumentString(`
    mutation MikroopsDeletePppProfile($input: DeletePppProfileInput!) {
  deletePppProfile(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<MikroopsDeletePppProfileMutation, MikroopsDeletePppProfileMutationVariables>;
export const MikroopsPppActivesDocument = new TypedDocumentString(`
    query MikroopsPppActives($filter: PppActiveFilter, $first: Int, $offset: Int) {
  pppActives(filter: $filter, first: $first, offset: $offset) {
    nodes {
      ...MikroopsPppActiveFields
    }
    totalCount
  }
}
    fragment MikroopsPppActiveFields on PppActive {
  id
  name
  service
  callerId
  address
  uptime
  uptimeSeconds
  encoding
  interface
  localAddress
  observedAt
  stale
}`) as unknown as TypedDocumentString<MikroopsPppActivesQuery, MikroopsPppActivesQueryVariables>;
export const MikroopsPppActiveDocument = new TypedDocumentString(`
    query MikroopsPppActive($id: ID!) {
  pppActive(id: $id) {
    ...MikroopsPppActiveFields
  }
}
    fragment MikroopsPppActiveFields on PppActive {
  id
  name
  service
  callerId
  address
  uptime
  uptimeSeconds
  encoding
  interface
  localAddress
  observedAt
  stale
}`) as unknown as TypedDocumentString<MikroopsPppActiveQuery, MikroopsPppActiveQueryVariables>;
export const MikroopsPppInactivesDocument = new TypedDocumentString(`
    query MikroopsPppInactives($filter: PppSecretFilter, $first: Int, $offset: Int) {
  pppInactives(filter: $filter, first: $first, offset: $offset) {
    nodes {
      ...MikroopsPppSecretFields
    }
    totalCount
  }
}
    fragment MikroopsPppSecretFields on PppSecret {
  id
  name
  service
  profile
  localAddress
  remoteAddress
  callerId
  comment
  disabled
  lastLoggedOut
  owned
}`) as unknown as TypedDocumentString<MikroopsPppInactivesQuery, MikroopsPppInactivesQueryVariables>;
export const MikroopsPppSessionsDocument = new TypedDocumentString(`
    subscription MikroopsPppSessions {
  pppSessions {
    action
    session {
      id
      name
      address
      callerId
      uptime
    }
    at
  }
}
    `) as unknown as TypedDocumentString<MikroopsPppSessionsSubscription, MikroopsPppSessionsSubscriptionVariables>;
export const MikroopsPppoeCallbacksDocument = new TypedDocumentString(`
    subscription MikroopsPppoeCallbacks {
  pppoeCallbacks {
    action
    name
    callerId
    interface
    localAddress
    remoteAddress
    service
    receivedAt
  }
}
    `) as unknown as TypedDocumentString<MikroopsPppoeCallbacksSubscription, MikroopsPppoeCallbacksSubscriptionVariables>;
export const MikroopsReportPppoeCallbacksDocument = new TypedDocumentString(`
    mutation MikroopsReportPppoeCallbacks($input: ReportPppoeCallbacksInput!) {
  report: reportPppoeCallbacks(input: $input) {
    outcomes
  }
}
    `) as unknown as TypedDocumentString<MikroopsReportPppoeCallbacksMutation, MikroopsReportPppoeCallbacksMutationVariables>;
export const MikroopsCreateQueueDocument = new TypedDocumentString(`
    mutation MikroopsCreateQueue($input: CreateSimpleQueueInput!) {
  createSimpleQueue(input: $input) {
    queue {
      ...MikroopsQueueFields
    }
  }
}
    fragment MikroopsQueueFields on SimpleQueue {
  id
  name
  target
  dst
  parent
  priority
  queueType
  limitAt
  maxLimit
  burstLimit
  burstThreshold
  burstTime
  comment
  disabled
  dynamic
  owned
}`) as unknown as TypedDocumentString<MikroopsCreateQueueMutation, MikroopsCreateQueueMutationVariables>;
export const MikroopsQueuesDocument = new TypedDocumentString(`
    query MikroopsQueues($filter: SimpleQueueFilter, $first: Int, $offset: Int) {
  simpleQueues(filter: $filter, first: $first, offset: $offset) {
    nodes {
      ...MikroopsQueueFields
    }
    totalCount
  }
}
    fragment MikroopsQueueFields on SimpleQueue {
  id
  name
  target
  dst
  parent
  priority
  queueType
  limitAt
  maxLimit
  burstLimit
  burstThreshold
  burstTime
  comment
  disabled
  dynamic
  owned
}`) as unknown as TypedDocumentString<MikroopsQueuesQuery, MikroopsQueuesQueryVariables>;
export const MikroopsQueueDocument = new TypedDocumentString(`
    query MikroopsQueue($id: ID!) {
  simpleQueue(id: $id) {
    ...MikroopsQueueFields
  }
}
    fragment MikroopsQueueFields on SimpleQueue {
  id
  name
  target
  dst
  parent
  priority
  queueType
  limitAt
  maxLimit
  burstLimit
  burstThreshold
  burstTime
  comment
  disabled
  dynamic
  owned
}`) as unknown as TypedDocumentString<MikroopsQueueQuery, MikroopsQueueQueryVariables>;
export const MikroopsUpdateQueueDocument = new TypedDocumentString(`
    mutation MikroopsUpdateQueue($input: UpdateSimpleQueueInput!) {
  updateSimpleQueue(input: $input) {
    queue {
      ...MikroopsQueueFields
    }
  }
}
    fragment MikroopsQueueFields on SimpleQueue {
  id
  name
  target
  dst
  parent
  priority
  queueType
  limitAt
  maxLimit
  burstLimit
  burstThreshold
  burstTime
  comment
  disabled
  dynamic
  owned
}`) as unknown as TypedDocumentString<MikroopsUpdateQueueMutation, MikroopsUpdateQueueMutationVariables>;
export const MikroopsDeleteQueueDocument = new TypedDocumentString(`
    mutation MikroopsDeleteQueue($input: DeleteSimpleQueueInput!) {
  deleteSimpleQueue(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<MikroopsDeleteQueueMutation, MikroopsDeleteQueueMutationVariables>;
export const MikroopsRegisterRouterDocument = new TypedDocumentString(`
    mutation MikroopsRegisterRouter($input: RegisterRouterInput!) {
  registerRouter(input: $input) {
    router {
      ...MikroopsRouterFields
      status {
        ...MikroopsRouterStatusFields
      }
    }
  }
}
    fragment MikroopsRouterFields on Router {
  id
  name
  host
  port
  username
  site
  active
  createdAt
  updatedAt
}
fragment MikroopsRouterStatusFields on RouterStatus {
  state
  reachable
  reason
  version
  identity
  observedAt
}`) as unknown as TypedDocumentString<MikroopsRegisterRouterMutation, MikroopsRegisterRouterMutationVariables>;
export const MikroopsRoutersDocument = new TypedDocumentString(`
    query MikroopsRouters($filter: RouterFilter, $first: Int, $offset: Int) {
  routers(filter: $filter, first: $first, offset: $offset) {
    nodes {
      ...MikroopsRouterFields
      status {
        ...MikroopsRouterStatusFields
      }
    }
    totalCount
  }
}
    fragment MikroopsRouterFields on Router {
  id
  name
  host
  port
  username
  site
  active
  createdAt
  updatedAt
}
fragment MikroopsRouterStatusFields on RouterStatus {
  state
  reachable
  reason
  version
  identity
  observedAt
}`) as unknown as TypedDocumentString<MikroopsRoutersQuery, MikroopsRoutersQueryVariables>;
export const MikroopsRouterDocument = new TypedDocumentString(`
    query MikroopsRouter($id: ID!) {
  router(id: $id) {
    ...MikroopsRouterFields
    status {
      ...MikroopsRouterStatusFields
    }
  }
}
    fragment MikroopsRouterFields on Router {
  id
  name
  host
  port
  username
  site
  active
  createdAt
  updatedAt
}
fragment MikroopsRouterStatusFields on RouterStatus {
  state
  reachable
  reason
  version
  identity
  observedAt
}`) as unknown as TypedDocumentString<MikroopsRouterQuery, MikroopsRouterQueryVariables>;
export const MikroopsRouterNowDocument = new TypedDocumentString(`
    query MikroopsRouterNow($id: ID!) {
  router(id: $id) {
    ...MikroopsRouterFields
    status(live: true) {
      ...MikroopsRouterStatusFields
    }
  }
}
    fragment MikroopsRouterFields on Router {
  id
  name
  host
  port
  username
  site
  active
  createdAt
  updatedAt
}
fragment MikroopsRouterStatusFields on RouterStatus {
  state
  reachable
  reason
  version
  identity
  observedAt
}`) as unknown as TypedDocumentString<MikroopsRouterNowQuery, MikroopsRouterNowQueryVariables>;
export const MikroopsUpdateRouterDocument = new TypedDocumentString(`
    mutation MikroopsUpdateRouter($input: UpdateRouterInput!) {
  updateRouter(input: $input) {
    router {
      ...MikroopsRouterFields
      status {
        ...MikroopsRouterStatusFields
      }
    }
  }
}
    fragment MikroopsRouterFields on Router {
  id
  name
  host
  port
  username
  site
  active
  createdAt
  updatedAt
}
fragment MikroopsRouterStatusFields on RouterStatus {
  state
  reachable
  reason
  version
  identity
  observedAt
}`) as unknown as TypedDocumentString<MikroopsUpdateRouterMutation, MikroopsUpdateRouterMutationVariables>;
export const MikroopsRemoveRouterDocument = new TypedDocumentString(`
    mutation MikroopsRemoveRouter($input: RemoveRouterInput!) {
  removeRouter(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<MikroopsRemoveRouterMutation, MikroopsRemoveRouterMutationVariables>;
export const MikroopsActivateRouterDocument = new TypedDocumentString(`
    mutation MikroopsActivateRouter($input: ActivateRouterInput!) {
  activateRouter(input: $input) {
    router {
      ...MikroopsRouterFields
      status {
        ...MikroopsRouterStatusFields
      }
    }
  }
}
    fragment MikroopsRouterFields on Router {
  id
  name
  host
  port
  username
  site
  active
  createdAt
  updatedAt
}
fragment MikroopsRouterStatusFields on RouterStatus {
  state
  reachable
  reason
  version
  identity
  observedAt
}`) as unknown as TypedDocumentString<MikroopsActivateRouterMutation, MikroopsActivateRouterMutationVariables>;
export const MikroopsClientPingDocument = new TypedDocumentString(`
    query MikroopsClientPing {
  __typename
}
    `) as unknown as TypedDocumentString<MikroopsClientPingQuery, MikroopsClientPingQueryVariables>;
export const MikroopsCreateTenantDocument = new TypedDocumentString(`
    mutation MikroopsCreateTenant($input: CreateTenantInput!) {
  createTenant(input: $input) {
    tenant {
      ...MikroopsTenantFields
    }
  }
}
    fragment MikroopsTenantFields on Tenant {
  id
  slug
  name
  companyName
  phone
  timeZone
  currency
  active
  maxRouters
  maxSubscribers
  features
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsCreateTenantMutation, MikroopsCreateTenantMutationVariables>;
export const MikroopsTenantsDocument = new TypedDocumentString(`
    query MikroopsTenants($filter: TenantFilter, $first: Int, $offset: Int) {
  tenants(
    filter: $filter
    first: $first
    offset: $offset
    orderBy: [{field: CREATED_AT, direction: DESC}]
  ) {
    nodes {
      ...MikroopsTenantFields
    }
    totalCount
  }
}
    fragment MikroopsTenantFields on Tenant {
  id
  slug
  name
  companyName
  phone
  timeZone
  currency
  active
  maxRouters
  maxSubscribers
  features
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsTenantsQuery, MikroopsTenantsQueryVariables>;
export const MikroopsTenantDocument = new TypedDocumentString(`
    query MikroopsTenant($id: ID!) {
  tenant(id: $id) {
    ...MikroopsTenantFields
  }
}
    fragment MikroopsTenantFields on Tenant {
  id
  slug
  name
  companyName
  phone
  timeZone
  currency
  active
  maxRouters
  maxSubscribers
  features
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsTenantQuery, MikroopsTenantQueryVariables>;
export const MikroopsUpdateTenantDocument = new TypedDocumentString(`
    mutation MikroopsUpdateTenant($input: UpdateTenantInput!) {
  updateTenant(input: $input) {
    tenant {
      ...MikroopsTenantFields
    }
  }
}
    fragment MikroopsTenantFields on Tenant {
  id
  slug
  name
  companyName
  phone
  timeZone
  currency
  active
  maxRouters
  maxSubscribers
  features
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<MikroopsUpdateTenantMutation, MikroopsUpdateTenantMutationVariables>;
export const MikroopsDeleteTenantDocument = new TypedDocumentString(`
    mutation MikroopsDeleteTenant($input: DeleteTenantInput!) {
  deleteTenant(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<MikroopsDeleteTenantMutation, MikroopsDeleteTenantMutationVariables>;
export const MikroopsTenantStatsDocument = new TypedDocumentString(`
    query MikroopsTenantStats($id: ID!) {
  tenant(id: $id) {
    id
    name
    active
    maxRouters
    maxSubscribers
    userCount
    customerCount
    routerCount
    serviceCount
  }
}
    `) as unknown as TypedDocumentString<MikroopsTenantStatsQuery, MikroopsTenantStatsQueryVariables>;
export const MikroopsCreateUserDocument = new TypedDocumentString(`
    mutation MikroopsCreateUser($input: CreateUserInput!) {
  createUser(input: $input) {
    user {
      ...MikroopsUserFields
    }
  }
}
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}`) as unknown as TypedDocumentString<MikroopsCreateUserMutation, MikroopsCreateUserMutationVariables>;
export const MikroopsUsersDocument = new TypedDocumentString(`
    query MikroopsUsers($filter: UserFilter, $first: Int, $offset: Int) {
  users(filter: $filter, first: $first, offset: $offset) {
    nodes {
      ...MikroopsUserFields
    }
    totalCount
  }
}
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}`) as unknown as TypedDocumentString<MikroopsUsersQuery, MikroopsUsersQueryVariables>;
export const MikroopsUserDocument = new TypedDocumentString(`
    query MikroopsUser($id: ID!) {
  user(id: $id) {
    ...MikroopsUserFields
  }
}
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}`) as unknown as TypedDocumentString<MikroopsUserQuery, MikroopsUserQueryVariables>;
export const MikroopsUpdateUserDocument = new TypedDocumentString(`
    mutation MikroopsUpdateUser($input: UpdateUserInput!) {
  updateUser(input: $input) {
    user {
      ...MikroopsUserFields
    }
  }
}
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}`) as unknown as TypedDocumentString<MikroopsUpdateUserMutation, MikroopsUpdateUserMutationVariables>;
export const MikroopsDeleteUserDocument = new TypedDocumentString(`
    mutation MikroopsDeleteUser($input: DeleteUserInput!) {
  deleteUser(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<MikroopsDeleteUserMutation, MikroopsDeleteUserMutationVariables>;
export const MikroopsAssignRoleDocument = new TypedDocumentString(`
    mutation MikroopsAssignRole($input: AssignRoleInput!) {
  assignRole(input: $input) {
    user {
      ...MikroopsUserFields
    }
  }
}
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}`) as unknown as TypedDocumentString<MikroopsAssignRoleMutation, MikroopsAssignRoleMutationVariables>;
export const MikroopsAssignUserToTenantDocument = new TypedDocumentString(`
    mutation MikroopsAssignUserToTenant($input: AssignUserToTenantInput!) {
  assignUserToTenant(input: $input) {
    user {
      ...MikroopsUserFields
    }
  }
}
    fragment MikroopsUserFields on User {
  id
  username
  email
  fullName
  phone
  superAdmin
  active
  role {
    id
    code
    name
  }
  tenant {
    id
    slug
  }
  createdAt
}`) as unknown as TypedDocumentString<MikroopsAssignUserToTenantMutation, MikroopsAssignUserToTenantMutationVariables>;
export const BulkServicesDocument = new TypedDocumentString(`
    query BulkServices($first: Int!, $after: String, $filter: ServiceFilter!) {
  services(first: $first, after: $after, filter: $filter) {
    nodes {
      id
      status
      planVersion
      plan {
        id
        version
      }
      access {
        router {
          id
        }
        session {
          id
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<BulkServicesQuery, BulkServicesQueryVariables>;
export const BulkAccessesDocument = new TypedDocumentString(`
    query BulkAccesses($first: Int!, $after: String, $routerId: ID!) {
  accesses(first: $first, after: $after, filter: {routerId: $routerId}) {
    nodes {
      service {
        id
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<BulkAccessesQuery, BulkAccessesQueryVariables>;
export const LifecycleRouterDocument = new TypedDocumentString(`
    query LifecycleRouter($id: ID!) {
  router(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<LifecycleRouterQuery, LifecycleRouterQueryVariables>;
export const LifecycleServiceDocument = new TypedDocumentString(`
    query LifecycleService($id: ID!) {
  service(id: $id) {
    id
    status
    customer {
      id
    }
    planVersion
    plan {
      id
      version
    }
    access {
      username
      desired
      router {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleServiceQuery, LifecycleServiceQueryVariables>;
export const LifecycleLineDocument = new TypedDocumentString(`
    query LifecycleLine($id: ID!) {
  service(id: $id) {
    id
    access {
      session {
        callerId
        stale
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleLineQuery, LifecycleLineQueryVariables>;
export const LifecycleSubscriberDocument = new TypedDocumentString(`
    query LifecycleSubscriber($id: ID!) {
  customer(id: $id) {
    id
    name
    email
    phone
    services(first: 100) {
      nodes {
        id
        status
        billingDay
        plan {
          id
        }
        access {
          username
          desired
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleSubscriberQuery, LifecycleSubscriberQueryVariables>;
export const LifecycleUpdateCustomerDocument = new TypedDocumentString(`
    mutation LifecycleUpdateCustomer($input: UpdateCustomerInput!) {
  updateCustomer(input: $input) {
    customer {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleUpdateCustomerMutation, LifecycleUpdateCustomerMutationVariables>;
export const LifecycleUpdateServiceDocument = new TypedDocumentString(`
    mutation LifecycleUpdateService($input: UpdateServiceInput!) {
  updateService(input: $input) {
    service {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleUpdateServiceMutation, LifecycleUpdateServiceMutationVariables>;
export const LifecycleSealCredentialsDocument = new TypedDocumentString(`
    mutation LifecycleSealCredentials($input: SealPppCredentialsInput!) {
  sealPppCredentials(input: $input) {
    credentials {
      id
      unchanged
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleSealCredentialsMutation, LifecycleSealCredentialsMutationVariables>;
export const LifecycleCloseCustomerDocument = new TypedDocumentString(`
    mutation LifecycleCloseCustomer($input: CloseCustomerInput!) {
  closeCustomer(input: $input) {
    customer {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleCloseCustomerMutation, LifecycleCloseCustomerMutationVariables>;
export const LifecycleMarkSuspendedDocument = new TypedDocumentString(`
    mutation LifecycleMarkSuspended($input: MarkServiceSuspendedInput!) {
  markServiceSuspended(input: $input) {
    service {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleMarkSuspendedMutation, LifecycleMarkSuspendedMutationVariables>;
export const LifecycleMarkResumedDocument = new TypedDocumentString(`
    mutation LifecycleMarkResumed($input: MarkServiceInput!) {
  markServiceResumed(input: $input) {
    service {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleMarkResumedMutation, LifecycleMarkResumedMutationVariables>;
export const LifecycleMarkTerminatedDocument = new TypedDocumentString(`
    mutation LifecycleMarkTerminated($input: MarkServiceInput!) {
  markServiceTerminated(input: $input) {
    service {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleMarkTerminatedMutation, LifecycleMarkTerminatedMutationVariables>;
export const LifecycleMarkPlanChangedDocument = new TypedDocumentString(`
    mutation LifecycleMarkPlanChanged($input: MarkServicePlanChangedInput!) {
  markServicePlanChanged(input: $input) {
    service {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleMarkPlanChangedMutation, LifecycleMarkPlanChangedMutationVariables>;
export const LifecycleRevertPlanDocument = new TypedDocumentString(`
    mutation LifecycleRevertPlan($input: RevertServicePlanInput!) {
  revertServicePlan(input: $input) {
    service {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleRevertPlanMutation, LifecycleRevertPlanMutationVariables>;
export const LifecycleSetDesiredDocument = new TypedDocumentString(`
    mutation LifecycleSetDesired($input: SetAccessDesiredInput!) {
  setAccessDesired(input: $input) {
    access {
      desired
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleSetDesiredMutation, LifecycleSetDesiredMutationVariables>;
export const LifecycleChangeAccessPlanDocument = new TypedDocumentString(`
    mutation LifecycleChangeAccessPlan($input: ChangeAccessPlanInput!) {
  changeAccessPlan(input: $input) {
    access {
      desired
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleChangeAccessPlanMutation, LifecycleChangeAccessPlanMutationVariables>;
export const LifecycleMoveAccessDocument = new TypedDocumentString(`
    mutation LifecycleMoveAccess($input: MoveAccessInput!) {
  moveAccess(input: $input) {
    access {
      desired
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleMoveAccessMutation, LifecycleMoveAccessMutationVariables>;
export const LifecycleChangeCredentialsDocument = new TypedDocumentString(`
    mutation LifecycleChangeCredentials($input: ChangeAccessCredentialsInput!) {
  changeAccessCredentials(input: $input) {
    access {
      desired
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleChangeCredentialsMutation, LifecycleChangeCredentialsMutationVariables>;
export const LifecycleSetAddressDocument = new TypedDocumentString(`
    mutation LifecycleSetAddress($input: SetAccessAddressInput!) {
  setAccessAddress(input: $input) {
    access {
      desired
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleSetAddressMutation, LifecycleSetAddressMutationVariables>;
export const LifecycleSetCallerIdDocument = new TypedDocumentString(`
    mutation LifecycleSetCallerId($input: SetAccessCallerIdInput!) {
  setAccessCallerId(input: $input) {
    access {
      desired
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleSetCallerIdMutation, LifecycleSetCallerIdMutationVariables>;
export const LifecycleRevertAccessDocument = new TypedDocumentString(`
    mutation LifecycleRevertAccess($input: RevertAccessInput!) {
  revertAccess(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleRevertAccessMutation, LifecycleRevertAccessMutationVariables>;
export const LifecycleApplyProfileDocument = new TypedDocumentString(`
    mutation LifecycleApplyProfile($input: ApplyPppProfileInput!) {
  applyPppProfile(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleApplyProfileMutation, LifecycleApplyProfileMutationVariables>;
export const LifecycleApplySecretDocument = new TypedDocumentString(`
    mutation LifecycleApplySecret($input: ApplyPppSecretInput!) {
  applyPppSecret(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleApplySecretMutation, LifecycleApplySecretMutationVariables>;
export const LifecycleVerifyAccessDocument = new TypedDocumentString(`
    mutation LifecycleVerifyAccess($input: VerifyAccessInput!) {
  verifyAccess(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleVerifyAccessMutation, LifecycleVerifyAccessMutationVariables>;
export const LifecycleLeaveRoutersDocument = new TypedDocumentString(`
    mutation LifecycleLeaveRouters($input: LeaveRoutersInput!) {
  leaveRouters(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleLeaveRoutersMutation, LifecycleLeaveRoutersMutationVariables>;
export const OnboardingPlanDocument = new TypedDocumentString(`
    query OnboardingPlan($id: ID!) {
  plan(id: $id) {
    id
    code
    access {
      rateLimit
      localAddress
      remotePool
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingPlanQuery, OnboardingPlanQueryVariables>;
export const OnboardingSealCredentialsDocument = new TypedDocumentString(`
    mutation OnboardingSealCredentials($input: SealPppCredentialsInput!) {
  sealPppCredentials(input: $input) {
    credentials {
      id
      routerId
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingSealCredentialsMutation, OnboardingSealCredentialsMutationVariables>;
export const OnboardingCreateCustomerDocument = new TypedDocumentString(`
    mutation OnboardingCreateCustomer($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    customer {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingCreateCustomerMutation, OnboardingCreateCustomerMutationVariables>;
export const OnboardingWithdrawCustomerDocument = new TypedDocumentString(`
    mutation OnboardingWithdrawCustomer($input: WithdrawCustomerInput!) {
  withdrawCustomer(input: $input) {
    withdrawn
  }
}
    `) as unknown as TypedDocumentString<OnboardingWithdrawCustomerMutation, OnboardingWithdrawCustomerMutationVariables>;
export const OnboardingCreateServiceDocument = new TypedDocumentString(`
    mutation OnboardingCreateService($input: CreateServiceInput!) {
  createService(input: $input) {
    service {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingCreateServiceMutation, OnboardingCreateServiceMutationVariables>;
export const OnboardingWithdrawServiceDocument = new TypedDocumentString(`
    mutation OnboardingWithdrawService($input: WithdrawServiceInput!) {
  withdrawService(input: $input) {
    withdrawn
  }
}
    `) as unknown as TypedDocumentString<OnboardingWithdrawServiceMutation, OnboardingWithdrawServiceMutationVariables>;
export const OnboardingProvisionAccessDocument = new TypedDocumentString(`
    mutation OnboardingProvisionAccess($input: ProvisionAccessInput!) {
  provisionAccess(input: $input) {
    access {
      desired
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingProvisionAccessMutation, OnboardingProvisionAccessMutationVariables>;
export const OnboardingWithdrawAccessDocument = new TypedDocumentString(`
    mutation OnboardingWithdrawAccess($input: WithdrawAccessInput!) {
  withdrawAccess(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingWithdrawAccessMutation, OnboardingWithdrawAccessMutationVariables>;
export const OnboardingApplyProfileDocument = new TypedDocumentString(`
    mutation OnboardingApplyProfile($input: ApplyPppProfileInput!) {
  applyPppProfile(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingApplyProfileMutation, OnboardingApplyProfileMutationVariables>;
export const OnboardingApplySecretDocument = new TypedDocumentString(`
    mutation OnboardingApplySecret($input: ApplyPppSecretInput!) {
  applyPppSecret(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingApplySecretMutation, OnboardingApplySecretMutationVariables>;
export const OnboardingVerifyAccessDocument = new TypedDocumentString(`
    mutation OnboardingVerifyAccess($input: VerifyAccessInput!) {
  verifyAccess(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingVerifyAccessMutation, OnboardingVerifyAccessMutationVariables>;
export const OnboardingActivateServiceDocument = new TypedDocumentString(`
    mutation OnboardingActivateService($input: ActivateServiceInput!) {
  activateService(input: $input) {
    service {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<OnboardingActivateServiceMutation, OnboardingActivateServiceMutationVariables>;
export const ImportPlansDocument = new TypedDocumentString(`
    query ImportPlans($after: String) {
  plans(first: 100, after: $after) {
    nodes {
      id
      code
      name
      access {
        rateLimit
        localAddress
        remotePool
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ImportPlansQuery, ImportPlansQueryVariables>;
export const ImportPlanDocument = new TypedDocumentString(`
    query ImportPlan($id: ID!) {
  plan(id: $id) {
    id
    code
    name
    access {
      rateLimit
      localAddress
      remotePool
    }
  }
}
    `) as unknown as TypedDocumentString<ImportPlanQuery, ImportPlanQueryVariables>;
export const ImportServiceDocument = new TypedDocumentString(`
    query ImportService($id: ID!) {
  service(id: $id) {
    id
    status
    customer {
      id
    }
    plan {
      id
    }
    access {
      desired
    }
  }
}
    `) as unknown as TypedDocumentString<ImportServiceQuery, ImportServiceQueryVariables>;
export const ImportRouterThereDocument = new TypedDocumentString(`
    query ImportRouterThere($id: ID!) {
  router(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<ImportRouterThereQuery, ImportRouterThereQueryVariables>;
export const ImportCustomerDocument = new TypedDocumentString(`
    query ImportCustomer($id: ID!) {
  customer(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<ImportCustomerQuery, ImportCustomerQueryVariables>;
export const ImportOpenDocument = new TypedDocumentString(`
    mutation ImportOpen($input: OpenRouterImportInput!) {
  openRouterImport(input: $input) {
    routerImport {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ImportOpenMutation, ImportOpenMutationVariables>;
export const ImportStateDocument = new TypedDocumentString(`
    query ImportState($id: ID!) {
  routerImport(id: $id) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<ImportStateQuery, ImportStateQueryVariables>;
export const ImportReadDocument = new TypedDocumentString(`
    mutation ImportRead($input: RouterImportRefInput!) {
  readRouterImport(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ImportReadMutation, ImportReadMutationVariables>;
export const ImportChangeItemDocument = new TypedDocumentString(`
    mutation ImportChangeItem($input: ChangeRouterImportItemInput!) {
  changeRouterImportItem(input: $input) {
    item {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<ImportChangeItemMutation, ImportChangeItemMutationVariables>;
export const ImportBeginDocument = new TypedDocumentString(`
    mutation ImportBegin($input: RouterImportRefInput!) {
  beginRouterImport(input: $input) {
    routerImport {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<ImportBeginMutation, ImportBeginMutationVariables>;
export const ImportStopDocument = new TypedDocumentString(`
    mutation ImportStop($input: RouterImportRefInput!) {
  stopRouterImport(input: $input) {
    routerImport {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<ImportStopMutation, ImportStopMutationVariables>;
export const ImportNextDocument = new TypedDocumentString(`
    mutation ImportNext($input: NextRouterImportItemsInput!) {
  nextRouterImportItems(input: $input) {
    routerImport {
      state
      billingDay
    }
    assignments {
      profileItemId
      runId
      customerId
      serviceId
      item {
        id
        customerName
        email
        phone
        plan {
          id
          code
          name
          rateLimit
          localAddress
          remotePool
          price {
            amount
            currency
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ImportNextMutation, ImportNextMutationVariables>;
export const ImportSettleDocument = new TypedDocumentString(`
    mutation ImportSettle($input: SettleRouterImportItemInput!) {
  settleRouterImportItem(input: $input) {
    itemId
  }
}
    `) as unknown as TypedDocumentString<ImportSettleMutation, ImportSettleMutationVariables>;
export const ImportOpenAdoptionDocument = new TypedDocumentString(`
    mutation ImportOpenAdoption($input: OpenSecretAdoptionInput!) {
  openSecretAdoption(input: $input) {
    item {
      id
      customerName
      plan {
        id
        code
        name
        rateLimit
        localAddress
        remotePool
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ImportOpenAdoptionMutation, ImportOpenAdoptionMutationVariables>;
export const ImportCheckDocument = new TypedDocumentString(`
    mutation ImportCheck($input: CheckAdoptionInput!) {
  checkAdoption(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ImportCheckMutation, ImportCheckMutationVariables>;
export const ImportCreatePlanDocument = new TypedDocumentString(`
    mutation ImportCreatePlan($input: CreatePlanInput!) {
  createPlan(input: $input) {
    plan {
      id
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ImportCreatePlanMutation, ImportCreatePlanMutationVariables>;
export const ImportProvisionDocument = new TypedDocumentString(`
    mutation ImportProvision($input: ProvisionAdoptionInput!) {
  provisionAdoption(input: $input) {
    item {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<ImportProvisionMutation, ImportProvisionMutationVariables>;
export const ImportAdoptDocument = new TypedDocumentString(`
    mutation ImportAdopt($input: ApplyAdoptionInput!) {
  applyAdoption(input: $input) {
    result {
      outcome
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ImportAdoptMutation, ImportAdoptMutationVariables>;