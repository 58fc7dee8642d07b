import { inet, instant } from '#kernel/db/columns.ts';
import { bigint, boolean, integer, jsonb, pgSchema, primaryKey, smallint, text, uuid } from '#kernel/db/drizzle.ts';
import { idempotencyTable } from '#kernel/db/idempotency.ts';
import type { OfferedPlan, Problem, ProposedPlan } from './router-import/proposal.ts';
import type { ImportState, ItemState } from './router-import/router-import.ts';
import type { AlertDetails } from './alert/alert.ts';
import type { FieldChange } from './router-plan/wished-rows.ts';

/**
 * The tables of the network, as `migrations/` makes them. Every one has `tenant_id` and forced row-level security, so no
 * query below names the tenant: the transaction does.
 */
export const network = pgSchema('network');

export const idempotencyKeys = idempotencyTable(network);

/** A router we may log in to. The password is sealed (context `tenant:<t>:router:<id>`). */
export const routers = network.table('routers', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  name: text('name').notNull(),
  host: text('host').notNull(),
  port: integer('port').notNull(),
  username: text('username').notNull(),
  passwordSealed: text('password_sealed').notNull(),
  site: text('site'),
  tlsMode: text('tls_mode').notNull(),
  tlsFingerprint: text('tls_fingerprint'),
  /** The one that is meant where no router is named; at most one a tenant. */
  active: boolean('active').notNull(),
  /** The last observation, for the time before the connection of this process has made its own. */
  seenReachable: boolean('seen_reachable'),
  seenReason: text('seen_reason'),
  seenReasonCode: text('seen_reason_code'),
  seenVersion: text('seen_version'),
  seenIdentity: text('seen_identity'),
  seenAt: instant('seen_at'),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** A PPP user name and password for one router, sealed (context `tenant:<t>:ppp-credentials:<id>`). */
export const pppCredentials = network.table('ppp_credentials', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  routerId: uuid('router_id').notNull(),
  username: text('username').notNull(),
  passwordSealed: text('password_sealed').notNull(),
  passwordFingerprint: text('password_fingerprint').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** What a plan is on one router: the wished state of one PPP profile. */
export const pppProfiles = network.table('ppp_profiles', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  routerId: uuid('router_id').notNull(),
  planId: uuid('plan_id').notNull(),
  planCode: text('plan_code').notNull(),
  name: text('name').notNull(),
  rateLimit: text('rate_limit').notNull(),
  localAddress: text('local_address').notNull(),
  remotePool: text('remote_pool').notNull(),
  /** It was on the router before: when nobody has it any more, it is given back and not removed. */
  adopted: boolean('adopted').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** What every wished row of a router's menu has, whatever the menu. */
const desiredColumns = () => ({
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  routerId: uuid('router_id').notNull(),
  name: text('name').notNull(),
  /** What people wrote: goes behind the mark when it is made, and when it was changed here. */
  note: text('note'),
  /** The row was on the router before. */
  adopted: boolean('adopted').notNull(),
  /** Of the wish that the router was last proven to have, and the note that came with it; null: never. */
  appliedDigest: text('applied_digest'),
  appliedNote: text('applied_note'),
  appliedAt: instant('applied_at'),
  /** Nobody wants it any more, and the router may still have it. */
  removedAt: instant('removed_at'),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** The wished state of an address pool. Values stand as they are sent; null: the router's own default. */
export const desiredIpPools = network.table('desired_ip_pools', {
  ...desiredColumns(),
  ranges: text('ranges').notNull(),
  nextPool: text('next_pool'),
});

/** The wished state of a simple queue. Values stand as they are sent; null: the router's own default. */
export const desiredQueues = network.table('desired_queues', {
  ...desiredColumns(),
  /** Smaller stands first among ours on the router; there are gaps. */
  position: integer('position').notNull(),
  /** It was put elsewhere, and the router was not yet seen to have ours in their order. */
  moved: boolean('moved').notNull(),
  target: text('target').notNull(),
  dst: text('dst'),
  parent: text('parent'),
  packetMarks: text('packet_marks'),
  priority: text('priority'),
  queueType: text('queue_type'),
  limitAt: text('limit_at'),
  maxLimit: text('max_limit'),
  burstLimit: text('burst_limit'),
  burstThreshold: text('burst_threshold'),
  burstTime: text('burst_time'),
  disabled: boolean('disabled').notNull(),
});

/** The wished state of one service on its router, and how far the router has followed. */
export const accesses = network.table('accesses', {
  serviceId: uuid('service_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  routerId: uuid('router_id').notNull(),
  credentialsId: uuid('credentials_id').notNull(),
  profileId: uuid('profile_id').notNull(),
  /** Repeated from the credentials: unique per router, and what a session is recognised by. */
  username: text('username').notNull(),
  /** The run that made it: its undo removes it, no other's. */
  runId: text('run_id').notNull(),
  desired: text('desired').notNull(),
  desiredSince: instant('desired_since').notNull(),
  /** Set before the first write of a profile or secret leaves for the router: an undo must look there from then on. */
  profileSent: boolean('profile_sent').notNull(),
  secretSent: boolean('secret_sent').notNull(),
  /** Keyed hash of the password that the router was last given; RouterOS 7.21 and later do not show it. */
  appliedFingerprint: text('applied_fingerprint'),
  outcome: text('outcome').notNull(),
  reasonCode: text('reason_code'),
  reasonMessage: text('reason_message'),
  attempts: integer('attempts').notNull(),
  lastAttemptAt: instant('last_attempt_at'),
  acknowledgedAt: instant('acknowledged_at'),
  lagMs: bigint('lag_ms', { mode: 'number' }),
  createdAt: instant('created_at').notNull(),
  /** Number of the newest wish, counted per service by ops: an older one that arrives late is refused. */
  intent: bigint('intent', { mode: 'number' }).notNull(),
  /** The name under which the secret was last written on the router; another than `username` until it is renamed. */
  secretName: text('secret_name'),
  /** Plan, credentials or router are other ones than the last proof was about. */
  changed: boolean('changed').notNull(),
  /** The sessions that run are to be cut once the secret is as wished. */
  cutDue: boolean('cut_due').notNull(),
  /** The address that the subscriber is always given; null: one of his plan's pool. Unique per router. */
  staticAddress: text('static_address'),
  /** The one device that may dial: its MAC, `AA:BB:CC:DD:EE:FF`; null: any. */
  callerId: text('caller_id'),
  /** The run that changed it last, and what it was before: that run may take its change back. */
  priorRunId: text('prior_run_id'),
  priorRouterId: uuid('prior_router_id'),
  priorProfileId: uuid('prior_profile_id'),
  priorCredentialsId: uuid('prior_credentials_id'),
  priorStaticAddress: text('prior_static_address'),
  priorCallerId: text('prior_caller_id'),
  /** The profile that the secret had when it was taken over; null: we made the secret. */
  adoptedFrom: text('adopted_from'),
  /** What the secret is for, where it was taken over with something else than `pppoe`. */
  secretService: text('secret_service'),
});

/** A router that a service has left and that may still hold something of it. */
export const departures = network.table(
  'departures',
  {
    serviceId: uuid('service_id').notNull(),
    routerId: uuid('router_id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    profileId: uuid('profile_id').notNull(),
    username: text('username').notNull(),
    profileSent: boolean('profile_sent').notNull(),
    secretSent: boolean('secret_sent').notNull(),
    secretName: text('secret_name'),
    appliedFingerprint: text('applied_fingerprint'),
    since: instant('since').notNull(),
    reasonCode: text('reason_code'),
    reasonMessage: text('reason_message'),
    attempts: integer('attempts').notNull(),
    lastAttemptAt: instant('last_attempt_at'),
  },
  (table) => [primaryKey({ columns: [table.serviceId, table.routerId] })],
);

/** The proof that nothing of an ended service is left on its router. */
export const removedAccesses = network.table('removed_accesses', {
  serviceId: uuid('service_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  routerId: uuid('router_id').notNull(),
  username: text('username').notNull(),
  profileName: text('profile_name').notNull(),
  attempts: integer('attempts').notNull(),
  lastAttemptAt: instant('last_attempt_at'),
  acknowledgedAt: instant('acknowledged_at').notNull(),
  lagMs: bigint('lag_ms', { mode: 'number' }).notNull(),
});

/** What a router's scripts prove themselves with when their address does not: SHA-256 of 256 random bits. */
export const callbackSecrets = network.table('callback_secrets', {
  routerId: uuid('router_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  secretHash: text('secret_hash').notNull(),
  rotatedAt: instant('rotated_at').notNull(),
});

/** What a tenant may have, as identity announces it. */
export const tenantLimits = network.table('tenant_limits', {
  tenantId: uuid('tenant_id').primaryKey(),
  /** Null: any number. */
  maxRouters: integer('max_routers'),
  updatedAt: instant('updated_at').notNull(),
});

/** Who held which address when; partitioned by the month of `started_at`. `(id, started_at)` is its primary key. */
export const sessionHistory = network.table(
  'session_history',
  {
    id: uuid('id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    /** Outlives the router's row. */
    routerId: uuid('router_id').notNull(),
    /** Whose it was when it came up; null when the secret was not ours. */
    serviceId: uuid('service_id'),
    name: text('name').notNull(),
    address: inet('address'),
    callerId: text('caller_id'),
    /** `pppoe`, `l2tp`, … */
    protocol: text('protocol'),
    /** As the router gives it; begins anew when the router does. */
    sessionId: text('session_id'),
    routerosId: text('routeros_id').notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    endReason: text('end_reason'),
    observedAt: instant('observed_at').notNull(),
    source: text('source').notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.startedAt] })],
);
/** What it takes to bring a router into line, as it was read at one moment. Its differences never change. */
export const routerPlans = network.table('router_plans', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  routerId: uuid('router_id').notNull(),
  /** A plan that somebody asked for, or what a drift check has found. */
  purpose: text('purpose').notNull(),
  hash: text('hash').notNull(),
  observedAt: instant('observed_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  routerVersion: text('router_version'),
  adds: integer('adds').notNull(),
  changes: integer('changes').notNull(),
  removals: integer('removals').notNull(),
  moves: integer('moves').notNull(),
  kicks: integer('kicks').notNull(),
  conflicts: integer('conflicts').notNull(),
  unowned: integer('unowned').notNull(),
  pending: integer('pending').notNull(),
  maxChanges: integer('max_changes').notNull(),
  maxRemovals: integer('max_removals').notNull(),
  requestedBy: text('requested_by'),
});

/** One difference; their ids stand in the order in which they are applied. When the plan is applied, the step's result. */
export const routerPlanItems = network.table('router_plan_items', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  planId: uuid('plan_id').notNull(),
  menu: text('menu').notNull(),
  action: text('action').notNull(),
  name: text('name').notNull(),
  rowId: text('row_id'),
  serviceId: uuid('service_id'),
  profileId: uuid('profile_id'),
  /** The wished address pool or simple queue. */
  desiredId: uuid('desired_id'),
  /** How many others of its menu have to come before it. */
  depth: smallint('depth').notNull(),
  fields: jsonb('fields').$type<FieldChange[]>().notNull(),
  /** Digests: of the row as it was seen, and of the wish. */
  seen: text('seen'),
  wanted: text('wanted'),
  reasonCode: text('reason_code'),
  reasonMessage: text('reason_message'),
  pending: boolean('pending').notNull(),
  /** Null: not applied (yet). */
  outcome: text('outcome'),
  outcomeCode: text('outcome_code'),
  outcomeMessage: text('outcome_message'),
  outcomeAt: instant('outcome_at'),
});

/** A router that was there before, as a proposal: what would become of its rows, and what has. */
export const routerImports = network.table('router_imports', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  routerId: uuid('router_id').notNull(),
  state: text('state').$type<ImportState>().notNull(),
  /** Rises with every change that is told. */
  version: bigint('version', { mode: 'number' }).notNull(),
  billingDay: smallint('billing_day').notNull(),
  customerNameFrom: text('customer_name_from').$type<'COMMENT' | 'SECRET_NAME'>().notNull(),
  priceAmount: text('price_amount').notNull(),
  priceCurrency: text('price_currency').notNull(),
  /** The plans that were offered when it began. */
  plans: jsonb('plans').$type<OfferedPlan[]>().notNull(),
  reasonCode: text('reason_code'),
  reasonMessage: text('reason_message'),
  startedBy: text('started_by'),
  createdAt: instant('created_at').notNull(),
  readAt: instant('read_at'),
  expiresAt: instant('expires_at').notNull(),
  finishedAt: instant('finished_at'),
});

/** One row of a router in a proposal; without an import, a secret that is taken over by itself. */
export const routerImportItems = network.table('router_import_items', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  importId: uuid('import_id'),
  routerId: uuid('router_id').notNull(),
  position: integer('position').notNull(),
  kind: text('kind').$type<'PROFILE' | 'SECRET' | 'POOL'>().notNull(),
  name: text('name').notNull(),
  treatment: text('treatment').$type<'CREATE_PLAN' | 'USE_PLAN' | 'ADOPT' | 'OWNED' | 'KEEP' | 'SKIP'>().notNull(),
  problems: jsonb('problems').$type<Problem[]>().notNull(),
  excluded: boolean('excluded').notNull(),
  owned: boolean('owned').notNull(),
  online: boolean('online').notNull(),
  /** The row as it was read, without its password. */
  seen: jsonb('seen').$type<Record<string, unknown>>().notNull(),
  plan: jsonb('plan').$type<ProposedPlan>(),
  /** Somebody has named the plan: that of the profile no longer decides. */
  planChosen: boolean('plan_chosen').notNull(),
  profileItemId: uuid('profile_item_id'),
  profile: text('profile'),
  customerName: text('customer_name'),
  email: text('email'),
  phone: text('phone'),
  /** Under which the password is sealed; it becomes the credentials' id. */
  credentialsId: uuid('credentials_id'),
  /** Until it is taken over, or the proposal has expired. */
  passwordSealed: text('password_sealed'),
  passwordFingerprint: text('password_fingerprint'),
  state: text('state').$type<ItemState>().notNull(),
  outcomeCode: text('outcome_code'),
  outcomeMessage: text('outcome_message'),
  /** Minted when its turn comes. */
  runId: uuid('run_id'),
  customerId: uuid('customer_id'),
  serviceId: uuid('service_id'),
  finishedAt: instant('finished_at'),
});

/** A plan that is being applied, or was. Its steps are the items of its plan. */
export const planApplies = network.table('plan_applies', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  routerId: uuid('router_id').notNull(),
  planId: uuid('plan_id').notNull(),
  state: text('state').notNull(),
  total: integer('total').notNull(),
  done: integer('done').notNull(),
  skipped: integer('skipped').notNull(),
  refused: integer('refused').notNull(),
  failed: integer('failed').notNull(),
  reasonCode: text('reason_code'),
  reasonMessage: text('reason_message'),
  requestedBy: text('requested_by'),
  createdAt: instant('created_at').notNull(),
  startedAt: instant('started_at'),
  finishedAt: instant('finished_at'),
  /** The process that works on it, and until when it is believed to live unless it says so again. */
  claimedBy: text('claimed_by'),
  claimedUntil: instant('claimed_until'),
});

/** What the last comparison of a router has found; its differences are the items of a plan that nobody asked for. */
export const routerDrifts = network.table('router_drifts', {
  routerId: uuid('router_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  planId: uuid('plan_id'),
  /** Of all the differences: while it stays the same nothing is written but the time. */
  digest: text('digest'),
  /** How many differences are neither pending nor somebody else's. */
  drifting: integer('drifting'),
  observedAt: instant('observed_at'),
  /** The last comparison could not be made; null when it could. */
  failedAt: instant('failed_at'),
  failureCode: text('failure_code'),
  failureMessage: text('failure_message'),
});

/** What people are to be told of, until it is over. */
export const alerts = network.table('alerts', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  kind: text('kind').notNull(),
  routerId: uuid('router_id').notNull(),
  details: jsonb('details').$type<AlertDetails>().notNull(),
  raisedAt: instant('raised_at').notNull(),
  clearedAt: instant('cleared_at'),
});
