create table services.plans (
  id uuid primary key,
  tenant_id uuid not null,
  code text not null,
  name text not null,
  service_type text not null check (service_type in ('PPPOE')),
  version integer not null check (version >= 1),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  removed_at timestamptz(3)
);
--> statement-breakpoint
alter table services.plans add constraint plans_tenant_key unique (tenant_id, id);
--> statement-breakpoint
create unique index plans_code_key on services.plans (tenant_id, code) where removed_at is null;
--> statement-breakpoint
create index plans_created_at on services.plans (tenant_id, created_at, id);
--> statement-breakpoint
create table services.plan_versions (
  plan_id uuid not null,
  version integer not null,
  tenant_id uuid not null,
  price_minor bigint not null check (price_minor >= 0),
  currency text not null,
  billing_interval text not null check (billing_interval in ('MONTH')),
  rate_limit text not null,
  local_address text not null,
  remote_pool text not null,
  grace_days smallint not null check (grace_days between 0 and 90),
  created_at timestamptz(3) not null,
  primary key (tenant_id, plan_id, version),
  foreign key (tenant_id, plan_id) references services.plans (tenant_id, id)
);
--> statement-breakpoint
create table services.services (
  id uuid primary key,
  tenant_id uuid not null,
  number text not null,
  status text not null check (status in ('PENDING', 'ACTIVE', 'SUSPENDED', 'TERMINATED')),
  customer_id uuid not null,
  plan_id uuid not null,
  plan_version integer not null,
  billing_day smallint not null check (billing_day between 1 and 28),
  run_id text,
  created_at timestamptz(3) not null,
  activated_at timestamptz(3),
  updated_at timestamptz(3) not null,
  foreign key (tenant_id, plan_id, plan_version) references services.plan_versions (tenant_id, plan_id, version)
);
--> statement-breakpoint
create unique index services_number_key on services.services (tenant_id, number);
--> statement-breakpoint
create index services_customer on services.services (tenant_id, customer_id, id);
--> statement-breakpoint
create index services_plan on services.services (tenant_id, plan_id);
--> statement-breakpoint
create index services_created_at on services.services (tenant_id, created_at, id);
--> statement-breakpoint
create index services_tenant on services.services (tenant_id, id);
--> statement-breakpoint
create table services.idempotency_keys (
  tenant_id uuid not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  result_id uuid,
  created_at timestamptz(3) not null,
  primary key (tenant_id, operation, key)
);
--> statement-breakpoint
create table services.counters (
  tenant_id uuid not null,
  name text not null,
  value bigint not null,
  primary key (tenant_id, name)
);
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['plans', 'plan_versions', 'services', 'idempotency_keys', 'counters'] loop
    execute format('alter table services.%I enable row level security', t);
    execute format('alter table services.%I force row level security', t);
    execute format('create policy tenant on services.%I to headend_services using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on services.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
--> statement-breakpoint
-- What was agreed stays as it was.
revoke update, delete on services.plan_versions from headend_services;
