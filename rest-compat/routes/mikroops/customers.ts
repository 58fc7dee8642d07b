import { z } from 'zod';
import { RestError } from '../../machine/errors.ts';
import { defineRoute, defineSubscription, type Found, type Route } from '../../machine/route.ts';
import { base, given, idParam, KEPT, free, listAnswer, pageOf, search, text, type List } from './shared.ts';

interface ServiceFields {
  id: string;
  number: string;
  status: string;
  billingDay: number;
  plan: { id: string; code: string; name: string; serviceType: string };
  access?: {
    desired: string;
    username: string;
    enforcement: { outcome: string; reason: { code: string; message: string } | null } | null;
    session: SessionFields | null;
  } | null;
}

interface SessionFields {
  address: string | null;
  callerId: string | null;
  uptime: number | null;
  observedAt: string;
}

interface SubscriberFields {
  id: string;
  accountNumber: string;
  name: string;
  email: string | null;
  phone: string | null;
  status: string;
  createdAt: string;
  updatedAt: string;
  services: { nodes: ServiceFields[] };
}

interface RunFields {
  id: string;
  state: string;
}

const section = 'Customer Management';
const customers = { ...base, section } as const;

const body = z.object({
  username: text().describe('PPP user name, unique on the router.'),
  name: text(),
  phone: free(50).optional(),
  email: z.email().optional(),
  password: z.string().min(1).max(1000).describe('PPP password. Never shown again.'),
  profile_id: text(100).describe('A billing profile: its id or its code.'),
  service_type: z.enum(['pppoe']).default('pppoe'),
  billing_day: z.int().min(1).max(28),
});

const changes = body.omit({ service_type: true }).partial().extend({ service_type: z.enum(['pppoe']).optional() });

