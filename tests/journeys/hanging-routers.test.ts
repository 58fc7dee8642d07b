import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreatePlanDocument, DisconnectSessionDocument, OnboardCustomerDocument, RegisterRouterDocument, RouterDocument, RunDocument } from '#schema/operations/graphql.ts';
import type { TestDatabase } from '#kernel/db/test-database.ts';
import { loggedIn, type Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { MODES, PARTS, productDatabase, startProduct, type Product } from '../support/product.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { planInput } from './operations.ts';

const ROUTERS = 50;
const HANGING = 10;

/** Accepts the connection and never says a word. */
function startHanging(): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as { port: number }).port,
        stop() {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      }),
    ),
  );
}

describe.each(MODES)(`ten of fifty routers accept and never answer (%s)`, (mode) => {
  let database: TestDatabase;
  let product: Product;
  let client: Client;
  const hanging: Array<{ port: number; stop(): void }> = [];
  const answering: Array<{ id: string; router: TestRouter }> = [];
  const hangingIds: string[] = [];

  beforeAll(async () => {
    database = await productDatabase();
    product = await startProduct({ mode, databaseUrl: database.url, parts: PARTS.filter((part) => part !== 'rest') });
    client = await loggedIn(product.url);
    await client.ask(CreatePlanDocument, { input: planInput('fiber-100') });
    const routers = await Promise.all(Array.from({ length: ROUTERS - HANGING }, (_, index) => startRouter(`alive-${index}`)));
    hanging.push(...(await Promise.all(Array.from({ length: HANGING }, startHanging))));
    for (const { port } of hanging) {
      const { registerRouter } = await client.ask(RegisterRouterDocument, { input: { name: `hanging-${port}`, host: '127.0.0.1', port, username: 'headend', password: 'x', site: 'Test rack' } });
      hangingIds.push(registerRouter.router.id);
    }
    for (const router of routers) answering.push({ router, id: (await client.ask(RegisterRouterDocument, { input: router.input })).registerRouter.router.id });
  }, 400_000);

  afterAll(async () => {
    await client?.close();
    await product?.stop();
    for (const { stop } of hanging) stop();
    await Promise.all(answering.map(({ router }) => router.simulator.stop()));
    await database?.drop();
  });

  const timed = async <T>(work: Promise<T>): Promise<{ result: T; ms: number }> => {
    const began = performance.now();
    const result = await work;
    return { result, ms: performance.now() - began };
  };
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

  it('the other forty come up, and the ten are shown as what they are', async () => {
    await eventually('forty routers to be reachable', 60_000, async () => {
      const { routers } = await client.ask<{ routers: { nodes: Array<{ id: string; status: { reachable: boolean } }> } }>('{ routers(first: 100) { nodes { id status { reachable } } } }');
      const reachable = new Set(routers.nodes.filter(({ status }) => status.reachable).map(({ id }) => id));
      expect(hangingIds.filter((id) => reachable.has(id))).toEqual([]);
      return answering.every(({ id }) => reachable.has(id)) || undefined;
    });
    // Nothing is known of them until the first dial has been given up; then it is.
    for (const id of hangingIds) await eventually('a hanging router to be shown unreachable', 30_000, async () => (await client.ask(RouterDocument, { id })).router!.status!.reachable === false || undefined);
  }, 120_000);

  it('runs, lists, commands, reads and subscriptions of the forty are done while the ten are still waited for', async () => {
    const onboard = (routerId: string, username: string) =>
      client.ask(OnboardCustomerDocument, { input: { customer: { name: username }, planId: 'fiber-100', routerId, credentials: { username, password: 'pw-of-a-subscriber' }, billingDay: 1 } });
    // What waits for the ten: a run on each, and reads that go to the router itself.
    const stuck = await Promise.all(hangingIds.map((id, index) => onboard(id, `stuck${index}`)));
    let readsBack = 0;
    const reads = hangingIds.map((routerId) => client.send('query ($routerId: ID!) { pppSecrets(routerId: $routerId) { totalCount } }', { routerId }).finally(() => (readsBack += 1)));

    const figures: Record<string, number[]> = { list: [], read: [], event: [], disconnect: [] };
    const probe = async ({ id, router }: (typeof answering)[number]) => {
      const list = await timed(client.ask<{ routers: { nodes: unknown[] } }>('{ routers(first: 100) { nodes { id name status { reachable reason } } } customers(first: 20) { nodes { name services { nodes { status access { enforcement { outcome } } } } } } }'));
      expect(list.result.routers.nodes.length).toBeGreaterThanOrEqual(ROUTERS);
      const read = await timed(client.ask<{ pppSecrets: { totalCount: number } }>('query ($routerId: ID!) { pppSecrets(routerId: $routerId) { totalCount } }', { routerId: id }));
      expect(read.result.pppSecrets.totalCount).toBeGreaterThanOrEqual(3);
      const events = client.subscribe<{ pppSessions: { action: string; session: { id: string; name: string } } }>('subscription ($routerId: ID) { pppSessions(routerId: $routerId) { action session { id name } } }', { routerId: id });
      const next = async (action: string) => {
        for (;;) {
          const { value, done } = await events.next();
          if (done) throw new Error('the subscription ended');
          if (value.pppSessions.action === action && value.pppSessions.session.name === 'demo-alice') return value.pppSessions.session;
        }
      };
      const { id: sessionId } = await next('SNAPSHOT');
      const began = performance.now();
      const [cut] = await Promise.all([timed(client.ask(DisconnectSessionDocument, { input: { sessionId } })), next('DOWN')]);
      figures.event!.push(performance.now() - began);
      await events.return?.();
      figures.list!.push(list.ms);
      figures.read!.push(read.ms);
      figures.disconnect!.push(cut.ms);
      expect(router.simulator.rows('/ppp/secret').length).toBeGreaterThanOrEqual(3);
    };
    await eventually('the homes of every router to dial', 20_000, () => answering.every(({ router }) => router.simulator.rows('/ppp/active').some(({ name }) => name === 'demo-alice')) || undefined);
    for (let at = 0; at < answering.length; at += 8) await Promise.all(answering.slice(at, at + 8).map(probe));
    const done = await Promise.all(answering.slice(0, 8).map(({ id }, index) => onboard(id, `swift${index}`)));
    await Promise.all(done.map(({ onboardCustomer }) => eventually('the run on an answering router to succeed', 60_000, async () => ((await client.ask(RunDocument, { id: onboardCustomer.run.id })).run!.state === 'SUCCEEDED' ? true : undefined))));

    // The ten are waited for, visibly: none has been done, none has failed.
    const states = await Promise.all(stuck.map(async ({ onboardCustomer }) => (await client.ask(RunDocument, { id: onboardCustomer.run.id })).run!));
    expect(states.filter(({ state }) => !['RUNNING', 'WAITING'].includes(state))).toEqual([]);
    for (const { errors } of await Promise.all(reads)) expect(errors?.[0]?.extensions.code).toMatch(/^(UNAVAILABLE|NETWORK_ROUTER_)/);
    process.stdout.write(`${mode}: beside ${HANGING} hanging routers, median ms on the other ${answering.length}: ${Object.entries(figures).map(([what, values]) => `${what} ${median(values).toFixed(0)}`).join(', ')}\n`);
  }, 400_000);
});
