/** Who may speak to the API: plain login since 6.43, MD5 challenge before. */

import { createHash, randomBytes } from 'node:crypto';
import { toBytes } from './codec.ts';
import { GROUPS } from './commands.ts';
import { hasChallengeLogin, offersDeadChallenge, type Release } from './release.ts';
import { Trap } from './traps.ts';

export interface RouterUser {
  name: string;
  password: string;
  /** `full` (default), `write` or `read`. */
  group?: string;
}

export type LoginResult = { user: string; policies: ReadonlySet<string> } | { challenge: string };

/** The login of one connection: it remembers the challenge it gave. Throws the release's refusal. */
export function makeLogin(users: readonly RouterUser[], release: Release): (attributes: Map<string, string>) => LoginResult {
  let challenge: Buffer | undefined;
  const refusal = () => new Trap({ message: hasChallengeLogin(release) ? 'cannot log in' : 'invalid user name or password (6)' });
  const find = (name: string | undefined) => users.find((user) => toBytes(user.name) === name);
  const welcome = (user: RouterUser) => ({ user: toBytes(user.name), policies: new Set(GROUPS[user.group ?? 'full'] ?? []) });

  return (attributes) => {
    const name = attributes.get('name');
    const response = attributes.get('response');
    if (response !== undefined) {
      const user = find(name);
      // A challenge is good for one answer.
      const asked = challenge;
      challenge = undefined;
      if (!hasChallengeLogin(release) || !asked || !user) throw refusal();
      const digest = createHash('md5').update(Buffer.concat([Buffer.from([0]), Buffer.from(toBytes(user.password), 'latin1'), asked])).digest('hex');
      if (response.toLowerCase() !== `00${digest}`) throw refusal();
      return welcome(user);
    }
    // Releases before 6.43 do not look at the arguments of the first step.
    if (hasChallengeLogin(release) || (name === undefined && offersDeadChallenge(release))) {
      challenge = randomBytes(16);
      return { challenge: challenge.toString('hex') };
    }
    const user = find(name);
    if (!user || toBytes(user.password) !== (attributes.get('password') ?? '')) throw refusal();
    return welcome(user);
  };
}
