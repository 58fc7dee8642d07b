import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subgraphNames } from '#cli/composition/blueprints.ts';
import { CreatePlanDocument, FindCustomersDocument, OnboardCustomerDocument, RegisterRouterDocument, RunDocument } from '#schema/operations/graphql.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { loggedIn, type Client, type GraphError } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { MODES, PARTS, startProduct, type Product } from '../support/product.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { runSeed, seeded } from '../support/seeded.ts';
import { planInput } from './operations.ts';

/** Rounds of kill -9; the long form (`npm run test:faults`) asks for more. */
const ROUNDS = Number(process.env.HEADEND_KILL_ROUNDS ?? 10);

describe.each(MODES)('kill -9 in the middle of onboarding (%s)', (mode) => {
  let database: TestDatabase;
  let product: Product;
  let router: TestRouter;
  let routerId: string;

  /** As a careful client does: what is out of reach for now is asked again. */
  const persistently = <T>(what: string, attempt: () => Promise<T>): Promise<T> =>
    eventually(what, 60_000, () =>
      attempt().catch((error: Error & { errors?: GraphError[] }) => {
        if (error.errors && !error.errors.every(({ extensions }) => extensions.code === 'UNAVAILABLE')) throw error;
        return undefined;
      }),
    );

  const client = (): Promise<Client> => persistently('a login', () => loggedIn(product.url));

  beforeAll(async () => {
    database = await testDatabase({ subgraphs: subgraphNames });
    router = await startRouter('core-1');
    product = await startProduct({ mode, databaseUrl: database.url });
    const admin = await client();
    await admin.ask(CreatePlanDocument, { input: planInput('fiber-100') });
    const { registerRouter } = await admin.ask(RegisterRouterDocument, { input: router.input });
    routerId = registerRouter.router.id;
  }, 120_000);

  afterAll(async () => {
    await product?.stop();
    await router?.simulator.stop();
    await database?.drop();
  });

  it.each(Array.from({ length: ROUNDS }, (_, round) => round))(
    `round %i completes after the restart, and router and database agree (HEADEND_SEED=${runSeed})`,
    async (round) => {
      const random = seeded(runSeed + round);
      const username = `kill-${mode === 'apart' ? 'a' : 'o'}${round}`;
      const input = {
        customer: { name: `Customer ${username}`, email: `${username}@example.com` },
        planId: 'fiber-100',
        routerId,
        credentials: { username, password: 'pw-of-a-subscriber' },
        billingDay: 1,
        idempotencyKey: username,
      };
      const before = await client();
      // The answer may be lost with the process: then nobody knows whether it happened, and the key makes asking again safe.
      const answer = before.ask(OnboardCustomerDocument, { input }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, random() * 350));
      // Apart, one process dies and the others live on; in one process everything dies.
      await product.kill9(PARTS[Math.floor(random() * PARTS.length)]!);
      const acknowledged = await answer;
      await product.start();

      const after = await client();
      // While a part is away the call answers without customer and service; asked again, it tells of the same run.
      const onboardCustomer = await eventually('customer and service', 60_000, async () => {
        const again = await persistently('the same call again', () => after.ask(OnboardCustomerDocument, { input }));
        return again.onboardCustomer.service ? again.onboardCustomer : undefined;
      });
      expect([undefined, onboardCustomer.run.id], 'what was acknowledged is what is there').toContain(acknowledged?.onboardCustomer.run.id);
      await eventually(`the run of ${username} to succeed`, 60_000, async () => {
        const { run } = await persistently('the run', () => after.ask(RunDocument, { id: onboardCustomer.run.id }));
        if (['FAILED', 'CANCELLED'].includes(run!.state)) throw new Error(`the run ${run!.state}: ${JSON.stringify(run!.steps)}`);
        return run!.state === 'SUCCEEDED' ? run : undefined;
      });

      expect(router.simulator.rows('/ppp/secret').filter((row) => row.name === username)).toMatchObject([{ disabled: 'false', profile: expect.stringContaining('fiber-100') }]);
      const { customers } = await after.ask(FindCustomersDocument, { search: username });
      expect(customers.nodes).toMatchObject([{ services: { nodes: [{ id: onboardCustomer.service!.id, status: 'ACTIVE', access: { enforcement: { outcome: 'APPLIED' } } }] } }]);
    },
    120_000,
  );
});
