import { afterEach, describe, expect, it } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { DomainError, notFound, unavailable } from '#kernel/errors.ts';
import { mikroops } from '../dialects/mikroops.ts';
import { makeEvents, type Field } from '../testing/fake-graph.ts';
import { makeTestRest, openSocket, people, PLANNED_STREAM, TENANT, type TestRest, type TestRestOptions, type TestSocket } from '../testing/rest-app.ts';
import { CLOSE } from './websocket.ts';

const STREAM = '/v1/internal/ppp/active/stream';
const AT = '2026-01-01T00:00:00.000Z';
const session = (name: string) => ({ id: name, name, address: '10.0.0.2', callerId: 'AA:BB:CC:DD:EE:FF', uptime: 1, observedAt: AT });
const event = (action: string, name: string) => ({ pppSessions: { action, session: session(name), at: AT } });
const active = (name: string) => ({ ...session(name), service: 'pppoe', uptime: '1s', uptimeSeconds: 1, encoding: '', interface: `<pppoe-${name}>`, localAddress: '10.0.0.1', stale: false });

let rest: TestRest;
const sockets: TestSocket[] = [];
afterEach(async () => {
  for (const { socket } of sockets.splice(0)) socket.terminate();
  await rest.close();
});

const start = async (fields: Record<string, Field> = {}, options?: TestRestOptions) => {
  rest = await makeTestRest(fields, options);
  await rest.listen();
};

/** The graph of the active stream. */
function liveGraph({ snapshot = () => [active('anna')] as unknown }: { snapshot?: () => unknown } = {}) {
  const sessions = makeEvents();
  const callbacks = makeEvents();
  const fields: Record<string, Field> = {
    pppSessions: () => sessions,
    pppoeCallbacks: () => callbacks,
    pppActives: async () => ({ nodes: await snapshot(), totalCount: 1, observedAt: AT }),
  };
  return { sessions, callbacks, fields };
}

async function opened(path = STREAM, headers = rest.as('user')): Promise<TestSocket> {
  const answer = await openSocket(rest.base, path, headers);
  if ('status' in answer) throw new Error(`refused: ${answer.status} ${JSON.stringify(answer.body)}`);
  sockets.push(answer);
  return answer;
}

describe('a stream', () => {
  it('sends the snapshot first, then what the router and its scripts report', async () => {
    const graph = liveGraph();
    await start(graph.fields);
    const stream = await opened();
    expect(await stream.next()).toMatchObject({ type: 'snapshot', data: [{ name: 'anna', remote_address: '10.0.0.2' }] });
    graph.sessions.push(event('SNAPSHOT', 'anna'));
    graph.sessions.push(event('UP', 'ben'));
    expect(await stream.next()).toEqual({ type: 'update', data: { action: 'up', name: 'ben', caller_id: 'AA:BB:CC:DD:EE:FF', interface: '<pppoe-ben>', remote_address: '10.0.0.2', service: 'pppoe' } });
    graph.callbacks.push({ pppoeCallbacks: { action: 'DOWN', name: 'ben', callerId: null, interface: 'pppoe-in1', remoteAddress: null, service: 'pppoe', receivedAt: AT } });
    expect(await stream.next()).toEqual({ type: 'update', data: { action: 'down', name: 'ben', caller_id: '', interface: 'pppoe-in1', remote_address: '', service: 'pppoe' } });
  });

  it('loses nothing that happens while the snapshot is read', async () => {
    const graph = liveGraph({
      snapshot() {
        graph.sessions.push(event('UP', 'carl'));
        return [active('anna')];
      },
    });
    await start(graph.fields);
    const stream = await opened();
    expect(await stream.next()).toMatchObject({ type: 'snapshot' });
    expect(await stream.next()).toMatchObject({ type: 'update', data: { name: 'carl' } });
  });

  it('takes the token as a query parameter, because browsers cannot set headers', async () => {
    const graph = liveGraph();
    await start(graph.fields);
    const stream = await opened(`${STREAM}?token=user`, {});
    expect(await stream.next()).toMatchObject({ type: 'snapshot' });
  });

  it('closes its subscriptions when the client leaves', async () => {
    const graph = liveGraph();
    await start(graph.fields);
    const stream = await opened();
    await stream.next();
    stream.socket.close();
    await expect(Promise.all([graph.sessions.closed, graph.callbacks.closed])).resolves.toHaveLength(2);
  });

  it('ends with an error frame when the graph ends it', async () => {
    const graph = liveGraph();
    await start({
      ...graph.fields,
      async *pppoeCallbacks() {
        yield {
          pppoeCallbacks() {
            throw new DomainError('UNAVAILABLE', 'The router was removed.');
          },
        };
      },
    });
    const stream = await opened();
    expect(await stream.next()).toMatchObject({ type: 'snapshot' });
    expect(await stream.next()).toMatchObject({ success: false, error: { code: 'UNAVAILABLE' } });
    expect(await stream.closed).toEqual({ code: CLOSE.failed, reason: 'UNAVAILABLE' });
    await graph.sessions.closed;
  });
});

