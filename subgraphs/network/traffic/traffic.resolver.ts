import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { NetworkContext } from '../loaders.ts';
import type { TrafficSample } from '../routeros/traffic.ts';
import { TrafficSampleType } from './traffic.type.ts';

@Resolver()
export class TrafficResolver {
  @Subscription(() => TrafficSampleType, {
    description: 'What the subscriber of a service moves, about once a second while he is online. While he is away nothing comes and nothing fails; the stream goes on when he is back.',
    subscribe: ({ args, context }) => (context as NetworkContext).loaders.streams.traffic((args as { serviceId: string }).serviceId),
  })
  traffic(@Root() sample: TrafficSample, @Arg('serviceId', () => ID, { description: 'Which service. Unknown, or without access: NOT_FOUND.' }) _serviceId: string): TrafficSample {
    return sample;
  }
}
