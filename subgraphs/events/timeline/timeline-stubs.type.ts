import { Directive, Field, ID, ObjectType, type ClassType } from 'type-graphql';

/** Something that another subgraph owns, by its id. */
interface Stub {
  id: string;
}

/** A customer as the timeline knows him: identity owns the rest. */
@Directive('@key(fields: "id")')
@ObjectType('Customer', { simpleResolvers: true })
export class CustomerRef implements Stub {
  @Field(() => ID)
  id!: string;
}

function stub(name: string): ClassType<Stub> {
  @Directive('@key(fields: "id")')
  @ObjectType(name, { simpleResolvers: true })
  class Ref implements Stub {
    @Field(() => ID)
    id!: string;
  }
  return Ref;
}

/** What entries lead to: their owners hold the rest. */
export const ServiceRef = stub('Service');
export const PlanRef = stub('Plan');
export const RouterRef = stub('Router');
export const InvoiceRef = stub('Invoice');
export const PaymentRef = stub('Payment');
export const WorkflowRunRef = stub('WorkflowRun');

export type { Stub };
