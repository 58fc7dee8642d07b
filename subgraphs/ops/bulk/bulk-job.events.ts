import type { NewEvent } from '#kernel/bus/bus.ts';
import type { BulkJob } from './bulk-job.ts';

/** Announced when a bulk job comes to another state. `subject` is the job. */
export const BULK_CHANGED = 'ops.bulkJob.changed';

export function bulkChanged({ id, tenantId, action, state, itemCount, requestedBy, startedBy }: BulkJob): NewEvent {
  return { type: BULK_CHANGED, tenantId, subject: id, payload: { action, state, itemCount, requestedBy, startedBy } };
}
