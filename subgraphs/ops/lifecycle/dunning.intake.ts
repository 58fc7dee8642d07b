import type { Bus, DomainEvent } from '#kernel/bus/bus.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Tx } from '#kernel/db/database.ts';
import { conflict } from '#kernel/errors.ts';
import type { SagaDefinition } from '../engine/saga-definition.ts';
import type { Sagas } from '../engine/sagas.ts';
import type { RunStore } from '../run/workflow-run.store.ts';
import { hasEnded, isOutOfTheWay, newRun, stepOf, type WorkflowRun } from '../run/workflow-run.ts';
import { RESUME_SERVICE, SUSPEND_SERVICE } from './lifecycle.sagas.ts';
import { precedenceOver } from './precedence.ts';

/** What billing decides: it knows who has not paid, ops knows what follows from it. */
const SUSPENSION_DUE = 'billing.service.suspensionDue';
const SETTLED = 'billing.service.settled';
const NON_PAYMENT = 'NON_PAYMENT';

/** Runs that say whether a service is suspended. */
const SWITCHES = ['SUSPEND_SERVICE', 'RESUME_SERVICE', 'TERMINATE_SERVICE', 'OFFBOARD_CUSTOMER'];
/** Refused runs that may lie between the present and the one that counts. */
const LOOK_BACK = 20;

export interface DunningIntakeOptions {
  bus: Pick<Bus, 'consume'>;
  store: RunStore;
  sagas: Sagas;
  clock: Clock;
  newId: () => string;
}

/**
 * Suspends a service when billing says that it is due, and resumes it when it is settled, if it was suspended for that: what
 * was suspended by hand stays so. The run is recorded in the transaction that has heard the event, so that it is begun once.
 */
export function hearDunning({ bus, store, sagas, clock, newId }: DunningIntakeOptions): void {
  bus.consume({
    consumer: 'dunning',
    types: [SUSPENSION_DUE, SETTLED],
    async handle(event, tx) {
      const { serviceId, customerId, invoiceId, paymentId } = event.payload as { serviceId: string; customerId: string; invoiceId?: string; paymentId?: string };
      const last = await present(tx, serviceId);
      if (event.type === SUSPENSION_DUE) {
        // Suspended already, whyever, or ended: nothing more is to be done for this invoice.
        if (last && last.kind !== 'RESUME_SERVICE') return;
        if (!(await claimed(tx, event, `${serviceId}:${invoiceId}`))) return;
        await begin(tx, event, SUSPEND_SERVICE, { serviceId, customerId }, { reason: NON_PAYMENT, invoiceId });
      } else {
        if (last?.kind !== 'SUSPEND_SERVICE' || last.context.input.reason !== NON_PAYMENT) return;
        if (!(await claimed(tx, event, `${paymentId ?? event.id}:${serviceId}`))) return;
        await begin(tx, event, RESUME_SERVICE, { serviceId, customerId }, { paymentId });
      }
    },
  });

  /** The run that says how the service stands: the newest that took effect, or is about to. */
  async function present(tx: Tx, serviceId: string): Promise<WorkflowRun | undefined> {
    const runs = await store.newestOf(tx, serviceId, SWITCHES, LOOK_BACK);
    return runs.find((run) => !hasEnded(run) || stepOf(run, 'service').state === 'DONE');
  }

  const claimed = (tx: Tx, { type, tenantId, id }: DomainEvent, key: string): Promise<boolean> => store.claimIn(tx, { tenantId, operation: type, key, runId: id });

  async function begin(tx: Tx, { tenantId }: DomainEvent, definition: SagaDefinition, { serviceId, customerId }: { serviceId: string; customerId: string }, input: Record<string, unknown>): Promise<void> {
    const runId = newId();
    const run = newRun({ id: runId, tenantId, startedBy: null, definition, context: { input, ids: { runId, serviceId, customerId }, results: {} }, now: clock.now() });
    const precedence = precedenceOver({ kind: definition.kind, serviceIds: [serviceId] });
    const next = await store.createNextIn(tx, { ...run, customerId, serviceId }, (live) => {
      const decided = precedence(live);
      if (decided === 'BESIDE' || decided === 'INSTEAD' || isOutOfTheWay(live)) return decided;
      // A person may ask again; nobody repeats what billing has decided, so the run waits for what is in its way.
      (run.context.input.after ??= []).push(live.id);
      return 'BESIDE';
    });
    if (next.outcome !== 'CREATED') throw conflict(next.outcome === 'CONFLICT' ? next.message : 'Another change of this service is being written.');
    sagas.release(next.superseded);
    sagas.beginOnceRecorded(tenantId, runId);
  }
}
