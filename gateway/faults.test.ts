import { request as httpRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import Fastify from 'fastify';
import { listenOn } from '#kernel/subgraph/listen.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makePrincipal } from '#kernel/access/principal.ts';
import { remoteSubgraph, remoteSupergraph } from '#kernel/subgraph/remote.ts';
import type { ExecutionResult } from 'graphql';
import type { GatewayConfig } from './server.ts';
import { makeToy, until, type Mode, type Toy } from './testing/toy-gateway.ts';

let toy: Toy | undefined;
afterEach(async () => {
  await toy?.stop();
  toy = undefined;
});
const start = async (mode: Mode, config?: GatewayConfig) => (toy = await makeToy(mode, config));

describe.each<Mode>(['in process', 'apart'])('faults, subgraphs %s', (mode) => {
  it('nulls the part of a subgraph that crashes, and keeps the rest', async () => {
    const { post, control } = await start(mode);
    control.scores = 'crash';
    const { status, body, text } = await post('{ user(id: "ann") { name score } }');
    expect([status, body.data]).toEqual([200, { user: { name: 'ANN', score: null } }]);
    expect(body.errors![0]).toMatchObject({ path: ['user', 'score'], extensions: { code: 'INTERNAL_ERROR', requestId: expect.any(String) } });
    expect(text).not.toContain('hunter2');
  });

  it('gives up on a subgraph that hangs after the deadline, and names it', async () => {
    const { post, control } = await start(mode, { deadlineMs: 300 });
    control.scores = 'hang';
    const { body } = await post('{ topScore users { name score } }');
    expect(body.data).toEqual({ topScore: null, users: ['ANN', 'BOB', 'CID'].map((name) => ({ name, score: null })) });
    expect(body.errors).toHaveLength(2);
    for (const error of body.errors!) {
      expect(error.message).toContain('scores');
      expect(error.extensions.code).toBe('UNAVAILABLE');
    }
    expect(body.errors!.map(({ path }) => path)).toEqual(expect.arrayContaining([['topScore'], ['users', 0]]));
  });

  it('refuses operations that are too deep or too wide, but answers introspection', async () => {
    const { post } = await start(mode);
    const deep = (levels: number) => `{ users { ${'friends { '.repeat(levels)} id ${'} '.repeat(levels)} } }`;
    expect((await post(deep(12))).status).toBe(200);
    const tooDeep = await post(deep(14));
    expect([tooDeep.status, tooDeep.body.errors![0]!.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect(tooDeep.body.errors![0]!.message).toContain('nested too deeply');
    const hidden = '{ users { ...a } } fragment a on User { friends { friends { friends { friends { ...b } } } } } fragment b on User { friends { friends { friends { friends { ...c } } } } } fragment c on User { friends { friends { friends { friends { friends { friends { id } } } } } } }';
    expect((await post(hidden)).body.errors![0]!.message).toContain('nested too deeply');
    const wide = `{ ${Array.from({ length: 30 }, (_, i) => `u${i}: user(id: "ann") { id }`).join(' ')} }`;
    expect((await post(wide)).body.errors![0]!.message).toContain('root fields');
    const exploding = `{ users { ...f9 } } ${Array.from({ length: 9 }, (_, i) => `fragment f${i + 1} on User { friends { ...f${i} ...f${i} ...f${i} } }`).join(' ')} fragment f0 on User { id }`;
    expect((await post(exploding)).body.errors!.some(({ message }) => message.includes('too many fields'))).toBe(true);
    const introspection = '{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } } } } } } }';
    expect((await post(introspection)).body.errors).toBeUndefined();
    await expect(toy!.collect(toy!.socket(), deep(14)).then((results) => { throw results[0]!.errors; })).rejects.toMatchObject([{ message: expect.stringContaining('nested too deeply') }]);
  });

  it('drains: completes subscriptions, closes sockets with 1001, lets running requests end, refuses new ones', async () => {
    const { post, control, url } = await start(mode);
    const seen: string[] = [];
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.on('message', (data) => seen.push((JSON.parse(String(data)) as { type: string }).type));
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await until(() => seen.includes('connection_ack'));
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { reviewAdded { action } }' } }));
    await until(() => seen.includes('next'), 'the snapshot');

    const running = post('mutation { slow }');
    await control.slowStarted;
    const stopped = toy!.gateway.stop();
    expect(await closed).toBe(1001);
    expect(seen.at(-1)).toBe('complete');
    const late = await post('{ __typename }').then(({ status }) => status, (error: NodeJS.ErrnoException) => error.code);
    expect([503, 'ECONNREFUSED', 'ECONNRESET']).toContain(late);
    control.releaseSlow();
    expect((await running).body).toEqual({ data: { slow: 'done' } });
    await stopped;
  });
});

describe('subgraphs apart', () => {
  it('refuse whoever does not show the gateway’s token for them', async () => {
    const { servers, tokens } = await start('apart');
    const { url } = servers.get('accounts')!;
    const ask = async (token?: string) => {
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: '{"query":"{ users { id } }"}' });
      const body = (await response.json()) as ExecutionResult;
      return [response.status, body.errors?.[0]?.extensions.code ?? 'ok'];
    };
    const principal = makePrincipal({ kind: 'user', id: 'u', superAdmin: true });
    expect(await ask()).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask(await tokens.signAccess(principal, 60))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask(await tokens.signInternal(principal, 'reviews'))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask(await tokens.signInternal(principal, 'accounts', -5))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask(await tokens.signInternal(principal, 'accounts'))).toEqual([200, 'ok']);

    const socket = new WebSocket(`${servers.get('reviews')!.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    const answers: Array<{ type: string; payload?: Array<{ extensions: { code: string } }> }> = [];
    socket.on('message', (data) => answers.push(JSON.parse(String(data)) as never));
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await until(() => answers.length === 1);
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { reviewAdded { action } }' } }));
    await until(() => answers.length === 2);
    expect(answers[1]).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    socket.terminate();
  });

  it('that are away cost their own part only, and come back', async () => {
    const { post, servers, request } = await start('apart');
    expect((await request('/health/ready')).body).toMatchObject({ status: 'ready' });
    await servers.get('scores')!.server.stop();
    const { body } = await post('{ user(id: "ann") { name score } }');
    expect(body.data).toEqual({ user: { name: 'ANN', score: null } });
    expect(body.errors![0]).toMatchObject({ message: 'Cannot reach the subgraph scores.', path: ['user'], extensions: { code: 'UNAVAILABLE', requestId: expect.any(String) } });
    const ready = await request('/health/ready');
    expect([ready.status, ready.body]).toMatchObject([200, { status: 'degraded', subgraphs: { accounts: 'ok', scores: 'Cannot reach the subgraph scores.' } }]);
  });

  it('that go away in the middle of a subscription end it with UNAVAILABLE', async () => {
    const { collect, socket, servers } = await start('apart');
    const results = await collect(socket(), 'subscription { reviewAdded { action } }', {
      each: (_result, index) => {
        if (index === 0) void servers.get('reviews')!.server.stop();
      },
    });
    expect(results).toHaveLength(2);
    expect(results[1]!.errors![0]).toMatchObject({ message: expect.stringContaining('reviews'), extensions: { code: 'UNAVAILABLE' } });
    const [again] = await collect(socket(), 'subscription { reviewAdded { action } }');
    expect(again!.errors![0]!.extensions.code).toBe('UNAVAILABLE');
  });

  it('share one socket for all subscriptions of the gateway', async () => {
    const { collect, socket, servers } = await start('apart');
    const sockets = servers.get('reviews')!.server.app.websocketServer.clients;
    const both = [0, 1].map(() => collect(socket(), 'subscription { reviewAdded { action } }', { count: 2 }));
    await until(() => toy!.control.listeners.size === 2, 'both subscribers');
    expect(sockets.size).toBe(1);
    toy!.control.add({ userId: 'ann', body: 'x', stars: 5 });
    expect((await Promise.all(both)).map((results) => results.length)).toEqual([2, 2]);
  });

  it('that hang, down to the TCP handshake, are given up after the deadline', async () => {
    const { tokens } = await start('apart');
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const hanging = remoteSubgraph({ name: 'hanging', url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/graphql`, tokens, log: silentLogger, deadlineMs: 200 });
    const principal = makePrincipal({ kind: 'anonymous' });
    await expect(hanging.execute({ query: '{ a }', principal, requestId: 'r' })).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'No answer from the subgraph hanging within 0.2 s.' });
    const events = (await hanging.subscribe({ query: 'subscription { a }', principal, requestId: 'r' })) as AsyncIterableIterator<ExecutionResult>;
    expect((await events.next()).value.errors[0].extensions.code).toBe('UNAVAILABLE');
    expect((await events.next()).done).toBe(true);
    await hanging.stop();
    silent.close();
  });

  it('that answer something else than GraphQL are unavailable', async () => {
    const { gateway, tokens } = await start('apart');
    const wrong = remoteSubgraph({ name: 'wrong', url: `http://127.0.0.1:${gateway.port()}/metrics`, tokens, log: silentLogger });
    await expect(wrong.execute({ query: '{ __typename }', principal: makePrincipal({ kind: 'anonymous' }), requestId: 'r' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await wrong.stop();
  });
});

describe('the gateway’s port', () => {
  it('serves health, metrics, keys, and a page with a working curl for browsers', async () => {
    const { request } = await start('in process', { landingPage: { firstQuery: '{ user(id: "ann") { name } }', headers: { 'x-api-key': 'good_key' } } });
    expect((await request('/health')).body).toEqual({ status: 'ok' });
    expect((await request('/metrics')).text).toContain('headend_gateway_operation_seconds');
    expect((await request('/.well-known/jwks.json')).body).toMatchObject({ keys: [{ alg: 'EdDSA' }] });
    const page = await request('/graphql', { headers: { accept: 'text/html,application/xhtml+xml' } });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html']);
    expect(page.text).toContain('EmbeddedSandbox');
    const body = /-d '(.*)'<\/pre>/.exec(page.text)![1]!.replaceAll('&quot;', '"');
    const answer = await request('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(answer.body).toEqual({ data: { user: { name: 'ANN' } } });
  });

  it('lets frontends of other origins call', async () => {
    const { request } = await start('in process');
    const preflight = await request('/graphql', { method: 'OPTIONS', headers: { origin: 'https://app.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } });
    expect([preflight.status, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-headers']]).toEqual([204, '*', expect.stringContaining('authorization')]);
  });

  it('that is taken gives one clear line', async () => {
    const { gateway } = await start('in process');
    const second = Fastify();
    await expect(listenOn(second, gateway.port(), '127.0.0.1')).rejects.toThrow(`Port ${gateway.port()} on 127.0.0.1 is taken`);
    await second.close();
  });

  it('carries further routes and sockets beside GraphQL', async () => {
    toy = await makeToy('in process', {}, (app) => {
      app.get('/api/ping', (request) => ({ id: request.id }));
      app.get('/ws', { websocket: true }, (socket) => socket.send('hello'));
    });
    expect((await toy.request('/api/ping', { headers: { 'x-request-id': 'p' } })).body).toEqual({ id: 'p' });
    const hello = await new Promise((resolve) => new WebSocket(`${toy!.url.replace('http', 'ws')}/ws`).once('message', (data) => resolve(String(data))));
    expect(hello).toBe('hello');
    expect(await toy.collect(toy.socket(), '{ user(id: "ann") { id } }')).toEqual([{ data: { user: { id: 'ann' } } }]);
  });

  it('takes ops and REST apart with a service token or the API key of a client, over HTTP and the socket', async () => {
    const { url, tokens } = await start('in process');
    const remote = remoteSupergraph({
      url: `${url}/graphql`,
      credentials: async (principal): Promise<Record<string, string>> =>
        principal.kind === 'apiKey' ? { 'x-api-key': principal.id! } : { authorization: `Bearer ${await tokens.signService({ service: principal.id!, tenantId: principal.tenantId, onBehalfOf: null, runId: null, permissions: principal.permissions })}` },
      log: silentLogger,
    });
    const principal = makePrincipal({ kind: 'service', id: 'ops' });
    expect(await remote.execute({ query: '{ whoAmI { kind id requestId } }', principal, requestId: 'run-1' })).toEqual({ data: { whoAmI: { kind: 'service', id: 'ops', requestId: 'run-1' } } });
    const events = (await remote.subscribe({ query: 'subscription { guardedEvents }', principal, requestId: 'run-1' })) as AsyncIterableIterator<ExecutionResult>;
    expect((await events.next()).value).toEqual({ data: { guardedEvents: 1 } });
    await events.return!();

    const byKey = { query: '{ whoAmI { kind id } }', principal: makePrincipal({ kind: 'apiKey', id: 'good_key' }), requestId: 'run-2' };
    expect(await remote.execute(byKey)).toEqual({ data: { whoAmI: { kind: 'apiKey', id: 'key-1' } } });
    const live = (await remote.subscribe({ ...byKey, query: 'subscription { guardedEvents }' })) as AsyncIterableIterator<ExecutionResult>;
    expect((await live.next()).value).toEqual({ data: { guardedEvents: 1 } });
    await live.return!();
    const refused = (await remote.subscribe({ ...byKey, query: 'subscription { guardedEvents }', principal: makePrincipal({ kind: 'apiKey', id: 'bad_key' }) })) as AsyncIterableIterator<ExecutionResult>;
    expect((await refused.next()).value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    await remote.stop();
  });

  it('answers many requests on one kept connection', async () => {
    const { url } = await start('in process');
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => new Promise<number>((resolve, reject) => httpRequest(`${url}/health`, (response) => resolve(response.resume().statusCode!)).on('error', reject).end())),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
