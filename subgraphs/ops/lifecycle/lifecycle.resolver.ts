import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { permission, type RuleMap } from '#kernel/access/shield.ts';
import type { OpsContext } from '../loaders.ts';
import type { CustomerRef, ServiceRef } from '../run/workflow-run.type.ts';
import type { WorkflowRun } from '../run/workflow-run.ts';
import type { Lifecycle } from './lifecycle.ts';
import {
  ChangePlanInput,
  ChangeSubscriberInput,
  ChangeSubscriberPayload,
  LockCallerIdInput,
  MoveServiceInput,
  OffboardCustomerInput,
  OffboardCustomerPayload,
  ResetCallerIdInput,
  ResetPppPasswordInput,
  ResumeServiceInput,
  ServiceRunPayload,
  SetStaticAddressInput,
  SuspendServiceInput,
  TerminateServiceInput,
} from './lifecycle.type.ts';
import type { Subscribers } from './subscriber.ts';

interface Payload {
  service: ServiceRef;
  run: WorkflowRun;
}

const FOLLOWS = 'Answers once the rows are written; the run ends only when the router has confirmed and a read-back agrees. A router that is away or refuses holds the run up, visibly; a newer wish for the service supersedes it.';

@Resolver(() => ServiceRunPayload)
export class LifecycleResolver {
  constructor(
    private readonly domain: Lifecycle,
    private readonly subscribers: Subscribers,
  ) {}

  @Mutation(() => ServiceRunPayload, { description: `Switches a service off: its secret is disabled and its session cut. ${FOLLOWS}` })
  async suspendService(@Arg('input', () => SuspendServiceInput, { description: 'Which one, and why.' }) input: SuspendServiceInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    return payload(await this.domain.suspend(principal, input));
  }

  @Mutation(() => ServiceRunPayload, { description: `Switches a suspended service on again. ${FOLLOWS}` })
  async resumeService(@Arg('input', () => ResumeServiceInput, { description: 'Which one.' }) input: ResumeServiceInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    return payload(await this.domain.resume(principal, input));
  }

  @Mutation(() => ServiceRunPayload, { description: `Gives a service another plan; its session is renewed. What the router rejects is taken back. ${FOLLOWS}` })
  async changePlan(@Arg('input', () => ChangePlanInput, { description: 'Which one, and which plan.' }) input: ChangePlanInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    return payload(await this.domain.changePlan(principal, input));
  }

  @Mutation(() => ServiceRunPayload, { description: `Brings a service up on another router, then removes it from the former. What the new router rejects is taken back. ${FOLLOWS}` })
  async moveService(@Arg('input', () => MoveServiceInput, { description: 'Which one, and where to.' }) input: MoveServiceInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    return payload(await this.domain.move(principal, input));
  }

  @Mutation(() => ServiceRunPayload, { description: `Ends a service for good: its secret is removed and its session cut. ${FOLLOWS}` })
  async terminateService(@Arg('input', () => TerminateServiceInput, { description: 'Which one.' }) input: TerminateServiceInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    return payload(await this.domain.terminate(principal, input));
  }

  @Mutation(() => ServiceRunPayload, { description: `Gives a service another PPP password; its session is cut. ${FOLLOWS}` })
  async resetPppPassword(@Arg('input', () => ResetPppPasswordInput, { description: 'Which one, and the password.' }) input: ResetPppPasswordInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    return payload(await this.domain.resetPassword(principal, input));
  }

  @Mutation(() => ServiceRunPayload, { description: `Gives the subscriber of a service an address that is always his, or one of the pool again; his session is renewed so that it takes effect. What the router rejects is taken back. ${FOLLOWS}` })
  async setStaticAddress(@Arg('input', () => SetStaticAddressInput, { description: 'Which one, and the address.' }) input: SetStaticAddressInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    return payload(await this.domain.setStaticAddress(principal, input));
  }

  @Mutation(() => ServiceRunPayload, { description: `Lets one device alone dial for a service; another one that is online is cut. What the router rejects is taken back. ${FOLLOWS}` })
  async lockCallerId(@Arg('input', () => LockCallerIdInput, { description: 'Which one, and the device.' }) input: LockCallerIdInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    return payload(await this.domain.lockCallerId(principal, input));
  }

  @Mutation(() => ServiceRunPayload, { description: `Lets any device dial for a service again, e.g. when the subscriber has a new one. What runs is not cut. ${FOLLOWS}` })
  async resetCallerId(@Arg('input', () => ResetCallerIdInput, { description: 'Which one.' }) input: ResetCallerIdInput, @Ctx() { principal }: OpsContext): Promise<Payload> {
    return payload(await this.domain.resetCallerId(principal, input));
  }

  @Mutation(() => ChangeSubscriberPayload, {
    description: 'Changes a customer and his service. Customer and service rows are changed before it answers; a new plan or credentials go on to the router as a durable run. CONFLICT while another run of this customer is under way.',
  })
  async changeSubscriber(
    @Arg('input', () => ChangeSubscriberInput, { description: 'The changes.' }) input: ChangeSubscriberInput,
    @Ctx() { principal }: OpsContext,
  ): Promise<{ customer: CustomerRef; service: ServiceRef | null; run: WorkflowRun | null }> {
    const { customerId, serviceId, run } = await this.subscribers.change(principal, input);
    return { customer: { id: customerId }, service: serviceId === null ? null : { id: serviceId }, run };
  }

  @Mutation(() => OffboardCustomerPayload, {
    description: 'A customer leaves: he is closed, his services end, and what they had is removed from the routers. Answers once the rows are written: from then on he is NOT_FOUND; his user name is free again when the run has ended.',
  })
  async offboardCustomer(@Arg('input', () => OffboardCustomerInput, { description: 'Who.' }) input: OffboardCustomerInput, @Ctx() { principal }: OpsContext): Promise<{ customerId: string; run: WorkflowRun }> {
    const run = await this.subscribers.offboard(principal, input);
    return { customerId: run.customerId!, run };
  }
}

function payload(run: WorkflowRun): Payload {
  return { service: { id: run.serviceId! }, run };
}

const service = permission('service:write');
const customer = permission('customer:write');

export const lifecycleRules = {
  Mutation: {
    suspendService: service,
    resumeService: service,
    changePlan: service,
    moveService: service,
    terminateService: service,
    resetPppPassword: service,
    setStaticAddress: service,
    lockCallerId: service,
    resetCallerId: service,
    changeSubscriber: customer,
    offboardCustomer: customer,
  },
} satisfies RuleMap;
