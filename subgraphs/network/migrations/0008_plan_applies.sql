-- Plans that are being applied: each is a job that any process goes on with which has the line to the router.
create table network.plan_applies (
  id uuid primary key,
  tenant_id uuid not null,
  router_id uuid not null,
  plan_id uuid not null unique,
  state text not null check (state in ('QUEUED', 'RUNNING', 'STOPPING', 'STOPPED', 'CANCELLING', 'CANCELLED', 'SUCCEEDED', 'FAILED')),
  total integer not null,
  done integer not null default 0,
  skipped integer not null default 0,
  refused integer not null default 0,
  failed integer not null default 0,
  reason_code text,
  reason_message text,
  requested_by text,
  created_at timestamptz(3) not null,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  claimed_by text,
  claimed_until timestamptz(3),
  unique (tenant_id, id),
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade,
  foreign key (tenant_id, plan_id) references network.router_plans (tenant_id, id) on delete cascade
);
--> statement-breakpoint
-- One at a time on a router; one that is stopped holds its place.
create unique index plan_applies_open_key on network.plan_applies (tenant_id, router_id) where state in ('QUEUED', 'RUNNING', 'STOPPING', 'STOPPED', 'CANCELLING');
--> statement-breakpoint
create index plan_applies_created_idx on network.plan_applies (tenant_id, created_at, id);
--> statement-breakpoint
create index plan_applies_runnable_idx on network.plan_applies (router_id) where state in ('QUEUED', 'RUNNING', 'STOPPING', 'CANCELLING');
--> statement-breakpoint
alter table network.plan_applies enable row level security;
--> statement-breakpoint
alter table network.plan_applies force row level security;
--> statement-breakpoint
create policy tenant on network.plan_applies to headend_network using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
create policy system on network.plan_applies to headend_system using (true) with check (true);
