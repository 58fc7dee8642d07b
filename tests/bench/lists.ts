import type { Benchmark, Measurement } from './benchmark.ts';
import { startHelper } from './helper.ts';
import { inParallel } from './measure.ts';
import { bill, freshDatabase, furnish, onboard, openWorld, until } from './world.ts';

/** Lists with what hangs on their rows in other subgraphs, by how many rows are asked for. */
const LISTS: Record<string, (first: number) => string> = {
  'customers with balance, invoices, services, plans, accesses and sessions': (first) =>
    `{ customers(first: ${first}) { nodes { id balance { amount } invoices(first: 5) { nodes { id total { amount } } } services(first: 5) { nodes { id plan { id code } access { desired session { address } } } } } } }`,
  'services with customers, plans and accesses': (first) => `{ services(first: ${first}) { nodes { id customer { id name } plan { id code } access { desired username router { id name } } } } }`,
  'invoices with customers, services and lines': (first) => `{ invoices(first: ${first}) { nodes { id customer { id name } service { id status } lines { description } } } }`,
  'runs with their steps': (first) => `{ runs(first: ${first}) { nodes { id state steps { name state } } } }`,
};
const SIZES = [1, 10, 100];

export const lists: Benchmark = {
  name: 'lists',
  limit: 'a constant: as many SQL statements for 100 rows as for one',
  notes: `Children are read by key, in one statement for all parents of a request, so the number does not grow with the page. It does grow with the depth of the question: each subgraph that adds
something reads once for each kind of thing.`,
  async run({ adminUrl, quick, progress }) {
    const count = quick ? 20 : 100;
    const router = await startHelper('router', { core: 1 });
    const world = await openWorld(await freshDatabase(adminUrl));
    const measurements: Measurement[] = [];
    try {
      const furniture = await furnish(world, await router.ask<{ port: number; username: string; password: string }>('start', { homes: 0, relayed: false }));
      await inParallel(Array.from({ length: count }), 16, (_, at) => onboard(world, furniture, `sub-${at}`));
      await until('the runs to succeed', 120_000, async () => (await world.ask(`{ runs(first: 1, filter: { state: SUCCEEDED }) { totalCount } }`)).runs.totalCount === count, 100);
      await bill(world, count);
      progress(`${count} customers onboarded and billed`);
      for (const [what, query] of Object.entries(LISTS)) {
        const seen: number[] = [];
        for (const size of SIZES) {
          // The first call of a size also plans it.
          await world.ask(query(size));
          let statements = 0;
          world.database.onStatement = ({ mode }) => (statements += mode === 'read' ? 1 : 0);
          const answer = await world.ask<Record<string, { nodes: unknown[] }>>(query(size));
          world.database.onStatement = undefined;
          const rows = Object.values(answer)[0]!.nodes.length;
          if (rows !== Math.min(size, count)) throw new Error(`${what}: ${rows} rows`);
          seen.push(statements);
        }
        measurements.push({ what, against: 'the same for one row', ratios: seen.slice(1).map((statements) => seen[0]! / statements), figures: `SQL statements for ${SIZES.map((size, at) => `${Math.min(size, count)} rows: ${seen[at]}`).join(', ')}` });
      }
      return measurements;
    } finally {
      await world.stop();
      await router.stop();
    }
  },
};
