import type { NewEvent } from '#kernel/bus/bus.ts';

export interface SuspensionDue {
  serviceId: string;
  customerId: string;
  invoiceId: string;
  dueOn: string;
  graceDays: number;
}

/** An overdue invoice has outlived the days of grace of its plan. Once per service and invoice. */
export const suspensionDue = (tenantId: string, { serviceId, customerId, invoiceId, dueOn, graceDays }: SuspensionDue): NewEvent => ({
  type: 'billing.service.suspensionDue',
  tenantId,
  subject: serviceId,
  payload: { serviceId, customerId, invoiceId, dueOn, graceDays },
});

/** Nothing overdue is left for a service. `paymentId`: the payment that settled the last of it. */
export const serviceSettled = (tenantId: string, { serviceId, customerId }: { serviceId: string; customerId: string }, paymentId: string): NewEvent => ({
  type: 'billing.service.settled',
  tenantId,
  subject: serviceId,
  payload: { serviceId, customerId, paymentId },
});
