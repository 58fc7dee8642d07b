import { makePrincipal } from '#kernel/access/principal.ts';
import { makeDeadline } from '#kernel/deadline.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import { readFailure, readOutcome, type CallOutcome } from './outcome.ts';
import type { SagaCall, SagaContext } from './saga-definition.ts';
import { fill } from './template.ts';

/** For whom the graph is called. */
export interface Caller {
  runId: string;
  tenantId: string;
  onBehalfOf: string | null;
  permissions: readonly string[];
}

/** Calls the graph as ops, on behalf of somebody, within a deadline (default: that of a step). Never rejects. */
export type CallGraph = (caller: Caller, call: SagaCall, context: SagaContext, deadlineMs?: number) => Promise<CallOutcome & { data?: Record<string, unknown> }>;

export function makeCallGraph({ supergraph, newId, deadlineMs: ofAStep }: { supergraph: () => Supergraph; newId: () => string; deadlineMs: number }): CallGraph {
  return async ({ runId, tenantId, onBehalfOf, permissions }, call, context, deadlineMs = ofAStep) => {
    const principal = makePrincipal({ kind: 'service', id: 'ops', tenantId, onBehalfOf, runId, permissions });
    // The graph may not heed the signal (in process it does not), so the deadline is kept here.
    const deadline = makeDeadline(deadlineMs, 'There was no answer in time.');
    const { signal } = deadline;
    try {
      const variables = fill(call.variables, context) as Record<string, unknown>;
      const result = await deadline.race(supergraph().execute({ query: call.document, variables, principal, requestId: newId(), signal }));
      return { ...readOutcome(call, result), data: result.data ?? undefined };
    } catch (error) {
      return readFailure(error);
    } finally {
      deadline.clear();
    }
  };
}
