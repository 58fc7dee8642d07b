-- The services of customers that have not ended, as services announces them.
create table identity.customer_services (
  service_id uuid primary key,
  tenant_id uuid not null,
  customer_id uuid not null
);
--> statement-breakpoint
create index customer_services_customer on identity.customer_services (tenant_id, customer_id);
--> statement-breakpoint
create index customers_lower_name on identity.customers (tenant_id, lower(name));
--> statement-breakpoint
create index customers_phone on identity.customers (tenant_id, phone);
--> statement-breakpoint
alter table identity.customer_services enable row level security;
--> statement-breakpoint
alter table identity.customer_services force row level security;
--> statement-breakpoint
create policy system on identity.customer_services to headend_system using (true) with check (true);
--> statement-breakpoint
create policy tenant on identity.customer_services to headend_identity using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
