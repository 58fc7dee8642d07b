import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { nextNumber } from '#kernel/db/counter.ts';
import { isUniqueViolation } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import { conflict, invalidField, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { counters, idempotencyKeys } from '../tables.ts';
import { customerClosed, customerCreated, customerUpdated, customerWithdrawn } from './customer.events.ts';
import * as store from './customer.store.ts';
import { CustomerStatus, type CloseCustomerInput, type CreateCustomerInput, type UpdateCustomerInput, type WithdrawCustomerInput } from './customer.type.ts';

export interface Customer {
  id: string;
  /** `C-000042` */
  accountNumber: string;
  name: string;
  email: string | null;
  phone: string | null;
  status: CustomerStatus;
  /** The durable run that made it; null when a person did. */
  runId: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** When he left: from then on he is neither found nor listed, and only what he had leads to him. */
  closedAt: Date | null;
}

export interface Customers {
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<Customer>;
  list(principal: Principal, query: store.CustomerQuery): Promise<ConnectionValue<Customer>>;
  /** Idempotent on `idempotencyKey`, and on `id` within one run. */
  create(principal: Principal, input: CreateCustomerInput): Promise<Customer>;
  update(principal: Principal, input: UpdateCustomerInput): Promise<Customer>;
  /** Removes what the run has made; false when there is nothing of it. */
  withdraw(principal: Principal, input: WithdrawCustomerInput): Promise<boolean>;
  /** He has left. Idempotent. @throws NOT_FOUND */
  close(principal: Principal, input: CloseCustomerInput): Promise<Customer>;
}

export function makeCustomers({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): Customers {
  return {
    async get(principal, id) {
      const [customer] = await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id]));
      return customer && !customer.closedAt ? customer : unknownCustomer(id);
    },

    list: (principal, query) => store.list(db, tenantOf(principal), query),

    async create(principal, { idempotencyKey, ...input }) {
      const tenantId = tenantOf(principal);
      const now = clock.now();
      const { id, name, email, phone } = input;
      if (id && principal.kind !== 'service') throw invalidField('id', 'NOT_ALLOWED', 'id is minted here: leave it out.');
      const find = async (wanted: string) => (await db.read(tenantId, (tx) => store.byIds(tx, [wanted])))[0];
      try {
        return await db.write(tenantId, (tx) =>
          once(
            tx,
            idempotencyKeys,
            { tenantId, operation: 'createCustomer', key: idempotencyKey, input, now },
            async () => {
              const earlier = id ? (await store.byIds(tx, [id]))[0] : undefined;
              if (earlier) return sameCustomer(earlier, principal);
              const customer: Customer = {
                id: id ?? uuidv7(),
                accountNumber: `C-${String(await nextNumber(tx, counters, tenantId, 'customer')).padStart(6, '0')}`,
                name: name.trim(),
                email: email ?? null,
                phone: phone ?? null,
                status: CustomerStatus.ACTIVE,
                runId: principal.runId,
                createdAt: now,
                updatedAt: now,
                closedAt: null,
              };
              // Both leave together: everybody else waits for the number until this commits.
              await Promise.all([store.insert(tx, tenantId, customer), bus.publish(tx, [customerCreated(tenantId, customer)])]);
              return customer;
            },
            async (made) => (await store.byIds(tx, [made]))[0] ?? unknownCustomer(made),
          ),
        );
      } catch (error) {
        // The same call at the same moment, or an id of another tenant: a second look tells which.
        if (!id || !isUniqueViolation(error, 'customers_pkey')) throw error;
        const earlier = await find(id);
        return earlier ? sameCustomer(earlier, principal) : idTaken(id);
      }
    },

    async update(principal, { id, ...changes }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        const before = (await store.lock(tx, id)) ?? unknownCustomer(id);
        if (before.closedAt) unknownCustomer(id);
        const after = revise(before, changes, clock.now());
        if (after === before) return before;
        await store.update(tx, after);
        await bus.publish(tx, [customerUpdated(tenantId, after)]);
        return after;
      });
    },

    async withdraw(principal, { id, runId }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        const customer = await store.lock(tx, id);
        if (!customer || customer.runId !== runId) return false;
        await store.remove(tx, id);
        await bus.publish(tx, [customerWithdrawn(tenantId, customer)]);
        return true;
      });
    },

    async close(principal, { id, runId }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        const before = (await store.lock(tx, id)) ?? unknownCustomer(id);
        if (before.closedAt) return before;
        const now = clock.now();
        const after = { ...before, closedAt: now, updatedAt: now };
        await store.update(tx, after);
        await bus.publish(tx, [customerClosed(tenantId, after, runId)]);
        return after;
      });
    },
  };
}

/** The customer with changes made; the same object when nothing differs. Null keeps a value, an empty text removes it. */
export function revise(customer: Customer, changes: Omit<UpdateCustomerInput, 'id'>, now: Date): Customer {
  const name = changes.name?.trim() ?? customer.name;
  const email = optional(changes.email, customer.email);
  const phone = optional(changes.phone, customer.phone);
  const status = changes.status ?? customer.status;
  const same = name === customer.name && email === customer.email && phone === customer.phone && status === customer.status;
  return same ? customer : { ...customer, name, email, phone, status, updatedAt: now };
}

function optional(change: string | null | undefined, before: string | null): string | null {
  if (change == null) return before;
  return change === '' ? null : change;
}

/** What a repeated step of a run answers. @throws CONFLICT when the id stands for another run's customer. */
function sameCustomer(earlier: Customer, { runId }: Principal): Customer {
  return runId !== null && earlier.runId === runId ? earlier : idTaken(earlier.id);
}

function idTaken(id: string): never {
  throw conflict(`The id ${id} belongs to another customer.`, [{ field: 'id', code: 'TAKEN', message: `id ${id} is taken.` }]);
}

function unknownCustomer(id: string): never {
  throw notFound('customer', id);
}
