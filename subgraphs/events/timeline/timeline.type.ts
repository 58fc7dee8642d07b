import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { DateTimeFilter } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { DETAILS, type TimelineDetailsValue } from './timeline-details.type.ts';
import { TimelineKind } from './timeline-kind.ts';
import { CustomerRef } from './timeline-stubs.type.ts';

registerEnumType(TimelineKind, {
  name: 'TimelineKind',
  description: 'What a timeline tells.',
  valuesConfig: {
    CUSTOMER_CREATED: { description: 'The customer was created.' },
    CUSTOMER_UPDATED: { description: 'Name, ways to reach him or status were changed.' },
    CUSTOMER_CLOSED: { description: 'The customer has left.' },
    SERVICE_CREATED: { description: 'A service was made; it is not in use yet.' },
    SERVICE_ACTIVATED: { description: 'A service is in use from now on.' },
    SERVICE_UPDATED: { description: 'The billing day was changed.' },
    SERVICE_PLAN_CHANGED: { description: 'A service has another plan; also when a change was taken back.' },
    SERVICE_SUSPENDED: { description: 'A service is suspended; `details.reason` says why.' },
    SERVICE_RESUMED: { description: 'A suspended service is in use again.' },
    SERVICE_TERMINATED: { description: 'A service has ended.' },
    SERVICE_WITHDRAWN: { description: 'A service that was never in use was taken back.' },
    ACCESS_APPLIED: { description: 'The router has what is desired, proven by a read-back.' },
    SESSION_UP: { description: 'The subscriber is online.' },
    SESSION_DOWN: { description: 'The subscriber is offline.' },
    INVOICE_ISSUED: { description: 'An invoice was issued.' },
    INVOICE_OVERDUE: { description: 'An invoice was found open after its due day.' },
    SUSPENSION_DUE: { description: 'An overdue invoice has outlived the days of grace of its plan.' },
    SERVICE_SETTLED: { description: 'Nothing overdue is left for a service.' },
    PAYMENT_RECEIVED: { description: 'Money came in.' },
    RUN_STARTED: { description: 'A durable run began. An onboarding begins with CUSTOMER_CREATED instead.' },
    RUN_WAITING: { description: 'A run could not go on and is tried again; told once a run.' },
    RUN_SUCCEEDED: { description: 'A run is done.' },
    RUN_FAILED: { description: 'A run was refused.' },
    RUN_CANCELLED: { description: 'A run was cancelled.' },
    RUN_SUPERSEDED: { description: 'A newer run took its place.' },
  },
});

export const TimelineDetails = createUnionType({
  name: 'TimelineDetails',
  description: 'What an entry is about, with ways to go on from there.',
  types: () => Object.values(DETAILS),
  resolveType: (details) => DETAILS[(details as TimelineDetailsValue).about],
});

@ObjectType('TimelineEntry', { description: 'Something that happened to a customer. Never changed.', simpleResolvers: true })
export class TimelineEntryType {
  @Field(() => ID, { description: 'UUID: the id of the event.' })
  id!: string;

  @Field(() => String, { description: 'Opaque; give it as `after` to continue behind this entry.' })
  cursor!: string;

  @Field(() => Int, { description: '1, 2, 3 … within the customer\'s timeline. Numbers are missing where you may not read, and nowhere else.' })
  position!: number;

  @Field(() => DateTimeScalar, { description: 'When it happened. Entries stand in the order in which they became known, which may differ by moments.' })
  at!: Date;

  @Field(() => TimelineKind, { description: 'What happened.' })
  kind!: TimelineKind;

  @Field(() => String, { description: 'The subgraph that told of it, e.g. `billing`.' })
  source!: string;

  @Field(() => String, { description: 'For people, in English: `Invoice INV-000042 over 29.90 USD issued, due 2026-02-05`.' })
  summary!: string;

  @Field(() => CustomerRef, { nullable: true, description: 'To whom it happened.' })
  customer!: CustomerRef | null;

  @Field(() => TimelineDetails, { description: 'What it is about.' })
  details!: TimelineDetailsValue;
}

export const TimelineConnection = connectionType(TimelineEntryType, 'TimelineEntry');

@InputType('TimelineFilter', { description: 'Which entries of a timeline; all given conditions must hold.' })
export class TimelineFilter {
  @Field(() => [TimelineKind], { nullable: true, description: 'Only these kinds.' })
  kinds?: TimelineKind[] | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'When it happened.' })
  at?: DateTimeFilter | null;
}
