-- The life of an access after it was made: wishes that overtake each other, changes that can be taken back, moves.
alter table network.accesses
  add column intent bigint not null default 0,
  add column secret_name text,
  add column changed boolean not null default false,
  add column cut_due boolean not null default false,
  add column prior_run_id text,
  add column prior_router_id uuid,
  add column prior_profile_id uuid,
  add column prior_credentials_id uuid;
--> statement-breakpoint
update network.accesses set secret_name = username where secret_sent;
--> statement-breakpoint
create table network.departures (
  service_id uuid not null,
  router_id uuid not null,
  tenant_id uuid not null,
  profile_id uuid not null,
  username text not null,
  profile_sent boolean not null,
  secret_sent boolean not null,
  secret_name text,
  applied_fingerprint text,
  since timestamptz(3) not null,
  reason_code text,
  reason_message text,
  attempts integer not null default 0,
  last_attempt_at timestamptz(3),
  primary key (service_id, router_id),
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade,
  foreign key (tenant_id, profile_id) references network.ppp_profiles (tenant_id, id) on delete cascade
);
--> statement-breakpoint
create index departures_router_idx on network.departures (tenant_id, router_id, username);
--> statement-breakpoint
create index departures_profile_idx on network.departures (tenant_id, profile_id);
--> statement-breakpoint
create table network.removed_accesses (
  service_id uuid primary key,
  tenant_id uuid not null,
  router_id uuid not null,
  username text not null,
  profile_name text not null,
  attempts integer not null,
  last_attempt_at timestamptz(3),
  acknowledged_at timestamptz(3) not null,
  lag_ms bigint not null
);
--> statement-breakpoint
create index removed_accesses_tenant on network.removed_accesses (tenant_id, service_id);
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['departures', 'removed_accesses'] loop
    execute format('alter table network.%I enable row level security', t);
    execute format('alter table network.%I force row level security', t);
    execute format('create policy tenant on network.%I to headend_network using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on network.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
