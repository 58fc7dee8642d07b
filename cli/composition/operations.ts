import * as generated from '#schema/operations/graphql.ts';

/** The operations of REST, of ops and of the example frontends, as texts: what a gateway can plan before anybody asks. */
export const knownOperations: readonly string[] = Object.entries(generated)
  .filter(([name]) => name.endsWith('Document'))
  .map(([, document]) => String(document));
