import { instant } from '#kernel/db/columns.ts';
import { integer, jsonb, pgSchema, primaryKey, text, uuid } from '#kernel/db/drizzle.ts';
import type { TimelineFacts } from './timeline/timeline-entry.ts';
import type { TimelineKind } from './timeline/timeline-kind.ts';

export const schema = pgSchema('events');

export const customers = schema.table(
  'customers',
  { tenantId: uuid('tenant_id').notNull(), customerId: uuid('customer_id').notNull(), lastPosition: integer('last_position').notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.customerId] })],
);

export const serviceCustomers = schema.table(
  'service_customers',
  { tenantId: uuid('tenant_id').notNull(), serviceId: uuid('service_id').notNull(), customerId: uuid('customer_id').notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.serviceId] })],
);

/** Never updated. */
export const timelineEntries = schema.table(
  'timeline_entries',
  {
    tenantId: uuid('tenant_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    position: integer('position').notNull(),
    id: uuid('id').notNull(),
    kind: text('kind').$type<TimelineKind>().notNull(),
    at: instant('at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    facts: jsonb('facts').$type<TimelineFacts>().notNull(),
    once: text('once'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.customerId, table.position] })],
);
