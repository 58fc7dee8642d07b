import { describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { loaderById, loaderByKey } from './loaders.ts';

const [a, b] = [uuidv7(), uuidv7()];

describe('a loader', () => {
  it('asks once for all ids of one tick, and answers null for what leads nowhere', async () => {
    const asked: string[][] = [];
    const loader = loaderById(async (ids) => {
      asked.push(ids);
      return [{ id: b }, { id: a }];
    });
    expect(await Promise.all([loader.load(a), loader.load('nonsense'), loader.load(b.toUpperCase()), loader.load(uuidv7()), loader.load(a)])).toEqual([{ id: a }, null, { id: b }, null, { id: a }]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).not.toContain('nonsense');
  });

  it('does not ask for ids that are none', async () => {
    const loader = loaderById(() => Promise.reject(new Error('asked')));
    expect(await loader.load('nonsense')).toBeNull();
  });

  it('of what belongs to a key answers a fresh nothing where there is none', async () => {
    const loader = loaderByKey(async () => new Map([[a, ['x']]]), (): string[] => []);
    const [one, two, three] = await Promise.all([loader.load(a), loader.load(b), loader.load('nonsense')]);
    expect([one, two, three]).toEqual([['x'], [], []]);
    expect(two).not.toBe(three);
  });
});
