create table ops.workflow_runs (
  id uuid primary key,
  tenant_id uuid not null,
  kind text not null,
  state text not null check (state in ('RUNNING', 'WAITING', 'SUCCEEDED', 'UNDOING', 'FAILED', 'CANCELLED')),
  generation integer not null check (generation >= 1),
  version bigint not null check (version >= 1),
  definition jsonb not null,
  context jsonb not null,
  started_by text,
  customer_id uuid,
  service_id uuid,
  error jsonb,
  failed_step text,
  cancel_requested_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  finished_at timestamptz(3),
  check ((finished_at is not null) = (state in ('SUCCEEDED', 'FAILED', 'CANCELLED')))
);
--> statement-breakpoint
create unique index workflow_runs_tenant on ops.workflow_runs (tenant_id, id);
--> statement-breakpoint
create index workflow_runs_created_at on ops.workflow_runs (tenant_id, created_at, id);
--> statement-breakpoint
create index workflow_runs_customer on ops.workflow_runs (tenant_id, customer_id) where customer_id is not null;
--> statement-breakpoint
create index workflow_runs_live on ops.workflow_runs (updated_at) where finished_at is null;
--> statement-breakpoint
create table ops.workflow_steps (
  run_id uuid not null,
  position integer not null,
  tenant_id uuid not null,
  name text not null,
  state text not null check (state in ('PENDING', 'RUNNING', 'WAITING', 'DONE', 'FAILED', 'UNDONE', 'SKIPPED')),
  error jsonb,
  attempts integer not null,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  next_attempt_at timestamptz(3),
  result jsonb,
  primary key (run_id, position),
  foreign key (tenant_id, run_id) references ops.workflow_runs (tenant_id, id)
);
--> statement-breakpoint
create table ops.run_claims (
  tenant_id uuid not null,
  operation text not null,
  key text not null,
  fingerprint text not null,
  run_id uuid not null,
  lapses_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  primary key (tenant_id, operation, key)
);
--> statement-breakpoint
alter table ops.workflow_runs enable row level security;
--> statement-breakpoint
alter table ops.workflow_runs force row level security;
--> statement-breakpoint
create policy tenant on ops.workflow_runs to headend_ops
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
create policy system on ops.workflow_runs to headend_system using (true) with check (true);
--> statement-breakpoint
alter table ops.workflow_steps enable row level security;
--> statement-breakpoint
alter table ops.workflow_steps force row level security;
--> statement-breakpoint
create policy tenant on ops.workflow_steps to headend_ops
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
create policy system on ops.workflow_steps to headend_system using (true) with check (true);
--> statement-breakpoint
alter table ops.run_claims enable row level security;
--> statement-breakpoint
alter table ops.run_claims force row level security;
--> statement-breakpoint
create policy tenant on ops.run_claims to headend_ops
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
create policy system on ops.run_claims to headend_system using (true) with check (true);
--> statement-breakpoint
-- A run is a record: it is never removed by the application.
revoke delete on ops.workflow_runs, ops.workflow_steps from headend_ops;
