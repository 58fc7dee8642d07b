import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { connect } from '#kernel/db/connection.ts';
import { openDatabase, sqlState, type Database, type Tx } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { testDatabase, testPostgres, type TestDatabase } from '#kernel/db/test-database.ts';
import { parseDatabaseUrl } from '#kernel/db/url.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { migrationFolder, tenantPolicies } from '#kernel/db/test-migrations.ts';
import { makeBus, type Bus, type BusOptions, type DomainEvent } from './bus.ts';

const TENANT_A = uuidv7();
const TENANT_B = uuidv7();

let test: TestDatabase;
const running: Bus[] = [];

beforeAll(async () => {
  // What handlers leave behind; without any uniqueness, so that a double shows.
  const folder = migrationFolder([
    `CREATE TABLE services.effects (id bigint GENERATED ALWAYS AS IDENTITY, tenant_id uuid NOT NULL, subject text NOT NULL, by text);
     --> statement-breakpoint
     ${tenantPolicies('services.effects', 'headend_services')}`,
  ]);
  test = await testDatabase({ migrations: [{ subgraph: 'services', folder }], subgraphs: ['network', 'billing'] });
});
afterAll(() => test.drop());
afterEach(async () => {
  await Promise.all(running.splice(0).map((started) => started.stop()));
  await test.database.forSubgraph('network').system(async (tx) => {
    await tx.execute(sql`delete from bus.outbox`);
    await tx.execute(sql`delete from bus.inbox`);
    await tx.execute(sql`delete from bus.cursors`);
    await tx.execute(sql`delete from bus.parked`);
    await tx.execute(sql`delete from services.effects`);
    await tx.execute(sql`update bus.pruned set xid = '0', seq = 0`);
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

const leave = (tx: Tx, event: DomainEvent, by = ''): Promise<unknown> => tx.execute(sql`insert into services.effects (tenant_id, subject, by) values (${event.tenantId}, ${event.subject}, ${by})`);

const effects = (): Promise<Array<{ subject: string; by: string }>> =>
  test.database.forSubgraph('services').system(async (tx) => [...(await tx.execute<{ subject: string; by: string }>(sql`select subject, by from services.effects order by id`))]);

async function take(tail: AsyncIterator<DomainEvent>, count: number): Promise<string[]> {
  const subjects: string[] = [];
  while (subjects.length < count) {
    const { done, value } = await tail.next();
    if (done) break;
    subjects.push(value.subject);
  }
  return subjects;
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n));

describe('publish', () => {
  it('refuses an event for another tenant than the transaction is in', async () => {
    const network = bus('network');
    const answer = await test.database
      .forSubgraph('network')
      .write(TENANT_A, (tx) => network.publish(tx, [{ type: 'network.session.up', tenantId: TENANT_B, subject: 'x', payload: {} }]))
      .catch((error) => error);
    expect(sqlState(answer)).toBe('42501');
  });

  it('refuses to speak in the name of another subgraph', async () => {
    const network = bus('network');
    const answer = await publish(network, 'services', TENANT_A, 'x').catch((error) => error);
    expect(sqlState(answer)).toBe('42501');
  });

  it('names the field of an event that is not one', async () => {
    const network = bus('network');
    const bad = [{ type: 'up' }, { tenantId: 'x' }, { subject: '' }, { at: 'yesterday' }];
    for (const change of bad) {
      const event = { type: 'network.session.up', tenantId: TENANT_A, subject: 'x', payload: {}, ...change };
      await expect(test.database.forSubgraph('network').write(TENANT_A, (tx) => network.publish(tx, [event]))).rejects.toThrow(Object.keys(change)[0]);
    }
  });
});

describe('a consumer', () => {
  it('hears what was committed, in order, under the tenant of the event', async () => {
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

  it('hears each event once, those of one publisher in their order, while many publish at once', async () => {
    const network = bus('network');
    const services = bus('services');
    services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: async (event, tx) => void (await leave(tx, event)) });
    await services.start();
    await Promise.all(
      numbers(10).map(async (publisher) => {
        for (const n of numbers(20)) await publish(network, 'network', Number(n) % 2 ? TENANT_A : TENANT_B, `${publisher}:${n}`);
      }),
    );
    await until(async () => (await effects()).length >= 200);
    const subjects = (await effects()).map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(200);
    for (const publisher of numbers(10)) {
      expect(subjects.filter((subject) => subject.startsWith(`${publisher}:`))).toEqual(numbers(20).map((n) => `${publisher}:${n}`));
    }
  });

  it('never handles twice when two processes have the same one', async () => {
    const others: Database[] = [];
    const network = bus('network');
    for (const by of ['first', 'second', 'third']) {
      const database = openDatabase({ url: test.url, applicationName: by, log: silentLogger, max: 4 });
      others.push(database);
      const services = bus('services', { database, pollMs: 20 });
      services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: async (event, tx) => void (await leave(tx, event, by)) });
      await services.start();
    }
    for (const n of numbers(150)) await publish(network, 'network', TENANT_A, n);
    await until(async () => (await effects()).length >= 150);
    expect((await effects()).map(({ subject }) => subject)).toEqual(numbers(150));
    await Promise.all(running.splice(0).map((made) => made.stop()));
    await Promise.all(others.map((database) => database.close()));
  });

  it('begins at the oldest event, or from now where it asks to', async () => {
    const network = bus('network');
    await publish(network, 'network', TENANT_A, 'before');
    const services = bus('services');
    const heard: string[] = [];
    services.consume({ consumer: 'all', types: ['network.session.up'], handle: async (event) => void heard.push(`all ${event.subject}`) });
    services.consume({ consumer: 'new', types: ['network.session.up'], from: 'now', handle: async (event) => void heard.push(`new ${event.subject}`) });
    await services.start();
    await publish(network, 'network', TENANT_A, 'after');
    await until(() => heard.length === 3);
    expect(heard.sort()).toEqual(['all after', 'all before', 'new after']);
  });

  it('goes on where it stood after a restart', async () => {
    const network = bus('network');
    const heard: string[] = [];
    for (const round of numbers(3)) {
      const services = bus('services');
      services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: async (event) => void heard.push(event.subject) });
      await publish(network, 'network', TENANT_A, round);
      await services.start();
      await until(() => heard.length === Number(round) + 1);
      await services.stop();
    }
    expect(heard).toEqual(numbers(3));
  });

  it('tries a failing event again, parks it in the end, lets the others go on, and handles it when told to', async () => {
    const network = bus('network');
    const services = bus('services', { retry: { maxAttempts: 3, firstRetryMs: 5 } });
    const tried: string[] = [];
    let healed = false;
    services.consume({
      consumer: 'sessions',
      types: ['network.session.up'],
      async handle(event, tx) {
        tried.push(event.subject);
        await leave(tx, event);
        if (event.subject === 'poison' && !healed) throw new Error('It does not agree with me');
        if (event.subject === 'hiccup' && tried.filter((subject) => subject === 'hiccup').length < 2) await tx.execute(sql`select 1 / 0`);
      },
    });
    await services.start();
    for (const subject of ['one', 'hiccup', 'poison', 'two']) await publish(network, 'network', TENANT_A, subject);
    await until(async () => (await effects()).length === 3);
    // Tried thrice by itself at least, and sometimes once more together with its neighbours.
    const times = (subject: string) => tried.filter((one) => one === subject).length;
    expect([times('hiccup') >= 2, times('poison') >= 3, times('poison') <= 6]).toEqual([true, true, true]);
    expect(tried.at(-1)).toBe('two');
    expect((await effects()).map(({ subject }) => subject)).toEqual(['one', 'hiccup', 'two']);
    const [parked] = await services.parked();
    expect(parked).toMatchObject({ consumer: 'sessions', attempts: 3, error: 'It does not agree with me', event: { subject: 'poison', tenantId: TENANT_A } });
    await expect(services.retryParked('sessions', parked!.event.id)).rejects.toThrow('does not agree');
    expect(await services.parked()).toHaveLength(1);
    healed = true;
    expect(await services.retryParked('sessions', parked!.event.id)).toBe(true);
    expect(await services.retryParked('sessions', parked!.event.id)).toBe(false);
    expect(await services.parked()).toHaveLength(0);
    expect((await effects()).map(({ subject }) => subject)).toEqual(['one', 'hiccup', 'two', 'poison']);
  });

  it('handles what has piled up in a few transactions, in order, and an event that fails among its neighbours alone', async () => {
    const network = bus('network');
    const subjects = Array.from({ length: 60 }, (_, n) => String(n));
    await test.database.forSubgraph('network').write(TENANT_A, (tx) => network.publish(tx, subjects.map((subject) => ({ type: 'network.session.up', tenantId: TENANT_A, subject, payload: {} }))));
    await publish(network, 'network', TENANT_B, 'other');
    const services = bus('services', { retry: { maxAttempts: 2, firstRetryMs: 5 } });
    const transactions = new Set<unknown>();
    services.consume({
      consumer: 'sessions',
      types: ['network.session.up'],
      async handle(event, tx) {
        transactions.add(tx);
        await leave(tx, event);
        if (event.subject === '40') throw new Error('It does not agree with me');
      },
    });
    await services.start();
    await until(async () => (await effects()).length === 60);
    expect((await effects()).map(({ subject }) => subject)).toEqual([...subjects.filter((subject) => subject !== '40'), 'other']);
    expect((await services.parked()).map(({ event }) => event.subject)).toEqual(['40']);
    expect(transactions.size).toBeLessThan(60);
  });

  it('leaves exactly one effect when its connection dies between the work and the commit', async () => {
    const network = bus('network');
    const services = bus('services', { pollMs: 20 });
    const admin = await connect(parseDatabaseUrl(testPostgres()), { applicationName: 'killer' });
    const deaths = new Set<string>();
    services.consume({
      consumer: 'sessions',
      types: ['network.session.up'],
      async handle(event, tx) {
        await leave(tx, event);
        if (Number(event.subject) % 5 !== 0 || deaths.has(event.subject)) return;
        deaths.add(event.subject);
        const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
        await admin.run('select pg_terminate_backend($1)', [row!.pid]);
      },
    });
    await services.start();
    for (const n of numbers(20)) await publish(network, 'network', TENANT_A, n);
    await until(async () => (await effects()).length >= 20);
    expect(deaths.size).toBe(4);
    expect((await effects()).map(({ subject }) => subject)).toEqual(numbers(20));
    expect(await services.parked()).toEqual([]);
    await admin.end();
  });

  it('tells how far it is behind', async () => {
    const network = bus('network');
    const now = new Date('2026-05-01T12:00:00Z');
    const services = bus('services', { clock: { now: () => now } });
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: () => gate });
    await services.start();
    await test.database.forSubgraph('network').write(TENANT_A, (tx) =>
      network.publish(tx, numbers(3).map((subject) => ({ type: 'network.session.up', tenantId: TENANT_A, subject, payload: {}, at: '2026-05-01T11:59:50Z' }))),
    );
    expect(await services.lag()).toEqual([{ consumer: 'sessions', behind: 3, oldestMs: 10_000 }]);
    open();
    await until(async () => (await services.lag())[0]!.behind === 0);
  });

  it('waits for a consumer to have handled what was announced before, and for nothing else', async () => {
    const network = bus('network');
    const services = bus('services');
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: async (event, tx) => gate.then(() => leave(tx, event)).then(() => {}) });
    await services.start();
    await publish(network, 'network', TENANT_A, 'of no concern', 'network.session.down');
    expect(await services.caughtUp('sessions', 0)).toBe(true);
    await publish(network, 'network', TENANT_A, '1');
    expect(await services.caughtUp('sessions', 50)).toBe(false);
    const caughtUp = services.caughtUp('sessions', 10_000);
    open();
    expect(await caughtUp).toBe(true);
    expect((await effects()).map(({ subject }) => subject)).toEqual(['1']);
    await expect(services.caughtUp('others', 0)).rejects.toThrow('unknown');
  });

  it('must be declared before the start, once, with a name and types', async () => {
    const services = bus('services');
    const handle = async (): Promise<void> => {};
    services.consume({ consumer: 'sessions', types: ['a.b'], handle });
    expect(() => services.consume({ consumer: 'sessions', types: ['a.b'], handle })).toThrow('twice');
    expect(() => services.consume({ consumer: 'Sessions!', types: ['a.b'], handle })).toThrow('not a name');
    expect(() => services.consume({ consumer: 'none', types: [], handle })).toThrow('without types');
    await services.start();
    expect(() => services.consume({ consumer: 'late', types: ['a.b'], handle })).toThrow('after the bus was started');
  });
});

