import type { NewEvent } from '#kernel/bus/bus.ts';
import { formatAmount, type Money } from '#kernel/money.ts';
import type { Invoice } from './invoice.ts';

export type Announced = Pick<Invoice, 'id' | 'number' | 'customerId' | 'serviceId' | 'total' | 'dueOn'>;

const money = (of: Money) => ({ amount: formatAmount(of), currency: of.currency });

function payload({ id, number, customerId, serviceId, total, dueOn }: Announced) {
  return { invoiceId: id, number, customerId, serviceId, total: money(total), dueOn };
}

export const invoiceIssued = (tenantId: string, invoice: Announced): NewEvent => ({ type: 'billing.invoice.issued', tenantId, subject: invoice.id, payload: payload(invoice) });

export const invoiceOverdue = (tenantId: string, invoice: Announced, overdueSince: string): NewEvent => ({
  type: 'billing.invoice.overdue',
  tenantId,
  subject: invoice.id,
  payload: { ...payload(invoice), overdueSince },
});
