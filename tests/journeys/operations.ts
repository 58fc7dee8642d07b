/** The operations of the journeys, as a frontend would write them. */

export const CREATE_PLAN = /* GraphQL */ `
  mutation CreatePlan($input: CreatePlanInput!) {
    createPlan(input: $input) { plan { id code name price { amount currency } access { rateLimit localAddress remotePool } } }
  }
`;

export const REGISTER_ROUTER = /* GraphQL */ `
  mutation RegisterRouter($input: RegisterRouterInput!) {
    registerRouter(input: $input) { router { id name status { reachable version identity observedAt } } }
  }
`;

export const ROUTER = /* GraphQL */ `
  query Router($id: ID!) { router(id: $id) { id name status { reachable version identity observedAt } } }
`;

export const ONBOARD = /* GraphQL */ `
  mutation Onboard($input: OnboardCustomerInput!) {
    onboardCustomer(input: $input) {
      customer { id name email }
      service { id status }
      run { id state steps { name state error { code message } } }
    }
  }
`;

export const RUN = /* GraphQL */ `
  query Run($id: ID!) { run(id: $id) { id state steps { name state attempts error { code message } } } }
`;

export const WATCH_RUN = /* GraphQL */ `
  subscription WatchRun($id: ID!) { run(id: $id) { id state steps { name state error { code message } } } }
`;

export const PPP_SESSIONS = /* GraphQL */ `
  subscription Sessions($routerId: ID) {
    pppSessions(routerId: $routerId) { action session { name address callerId service { id plan { name } customer { name } } } }
  }
`;

export const TRAFFIC = /* GraphQL */ `
  subscription Traffic($serviceId: ID!) { traffic(serviceId: $serviceId) { at rxBitsPerSecond txBitsPerSecond } }
`;

export const CUSTOMER_TO_SESSION = /* GraphQL */ `
  query CustomerToSession($id: ID!) {
    customer(id: $id) {
      name
      services {
        nodes {
          status
          plan { name price { amount currency } }
          access {
            desired
            enforcement { outcome acknowledgedAt lagMs }
            session { address callerId uptime router { name } observedAt source }
          }
        }
      }
    }
  }
`;

export const DISCONNECT = /* GraphQL */ `
  mutation Disconnect($input: DisconnectSessionInput!) { disconnectSession(input: $input) { disconnected } }
`;

export interface Run {
  id: string;
  state: string;
  steps: Array<{ name: string; state: string; attempts?: number; error: { code: string; message: string } | null }>;
}

export interface Onboarded {
  onboardCustomer: { customer: { id: string; name: string }; service: { id: string; status: string }; run: Run };
}

export interface SessionEvent {
  pppSessions: {
    action: 'SNAPSHOT' | 'UP' | 'DOWN';
    session: { name: string; address: string; callerId: string; service: { id: string; plan: { name: string }; customer: { name: string } } | null };
  };
}

/** A plan that the test router's pool can serve. */
export const planInput = (code: string) => ({
  code,
  name: `Plan ${code}`,
  serviceType: 'PPPOE',
  price: { amount: '29.90', currency: 'USD' },
  billingInterval: 'MONTH',
  access: { rateLimit: '20M/100M', localAddress: '10.64.0.1', remotePool: 'pool-pppoe' },
});
