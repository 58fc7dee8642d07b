-- What billing keeps of a tenant: its time zone and currency (heard from identity) and its own settings.
create table billing.tenant_settings (
  tenant_id uuid primary key,
  time_zone text not null default 'UTC',
  payment_term_days smallint not null default 14 check (payment_term_days between 0 and 365),
  -- Of balances of customers who have not been charged yet: heard from identity, until then that of the first service sold.
  currency text,
  -- Since when billing knows the tenant: its schedule begins with the first 02:00 after that.
  created_at timestamptz(3) not null
);
--> statement-breakpoint
-- How a plan is charged while its services are suspended; a plan without a row is PAUSE.
create table billing.plan_policies (
  tenant_id uuid not null,
  plan_id uuid not null,
  suspension_policy text not null check (suspension_policy in ('PAUSE', 'ACCRUE')),
  primary key (tenant_id, plan_id)
);
--> statement-breakpoint
-- One a service. `billed_until` is a cursor: every day before it is decided by a row of `periods`.
create table billing.subscriptions (
  id uuid primary key,
  tenant_id uuid not null,
  service_id uuid not null,
  customer_id uuid not null,
  plan_id uuid not null,
  currency text not null,
  billing_day smallint not null check (billing_day between 1 and 31),
  started_on date not null,
  billed_until date not null,
  -- The first day on which a billing run has something to decide; null when all is.
  due_on date,
  -- The first day that is not charged any more.
  ended_on date,
  created_at timestamptz(3) not null,
  check (billed_until >= started_on),
  check (ended_on >= started_on),
  unique (tenant_id, id)
);
--> statement-breakpoint
create unique index subscriptions_service_key on billing.subscriptions (tenant_id, service_id);
--> statement-breakpoint
create index subscriptions_due on billing.subscriptions (tenant_id, id, due_on) where due_on is not null;
--> statement-breakpoint
create index subscriptions_customer on billing.subscriptions (tenant_id, customer_id, created_at);
--> statement-breakpoint
create index subscriptions_plan on billing.subscriptions (tenant_id, plan_id);
--> statement-breakpoint
-- What was agreed, and from which day on. A period is charged under the terms of its first day.
create table billing.subscription_terms (
  tenant_id uuid not null,
  subscription_id uuid not null,
  effective_from date not null,
  position integer not null,
  plan_id uuid not null,
  plan_code text not null,
  plan_version integer not null,
  price_minor bigint not null check (price_minor >= 0),
  currency text not null,
  grace_days smallint not null check (grace_days between 0 and 90),
  primary key (tenant_id, subscription_id, position),
  foreign key (tenant_id, subscription_id) references billing.subscriptions (tenant_id, id)
);
--> statement-breakpoint
create table billing.suspensions (
  tenant_id uuid not null,
  subscription_id uuid not null,
  position integer not null,
  suspended_on date not null,
  resumed_on date check (resumed_on >= suspended_on),
  reason text not null,
  primary key (tenant_id, subscription_id, position),
  foreign key (tenant_id, subscription_id) references billing.subscriptions (tenant_id, id)
);
--> statement-breakpoint
-- At most one suspension of a subscription is open.
create unique index suspensions_open on billing.suspensions (tenant_id, subscription_id) where resumed_on is null;
--> statement-breakpoint
create table billing.billing_runs (
  id uuid primary key,
  tenant_id uuid not null,
  as_of date not null,
  state text not null check (state in ('RUNNING', 'SUCCEEDED', 'FAILED')),
  invoices integer not null default 0,
  requested_by text,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3)
);
--> statement-breakpoint
-- The plan is idempotent: one run a day of reckoning, however often and from wherever it is asked for.
create unique index billing_runs_as_of_key on billing.billing_runs (tenant_id, as_of);
--> statement-breakpoint
create index billing_runs_started_at on billing.billing_runs (tenant_id, started_at, id);
--> statement-breakpoint
create index billing_runs_running on billing.billing_runs (tenant_id, id) where state = 'RUNNING';
--> statement-breakpoint
create table billing.billing_run_totals (
  tenant_id uuid not null,
  run_id uuid not null references billing.billing_runs (id),
  currency text not null,
  total_minor bigint not null,
  primary key (tenant_id, run_id, currency)
);
--> statement-breakpoint
-- Subscriptions that a run had to leave aside, for people to look at.
create table billing.parked_subscriptions (
  tenant_id uuid not null,
  run_id uuid not null references billing.billing_runs (id),
  subscription_id uuid not null,
  service_id uuid not null,
  code text not null,
  message text not null,
  created_at timestamptz(3) not null,
  primary key (tenant_id, run_id, subscription_id)
);
--> statement-breakpoint
create table billing.invoices (
  id uuid primary key,
  tenant_id uuid not null,
  -- Gapless within the tenant: taken from its counter in the transaction that issues the invoice.
  number_value bigint not null,
  number text not null,
  customer_id uuid not null,
  service_id uuid not null,
  subscription_id uuid not null,
  run_id uuid not null references billing.billing_runs (id),
  period_from date not null,
  period_to date not null,
  issued_on date not null,
  due_on date not null,
  grace_days smallint not null,
  total_minor bigint not null check (total_minor >= 0),
  currency text not null,
  created_at timestamptz(3) not null,
  -- From here on what may change; see the grants below.
  state text not null check (state in ('ISSUED', 'OVERDUE', 'PAID', 'VOID')),
  paid_minor bigint not null,
  overdue_since date,
  -- When it was announced that the invoice has outlived its days of grace.
  suspension_due_on date,
  check (paid_minor between 0 and total_minor),
  check ((state = 'PAID') = (paid_minor = total_minor) or state = 'VOID'),
  check (period_to > period_from),
  check (due_on >= issued_on),
  unique (tenant_id, id)
);
--> statement-breakpoint
create unique index invoices_number_key on billing.invoices (tenant_id, number_value);
--> statement-breakpoint
-- One invoice per subscription and period, whatever happens.
create unique index invoices_period_key on billing.invoices (tenant_id, subscription_id, period_from);
--> statement-breakpoint
create index invoices_customer on billing.invoices (tenant_id, customer_id, id);
--> statement-breakpoint
create index invoices_unpaid on billing.invoices (tenant_id, customer_id) where state in ('ISSUED', 'OVERDUE');
--> statement-breakpoint
create index invoices_due on billing.invoices (tenant_id, due_on, id) where state = 'ISSUED';
--> statement-breakpoint
create index invoices_grace on billing.invoices (tenant_id, due_on, id) where state = 'OVERDUE' and suspension_due_on is null;
--> statement-breakpoint
create index invoices_overdue on billing.invoices (tenant_id, service_id, id) where state = 'OVERDUE';
--> statement-breakpoint
-- Every day of a subscription, decided once. The chain (each period begins where its predecessor ends, by foreign key) makes
-- an overlap or a hole impossible; CHARGED periods have an invoice, PAUSED ones are those of a suspension.
create table billing.periods (
  tenant_id uuid not null,
  subscription_id uuid not null,
  period_from date not null,
  period_to date not null,
  -- Null for the first one.
  previous_to date check (previous_to = period_from),
  kind text not null check (kind in ('CHARGED', 'PAUSED')),
  invoice_id uuid,
  run_id uuid not null,
  primary key (tenant_id, subscription_id, period_from),
  unique (tenant_id, subscription_id, period_to),
  check (period_to > period_from),
  check ((kind = 'CHARGED') = (invoice_id is not null)),
  foreign key (tenant_id, subscription_id) references billing.subscriptions (tenant_id, id),
  foreign key (tenant_id, subscription_id, previous_to) references billing.periods (tenant_id, subscription_id, period_to),
  foreign key (tenant_id, invoice_id) references billing.invoices (tenant_id, id) deferrable initially deferred
);
--> statement-breakpoint
create unique index periods_first on billing.periods (tenant_id, subscription_id) where previous_to is null;
--> statement-breakpoint
create table billing.invoice_lines (
  tenant_id uuid not null,
  invoice_id uuid not null,
  position smallint not null,
  description text not null,
  quantity numeric(18, 6) not null,
  unit_price_minor bigint not null,
  total_minor bigint not null,
  -- How the total came about, step by step, for people.
  derivation text not null,
  primary key (tenant_id, invoice_id, position),
  -- Deferred, so that the counter of numbers is locked only after the lines are written.
  foreign key (tenant_id, invoice_id) references billing.invoices (tenant_id, id) deferrable initially deferred
);
--> statement-breakpoint
create table billing.payments (
  id uuid primary key,
  tenant_id uuid not null,
  customer_id uuid not null,
  -- The one it was paid for; how it was used stands in `allocations`.
  invoice_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  method text not null check (method in ('CASH', 'BANK_TRANSFER', 'CARD', 'MOBILE_MONEY', 'CHEQUE', 'OTHER')),
  reference text,
  received_on date not null,
  recorded_by text,
  recorded_by_kind text not null,
  on_behalf_of text,
  created_at timestamptz(3) not null,
  unique (tenant_id, id),
  foreign key (tenant_id, invoice_id) references billing.invoices (tenant_id, id)
);
--> statement-breakpoint
-- The provider's reference counts once.
create unique index payments_reference_key on billing.payments (tenant_id, method, reference);
--> statement-breakpoint
create index payments_customer on billing.payments (tenant_id, customer_id, id);
--> statement-breakpoint
create table billing.allocations (
  id uuid primary key,
  tenant_id uuid not null,
  payment_id uuid not null,
  invoice_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  created_at timestamptz(3) not null,
  foreign key (tenant_id, payment_id) references billing.payments (tenant_id, id),
  foreign key (tenant_id, invoice_id) references billing.invoices (tenant_id, id) deferrable initially deferred
);
--> statement-breakpoint
create index allocations_payment on billing.allocations (tenant_id, payment_id);
--> statement-breakpoint
create index allocations_invoice on billing.allocations (tenant_id, invoice_id);
--> statement-breakpoint
-- What is left of a payment: its amount less its allocations. The check is what keeps credit from being spent twice.
create table billing.credits (
  payment_id uuid primary key,
  tenant_id uuid not null,
  customer_id uuid not null,
  currency text not null,
  remaining_minor bigint not null check (remaining_minor >= 0),
  foreign key (tenant_id, payment_id) references billing.payments (tenant_id, id)
);
--> statement-breakpoint
create index credits_customer on billing.credits (tenant_id, customer_id, payment_id) where remaining_minor > 0;
--> statement-breakpoint
-- One row a day, tenant and kind: which process does it, and whether it is done.
create table billing.schedule_claims (
  tenant_id uuid not null,
  kind text not null check (kind in ('BILLING', 'DUNNING')),
  as_of date not null,
  claimed_by text not null,
  claimed_until timestamptz(3) not null,
  finished_at timestamptz(3),
  primary key (tenant_id, kind, as_of)
);
--> statement-breakpoint
create table billing.idempotency_keys (
  tenant_id uuid not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  result_id uuid,
  created_at timestamptz(3) not null,
  primary key (tenant_id, operation, key)
);
--> statement-breakpoint
create table billing.counters (
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
  foreach t in array array['tenant_settings', 'plan_policies', 'subscriptions', 'subscription_terms', 'suspensions', 'billing_runs', 'billing_run_totals', 'parked_subscriptions',
                           'invoices', 'periods', 'invoice_lines', 'payments', 'allocations', 'credits', 'schedule_claims', 'idempotency_keys', 'counters'] loop
    execute format('alter table billing.%I enable row level security', t);
    execute format('alter table billing.%I force row level security', t);
    execute format('create policy tenant on billing.%I to headend_billing using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on billing.%I to headend_system using (true) with check (true)', t);
  end loop;
end
$$;
--> statement-breakpoint
-- The ledger: written once.
revoke update, delete on billing.subscription_terms, billing.periods, billing.invoice_lines, billing.payments, billing.allocations from headend_billing;
--> statement-breakpoint
revoke update, delete on billing.invoices, billing.suspensions, billing.subscriptions, billing.credits from headend_billing;
--> statement-breakpoint
grant update (state, paid_minor, overdue_since, suspension_due_on) on billing.invoices to headend_billing;
--> statement-breakpoint
grant update (resumed_on) on billing.suspensions to headend_billing;
--> statement-breakpoint
grant update (plan_id, billing_day, billed_until, due_on, ended_on) on billing.subscriptions to headend_billing;
--> statement-breakpoint
grant update (remaining_minor) on billing.credits to headend_billing;
