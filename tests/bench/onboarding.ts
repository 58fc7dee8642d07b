import { connect } from '#kernel/db/connection.ts';
import { parseDatabaseUrl } from '#kernel/db/url.ts';
import type { Benchmark } from './benchmark.ts';
import { startHelper } from './helper.ts';
import { inParallel, median, short } from './measure.ts';
import { PACE, replay } from './router-limits.ts';
import { freshDatabase, furnish, onboard, openWorld, until } from './world.ts';

const AT_ONCE = 16;

export const onboarding: Benchmark = {
  name: 'onboarding',
  limit: 'the same sentences to the router on a bare socket, and a router paced at 100 requests a second',
  notes: `An onboarding is eight durable steps in four subgraphs, some 85 statements in some 30 transactions, none of which another could do without: each step is an operation of the graph with its own
transaction, network writes down what it is about to send to a router before it sends it and what is proven after, and the run, its step and its event are written before the next step is called, because a process may
die at any moment and another carries on. The router sees six sentences. So the limit is the CPU of one process (one core) and that of the database: about as much again, on the other core. Of this process' share a third is
speaking to PostgreSQL (one flight of statements and one commit a transaction), a tenth planning and shaping the operations of the steps, a tenth the router. Customers of one tenant get consecutive numbers, and accesses of
one router are made one after the other, so part of each onboarding waits for the one before. More onboardings a second need a second process, which shares the work. Compare with a router paced at 100 requests a second;
the bare socket shows what a router could take if nothing had to be remembered.`,
  async run({ adminUrl, quick, progress }) {
    const total = quick ? 80 : 1000;
    const slices = quick ? 2 : 5;
    const databaseUrl = await freshDatabase(adminUrl);
    const router = await startHelper('router', { core: 1 });
    const address = await router.ask<{ port: number; username: string; password: string }>('start', { homes: 0, relayed: true });
    const fresh = await router.ask<{ port: number; username: string; password: string }>('start', { homes: 0, relayed: false });
    const world = await openWorld(databaseUrl);
    const admin = await connect({ ...parseDatabaseUrl(adminUrl), database: parseDatabaseUrl(databaseUrl).database }, { applicationName: 'bench' });
    const succeeded = async () => Number((await admin.run(`select count(*) from ops.workflow_runs where state = 'SUCCEEDED'`))[0]!.count);
    const transactions = async () => Number((await admin.run('select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()'))[0]!.n);
    try {
      const furniture = await furnish(world, address);
      const sub = (at: number) => onboard(world, furniture, `sub-${at}`);
      const warmUp = 20;
      await inParallel(Array.from({ length: warmUp }), AT_ONCE, (_, at) => sub(at));
      await until('the warm-up', 60_000, async () => (await succeeded()) === warmUp);
      await router.ask('asked');
      const statements = new Map<string, number>();
      let counted = 0;
      world.database.onStatement = ({ role, mode }) => {
        // The bus looks for news at any time, however many are onboarded.
        if (mode === 'system') return;
        counted += 1;
        statements.set(role, (statements.get(role) ?? 0) + 1);
      };
      const bareRates: number[] = [];
      const rates: number[] = [];
      const cpu: number[] = [];
      const asked: string[][] = [];
      const before = await transactions();
      const size = total / slices;
      for (let slice = 0; slice < slices; slice += 1) {
        const cpuBefore = process.cpuUsage();
        const began = performance.now();
        await inParallel(Array.from({ length: size }), AT_ONCE, (_, at) => sub(warmUp + slice * size + at));
        await until('the runs to succeed', 120_000, async () => (await succeeded()) >= warmUp + (slice + 1) * size, 20);
        rates.push(size / ((performance.now() - began) / 1000));
        const { user, system } = process.cpuUsage(cpuBefore);
        cpu.push((user + system) / 1000 / size);
        const sentences = (await router.ask<string[][]>('asked')).filter(([command]) => command!.startsWith('/ppp/') && !command!.endsWith('/listen'));
        asked.push(...sentences);
        bareRates.push(size / (await replay(fresh, sentences)));
        progress(`${(slice + 1) * size} onboarded, ${short(rates.at(-1)!)} a second`);
      }
      world.database.onStatement = undefined;
      await new Promise((resolve) => setTimeout(resolve, 1100)); // the server's statistics come a second late
      const transacted = (await transactions()) - before;
      const perSubscriber = asked.length / total;
      const paced = PACE / perSubscriber;
      const byRole = [...statements].map(([role, n]) => `${role.replace('headend_', '')} ${short(n / total)}`).join(', ');
      return [
        {
          what: `${total} subscribers onboarded, ${AT_ONCE} at once (8 steps each, router proven by read-back)`,
          against: 'the same sentences on a bare socket, 16 on the wire',
          ratios: rates.map((rate, at) => rate / bareRates[at]!),
          figures: `${short(median(rates))} a second (bare socket ${short(median(bareRates))}); CPU of this process ${short(median(cpu))} ms each; ${short(perSubscriber)} sentences to the router each`,
        },
        { what: 'the same', against: `a router paced at ${PACE} requests a second`, ratios: rates.map((rate) => rate / paced), figures: `paced limit ${short(paced)} onboardings a second` },
        { what: 'statements of one onboarding', figures: `${short(counted / total)} SQL statements of the subgraphs (${byRole}), without begin, role, tenant, commit and the engine's own; ${short(transacted / total)} transactions of everybody, the workflow engine included` },
      ];
    } finally {
      await admin.end();
      await world.stop();
      await router.stop();
    }
  },
};
