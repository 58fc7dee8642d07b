import type { Tx } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';

/*
 * Who looks after which router. Time is always the server's (`clock_timestamp()`): the processes' clocks may differ. All run as
 * the system; the tables belong to no tenant.
 */

export interface Process {
  id: string;
  /** Where other processes of the network reach it. */
  url: string;
  /** Key of the advisory lock that it holds while it lives, as text. */
  lockKey: string;
}

export interface Standing {
  /** Other processes that live. */
  peers: Array<{ id: string; url: string; routers: number }>;
  /** All routers of all tenants. */
  routers: number;
}

/** A transaction whose process stops in its middle must not hold the others up. */
export async function hurry(tx: Tx): Promise<void> {
  await tx.execute(sql`select set_config('idle_in_transaction_session_timeout', '2s', true), set_config('lock_timeout', '2s', true)`);
}

/**
 * Makes the heartbeat good for another while. One that has run out has lost every lease: others may have seen that already.
 */
export async function beat(tx: Tx, { id, url, lockKey }: Process, forMs: number): Promise<void> {
  const until = sql`clock_timestamp() + make_interval(secs => ${forMs / 1000})`;
  const kept = await tx.execute(sql`update network.processes set url = ${url}, expires_at = ${until} where id = ${id}::uuid and expires_at > clock_timestamp() returning id`);
  if (kept.length > 0) return;
  await tx.execute(sql`update network.router_leases set owner = null where owner = ${id}::uuid`);
  await tx.execute(sql`
    insert into network.processes (id, url, lock_key, started_at, expires_at) values (${id}::uuid, ${url}, ${lockKey}::bigint, clock_timestamp(), ${until})
    on conflict (id) do update set url = excluded.url, expires_at = excluded.expires_at`);
}

/** Whoever has lost its lock is dead, or lets go of its routers just now: its heartbeat ends after `graceMs`. Answers how many such there are. */
export async function noteDead(tx: Tx, id: string, graceMs: number): Promise<number> {
  const end = sql`clock_timestamp() + make_interval(secs => ${graceMs / 1000})`;
  const rows = await tx.execute(sql`
    update network.processes p set expires_at = ${end}
     where p.id <> ${id}::uuid and p.expires_at > ${end}
       and not exists (select from pg_locks l
                        where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.database = (select oid from pg_database where datname = current_database())
                          and l.classid = ((p.lock_key >> 32) & 4294967295)::oid and l.objid = (p.lock_key & 4294967295)::oid)
    returning p.id`);
  return rows.length;
}

export async function standing(tx: Tx, id: string): Promise<Standing> {
  const peers = await tx.execute<{ id: string; url: string; routers: number }>(sql`
    select p.id, p.url, (select count(*)::int from network.router_leases l where l.owner = p.id) as routers
      from network.processes p where p.id <> ${id}::uuid and p.expires_at > clock_timestamp() order by p.id`);
  const [row] = await tx.execute<{ routers: number }>(sql`select count(*)::int as routers from network.routers`);
  return { peers: [...peers], routers: row!.routers };
}

/** The routers of a process, with their tokens. */
export async function held(tx: Tx, id: string): Promise<Map<string, number>> {
  const rows = await tx.execute<{ router_id: string; token: string }>(sql`select router_id, token::text as token from network.router_leases where owner = ${id}::uuid`);
  return new Map(rows.map((row) => [row.router_id, Number(row.token)]));
}

/** Takes at most `limit` routers that nobody looks after. */
export async function take(tx: Tx, id: string, limit: number): Promise<void> {
  await tx.execute(sql`
    insert into network.router_leases (router_id, owner, token, since)
    select r.id, ${id}::uuid, 1, clock_timestamp()
      from network.routers r left join network.router_leases l on l.router_id = r.id
     where l.owner is null or not exists (select from network.processes p where p.id = l.owner and p.expires_at > clock_timestamp())
     order by r.id limit ${limit}
    on conflict (router_id) do update set owner = excluded.owner, token = router_leases.token + 1, since = excluded.since
     where router_leases.owner is null or not exists (select from network.processes p where p.id = router_leases.owner and p.expires_at > clock_timestamp())`);
}

/** Gives routers back; their lines must be closed by then. */
export async function give(tx: Tx, id: string, routerIds: readonly string[]): Promise<void> {
  await tx.execute(sql`update network.router_leases set owner = null where owner = ${id}::uuid and router_id = any(${sql.param([...routerIds])}::uuid[])`);
}

/** Gives all back and goes; forgets processes that died long ago. */
export async function leave(tx: Tx, id: string): Promise<void> {
  await tx.execute(sql`update network.router_leases set owner = null where owner = ${id}::uuid`);
  await tx.execute(sql`delete from network.processes where id = ${id}::uuid or expires_at < clock_timestamp() - interval '1 day'`);
}
