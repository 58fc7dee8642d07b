import { AsyncLocalStorage } from 'node:async_hooks';
import type { ExecutionResult } from 'graphql';
import type { Principal } from '#kernel/access/principal.ts';
import { makeTokens, type Tokens } from '#kernel/access/tokens.ts';
import { makeBus, type DomainEvent } from '#kernel/bus/bus.ts';
import { loadConfig } from '#kernel/config.ts';
import { makeSecretBox } from '#kernel/crypto/secret-box.ts';
import type { StatementSeen } from '#kernel/db/database.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger, type Logger } from '#kernel/logs.ts';
import { makeMetrics } from '#kernel/metrics.ts';
import type { SubgraphBlueprint, SubgraphKit } from './define-subgraph.ts';
import { localSubgraph } from './local.ts';

/** What comes out of JSON: a test that reads a field which is not there fails by itself. */
type Answer = Record<string, ReturnType<typeof JSON.parse>>;

export interface TestSubgraph {
  kit: SubgraphKit;
  tokens: Tokens;
  test: TestDatabase;
  /** The clock of the subgraph: `advance` moves it. */
  clock: { now(): Date; advance(seconds: number): void };
  /** Runs a document as somebody; the answer as a client would get it. */
  run<T = Answer>(principal: Principal, query: string, variables?: Record<string, unknown>): Promise<ExecutionResult<T>>;
  /** The data; fails the test when there are errors. */
  data<T = Answer>(principal: Principal, query: string, variables?: Record<string, unknown>): Promise<T>;
  /** `{ code, fields }` of the first error; the code is `OK` when there is none. */
  fault(principal: Principal, query: string, variables?: Record<string, unknown>): Promise<{ code: string; fields: string[]; message: string }>;
  /** The statements that the work has made in the subgraph's own role, without begin, role, tenant and commit. */
  statementsOf(work: () => Promise<unknown>): Promise<StatementSeen[]>;
  /** The first so many events that the work makes the subgraph announce in a tenant of its own. What happened just before may be among them: `wanted` tells. */
  announcedBy(tenantId: string, howMany: number, work: () => Promise<unknown>, wanted?: (event: DomainEvent) => boolean): Promise<DomainEvent[]>;
  stop(): Promise<void>;
}

/** Seals and signs in tests: another process on the same database needs it too. */
export const TEST_SECRET = 'a secret of the tests, long enough for all';

/** What a statement is made for, through whatever is awaited on the way. */
const counted = new AsyncLocalStorage<StatementSeen[]>();

/** One subgraph on a database of its own, called as the gateway calls it in process. For tests. */
export async function testSubgraph(blueprint: SubgraphBlueprint, { env = {}, max }: { env?: Record<string, string>; max?: number } = {}): Promise<TestSubgraph> {
  const test = await testDatabase({ migrations: [{ subgraph: blueprint.name, folder: blueprint.migrations }], ...(max ? { max } : {}) });
  const { database } = test;
  // What was masked for the client is what a failing test wants to know.
  let masked: unknown;
  const log: Logger = { ...silentLogger, error: (fields) => void (masked = (fields as { err?: unknown }).err ?? masked), child: () => log };
  let moved = 0;
  const clock = { now: () => new Date(Date.now() + moved), advance: (seconds: number) => void (moved += seconds * 1000) };
  const secret = TEST_SECRET;
  const tokens = makeTokens({ secret, clock });
  const kit: SubgraphKit = {
    config: loadConfig(env),
    database,
    db: database.forSubgraph(blueprint.name),
    bus: makeBus({ database, subgraph: blueprint.name, log, clock, newId: uuidv7 }),
    tokens,
    secretBox: makeSecretBox(secret),
    clock,
    log,
    metrics: makeMetrics(),
    supergraph: () => {
      throw new Error('There is no supergraph in this test.');
    },
  };
  const running = await blueprint.make(kit);
  await running.start();
  await kit.bus.start();
  const subgraph = localSubgraph({ name: running.name, schema: running.schema, loaders: running.loaders, log });

  const run = <T>(principal: Principal, query: string, variables?: Record<string, unknown>) =>
    subgraph.execute<T>({ query, principal, requestId: 'test', ...(variables ? { variables } : {}) }).then((result) => JSON.parse(JSON.stringify(result)) as ExecutionResult<T>);

  return {
    kit,
    tokens,
    test,
    clock,
    run,
    async data<T>(principal: Principal, query: string, variables?: Record<string, unknown>) {
      const { data, errors } = await run<T>(principal, query, variables);
      if (errors) throw new Error(`The operation failed: ${JSON.stringify(errors)}`, { cause: masked });
      return data!;
    },
    async fault(principal, query, variables) {
      const { errors } = await run(principal, query, variables);
      const extensions = (errors?.[0]?.extensions ?? {}) as { code?: string; details?: Array<{ field: string }> };
      return { code: errors ? String(extensions.code) : 'OK', fields: (extensions.details ?? []).map(({ field }) => field).sort(), message: errors?.[0]?.message ?? '' };
    },
    async statementsOf(work) {
      const seen: StatementSeen[] = [];
      // The bus looks for news as the system at any time; what goes on in the background is not the work's either.
      database.onStatement = (statement) => {
        if (statement.mode !== 'system' && counted.getStore() === seen) seen.push(statement);
      };
      await counted.run(seen, work);
      database.onStatement = undefined;
      return seen;
    },
    async announcedBy(tenantId, howMany, work, wanted = () => true) {
      const tail = kit.bus.tail({ tenantId });
      const events: DomainEvent[] = [];
      const heard = (async () => {
        for await (const event of tail) if (wanted(event) && events.push(event) >= howMany) return;
      })();
      await work();
      await heard;
      return events;
    },
    async stop() {
      await kit.bus.stop();
      await running.stop();
      await test.drop();
    },
  };
}
