-- The life of a service: runs that take each other's place, and executors that take over from each other.
alter table ops.workflow_runs drop constraint workflow_runs_state_check;
--> statement-breakpoint
alter table ops.workflow_runs add constraint workflow_runs_state_check check (state in ('RUNNING', 'WAITING', 'SUCCEEDED', 'UNDOING', 'FAILED', 'CANCELLED', 'SUPERSEDED'));
--> statement-breakpoint
alter table ops.workflow_runs drop constraint workflow_runs_check;
--> statement-breakpoint
alter table ops.workflow_runs add constraint workflow_runs_finished_check check ((finished_at is not null) = (state in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SUPERSEDED')));
--> statement-breakpoint
alter table ops.workflow_runs add column superseded_by uuid;
--> statement-breakpoint
create index workflow_runs_service on ops.workflow_runs (tenant_id, service_id, created_at) where service_id is not null;
--> statement-breakpoint
create table ops.wish_counters (
  tenant_id uuid not null,
  customer_id uuid not null,
  wishes bigint not null,
  primary key (tenant_id, customer_id)
);
--> statement-breakpoint
alter table ops.wish_counters enable row level security;
--> statement-breakpoint
alter table ops.wish_counters force row level security;
--> statement-breakpoint
create policy tenant on ops.wish_counters to headend_ops
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
create policy system on ops.wish_counters to headend_system using (true) with check (true);
--> statement-breakpoint
-- One row a process that runs sagas; of no tenant.
create table ops.executors (
  id text primary key,
  heard_at timestamptz(3) not null
);
--> statement-breakpoint
alter table ops.executors enable row level security;
--> statement-breakpoint
alter table ops.executors force row level security;
--> statement-breakpoint
create policy system on ops.executors to headend_system using (true) with check (true);
