import { inspect } from 'node:util';
import { toClaims } from '#kernel/access/principal.ts';
import { openDatabase } from '#kernel/db/database.ts';
import { silentLogger, type Logger } from '#kernel/logs.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import { makeOps } from './ops-process.ts';

/**
 * Ops in a process of its own, to be killed: the graph is the test's, over HTTP. Told what to do by messages
 * `{ id, query, variables }`, answered by `{ id, result }`; says `{ ready: true }` when its sagas run.
 */
const graph: Supergraph = {
  async execute({ query, variables, principal, requestId }) {
    const response = await fetch(process.env.GRAPH_URL!, { method: 'POST', body: JSON.stringify({ query, variables, requestId, principal: toClaims(principal) }) });
    return (await response.json()) as never;
  },
  subscribe: () => Promise.reject(new Error('Sagas do not subscribe.')),
};

const log: Logger = { ...silentLogger, error: (fields, message) => void process.stderr.write(`${message}: ${inspect(fields)}\n`), child: () => log };
const database = openDatabase({ url: process.env.DATABASE_URL!, applicationName: 'ops-child', max: 4, log });
const ops = await makeOps({ database, graph, executorId: process.env.HEADEND_EXECUTOR!, log });

process.on('message', ({ id, query, variables }: { id: number; query: string; variables: Record<string, unknown> }) => {
  void ops.ask(query, variables).then((result) => process.send!({ id, result }));
});
process.on('SIGTERM', () => {
  void ops.running
    .stop()
    .then(() => database.close())
    .then(() => process.disconnect());
});

await ops.running.start();
process.send!({ ready: true });
