import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import type { Config } from '#kernel/config.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import { SANDBOX_TENANT_ID, sandboxPlans } from '#sandbox/fixtures/plans.ts';
import { routerHabits, routerIdentity, routerSeed, routerUsers } from '#sandbox/fixtures/router-seed.ts';
import { makeSimulatorControl } from '#sandbox/routeros/control.ts';
import { makeRouterSimulator } from '#sandbox/routeros/simulator.ts';
import type { Installation } from './installation.ts';
import { UserError } from './user-error.ts';

/** What `registerRouter` and `headend sandbox router` call it. */
export const SANDBOX_ROUTER = routerIdentity;

/** The simulated router is for this machine alone: its password is known to everybody. */
export const SANDBOX_ROUTER_HOST = '127.0.0.1';

export const sandboxRouterPortTaken = (port: number): string => `The port ${port} of the simulated router is taken. Stop what uses it, or choose another: HEADEND_ROUTEROS_PORT=${port + 10} npm start`;

/** The simulated router of the sandbox, with its control socket for `headend sandbox router`. */
export async function startSandboxRouter({ config, installation, log }: { config: Config; installation: Pick<Installation, 'routerStateFile' | 'routerControlSocket'>; log: Logger }): Promise<{ port: number; stop(): Promise<void> }> {
  const routerLog = log.child({ part: 'sandbox router' });
  const simulator = makeRouterSimulator({
    host: SANDBOX_ROUTER_HOST,
    port: config.routerOsPort,
    version: '7.18',
    identity: routerIdentity,
    users: routerUsers,
    stateFile: installation.routerStateFile,
    seed: routerSeed,
    hangUpAfterMs: routerHabits,
    log: ({ topics, message }) => routerLog.debug({ topics }, message),
  });
  let port: number;
  try {
    ({ port } = await simulator.start());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UserError(sandboxRouterPortTaken(config.routerOsPort));
  }
  const control = makeSimulatorControl({ socketPath: installation.routerControlSocket, routers: { [SANDBOX_ROUTER]: { router: simulator, port } } });
  await control.start();
  return {
    port,
    async stop() {
      await control.stop();
      await simulator.stop();
    },
  };
}

/** Acts as the sandbox tenant's administrator: the fixtures come in through the same door as everything else. */
export const sandboxFiller: Principal = makePrincipal({ kind: 'service', id: 'sandbox', tenantId: SANDBOX_TENANT_ID, permissions: ['plan:read', 'plan:write', 'router:read', 'router:write'] });

/** Makes the plans and the router of the sandbox where they are missing. Safe to repeat. */
export async function fillSandbox({ supergraph, log, routerPort }: { supergraph: Supergraph; log: Logger; routerPort: number }): Promise<void> {
  const run = async <T>(query: string, variables: Record<string, unknown>): Promise<T> => {
    const { data, errors } = await supergraph.execute<T & Record<string, unknown>>({ query, variables, principal: sandboxFiller, requestId: uuidv7() });
    if (errors?.length) throw new Error(`The sandbox could not be filled: ${errors.map((error) => error.message).join('; ')}`);
    return data as T;
  };
  const { plans } = await run<{ plans: { nodes: Array<{ code: string }> } }>('{ plans(first: 100) { nodes { code } } }', {});
  for (const plan of sandboxPlans) {
    if (plans.nodes.some(({ code }) => code === plan.code)) continue;
    await run('mutation ($input: CreatePlanInput!) { createPlan(input: $input) { plan { id } } }', { input: plan });
    log.info({ plan: plan.code }, 'Sandbox plan made');
  }
  const { routers } = await run<{ routers: { nodes: Array<{ name: string }> } }>('{ routers(first: 100) { nodes { name } } }', {});
  if (!routers.nodes.some(({ name }) => name === SANDBOX_ROUTER)) {
    const [{ name: username, password }] = routerUsers as [(typeof routerUsers)[number]];
    const input = { name: SANDBOX_ROUTER, host: SANDBOX_ROUTER_HOST, port: routerPort, username, password, site: 'Sandbox' };
    await run('mutation ($input: RegisterRouterInput!) { registerRouter(input: $input) { router { id } } }', { input });
    log.info({ router: SANDBOX_ROUTER }, 'Sandbox router registered');
  }
}
