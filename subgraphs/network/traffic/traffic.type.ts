import { Field, Float, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

@ObjectType('TrafficSample', { description: 'What a subscriber moves at one moment, seen from the router.', simpleResolvers: true })
export class TrafficSampleType {
  @Field(() => DateTimeScalar, { description: 'When it was measured.' })
  at!: Date;

  @Field(() => Float, { description: 'Bits per second that the router receives: the subscriber\'s upload.' })
  rxBitsPerSecond!: number;

  @Field(() => Float, { description: 'Bits per second that the router sends: the subscriber\'s download.' })
  txBitsPerSecond!: number;
}
