/* Started as a process of its own by tests: owns the routers of a database and works on what waits there, until it is killed. */
import 'reflect-metadata';
import { makeTokens } from '#kernel/access/tokens.ts';
import { makeBus } from '#kernel/bus/bus.ts';
import { systemClock } from '#kernel/clock.ts';
import { loadConfig } from '#kernel/config.ts';
import { makeSecretBox } from '#kernel/crypto/secret-box.ts';
import { openDatabase } from '#kernel/db/database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makeMetrics } from '#kernel/metrics.ts';
import { network } from '#subgraphs/network/subgraph.ts';

const [url, secret] = process.argv.slice(2) as [string, string];
const database = openDatabase({ url, applicationName: 'network child', log: silentLogger, max: 4 });
const clock = systemClock;
const bus = makeBus({ database, subgraph: 'network', log: silentLogger, clock, newId: uuidv7 });
const running = await network.make({
  config: loadConfig({}),
  database,
  db: database.forSubgraph('network'),
  bus,
  tokens: makeTokens({ secret, clock }),
  secretBox: makeSecretBox(secret),
  clock,
  log: silentLogger,
  metrics: makeMetrics(),
  supergraph: () => {
    throw new Error('There is no supergraph in this test.');
  },
});
await running.start();
process.stdout.write('owning\n');
