import { Max, Min } from 'class-validator';
import { Arg, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { globalPermission, type RuleMap } from '#kernel/access/shield.ts';
import type { SandboxClock } from '#kernel/bus/sandbox-clock.ts';
import type { Clock } from '#kernel/clock.ts';
import { forbidden } from '#kernel/errors.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

const HOUR_MS = 3_600_000;

@ObjectType('SandboxClock', { description: 'The clock that decides about periods, due dates and schedules.', simpleResolvers: true })
export class SandboxClockType {
  @Field(() => DateTimeScalar, { description: 'What time it is for the product.' })
  now!: Date;

  @Field(() => Boolean, { description: 'Whether it can be moved: in a sandbox alone.' })
  movable!: boolean;
}

@InputType({ description: 'How far to move the clock of a sandbox.' })
export class MoveSandboxClockInput {
  @Field(() => Int, { defaultValue: 0, description: 'Days forward, 0 to 3660.' })
  @Min(0)
  @Max(3660)
  days!: number;

  @Field(() => Int, { defaultValue: 0, description: 'Hours forward, 0 to 10000.' })
  @Min(0)
  @Max(10_000)
  hours!: number;
}

@ObjectType({ description: 'The clock after it was moved.', simpleResolvers: true })
export class MoveSandboxClockPayload {
  @Field(() => SandboxClockType, { description: 'The clock.' })
  clock!: SandboxClockType;
}

/** Time travel for those who try the product out: dunning takes weeks otherwise. */
@Resolver()
export class SandboxClockResolver {
  constructor(
    private readonly clock: Clock,
    private readonly sandbox: SandboxClock | undefined,
  ) {}

  @Query(() => SandboxClockType, { description: 'What time it is for the product. Super admins only.' })
  sandboxClock(): SandboxClockType {
    return { now: this.clock.now(), movable: this.sandbox !== undefined };
  }

  @Mutation(() => MoveSandboxClockPayload, { description: 'Moves the clock of every process of a sandbox forward; it never goes back. FORBIDDEN outside a sandbox. Super admins only.' })
  async moveSandboxClock(@Arg('input', () => MoveSandboxClockInput, { description: 'How far.' }) { days, hours }: MoveSandboxClockInput): Promise<MoveSandboxClockPayload> {
    // Outside a sandbox a moved clock would bill and suspend real people.
    if (!this.sandbox) throw forbidden('The clock can be moved in a sandbox alone.');
    return { clock: { now: await this.sandbox.moveForward((days * 24 + hours) * HOUR_MS), movable: true } };
  }
}

const rule = globalPermission('clock:write');

export const sandboxClockRules = { Query: { sandboxClock: rule }, Mutation: { moveSandboxClock: rule } } satisfies RuleMap;
