/** What the life of a service asks of the graph: first what is looked up before a run is recorded, then its steps. */

export const FIND_ROUTER = /* GraphQL */ `
  query LifecycleRouter($id: ID!) {
    router(id: $id) {
      id
    }
  }
`;

export const FIND_SERVICE = /* GraphQL */ `
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
`;

/** For what is done to a line: who is on it now, from memory. */
export const FIND_LINE = /* GraphQL */ `
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
`;

export const FIND_SUBSCRIBER = /* GraphQL */ `
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
`;

export const UPDATE_CUSTOMER = /* GraphQL */ `
  mutation LifecycleUpdateCustomer($input: UpdateCustomerInput!) {
    updateCustomer(input: $input) {
      customer {
        id
      }
    }
  }
`;

export const UPDATE_SERVICE = /* GraphQL */ `
  mutation LifecycleUpdateService($input: UpdateServiceInput!) {
    updateService(input: $input) {
      service {
        id
      }
    }
  }
`;

export const SEAL_CREDENTIALS = /* GraphQL */ `
  mutation LifecycleSealCredentials($input: SealPppCredentialsInput!) {
    sealPppCredentials(input: $input) {
      credentials {
        id
        unchanged
      }
    }
  }
`;

export const CLOSE_CUSTOMER = /* GraphQL */ `
  mutation LifecycleCloseCustomer($input: CloseCustomerInput!) {
    closeCustomer(input: $input) {
      customer {
        id
      }
    }
  }
`;

export const MARK_SUSPENDED = /* GraphQL */ `
  mutation LifecycleMarkSuspended($input: MarkServiceSuspendedInput!) {
    markServiceSuspended(input: $input) {
      service {
        id
      }
    }
  }
`;

export const MARK_RESUMED = /* GraphQL */ `
  mutation LifecycleMarkResumed($input: MarkServiceInput!) {
    markServiceResumed(input: $input) {
      service {
        id
      }
    }
  }
`;

export const MARK_TERMINATED = /* GraphQL */ `
  mutation LifecycleMarkTerminated($input: MarkServiceInput!) {
    markServiceTerminated(input: $input) {
      service {
        id
      }
    }
  }
`;

export const MARK_PLAN_CHANGED = /* GraphQL */ `
  mutation LifecycleMarkPlanChanged($input: MarkServicePlanChangedInput!) {
    markServicePlanChanged(input: $input) {
      service {
        id
      }
    }
  }
`;

export const REVERT_PLAN = /* GraphQL */ `
  mutation LifecycleRevertPlan($input: RevertServicePlanInput!) {
    revertServicePlan(input: $input) {
      service {
        id
      }
    }
  }
`;

export const SET_DESIRED = /* GraphQL */ `
  mutation LifecycleSetDesired($input: SetAccessDesiredInput!) {
    setAccessDesired(input: $input) {
      access {
        desired
      }
    }
  }
`;

export const CHANGE_ACCESS_PLAN = /* GraphQL */ `
  mutation LifecycleChangeAccessPlan($input: ChangeAccessPlanInput!) {
    changeAccessPlan(input: $input) {
      access {
        desired
      }
    }
  }
`;

export const MOVE_ACCESS = /* GraphQL */ `
  mutation LifecycleMoveAccess($input: MoveAccessInput!) {
    moveAccess(input: $input) {
      access {
        desired
      }
    }
  }
`;

export const CHANGE_CREDENTIALS = /* GraphQL */ `
  mutation LifecycleChangeCredentials($input: ChangeAccessCredentialsInput!) {
    changeAccessCredentials(input: $input) {
      access {
        desired
      }
    }
  }
`;

export const SET_ADDRESS = /* GraphQL */ `
  mutation LifecycleSetAddress($input: SetAccessAddressInput!) {
    setAccessAddress(input: $input) {
      access {
        desired
      }
    }
  }
`;

export const SET_CALLER_ID = /* GraphQL */ `
  mutation LifecycleSetCallerId($input: SetAccessCallerIdInput!) {
    setAccessCallerId(input: $input) {
      access {
        desired
      }
    }
  }
`;

export const REVERT_ACCESS = /* GraphQL */ `
  mutation LifecycleRevertAccess($input: RevertAccessInput!) {
    revertAccess(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;

export const APPLY_PROFILE = /* GraphQL */ `
  mutation LifecycleApplyProfile($input: ApplyPppProfileInput!) {
    applyPppProfile(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;

export const APPLY_SECRET = /* GraphQL */ `
  mutation LifecycleApplySecret($input: ApplyPppSecretInput!) {
    applyPppSecret(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;

export const VERIFY_ACCESS = /* GraphQL */ `
  mutation LifecycleVerifyAccess($input: VerifyAccessInput!) {
    verifyAccess(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;

export const LEAVE_ROUTERS = /* GraphQL */ `
  mutation LifecycleLeaveRouters($input: LeaveRoutersInput!) {
    leaveRouters(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;
