import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { systemClock } from '#kernel/clock.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makeBus, type Bus, type BusOptions, type DomainEvent } from './bus.ts';

const TENANT_A = uuidv7();
const TENANT_B = uuidv7();

let test: TestDatabase;
const running: Bus[] = [];

beforeAll(async () => {
  test = await testDatabase({ subgraphs: ['network', 'services', 'billing'] });
});
afterAll(() => test.drop());
afterEach(async () => {
  await Promise.all(running.splice(0).map((bus) => bus.stop()));
  await test.database.forSubgraph('network').system(async (tx) => {
    await tx.execute(sql`delete from bus.outbox`);
    await tx.execute(sql`delete from bus.inbox`);
    await tx.execute(sql`delete from bus.cursors`);
    await tx.execute(sql`delete from bus.parked`);
  });
});

function bus(subgraph: string, options: Partial<BusOptions> = {}): Bus {
  const made = makeBus({ database: test.database, subgraph, log: silentLogger, clock: systemClock, newId: uuidv7, ...options });
  running.push(made);
  return made;
}

function publish(from: Bus, subgraph: string, tenantId: string, subject: string, type = 'network.session.up', payload: Record<string, unknown> = {}): Promise<void> {
  return test.database.forSubgraph(subgraph).write(tenantId, (tx) => from.publish(tx, [{ type, tenantId, subject, payload }]));
}

/** Waits for a condition, with a deadline; the bus has no hook to wait on from outside. */
async function until(condition: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('It did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('bus', () => {
  it('delivers what was committed, in order, under the tenant of the event', async () => {
    const network = bus('network');
    const services = bus('services');
    const heard: Array<{ event: DomainEvent; tenant: string; role: string }> = [];
    services.consume({
      consumer: 'sessions',
      types: ['network.session.up'],
      async handle(event, tx) {
        const [row] = await tx.execute<{ tenant: string; role: string }>(sql`select current_setting('app.tenant_id') as tenant, current_user::text as role`);
        heard.push({ event, ...row! });
      },
    });
    await services.start();
    await network.start();
    await publish(network, 'network', TENANT_A, 'one', 'network.session.up', { n: 1 });
    await publish(network, 'network', TENANT_B, 'two', 'network.session.up', { n: 2 });
    await publish(network, 'network', TENANT_B, 'other', 'network.session.down');
    await until(() => heard.length === 2);
    expect(heard.map(({ event }) => event.subject)).toEqual(['one', 'two']);
    expect(heard.map(({ tenant }) => tenant)).toEqual([TENANT_A, TENANT_B]);
    expect(new Set(heard.map(({ role }) => role))).toEqual(new Set(['headend_services']));
    expect(heard[0]!.event).toMatchObject({ type: 'network.session.up', tenantId: TENANT_A, payload: { n: 1 } });
    expect(heard[0]!.event.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('announces nothing when the transaction rolls back', async () => {
    const network = bus('network');
    const services = bus('services');
    const heard: string[] = [];
    services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: async (event) => void heard.push(event.subject) });
    await services.start();
    await expect(
      test.database.forSubgraph('network').write(TENANT_A, async (tx) => {
        await network.publish(tx, [{ type: 'network.session.up', tenantId: TENANT_A, subject: 'lost', payload: {} }]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await publish(network, 'network', TENANT_A, 'kept');
    await until(() => heard.length > 0);
    expect(heard).toEqual(['kept']);
  });

  it('tails one tenant live', async () => {
    const network = bus('network');
    await network.start();
    const tail = network.tail({ tenantId: TENANT_A });
    await publish(network, 'network', TENANT_B, 'foreign');
    await publish(network, 'network', TENANT_A, 'own');
    const first = await tail.next();
    expect(first.value).toMatchObject({ subject: 'own', tenantId: TENANT_A });
    await tail.return!();
  });
});
