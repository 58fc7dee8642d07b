import { roleOf, SYSTEM_ROLE, type Database } from './database.ts';
import { sql } from './drizzle.ts';

export interface IsolationOptions {
  /** Whose role may enter the schema; default: the schema's name. */
  subgraph?: string;
  /** Tables that belong to no tenant on purpose (`users`). Every other table needs a `tenant_id`. */
  globalTables?: readonly string[];
}

interface TableFacts extends Record<string, unknown> {
  name: string;
  kind: string;
  owner: string;
  enabled: boolean;
  forced: boolean;
  tenant_type: string | null;
  tenant_required: boolean | null;
  security_invoker: boolean;
  rights: string[];
}

interface PolicyFacts extends Record<string, unknown> {
  table_name: string;
  policy: string;
  roles: string[];
  permissive: boolean;
  condition: string | null;
  check_condition: string | null;
}

const TENANT_CONDITION = /tenant_id = \(\s*SELECT \(?NULLIF\(current_setting\('app\.tenant_id'::text, true\), ''::text\)\)?::uuid/i;

/**
 * Fails when a tenant's rows in the schema could be seen or changed by another tenant, or when the subgraph's role may do
 * what it must not: row-level security absent or not forced, a policy that does not compare `tenant_id` with the
 * transaction's tenant, truncation (which no policy stops), views and functions that run with their owner's rights, rights on
 * another subgraph's schema.
 * @throws Error listing every finding.
 */
export async function assertTenantIsolation(database: Database, schema: string, options: IsolationOptions = {}): Promise<void> {
  const role = roleOf(options.subgraph ?? schema);
  const findings = await database.forSubgraph(role).system(async (tx) => {
    const found: string[] = [];
    const tables = await tx.execute<TableFacts>(sql`
      select c.relname as name, c.relkind as kind, pg_get_userbyid(c.relowner) as owner, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
             format_type(a.atttypid, null) as tenant_type, a.attnotnull as tenant_required,
             coalesce('security_invoker=true' = any(c.reloptions) or 'security_invoker=on' = any(c.reloptions), false) as security_invoker,
             array(select p from unnest(array['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) p
                    where has_table_privilege(${role}, c.oid, p)) as rights
        from pg_class c
        left join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
       where c.relnamespace = ${schema}::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
       order by c.relname`);
    const policies = await tx.execute<PolicyFacts>(sql`
      select tablename as table_name, policyname as policy, roles::text[] as roles, permissive = 'PERMISSIVE' as permissive, qual as condition, with_check as check_condition
        from pg_policies where schemaname = ${schema}`);
    if (tables.length === 0) found.push(`the schema ${schema} has no tables`);
    for (const table of tables) {
      const say = (text: string): void => void found.push(`${schema}.${table.name}: ${text}`);
      if (table.owner !== SYSTEM_ROLE) say(`belongs to ${table.owner}, not to ${SYSTEM_ROLE}`);
      for (const right of table.rights) if (['TRUNCATE', 'REFERENCES', 'TRIGGER'].includes(right)) say(`${role} may ${right}`);
      if (table.kind === 'v' && !table.security_invoker && table.rights.length > 0) say('a view without security_invoker shows every tenant');
      if ((table.kind === 'm' || table.kind === 'f') && table.rights.length > 0) say('a materialised view or foreign table knows no row-level security');
      if (table.kind !== 'r' && table.kind !== 'p') continue;
      if (table.rights.length > 0 && !table.rights.includes('SELECT')) say(`${role} may not SELECT`);
      const isGlobal = options.globalTables?.includes(table.name) ?? false;
      if (table.tenant_type === null) {
        if (!isGlobal && table.rights.length > 0) say('has no tenant_id and is not listed as global');
        continue;
      }
      if (table.tenant_type !== 'uuid') say(`tenant_id is ${table.tenant_type}, not uuid`);
      if (!table.tenant_required && !isGlobal) say('tenant_id may be null');
      if (!table.enabled || !table.forced) say('row-level security is not enabled and forced');
      const open = policies.filter((policy) => policy.table_name === table.name && policy.permissive && !(policy.roles.length === 1 && policy.roles[0] === SYSTEM_ROLE));
      if (!open.some((policy) => policy.roles.includes(role)) && table.rights.length > 0) say(`no policy for ${role}`);
      for (const policy of open) {
        for (const condition of [policy.condition, policy.check_condition]) {
          if (condition !== null && !TENANT_CONDITION.test(condition)) say(`policy ${policy.policy} does not compare tenant_id with the transaction's tenant: ${condition}`);
        }
      }
      if (!policies.some((policy) => policy.table_name === table.name && policy.roles.includes(SYSTEM_ROLE))) say(`no policy for ${SYSTEM_ROLE}: migrations would change no row`);
    }
    const functions = await tx.execute<{ name: string }>(sql`
      select p.proname as name from pg_proc p
       where p.pronamespace = ${schema}::regnamespace and p.prosecdef and has_function_privilege(${role}, p.oid, 'EXECUTE')`);
    for (const { name } of functions) found.push(`${schema}.${name}(): runs with its owner's rights`);
    const [attributes] = await tx.execute<{ strong: boolean; login: boolean; system: boolean; entered: boolean }>(sql`
      select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as strong, rolcanlogin as login,
             pg_has_role(rolname, ${SYSTEM_ROLE}, 'MEMBER') as system, has_schema_privilege(rolname, ${schema}, 'USAGE') as entered
        from pg_roles where rolname = ${role}`);
    if (!attributes) found.push(`the role ${role} does not exist`);
    if (attributes?.strong) found.push(`${role} has rights of an administrator`);
    if (attributes?.login) found.push(`${role} may log in`);
    if (attributes?.system) found.push(`${role} is a member of ${SYSTEM_ROLE}`);
    if (attributes && !attributes.entered) found.push(`${role} may not use the schema ${schema}`);
    const others = await tx.execute<{ name: string }>(sql`
      select nspname as name from pg_namespace
       where nspname not in (${schema}, 'bus', 'public', 'information_schema') and nspname not like 'pg\\_%'
         and has_schema_privilege(${role}, oid, 'USAGE, CREATE')`);
    for (const { name } of others) found.push(`${role} may enter the schema ${name}`);
    const [makes] = await tx.execute<{ may: boolean }>(sql`select has_schema_privilege(${role}, ${schema}, 'CREATE') as may`);
    if (makes!.may) found.push(`${role} may create in the schema ${schema}`);
    return found;
  });
  if (findings.length > 0) throw new Error(`Tenant isolation of ${schema}:\n- ${findings.join('\n- ')}`);
}
