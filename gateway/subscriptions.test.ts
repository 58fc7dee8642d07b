import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ExecutionResult } from 'graphql';
import { anonymous, makePrincipal } from '#kernel/access/principal.ts';
import { makeToy, until, type Mode, type Toy, type ToyResult } from './testing/toy-gateway.ts';

describe.each<Mode>(['in process', 'apart'])('subscriptions, subgraphs %s', (mode) => {
  let toy: Toy;
  beforeAll(async () => {
    toy = await makeToy(mode, { maxQueued: 200 });
  });
  afterAll(() => toy.stop());

  const EVENTS = 'subscription Added($min: Int, $more: Boolean! = true) { event: reviewAdded(min: $min) { action ...r @include(if: $more) } } fragment r on ReviewEvent { review { stars author { id called: name score } } }';

  it('sends the snapshot and then each event, completed by other subgraphs', async () => {
    const results = await toy.collect(toy.socket(), EVENTS, {
      variables: { min: 4 },
      count: 2,
      each: (_result, index) => {
        if (index > 0) return;
        toy.control.add({ userId: 'bob', body: 'dull', stars: 2 });
        toy.control.add({ userId: 'bob', body: 'great', stars: 4 });
      },
    });
    expect(results).toEqual([
      { data: { event: { action: 'SNAPSHOT', review: { stars: 5, author: { id: 'ann', called: 'ANN', score: 97 } } } } },
      { data: { event: { action: 'ADDED', review: { stars: 4, author: { id: 'bob', called: 'BOB', score: 98 } } } } },
    ]);
  });

  it('passes an event on alone when nothing is to be added', async () => {
    const [first] = await toy.collect(toy.socket(), EVENTS, { variables: { more: false }, count: 1 });
    expect(first).toEqual({ data: { event: { action: 'SNAPSHOT' } } });
  });

  it('closes the upstream when the client leaves', async () => {
    await until(() => toy.control.listeners.size === 0, 'earlier listeners to close');
    const client = toy.socket();
    const leave = await new Promise<() => void>((resolve) => {
      const unsubscribe = client.subscribe({ query: EVENTS }, { next: () => resolve(unsubscribe), error: () => undefined, complete: () => undefined });
    });
    expect(toy.control.listeners.size).toBe(1);
    leave();
    await until(() => toy.control.listeners.size === 0, 'the upstream to close');
  });

  it('answers one event once for all who ask the same with the same credentials, and for others anew', async () => {
    const [ann, bob] = await Promise.all(['ann', 'bob'].map((id) => toy.accessToken({ id })));
    let snapshots = 0;
    const heard = [ann, ann, ann, bob].map((token) =>
      toy.collect(toy.socket({ authorization: `Bearer ${token}` }), EVENTS, { variables: { min: 5 }, count: 2, each: (_result, index) => (snapshots += index === 0 ? 1 : 0) }),
    );
    await until(() => snapshots === 4, 'the snapshots of four subscribers');
    const before = toy.control.nameBatches;
    toy.control.add({ userId: 'bob', body: 'splendid', stars: 5 });
    for (const results of await Promise.all(heard)) {
      expect(results[1]).toEqual({ data: { event: { action: 'ADDED', review: { stars: 5, author: { id: 'bob', called: 'BOB', score: 98 } } } } });
    }
    // Apart each subscriber's event has come over the wire by itself.
    expect(toy.control.nameBatches - before).toBe(mode === 'in process' ? 2 : 4);
  });

  it('makes loaders anew for every event', async () => {
    const [first, second] = await toy.collect(toy.socket(), 'subscription { reviewAdded { loads } }', {
      count: 2,
      each: (_result, index) => index === 0 && toy.control.add({ userId: 'bob', body: 'again', stars: 3 }),
    });
    const loads = (result: ToyResult | undefined) => (result!.data!.reviewAdded as { loads: number }).loads;
    expect(loads(second)).toBeGreaterThan(loads(first));
  });

  it('answers what the subgraph refuses, and what was not foreseen, by its code', async () => {
    const [refused] = await toy.collect(toy.socket(), 'subscription { guardedEvents }');
    expect(refused!.errors![0]!.extensions).toMatchObject({ code: 'UNAUTHENTICATED', requestId: expect.any(String) });
    const token = await toy.accessToken();
    const [taken] = await toy.collect(toy.socket({ Authorization: `Bearer ${token}` }), 'subscription { guardedEvents }', { count: 1 });
    expect(taken).toEqual({ data: { guardedEvents: 1 } });
  });

  it('runs queries and mutations over the socket too', async () => {
    const client = toy.socket({ 'X-API-Key': 'good_key' });
    expect(await toy.collect(client, '{ user(id: "ann") { score } whoAmI { kind } }')).toEqual([{ data: { user: { score: 97 }, whoAmI: { kind: 'apiKey' } } }]);
    expect(await toy.collect(client, 'mutation { rename(input: { id: "ann", name: "ANN" }) { id } }')).toEqual([{ data: { rename: { id: 'ann' } } }]);
  });

  it('keeps the socket open after a syntax error, a validation error and bad variables in one operation', async () => {
    const client = toy.socket();
    const running: unknown[] = [];
    const leave = client.subscribe({ query: EVENTS }, { next: (result) => running.push(result), error: () => undefined, complete: () => undefined });
    await until(() => running.length === 1, 'the first event');
    const errorsOf = (query: string) => toy.collect(client, query).then((results) => results[0]!.errors, (errors: unknown) => errors);
    expect(await errorsOf('subscription { reviewAdded {')).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED', requestId: expect.any(String) } }]);
    expect(await errorsOf('subscription { nothing }')).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(await errorsOf('subscription S($min: Int!) { reviewAdded(min: $min) { action } }')).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR', details: [{ field: 'min', code: 'REQUIRED' }] } }]);
    toy.control.add({ userId: 'ann', body: 'still here', stars: 5 });
    await until(() => running.length === 2, 'an event after the errors');
    leave();
  });

  it('closes a socket with bad credentials with 4401 and says why', async () => {
    const closed = await new Promise<{ code: number; reason: string }>((resolve) => {
      toy.socket({ Authorization: 'Bearer nonsense' }).subscribe({ query: EVENTS }, { next: () => undefined, error: (error) => resolve(error as { code: number; reason: string }), complete: () => undefined });
    });
    expect(closed).toMatchObject({ code: 4401, reason: 'The token is not valid.' });
  });

  it('ends a subscription with UNAUTHENTICATED when the token expires', async () => {
    const token = await toy.accessToken({}, 3);
    const results = await toy.collect(toy.socket({ authorization: `Bearer ${token}` }), EVENTS);
    expect(results).toHaveLength(2);
    expect(results[1]!.errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
    await until(() => toy.control.listeners.size === 0, 'the upstream to close');
  });

  it('refuses a new operation on a socket whose token has expired', async () => {
    const client = toy.socket({ authorization: `Bearer ${await toy.accessToken({}, 3)}` });
    const codeOf = () => toy.collect(client, '{ whoAmI { kind } }').then(() => 'ok', (errors: Array<{ extensions: { code: string } }>) => errors[0]!.extensions.code);
    expect(await codeOf()).toBe('ok');
    await until(async () => (await codeOf()) !== 'ok', 'the token to expire');
    expect(await codeOf()).toBe('UNAUTHENTICATED');
  });

  it('ends a subscriber that does not keep up, and nobody else', async () => {
    const principal = anonymous;
    const slow = (await toy.gateway.supergraph.subscribe({ query: 'subscription { reviewAdded { action review { stars } } }', principal, requestId: 'slow' })) as AsyncIterableIterator<ExecutionResult>;
    const quick: unknown[] = [];
    const leave = toy.socket().subscribe({ query: 'subscription { reviewAdded { action } }' }, { next: (result) => quick.push(result), error: () => undefined, complete: () => undefined });
    await slow.next();
    await until(() => quick.length === 1, 'the quick subscriber');
    const sent = 300;
    for (let i = 0; i < sent; i += 1) {
      toy.control.add({ userId: 'ann', body: 'many', stars: 5 });
      if (i % 20 === 0) await until(() => quick.length > i, 'the quick subscriber to keep up');
    }
    await until(() => quick.length === sent + 1, 'every event at the quick subscriber');
    const rest: ExecutionResult[] = [];
    for await (const result of slow) rest.push(result);
    expect(rest).toHaveLength(1);
    expect(rest[0]!.errors![0]!.extensions.code).toBe('SLOW_CONSUMER');
    leave();
  });

  it('bounds what waits for a socket that is not read, while others go on', async () => {
    const socket = new WebSocket(`${toy.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await new Promise((resolve) => socket.once('message', resolve));
    const slowOnes = async () => Number(/subscriptions_ended_total\{reason="slow"\} (\d+)/.exec(await toy.metrics.registry.metrics())?.[1] ?? 0);
    const before = await slowOnes();
    socket.pause();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { flood }' } }));
    await until(async () => (await slowOnes()) > before, 'the subscription of the slow socket to end');
    expect((await toy.post('{ user(id: "ann") { id } }')).status).toBe(200);
    socket.terminate();
  });

  it('closes the upstream when the line of one who does not read breaks under a message', async () => {
    await until(() => toy.control.listeners.size === 0, 'earlier listeners to close');
    const socket = new WebSocket(`${toy.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await new Promise((resolve) => socket.once('message', resolve));
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { reviewAdded { review { body } } }' } }));
    await new Promise((resolve) => socket.once('message', resolve));
    socket.pause();
    // More than the line takes, and fewer events than may wait.
    for (let i = 0; i < 40; i += 1) toy.control.add({ userId: 'ann', body: 'x'.repeat(500_000), stars: 1 });
    // Answered behind them: by then they have been handed to the line.
    expect((await toy.post('{ user(id: "ann") { id } }')).status).toBe(200);
    expect(toy.control.listeners.size).toBe(1);
    socket.terminate();
    await until(() => toy.control.listeners.size === 0, 'the upstream to close');
  });

  it('carries several principals on one socket by a token per operation', async () => {
    const client = toy.socket();
    const ask = async (id: string) => {
      const token = await toy.tokens.signService({ service: id, tenantId: null, onBehalfOf: null, runId: null, permissions: [] });
      return new Promise((resolve, reject) => {
        client.subscribe({ query: '{ whoAmI { kind id } }', extensions: { headers: { authorization: `Bearer ${token}` } } }, { next: resolve, error: reject, complete: () => undefined });
      });
    };
    expect(await ask('ops')).toEqual({ data: { whoAmI: { kind: 'service', id: 'ops' } } });
    expect(await ask('rest')).toEqual({ data: { whoAmI: { kind: 'service', id: 'rest' } } });
  });

  it('serves callers in this process, until they abort', async () => {
    const stop = new AbortController();
    const principal = makePrincipal({ kind: 'service', id: 'ops' });
    const events = (await toy.gateway.supergraph.subscribe({ query: EVENTS, principal, requestId: 'in', signal: stop.signal })) as AsyncIterableIterator<ExecutionResult>;
    expect((await events.next()).value).toMatchObject({ data: { event: { action: 'SNAPSHOT' } } });
    const pending = events.next();
    stop.abort();
    expect((await pending).done).toBe(true);
  });
});