describe('a tail', () => {
  it('shows one tenant live, filtered by type and subject', async () => {
    const network = bus('network');
    await network.start();
    const all = network.tail({ tenantId: TENANT_A });
    const downs = network.tail({ tenantId: TENANT_A, types: ['network.session.down'] });
    const one = network.tail({ tenantId: TENANT_A, subject: '1' });
    await publish(network, 'network', TENANT_B, 'foreign');
    await publish(network, 'network', TENANT_A, '1');
    await publish(network, 'network', TENANT_A, '2', 'network.session.down');
    expect(await take(all, 2)).toEqual(['1', '2']);
    expect(await take(downs, 1)).toEqual(['2']);
    expect(await take(one, 1)).toEqual(['1']);
    for (const tail of [all, downs, one]) await tail.return!();
    expect(await all.next()).toEqual({ done: true, value: undefined });
  });

  it('continues behind a cursor without a gap while events keep coming', async () => {
    const network = bus('network');
    await network.start();
    const first = network.tail({ tenantId: TENANT_A });
    for (const n of numbers(700)) if (Number(n) < 600) await publish(network, 'network', TENANT_A, n);
    const { value } = await first.next();
    await first.return!();
    const rest = network.tail({ tenantId: TENANT_A, after: value.cursor });
    const reading = take(rest, 699);
    for (let n = 600; n < 700; n += 1) await publish(network, 'network', TENANT_A, String(n));
    expect(await reading).toEqual(numbers(700).slice(1));
    await rest.return!();
  });

  it('loses nothing for a reader that is slower than its memory is long', async () => {
    const network = bus('network');
    await network.start();
    const slow = network.tail({ tenantId: TENANT_A });
    const quick = network.tail({ tenantId: TENANT_A });
    const reading = take(quick, 900);
    for (let batch = 0; batch < 9; batch += 1) {
      await test.database.forSubgraph('network').write(TENANT_A, (tx) =>
        network.publish(tx, numbers(100).map((n) => ({ type: 'network.session.up', tenantId: TENANT_A, subject: String(batch * 100 + Number(n)), payload: {} }))),
      );
    }
    expect(await reading).toEqual(numbers(900));
    expect(await take(slow, 900)).toEqual(numbers(900));
    await publish(network, 'network', TENANT_A, 'live again');
    expect(await take(slow, 1)).toEqual(['live again']);
    await slow.return!();
    await quick.return!();
  });

  it('ends with its signal, with the bus, and answers a waiting reader', async () => {
    const network = bus('network');
    await network.start();
    const aborted = new AbortController();
    const one = network.tail({ tenantId: TENANT_A, signal: aborted.signal });
    const two = network.tail({ tenantId: TENANT_A });
    const waiting = [one.next(), two.next()];
    aborted.abort();
    expect(await waiting[0]).toEqual({ done: true, value: undefined });
    await network.stop();
    expect(await waiting[1]).toEqual({ done: true, value: undefined });
  });

  it('refuses a cursor that is none, or is older than what is kept, naming `after`', async () => {
    const network = bus('network');
    await network.start();
    for (const after of ['', 'x', '1', '1.2.3', '99999999999999999999999.1', "1.1'"]) {
      expect(() => network.tail({ tenantId: TENANT_A, after })).toThrow(expect.objectContaining({ field: 'after' }));
    }
    const before = network.tail({ tenantId: TENANT_A });
    await publish(network, 'network', TENANT_A, '1');
    const { value } = await before.next();
    await before.return!();
    await test.database.forSubgraph('network').write(TENANT_A, (tx) => network.publish(tx, [{ type: 'network.session.up', tenantId: TENANT_A, subject: 'old', payload: {}, at: '2020-01-01T00:00:00Z' }]));
    await until(async () => (await network.prune(30)) === 1);
    await expect(network.tail({ tenantId: TENANT_A, after: value.cursor }).next()).rejects.toMatchObject({ field: 'after' });
  });

  it('goes on when the database connections are cut', async () => {
    const database = openDatabase({ url: test.url, applicationName: 'tail-victim', log: silentLogger, max: 2 });
    const network = bus('network', { database, pollMs: 50 });
    await network.start();
    const tail = network.tail({ tenantId: TENANT_A });
    const admin = await connect(parseDatabaseUrl(testPostgres()), { applicationName: 'killer' });
    const reading = take(tail, 40);
    for (const n of numbers(40)) {
      await publish(network, 'network', TENANT_A, n);
      if (Number(n) % 10 === 0) await admin.run("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tail-victim%'");
    }
    expect(await reading).toEqual(numbers(40));
    await admin.end();
    await network.stop();
    await database.close();
  });
});

