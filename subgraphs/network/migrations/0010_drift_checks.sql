-- What the last comparison of each router has found, and what people are to be told of.
create table network.router_drifts (
  router_id uuid primary key,
  tenant_id uuid not null,
  plan_id uuid,
  digest text,
  drifting integer,
  observed_at timestamptz(3),
  failed_at timestamptz(3),
  failure_code text,
  failure_message text,
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade,
  foreign key (tenant_id, plan_id) references network.router_plans (tenant_id, id)
);
--> statement-breakpoint
create table network.alerts (
  id uuid primary key,
  tenant_id uuid not null,
  kind text not null check (kind in ('ROUTER_DRIFT')),
  router_id uuid not null,
  details jsonb not null,
  raised_at timestamptz(3) not null,
  cleared_at timestamptz(3),
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade
);
--> statement-breakpoint
create unique index alerts_open_key on network.alerts (tenant_id, router_id, kind) where cleared_at is null;
--> statement-breakpoint
create index alerts_raised_idx on network.alerts (tenant_id, raised_at, id);
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['router_drifts', 'alerts'] loop
    execute format('alter table network.%I enable row level security', t);
    execute format('alter table network.%I force row level security', t);
    execute format('create policy tenant on network.%I to headend_network using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on network.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
