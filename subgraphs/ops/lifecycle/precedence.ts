import type { Precedence } from '../run/workflow-run.store.ts';
import { hasWrittenRows, type WorkflowRun } from '../run/workflow-run.ts';

/** Runs that say whether a subscriber may dial at all: each says all that there is to say about that. */
const SWITCHES = new Set(['SUSPEND_SERVICE', 'RESUME_SERVICE', 'TERMINATE_SERVICE', 'OFFBOARD_CUSTOMER']);
/** Runs that take a secret over from a router: it is not in use here before they have ended. */
const BEGINNINGS = new Set(['IMPORT_SUBSCRIBER', 'ADOPT_SECRET']);
const ENDINGS = new Set(['TERMINATE_SERVICE', 'OFFBOARD_CUSTOMER']);

/**
 * What becomes of a live run of the same customer when a new one comes. The last wish wins: a run that waits for a router
 * is superseded, and loses nothing, because the access holds all wishes together and the newer run applies them all. That
 * holds once the older run has written its rows; a switch need not wait for those of another switch.
 */
export function precedenceOver(next: { kind: string; serviceIds: readonly string[] }): (live: WorkflowRun) => Precedence {
  return (live) => {
    if (live.kind === 'ONBOARD_CUSTOMER') return { conflict: `The customer is still being onboarded (run ${live.id}).` };
    if (BEGINNINGS.has(live.kind) && (live.serviceId === null || next.serviceIds.includes(live.serviceId) || next.kind === 'OFFBOARD_CUSTOMER')) return { conflict: `The secret of the customer is still being taken over (run ${live.id}).` };
    const isRelated = live.serviceId === null || next.serviceIds.includes(live.serviceId) || [live.kind, next.kind].includes('OFFBOARD_CUSTOMER');
    if (!isRelated) return 'BESIDE';
    if (live.state === 'UNDOING' || live.cancelRequestedAt) return { conflict: `Another change is being taken back (run ${live.id}).` };
    const isEnding = ENDINGS.has(next.kind);
    if (ENDINGS.has(live.kind) && (!isEnding || (live.kind === 'OFFBOARD_CUSTOMER' && next.kind !== 'OFFBOARD_CUSTOMER'))) {
      return { conflict: `The service is being removed (run ${live.id}).` };
    }
    if (isEnding || (SWITCHES.has(live.kind) && SWITCHES.has(next.kind))) return 'INSTEAD';
    return hasWrittenRows(live) ? 'INSTEAD' : 'LATER';
  };
}

/** For what must not interfere with anything. */
export function onlyOne(live: WorkflowRun): Precedence {
  return { conflict: `Another change of this customer is under way (run ${live.id}, ${live.kind}).` };
}
