import { createServer } from 'node:net';
import { defineCommand } from 'citty';
import { loadConfig } from '#kernel/config.ts';
import { makeLogger } from '#kernel/logs.ts';
import { banner } from '../composition/banner.ts';
import { subgraphNames } from '../composition/blueprints.ts';
import { openInstallation } from '../composition/installation.ts';
import { makePlatform } from '../composition/platform.ts';
import { SANDBOX_ROUTER_HOST, sandboxRouterPortTaken } from '../composition/sandbox.ts';
import { makeStops } from '../composition/stops.ts';
import { UserError } from '../composition/user-error.ts';
import { guarded } from './guard.ts';

/** What `headend start <part>` takes. */
export const PARTS = ['gateway', 'rest', 'sandbox', ...subgraphNames];

/** After this long a stop that hangs is cut: the supervisor of the process would do the same. */
const STOP_DEADLINE_MS = 30_000;

export default defineCommand({
  meta: { name: 'start', description: `Start everything in one process, or one part: ${PARTS.join(', ')}.` },
  args: { part: { type: 'positional', required: false, description: 'The part to start apart; needs DATABASE_URL and HEADEND_SECRET.' } },
  run: ({ args }) => guarded(() => start(args.part)),
});

async function start(part: string | undefined): Promise<void> {
  if (part !== undefined && !PARTS.includes(part)) throw new UserError(`There is no part ${JSON.stringify(part)}; there are: ${PARTS.join(', ')}.`);
  const began = performance.now();
  const config = loadConfig();
  const log = makeLogger({ level: config.logLevel, format: config.logFormat });
  const stops = makeStops(log);
  const progress = (line: string) => console.log(`headend: ${line}`);

  let stopping = false;
  const stop = (reason: string, code: number) => {
    if (stopping) return;
    stopping = true;
    progress(`${reason}; stopping …`);
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    void stops.run().then(() => process.exit(code));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal, 0));
  // Whatever was missed must end the process visibly: going on in an unknown state is worse for an operator than a restart.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error({ err: error }, 'An error that nobody handled');
      stop('fault', 1);
    });
  }
  const onFatal = (reason: Error) => stop(reason.message, 1);

  try {
    if (part === undefined) {
      // Before anything is started, so that a taken port costs nothing and destroys nothing.
      await assertPortIsFree(config.port, config.host, `The port ${config.port} is taken by another program (or another Headend). Stop it, or choose another: PORT=${config.port + 1} npm start`);
      if (config.sandbox) await assertPortIsFree(config.routerOsPort, SANDBOX_ROUTER_HOST, sandboxRouterPortTaken(config.routerOsPort));
      const installation = openInstallation(config);
      const platform = makePlatform(config, installation.secret, log);
      const { startAllInOne } = await import('../composition/all-in-one.ts');
      const started = await startAllInOne({ platform, installation, stops, progress, onFatal });
      console.log(banner(started, (performance.now() - began) / 1000));
    } else {
      if (config.databaseUrl === undefined && subgraphNames.includes(part)) throw new UserError(`headend start ${part} needs DATABASE_URL: parts that run apart share one PostgreSQL.`);
      if (config.secret === undefined) throw new UserError(`headend start ${part} needs HEADEND_SECRET, the same in every process.`);
      const platform = makePlatform(config, config.secret, log);
      const options = { platform, stops, progress, onFatal };
      const { startGateway, startRest, startSandbox, startSubgraph } = await import('../composition/apart.ts');
      const starters: Record<string, (given: typeof options) => Promise<string>> = { gateway: startGateway, rest: startRest, sandbox: startSandbox };
      const address = await (starters[part] ?? ((given) => startSubgraph(part, given)))(options);
      progress(`${part} serves on ${address} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    }
  } catch (error) {
    await stops.run();
    throw error;
  }
}

function assertPortIsFree(port: number, host: string, taken: string): Promise<void> {
  if (port === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => reject(new UserError(error.code === 'EADDRINUSE' ? taken : `Cannot listen on ${host}:${port}: ${error.message}`)));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
