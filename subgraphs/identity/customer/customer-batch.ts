import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { nextNumber } from '#kernel/db/counter.ts';
import { conflict, invalidField, notFound, type DomainError } from '#kernel/errors.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { counters } from '../tables.ts';
import type { CloseCustomersInput, UpsertCustomersInput } from './customer-batch.type.ts';
import { withServices } from './customer-services.store.ts';
import { customerClosed, customerCreated, customerUpdated } from './customer.events.ts';
import * as store from './customer.store.ts';
import { revise, type Customer } from './customer.ts';
import { CustomerStatus } from './customer.type.ts';

/** Many customers at once, all of them or none. */
export interface CustomerBatches {
  /** Makes those that are not known, changes those that are. @throws CONFLICT for one who fits several equally */
  upsert(principal: Principal, input: UpsertCustomersInput): Promise<{ customers: Customer[]; created: number; updated: number }>;
  /** Those without services leave. @throws VALIDATION_ERROR when nobody is named; NOT_FOUND; CONFLICT for one with a service, or a name of several */
  close(principal: Principal, input: CloseCustomersInput): Promise<Customer[]>;
}

/** What a customer may be known by. */
export interface CustomerKeys {
  name: string;
  email: string | null;
  phone: string | null;
}

export function makeCustomerBatches({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): CustomerBatches {
  return {
    async upsert(principal, { customers: wanted }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        // Two calls at once with the same new name would both find nobody.
        await store.lockUpserts(tx, tenantId);
        const inputs = wanted.map(({ name, email, phone }) => ({ name: name.trim(), email: email ?? null, phone: phone ?? null }));
        const known = await store.lockKnownBy(tx, { ids: [], names: inputs.map(({ name }) => name), emails: texts(inputs.map(({ email }) => email)), phones: texts(inputs.map(({ phone }) => phone)) });
        const now = clock.now();
        const made = new Set<string>();
        const changed = new Set<string>();
        const ids: string[] = [];
        for (const [at, input] of inputs.entries()) {
          const before = same(known, input, `customers.${at}`);
          if (!before) {
            const customer: Customer = {
              id: uuidv7(),
              accountNumber: `C-${String(await nextNumber(tx, counters, tenantId, 'customer')).padStart(6, '0')}`,
              ...input,
              status: CustomerStatus.ACTIVE,
              runId: null,
              createdAt: now,
              updatedAt: now,
              closedAt: null,
            };
            await store.insert(tx, tenantId, customer);
            known.push(customer);
            made.add(customer.id);
            ids.push(customer.id);
            continue;
          }
          const after = revise(before, input, now);
          ids.push(after.id);
          if (after === before) continue;
          await store.update(tx, after);
          known[known.indexOf(before)] = after;
          if (!made.has(after.id)) changed.add(after.id);
        }
        const byId = new Map(known.map((customer) => [customer.id, customer]));
        await bus.publish(tx, [...made].map((id) => customerCreated(tenantId, byId.get(id)!)));
        await bus.publish(tx, [...changed].map((id) => customerUpdated(tenantId, byId.get(id)!)));
        return { customers: ids.map((id) => byId.get(id)!), created: made.size, updated: changed.size };
      });
    },

    async close(principal, { ids, names }) {
      const tenantId = tenantOf(principal);
      if (!ids?.length && !names?.length) throw invalidField('ids', 'REQUIRED', 'ids or names must name a customer.');
      return db.write(tenantId, async (tx) => {
        const found = await store.lockKnownBy(tx, { ids: ids ?? [], names: names ?? [], emails: [], phones: [] });
        const leaving = new Set<Customer>();
        for (const id of ids ?? []) {
          const customer = found.find((one) => one.id === id.toLowerCase());
          if (!customer) throw notFound('customer', id);
          leaving.add(customer);
        }
        for (const [at, name] of (names ?? []).entries()) {
          const [customer, ...others] = found.filter((one) => sameText(one.name, name));
          if (!customer) throw notFound('customer', name);
          if (others.length > 0) throw ambiguous(`names.${at}`, name, others.length + 1);
          leaving.add(customer);
        }
        const busy = await withServices(tx, [...leaving].map(({ id }) => id));
        const details = [...leaving].filter(({ id }) => busy.has(id)).map(({ accountNumber, name }) => ({ field: 'ids', code: 'HAS_SERVICES', message: `${name} (${accountNumber}) has services that have not ended.` }));
        if (details.length > 0) throw conflict(details.length === 1 ? details[0]!.message : `${details.length} customers have services that have not ended.`, details);
        const now = clock.now();
        const closed = [...leaving].map((customer) => ({ ...customer, closedAt: now, updatedAt: now }));
        for (const customer of closed) await store.update(tx, customer);
        await bus.publish(tx, closed.map((customer) => customerClosed(tenantId, customer, null)));
        return closed;
      });
    },
  };
}

/**
 * The known customer whom an input means: the same e-mail address is the same customer; else the same phone number, else the same
 * name, unless e-mail address or phone number contradict.
 * @throws CONFLICT when several fit equally.
 */
export function same<T extends CustomerKeys>(known: readonly T[], input: CustomerKeys, field = 'customer'): T | undefined {
  const unlike = (mine: string | null, theirs: string | null) => mine !== null && theirs !== null && !sameText(mine, theirs);
  const ways: Array<[keyof CustomerKeys, (one: T) => boolean]> = [
    ['email', (one) => input.email !== null && sameText(one.email, input.email)],
    ['phone', (one) => input.phone !== null && one.phone === input.phone && !unlike(input.email, one.email)],
    ['name', (one) => sameText(one.name, input.name) && !unlike(input.email, one.email) && !unlike(input.phone, one.phone)],
  ];
  for (const [key, fits] of ways) {
    const [first, ...others] = known.filter(fits);
    if (!first) continue;
    if (others.length === 0) return first;
    // One phone in a family: the name tells them apart.
    const named = [first, ...others].filter((one) => sameText(one.name, input.name));
    if (named.length === 1) return named[0];
    throw ambiguous(`${field}.${key}`, input[key]!, others.length + 1);
  }
  return undefined;
}

function ambiguous(field: string, value: string, howMany: number): DomainError {
  const message = `${field} ${JSON.stringify(value)} fits ${howMany} customers: name the one that is meant more closely.`;
  return conflict(message, [{ field, code: 'AMBIGUOUS', message }]);
}

function sameText(a: string | null, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

function texts(values: ReadonlyArray<string | null>): string[] {
  return values.filter((value) => value !== null);
}
