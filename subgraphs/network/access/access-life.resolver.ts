import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { NetworkContext } from '../loaders.ts';
import type { AccessLife } from './access-life.ts';
import type { Access } from './access.ts';
import {
  AccessPayload,
  ChangeAccessCredentialsInput,
  ChangeAccessPlanInput,
  DeviceStepPayload,
  LeaveRoutersInput,
  MoveAccessInput,
  RevealPppPasswordInput,
  RevealPppPasswordPayload,
  RevertAccessInput,
  SetAccessAddressInput,
  SetAccessCallerIdInput,
  SetAccessDesiredInput,
} from './access.type.ts';
import { DeviceStepOutcome } from './access.type.ts';
import type { AccessEnforcement, StepResult } from './enforce-access.ts';

/** The wishes of sagas for an access that exists, and the password in clear. */
@Resolver()
export class AccessLifeResolver {
  constructor(
    private readonly life: AccessLife,
    private readonly steps: AccessEnforcement,
  ) {}

  @Mutation(() => AccessPayload, { description: 'A step of a saga, for services only: what the router is to hold from now on, as rows. CONFLICT for a wish that is older than the newest heard.' })
  async setAccessDesired(@Arg('input', () => SetAccessDesiredInput, { description: 'The wish.' }) input: SetAccessDesiredInput, @Ctx() { principal }: NetworkContext): Promise<{ access: Access | null }> {
    return { access: await this.life.setDesired(principal, input) };
  }

  @Mutation(() => AccessPayload, { description: 'A step of a saga, for services only: another plan, as rows. Its session is renewed once the router has it.' })
  async changeAccessPlan(@Arg('input', () => ChangeAccessPlanInput, { description: 'The plan.' }) input: ChangeAccessPlanInput, @Ctx() { principal }: NetworkContext): Promise<{ access: Access }> {
    return { access: await this.life.changePlan(principal, input) };
  }

  @Mutation(() => AccessPayload, { description: 'A step of a saga, for services only: another router, as rows. The former one keeps serving until leaveRouters.' })
  async moveAccess(@Arg('input', () => MoveAccessInput, { description: 'The router.' }) input: MoveAccessInput, @Ctx() { principal }: NetworkContext): Promise<{ access: Access }> {
    return { access: await this.life.move(principal, input) };
  }

  @Mutation(() => AccessPayload, { description: 'A step of a saga, for services only: other credentials, as rows. The secret is renamed, not made anew; its session is cut.' })
  async changeAccessCredentials(@Arg('input', () => ChangeAccessCredentialsInput, { description: 'The credentials.' }) input: ChangeAccessCredentialsInput, @Ctx() { principal }: NetworkContext): Promise<{ access: Access }> {
    return { access: await this.life.changeCredentials(principal, input) };
  }

  @Mutation(() => AccessPayload, { description: 'A step of a saga, for services only: the address that the subscriber is always given, as rows. Its session is renewed once the router has it.' })
  async setAccessAddress(@Arg('input', () => SetAccessAddressInput, { description: 'The address.' }) input: SetAccessAddressInput, @Ctx() { principal }: NetworkContext): Promise<{ access: Access }> {
    return { access: await this.life.setAddress(principal, input) };
  }

  @Mutation(() => AccessPayload, { description: 'A step of a saga, for services only: the one device that may dial, as rows.' })
  async setAccessCallerId(@Arg('input', () => SetAccessCallerIdInput, { description: 'The device.' }) input: SetAccessCallerIdInput, @Ctx() { principal }: NetworkContext): Promise<{ access: Access }> {
    return { access: await this.life.setCallerId(principal, input) };
  }

  @Mutation(() => DeviceStepPayload, { description: 'A step of a saga, for services only: removes what is left on routers that the service has left. Answers within 15 s.' })
  async leaveRouters(@Arg('input', () => LeaveRoutersInput, { description: 'Whose.' }) input: LeaveRoutersInput, @Ctx() { principal }: NetworkContext): Promise<{ result: StepResult }> {
    return { result: await this.steps.leaveRouters(principal, input.serviceId) };
  }

  @Mutation(() => DeviceStepPayload, { description: 'The undo of a saga, for services only: plan, credentials and router as they were before the run changed them, on the router too. Answers within 15 s for each router.' })
  async revertAccess(@Arg('input', () => RevertAccessInput, { description: 'Whose, and whose change.' }) input: RevertAccessInput, @Ctx() { principal }: NetworkContext): Promise<{ result: StepResult }> {
    await this.life.revert(principal, input.serviceId, input.runId);
    for (const step of [this.steps.applySecret, this.steps.verify, this.steps.leaveRouters]) {
      const result = await step(principal, input.serviceId);
      if (result.outcome !== DeviceStepOutcome.DONE) return { result };
    }
    return { result: { outcome: DeviceStepOutcome.DONE, code: null, message: null } };
  }

  @Mutation(() => RevealPppPasswordPayload, { description: 'Shows the PPP password of a service. Who asked and why is recorded before it is shown. NOT_FOUND for a service without access.' })
  async revealPppPassword(@Arg('input', () => RevealPppPasswordInput, { description: 'Whose, and why.' }) input: RevealPppPasswordInput, @Ctx() { principal }: NetworkContext): Promise<{ username: string; password: string }> {
    return this.life.reveal(principal, input);
  }
}
