import { randomBytes } from 'node:crypto';
import * as argon2 from '@node-rs/argon2';
import { invalidField, unavailable } from '#kernel/errors.ts';

export interface Passwords {
  /** Argon2id, as a PHC text. */
  hash(password: string): Promise<string>;
  /** With a hash of null (no such user) it does the same work and answers false. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

/** OWASP's second recommendation: 19 MiB, two passes, one lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** How many callers may wait for their turn; beyond that logins are refused rather than queued for minutes. */
const WAITING_MAX = 500;

/**
 * Passwords, a few at a time: each takes 19 MiB and a core for tens of milliseconds, and a burst of logins must not take
 * memory and threads from everything else.
 */
export function makePasswords({ concurrency = 4, hasher = argon2 }: { concurrency?: number; hasher?: Pick<typeof argon2, 'hash' | 'verify'> } = {}): Passwords {
  const waiting: Array<() => void> = [];
  let running = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= concurrency) {
      if (waiting.length >= WAITING_MAX) throw unavailable('Too many people log in at this moment: try again in a few seconds.');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  const make = (password: string) => inTurn(() => hasher.hash(password, ARGON2ID));
  let nobody: Promise<string> | undefined;

  return {
    hash: make,
    async verify(known, password) {
      const against = known ?? (await (nobody ??= make(randomBytes(16).toString('hex'))));
      const right = await inTurn(() => hasher.verify(against, password));
      return right && known !== null;
    },
  };
}

/** @throws VALIDATION_ERROR naming `password` */
export function assertPassword(password: string, policy: { minLength: number }, username: string): void {
  if ([...password].length < policy.minLength) throw invalidField('password', 'TOO_SHORT', `password must have at least ${policy.minLength} characters.`);
  if (password.toLowerCase() === username.toLowerCase()) throw invalidField('password', 'TOO_SIMPLE', 'password must not be the user name.');
}
