-- What it takes to bring a router into line: computed, kept, applied as it stands or not at all.
create table network.router_plans (
  id uuid primary key,
  tenant_id uuid not null,
  router_id uuid not null,
  purpose text not null check (purpose in ('PLAN', 'CHECK')),
  hash text not null,
  observed_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  router_version text,
  adds integer not null,
  changes integer not null,
  removals integer not null,
  kicks integer not null,
  conflicts integer not null,
  unowned integer not null,
  pending integer not null,
  max_changes integer not null,
  max_removals integer not null,
  requested_by text,
  unique (tenant_id, id),
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade
);
--> statement-breakpoint
create index router_plans_hash_idx on network.router_plans (tenant_id, hash, observed_at);
--> statement-breakpoint
create index router_plans_router_idx on network.router_plans (tenant_id, router_id, observed_at);
--> statement-breakpoint
create table network.router_plan_items (
  id uuid primary key,
  tenant_id uuid not null,
  plan_id uuid not null,
  menu text not null,
  action text not null check (action in ('ADD', 'CHANGE', 'REMOVE', 'KICK', 'CONFLICT', 'UNOWNED')),
  name text not null,
  row_id text,
  service_id uuid,
  profile_id uuid,
  fields jsonb not null,
  seen text,
  wanted text,
  reason_code text,
  reason_message text,
  pending boolean not null,
  outcome text check (outcome in ('DONE', 'REFUSED', 'SKIPPED', 'FAILED')),
  outcome_code text,
  outcome_message text,
  outcome_at timestamptz(3),
  foreign key (tenant_id, plan_id) references network.router_plans (tenant_id, id) on delete cascade
);
--> statement-breakpoint
create index router_plan_items_plan_idx on network.router_plan_items (tenant_id, plan_id, id);
--> statement-breakpoint
create index router_plan_items_waiting_idx on network.router_plan_items (tenant_id, plan_id, id) where outcome is null and action in ('ADD', 'CHANGE', 'REMOVE', 'KICK');
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['router_plans', 'router_plan_items'] loop
    execute format('alter table network.%I enable row level security', t);
    execute format('alter table network.%I force row level security', t);
    execute format('create policy tenant on network.%I to headend_network using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on network.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
