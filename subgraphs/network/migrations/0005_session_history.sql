-- Who held which address when. One partition a month of `started_at` (UTC): made ahead, and dropped as a whole when its time is over.
create table network.session_history (
  id uuid not null,
  tenant_id uuid not null,
  router_id uuid not null,
  service_id uuid,
  name text not null,
  address inet,
  caller_id text,
  protocol text,
  session_id text,
  routeros_id text not null,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  end_reason text check (end_reason in ('DISCONNECTED', 'GHOST', 'RECONCILED', 'ROUTER_REBOOTED', 'ROUTER_LOST', 'ROUTER_REMOVED')),
  observed_at timestamptz(3) not null,
  source text not null check (source in ('LISTEN', 'RECONCILE')),
  primary key (id, started_at),
  check ((ended_at is null) = (end_reason is null)),
  check (ended_at >= started_at)
) partition by range (started_at);
--> statement-breakpoint
create index session_history_address_idx on network.session_history (tenant_id, address, started_at);
--> statement-breakpoint
create index session_history_started_idx on network.session_history (tenant_id, started_at, id);
--> statement-breakpoint
create index session_history_service_idx on network.session_history (tenant_id, service_id, started_at, id);
--> statement-breakpoint
create index session_history_name_idx on network.session_history (tenant_id, name, started_at, id);
--> statement-breakpoint
create index session_history_router_idx on network.session_history (tenant_id, router_id, started_at, id);
--> statement-breakpoint
create index session_history_open_idx on network.session_history (tenant_id, name, router_id) where ended_at is null;
--> statement-breakpoint
create index session_history_open_router_idx on network.session_history (tenant_id, router_id) where ended_at is null;
--> statement-breakpoint
alter table network.session_history enable row level security;
--> statement-breakpoint
alter table network.session_history force row level security;
--> statement-breakpoint
create policy tenant on network.session_history to headend_network using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
create policy system on network.session_history to headend_system using (true) with check (true);
--> statement-breakpoint
-- A partition is a table that can be asked directly: it has the row-level security of its parent. Made apart and attached, because
-- that does not stop those who read and write the parent.
create function network.make_session_partition(of_month date) returns void language plpgsql as $$
declare
  first date := date_trunc('month', of_month)::date;
  partition text := 'session_history_' || to_char(first, 'YYYY_MM');
begin
  if to_regclass('network.' || partition) is not null then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('network.session_history', 0));
  if to_regclass('network.' || partition) is not null then return; end if;
  execute format('create table network.%I (like network.session_history including defaults including constraints)', partition);
  execute format('alter table network.%I enable row level security', partition);
  execute format('alter table network.%I force row level security', partition);
  execute format('create policy tenant on network.%I to headend_network using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', partition);
  execute format('create policy system on network.%I to headend_system using (true) with check (true)', partition);
  execute format('alter table network.session_history attach partition network.%I for values from (%L) to (%L)', partition,
    first::timestamp at time zone 'UTC', (first + interval '1 month') at time zone 'UTC');
end
$$;
--> statement-breakpoint
-- Drops the months that ended before `keep_from` and hold no session that lived later. Answers how many.
create function network.drop_session_partitions(keep_from timestamptz) returns integer language plpgsql as $$
declare
  partition text;
  needed boolean;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('network.session_history', 0));
  for partition in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'network.session_history'::regclass
       and (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= keep_from
  loop
    execute format('select exists (select from network.%I where ended_at is null or ended_at >= $1)', partition) into needed using keep_from;
    continue when needed;
    execute format('drop table network.%I', partition);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;
--> statement-breakpoint
revoke execute on function network.make_session_partition(date), network.drop_session_partitions(timestamptz) from public;
--> statement-breakpoint
select network.make_session_partition((now() at time zone 'UTC')::date), network.make_session_partition((now() at time zone 'UTC' + interval '1 month')::date);
