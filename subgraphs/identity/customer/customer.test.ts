import { describe, expect, it } from 'vitest';
import { revise, type Customer } from './customer.ts';
import { CustomerStatus } from './customer.type.ts';

const customer: Customer = { id: 'c', accountNumber: 'C-000001', name: 'Ann', email: 'a@example.org', phone: '12345', status: CustomerStatus.ACTIVE, runId: null, createdAt: new Date(0), updatedAt: new Date(0), closedAt: null };
const now = new Date(1000);

describe('a change to a customer', () => {
  it('keeps what is absent or null, and removes by an empty text', () => {
    expect(revise(customer, { name: ' Anna ', email: null, phone: '' }, now)).toEqual({ ...customer, name: 'Anna', phone: null, updatedAt: now });
  });

  it('that changes nothing leaves the same customer', () => {
    expect(revise(customer, { name: 'Ann', status: CustomerStatus.ACTIVE }, now)).toBe(customer);
  });
});
