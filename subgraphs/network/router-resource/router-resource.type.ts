import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { RouterType } from '../router/router.type.ts';

@ObjectType('RouterHealth', { description: 'What one sensor of a router says.', simpleResolvers: true })
export class RouterHealthType {
  @Field(() => String, { description: 'Which sensor, e.g. `temperature`.' })
  name!: string;

  @Field(() => Float, { nullable: true, description: 'Its value; null when it is no number.' })
  value!: number | null;

  @Field(() => String, { description: 'Its value as the router says it, e.g. `38` or `ok`.' })
  text!: string;

  @Field(() => String, { nullable: true, description: 'Unit, e.g. `C` or `V`.' })
  unit!: string | null;
}

@ObjectType('RouterResource', { description: 'What a router is and how it is doing. What it does not tell is null.', simpleResolvers: true })
export class RouterResourceType {
  @Field(() => String, { nullable: true, description: 'The name that the router goes by.' })
  identity!: string | null;

  @Field(() => String, { nullable: true, description: 'RouterOS release, e.g. `7.18 (stable)`.' })
  version!: string | null;

  @Field(() => String, { nullable: true, description: 'How long it has been up, as it says it, e.g. `1w2d3h4m5s`.' })
  uptime!: string | null;

  @Field(() => Float, { nullable: true, description: 'How long it has been up, in seconds.' })
  uptimeSeconds!: number | null;

  @Field(() => String, { nullable: true, description: 'Model, e.g. `RB4011iGS+`.' })
  boardName!: string | null;

  @Field(() => String, { nullable: true, description: 'Processor architecture, e.g. `arm`.' })
  architecture!: string | null;

  @Field(() => String, { nullable: true, description: 'Maker.' })
  platform!: string | null;

  @Field(() => String, { nullable: true, description: 'Kind of processor.' })
  cpu!: string | null;

  @Field(() => Int, { nullable: true, description: 'Number of processor cores.' })
  cpuCount!: number | null;

  @Field(() => Int, { nullable: true, description: 'Clock of the processor in MHz.' })
  cpuFrequencyMhz!: number | null;

  @Field(() => Int, { nullable: true, description: 'Load of the processor, 0 to 100.' })
  cpuLoadPercent!: number | null;

  @Field(() => Float, { nullable: true, description: 'Memory that is free, in bytes.' })
  freeMemoryBytes!: number | null;

  @Field(() => Float, { nullable: true, description: 'Memory in all, in bytes.' })
  totalMemoryBytes!: number | null;

  @Field(() => Float, { nullable: true, description: 'Disk space that is free, in bytes.' })
  freeDiskBytes!: number | null;

  @Field(() => Float, { nullable: true, description: 'Disk space in all, in bytes.' })
  totalDiskBytes!: number | null;

  @Field(() => [RouterHealthType], { description: 'Its sensors; none on virtual routers.' })
  health!: RouterHealthType[];

  @Field(() => DateTimeScalar, { description: 'When the router said so.' })
  observedAt!: Date;

  @Field(() => RouterType, { description: 'The router.' })
  router!: RouterType;
}
