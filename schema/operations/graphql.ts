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

/** A service that has been proven to work. */
export type ActivateServiceInput = {
  /** Which service. Unknown: NOT_FOUND. */
  id: string;
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

/** How often a plan is charged. */
export type BillingInterval =
  /** Once a month, on the billing day of the service. */
  | 'MONTH';

/** A run to cancel. */
export type CancelRunInput = {
  /** Which run. Unknown: NOT_FOUND. Ended, or past its last step: CONFLICT. */
  id: string;
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

/** An exact amount of money. */
export type MoneyInput = {
  /** Decimal text, at most the digits of the currency, e.g. `"19.90"`. */
  amount: string;
  /** ISO 4217 code. */
  currency: string;
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

/** What a plan gives on the network. */
export type PlanAccessInput = {
  /** IPv4 address of the router's end of each session. */
  localAddress: string;
  /** RouterOS rate limit, upload/download, e.g. `10M/50M`; up to six groups. */
  rateLimit: string;
  /** Name of an address pool on the router: 1 to 64 letters, digits and any of `._-`. */
  remotePool: string;
};

/** What the subscriber's equipment logs in with. The password is sealed at once and never shown again. */
export type PppCredentialsInput = {
  /** PPP password, 1 to 128 printable characters. */
  password: string;
  /** PPP user name, 1 to 128 printable characters; not used by another service on the same router. */
  username: string;
};

/** What happened to a PPP session. */
export type PppSessionAction =
  /** It ended. */
  | 'DOWN'
  /** It is there: one event for each live session. A new series replaces all that was known, e.g. after the router was away or when the subscriber was too slow. */
  | 'SNAPSHOT'
  /** It came up. Repeated for a session whose address became known later. */
  | 'UP';

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

/** PPP credentials to be sealed. They travel nowhere else in clear. */
export type SealPppCredentialsInput = {
  /** UUID minted by the caller. Sealing the same again under the same id changes nothing. */
  id: string;
  /** PPP password: 1 to 127 printable ASCII characters. VALIDATION_ERROR names `credentials.password`. */
  password: string;
  /** The router they are for. Default: the tenant's active one. */
  routerId?: string | null | undefined;
  /** PPP user name: 1 to 63 printable ASCII characters without spaces, quotes, commas, backslashes and angle brackets. VALIDATION_ERROR names `credentials.username`; code TAKEN when another service has it on this router. */
  username: string;
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
  /** It was cancelled and everything has been taken back. */
  | 'CANCELLED'
  /** A step was refused and everything has been taken back. */
  | 'FAILED'
  /** A step is being done. */
  | 'RUNNING'
  /** Every step is done. */
  | 'SUCCEEDED'
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
  /** The run turned round before its turn came. */
  | 'SKIPPED'
  /** It was done, or may have been, and is taken back. */
  | 'UNDONE'
  /** It (or its taking back) could not be done yet and is tried again. */
  | 'WAITING';

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