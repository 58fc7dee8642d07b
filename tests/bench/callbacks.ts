import type { Benchmark } from './benchmark.ts';
import { startHelper } from './helper.ts';
import { median, short } from './measure.ts';
import type { LoadAnswer } from './processes/load.ts';
import { freshDatabase } from './world.ts';

const CONNECTIONS = 500;

/** The burst after a power cut: every subscriber of a router calls back at once. */
export const callbacks: Benchmark = {
  name: 'callbacks',
  limit: 'a bare node server that parses the same bodies and answers the same bytes',
  notes: `A callback is parsed, attributed to a router by its address, and answered before anything is read from the router; the confirming reads are coalesced. What is left is fastify, validation and the
look-up of the router in memory.`,
  async run({ adminUrl, quick }) {
    const count = quick ? 1000 : 5000;
    const router = await startHelper('router');
    const host = await startHelper('host', { core: 0 });
    const load = await startHelper('load', { core: 1 });
    try {
      const url = await host.ask<string>('open', { databaseUrl: await freshDatabase(adminUrl) });
      await host.ask('furnish', await router.ask('start', { homes: 3, relayed: false }));
      let burst = 0;
      const shotsTo = (base: string) => {
        burst += 1;
        return Array.from({ length: count }, (_, at) => ({
          url: `${base}/v1/callbacks/pppoe/${at % 2 ? 'up' : 'down'}`,
          method: 'POST',
          headers: {},
          body: JSON.stringify({ name: `bench${burst}-${at}`, caller_id: 'AA:BB:CC:DD:EE:FF', interface: 'pppoe-in1', local_address: '10.0.0.1', remote_address: '10.0.0.50', service: 'pppoe' }),
        }));
      };
      const fire = (base: string) => load.ask<LoadAnswer>('fire', { shots: shotsTo(base), connections: CONNECTIONS });
      const { body } = await fire(url);
      const bare = await host.ask<string>('bareHttpServer', body);
      await fire(bare);
      const ours: LoadAnswer[] = [];
      const bares: LoadAnswer[] = [];
      for (let repetition = 0; repetition < (quick ? 2 : 5); repetition += 1) {
        ours.push(await fire(url));
        bares.push(await fire(bare));
      }
      const rate = (answers: LoadAnswer[]) => answers.map(({ requests, seconds }) => requests / seconds);
      const statuses: Record<string, number> = {};
      for (const answer of ours) for (const [status, n] of Object.entries(answer.statuses)) statuses[status] = (statuses[status] ?? 0) + n;
      return [
        {
          what: `bursts of ${count} PPPoE callbacks on ${CONNECTIONS} connections`,
          against: 'bare http server',
          ratios: rate(ours).map((value, at) => value / rate(bares)[at]!),
          figures: `${count} in ${short(median(ours.map(({ seconds }) => seconds)))} s = ${short(median(rate(ours)))} a second (bare ${short(median(rate(bares)))}); p50 ${short(median(ours.map(({ p50 }) => p50)))} ms, p99 ${short(median(ours.map(({ p99 }) => p99)))} ms; answers ${Object.entries(statuses).map(([status, n]) => `${n} × ${status}`).join(', ')}`,
        },
      ];
    } finally {
      await load.stop();
      await host.stop();
      await router.stop();
    }
  },
};
