import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A customer as billing knows it: identity owns the rest. */
@Directive('@key(fields: "id")')
@ObjectType('Customer', { simpleResolvers: true })
export class CustomerRef {
  @Field(() => ID)
  id!: string;
}

/** A service as billing knows it: services owns the rest. */
@Directive('@key(fields: "id")')
@ObjectType('Service', { simpleResolvers: true })
export class ServiceRef {
  @Field(() => ID)
  id!: string;
}
