import { can, type Principal } from '#kernel/access/principal.ts';

/** What a timeline tells. */
export enum TimelineKind {
  CUSTOMER_CREATED = 'CUSTOMER_CREATED',
  CUSTOMER_UPDATED = 'CUSTOMER_UPDATED',
  CUSTOMER_CLOSED = 'CUSTOMER_CLOSED',
  SERVICE_CREATED = 'SERVICE_CREATED',
  SERVICE_ACTIVATED = 'SERVICE_ACTIVATED',
  SERVICE_UPDATED = 'SERVICE_UPDATED',
  SERVICE_PLAN_CHANGED = 'SERVICE_PLAN_CHANGED',
  SERVICE_SUSPENDED = 'SERVICE_SUSPENDED',
  SERVICE_RESUMED = 'SERVICE_RESUMED',
  SERVICE_TERMINATED = 'SERVICE_TERMINATED',
  SERVICE_WITHDRAWN = 'SERVICE_WITHDRAWN',
  ACCESS_APPLIED = 'ACCESS_APPLIED',
  SESSION_UP = 'SESSION_UP',
  SESSION_DOWN = 'SESSION_DOWN',
  INVOICE_ISSUED = 'INVOICE_ISSUED',
  INVOICE_OVERDUE = 'INVOICE_OVERDUE',
  SUSPENSION_DUE = 'SUSPENSION_DUE',
  SERVICE_SETTLED = 'SERVICE_SETTLED',
  PAYMENT_RECEIVED = 'PAYMENT_RECEIVED',
  RUN_STARTED = 'RUN_STARTED',
  RUN_WAITING = 'RUN_WAITING',
  RUN_SUCCEEDED = 'RUN_SUCCEEDED',
  RUN_FAILED = 'RUN_FAILED',
  RUN_CANCELLED = 'RUN_CANCELLED',
  RUN_SUPERSEDED = 'RUN_SUPERSEDED',
}

/** The subgraph whose events make an entry, and the permission without which nobody sees it: that of what it is about. */
const ORIGINS: Record<TimelineKind, { source: string; permission: string }> = {
  ...each(['CUSTOMER_CREATED', 'CUSTOMER_UPDATED', 'CUSTOMER_CLOSED'], 'identity', 'customer:read'),
  ...each(['SERVICE_CREATED', 'SERVICE_ACTIVATED', 'SERVICE_UPDATED', 'SERVICE_PLAN_CHANGED', 'SERVICE_SUSPENDED', 'SERVICE_RESUMED', 'SERVICE_TERMINATED', 'SERVICE_WITHDRAWN'], 'services', 'service:read'),
  ...each(['ACCESS_APPLIED'], 'network', 'service:read'),
  ...each(['SESSION_UP', 'SESSION_DOWN'], 'network', 'session:read'),
  ...each(['INVOICE_ISSUED', 'INVOICE_OVERDUE', 'SUSPENSION_DUE', 'SERVICE_SETTLED'], 'billing', 'invoice:read'),
  ...each(['PAYMENT_RECEIVED'], 'billing', 'payment:read'),
  ...each(['RUN_STARTED', 'RUN_WAITING', 'RUN_SUCCEEDED', 'RUN_FAILED', 'RUN_CANCELLED', 'RUN_SUPERSEDED'], 'ops', 'run:read'),
};

function each<Kind extends keyof typeof TimelineKind>(kinds: Kind[], source: string, permission: string): Record<Kind, { source: string; permission: string }> {
  return Object.fromEntries(kinds.map((kind) => [kind, { source, permission }])) as Record<Kind, { source: string; permission: string }>;
}

/** The subgraph that told of it. */
export function sourceOf(kind: TimelineKind): string {
  return ORIGINS[kind].source;
}

/** What the principal may see of a timeline: entries of a domain need the right to read in it. */
export function visibleKinds(principal: Principal): TimelineKind[] {
  return Object.values(TimelineKind).filter((kind) => can(principal, ORIGINS[kind].permission));
}
