/** What an import asks of the graph; the steps of customer and service are those of an onboarding. */

export const PLANS = /* GraphQL */ `
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
`;

export const PLAN = /* GraphQL */ `
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
`;

export const FIND_SERVICE = /* GraphQL */ `
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
`;

export const FIND_ROUTER = /* GraphQL */ `
  query ImportRouterThere($id: ID!) {
    router(id: $id) {
      id
    }
  }
`;

export const FIND_CUSTOMER = /* GraphQL */ `
  query ImportCustomer($id: ID!) {
    customer(id: $id) {
      id
    }
  }
`;

export const OPEN = /* GraphQL */ `
  mutation ImportOpen($input: OpenRouterImportInput!) {
    openRouterImport(input: $input) {
      routerImport {
        id
        state
      }
    }
  }
`;

export const STATE = /* GraphQL */ `
  query ImportState($id: ID!) {
    routerImport(id: $id) {
      id
      state
    }
  }
`;

export const READ = /* GraphQL */ `
  mutation ImportRead($input: RouterImportRefInput!) {
    readRouterImport(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;

export const CHANGE_ITEM = /* GraphQL */ `
  mutation ImportChangeItem($input: ChangeRouterImportItemInput!) {
    changeRouterImportItem(input: $input) {
      item {
        id
      }
    }
  }
`;

export const BEGIN = /* GraphQL */ `
  mutation ImportBegin($input: RouterImportRefInput!) {
    beginRouterImport(input: $input) {
      routerImport {
        id
        state
      }
    }
  }
`;

export const STOP = /* GraphQL */ `
  mutation ImportStop($input: RouterImportRefInput!) {
    stopRouterImport(input: $input) {
      routerImport {
        id
      }
    }
  }
`;

export const NEXT = /* GraphQL */ `
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
`;

export const SETTLE = /* GraphQL */ `
  mutation ImportSettle($input: SettleRouterImportItemInput!) {
    settleRouterImportItem(input: $input) {
      itemId
    }
  }
`;

export const OPEN_ADOPTION = /* GraphQL */ `
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
`;

export const CHECK = /* GraphQL */ `
  mutation ImportCheck($input: CheckAdoptionInput!) {
    checkAdoption(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;

export const CREATE_PLAN = /* GraphQL */ `
  mutation ImportCreatePlan($input: CreatePlanInput!) {
    createPlan(input: $input) {
      plan {
        id
        code
      }
    }
  }
`;

export const PROVISION = /* GraphQL */ `
  mutation ImportProvision($input: ProvisionAdoptionInput!) {
    provisionAdoption(input: $input) {
      item {
        id
      }
    }
  }
`;

export const ADOPT = /* GraphQL */ `
  mutation ImportAdopt($input: ApplyAdoptionInput!) {
    applyAdoption(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;
