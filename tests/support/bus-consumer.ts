/* Started as a process of its own by tests: a consumer that writes one row an event, and kills itself at the event whose subject is given. */
import { makeBus } from '#kernel/bus/bus.ts';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';

const [url, killAt] = process.argv.slice(2) as [string, string];
const database = openDatabase({ url, applicationName: 'consumer', log: silentLogger, max: 4 });
const bus = makeBus({ database, subgraph: 'services', log: silentLogger, clock: systemClock, newId: uuidv7 });
bus.consume({
  consumer: 'sessions',
  types: ['network.session.up'],
  async handle(event, tx) {
    await tx.execute(sql`insert into services.effects (tenant_id, subject) values (${event.tenantId}, ${event.subject})`);
    if (event.subject === killAt) process.kill(process.pid, 'SIGKILL');
  },
});
await bus.start();
