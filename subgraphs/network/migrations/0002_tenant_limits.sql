create table network.tenant_limits (
  tenant_id uuid primary key,
  max_routers integer check (max_routers >= 0),
  updated_at timestamptz(3) not null
);
--> statement-breakpoint
alter table network.tenant_limits enable row level security;
--> statement-breakpoint
alter table network.tenant_limits force row level security;
--> statement-breakpoint
create policy tenant on network.tenant_limits to headend_network using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
create policy system on network.tenant_limits to headend_system using (true) with check (true);
