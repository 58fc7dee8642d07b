import { describe, expect, it } from 'vitest';
import { assertPassword, makePasswords } from './passwords.ts';

/** Hashes that are quick to make, and counts what is asked of it. */
function countingHasher() {
  const seen = { verified: [] as string[], running: 0, most: 0 };
  const busy = async <T>(value: T): Promise<T> => {
    seen.most = Math.max(seen.most, (seen.running += 1));
    await new Promise((resolve) => setImmediate(resolve));
    seen.running -= 1;
    return value;
  };
  const text = (value: string | Uint8Array) => value.toString();
  return {
    seen,
    hasher: {
      hash: (password: string | Uint8Array) => busy(`hash of ${text(password)}`),
      verify: (hash: string | Uint8Array, password: string | Uint8Array) => {
        seen.verified.push(text(hash));
        return busy(text(hash) === `hash of ${text(password)}`);
      },
    },
  };
}

describe('passwords', () => {
  it('are kept as Argon2id and found again', async () => {
    const passwords = makePasswords();
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$/);
    expect(await passwords.verify(hash, 'correct horse')).toBe(true);
    expect(await passwords.verify(hash, 'wrong horse')).toBe(false);
  });

  it('take the same work when there is no such user', async () => {
    const { seen, hasher } = countingHasher();
    const passwords = makePasswords({ hasher });
    expect(await passwords.verify(null, 'anything')).toBe(false);
    expect(await passwords.verify(null, 'anything')).toBe(false);
    expect(seen.verified).toHaveLength(2);
    expect(new Set(seen.verified).size).toBe(1);
  });

  it('are worked on a few at a time, in order, and all of them', async () => {
    const { seen, hasher } = countingHasher();
    const passwords = makePasswords({ concurrency: 3, hasher });
    const hashes = await Promise.all(Array.from({ length: 40 }, (_, at) => passwords.hash(String(at))));
    expect(hashes[39]).toBe('hash of 39');
    expect(seen.most).toBe(3);
  });

  it('are refused rather than queued without end', async () => {
    const { hasher } = countingHasher();
    const passwords = makePasswords({ concurrency: 1, hasher });
    const outcomes = await Promise.allSettled(Array.from({ length: 600 }, () => passwords.hash('x')));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(99);
    expect(refused[0]!.reason).toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('must be as long as the policy says, and not the user name', () => {
    expect(() => assertPassword('1234567', { minLength: 8 }, 'ann')).toThrowError(expect.objectContaining({ code: 'VALIDATION_ERROR' }));
    expect(() => assertPassword('Ann.Smith', { minLength: 8 }, 'ann.smith')).toThrowError(expect.objectContaining({ code: 'VALIDATION_ERROR' }));
    expect(() => assertPassword('ünïcödé!', { minLength: 8 }, 'ann')).not.toThrow();
  });
});
