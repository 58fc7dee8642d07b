import { defineCommand } from 'citty';
import { loadConfig } from '#kernel/config.ts';
import { simulatorControl, type SimulatorControl } from '#sandbox/routeros/control.ts';
import type { FaultSettings } from '#sandbox/routeros/faults.ts';
import { installationPaths } from '../composition/installation.ts';
import { SANDBOX_ROUTER } from '../composition/sandbox.ts';
import { UserError } from '../composition/user-error.ts';
import { guarded } from './guard.ts';

interface Order {
  control: SimulatorControl;
  /** The router's name. */
  of: string;
  /** What stands behind the action. */
  value: string | undefined;
}

interface RouterAction {
  help: string;
  /** What `value` is, where the action needs one. */
  value?: string;
  run: (order: Order) => Promise<unknown>;
}

const fault = (help: string, faults: FaultSettings): RouterAction => ({ help, run: ({ control, of }) => control.setFaults(of, faults) });
const fromValue = (help: string, value: string, faults: (value: string) => FaultSettings): RouterAction => ({ help, value, run: (order) => order.control.setFaults(order.of, faults(order.value ?? '')) });

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UserError(`Say a number, not ${JSON.stringify(text)}.`);
  return Number(text);
}

function json(text: string): FaultSettings {
  try {
    return JSON.parse(text) as FaultSettings;
  } catch {
    throw new UserError(`That is not JSON: ${text}. For example: '{"latencyMs":200,"fragmentBytes":1}'`);
  }
}

/** What the switches of `headend sandbox router` do. */
const ACTIONS: Record<string, RouterAction> = {
  status: { help: 'version, sessions, faults in force', run: ({ control, of }) => control.router(of) },
  off: fault('out of reach: connections are cut and refused', { unreachable: true }),
  hang: fault('accepts connections and never answers', { hang: true }),
  'refuse-login': fault('answers every login with a refusal', { refuseLogin: true }),
  'refuse-rights': fault('not enough permissions for every command', { refuseRights: true }),
  slow: fault('every command takes 400 ms', { latencyMs: 400 }),
  fragment: fault('answers leave byte by byte', { fragmentBytes: 1 }),
  clamp: fault('after 120 commands each takes 20 ms', { rateClamp: { burst: 120, delayMs: 20 } }),
  mask: fault('passwords are hidden, as from 7.21 on', { maskPasswords: true }),
  'lose-events': fault('listen and follow miss what happens', { loseEvents: true }),
  limit: fromValue('so many API sessions at once', 'number', (value) => ({ maxSessions: count(value) })),
  cut: fromValue('the line breaks in the middle of the next answer to that command', '/menu/command', (value) => ({ cuts: [{ command: value, when: 'mid-reply' }] })),
  fault: fromValue('any faults at once (sandbox/routeros/faults.ts)', 'JSON', json),
  on: { help: 'all faults cleared', run: ({ control, of }) => control.clearFaults(of) },
  reboot: { help: 'sessions end, dynamic ids change', run: ({ control, of }) => control.reboot(of) },
  secrets: { help: 'its /ppp/secret rows', run: ({ control, of }) => control.rows(of, '/ppp/secret') },
  sessions: { help: 'its live PPP sessions', run: ({ control, of }) => control.rows(of, '/ppp/active') },
  rows: { help: 'the rows of a menu', value: '/menu', run: ({ control, of, value = '' }) => control.rows(of, value) },
  dial: { help: 'that home dials now', value: 'secret', run: ({ control, of, value = '' }) => control.dial(of, value) },
  'hang-up': { help: 'that home hangs up', value: 'secret', run: ({ control, of, value = '' }) => control.hangUp(of, value) },
};

const usage = ([name, { value }]: [string, RouterAction]) => (value === undefined ? name : `${name} <${value}>`);

export const router = defineCommand({
  meta: { name: 'router', description: `The simulated router: ${Object.entries(ACTIONS).map((entry) => `${usage(entry)} (${entry[1].help})`).join(', ')}.` },
  args: {
    action: { type: 'positional', required: false, default: 'status', description: Object.entries(ACTIONS).map(usage).join(', ') },
    value: { type: 'positional', required: false, description: 'what the action needs' },
    name: { type: 'string', default: SANDBOX_ROUTER, description: 'another router: one of the fleet that `headend sandbox routers` started' },
  },
  run: ({ args }) =>
    guarded(async () => {
      const action = ACTIONS[args.action];
      if (!action) throw new UserError(`There is no action ${JSON.stringify(args.action)}; there are: ${Object.keys(ACTIONS).join(', ')}.`);
      if (action.value !== undefined && !args.value) throw new UserError(`Say what: headend sandbox router ${args.action} <${action.value}>`);
      const { routerControlSocket, fleetControlSocket } = installationPaths(loadConfig().dataDir);
      const fleet = args.name !== SANDBOX_ROUTER;
      try {
        const control = simulatorControl(fleet ? fleetControlSocket : routerControlSocket);
        console.log(JSON.stringify((await action.run({ control, of: args.name, value: args.value })) ?? { done: true }, null, 2));
      } catch (error) {
        if (error instanceof UserError) throw error;
        throw new UserError(`${(error as Error).message}. ${fleet ? 'Is the fleet running? headend sandbox routers' : 'Is the sandbox running? npm start'}`);
      }
    }),
});
