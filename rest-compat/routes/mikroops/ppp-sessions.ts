import { z } from 'zod';
import type { MikroopsPppActiveFieldsFragment } from '#schema/operations/graphql.ts';
import { defineRoute, defineSubscription, type Frame, type Route } from '../../machine/route.ts';
import { toSecret, secretShape } from './ppp-secrets.ts';
import { base, given, idParam, listAnswer, ON_ROUTER, pageOf, search } from './shared.ts';

const section = 'PPP Management';
const ppp = { ...base, section } as const;

const shape = z.object({
  id: z.string(),
  name: z.string(),
  service: z.string(),
  caller_id: z.string(),
  remote_address: z.string(),
  local_address: z.string(),
  interface: z.string(),
  uptime: z.string(),
  uptime_seconds: z.int(),
  encoding: z.string(),
  observed_at: z.iso.datetime(),
  stale: z.boolean().describe('The router is away: this was so when it was last seen.'),
});

const toActive = (session: MikroopsPppActiveFieldsFragment): z.input<typeof shape> => ({
  id: session.id,
  name: session.name,
  service: session.service,
  caller_id: session.callerId ?? '',
  remote_address: session.address ?? '',
  local_address: session.localAddress ?? '',
  interface: session.interface ?? '',
  uptime: session.uptime,
  uptime_seconds: session.uptimeSeconds,
  encoding: session.encoding ?? '',
  observed_at: session.observedAt,
  stale: session.stale,
});

const update = (action: 'UP' | 'DOWN', name: string, callerId: string | null, interfaceName: string | null, address: string | null, service: string | null): Frame => ({
  type: 'update',
  data: { action: action.toLowerCase(), name, caller_id: callerId ?? '', interface: interfaceName ?? `<pppoe-${name}>`, remote_address: address ?? '', service: service ?? 'pppoe' },
});

/** What the router itself reports. The list comes as the snapshot, so the subscription's own is passed over. */
const ofRouter = defineSubscription({
  operation: 'MikroopsPppSessions',
  toFrame: ({ pppSessions: { action, session } }) => (action === 'SNAPSHOT' ? null : update(action, session.name, session.callerId, null, session.address, null)),
});

/** What the router's scripts report, as sent and at once; the graph itself waits for the look at the router. */
const ofScripts = defineSubscription({
  operation: 'MikroopsPppoeCallbacks',
  toFrame: ({ pppoeCallbacks: hint }) => update(hint.action, hint.name, hint.callerId, hint.interface, hint.remoteAddress, hint.service),
});

export const pppSessionRoutes: readonly Route[] = [
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.active.list',
    method: 'GET',
    path: '/v1/internal/ppp/active/list',
    summary: 'List PPP active connections',
    query: search,
    list: ON_ROUTER,
    response: z.array(shape),
    operation: 'MikroopsPppActives',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ pppActives }) => listAnswer(pppActives, toActive),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.active.get',
    method: 'GET',
    path: '/v1/internal/ppp/active/:id',
    summary: 'Get PPP active connection',
    params: idParam,
    response: shape,
    operation: 'MikroopsPppActive',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ pppActive }) => ({ data: toActive(pppActive) }),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.active.stream',
    method: 'GET',
    path: '/v1/internal/ppp/active/stream',
    summary: 'Stream PPP active connections',
    description: 'First `{"type": "snapshot", "data": [ … ]}` with the whole list, then `{"type": "update", "data": {"action": "up" | "down", "name", "caller_id", "interface", "remote_address", "service"}}`.',
    operation: 'MikroopsPppSessions',
    stream: {
      subscriptions: [ofRouter, ofScripts],
      snapshot: { operation: 'MikroopsPppActives', toFrame: ({ pppActives }) => ({ type: 'snapshot', data: pppActives.nodes.map(toActive) }) },
    },
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.inactive.list',
    method: 'GET',
    path: '/v1/internal/ppp/inactive/list',
    summary: 'List PPP inactive connections',
    description: 'PPP secrets without a session.',
    query: search,
    list: ON_ROUTER,
    response: z.array(secretShape),
    operation: 'MikroopsPppInactives',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ pppInactives }) => listAnswer(pppInactives, toSecret),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.inactive.stream',
    method: 'GET',
    path: '/v1/internal/ppp/inactive/stream',
    summary: 'Stream PPP inactive connections',
    description: 'First `{"type": "snapshot", "data": [ … ]}` with the PPP secrets that have no session, then an update for each that dials in (`up`: no longer inactive) or hangs up (`down`).',
    operation: 'MikroopsPppSessions',
    stream: {
      subscriptions: [ofRouter],
      snapshot: { operation: 'MikroopsPppInactives', toFrame: ({ pppInactives }) => ({ type: 'snapshot', data: pppInactives.nodes.map(toSecret) }) },
    },
  }),
];
