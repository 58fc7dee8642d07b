create table identity.tenants (
  id uuid primary key,
  slug text not null,
  name text not null,
  company_name text,
  phone text,
  time_zone text not null,
  currency text not null,
  settings jsonb not null,
  max_routers integer check (max_routers >= 0),
  max_subscribers integer check (max_subscribers >= 0),
  features jsonb not null,
  active boolean not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  removed_at timestamptz(3)
);
--> statement-breakpoint
create unique index tenants_slug_key on identity.tenants (lower(slug)) where removed_at is null;
--> statement-breakpoint
create table identity.users (
  id uuid primary key,
  username text not null,
  email text not null,
  full_name text not null,
  phone text,
  password_hash text not null,
  active boolean not null,
  super_admin boolean not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  removed_at timestamptz(3)
);
--> statement-breakpoint
create unique index users_username_key on identity.users (lower(username)) where removed_at is null;
--> statement-breakpoint
create unique index users_email_key on identity.users (lower(email)) where removed_at is null;
--> statement-breakpoint
create table identity.roles (
  id uuid primary key,
  tenant_id uuid not null references identity.tenants (id),
  code text not null,
  name text not null,
  description text,
  permissions text[] not null,
  built_in boolean not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  unique (tenant_id, id)
);
--> statement-breakpoint
create unique index roles_code_key on identity.roles (tenant_id, code);
--> statement-breakpoint
create table identity.memberships (
  tenant_id uuid not null references identity.tenants (id),
  user_id uuid not null references identity.users (id),
  role_id uuid not null,
  is_primary boolean not null,
  created_at timestamptz(3) not null,
  primary key (tenant_id, user_id),
  constraint memberships_role_fkey foreign key (tenant_id, role_id) references identity.roles (tenant_id, id)
);
--> statement-breakpoint
create index memberships_user on identity.memberships (user_id);
--> statement-breakpoint
create unique index memberships_primary_key on identity.memberships (user_id) where is_primary;
--> statement-breakpoint
create index memberships_role on identity.memberships (tenant_id, role_id);
--> statement-breakpoint
create table identity.sessions (
  id uuid primary key,
  user_id uuid not null references identity.users (id),
  tenant_id uuid references identity.tenants (id),
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  end_reason text check (end_reason in ('LOGOUT', 'REUSE', 'PASSWORD', 'REMOVED'))
);
--> statement-breakpoint
create index sessions_user on identity.sessions (user_id) where ended_at is null;
--> statement-breakpoint
create table identity.refresh_tokens (
  hash text primary key,
  session_id uuid not null references identity.sessions (id) on delete cascade,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
--> statement-breakpoint
create index refresh_tokens_session on identity.refresh_tokens (session_id);
--> statement-breakpoint
create table identity.api_keys (
  id uuid primary key,
  tenant_id uuid not null references identity.tenants (id),
  name text not null,
  prefix text not null,
  hash text not null,
  permissions text[] not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3)
);
--> statement-breakpoint
create unique index api_keys_hash_key on identity.api_keys (hash);
--> statement-breakpoint
create index api_keys_tenant on identity.api_keys (tenant_id, created_at, id);
--> statement-breakpoint
create table identity.customers (
  id uuid primary key,
  tenant_id uuid not null,
  account_number text not null,
  name text not null,
  email text,
  phone text,
  status text not null check (status in ('ACTIVE', 'INACTIVE')),
  run_id text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
--> statement-breakpoint
create unique index customers_account_number_key on identity.customers (tenant_id, account_number);
--> statement-breakpoint
create index customers_tenant on identity.customers (tenant_id, id);
--> statement-breakpoint
create index customers_created_at on identity.customers (tenant_id, created_at, id);
--> statement-breakpoint
create index customers_name on identity.customers (tenant_id, name, id);
--> statement-breakpoint
create index customers_email on identity.customers (tenant_id, lower(email));
--> statement-breakpoint
create table identity.idempotency_keys (
  tenant_id uuid not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  result_id uuid,
  created_at timestamptz(3) not null,
  primary key (tenant_id, operation, key)
);
--> statement-breakpoint
create table identity.counters (
  tenant_id uuid not null,
  name text not null,
  value bigint not null,
  primary key (tenant_id, name)
);
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['tenants', 'users', 'roles', 'memberships', 'sessions', 'refresh_tokens', 'api_keys', 'customers', 'idempotency_keys', 'counters'] loop
    execute format('alter table identity.%I enable row level security', t);
    execute format('alter table identity.%I force row level security', t);
    execute format('create policy system on identity.%I to headend_system using (true) with check (true)', t);
  end loop;
  foreach t in array array['roles', 'memberships', 'api_keys', 'customers', 'idempotency_keys', 'counters'] loop
    execute format('create policy tenant on identity.%I to headend_identity using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
  end loop;
end
$$;
--> statement-breakpoint
create policy tenant on identity.tenants for select to headend_identity using (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
-- The sub-select is itself held to the tenant's memberships.
create policy members on identity.users for select to headend_identity using (exists (select from identity.memberships m where m.user_id = users.id));
--> statement-breakpoint
-- Global rows are written, and logins and their tokens reached at all, by the system alone.
revoke insert, update, delete on identity.tenants, identity.users from headend_identity;
--> statement-breakpoint
revoke all on identity.sessions, identity.refresh_tokens from headend_identity;
