-- The same act for many services, previewed, frozen, paced.
create table ops.bulk_jobs (
  id uuid primary key,
  tenant_id uuid not null,
  action text not null check (action in ('SUSPEND', 'RESUME', 'CHANGE_PLAN', 'MOVE')),
  state text not null check (state in ('PREVIEWING', 'PREVIEWED', 'EXPIRED', 'RUNNING', 'STOPPED', 'COMPLETED', 'CANCELLED', 'FAILED')),
  version bigint not null check (version >= 1),
  filter jsonb not null,
  plan_id uuid,
  router_id uuid,
  reason text,
  item_count integer,
  sessions_to_cut integer,
  as_wished integer,
  error jsonb,
  requested_by text,
  started_by text,
  budget integer,
  paced_at timestamptz(3),
  claimed_by text,
  claimed_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  expires_at timestamptz(3),
  started_at timestamptz(3),
  finished_at timestamptz(3)
);
--> statement-breakpoint
create unique index bulk_jobs_tenant on ops.bulk_jobs (tenant_id, id);
--> statement-breakpoint
create index bulk_jobs_created_at on ops.bulk_jobs (tenant_id, created_at, id);
--> statement-breakpoint
create index bulk_jobs_live on ops.bulk_jobs (state) where finished_at is null;
--> statement-breakpoint
-- The id of an item is the id of its run, so that it cannot be begun twice.
create table ops.bulk_items (
  id uuid primary key,
  tenant_id uuid not null,
  job_id uuid not null,
  position integer not null,
  service_id uuid not null,
  held_by uuid,
  state text not null check (state in ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'SKIPPED')),
  skipped_because text,
  error jsonb,
  attempts integer not null default 0,
  claimed_by text,
  claimed_at timestamptz(3),
  next_attempt_at timestamptz(3),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  foreign key (tenant_id, job_id) references ops.bulk_jobs (tenant_id, id),
  check ((finished_at is not null) = (state in ('SUCCEEDED', 'FAILED', 'SKIPPED')))
);
--> statement-breakpoint
create unique index bulk_items_position on ops.bulk_items (job_id, position);
--> statement-breakpoint
create unique index bulk_items_service on ops.bulk_items (job_id, service_id);
--> statement-breakpoint
create index bulk_items_state on ops.bulk_items (job_id, state, position);
--> statement-breakpoint
create table ops.idempotency_keys (
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
  foreach t in array array['bulk_jobs', 'bulk_items', 'idempotency_keys'] loop
    execute format('alter table ops.%I enable row level security', t);
    execute format('alter table ops.%I force row level security', t);
    execute format('create policy tenant on ops.%I to headend_ops using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on ops.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
--> statement-breakpoint
-- What was done to whom is a record.
revoke delete on ops.bulk_jobs, ops.bulk_items from headend_ops;