const shape = z.object({
  id: z.uuid(),
  account_number: z.string(),
  username: z.string().nullable(),
  name: z.string(),
  phone: z.string(),
  email: z.string(),
  profile_id: z.uuid().nullable(),
  profile_name: z.string().nullable(),
  service_type: z.string(),
  service_id: z.uuid().nullable(),
  billing_day: z.int().nullable(),
  status: z.string().describe('`pending` until the router has the secret, then `active`.'),
  enforcement: z.object({ outcome: z.string(), reason: z.string().nullable() }).nullable().describe('How far the router has followed.'),
  connection: z.object({ address: z.string().nullable(), caller_id: z.string().nullable(), uptime_seconds: z.int().nullable(), observed_at: z.iso.datetime() }).nullable(),
  run_id: z.uuid().nullable().optional().describe('The durable run that carries the change to the router.'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const fields = {
  'customer.name': 'name',
  'customer.email': 'email',
  'customer.phone': 'phone',
  planId: 'profile_id',
  'credentials.username': 'username',
  'credentials.password': 'password',
  billingDay: 'billing_day',
  customerId: 'id',
};

const toConnection = (session: SessionFields) => ({ address: session.address, caller_id: session.callerId, uptime_seconds: session.uptime, observed_at: session.observedAt });

const toCustomer = (customer: SubscriberFields, service: ServiceFields | null = customer.services.nodes[0] ?? null) => ({
  id: customer.id,
  account_number: customer.accountNumber,
  username: service?.access?.username ?? null,
  name: customer.name,
  phone: customer.phone ?? '',
  email: customer.email ?? '',
  profile_id: service?.plan.id ?? null,
  profile_name: service?.plan.name ?? null,
  service_type: service?.plan.serviceType.toLowerCase() ?? 'pppoe',
  service_id: service?.id ?? null,
  billing_day: service?.billingDay ?? null,
  status: (service?.status ?? customer.status).toLowerCase(),
  enforcement: service?.access?.enforcement ? { outcome: service.access.enforcement.outcome.toLowerCase(), reason: service.access.enforcement.reason?.message ?? null } : null,
  connection: service?.access?.session ? toConnection(service.access.session) : null,
  created_at: customer.createdAt,
  updated_at: customer.updatedAt,
});

interface CustomerService {
  customer: { services: { nodes: Array<{ id: string; status: string; access: { username: string; session: SessionFields | null } | null }> } };
}

const serviceStep = { as: 'service', operation: 'ServiceOfCustomer', toVariables: ({ params }: { params: { id: string } }) => ({ id: params.id }) };

/** The service of the customer in the path. @throws RestError NOT_FOUND when there is none. */
function serviceId(found: Found): { serviceId: string } {
  const service = (found.service as unknown as CustomerService).customer.services.nodes[0];
  if (!service) throw new RestError('NOT_FOUND', 'This customer has no service.');
  return { serviceId: service.id };
}

/** The first frame of a customer's streams: whether the customer is connected, and how. */
const presentState = {
  operation: 'ServiceOfCustomer',
  toVariables: ({ params }: { params: { id: string } }) => ({ id: params.id }),
  toFrame: (data: Record<string, unknown>) => {
    const service = (data as unknown as CustomerService).customer.services.nodes[0];
    const session = service?.access?.session;
    return { type: 'snapshot', data: { username: service?.access?.username ?? null, status: service?.status.toLowerCase() ?? null, connection: session ? toConnection(session) : null } };
  },
};

interface PingReplyFields {
  seq: number;
  host: string | null;
  sizeBytes: number | null;
  ttl: number | null;
  timeMs: number | null;
  status: string | null;
}

const toReply = (reply: PingReplyFields) => ({ seq: reply.seq, host: reply.host, size: reply.sizeBytes, ttl: reply.ttl, time_ms: reply.timeMs, status: reply.status ?? 'ok' });

export const customerRoutes: readonly Route[] = [
  defineRoute({
    ...customers,
    id: 'mikroops.customer.create',
    method: 'POST',
    path: '/v1/internal/customer',
    summary: 'Create customer',
    description: 'Onboards the customer on the active router of the tenant. The answer comes when customer and service are recorded; the router follows in a durable run (`status`, `enforcement`), also when it is away at the moment.',
    status: 201,
    body,
    response: shape,
    fields,
    operation: 'OnboardCustomer',
    toVariables: ({ body: sent }) => ({
      input: {
        customer: given({ name: sent.name, email: sent.email, phone: sent.phone }),
        planId: sent.profile_id,
        credentials: { username: sent.username, password: sent.password },
        billingDay: sent.billing_day,
      },
    }),
    // The access to the router follows the rows, so the user name is the one that was sent and accepted.
    toResponse: ({ onboardCustomer: { customer, service, run } }: { onboardCustomer: { customer: SubscriberFields; service: ServiceFields; run: RunFields } }, { body: sent }) => ({
      data: { ...toCustomer(customer, service), username: sent.username, run_id: run.id },
    }),
  }),
  defineRoute({
    ...customers,
    id: 'mikroops.customer.list',
    method: 'GET',
    path: '/v1/internal/customer/list',
    summary: 'List customers',
    query: search,
    list: KEPT,
    response: z.array(shape),
    operation: 'Subscribers',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ customers: list }: { customers: List<SubscriberFields> }) => listAnswer(list, (customer) => toCustomer(customer)),
  }),
  defineRoute({
    ...customers,
    id: 'mikroops.customer.get',
    method: 'GET',
    path: '/v1/internal/customer/:id',
    summary: 'Get customer',
    params: idParam,
    response: shape,
    operation: 'Subscriber',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ customer }: { customer: SubscriberFields }) => ({ data: toCustomer(customer) }),
  }),
  defineRoute({
    ...customers,
    id: 'mikroops.customer.update',
    method: 'PUT',
    path: '/v1/internal/customer/:id',
    summary: 'Update customer',
    description: 'What is not sent stays as it is. Another profile, user name or password goes on to the router in a durable run. 409 while another run of this customer is going on: send it again.',
    params: idParam,
    body: changes,
    response: shape,
    fields,
    operation: 'ChangeSubscriber',
    toVariables: ({ params, body: sent }) => {
      const credentials = given({ username: sent.username, password: sent.password });
      return {
        input: {
          customerId: params.id,
          ...given({ name: sent.name, phone: sent.phone, email: sent.email, planId: sent.profile_id, billingDay: sent.billing_day, credentials: Object.keys(credentials).length > 0 ? credentials : undefined }),
        },
      };
    },
    toResponse: ({ changeSubscriber: { customer, run } }: { changeSubscriber: { customer: SubscriberFields; run: RunFields | null } }) => ({ data: { ...toCustomer(customer), run_id: run?.id ?? null } }),
  }),
  defineRoute({
    ...customers,
    id: 'mikroops.customer.delete',
    method: 'DELETE',
    path: '/v1/internal/customer/:id',
    summary: 'Delete customer',
    description: 'Ends the service; the session is cut and the secret taken off the router in a durable run, proven by reading it back. 409 while another run of this customer is going on: send it again.',
    params: idParam,
    fields,
    operation: 'OffboardCustomer',
    toVariables: ({ params }) => ({ input: { customerId: params.id } }),
    toResponse: ({ offboardCustomer: { run } }: { offboardCustomer: { run: RunFields } }, { params }) => ({ data: { id: params.id, deleted: true, run_id: run.id } }),
  }),
  defineRoute({
    ...customers,
    section: 'Monitoring & Real-time Stats',
    id: 'mikroops.customer.traffic.stream',
    method: 'GET',
    path: '/v1/internal/customer/:id/traffic/stream',
    summary: 'Real-time traffic stream',
    description: 'First `{"type": "snapshot", "data": {"username", "status", "connection"}}`, then `{"type": "traffic", "data": {"at", "rx_bps", "tx_bps"}}`. rx is what the router receives from the customer: the upload.',
    params: idParam,
    before: [serviceStep],
    operation: 'Traffic',
    stream: {
      subscriptions: [
        defineSubscription({
          operation: 'Traffic',
          toVariables: (_input, found) => serviceId(found),
          toFrame: ({ traffic }: { traffic: { at: string; rxBitsPerSecond: number; txBitsPerSecond: number } }) => ({ type: 'traffic', data: { at: traffic.at, rx_bps: traffic.rxBitsPerSecond, tx_bps: traffic.txBitsPerSecond } }),
        }),
      ],
      snapshot: presentState,
    },
  }),
  defineRoute({
    ...customers,
    section: 'Monitoring & Real-time Stats',
    id: 'mikroops.customer.ping',
    method: 'GET',
    path: '/v1/internal/customer/:id/ping',
    summary: 'On-demand ping',
    description: 'From the customer\'s router to the address of the live session. A customer who is not connected is `online: false`, which is no error.',
    params: idParam,
    query: z.object({ count: z.coerce.number().int().min(1).max(10).default(4) }),
    response: z.object({
      online: z.boolean(),
      address: z.string().nullable(),
      sent: z.int(),
      received: z.int(),
      packet_loss: z.number().describe('Per cent.'),
      min_ms: z.number().nullable(),
      avg_ms: z.number().nullable(),
      max_ms: z.number().nullable(),
      replies: z.array(z.object({ seq: z.int(), host: z.string().nullable(), size: z.int().nullable(), ttl: z.int().nullable(), time_ms: z.number().nullable(), status: z.string() })),
      observed_at: z.iso.datetime(),
    }),
    before: [serviceStep],
    operation: 'PingService',
    toVariables: ({ query }, found) => ({ ...serviceId(found), count: query.count }),
    toResponse: ({ pingService: ping }: { pingService: { online: boolean; address: string | null; sent: number; received: number; lossPercent: number; minMs: number | null; avgMs: number | null; maxMs: number | null; replies: PingReplyFields[]; observedAt: string } }) => ({
      data: { online: ping.online, address: ping.address, sent: ping.sent, received: ping.received, packet_loss: ping.lossPercent, min_ms: ping.minMs, avg_ms: ping.avgMs, max_ms: ping.maxMs, replies: ping.replies.map(toReply), observed_at: ping.observedAt },
    }),
  }),
  defineRoute({
    ...customers,
    section: 'Monitoring & Real-time Stats',
    id: 'mikroops.customer.ping.stream',
    method: 'GET',
    path: '/v1/internal/customer/:id/ping/stream',
    summary: 'Ping stream',
    description: 'First `{"type": "snapshot", "data": {"username", "status", "connection"}}`, then `{"type": "ping", "data": {"seq", "host", "size", "ttl", "time_ms", "status"}}` each second.',
    params: idParam,
    before: [serviceStep],
    operation: 'Pings',
    stream: {
      subscriptions: [defineSubscription({ operation: 'Pings', toVariables: (_input, found) => serviceId(found), toFrame: ({ pings }: { pings: PingReplyFields }) => ({ type: 'ping', data: toReply(pings) }) })],
      snapshot: presentState,
    },
  }),
];
