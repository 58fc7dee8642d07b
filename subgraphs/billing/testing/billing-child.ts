/* Started as a process of its own by tests: does a tenant's billing run, and kills itself at the statement whose number is given (0: never). */
import 'reflect-metadata';
import { makeBus } from '#kernel/bus/bus.ts';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#kernel/db/database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makeBillingRuns } from '../billing-run/billing-run.ts';

const [url, tenantId, asOf, killAt] = process.argv.slice(2) as [string, string, string, string];
const database = openDatabase({ url, applicationName: 'billing child', log: silentLogger, max: 4 });
const bus = makeBus({ database, subgraph: 'billing', log: silentLogger, clock: systemClock, newId: uuidv7 });
let statements = 0;
database.onStatement = () => {
  if ((statements += 1) === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};
await makeBillingRuns({ db: database.forSubgraph('billing'), bus, clock: systemClock, log: silentLogger }, { chunk: 10 }).runDaily(tenantId, asOf);
await database.close();
process.stdout.write(`${statements}\n`);
