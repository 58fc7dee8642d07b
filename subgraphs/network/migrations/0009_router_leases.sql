-- Which process looks after which router. A process has its leases for as long as its heartbeat is good, by this server's clock; and it
-- holds the advisory lock `lock_key` on a connection of its own, so that its death is noticed before its heartbeat runs out.
create table network.processes (
  id uuid primary key,
  url text not null,
  lock_key bigint not null,
  started_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);
--> statement-breakpoint
create table network.router_leases (
  router_id uuid primary key references network.routers (id) on delete cascade,
  owner uuid,
  -- Grows with every change of the owner: of two who say that they have a router, the higher one is right.
  token bigint not null,
  since timestamptz(3) not null
);
--> statement-breakpoint
create index router_leases_owner_idx on network.router_leases (owner);
--> statement-breakpoint
-- They belong to no tenant: the system alone reads and writes them.
revoke all on network.processes, network.router_leases from headend_network;
--> statement-breakpoint
-- Every process keeps in memory how routers are reached and whose secrets are whose: it is told which of them to forget.
create function network.tell_router() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'routers' and tg_op = 'UPDATE' then
    if (old.host, old.port, old.username, old.password_sealed, old.tls_mode, old.tls_fingerprint) is not distinct from
       (new.host, new.port, new.username, new.password_sealed, new.tls_mode, new.tls_fingerprint) then return null; end if;
  end if;
  if tg_table_name = 'routers' then
    perform pg_notify('network_routers', (case when tg_op = 'DELETE' then old.id else new.id end)::text);
  else
    perform pg_notify('network_routers', (case when tg_op = 'DELETE' then old.router_id else new.router_id end)::text);
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger tell after insert or update or delete on network.routers for each row execute function network.tell_router();
--> statement-breakpoint
create trigger tell after insert or update or delete on network.callback_secrets for each row execute function network.tell_router();
--> statement-breakpoint
create function network.tell_owner() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if (old.router_id, old.username, old.service_id) is not distinct from (new.router_id, new.username, new.service_id) then return null; end if;
  end if;
  if tg_op <> 'INSERT' then perform pg_notify('network_owners', json_build_array(old.tenant_id, old.router_id, left(old.username, 500))::text); end if;
  if tg_op <> 'DELETE' then perform pg_notify('network_owners', json_build_array(new.tenant_id, new.router_id, left(new.username, 500))::text); end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger tell after insert or update or delete on network.accesses for each row execute function network.tell_owner();
--> statement-breakpoint
create trigger tell after insert or update or delete on network.departures for each row execute function network.tell_owner();
