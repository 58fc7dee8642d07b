import { defineCommand } from 'citty';
import { loadConfig } from '#kernel/config.ts';
import { UserError } from '../composition/user-error.ts';
import { guarded } from './guard.ts';
import { router } from './sandbox-router.ts';
import { routers } from './sandbox-routers.ts';

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
  subCommands: { router, routers, clock },
});
