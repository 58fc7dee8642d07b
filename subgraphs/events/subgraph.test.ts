import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anonymous } from '#kernel/access/principal.ts';
import type { NewEvent } from '#kernel/bus/bus.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { assertTenantIsolation } from '#kernel/db/isolation.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { events } from './subgraph.ts';
import { makeRetention, KEEP_ENTRIES_DAYS } from './timeline/retention.ts';
import { follow, PAGE, reader, startEventsProcess, subscriber, type EventsProcess, type Following, type PageShown, type Subscriber } from './testing/events-world.ts';

let graph: TestSubgraph;
let here: EventsProcess;
const open: Following[] = [];

beforeAll(async () => {
  graph = await testSubgraph(events);
  here = await startEventsProcess(graph.kit);
});
afterEach(async () => {
  for (const following of open.splice(0)) await following.leave();
});
afterAll(async () => {
  await here?.stop();
  await graph?.stop();
});

const PAGE_OF_MANY = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { timeline(first: 1) { nodes { position } } } } }';

/** Announces in one transaction each, as different subgraphs do. */
const tell = async (...told: NewEvent[]): Promise<void> => {
  for (const event of told) await graph.kit.db.write(event.tenantId, (tx) => graph.kit.bus.publish(tx, [event]));
};
const heard = async (): Promise<void> => {
  expect(await graph.kit.bus.caughtUp('timeline', 20_000)).toBe(true);
  expect(await graph.kit.bus.parked()).toEqual([]);
};
const following = async (of: Subscriber, after?: string, permissions?: string[], process = here): Promise<Following> => {
  const made = await follow(process.subgraph, reader(of.tenantId, permissions), { customerId: of.customerId, after });
  open.push(made);
  return made;
};
const page = async (of: Subscriber, variables: object = {}, permissions?: string[]): Promise<PageShown> => {
  const { _entities: found } = await graph.data<{ _entities: [{ timeline: PageShown }] }>(reader(of.tenantId, permissions), PAGE, { of: [{ __typename: 'Customer', id: of.customerId }], ...variables });
  return found[0].timeline;
};
const newcomer = async (tenantId = uuidv7()): Promise<Subscriber> => {
  const made = subscriber(tenantId);
  await tell(...made.created);
  return made;
};