describe('a handshake is refused, as an HTTP error of the dialect,', () => {
  it.each([
    ['without credentials', {}, {}, 401, 'UNAUTHENTICATED'],
    ['with bad credentials', { authorization: 'Bearer nonsense' }, {}, 401, 'UNAUTHENTICATED'],
    ['by a super admin without tenant', { authorization: 'Bearer super' }, {}, 400, 'TENANT_REQUIRED'],
  ])('%s', async (_what, headers, fields, status, code) => {
    await start(fields);
    expect(await openSocket(rest.base, STREAM, headers)).toMatchObject({ status, body: { success: false, error: { code } } });
  });

  it('when the thing in the path does not exist', async () => {
    await start({
      customer() {
        throw notFound('customer', 'x');
      },
    });
    expect(await openSocket(rest.base, `/v1/internal/customer/${TENANT}/traffic/stream`, rest.as('user'))).toMatchObject({ status: 404 });
  });

  it('when the snapshot cannot be read, and then nothing stays open behind it', async () => {
    const graph = liveGraph({
      snapshot() {
        throw unavailable('The router is away.');
      },
    });
    await start(graph.fields);
    expect(await openSocket(rest.base, STREAM, rest.as('user'))).toMatchObject({ status: 503 });
    await Promise.all([graph.sessions.closed, graph.callbacks.closed]);
  });

  it('at a path that is none, or is no stream', async () => {
    await start();
    expect(await openSocket(rest.base, '/v1/nothing', rest.as('user'))).toMatchObject({ status: 404, body: { success: false } });
    expect(await openSocket(rest.base, PLANNED_STREAM, rest.as('user'))).toMatchObject({ status: 501, body: { success: false } });
    expect((await rest.app.inject({ method: 'GET', url: STREAM, headers: rest.as('user') })).statusCode).toBe(426);
  });
});

describe('a stream is closed', () => {
  it('when the token expires', async () => {
    const graph = liveGraph();
    await start(graph.fields, { principals: { short: { ...people.user!, expiresAt: Date.now() / 1000 + 0.3 } } });
    const stream = await opened(STREAM, rest.as('short'));
    expect(await stream.closed).toEqual({ code: CLOSE.unauthorized, reason: 'The token has expired' });
    await graph.sessions.closed;
  });

  it('when the client does not read', async () => {
    const graph = liveGraph();
    await start(graph.fields);
    const stream = await opened();
    await stream.next();
    stream.socket.pause();
    // More than the line and the queue of the graph hold together.
    const long = 'x'.repeat(100_000);
    for (let i = 0; i < 1000; i += 1) graph.sessions.push(event('UP', long));
    stream.socket.resume();
    expect((await stream.closed).code).toBe(CLOSE.tooSlow);
    expect(stream.frames.at(-1)).toMatchObject({ success: false, error: { code: 'SLOW_CONSUMER' } });
  });

  it('when the client does not answer pings', async () => {
    const graph = liveGraph();
    await start(graph.fields, { config: { streams: { heartbeatMs: 30 } } });
    const stream = await opened();
    await stream.next();
    stream.socket.pause();
    await expect(graph.sessions.closed).resolves.toBeUndefined();
  });
});

describe('a first message that logs in', () => {
  const modules: NonNullable<TestRestOptions['modules']> = [
    {
      dialect: mikroops,
      unserved: [],
      awaited: new Set(),
      documents: { Sessions: 'subscription Sessions { pppSessions { action } }' },
      routes: [
        {
          id: 'test.stream',
          dialect: 'mikroops',
          method: 'GET',
          path: '/v1/ws',
          summary: '',
          section: '',
          auth: 'user',
          tenant: 'required',
          operation: 'Sessions',
          stream: {
            subscriptions: [{ operation: 'Sessions', toFrame: (data) => data }],
            tokenIn: (message) => (message as { token?: string } | null)?.token ?? null,
          },
        },
      ],
    },
  ];

  it('opens the stream as its principal', async () => {
    const graph = liveGraph();
    await start(graph.fields, { modules });
    const stream = await opened('/v1/ws', {});
    stream.socket.send(JSON.stringify({ token: 'user' }));
    graph.sessions.push(event('UP', 'anna'));
    expect(await stream.next()).toEqual({ pppSessions: { action: 'UP' } });
    expect(rest.graph.requests[0]!.principal).toMatchObject({ id: 'u1', tenantId: TENANT });
  });

  it.each([
    ['carries no token', '{"type": "hello"}'],
    ['is not JSON', 'hello'],
    ['carries a bad token', '{"token": "nonsense"}'],
  ])('is refused when it %s', async (_what, message) => {
    await start({}, { modules });
    const stream = await opened('/v1/ws', {});
    stream.socket.send(message);
    expect(await stream.next()).toMatchObject({ success: false, error: { code: 'UNAUTHENTICATED' } });
    expect((await stream.closed).code).toBe(CLOSE.unauthorized);
  });

  it('must come in time', async () => {
    await start({}, { modules, config: { streams: { loginMs: 20 } }, principals: { user: makePrincipal({ kind: 'user', id: 'u' }) } });
    const stream = await opened('/v1/ws', {});
    expect((await stream.closed).code).toBe(CLOSE.unauthorized);
  });
});
