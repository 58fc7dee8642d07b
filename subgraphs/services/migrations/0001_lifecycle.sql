-- The life of a service after its activation.
alter table services.services
  add column suspended_at timestamptz(3),
  add column suspension_reason text,
  add column terminated_at timestamptz(3),
  add column intent bigint not null default 0,
  add column plan_run_id text,
  add column prior_plan_id uuid,
  add column prior_plan_version integer;
--> statement-breakpoint
alter table services.services add constraint services_suspension check ((status = 'SUSPENDED') = (suspended_at is not null) and (suspended_at is null) = (suspension_reason is null));
--> statement-breakpoint
alter table services.services add constraint services_termination check ((status = 'TERMINATED') = (terminated_at is not null));
--> statement-breakpoint
alter table services.services add constraint services_prior_plan foreign key (tenant_id, prior_plan_id, prior_plan_version) references services.plan_versions (tenant_id, plan_id, version);
