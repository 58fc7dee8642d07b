import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { and, permission, type RuleMap } from '#kernel/access/shield.ts';
import type { OpsContext } from '../loaders.ts';
import type { CustomerRef, ServiceRef } from '../run/workflow-run.type.ts';
import type { WorkflowRun } from '../run/workflow-run.ts';
import type { Onboarding } from './onboard-customer.ts';
import { OnboardCustomerInput, OnboardCustomerPayload } from './onboard-customer.type.ts';

interface Payload {
  customer: CustomerRef | null;
  service: ServiceRef | null;
  run: WorkflowRun;
}

@Resolver(() => OnboardCustomerPayload)
export class OnboardingResolver {
  constructor(private readonly domain: Onboarding) {}

  @Mutation(() => OnboardCustomerPayload, {
    description:
      'Makes a customer and a service and brings it up on the router: a durable run. Answers as soon as customer and service exist; a router that is away does not hold it up. What is wrong with the input is told by its fields, and nothing stays behind then.',
  })
  async onboardCustomer(@Arg('input', () => OnboardCustomerInput, { description: 'The subscriber.' }) input: OnboardCustomerInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    const run = await this.domain.onboard(principal, input);
    return { customer: run.customerId ? { id: run.customerId } : null, service: run.serviceId ? { id: run.serviceId } : null, run };
  }
}

/** Whoever may make customers and services may onboard one. */
export const onboardingRules = {
  Mutation: { onboardCustomer: and(permission('customer:write'), permission('service:write')) },
} satisfies RuleMap;
