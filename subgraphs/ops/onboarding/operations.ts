/**
 * What the onboarding asks of the graph. The first two are asked before the run is recorded; the others are its steps, each
 * idempotent on the ids that ops has minted.
 */

export const PLAN = /* GraphQL */ `
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
`;

export const SEAL_CREDENTIALS = /* GraphQL */ `
  mutation OnboardingSealCredentials($input: SealPppCredentialsInput!) {
    sealPppCredentials(input: $input) {
      credentials {
        id
        routerId
      }
    }
  }
`;

export const CREATE_CUSTOMER = /* GraphQL */ `
  mutation OnboardingCreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      customer {
        id
      }
    }
  }
`;

export const WITHDRAW_CUSTOMER = /* GraphQL */ `
  mutation OnboardingWithdrawCustomer($input: WithdrawCustomerInput!) {
    withdrawCustomer(input: $input) {
      withdrawn
    }
  }
`;

export const CREATE_SERVICE = /* GraphQL */ `
  mutation OnboardingCreateService($input: CreateServiceInput!) {
    createService(input: $input) {
      service {
        id
      }
    }
  }
`;

export const WITHDRAW_SERVICE = /* GraphQL */ `
  mutation OnboardingWithdrawService($input: WithdrawServiceInput!) {
    withdrawService(input: $input) {
      withdrawn
    }
  }
`;

export const PROVISION_ACCESS = /* GraphQL */ `
  mutation OnboardingProvisionAccess($input: ProvisionAccessInput!) {
    provisionAccess(input: $input) {
      access {
        desired
      }
    }
  }
`;

export const WITHDRAW_ACCESS = /* GraphQL */ `
  mutation OnboardingWithdrawAccess($input: WithdrawAccessInput!) {
    withdrawAccess(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;

export const APPLY_PROFILE = /* GraphQL */ `
  mutation OnboardingApplyProfile($input: ApplyPppProfileInput!) {
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
  mutation OnboardingApplySecret($input: ApplyPppSecretInput!) {
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
  mutation OnboardingVerifyAccess($input: VerifyAccessInput!) {
    verifyAccess(input: $input) {
      result {
        outcome
        code
        message
      }
    }
  }
`;

export const ACTIVATE_SERVICE = /* GraphQL */ `
  mutation OnboardingActivateService($input: ActivateServiceInput!) {
    activateService(input: $input) {
      service {
        id
      }
    }
  }
`;
