import type { NewEvent } from '#kernel/bus/bus.ts';
import type { WorkflowRun } from './workflow-run.ts';

/** Announced with every change of a run. `subject` is the run. */
export const RUN_CHANGED = 'ops.run.changed';

export function runChanged(run: WorkflowRun): NewEvent {
  const { id, tenantId, kind, state, version, customerId, serviceId } = run;
  return { type: RUN_CHANGED, tenantId, subject: id, payload: { kind, state, version, customerId, serviceId } };
}