describe('the timeline of a customer', () => {
  it('tells what every domain announces, in the order in which it happened, with what it is about', async () => {
    const ada = await newcomer();
    const runId = uuidv7();
    await tell(
      ada.service('activated', { planCode: 'fiber', price: { amount: '29.90', currency: 'USD' } }),
      ada.session('up'),
      ada.invoice('issued'),
      ada.invoice('overdue'),
      ada.run('RUNNING', 1, runId),
      ada.service('suspended', { status: 'SUSPENDED', reason: 'NON_PAYMENT' }),
      ada.run('WAITING', 4, runId),
      ada.run('WAITING', 5, runId),
      ada.run('RUNNING', 6, runId),
      ada.session('down'),
      ada.run('SUCCEEDED', 7, runId),
      ada.payment(),
      ada.service('resumed'),
    );
    const entries = await (await following(ada)).take(13);
    expect(entries.map(({ position, kind, source, summary, details }) => [position, kind, source, summary, details.form])).toEqual([
      [1, 'CUSTOMER_CREATED', 'identity', 'Customer Ada created (A-1)', 'TimelineCustomer'],
      [2, 'SERVICE_CREATED', 'services', 'Service SVC-1 created', 'TimelineService'],
      [3, 'SERVICE_ACTIVATED', 'services', 'Service SVC-1 activated on the plan fiber', 'TimelineService'],
      [4, 'SESSION_UP', 'network', 'ada online (10.0.0.0)', 'TimelineSession'],
      [5, 'INVOICE_ISSUED', 'billing', 'Invoice INV-1 over 29.90 USD issued, due 2026-01-19', 'TimelineInvoice'],
      [6, 'INVOICE_OVERDUE', 'billing', 'Invoice INV-1 over 29.90 USD overdue', 'TimelineInvoice'],
      [7, 'RUN_STARTED', 'ops', 'Suspend service: started', 'TimelineRun'],
      [8, 'SERVICE_SUSPENDED', 'services', 'Service SVC-1 suspended (non payment)', 'TimelineService'],
      [9, 'RUN_WAITING', 'ops', 'Suspend service: waiting', 'TimelineRun'],
      [10, 'SESSION_DOWN', 'network', 'ada offline (10.0.0.0)', 'TimelineSession'],
      [11, 'RUN_SUCCEEDED', 'ops', 'Suspend service: succeeded', 'TimelineRun'],
      [12, 'PAYMENT_RECEIVED', 'billing', 'Payment of 29.90 USD received', 'TimelinePayment'],
      [13, 'SERVICE_RESUMED', 'services', 'Service SVC-1 resumed', 'TimelineService'],
    ]);
  });

  it('shows the newest first, a page at a time, and goes on from there as a subscription', async () => {
    const ada = await newcomer();
    await tell(...Array.from({ length: 5 }, (_, n) => ada.session('up', n)));
    await heard();
    const first = await page(ada, { first: 3 });
    expect(first.nodes.map(({ position }) => position)).toEqual([7, 6, 5]);
    expect(first).toMatchObject({ totalCount: 7, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = await page(ada, { first: 4, after: first.pageInfo.endCursor });
    expect(second.nodes.map(({ position }) => position)).toEqual([4, 3, 2, 1]);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect((await page(ada, { first: 2, offset: 5 })).nodes.map(({ position }) => position)).toEqual([2, 1]);
    expect((await page(ada, { filter: { kinds: ['SERVICE_CREATED', 'CUSTOMER_CREATED'] } })).nodes.map(({ kind }) => kind)).toEqual(['SERVICE_CREATED', 'CUSTOMER_CREATED']);
    const live = await following(ada, first.pageInfo.startCursor!);
    await tell(ada.session('down'));
    expect(await live.take(1)).toMatchObject([{ position: 8, kind: 'SESSION_DOWN' }]);
  });

  it('reads the pages of many customers in one statement', async () => {
    const tenantId = uuidv7();
    const all = [await newcomer(tenantId), await newcomer(tenantId), await newcomer(tenantId)];
    await heard();
    const statements = await graph.statementsOf(() => graph.data(reader(tenantId), PAGE_OF_MANY, { of: all.map(({ customerId }) => ({ __typename: 'Customer', id: customerId })) }));
    expect(statements).toHaveLength(1);
  });

  it('shows of each domain only what one may read there', async () => {
    const ada = await newcomer();
    await tell(ada.invoice('issued'), ada.payment(), ada.session('up'));
    await heard();
    expect((await page(ada, {}, ['customer:read'])).nodes.map(({ kind }) => kind)).toEqual(['CUSTOMER_CREATED']);
    expect(await page(ada, {}, ['customer:read', 'session:read', 'payment:read'])).toMatchObject({ totalCount: 3, nodes: [{ kind: 'SESSION_UP' }, { kind: 'PAYMENT_RECEIVED' }, { kind: 'CUSTOMER_CREATED' }] });
    const live = await following(ada, undefined, ['customer:read', 'session:read']);
    expect((await live.take(2)).map(({ kind }) => kind)).toEqual(['CUSTOMER_CREATED', 'SESSION_UP']);
    await tell(ada.payment(), ada.session('down'));
    expect((await live.take(1)).map(({ kind }) => kind)).toEqual(['SESSION_DOWN']);
  });

  it('has one entry of an event that is heard twice', async () => {
    const ada = await newcomer();
    await tell(ada.session('up'), ada.run('WAITING', 3, uuidv7()));
    await heard();
    const before = await page(ada);
    await graph.kit.db.system(async (tx) => {
      await tx.execute(sql`delete from bus.inbox where consumer = 'events:timeline'`);
      await tx.execute(sql`update bus.cursors set xid = '0', seq = -1 where consumer = 'events:timeline'`);
    });
    await heard();
    expect(await page(ada)).toEqual(before);
  });

  it('keeps the tenants apart', async () => {
    await assertTenantIsolation(graph.kit.database, 'events');
    const ada = await newcomer();
    const stranger = { ...ada, tenantId: uuidv7() };
    await heard();
    expect((await page(stranger)).totalCount).toBe(0);
    await expect(following(stranger)).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });

  it('removes what is older than is kept, but never the newest entry', async () => {
    const ada = await newcomer();
    await tell(ada.session('up'), ada.session('down'));
    await heard();
    const { nodes } = await page(ada);
    const later = { now: () => new Date(graph.clock.now().getTime() + (KEEP_ENTRIES_DAYS + 1) * 86_400_000) };
    expect(await makeRetention({ ...graph.kit, clock: later }).prune()).toBeGreaterThanOrEqual(3);
    expect((await page(ada)).nodes).toEqual([nodes[0]]);
    // Behind the newest that was removed nothing is missing; below it there is.
    expect(await (await following(ada, nodes[1]!.cursor)).take(1)).toMatchObject([{ position: 4 }]);
    await expect(following(ada, nodes[2]!.cursor)).rejects.toMatchObject({ extensions: { code: 'VALIDATION_ERROR', details: [{ field: 'after' }] } });
    expect(await (await following(ada)).take(1)).toMatchObject([{ position: 4 }]);
  });
});

describe('the subscription', () => {
  it('knows a customer who was created a moment ago', async () => {
    const ada = subscriber(uuidv7());
    await tell(...ada.created);
    expect(await (await following(ada)).take(2)).toMatchObject([{ position: 1 }, { position: 2 }]);
  });

  it('has neither a gap nor a double while several write, two processes hear and clients come and go', async () => {
    const ada = await newcomer();
    const EVENTS = 300;
    const writing = Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        for (let n = writer; n < EVENTS; n += 6) await tell(ada.session('up', n));
      }),
    );
    const read = async (process: EventsProcess, steps: number): Promise<number[]> => {
      const positions: number[] = [];
      let after: string | undefined;
      while (positions.length < EVENTS + 2) {
        const one = await following(ada, after, undefined, process);
        const taken = await one.take(Math.min(steps, EVENTS + 2 - positions.length));
        await one.leave();
        positions.push(...taken.map(({ position }) => position));
        after = taken.at(-1)!.cursor;
      }
      return positions;
    };
    const other = await startEventsProcess(graph.kit);
    try {
      const all = Array.from({ length: EVENTS + 2 }, (_, n) => n + 1);
      expect(await Promise.all([read(here, 7), read(other, 50), read(other, 1000)])).toEqual([all, all, all]);
      await writing;
    } finally {
      await other.stop();
    }
  });

  it('sees what another process has written, and ends when the customer is withdrawn', async () => {
    const ada = await newcomer();
    const live = await following(ada);
    await live.take(2);
    await tell(ada.service('withdrawn'));
    expect(await live.take(1)).toMatchObject([{ kind: 'SERVICE_WITHDRAWN' }]);
    await tell({ type: 'identity.customer.withdrawn', tenantId: ada.tenantId, subject: ada.customerId, payload: { customerId: ada.customerId } });
    await expect(live.take(1)).rejects.toThrow('ended');
    await expect(following(ada)).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });

  it('refuses what cannot be followed', async () => {
    const ada = await newcomer();
    const grace = await newcomer(ada.tenantId);
    const [newest] = await (await following(grace)).take(1);
    const code = (of: Subscriber, after?: string, permissions?: string[]) =>
      following(of, after, permissions).then(() => 'OK', (error: { extensions: { code: string; details?: Array<{ field: string }> } }) => `${error.extensions.code} ${error.extensions.details?.[0]?.field ?? ''}`.trim());
    expect(await code({ ...ada, customerId: uuidv7() })).toBe('NOT_FOUND');
    expect(await code({ ...ada, customerId: 'nobody' })).toBe('NOT_FOUND');
    for (const after of ['', 'x', '😀', Buffer.from('[1]').toString('base64url'), Buffer.from(JSON.stringify([ada.customerId, 1e300])).toString('base64url')]) expect(await code(ada, after)).toBe('VALIDATION_ERROR after');
    expect(await code(ada, newest!.cursor)).toBe('VALIDATION_ERROR after');
    expect(await code(ada, Buffer.from(JSON.stringify([ada.customerId, 99])).toString('base64url'))).toBe('VALIDATION_ERROR after');
    expect(await graph.fault(reader(ada.tenantId), PAGE, { of: [{ __typename: 'Customer', id: ada.customerId }], after: newest!.cursor })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['after'] });
    expect(await code(ada, undefined, ['service:read'])).toBe('FORBIDDEN');
    await expect(follow(here.subgraph, anonymous, ada)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('reads from the database no more than is taken', async () => {
    const ada = await newcomer();
    await graph.kit.db.write(ada.tenantId, (tx) => graph.kit.bus.publish(tx, Array.from({ length: 700 }, (_, n) => ada.session('up', n))));
    await heard();
    const slow = await following(ada);
    let fetched = 0;
    const statements = await graph.statementsOf(async () => {
      fetched = (await slow.take(150)).length;
    });
    expect(fetched).toBe(150);
    expect(statements.filter(({ text }) => text.includes('timeline_entries')).length).toBeLessThanOrEqual(2);
    expect((await slow.take(552)).at(-1)!.position).toBe(702);
  });
});
