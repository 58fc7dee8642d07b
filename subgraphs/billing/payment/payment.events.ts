import type { NewEvent } from '#kernel/bus/bus.ts';
import { formatAmount } from '#kernel/money.ts';
import type { Payment } from './payment.ts';

export const paymentReceived = (tenantId: string, { id, customerId, invoiceId, amount }: Payment): NewEvent => ({
  type: 'billing.payment.received',
  tenantId,
  subject: id,
  payload: { paymentId: id, customerId, invoiceId, amount: { amount: formatAmount(amount), currency: amount.currency } },
});
