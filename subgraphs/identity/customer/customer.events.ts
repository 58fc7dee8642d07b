import type { Customer } from './customer.ts';

function payload(customer: Customer) {
  const { id, accountNumber, name, email, phone, status } = customer;
  return { customerId: id, accountNumber, name, email, phone, status };
}

export const customerCreated = (tenantId: string, customer: Customer) => ({ type: 'identity.customer.created', tenantId, subject: customer.id, payload: payload(customer) });
export const customerUpdated = (tenantId: string, customer: Customer) => ({ type: 'identity.customer.updated', tenantId, subject: customer.id, payload: payload(customer) });
/** He has left. `runId`: the run that offboarded him; null when a person closed him. */
export const customerClosed = (tenantId: string, customer: Customer, runId: string | null) => ({
  type: 'identity.customer.closed',
  tenantId,
  subject: customer.id,
  payload: { customerId: customer.id, closedAt: customer.closedAt?.toISOString() ?? null, runId },
});
export const customerWithdrawn = (tenantId: string, customer: Customer) => ({ type: 'identity.customer.withdrawn', tenantId, subject: customer.id, payload: { customerId: customer.id } });
