import { z } from 'zod';
import type { DomainEvent } from '#kernel/bus/bus.ts';
import type { TimelineFacts } from './timeline-entry.ts';
import { TimelineKind } from './timeline-kind.ts';

/* What the timeline hears. A payload that is not of this form fails the event, which is tried again and then parked by the bus. */

/** What becomes of an event: an entry on the timeline of a customer, or of whoever has the service. */
export interface Heard {
  kind: TimelineKind;
  whose: { customerId: string } | { serviceId: string };
  facts: TimelineFacts;
  /** Told once, however many events say it. */
  once?: string;
}

/** An entry, or null for what nobody needs to see. @throws ZodError */
type Hear = (event: Pick<DomainEvent, 'subject' | 'payload'>) => Heard | null;

const hear = <Schema extends z.ZodType>(schema: Schema, toEntry: (payload: z.infer<Schema>, subject: string) => Heard | null): Hear => ({ payload, subject }) => toEntry(schema.parse(payload), subject);

const money = z.object({ amount: z.string(), currency: z.string() });
const instant = z.iso.datetime({ offset: true });

const customer = (kind: TimelineKind) =>
  hear(z.object({ customerId: z.guid(), name: z.string().nullish(), accountNumber: z.string().nullish(), status: z.string().nullish() }), ({ customerId, name = null, accountNumber = null, status = null }) => ({
    kind,
    whose: { customerId },
    facts: { about: 'CUSTOMER', name, accountNumber, status },
  }));

const serviceShape = z.object({
  serviceId: z.guid(),
  customerId: z.guid(),
  number: z.string(),
  status: z.string(),
  planId: z.guid(),
  billingDay: z.int(),
  planCode: z.string().nullish(),
  previousPlanId: z.guid().nullish(),
  reason: z.string().nullish(),
});

const service = (kind: TimelineKind) =>
  hear(serviceShape, ({ serviceId, customerId, number, status, planId, billingDay, planCode = null, previousPlanId = null, reason = null }) => ({
    kind,
    whose: { customerId },
    facts: { about: 'SERVICE', serviceId, number, status, planId, planCode, previousPlanId, billingDay, reason },
  }));

const invoice = (kind: TimelineKind) =>
  hear(
    z.object({ invoiceId: z.guid(), number: z.string(), customerId: z.guid(), serviceId: z.guid(), total: money, dueOn: z.iso.date(), overdueSince: z.iso.date().nullish() }),
    ({ customerId, overdueSince = null, ...facts }) => ({ kind, whose: { customerId }, facts: { about: 'INVOICE', overdueSince, ...facts } }),
  );

const dunning = (kind: TimelineKind) =>
  hear(
    z.object({ serviceId: z.guid(), customerId: z.guid(), invoiceId: z.guid().nullish(), paymentId: z.guid().nullish(), dueOn: z.iso.date().nullish(), graceDays: z.int().nullish() }),
    ({ customerId, serviceId, invoiceId = null, paymentId = null, dueOn = null, graceDays = null }) => ({
      kind,
      whose: { customerId },
      facts: { about: 'DUNNING', serviceId, invoiceId, paymentId, dueOn, graceDays },
    }),
  );

/** A session whose secret is not ours belongs to no customer. */
const session = (kind: TimelineKind) =>
  hear(
    z.object({ serviceId: z.guid().nullable(), routerId: z.guid(), name: z.string(), address: z.string().nullable(), callerId: z.string().nullable(), startedAt: instant }),
    ({ serviceId, ...facts }) => (serviceId === null ? null : { kind, whose: { serviceId }, facts: { about: 'SESSION', serviceId, ...facts } }),
  );

/** A run tells of every step; the timeline of how it began, that it waits, and how it ended. */
const RUN_KINDS: Record<string, TimelineKind | undefined> = {
  WAITING: TimelineKind.RUN_WAITING,
  SUCCEEDED: TimelineKind.RUN_SUCCEEDED,
  FAILED: TimelineKind.RUN_FAILED,
  CANCELLED: TimelineKind.RUN_CANCELLED,
  SUPERSEDED: TimelineKind.RUN_SUPERSEDED,
};
const FIRST_VERSION = 1;

/** An onboarding has no customer when it begins, nor when it was taken back: it begins with the customer's own entry. */
const run = hear(
  z.object({ kind: z.string(), state: z.string(), version: z.int(), customerId: z.guid().nullable(), serviceId: z.guid().nullable() }),
  ({ kind: workflow, state, version, customerId, serviceId }, runId) => {
    const kind = version === FIRST_VERSION ? TimelineKind.RUN_STARTED : RUN_KINDS[state];
    if (!kind || customerId === null) return null;
    const entry: Heard = { kind, whose: { customerId }, facts: { about: 'RUN', runId, workflow, state, serviceId } };
    // Each attempt of a run that waits is announced.
    return kind === TimelineKind.RUN_WAITING ? { ...entry, once: `run ${runId} waits` } : entry;
  },
);

/** What is heard, by the event's type. */
export const HEARD: Readonly<Record<string, Hear>> = {
  'identity.customer.created': customer(TimelineKind.CUSTOMER_CREATED),
  'identity.customer.updated': customer(TimelineKind.CUSTOMER_UPDATED),
  'identity.customer.closed': customer(TimelineKind.CUSTOMER_CLOSED),
  'services.service.created': service(TimelineKind.SERVICE_CREATED),
  'services.service.activated': service(TimelineKind.SERVICE_ACTIVATED),
  'services.service.updated': service(TimelineKind.SERVICE_UPDATED),
  'services.service.planChanged': service(TimelineKind.SERVICE_PLAN_CHANGED),
  'services.service.suspended': service(TimelineKind.SERVICE_SUSPENDED),
  'services.service.resumed': service(TimelineKind.SERVICE_RESUMED),
  'services.service.terminated': service(TimelineKind.SERVICE_TERMINATED),
  'services.service.withdrawn': service(TimelineKind.SERVICE_WITHDRAWN),
  'network.access.applied': hear(
    z.object({ serviceId: z.guid(), routerId: z.guid(), username: z.string(), desired: z.string(), acknowledgedAt: instant.nullable(), lagMs: z.number().nullable() }),
    (facts) => ({ kind: TimelineKind.ACCESS_APPLIED, whose: { serviceId: facts.serviceId }, facts: { about: 'ACCESS', ...facts } }),
  ),
  'network.session.up': session(TimelineKind.SESSION_UP),
  'network.session.down': session(TimelineKind.SESSION_DOWN),
  'billing.invoice.issued': invoice(TimelineKind.INVOICE_ISSUED),
  'billing.invoice.overdue': invoice(TimelineKind.INVOICE_OVERDUE),
  'billing.service.suspensionDue': dunning(TimelineKind.SUSPENSION_DUE),
  'billing.service.settled': dunning(TimelineKind.SERVICE_SETTLED),
  'billing.payment.received': hear(z.object({ paymentId: z.guid(), customerId: z.guid(), invoiceId: z.guid(), amount: money }), ({ customerId, ...facts }) => ({
    kind: TimelineKind.PAYMENT_RECEIVED,
    whose: { customerId },
    facts: { about: 'PAYMENT', ...facts },
  })),
  'ops.run.changed': run,
};
