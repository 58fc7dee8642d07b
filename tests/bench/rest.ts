import { readFileSync } from 'node:fs';
import { projectFile } from '#cli/composition/project.ts';
import type { Benchmark, Measurement } from './benchmark.ts';
import { startHelper } from './helper.ts';
import { compare, median, ratiosOf, short } from './measure.ts';
import type { LoadAnswer } from './processes/load.ts';
import { API_KEY, freshDatabase } from './world.ts';

const CONNECTIONS = 16;

export const rest: Benchmark = {
  name: 'rest',
  limit: 'the same operation by GraphQL over HTTP, and a bare node server that sends the same bytes',
  notes: `A REST route is an operation of the graph with a mapping in and out; it calls the gateway in process. The bare server does neither SQL nor GraphQL: the rest is what one answer of the graph costs.`,
  async run({ adminUrl, quick }) {
    const router = await startHelper('router');
    const host = await startHelper('host', { core: 0 });
    const load = await startHelper('load', { core: 1 });
    try {
      const url = await host.ask<string>('open', { databaseUrl: await freshDatabase(adminUrl) });
      await host.ask('furnish', await router.ask('start', { homes: 0, relayed: false }));
      const query = readFileSync(projectFile('rest-compat/operations/mikroops/plans.graphql'), 'utf8');
      const wanted = { query, operationName: 'MikroopsPlans', variables: { first: 10, offset: 0 } };
      const shots = {
        rest: { url: `${url}/v1/internal/profile/list?limit=10&offset=0`, method: 'GET', headers: API_KEY },
        graphql: { url: `${url}/graphql`, method: 'POST', headers: API_KEY, body: JSON.stringify(wanted) },
      };
      const times = quick ? 100 : 400;
      const repeat = async (shot: object) => {
        const answer = await load.ask<LoadAnswer>('repeat', { shot, times, connections: CONNECTIONS });
        if (answer.statuses['200'] !== times || answer.body.includes('"errors"')) throw new Error(`${JSON.stringify(answer)}`);
        return answer;
      };
      const { body } = await repeat(shots.rest);
      const bare = { url: await host.ask<string>('bareHttpServer', body), method: 'GET', headers: {} };
      const measured = await compare(
        { rest: async () => (await repeat(shots.rest)).requests, graphql: async () => (await repeat(shots.graphql)).requests, bare: async () => (await repeat(bare)).requests },
        quick ? { repetitions: 3, ms: 200 } : { repetitions: 9, ms: 700 },
      );
      const what = `GET /v1/internal/profile/list, ${CONNECTIONS} connections`;
      const figures = `${short(median(measured.rest.rates))} a second (GraphQL ${short(median(measured.graphql.rates))}, bare server ${short(median(measured.bare.rates))})`;
      return [
        { what, against: 'POST /graphql with its operation', ratios: ratiosOf(measured.rest.rates, measured.graphql.rates), figures },
        { what, against: 'bare http server, same bytes', ratios: ratiosOf(measured.rest.rates, measured.bare.rates), figures: 'as above' },
      ] satisfies Measurement[];
    } finally {
      await load.stop();
      await host.stop();
      await router.stop();
    }
  },
};
