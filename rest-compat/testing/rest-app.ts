import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';
import { anonymous, makePrincipal, type Principal } from '#kernel/access/principal.ts';
import type { Clock } from '#kernel/clock.ts';
import { forbidden, notFound, unauthenticated } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makeMetrics } from '#kernel/metrics.ts';
import { dialects } from '../dialects/index.ts';
import type { DialectModule, Unserved } from '../machine/catalogue.ts';
import { answerUnroutable, mountRest, type RestConfig } from '../rest.ts';
import { makeFakeGraph, type FakeGraph, type Field } from './fake-graph.ts';

export const TENANT = '018f2b6a-0000-7000-8000-000000000001';
export const OTHER_TENANT = '018f2b6a-0000-7000-8000-000000000002';

/** Tokens of the tests: `Bearer user`, `Bearer super`, `Bearer homeless`. */
export const people: Record<string, Principal> = {
  user: makePrincipal({ kind: 'user', id: 'u1', tenantId: TENANT, permissions: ['*'] }),
  super: makePrincipal({ kind: 'user', id: 's1', superAdmin: true }),
  homeless: makePrincipal({ kind: 'user', id: 'h1' }),
};

export interface TestRest {
  app: FastifyInstance;
  graph: FakeGraph;
  /** After `listen`. */
  base: string;
  as(token: string, tenant?: string): Record<string, string>;
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface TestRestOptions {
  config?: RestConfig;
  modules?: readonly DialectModule[];
  clock?: Clock;
  principals?: Record<string, Principal>;
}

/** What the tests' document describes and nobody serves, whatever the real dialects have come to serve. */
export const PLANNED = '/v1/planned';
export const PLANNED_STREAM = '/v1/planned/stream';
const planned: readonly Unserved[] = [
  { id: 'mikroops.planned', method: 'GET', path: PLANNED, section: 'Planned' },
  { id: 'mikroops.planned.stream', method: 'GET', path: PLANNED_STREAM, stream: true, section: 'Planned' },
];
const withPlanned: readonly DialectModule[] = dialects.map((module, at) => (at === 0 ? { ...module, unserved: [...module.unserved, ...planned] } : module));

/** REST over a fake graph, with a guard that knows the people above. */
export async function makeTestRest(fields: Record<string, Field>, { config, modules = withPlanned, clock, principals = people }: TestRestOptions = {}): Promise<TestRest> {
  const graph = makeFakeGraph(fields);
  const app = Fastify({ frameworkErrors: answerUnroutable, genReqId: ({ headers }) => (typeof headers['x-request-id'] === 'string' ? headers['x-request-id'] : 'made-here') });
  await app.register(fastifyWebsocket);
  await mountRest(app, {
    supergraph: graph,
    schema: graph.schema,
    modules,
    clock,
    config,
    log: silentLogger,
    metrics: makeMetrics(),
    async principalOf(credentials) {
      const token = /^Bearer (.+)$/.exec(credentials.authorization ?? '')?.[1];
      if (!token) return anonymous;
      const principal = principals[token];
      if (!principal) throw unauthenticated('The token is not valid.');
      const tenant = credentials['x-tenant-id'];
      if (!tenant || tenant === principal.tenantId) return principal;
      if (!principal.superAdmin) throw forbidden('You may act in your own tenant only.');
      if (tenant !== TENANT && tenant !== OTHER_TENANT) throw notFound('tenant', tenant);
      return { ...principal, tenantId: tenant };
    },
  });
  await app.ready();
  const rest: TestRest = {
    app,
    graph,
    base: '',
    as: (token, tenant) => ({ authorization: `Bearer ${token}`, ...(tenant ? { 'x-tenant-id': tenant } : {}) }),
    async listen() {
      rest.base = await app.listen({ port: 0, host: '127.0.0.1' });
      return rest.base;
    },
    close: () => app.close(),
  };
  return rest;
}

export interface TestSocket {
  frames: Array<Record<string, unknown>>;
  /** The next frame that the test takes, waiting up to 5 s for it. */
  next(): Promise<Record<string, unknown>>;
  closed: Promise<{ code: number; reason: string }>;
  socket: WebSocket;
}

/** Opens a stream, or answers why the handshake was refused. */
export function openSocket(base: string, path: string, headers: Record<string, string> = {}): Promise<TestSocket | { status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(base.replace('http', 'ws') + path, { headers });
    const frames: Array<Record<string, unknown>> = [];
    const takers: Array<() => void> = [];
    let taken = 0;
    socket.on('message', (data) => {
      frames.push(JSON.parse(String(data)) as Record<string, unknown>);
      takers.splice(0).forEach((wake) => wake());
    });
    const closed = new Promise<{ code: number; reason: string }>((done) => socket.on('close', (code, reason) => done({ code, reason: String(reason) })));
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, body: JSON.parse(text) as Record<string, unknown> }));
    });
    socket.on('error', reject);
    socket.on('open', () =>
      resolve({
        socket,
        frames,
        closed,
        async next() {
          const deadline = Date.now() + 5000;
          while (frames.length <= taken) {
            if (Date.now() > deadline) throw new Error(`no frame ${taken + 1} within 5 s`);
            await new Promise<void>((wake) => {
              const timer = setTimeout(wake, 5000);
              takers.push(() => {
                clearTimeout(timer);
                wake();
              });
            });
          }
          return frames[taken++]!;
        },
      }),
    );
  });
}