describe('retention', () => {
  it('removes old events, but none that a consumer has not passed', async () => {
    const network = bus('network');
    const services = bus('services');
    const heard: string[] = [];
    services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: async (event) => void heard.push(event.subject) });
    const old = (type: string, subject: string) => ({ type, tenantId: TENANT_A, subject, payload: {}, at: '2020-01-01T00:00:00Z' });
    // The consumer is known, and has not read anything yet.
    await services.start();
    await services.stop();
    await test.database.forSubgraph('network').write(TENANT_A, (tx) => network.publish(tx, [old('network.session.up', 'wanted'), old('network.other.thing', 'nobody’s')]));
    await publish(network, 'network', TENANT_A, 'young', 'network.other.thing');
    await until(async () => (await network.prune(30)) === 1);
    const again = bus('services');
    again.consume({ consumer: 'sessions', types: ['network.session.up'], handle: async (event) => void heard.push(event.subject) });
    await again.start();
    await until(() => heard.length === 1);
    await until(async () => (await again.prune(30)) === 1);
    const left = await test.database.forSubgraph('network').system((tx) => tx.execute<{ subject: string }>(sql`select subject from bus.outbox`));
    expect([...left]).toEqual([{ subject: 'young' }]);
  });

  it('goes on after the data was moved to a server whose transactions are numbered lower', async () => {
    const network = bus('network');
    const heard: string[] = [];
    const consumer = (made: Bus): void => made.consume({ consumer: 'sessions', types: ['network.session.up'], handle: async (event) => void heard.push(event.subject) });
    const before = bus('services');
    consumer(before);
    await before.start();
    await publish(network, 'network', TENANT_A, '1');
    await until(() => heard.length === 1);
    await before.stop();
    await publish(network, 'network', TENANT_A, '2');
    await publish(network, 'network', TENANT_A, '3');
    const shift = sql`(xid::text::bigint + 1000000000)::text::xid8`;
    await test.database.forSubgraph('network').system(async (tx) => {
      await tx.execute(sql`update bus.outbox set xid = ${shift}`);
      await tx.execute(sql`update bus.cursors set xid = ${shift}`);
    });
    const after = bus('services');
    consumer(after);
    await after.start();
    await publish(network, 'network', TENANT_A, '4');
    await until(() => heard.length === 4);
    expect(heard).toEqual(['1', '2', '3', '4']);
  });
});
