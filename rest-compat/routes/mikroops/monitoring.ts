import { z } from 'zod';
import type { MikroopsInterfaceTrafficFieldsFragment } from '#schema/operations/graphql.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { pingReplyShape, toPingReply } from './ping-shape.ts';
import { base, text } from './shared.ts';

const section = 'Monitoring & Real-time Stats';
const monitored = { ...base, section } as const;

const interfaceParam = z.object({ interface: text().describe('Name of an interface of the active router, e.g. `ether1`.') });

const trafficShape = z.object({
  interface: z.string(),
  present: z.boolean().describe('False while the interface or the router is away.'),
  rx_bps: z.number().describe('Bits per second that the router receives.'),
  tx_bps: z.number().describe('Bits per second that the router sends.'),
  rx_pps: z.number(),
  tx_pps: z.number(),
  at: z.iso.datetime(),
});

const toTraffic = (sample: MikroopsInterfaceTrafficFieldsFragment): z.input<typeof trafficShape> => ({
  interface: sample.interface,
  present: sample.present,
  rx_bps: sample.rxBitsPerSecond,
  tx_bps: sample.txBitsPerSecond,
  rx_pps: sample.rxPacketsPerSecond,
  tx_pps: sample.txPacketsPerSecond,
  at: sample.at,
});

const toLine = ({ id, time, topics, message }: { id: string; time: string; topics: string[]; message: string }) => ({ id, time, topics, message });

export const monitoringRoutes: readonly Route[] = [
  defineRoute({
    ...monitored,
    id: 'mikroops.monitor.traffic',
    method: 'GET',
    path: '/v1/internal/monitor/traffic/:interface',
    summary: 'Direct interface traffic',
    description: 'Measured once by the active router.',
    params: interfaceParam,
    response: trafficShape,
    operation: 'MikroopsInterfaceTraffic',
    toVariables: ({ params }) => ({ interface: params.interface }),
    toResponse: ({ interfaceTraffic }) => ({ data: toTraffic(interfaceTraffic) }),
  }),
  defineRoute({
    ...monitored,
    id: 'mikroops.monitor.direct.traffic.stream',
    method: 'GET',
    path: '/v1/internal/monitor/direct/traffic/:interface/stream',
    summary: 'Direct interface traffic stream',
    description: 'First `{"type": "snapshot", "data": {"interface", "present", "rx_bps", "tx_bps", "rx_pps", "tx_pps", "at"}}`, then `{"type": "traffic", "data": …}` of the same form about once a second.',
    params: interfaceParam,
    operation: 'MikroopsInterfaceTrafficStream',
    stream: {
      subscriptions: [
        {
          operation: 'MikroopsInterfaceTrafficStream',
          toVariables: ({ params }) => ({ interface: params.interface }),
          toFrame: ({ interfaceTraffic }) => ({ type: 'traffic', data: toTraffic(interfaceTraffic) }),
        },
      ],
      snapshot: {
        operation: 'MikroopsInterfaceTraffic',
        toVariables: ({ params }) => ({ interface: params.interface }),
        toFrame: ({ interfaceTraffic }) => ({ type: 'snapshot', data: toTraffic(interfaceTraffic) }),
      },
    },
  }),
  defineRoute({
    ...monitored,
    id: 'mikroops.monitor.direct.ping',
    method: 'POST',
    path: '/v1/internal/monitor/direct/ping',
    summary: 'Direct host ping',
    description: 'From the active router, one echo a second: the answer takes as many seconds as echoes are wanted.',
    body: z.object({ ip: text(253).describe('Address, or a name that the router resolves.'), count: z.int().min(1).max(10).default(4) }),
    response: z.object({
      ip: z.string(),
      sent: z.int(),
      received: z.int(),
      packet_loss: z.number().describe('Per cent.'),
      min_ms: z.number().nullable(),
      avg_ms: z.number().nullable(),
      max_ms: z.number().nullable(),
      replies: z.array(pingReplyShape),
      observed_at: z.iso.datetime(),
    }),
    fields: { address: 'ip' },
    operation: 'MikroopsPingAddress',
    toVariables: ({ body }) => ({ address: body.ip, count: body.count }),
    toResponse: ({ pingAddress: ping }) => ({
      data: { ip: ping.address, sent: ping.sent, received: ping.received, packet_loss: ping.lossPercent, min_ms: ping.minMs, avg_ms: ping.avgMs, max_ms: ping.maxMs, replies: ping.replies.map(toPingReply), observed_at: ping.observedAt },
    }),
  }),
  defineRoute({
    ...monitored,
    id: 'mikroops.monitor.direct.ping.stream',
    method: 'GET',
    path: '/v1/internal/monitor/direct/ping/:ip/stream',
    summary: 'Direct host ping stream',
    description: '`{"type": "ping", "data": {"seq", "host", "size", "ttl", "time_ms", "status"}}` each second; `status` is `unreachable` while the router is away.',
    params: z.object({ ip: text(253).describe('Address, or a name that the router resolves.') }),
    fields: { address: 'ip' },
    operation: 'MikroopsAddressPings',
    stream: { subscriptions: [{ operation: 'MikroopsAddressPings', toVariables: ({ params }) => ({ address: params.ip }), toFrame: ({ addressPings }) => ({ type: 'ping', data: toPingReply(addressPings) }) }] },
  }),
  defineRoute({
    ...monitored,
    id: 'mikroops.logs.stream',
    method: 'GET',
    path: '/v1/internal/logs/stream',
    summary: 'Log stream',
    description: 'First `{"type": "snapshot", "data": [{"id", "time", "topics", "message"}, …]}` with the last lines of the active router\'s log, the oldest first, then `{"type": "log", "data": …}` for each new one. Another snapshot replaces all that was said before.',
    operation: 'MikroopsRouterLogs',
    stream: {
      subscriptions: [
        {
          operation: 'MikroopsRouterLogs',
          toFrame: ({ routerLogs: { action, lines } }) => (action === 'SNAPSHOT' ? { type: 'snapshot', data: lines.map(toLine) } : lines.map((line) => ({ type: 'log', data: toLine(line) }))),
        },
      ],
    },
  }),
];
