-- Address pools and simple queues that Headend looks after: their wished state. Plans know how to move rows.
create table network.desired_ip_pools (
  id uuid primary key,
  tenant_id uuid not null,
  router_id uuid not null,
  name text not null,
  note text,
  adopted boolean not null,
  applied_digest text,
  applied_note text,
  applied_at timestamptz(3),
  removed_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  ranges text not null,
  next_pool text,
  unique (tenant_id, id),
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade
);
--> statement-breakpoint
create table network.desired_queues (
  id uuid primary key,
  tenant_id uuid not null,
  router_id uuid not null,
  name text not null,
  note text,
  adopted boolean not null,
  applied_digest text,
  applied_note text,
  applied_at timestamptz(3),
  removed_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  position integer not null,
  moved boolean not null,
  target text not null,
  dst text,
  parent text,
  packet_marks text,
  priority text,
  queue_type text,
  limit_at text,
  max_limit text,
  burst_limit text,
  burst_threshold text,
  burst_time text,
  disabled boolean not null,
  unique (tenant_id, id),
  foreign key (tenant_id, router_id) references network.routers (tenant_id, id) on delete cascade
);
--> statement-breakpoint
-- The name is free again as soon as nobody wants the row, before the router has let it go.
create unique index desired_ip_pools_name_key on network.desired_ip_pools (tenant_id, router_id, name) where removed_at is null;
--> statement-breakpoint
create unique index desired_queues_name_key on network.desired_queues (tenant_id, router_id, name) where removed_at is null;
--> statement-breakpoint
create index desired_ip_pools_router_idx on network.desired_ip_pools (tenant_id, router_id);
--> statement-breakpoint
create index desired_queues_router_idx on network.desired_queues (tenant_id, router_id, position);
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['desired_ip_pools', 'desired_queues'] loop
    execute format('alter table network.%I enable row level security', t);
    execute format('alter table network.%I force row level security', t);
    execute format('create policy tenant on network.%I to headend_network using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on network.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
--> statement-breakpoint
alter table network.router_plans add column moves integer not null default 0;
--> statement-breakpoint
alter table network.router_plan_items
  add column desired_id uuid,
  add column depth smallint not null default 0,
  drop constraint router_plan_items_action_check,
  add constraint router_plan_items_action_check check (action in ('ADD', 'CHANGE', 'MOVE', 'REMOVE', 'KICK', 'CONFLICT', 'UNOWNED'));
--> statement-breakpoint
drop index network.router_plan_items_waiting_idx;
--> statement-breakpoint
create index router_plan_items_waiting_idx on network.router_plan_items (tenant_id, plan_id, id) where outcome is null and action in ('ADD', 'CHANGE', 'MOVE', 'REMOVE', 'KICK');
