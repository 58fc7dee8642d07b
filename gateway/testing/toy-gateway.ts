import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { makeTokens, type Tokens } from '#kernel/access/tokens.ts';
import { unauthenticated } from '#kernel/errors.ts';
import { silentLogger, type Logger } from '#kernel/logs.ts';
import { makeMetrics, type Metrics } from '#kernel/metrics.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import { remoteSubgraph } from '#kernel/subgraph/remote.ts';
import { makeSubgraphServer, type SubgraphServer } from '#kernel/subgraph/serve.ts';
import type { Subgraph } from '#kernel/subgraph/subgraph.ts';
import { composeSupergraph } from '../compose.ts';
import { makeGateway, type Gateway, type GatewayConfig } from '../server.ts';
import { makeToySubgraphs, type ToyControl } from './toy-subgraphs.ts';

export type Mode = 'in process' | 'apart';

export const TENANT = '0190a000-0000-7000-8000-000000000001';
export const OTHER_TENANT = '0190a000-0000-7000-8000-000000000002';

/** A result as JSON. */
export interface ToyResult {
  data?: Record<string, unknown> | null;
  errors?: Array<{ message: string; path?: unknown; extensions: Record<string, unknown> }>;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: ToyResult;
  text: string;
}

export interface Toy {
  gateway: Gateway;
  control: ToyControl;
  tokens: Tokens;
  metrics: Metrics;
  url: string;
  /** Servers of the subgraphs, apart only. */
  servers: Map<string, { server: SubgraphServer; url: string }>;
  /** What was logged as an error. */
  logged: Array<{ fields: object; message?: string }>;
  post(query: string, options?: { variables?: object; headers?: Record<string, string>; operationName?: string }): Promise<Answer>;
  request(path: string, options?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Answer>;
  socket(connectionParams?: Record<string, unknown>): Client;
  /** All results of a subscription until it ends or `count` have come; then it is closed. */
  collect(client: Client, query: string, options?: { variables?: Record<string, unknown>; count?: number; each?: (result: ToyResult, index: number) => void }): Promise<ToyResult[]>;
  accessToken(principal?: Partial<Omit<Principal, 'permissions'>> & { permissions?: string[] }, ttlSeconds?: number): Promise<string>;
  stop(): Promise<void>;
}

/** The toy graph behind a gateway on a port of its own, with its subgraphs in this process or behind real servers. */
export async function makeToy(mode: Mode, config: GatewayConfig = {}, addRoutes: (app: Gateway['app']) => void = () => undefined, operations: readonly string[] = []): Promise<Toy> {
  const { subgraphs: toys, control } = makeToySubgraphs();
  const tokens = makeTokens({ secret: 'a secret of the tests that is long enough' });
  const metrics = makeMetrics();
  const logged: Toy['logged'] = [];
  const log: Logger = { ...silentLogger, error: (fields, message) => logged.push({ fields, message }), child: () => log };

  const servers: Toy['servers'] = new Map();
  const remotes: Array<{ stop(): Promise<void> }> = [];
  const subgraphs: Subgraph[] = [];
  for (const { name, schema, loaders, sdl } of toys) {
    const local = localSubgraph({ name, schema, loaders, log, metrics });
    if (mode === 'in process') {
      subgraphs.push(local);
      continue;
    }
    const server = await makeSubgraphServer({ subgraph: local, tokens, log, metrics: makeMetrics(), sdl });
    const url = await server.listen(0, '127.0.0.1');
    servers.set(name, { server, url });
    const remote = remoteSubgraph({ name, url: `${url}/graphql`, tokens, log });
    remotes.push(remote);
    subgraphs.push(remote);
  }

  const { supergraphSdl } = composeSupergraph({ subgraphs: toys.map(({ name, sdl }) => ({ name, sdl, url: `http://${name}` })) });
  const gateway = await makeGateway({
    supergraphSdl,
    subgraphs,
    tokens,
    resolveApiKey: async (key) => {
      if (key !== 'good_key') throw unauthenticated('The API key is not known.');
      return makePrincipal({ kind: 'apiKey', id: 'key-1', tenantId: TENANT, permissions: ['user:rename'] });
    },
    resolveTenant: async (idOrSlug) => ({ [TENANT]: TENANT, home: TENANT, [OTHER_TENANT]: OTHER_TENANT, other: OTHER_TENANT })[idOrSlug] ?? null,
    log,
    metrics,
    operations,
    config: { deadlineMs: 2000, stopDeadlineMs: 5000, ...config },
  });
  addRoutes(gateway.app);
  const url = await gateway.listen(0, '127.0.0.1');
  const clients: Client[] = [];
  let stopped: Promise<void> | undefined;

  const request: Toy['request'] = (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(`${url}${path}`, { method, headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) } }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const json = /json/.test(String(response.headers['content-type']));
          resolve({ status: response.statusCode!, headers: response.headers, text, body: (json && text ? JSON.parse(text) : {}) as Answer['body'] });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });

  return {
    gateway,
    control,
    tokens,
    metrics,
    url,
    servers,
    logged,
    request,
    post: (query, { variables, headers = {}, operationName } = {}) =>
      request('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables, operationName }) }),
    socket(connectionParams) {
      const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0, lazyCloseTimeout: 500 });
      clients.push(client);
      return client;
    },
    collect: (client, query, { variables, count = Infinity, each } = {}) =>
      new Promise((resolve, reject) => {
        const results: ToyResult[] = [];
        const leave = client.subscribe(
          { query, variables },
          {
            next(result) {
              results.push(result as ToyResult);
              each?.(result as ToyResult, results.length - 1);
              if (results.length >= count) leave();
            },
            error: reject,
            complete: () => resolve(results),
          },
        );
      }),
    accessToken: ({ permissions = [], ...fields } = {}, ttlSeconds = 600) =>
      tokens.signAccess(makePrincipal({ kind: 'user', id: 'user-1', tenantId: TENANT, permissions, ...fields }), ttlSeconds),
    stop() {
      stopped ??= (async () => {
        await Promise.all(clients.map((client) => client.dispose()));
        await gateway.stop();
        await Promise.all(remotes.map((remote) => remote.stop()));
        await Promise.all([...servers.values()].map(({ server }) => server.stop()));
      })();
      return stopped;
    },
  };
}

/** Waits until the condition holds; fails after 20 s: a busy machine takes its time. */
export async function until(condition: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited 20 s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
