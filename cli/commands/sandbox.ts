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

export default defineCommand({
  meta: { name: 'sandbox', description: 'Switches of the sandbox.' },
  subCommands: { router },
});
