import { makeTokens } from '#kernel/access/tokens.ts';
import { makeBus } from '#kernel/bus/bus.ts';
import { systemClock } from '#kernel/clock.ts';
import { loadConfig } from '#kernel/config.ts';
import { makeSecretBox } from '#kernel/crypto/secret-box.ts';
import { openDatabase } from '#kernel/db/database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makeMetrics } from '#kernel/metrics.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import { makeSubgraphServer } from '#kernel/subgraph/serve.ts';
import { network } from '#subgraphs/network/subgraph.ts';

/*
 * The network subgraph as a process of its own, on the database and with the secret of the test that starts it: to be killed and stopped, and to go on with what others have left.
 * Prints its address when it serves.
 */
const [databaseUrl, secret] = process.argv.slice(2) as [string, string];
const database = openDatabase({ url: databaseUrl, applicationName: 'network process of a test', log: silentLogger, max: 4 });
const tokens = makeTokens({ secret, clock: systemClock });
const running = await network.make({
  config: loadConfig({}),
  database,
  db: database.forSubgraph('network'),
  bus: makeBus({ database, subgraph: 'network', log: silentLogger, clock: systemClock, newId: uuidv7 }),
  tokens,
  secretBox: makeSecretBox(secret),
  clock: systemClock,
  log: silentLogger,
  metrics: makeMetrics(),
  supergraph: () => {
    throw new Error('There is no supergraph in this test.');
  },
});
const subgraph = localSubgraph({ name: running.name, schema: running.schema, loaders: running.loaders, log: silentLogger });
const server = await makeSubgraphServer({ subgraph, tokens, log: silentLogger, metrics: makeMetrics() });
await running.start();
process.stdout.write(`${await server.listen(0, '127.0.0.1')}\n`);
