-- Routers that were there before: their secrets, profiles and pools as a proposal, and secrets that are taken over.
alter table network.accesses
  add column adopted_from text,
  add column secret_service text;
--> statement-breakpoint
alter table network.ppp_profiles add column adopted boolean not null default false;
--> statement-breakpoint
-- Several profiles of a router may give what one plan gives.
drop index network.ppp_profiles_plan_key;
--> statement-breakpoint
create unique index ppp_profiles_plan_key on network.ppp_profiles (tenant_id, router_id, plan_id, rate_limit, local_address, remote_pool) where not adopted;
--> statement-breakpoint
create table network.router_imports (
  id uuid primary key,
  tenant_id uuid not null,
  router_id uuid not null,
  state text not null check (state in ('READING', 'READY', 'APPLYING', 'CANCELLING', 'DONE', 'CANCELLED', 'FAILED')),
  version bigint not null,
  billing_day smallint not null check (billing_day between 1 and 28),
  customer_name_from text not null check (customer_name_from in ('COMMENT', 'SECRET_NAME')),
  price_amount text not null,
  price_currency text not null,
  plans jsonb not null,
  reason_code text,
  reason_message text,
  started_by text,
  created_at timestamptz(3) not null,
  read_at timestamptz(3),
  expires_at timestamptz(3) not null,
  finished_at timestamptz(3),
  unique (tenant_id, id),
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade
);
--> statement-breakpoint
create index router_imports_created_idx on network.router_imports (tenant_id, created_at, id);
--> statement-breakpoint
create index router_imports_router_idx on network.router_imports (tenant_id, router_id, created_at);
--> statement-breakpoint
create table network.router_import_items (
  id uuid primary key,
  tenant_id uuid not null,
  import_id uuid,
  router_id uuid not null,
  position integer not null,
  kind text not null check (kind in ('PROFILE', 'SECRET', 'POOL')),
  name text not null,
  treatment text not null check (treatment in ('CREATE_PLAN', 'USE_PLAN', 'ADOPT', 'OWNED', 'KEEP', 'SKIP')),
  problems jsonb not null,
  excluded boolean not null,
  owned boolean not null,
  online boolean not null,
  seen jsonb not null,
  plan jsonb,
  plan_chosen boolean not null,
  profile_item_id uuid,
  profile text,
  customer_name text,
  email text,
  phone text,
  credentials_id uuid,
  password_sealed text,
  password_fingerprint text,
  state text not null check (state in ('OPEN', 'RUNNING', 'DONE', 'SKIPPED', 'FAILED')),
  outcome_code text,
  outcome_message text,
  run_id uuid,
  customer_id uuid,
  service_id uuid,
  finished_at timestamptz(3),
  foreign key (tenant_id, import_id) references network.router_imports (tenant_id, id) on delete cascade,
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade
);
--> statement-breakpoint
create unique index router_import_items_position_key on network.router_import_items (tenant_id, import_id, position) where import_id is not null;
--> statement-breakpoint
create index router_import_items_open_idx on network.router_import_items (tenant_id, import_id, state, treatment);
--> statement-breakpoint
create index router_import_items_profile_idx on network.router_import_items (tenant_id, profile_item_id) where profile_item_id is not null;
--> statement-breakpoint
create index router_import_items_router_idx on network.router_import_items (tenant_id, router_id);
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['router_imports', 'router_import_items'] loop
    execute format('alter table network.%I enable row level security', t);
    execute format('alter table network.%I force row level security', t);
    execute format('create policy tenant on network.%I to headend_network using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on network.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
