import { Field, ID, Int, ObjectType } from 'type-graphql';
import { MoneyType } from '#kernel/graphql/money-type.ts';
import { DateScalar, DateTimeScalar } from '#kernel/graphql/scalars.ts';
import type { TimelineFacts } from './timeline-entry.ts';
import { InvoiceRef, PaymentRef, PlanRef, RouterRef, ServiceRef, WorkflowRunRef, type Stub } from './timeline-stubs.type.ts';

/** Null where the other subgraph no longer has it, or does not show it to the caller. */
const SERVICE = { nullable: true, description: 'The service; null when it is gone, or not yours to see.' };
const ROUTER = { nullable: true, description: 'The router; null when it is gone, or not yours to see.' };
const INVOICE = { nullable: true, description: 'The invoice; null when there is none, or it is not yours to see.' };
const PAYMENT = { nullable: true, description: 'The payment; null when there is none, or it is not yours to see.' };

@ObjectType('TimelineCustomer', { description: 'What a customer was like after the change.', simpleResolvers: true })
export class TimelineCustomer {
  @Field(() => String, { nullable: true, description: 'His name; null for a customer who was closed.' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'The number that people use; null for a customer who was closed.' })
  accountNumber!: string | null;

  @Field(() => String, { nullable: true, description: 'His status, e.g. `ACTIVE`.' })
  status!: string | null;
}

@ObjectType('TimelineService', { description: 'What a service was like after the change.', simpleResolvers: true })
export class TimelineService {
  @Field(() => ServiceRef, SERVICE)
  service!: Stub | null;

  @Field(() => String, { description: 'The number that people use.' })
  number!: string;

  @Field(() => String, { description: 'Its status, e.g. `SUSPENDED`.' })
  status!: string;

  @Field(() => PlanRef, { nullable: true, description: 'Its plan.' })
  plan!: Stub | null;

  @Field(() => String, { nullable: true, description: 'The code that the plan had; with activations and changes of plan.' })
  planCode!: string | null;

  @Field(() => PlanRef, { nullable: true, description: 'The plan before; with changes of plan.' })
  previousPlan!: Stub | null;

  @Field(() => Int, { description: 'On which day of the month it is billed.' })
  billingDay!: number;

  @Field(() => String, { nullable: true, description: 'Why it was suspended, e.g. `NON_PAYMENT`.' })
  reason!: string | null;
}

@ObjectType('TimelineAccess', { description: 'A router has what is desired, proven by a read-back.', simpleResolvers: true })
export class TimelineAccess {
  @Field(() => ServiceRef, SERVICE)
  service!: Stub | null;

  @Field(() => RouterRef, ROUTER)
  router!: Stub | null;

  @Field(() => String, { description: 'PPP user name.' })
  username!: string;

  @Field(() => String, { description: 'What was desired: `ENABLED`, `DISABLED` or `ABSENT`.' })
  desired!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the read-back agreed.' })
  acknowledgedAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'How long the router took to follow the wish, in milliseconds.' })
  lagMs!: number | null;
}

@ObjectType('TimelineSession', { description: 'A PPP session that came up or ended.', simpleResolvers: true })
export class TimelineSession {
  @Field(() => ServiceRef, SERVICE)
  service!: Stub | null;

  @Field(() => RouterRef, ROUTER)
  router!: Stub | null;

  @Field(() => String, { description: 'PPP user name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The address the subscriber had.' })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'Where he called from: for PPPoE the MAC address.' })
  callerId!: string | null;

  @Field(() => DateTimeScalar, { description: 'When the session came up.' })
  startedAt!: Date;
}

@ObjectType('TimelineInvoice', { description: 'An invoice that was issued or became overdue.', simpleResolvers: true })
export class TimelineInvoice {
  @Field(() => InvoiceRef, INVOICE)
  invoice!: Stub | null;

  @Field(() => ServiceRef, SERVICE)
  service!: Stub | null;

  @Field(() => String, { description: 'The number that people use.' })
  number!: string;

  @Field(() => MoneyType, { description: 'What it comes to.' })
  total!: MoneyType;

