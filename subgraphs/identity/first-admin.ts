import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { Passwords } from './user/passwords.ts';
import * as userStore from './user/user.store.ts';

/**
 * Makes the installation's first super admin from the configuration, where there is none at all. Never changes an existing
 * one: a password that stays in the environment must not become a way back in.
 */
export async function makeFirstAdmin({ db, clock, log, config, passwords }: Pick<SubgraphKit, 'db' | 'clock' | 'log' | 'config'> & { passwords: Passwords }): Promise<void> {
  if (!config.firstAdmin) return;
  const { email, password } = config.firstAdmin;
  if (await db.system((tx) => userStore.anySuperAdmin(tx))) return;
  const hash = await passwords.hash(password);
  const now = clock.now();
  await db.system(async (tx) => {
    await userStore.lockSuperAdmins(tx);
    if (await userStore.anySuperAdmin(tx)) return;
    await userStore.insert(tx, { id: uuidv7(), username: email, email, fullName: 'Administrator', phone: null, active: true, superAdmin: true, createdAt: now, updatedAt: now }, hash);
    log.info({ email }, 'The first super admin was made');
  });
}
