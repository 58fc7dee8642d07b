create table network.routers (
  id uuid primary key,
  tenant_id uuid not null,
  name text not null,
  host text not null,
  port integer not null check (port between 1 and 65535),
  username text not null,
  password_sealed text not null,
  site text,
  tls_mode text not null check (tls_mode in ('OFF', 'VERIFY', 'FINGERPRINT', 'INSECURE_ANONYMOUS')),
  tls_fingerprint text check ((tls_mode = 'FINGERPRINT') = (tls_fingerprint is not null)),
  active boolean not null,
  seen_reachable boolean,
  seen_reason text,
  seen_reason_code text,
  seen_version text,
  seen_identity text,
  seen_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  unique (tenant_id, id)
);
--> statement-breakpoint
create unique index routers_address_key on network.routers (tenant_id, host, port);
--> statement-breakpoint
create unique index routers_active_key on network.routers (tenant_id) where active;
--> statement-breakpoint
create index routers_name_idx on network.routers (tenant_id, name, id);
--> statement-breakpoint
create index routers_created_idx on network.routers (tenant_id, created_at, id);
--> statement-breakpoint
create table network.ppp_credentials (
  id uuid primary key,
  tenant_id uuid not null,
  router_id uuid not null,
  username text not null,
  password_sealed text not null,
  password_fingerprint text not null,
  created_at timestamptz(3) not null,
  unique (tenant_id, id),
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade
);
--> statement-breakpoint
create index ppp_credentials_created_idx on network.ppp_credentials (tenant_id, created_at);
--> statement-breakpoint
create index ppp_credentials_router_idx on network.ppp_credentials (tenant_id, router_id);
--> statement-breakpoint
create table network.ppp_profiles (
  id uuid primary key,
  tenant_id uuid not null,
  router_id uuid not null,
  plan_id uuid not null,
  plan_code text not null,
  name text not null,
  rate_limit text not null,
  local_address text not null,
  remote_pool text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  unique (tenant_id, id),
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade
);
--> statement-breakpoint
create unique index ppp_profiles_plan_key on network.ppp_profiles (tenant_id, router_id, plan_id, rate_limit, local_address, remote_pool);
--> statement-breakpoint
create unique index ppp_profiles_name_key on network.ppp_profiles (tenant_id, router_id, name);
--> statement-breakpoint
create table network.accesses (
  service_id uuid primary key,
  tenant_id uuid not null,
  router_id uuid not null,
  credentials_id uuid not null,
  profile_id uuid not null,
  username text not null,
  run_id text not null,
  desired text not null check (desired in ('ENABLED', 'DISABLED', 'REMOVED')),
  desired_since timestamptz(3) not null,
  profile_sent boolean not null default false,
  secret_sent boolean not null default false,
  applied_fingerprint text,
  outcome text not null check (outcome in ('PENDING', 'APPLIED', 'FAILED')),
  reason_code text,
  reason_message text,
  attempts integer not null default 0,
  last_attempt_at timestamptz(3),
  acknowledged_at timestamptz(3),
  lag_ms bigint,
  created_at timestamptz(3) not null,
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id),
  foreign key (tenant_id, credentials_id) references network.ppp_credentials (tenant_id, id),
  foreign key (tenant_id, profile_id) references network.ppp_profiles (tenant_id, id)
);
--> statement-breakpoint
create unique index accesses_username_key on network.accesses (tenant_id, router_id, username);
--> statement-breakpoint
create unique index accesses_credentials_key on network.accesses (tenant_id, credentials_id);
--> statement-breakpoint
create index accesses_profile_idx on network.accesses (tenant_id, profile_id);
--> statement-breakpoint
create table network.idempotency_keys (
  tenant_id uuid not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  result_id uuid,
  created_at timestamptz(3) not null,
  primary key (tenant_id, operation, key)
);
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['routers', 'ppp_credentials', 'ppp_profiles', 'accesses', 'idempotency_keys'] loop
    execute format('alter table network.%I enable row level security', t);
    execute format('alter table network.%I force row level security', t);
    execute format('create policy tenant on network.%I to headend_network using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on network.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
