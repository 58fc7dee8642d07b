create table network.callback_secrets (
  router_id uuid primary key,
  tenant_id uuid not null,
  secret_hash text not null,
  rotated_at timestamptz(3) not null,
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade
);
--> statement-breakpoint
alter table network.callback_secrets enable row level security;
--> statement-breakpoint
alter table network.callback_secrets force row level security;
--> statement-breakpoint
create policy tenant on network.callback_secrets to headend_network using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
create policy system on network.callback_secrets to headend_system using (true) with check (true);
