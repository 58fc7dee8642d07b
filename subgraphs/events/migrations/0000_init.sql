-- The customers whose timelines are kept, as identity announces them.
create table events.customers (
  tenant_id uuid not null,
  customer_id uuid not null,
  -- Of his newest entry. Whoever adds one raises it first: the row's lock is what puts the entries in order.
  last_position integer not null,
  primary key (tenant_id, customer_id)
);
--> statement-breakpoint
-- For who looks at many customers of whatever tenants.
create index customers_customer on events.customers (customer_id);
--> statement-breakpoint
-- Whose a service is: what the network announces names the service alone. Kept after its end, because a session may end later.
create table events.service_customers (
  tenant_id uuid not null,
  service_id uuid not null,
  customer_id uuid not null,
  primary key (tenant_id, service_id),
  foreign key (tenant_id, customer_id) references events.customers (tenant_id, customer_id) on delete cascade
);
--> statement-breakpoint
create index service_customers_customer on events.service_customers (tenant_id, customer_id);
--> statement-breakpoint
create table events.timeline_entries (
  tenant_id uuid not null,
  customer_id uuid not null,
  -- 1, 2, 3 … within the customer.
  position integer not null,
  -- The event's own.
  id uuid not null,
  kind text not null,
  at timestamptz(3) not null,
  recorded_at timestamptz(3) not null,
  -- What is shown of it; never a secret.
  facts jsonb not null,
  -- What is told once, however many events say it.
  once text,
  primary key (tenant_id, customer_id, position),
  unique (tenant_id, customer_id, id),
  unique (tenant_id, customer_id, once),
  foreign key (tenant_id, customer_id) references events.customers (tenant_id, customer_id) on delete cascade
);
--> statement-breakpoint
create index timeline_entries_recorded on events.timeline_entries (recorded_at);
--> statement-breakpoint
-- Entries are written once; old ones go.
revoke update on events.timeline_entries from headend_events;
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['customers', 'service_customers', 'timeline_entries'] loop
    execute format('alter table events.%I enable row level security', t);
    execute format('alter table events.%I force row level security', t);
    execute format('create policy tenant on events.%I to headend_events using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on events.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
