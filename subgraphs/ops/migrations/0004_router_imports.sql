-- Imports of routers that are to be carried on: one row each, claimed by one process at a time, gone when there is nothing left to do.
create table ops.import_jobs (
  import_id uuid primary key,
  tenant_id uuid not null,
  started_by text,
  attempts integer not null,
  next_at timestamptz(3) not null,
  claimed_by text,
  claimed_until timestamptz(3)
);
--> statement-breakpoint
create index import_jobs_next_idx on ops.import_jobs (next_at);
--> statement-breakpoint
alter table ops.import_jobs enable row level security;
--> statement-breakpoint
alter table ops.import_jobs force row level security;
--> statement-breakpoint
create policy tenant on ops.import_jobs to headend_ops
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
create policy system on ops.import_jobs to headend_system using (true) with check (true);
