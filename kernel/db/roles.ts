import type { Logger } from '#kernel/logs.ts';
import { connect, type Connection } from './connection.ts';
import { lockKey, roleOf, SYSTEM_ROLE } from './database.ts';
import { sqlState } from './errors.ts';
import { parseDatabaseUrl } from './url.ts';

/** What every subgraph's role is a member of: the rights on the schema `bus`. */
export const BUS_ROLE = 'headend_bus';

export interface BootstrapOptions {
  /** A login that may create roles; only used when something is missing. */
  url: string;
  /** The login that requests use; default: the user of `url`. */
  login?: string;
  /** Names of the subgraphs whose roles must exist. */
  subgraphs: readonly string[];
  log: Logger;
}

/**
 * Makes sure that the roles exist and that the login may enter them: one NOLOGIN role a subgraph, `headend_system` (owns
 * every schema, sees every tenant), `headend_bus`. Safe to repeat and to run from several processes at once; with nothing
 * missing it only reads.
 * @throws Error with the SQL that an administrator has to run, when the login of `url` may not.
 */
export async function bootstrapRoles(options: BootstrapOptions): Promise<void> {
  const target = parseDatabaseUrl(options.url);
  const login = options.login ?? target.user;
  const connection = await connect(target, { applicationName: 'headend bootstrap', log: options.log, settings: { lock_timeout: '30000' } });
  try {
    if ((await missing(connection, login, options.subgraphs)).length > 0) {
      await connection.run('select pg_advisory_lock($1::bigint)', [lockKey('bootstrap')]);
      // Roles belong to the whole server, the lock to one database: two databases may still collide, and try again.
      for (let attempt = 1; ; attempt += 1) {
        const statements = await missing(connection, login, options.subgraphs);
        if (statements.length === 0) break;
        try {
          for (const statement of statements) await connection.run(statement);
          options.log.info({ login, statements: statements.length }, 'Database roles are set up');
          break;
        } catch (error) {
          const state = sqlState(error);
          if ((state === 'XX000' || state === '23505' || state === '42710') && attempt < 20) continue;
          if (state === '42501') {
            throw new Error(
              `The database login "${target.user}" may not create what Headend needs. Let an administrator run this once, then start again:\n\n${statements.join(';\n')};\n`,
              { cause: error },
            );
          }
          throw error;
        }
      }
    }
    await warnOfTooMuchRight(connection, login, options.log);
  } finally {
    await connection.end();
  }
}

/** The statements that are still to be run, in order; empty when all is there. */
async function missing(connection: Connection, login: string, subgraphs: readonly string[]): Promise<string[]> {
  const [server] = await connection.run("select current_setting('server_version_num')::int as version, current_database() as database");
  const version = server!.version as number;
  if (version < 150_000) throw new Error(`PostgreSQL 15 or newer is needed; this server is ${Math.floor(version / 10_000)}`);
  const roles = [SYSTEM_ROLE, BUS_ROLE, ...subgraphs.map(roleOf)];
  const entered = [SYSTEM_ROLE, ...subgraphs.map(roleOf)];
  const right = version >= 160_000 ? 'SET' : 'MEMBER';
  const found = await connection.run(
    `select r.rolname as role,
            pg_has_role($2::name, r.oid, '${right}') as entered,
            exists (select from pg_auth_members m join pg_roles b on b.oid = m.roleid where m.member = r.oid and b.rolname = '${BUS_ROLE}') as on_bus
       from pg_roles r where r.rolname = any($1::text[])`,
    [roles, login],
  );
  const byName = new Map(found.map((row) => [row.role as string, row]));
  const statements: string[] = [];
  for (const role of roles) if (!byName.has(role)) statements.push(`create role "${role}" nologin`);
  for (const subgraph of subgraphs) {
    if (!byName.get(roleOf(subgraph))?.on_bus) statements.push(`grant "${BUS_ROLE}" to "${roleOf(subgraph)}"`);
  }
  const loginName = `"${login.replaceAll('"', '""')}"`;
  // Without INHERIT the login by itself sees nothing: what runs outside a tenant's transaction is refused.
  const grantOptions = version >= 160_000 ? ' with inherit false, set true' : '';
  if (version < 160_000) {
    const [self] = await connection.run('select rolinherit and not rolsuper as inherits from pg_roles where rolname = $1', [login]);
    if (self?.inherits) statements.push(`alter role ${loginName} noinherit`);
  }
  const [superuser] = await connection.run('select rolsuper from pg_roles where rolname = $1', [login]);
  if (!superuser) throw new Error(`The database login "${login}" does not exist`);
  for (const role of entered) {
    if (!byName.get(role)?.entered && !superuser.rolsuper) statements.push(`grant "${role}" to ${loginName}${grantOptions}`);
  }
  const database = `"${(server!.database as string).replaceAll('"', '""')}"`;
  for (const [role, name] of [[SYSTEM_ROLE, `"${SYSTEM_ROLE}"`], [login, loginName]] as const) {
    const known = role === login || byName.has(role);
    const [may] = known ? await connection.run("select has_database_privilege($1::name, current_database(), 'CREATE') as may", [role]) : [];
    if (!may?.may) statements.push(`grant connect, create, temporary on database ${database} to ${name}`);
  }
  return statements;
}

async function warnOfTooMuchRight(connection: Connection, login: string, log: Logger): Promise<void> {
  const [row] = await connection.run(
    `select rolsuper or rolbypassrls as bypasses, not rolsuper and pg_has_role(rolname, '${SYSTEM_ROLE}', 'USAGE') as inherits from pg_roles where rolname = $1`,
    [login],
  );
  if (row?.bypasses) {
    log.warn({ login }, 'The database login is a superuser or bypasses row-level security: give Headend a login of its own (create role … login noinherit)');
  } else if (row?.inherits) {
    log.warn({ login }, `The database login inherits the rights of ${SYSTEM_ROLE}: grant ${SYSTEM_ROLE} to it "with inherit false"`);
  }
}
