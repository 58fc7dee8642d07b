import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#kernel/db/drizzle.ts';
import { argsOf } from '#tests/support/child-programs.ts';
import { rounds, runSeed, seeded } from '#tests/support/seeded.ts';
import type { TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { heard, makeWorld, setClock, testBilling, type World } from '../testing/billing-world.ts';
import { assertBooks } from '../testing/books.store.ts';

const ROUNDS = rounds(6).length;
const AS_OF = '2026-03-20';

let graph: TestSubgraph;
let tick: () => void = () => {};
beforeAll(async () => {
  graph = await testBilling({
    chunk: 10,
    every: (_ms, work) => {
      tick = work;
      return () => {};
    },
  });
  setClock(graph, `${AS_OF}T12:00:00Z`);
});
afterAll(() => graph.stop());

/** How a child ended, and how many statements it made. */
function child(tenantId: string, killAt: number): Promise<{ signal: string | null; statements: number }> {
  const spawned = spawn(process.execPath, [...argsOf('billing'), graph.test.url, tenantId, AS_OF, String(killAt)], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
  let printed = '';
  spawned.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve, reject) =>
    spawned.once('close', (code, signal) => (code === 0 || signal === 'SIGKILL' ? resolve({ signal, statements: Number(printed) }) : reject(new Error(`The child ended with ${code ?? signal}`)))),
  );
}

/** Forty subscriptions of different prices and days, some of whose customers have credit; three periods of most are due. */
async function populated(): Promise<World> {
  const world = makeWorld(graph);
  await world.activateAll(Array.from({ length: 40 }, (_, index) => ({ amount: `${10 + index}.${String(index * 7 + 1).padStart(2, '0').slice(-2)}`, billingDay: 1 + (index % 28), activatedAt: `2026-01-${String(1 + (index % 28)).padStart(2, '0')}T12:00:00.000Z` })));
  await world.runBilling({ asOf: '2026-01-28' });
  const { invoices } = await world.data<{ invoices: { nodes: Array<{ id: string; total: { amount: string } }> } }>('{ invoices(first: 100) { nodes { id total { amount } } } }');
  // The cheapest: the order in which chunks under way at once take their numbers is another each time.
  const cheapest = invoices.nodes.sort((a, b) => Number(a.total.amount) - Number(b.total.amount)).slice(0, 8);
  await Promise.all(cheapest.map(({ id }, index) => world.pay(id, String(100 + index * 13))));
  return world;
}

const runsOf = async (world: World) => (await world.data<{ billingRuns: { nodes: Array<{ asOf: string; state: string }> } }>('{ billingRuns { nodes { asOf state } } }')).billingRuns.nodes;

async function completed(world: World): Promise<void> {
  for (const until = Date.now() + 20_000; ; ) {
    const nodes = await runsOf(world);
    if (nodes.some(({ asOf }) => asOf === AS_OF) && nodes.every(({ state }) => state === 'SUCCEEDED')) return;
    if (Date.now() > until) throw new Error(`The run did not complete: ${JSON.stringify(nodes)}`);
    tick();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What stands in the books, without ids and numbers: what a disturbed run must have in common with an undisturbed one. */
async function substance(world: World): Promise<unknown[]> {
  return graph.kit.db.read(world.tenantId, async (tx) => [
    ...(await tx.execute(sql`
      select l.description, l.derivation, i.total_minor, i.state, i.paid_minor, i.issued_on::text, i.due_on::text
        from billing.invoices i join billing.invoice_lines l on l.invoice_id = i.id order by i.total_minor, i.period_from, l.description`)),
  ]);
}

describe('a billing run that is killed', () => {
  it(`is completed by another process, ${ROUNDS} times, with nothing lost, doubled or gapped (SEED=${runSeed})`, { timeout: 60_000 + ROUNDS * 20_000 }, async () => {
    const undisturbed = await populated();
    const { statements } = await child(undisturbed.tenantId, 0);
    const expected = await substance(undisturbed);
    await assertBooks(graph, undisturbed.tenantId);
    expect(expected.length).toBeGreaterThan(100);
    const next = seeded(runSeed);
    let killed = 0;
    const round = async (number: number) => {
      const killAt = 1 + Math.floor(next() * statements);
      const world = await populated();
      // In every fourth round another process is at the same run and lives.
      const [{ signal }] = await Promise.all([child(world.tenantId, killAt), ...(number % 4 === 0 ? [child(world.tenantId, 0)] : [])]);
      if (signal === 'SIGKILL') killed += 1;
      const what = `SEED=${runSeed}, round ${number}, killed at statement ${killAt} of ${statements}`;
      await assertBooks(graph, world.tenantId).catch((error) => Promise.reject(new Error(`${what}, before it was completed: ${error.message}`)));
      // Killed before there was a run: nobody has acknowledged one.
      if (!(await runsOf(world)).some(({ asOf }) => asOf === AS_OF)) await world.runBilling({ asOf: AS_OF });
      await completed(world);
      await assertBooks(graph, world.tenantId).catch((error) => Promise.reject(new Error(`${what}: ${error.message}`)));
      expect({ what, books: await substance(world) }).toEqual({ what, books: expected });
    };
    for (let number = 0; number < ROUNDS; number += 3) await Promise.all([0, 1, 2].map((more) => number + more).filter((one) => one < ROUNDS).map(round));
    expect(killed).toBeGreaterThan(ROUNDS / 2);
    await heard(graph);
  });
});

describe('a billing run in three processes at once', () => {
  it('issues each invoice once', async () => {
    const world = await populated();
    await Promise.all([child(world.tenantId, 0), child(world.tenantId, 0), world.runBilling({ asOf: AS_OF })]);
    await completed(world);
    expect((await assertBooks(graph, world.tenantId)).invoices).toBeGreaterThan(100);
  });
});
