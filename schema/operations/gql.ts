/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query CustomerToSession($id: ID!) {\n  customer(id: $id) {\n    name\n    services {\n      nodes {\n        id\n        status\n        plan {\n          name\n          price {\n            amount\n            currency\n          }\n        }\n        access {\n          desired\n          enforcement {\n            outcome\n            acknowledgedAt\n            lagMs\n            reason {\n              code\n              message\n            }\n          }\n          session {\n            address\n            callerId\n            uptime\n            router {\n              name\n            }\n            observedAt\n            source\n          }\n        }\n      }\n    }\n  }\n}\n\nquery FindCustomers($search: String!) {\n  customers(filter: {search: $search}) {\n    totalCount\n    nodes {\n      id\n      name\n      services {\n        nodes {\n          id\n          status\n          access {\n            enforcement {\n              outcome\n            }\n          }\n        }\n      }\n    }\n  }\n}\n\nsubscription PppSessions($routerId: ID) {\n  pppSessions(routerId: $routerId) {\n    action\n    remaining\n    session {\n      name\n      address\n      callerId\n      service {\n        id\n        plan {\n          name\n        }\n        customer {\n          name\n        }\n      }\n    }\n  }\n}\n\nsubscription Traffic($serviceId: ID!) {\n  traffic(serviceId: $serviceId) {\n    at\n    rxBitsPerSecond\n    txBitsPerSecond\n  }\n}\n\nmutation DisconnectSession($input: DisconnectSessionInput!) {\n  disconnectSession(input: $input) {\n    disconnected\n  }\n}": typeof types.CustomerToSessionDocument,
    "mutation CreatePlan($input: CreatePlanInput!) {\n  createPlan(input: $input) {\n    plan {\n      id\n      code\n      name\n      price {\n        amount\n        currency\n      }\n      access {\n        rateLimit\n        localAddress\n        remotePool\n      }\n    }\n  }\n}\n\nmutation RegisterRouter($input: RegisterRouterInput!) {\n  registerRouter(input: $input) {\n    router {\n      id\n      name\n      status {\n        reachable\n        version\n        identity\n        observedAt\n      }\n    }\n  }\n}\n\nquery Router($id: ID!) {\n  router(id: $id) {\n    id\n    name\n    status {\n      reachable\n      reason\n      version\n      identity\n      observedAt\n    }\n  }\n}\n\nmutation OnboardCustomer($input: OnboardCustomerInput!) {\n  onboardCustomer(input: $input) {\n    customer {\n      id\n      name\n      email\n    }\n    service {\n      id\n      status\n    }\n    run {\n      id\n      state\n      steps {\n        name\n        state\n        error {\n          code\n          message\n        }\n      }\n    }\n  }\n}": typeof types.CreatePlanDocument,
    "query Run($id: ID!) {\n  run(id: $id) {\n    ...RunState\n  }\n}\n\nsubscription WatchRun($id: ID!) {\n  run(id: $id) {\n    ...RunState\n  }\n}\n\nmutation CancelRun($input: CancelRunInput!) {\n  cancelRun(input: $input) {\n    run {\n      ...RunState\n    }\n  }\n}\n\nfragment RunState on WorkflowRun {\n  id\n  state\n  steps {\n    name\n    state\n    attempts\n    nextAttemptAt\n    error {\n      code\n      message\n    }\n  }\n}": typeof types.RunDocument,
    "\n  query OnboardingPlan($id: ID!) {\n    plan(id: $id) {\n      id\n      code\n      access {\n        rateLimit\n        localAddress\n        remotePool\n      }\n    }\n  }\n": typeof types.OnboardingPlanDocument,
    "\n  mutation OnboardingSealCredentials($input: SealPppCredentialsInput!) {\n    sealPppCredentials(input: $input) {\n      credentials {\n        id\n        routerId\n      }\n    }\n  }\n": typeof types.OnboardingSealCredentialsDocument,
    "\n  mutation OnboardingCreateCustomer($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      customer {\n        id\n      }\n    }\n  }\n": typeof types.OnboardingCreateCustomerDocument,
    "\n  mutation OnboardingWithdrawCustomer($input: WithdrawCustomerInput!) {\n    withdrawCustomer(input: $input) {\n      withdrawn\n    }\n  }\n": typeof types.OnboardingWithdrawCustomerDocument,
    "\n  mutation OnboardingCreateService($input: CreateServiceInput!) {\n    createService(input: $input) {\n      service {\n        id\n      }\n    }\n  }\n": typeof types.OnboardingCreateServiceDocument,
    "\n  mutation OnboardingWithdrawService($input: WithdrawServiceInput!) {\n    withdrawService(input: $input) {\n      withdrawn\n    }\n  }\n": typeof types.OnboardingWithdrawServiceDocument,
    "\n  mutation OnboardingProvisionAccess($input: ProvisionAccessInput!) {\n    provisionAccess(input: $input) {\n      access {\n        desired\n      }\n    }\n  }\n": typeof types.OnboardingProvisionAccessDocument,
    "\n  mutation OnboardingWithdrawAccess($input: WithdrawAccessInput!) {\n    withdrawAccess(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n": typeof types.OnboardingWithdrawAccessDocument,
    "\n  mutation OnboardingApplyProfile($input: ApplyPppProfileInput!) {\n    applyPppProfile(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n": typeof types.OnboardingApplyProfileDocument,
    "\n  mutation OnboardingApplySecret($input: ApplyPppSecretInput!) {\n    applyPppSecret(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n": typeof types.OnboardingApplySecretDocument,
    "\n  mutation OnboardingVerifyAccess($input: VerifyAccessInput!) {\n    verifyAccess(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n": typeof types.OnboardingVerifyAccessDocument,
    "\n  mutation OnboardingActivateService($input: ActivateServiceInput!) {\n    activateService(input: $input) {\n      service {\n        id\n      }\n    }\n  }\n": typeof types.OnboardingActivateServiceDocument,
};
const documents: Documents = {
    "query CustomerToSession($id: ID!) {\n  customer(id: $id) {\n    name\n    services {\n      nodes {\n        id\n        status\n        plan {\n          name\n          price {\n            amount\n            currency\n          }\n        }\n        access {\n          desired\n          enforcement {\n            outcome\n            acknowledgedAt\n            lagMs\n            reason {\n              code\n              message\n            }\n          }\n          session {\n            address\n            callerId\n            uptime\n            router {\n              name\n            }\n            observedAt\n            source\n          }\n        }\n      }\n    }\n  }\n}\n\nquery FindCustomers($search: String!) {\n  customers(filter: {search: $search}) {\n    totalCount\n    nodes {\n      id\n      name\n      services {\n        nodes {\n          id\n          status\n          access {\n            enforcement {\n              outcome\n            }\n          }\n        }\n      }\n    }\n  }\n}\n\nsubscription PppSessions($routerId: ID) {\n  pppSessions(routerId: $routerId) {\n    action\n    remaining\n    session {\n      name\n      address\n      callerId\n      service {\n        id\n        plan {\n          name\n        }\n        customer {\n          name\n        }\n      }\n    }\n  }\n}\n\nsubscription Traffic($serviceId: ID!) {\n  traffic(serviceId: $serviceId) {\n    at\n    rxBitsPerSecond\n    txBitsPerSecond\n  }\n}\n\nmutation DisconnectSession($input: DisconnectSessionInput!) {\n  disconnectSession(input: $input) {\n    disconnected\n  }\n}": types.CustomerToSessionDocument,
    "mutation CreatePlan($input: CreatePlanInput!) {\n  createPlan(input: $input) {\n    plan {\n      id\n      code\n      name\n      price {\n        amount\n        currency\n      }\n      access {\n        rateLimit\n        localAddress\n        remotePool\n      }\n    }\n  }\n}\n\nmutation RegisterRouter($input: RegisterRouterInput!) {\n  registerRouter(input: $input) {\n    router {\n      id\n      name\n      status {\n        reachable\n        version\n        identity\n        observedAt\n      }\n    }\n  }\n}\n\nquery Router($id: ID!) {\n  router(id: $id) {\n    id\n    name\n    status {\n      reachable\n      reason\n      version\n      identity\n      observedAt\n    }\n  }\n}\n\nmutation OnboardCustomer($input: OnboardCustomerInput!) {\n  onboardCustomer(input: $input) {\n    customer {\n      id\n      name\n      email\n    }\n    service {\n      id\n      status\n    }\n    run {\n      id\n      state\n      steps {\n        name\n        state\n        error {\n          code\n          message\n        }\n      }\n    }\n  }\n}": types.CreatePlanDocument,
    "query Run($id: ID!) {\n  run(id: $id) {\n    ...RunState\n  }\n}\n\nsubscription WatchRun($id: ID!) {\n  run(id: $id) {\n    ...RunState\n  }\n}\n\nmutation CancelRun($input: CancelRunInput!) {\n  cancelRun(input: $input) {\n    run {\n      ...RunState\n    }\n  }\n}\n\nfragment RunState on WorkflowRun {\n  id\n  state\n  steps {\n    name\n    state\n    attempts\n    nextAttemptAt\n    error {\n      code\n      message\n    }\n  }\n}": types.RunDocument,
    "\n  query OnboardingPlan($id: ID!) {\n    plan(id: $id) {\n      id\n      code\n      access {\n        rateLimit\n        localAddress\n        remotePool\n      }\n    }\n  }\n": types.OnboardingPlanDocument,
    "\n  mutation OnboardingSealCredentials($input: SealPppCredentialsInput!) {\n    sealPppCredentials(input: $input) {\n      credentials {\n        id\n        routerId\n      }\n    }\n  }\n": types.OnboardingSealCredentialsDocument,
    "\n  mutation OnboardingCreateCustomer($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      customer {\n        id\n      }\n    }\n  }\n": types.OnboardingCreateCustomerDocument,
    "\n  mutation OnboardingWithdrawCustomer($input: WithdrawCustomerInput!) {\n    withdrawCustomer(input: $input) {\n      withdrawn\n    }\n  }\n": types.OnboardingWithdrawCustomerDocument,
    "\n  mutation OnboardingCreateService($input: CreateServiceInput!) {\n    createService(input: $input) {\n      service {\n        id\n      }\n    }\n  }\n": types.OnboardingCreateServiceDocument,
    "\n  mutation OnboardingWithdrawService($input: WithdrawServiceInput!) {\n    withdrawService(input: $input) {\n      withdrawn\n    }\n  }\n": types.OnboardingWithdrawServiceDocument,
    "\n  mutation OnboardingProvisionAccess($input: ProvisionAccessInput!) {\n    provisionAccess(input: $input) {\n      access {\n        desired\n      }\n    }\n  }\n": types.OnboardingProvisionAccessDocument,
    "\n  mutation OnboardingWithdrawAccess($input: WithdrawAccessInput!) {\n    withdrawAccess(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n": types.OnboardingWithdrawAccessDocument,
    "\n  mutation OnboardingApplyProfile($input: ApplyPppProfileInput!) {\n    applyPppProfile(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n": types.OnboardingApplyProfileDocument,
    "\n  mutation OnboardingApplySecret($input: ApplyPppSecretInput!) {\n    applyPppSecret(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n": types.OnboardingApplySecretDocument,
    "\n  mutation OnboardingVerifyAccess($input: VerifyAccessInput!) {\n    verifyAccess(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n": types.OnboardingVerifyAccessDocument,
    "\n  mutation OnboardingActivateService($input: ActivateServiceInput!) {\n    activateService(input: $input) {\n      service {\n        id\n      }\n    }\n  }\n": types.OnboardingActivateServiceDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query CustomerToSession($id: ID!) {\n  customer(id: $id) {\n    name\n    services {\n      nodes {\n        id\n        status\n        plan {\n          name\n          price {\n            amount\n            currency\n          }\n        }\n        access {\n          desired\n          enforcement {\n            outcome\n            acknowledgedAt\n            lagMs\n            reason {\n              code\n              message\n            }\n          }\n          session {\n            address\n            callerId\n            uptime\n            router {\n              name\n            }\n            observedAt\n            source\n          }\n        }\n      }\n    }\n  }\n}\n\nquery FindCustomers($search: String!) {\n  customers(filter: {search: $search}) {\n    totalCount\n    nodes {\n      id\n      name\n      services {\n        nodes {\n          id\n          status\n          access {\n            enforcement {\n              outcome\n            }\n          }\n        }\n      }\n    }\n  }\n}\n\nsubscription PppSessions($routerId: ID) {\n  pppSessions(routerId: $routerId) {\n    action\n    remaining\n    session {\n      name\n      address\n      callerId\n      service {\n        id\n        plan {\n          name\n        }\n        customer {\n          name\n        }\n      }\n    }\n  }\n}\n\nsubscription Traffic($serviceId: ID!) {\n  traffic(serviceId: $serviceId) {\n    at\n    rxBitsPerSecond\n    txBitsPerSecond\n  }\n}\n\nmutation DisconnectSession($input: DisconnectSessionInput!) {\n  disconnectSession(input: $input) {\n    disconnected\n  }\n}"): typeof import('./graphql.ts').CustomerToSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreatePlan($input: CreatePlanInput!) {\n  createPlan(input: $input) {\n    plan {\n      id\n      code\n      name\n      price {\n        amount\n        currency\n      }\n      access {\n        rateLimit\n        localAddress\n        remotePool\n      }\n    }\n  }\n}\n\nmutation RegisterRouter($input: RegisterRouterInput!) {\n  registerRouter(input: $input) {\n    router {\n      id\n      name\n      status {\n        reachable\n        version\n        identity\n        observedAt\n      }\n    }\n  }\n}\n\nquery Router($id: ID!) {\n  router(id: $id) {\n    id\n    name\n    status {\n      reachable\n      reason\n      version\n      identity\n      observedAt\n    }\n  }\n}\n\nmutation OnboardCustomer($input: OnboardCustomerInput!) {\n  onboardCustomer(input: $input) {\n    customer {\n      id\n      name\n      email\n    }\n    service {\n      id\n      status\n    }\n    run {\n      id\n      state\n      steps {\n        name\n        state\n        error {\n          code\n          message\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').CreatePlanDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Run($id: ID!) {\n  run(id: $id) {\n    ...RunState\n  }\n}\n\nsubscription WatchRun($id: ID!) {\n  run(id: $id) {\n    ...RunState\n  }\n}\n\nmutation CancelRun($input: CancelRunInput!) {\n  cancelRun(input: $input) {\n    run {\n      ...RunState\n    }\n  }\n}\n\nfragment RunState on WorkflowRun {\n  id\n  state\n  steps {\n    name\n    state\n    attempts\n    nextAttemptAt\n    error {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').RunDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OnboardingPlan($id: ID!) {\n    plan(id: $id) {\n      id\n      code\n      access {\n        rateLimit\n        localAddress\n        remotePool\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingPlanDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingSealCredentials($input: SealPppCredentialsInput!) {\n    sealPppCredentials(input: $input) {\n      credentials {\n        id\n        routerId\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingSealCredentialsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingCreateCustomer($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      customer {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingCreateCustomerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingWithdrawCustomer($input: WithdrawCustomerInput!) {\n    withdrawCustomer(input: $input) {\n      withdrawn\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingWithdrawCustomerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingCreateService($input: CreateServiceInput!) {\n    createService(input: $input) {\n      service {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingCreateServiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingWithdrawService($input: WithdrawServiceInput!) {\n    withdrawService(input: $input) {\n      withdrawn\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingWithdrawServiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingProvisionAccess($input: ProvisionAccessInput!) {\n    provisionAccess(input: $input) {\n      access {\n        desired\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingProvisionAccessDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingWithdrawAccess($input: WithdrawAccessInput!) {\n    withdrawAccess(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingWithdrawAccessDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingApplyProfile($input: ApplyPppProfileInput!) {\n    applyPppProfile(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingApplyProfileDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingApplySecret($input: ApplyPppSecretInput!) {\n    applyPppSecret(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingApplySecretDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingVerifyAccess($input: VerifyAccessInput!) {\n    verifyAccess(input: $input) {\n      result {\n        outcome\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingVerifyAccessDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnboardingActivateService($input: ActivateServiceInput!) {\n    activateService(input: $input) {\n      service {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OnboardingActivateServiceDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
