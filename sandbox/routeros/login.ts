/** Who may speak to the API: plain login since 6.43, MD5 challenge before. */

import { createHash, randomBytes } from 'node:crypto';
import type { Policies, World } from './menus/menu.ts';
import { policiesOf } from './menus/user.ts';
import { formatMoment, hasChallengeLogin, offersDeadChallenge } from './release.ts';
import type { Row } from './table.ts';
import { Trap } from './traps.ts';
import { parseAddress, parseRanges } from './values.ts';

export interface RouterUser {
  name: string;
  password: string;
  /** `full` (default), `write`, `read`, or a group of the seed. */
  group?: string;
}

export type LoginResult = { user: string; group: string; policies: Policies } | { challenge: string };

/** The login of one connection from `remote`: it remembers the challenge it gave. Throws the release's refusal. */
export function makeLogin(world: World, remote: string): (attributes: Map<string, string>) => LoginResult {
  const { release } = world;
  let challenge: Buffer | undefined;
  const refusal = () => new Trap({ message: hasChallengeLogin(release) ? 'cannot log in' : 'invalid user name or password (6)' });

  /** The user of that name, unless disabled or calling from elsewhere. */
  const find = (name: string | undefined): Row | undefined => {
    const row = name === undefined ? undefined : world.table('/user').byKey(name);
    if (!row || row.values.disabled === 'true') return undefined;
    const from = parseAddress(remote);
    const allowed = parseRanges(row.values.address ?? '');
    return from === undefined || !allowed || allowed.some(([first, last]) => from >= first && from <= last) ? row : undefined;
  };
  const passwordOf = (user: Row) => user.values.password ?? '';
  function welcome(user: Row): LoginResult {
    const { name = '', group = '' } = user.values;
    const policies = policiesOf(world, group);
    if (!policies.has('api')) throw new Trap({ message: 'std failure: not allowed (9)' });
    world.table('/user').update(user, { 'last-logged-in': formatMoment(release, world.now()) });
    return { user: name, group, policies };
  }

  return (attributes) => {
    const name = attributes.get('name');
    const response = attributes.get('response');
    if (response !== undefined) {
      const user = find(name);
      // A challenge is good for one answer.
      const asked = challenge;
      challenge = undefined;
      if (!hasChallengeLogin(release) || !asked || !user) throw refusal();
      const digest = createHash('md5').update(Buffer.concat([Buffer.from([0]), Buffer.from(passwordOf(user), 'latin1'), asked])).digest('hex');
      if (response.toLowerCase() !== `00${digest}`) throw refusal();
      return welcome(user);
    }
    // Releases before 6.43 do not look at the arguments of the first step.
    if (hasChallengeLogin(release) || (name === undefined && offersDeadChallenge(release))) {
      challenge = randomBytes(16);
      return { challenge: challenge.toString('hex') };
    }
    const user = find(name);
    if (!user || passwordOf(user) !== (attributes.get('password') ?? '')) throw refusal();
    return welcome(user);
  };
}
