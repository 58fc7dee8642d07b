import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { NetworkContext } from '../loaders.ts';
import type { PppSession, PppSessions } from '../ppp-session/ppp-session.ts';
import { PppSessionType, ServiceRef } from '../ppp-session/ppp-session.type.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { Access, Accesses, Departure, ShownAccess } from './access.ts';
import { AccessConnection, AccessDepartureType, AccessFilter, AccessOrder, AccessType, ApplyPppProfileInput, ApplyPppSecretInput, DesiredAccess, DeviceStepPayload, Enforcement, EnforcementReason, ProvisionAccessInput, ProvisionAccessPayload, VerifyAccessInput, WithdrawAccessInput } from './access.type.ts';
import type { AccessEnforcement, StepResult } from './enforce-access.ts';

@Resolver(() => AccessType)
export class AccessResolver {
  constructor(
    private readonly accesses: Accesses,
    private readonly steps: AccessEnforcement,
    private readonly sessions: PppSessions,
  ) {}

  @Query(() => AccessConnection, { name: 'accesses', description: 'What the services of the tenant have on routers. Asks no router.' })
  list(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AccessFilter, { nullable: true, description: 'Which ones.' }) filter: AccessFilter | null,
    @Arg('orderBy', () => [AccessOrder], { nullable: true, description: 'How they are sorted: by service unless said otherwise.' }) orderBy: AccessOrder[] | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<ConnectionValue<Access>> {
    return this.accesses.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => ProvisionAccessPayload, { description: 'A step of a saga, for services only: makes the rows of a service\'s access. VALIDATION_ERROR names `credentials.username` (TAKEN) or a field of `plan`.' })
  async provisionAccess(@Arg('input', () => ProvisionAccessInput, { description: 'The access.' }) input: ProvisionAccessInput, @Ctx() { principal }: NetworkContext): Promise<{ access: Access }> {
    return { access: await this.accesses.provision(principal, input) };
  }

  @Mutation(() => DeviceStepPayload, { description: 'A step of a saga, for services only: makes the PPP profile on the router. Answers within 15 s.' })
  async applyPppProfile(@Arg('input', () => ApplyPppProfileInput, { description: 'Whose.' }) input: ApplyPppProfileInput, @Ctx() { principal }: NetworkContext): Promise<{ result: StepResult }> {
    return { result: await this.steps.applyProfile(principal, input.serviceId) };
  }

  @Mutation(() => DeviceStepPayload, { description: 'A step of a saga, for services only: makes the PPP secret on the router. Answers within 15 s.' })
  async applyPppSecret(@Arg('input', () => ApplyPppSecretInput, { description: 'Whose.' }) input: ApplyPppSecretInput, @Ctx() { principal }: NetworkContext): Promise<{ result: StepResult }> {
    return { result: await this.steps.applySecret(principal, input.serviceId) };
  }

  @Mutation(() => DeviceStepPayload, { description: 'A step of a saga, for services only: reads secret and profile back, mends what differs, and notes the proof. Answers within 15 s.' })
  async verifyAccess(@Arg('input', () => VerifyAccessInput, { description: 'Whose.' }) input: VerifyAccessInput, @Ctx() { principal }: NetworkContext): Promise<{ result: StepResult }> {
    return { result: await this.steps.verify(principal, input.serviceId) };
  }

  @Mutation(() => DeviceStepPayload, { description: 'The undo of a saga, for services only: takes secret, session, profile and rows away, as far as they are ours and of this run. Answers within 15 s; WAIT while the router is away and may hold something.' })
  async withdrawAccess(@Arg('input', () => WithdrawAccessInput, { description: 'Whose, and of which run.' }) input: WithdrawAccessInput, @Ctx() { principal }: NetworkContext): Promise<{ result: StepResult }> {
    return { result: await this.steps.withdraw(principal, input.serviceId, input.runId) };
  }

  @FieldResolver(() => ServiceRef, { description: 'The service it belongs to.' })
  service(@Root() access: ShownAccess): ServiceRef {
    return { id: access.serviceId };
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router it is on.' })
  router(@Root() access: ShownAccess, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(access.routerId);
  }

  @FieldResolver(() => String, { description: 'Name of the PPP profile on the router.' })
  profile(@Root() access: ShownAccess): string {
    return access.profile.name;
  }

  @FieldResolver(() => String, { nullable: true, description: 'The MAC address of the one device that may dial, e.g. `AA:BB:CC:DD:EE:FF`; null: any device.' })
  callerIdLock(@Root() access: ShownAccess): string | null {
    return access.callerId;
  }

  @FieldResolver(() => Enforcement, { description: 'How far the router has followed.' })
  enforcement(@Root() access: ShownAccess): Enforcement {
    return enforcementOf(access);
  }

  @FieldResolver(() => PppSessionType, { nullable: true, description: 'The live session, as the line to the router knows it; the router is not asked. Null when there is none, or nothing is known yet.' })
  session(@Root() access: ShownAccess): PppSession | null {
    // Of an access that is gone, the name may be another's by now.
    return access.desired === DesiredAccess.REMOVED ? null : this.sessions.current(access);
  }

  @FieldResolver(() => [AccessDepartureType], { description: 'Routers that the service has left and that may still hold something of it, the longest left first; empty unless it moves.' })
  leaving(@Root() access: ShownAccess, @Ctx() { loaders }: NetworkContext): Promise<Departure[]> {
    return loaders.departures.load(access.serviceId);
  }
}

@Resolver(() => AccessDepartureType)
export class AccessDepartureResolver {
  @FieldResolver(() => RouterType, { nullable: true, description: 'The router that was left.' })
  router(@Root() departure: Departure, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(departure.routerId);
  }

  @FieldResolver(() => EnforcementReason, { nullable: true, description: 'What hinders the removal; null while nothing is wrong.' })
  reason(@Root() { reasonCode, reasonMessage }: Departure): EnforcementReason | null {
    return reasonCode === null ? null : { code: reasonCode, message: reasonMessage ?? '' };
  }
}

@Resolver(() => ServiceRef)
export class ServiceAccessResolver {
  @FieldResolver(() => AccessType, { nullable: true, description: 'What the service has on its router: desired, enforced and live. Null for a service without access. Never asks a router.' })
  access(@Root() service: ServiceRef, @Ctx() { loaders }: NetworkContext): Promise<ShownAccess | null> {
    return loaders.access.load(service.id);
  }
}

function enforcementOf(access: ShownAccess): Enforcement {
  return {
    outcome: access.outcome,
    reason: access.reasonCode === null ? null : { code: access.reasonCode, message: access.reasonMessage ?? '' },
    acknowledgedAt: access.acknowledgedAt,
    lagMs: access.lagMs,
    attempts: access.attempts,
    lastAttemptAt: access.lastAttemptAt,
  };
}
