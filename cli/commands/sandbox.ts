import { defineCommand } from 'citty';
import { loadConfig } from '#kernel/config.ts';
import type { FaultSettings } from '#sandbox/routeros/faults.ts';
import { simulatorControl, type SimulatorControl } from '#sandbox/routeros/control.ts';
import { installationPaths } from '../composition/installation.ts';
import { SANDBOX_ROUTER } from '../composition/sandbox.ts';
import { UserError } from '../composition/user-error.ts';
import { guarded } from './guard.ts';

/** What the switches of `headend sandbox router` do. */
const ACTIONS: Record<string, { help: string; run: (control: SimulatorControl) => Promise<unknown> }> = {
  status: { help: 'version, sessions, faults in force', run: (control) => control.router(SANDBOX_ROUTER) },
  off: { help: 'out of reach: connections are cut and refused', run: (control) => setFaults(control, { unreachable: true }) },
  hang: { help: 'accepts connections and never answers', run: (control) => setFaults(control, { hang: true }) },
  'refuse-login': { help: 'answers every login with a refusal', run: (control) => setFaults(control, { refuseLogin: true }) },
  slow: { help: 'every command takes 400 ms', run: (control) => setFaults(control, { latencyMs: 400 }) },
  on: { help: 'all faults cleared', run: (control) => control.clearFaults(SANDBOX_ROUTER) },
  reboot: { help: 'sessions end, dynamic ids change', run: (control) => control.reboot(SANDBOX_ROUTER) },
  secrets: { help: 'its /ppp/secret rows', run: (control) => control.rows(SANDBOX_ROUTER, '/ppp/secret') },
  sessions: { help: 'its live PPP sessions', run: (control) => control.rows(SANDBOX_ROUTER, '/ppp/active') },
};

const setFaults = (control: SimulatorControl, faults: FaultSettings) => control.setFaults(SANDBOX_ROUTER, faults);

const router = defineCommand({
  meta: { name: 'router', description: `The simulated router: ${Object.entries(ACTIONS).map(([name, { help }]) => `${name} (${help})`).join(', ')}.` },
  args: { action: { type: 'positional', required: false, default: 'status', description: Object.keys(ACTIONS).join(', ') } },
  run: ({ args }) =>
    guarded(async () => {
      const action = ACTIONS[args.action];
      if (!action) throw new UserError(`There is no action ${JSON.stringify(args.action)}; there are: ${Object.keys(ACTIONS).join(', ')}.`);
      const { routerControlSocket } = installationPaths(loadConfig().dataDir);
      try {
        console.log(JSON.stringify(await action.run(simulatorControl(routerControlSocket)), null, 2));
      } catch (error) {
        throw new UserError(`${(error as Error).message}. Is the sandbox running? npm start`);
      }
    }),
});

const clock = defineCommand({
  meta: { name: 'clock', description: 'The clock of a running sandbox: what time it is, or move it forward, e.g. +20d or +36h. It never goes back.' },
  args: { by: { type: 'positional', required: false, description: '+<n>d or +<n>h' } },
  run: ({ args }) =>
    guarded(async () => {
      const config = loadConfig();
      const by = /^\+?(\d{1,4})([dh])$/.exec(args.by ?? '');
      if (args.by !== undefined && !by) throw new UserError(`Say how far: +20d or +36h, not ${JSON.stringify(args.by)}.`);
      const ask = sandboxAdmin(config.gatewayUrl ?? `http://127.0.0.1:${config.port}`);
      if (by) {
        const { moveSandboxClock } = await ask('mutation ($input: MoveSandboxClockInput!) { moveSandboxClock(input: $input) { clock { now } } }', { input: { [by[2] === 'd' ? 'days' : 'hours']: Number(by[1]) } });
        console.log((moveSandboxClock as { clock: { now: string } }).clock.now);
      } else {
        const { sandboxClock } = await ask('{ sandboxClock { now } }', {});
        console.log((sandboxClock as { now: string }).now);
      }
    }),
});

/** GraphQL as the sandbox's well-known super admin, through the front door. */
function sandboxAdmin(url: string): (query: string, variables: object) => Promise<Record<string, unknown>> {
  const post = async (query: string, variables: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) }).catch(() => {
      throw new UserError(`Nothing answers at ${url}. Is the sandbox running? npm start`);
    });
    const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: Array<{ message: string }> };
    if (errors?.length) throw new UserError(errors.map(({ message }) => message).join('; '));
    return data;
  };
  return async (query, variables) => {
    const { login } = await post('mutation ($input: LoginInput!) { login(input: $input) { accessToken } }', { input: { username: 'admin', password: 'password123' } });
    return post(query, variables, { authorization: `Bearer ${(login as { accessToken: string }).accessToken}` });
  };
}

export default defineCommand({
  meta: { name: 'sandbox', description: 'Switches of the sandbox.' },
  subCommands: { router, clock },
});