  @Field(() => DateScalar, { description: 'The last day on which it can be paid without being overdue.' })
  dueOn!: string;

  @Field(() => DateScalar, { nullable: true, description: 'The first day on which it was overdue.' })
  overdueSince!: string | null;
}

@ObjectType('TimelineDunning', { description: 'What a service owes has outlived its days of grace, or is settled.', simpleResolvers: true })
export class TimelineDunning {
  @Field(() => ServiceRef, SERVICE)
  service!: Stub | null;

  @Field(() => InvoiceRef, INVOICE)
  invoice!: Stub | null;

  @Field(() => PaymentRef, PAYMENT)
  payment!: Stub | null;

  @Field(() => DateScalar, { nullable: true, description: 'When the invoice was due.' })
  dueOn!: string | null;

  @Field(() => Int, { nullable: true, description: 'How many days of grace the plan gave.' })
  graceDays!: number | null;
}

@ObjectType('TimelinePayment', { description: 'Money that came in.', simpleResolvers: true })
export class TimelinePayment {
  @Field(() => PaymentRef, PAYMENT)
  payment!: Stub | null;

  @Field(() => InvoiceRef, INVOICE)
  invoice!: Stub | null;

  @Field(() => MoneyType, { description: 'How much.' })
  amount!: MoneyType;
}

@ObjectType('TimelineRun', { description: 'A durable run that began, waits or ended.', simpleResolvers: true })
export class TimelineRun {
  @Field(() => WorkflowRunRef, { nullable: true, description: 'The run; null when it is not yours to see.' })
  run!: Stub | null;

  @Field(() => ID, { description: 'Id of the run.' })
  runId!: string;

  @Field(() => ServiceRef, { nullable: true, description: 'The service; null when the run is about the customer as a whole, or it is not yours to see.' })
  service!: Stub | null;

  @Field(() => String, { description: 'What it does: a `WorkflowKind`.' })
  workflow!: string;

  @Field(() => String, { description: 'Where it stood: a `WorkflowRunState`.' })
  state!: string;
}

/** One class a form of facts. */
export const DETAILS = {
  CUSTOMER: TimelineCustomer,
  SERVICE: TimelineService,
  ACCESS: TimelineAccess,
  SESSION: TimelineSession,
  INVOICE: TimelineInvoice,
  DUNNING: TimelineDunning,
  PAYMENT: TimelinePayment,
  RUN: TimelineRun,
} as const satisfies Record<TimelineFacts['about'], unknown>;

export type TimelineDetailsValue = (TimelineCustomer | TimelineService | TimelineAccess | TimelineSession | TimelineInvoice | TimelineDunning | TimelinePayment | TimelineRun) & { about: TimelineFacts['about'] };

const ref = (id: string | null): Stub | null => (id === null ? null : { id });

/** Facts as the graph shows them: ids become the things they stand for. */
export function toDetails(facts: TimelineFacts): TimelineDetailsValue {
  switch (facts.about) {
    case 'CUSTOMER':
      return facts;
    case 'SERVICE':
      return { ...facts, service: ref(facts.serviceId), plan: ref(facts.planId), previousPlan: ref(facts.previousPlanId) };
    case 'ACCESS':
      return { ...facts, service: ref(facts.serviceId), router: ref(facts.routerId), acknowledgedAt: facts.acknowledgedAt === null ? null : new Date(facts.acknowledgedAt) };
    case 'SESSION':
      return { ...facts, service: ref(facts.serviceId), router: ref(facts.routerId), startedAt: new Date(facts.startedAt) };
    case 'INVOICE':
      return { ...facts, invoice: ref(facts.invoiceId), service: ref(facts.serviceId) };
    case 'DUNNING':
      return { ...facts, service: ref(facts.serviceId), invoice: ref(facts.invoiceId), payment: ref(facts.paymentId) };
    case 'PAYMENT':
      return { ...facts, payment: ref(facts.paymentId), invoice: ref(facts.invoiceId) };
    case 'RUN':
      return { ...facts, run: ref(facts.runId), service: ref(facts.serviceId) };
  }
}
