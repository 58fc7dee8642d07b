import { z } from 'zod';
import type { MikroopsSubscriberFieldsFragment } from '#schema/operations/graphql.ts';
import { RestError } from '../../machine/errors.ts';
import type { ResultOf } from '../../machine/operations.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { pingReplyShape, toPingReply } from './ping-shape.ts';
import { base, given, idParam, KEPT, free, listAnswer, pageOf, search, text } from './shared.ts';

type Subscriber = MikroopsSubscriberFieldsFragment;
type FullService = Subscriber['services']['nodes'][number];
/** An onboarding does not ask for the access: it comes later. */
type Service = Omit<FullService, 'access'> & Partial<Pick<FullService, 'access'>>;
type CustomerService = ResultOf<'MikroopsServiceOfCustomer'>;

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

const toConnection = (session: Pick<NonNullable<NonNullable<Service['access']>['session']>, 'address' | 'callerId' | 'uptime' | 'observedAt'>) => ({ address: session.address, caller_id: session.callerId, uptime_seconds: session.uptime, observed_at: session.observedAt });

const toCustomer = (customer: Subscriber, service: Service | null = customer.services.nodes[0] ?? null) => ({
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

/** What was ordered, while the graph cannot record it: the run has accepted it and goes on. */
const notYet = (sent: z.output<typeof body>) => ({
  id: null,
  account_number: '',
  name: sent.name,
  phone: sent.phone ?? '',
  email: sent.email ?? '',
  profile_id: null,
  profile_name: null,
  service_type: sent.service_type,
  service_id: null,
  billing_day: sent.billing_day,
  status: 'pending',
  enforcement: null,
  connection: null,
  created_at: null,
  updated_at: null,
});

const serviceStep = { as: 'service', operation: 'MikroopsServiceOfCustomer', toVariables: ({ params }: { params: { id: string } }) => ({ id: params.id }) } as const;

/** The service of the customer in the path. @throws RestError NOT_FOUND when there is none. */
function serviceId(found: { service: CustomerService }): { serviceId: string } {
  const service = found.service.customer.services.nodes[0];
  if (!service) throw new RestError('NOT_FOUND', 'This customer has no service.');
  return { serviceId: service.id };
}

/** The first frame of a customer's streams: whether the customer is connected, and how. */
const presentState = {
  operation: 'MikroopsServiceOfCustomer' as const,
  toVariables: ({ params }: { params: { id: string } }) => ({ id: params.id }),
  toFrame: ({ customer }: CustomerService) => {
    const service = customer.services.nodes[0];
    const session = service?.access?.session;
    return { type: 'snapshot', data: { username: service?.access?.username ?? null, status: service?.status.toLowerCase() ?? null, connection: session ? toConnection(session) : null } };
  },
};

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
    response: shape.extend({ id: z.uuid().nullable().describe('Null when the customer could not be recorded yet: the run goes on until it is, then it is in the list.'), created_at: z.iso.datetime().nullable(), updated_at: z.iso.datetime().nullable() }),
    fields,
    operation: 'MikroopsOnboardCustomer',
    toVariables: ({ body: sent }) => ({
      input: {
        customer: given({ name: sent.name, email: sent.email, phone: sent.phone }),
        planId: sent.profile_id,
        credentials: { username: sent.username, password: sent.password },
        billingDay: sent.billing_day,
      },
    }),
    // The access to the router follows the rows, so the user name is the one that was sent and accepted.
    toResponse: ({ onboardCustomer: { customer, service, run } }, { body: sent }) => ({
      data: { ...(customer ? toCustomer(customer, service) : notYet(sent)), username: sent.username, run_id: run.id },
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
    operation: 'MikroopsSubscribers',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ customers: list }) => listAnswer(list, (customer) => toCustomer(customer)),
  }),
  defineRoute({
    ...customers,
    id: 'mikroops.customer.get',
    method: 'GET',
    path: '/v1/internal/customer/:id',
    summary: 'Get customer',
    params: idParam,
    response: shape,
    operation: 'MikroopsSubscriber',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ customer }) => ({ data: toCustomer(customer) }),
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
    operation: 'MikroopsChangeSubscriber',
    toVariables: ({ params, body: sent }) => {
      const credentials = given({ username: sent.username, password: sent.password });
      return {
        input: {
          customerId: params.id,
          ...given({ name: sent.name, phone: sent.phone, email: sent.email, planId: sent.profile_id, billingDay: sent.billing_day, credentials: Object.keys(credentials).length > 0 ? credentials : undefined }),
        },
      };
    },
    toResponse: ({ changeSubscriber: { customer, run } }) => ({ data: { ...toCustomer(customer), run_id: run?.id ?? null } }),
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
    operation: 'MikroopsOffboardCustomer',
    toVariables: ({ params }) => ({ input: { customerId: params.id } }),
    toResponse: ({ offboardCustomer: { run } }, { params }) => ({ data: { id: params.id, deleted: true, run_id: run.id } }),
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
    operation: 'MikroopsTraffic',
    stream: {
      subscriptions: [
        {
          operation: 'MikroopsTraffic',
          toVariables: (_input, found) => serviceId(found),
          toFrame: ({ traffic }) => ({ type: 'traffic', data: { at: traffic.at, rx_bps: traffic.rxBitsPerSecond, tx_bps: traffic.txBitsPerSecond } }),
        },
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
      replies: z.array(pingReplyShape),
      observed_at: z.iso.datetime(),
    }),
    before: [serviceStep],
    operation: 'MikroopsPingService',
    toVariables: ({ query }, found) => ({ ...serviceId(found), count: query.count }),
    toResponse: ({ pingService: ping }) => ({
      data: { online: ping.online, address: ping.address, sent: ping.sent, received: ping.received, packet_loss: ping.lossPercent, min_ms: ping.minMs, avg_ms: ping.avgMs, max_ms: ping.maxMs, replies: ping.replies.map(toPingReply), observed_at: ping.observedAt },
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
    operation: 'MikroopsPings',
    stream: {
      subscriptions: [{ operation: 'MikroopsPings', toVariables: (_input, found) => serviceId(found), toFrame: ({ pings }) => ({ type: 'ping', data: toPingReply(pings) }) }],
      snapshot: presentState,
    },
  }),
];
