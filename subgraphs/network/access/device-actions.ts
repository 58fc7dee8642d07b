import { ForeignRowError, RouterOsError } from '../routeros/errors.ts';
import type { PppVerbs } from '../routeros/ppp.ts';
import type { Access, Departure, PppProfile } from './access.ts';
import { desiredProfile, desiredSecret } from './desired-rows.ts';

/** What is done on a router for one service: reads first, writes what is missing, reads back. May be repeated after anything. */

/** The plan names a pool that the router does not have. */
export class UnknownPool extends Error {
  constructor(readonly pool: string) {
    super(`The router has no address pool ${JSON.stringify(pool)}.`);
  }
}

/** The router ends a session a moment after it has confirmed that it will. */
const READ_BACKS = 20;
const READ_BACK_EVERY_MS = 100;

const ownerOf = ({ tenantId, serviceId }: Pick<Access, 'tenantId' | 'serviceId'>) => ({ tenant: tenantId, id: serviceId });
const profileOwner = ({ tenantId, planId }: PppProfile) => ({ tenant: tenantId, id: planId });

type Secret = Pick<Access | Departure, 'tenantId' | 'serviceId' | 'username' | 'secretName'>;

/** The names under which the secret may stand: one, or two while it is being renamed. */
const namesOf = ({ username, secretName }: Pick<Secret, 'username' | 'secretName'>): string[] => [...new Set([username, ...(secretName === null ? [] : [secretName])])];

/** @throws UnknownPool: routers differ in how they refuse a name that leads nowhere (some do not); asked for, it is certain. */
export async function checkPool(ppp: PppVerbs, profile: PppProfile): Promise<void> {
  if ((await ppp.readPool(profile.remotePool)) === null) throw new UnknownPool(profile.remotePool);
}

export async function ensureProfile(ppp: PppVerbs, profile: PppProfile): Promise<void> {
  await ppp.ensureProfile(desiredProfile(profile));
}

/** The secret with all that is wished, under its name; renamed when it had another. */
export async function ensureSecret(ppp: PppVerbs, access: Access, password: string): Promise<void> {
  if (access.secretName !== null && access.secretName !== access.username) await ppp.renameSecret(access.secretName, access.username, ownerOf(access));
  await ppp.ensureSecret({ ...desiredSecret(access), password });
}

/**
 * Nobody dials and nobody is online with this secret. Disabled first: whoever is cut dials at once, and must be refused.
 * A secret that is absent cannot be dialled with; its session may run on all the same.
 */
export async function shutOut(ppp: PppVerbs, access: Secret): Promise<void> {
  for (const name of namesOf(access)) {
    try {
      await ppp.disableSecret(name, ownerOf(access));
    } catch (error) {
      if (!(error instanceof RouterOsError) || error.code !== 'NOT_FOUND') throw error;
    }
    await cutAll(ppp, name);
  }
}

/** Neither secret nor session is left, as far as they are ours. */
export async function removeSecret(ppp: PppVerbs, access: Secret): Promise<void> {
  for (const name of namesOf(access)) {
    try {
      await ppp.removeSecret(name, ownerOf(access));
    } catch (error) {
      if (error instanceof ForeignRowError) continue; // nothing of ours is there
      throw error;
    }
    // A secret that is gone does not end the session that was dialled with it.
    await cutAll(ppp, name);
  }
}

/** Removes the profile unless it is not ours, or secrets that somebody else made use it. */
export async function removeProfile(ppp: PppVerbs, profile: PppProfile): Promise<void> {
  try {
    await ppp.removeProfile(profile.name, profileOwner(profile));
  } catch (error) {
    if (error instanceof ForeignRowError || (error instanceof RouterOsError && error.code === 'BAD_VALUE')) return;
    throw error;
  }
}

/** Ends the sessions that run now, so that they are dialled anew; proves that those are gone. */
export async function renewSessions(ppp: PppVerbs, access: Secret): Promise<void> {
  for (const name of namesOf(access)) {
    const running = await ppp.listActive(name);
    for (const { id } of running) await ppp.removeActive({ id });
    await untilGone(name, async () => {
      const left = running.length === 0 ? [] : await ppp.listActive(name);
      return !running.some((row) => left.some((one) => one.id === row.id && one.sessionId === row.sessionId));
    });
  }
}

async function cutAll(ppp: PppVerbs, name: string): Promise<void> {
  await untilGone(name, async () => {
    const running = await ppp.listActive(name);
    for (const { id } of running) await ppp.removeActive({ id });
    return running.length === 0;
  });
}

async function untilGone(name: string, look: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; !(await look()); attempt += 1) {
    if (attempt === READ_BACKS) throw new RouterOsError('MISMATCH', `the session of "${name}" is still there after its removal`);
    await new Promise((resolve) => setTimeout(resolve, READ_BACK_EVERY_MS));
  }
}
