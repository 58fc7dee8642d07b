import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { sql } from './drizzle.ts';
import { testDatabase, type TestDatabase } from './test-database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ subgraphs: ['network'] });
});
afterAll(() => test.drop());

describe('arrays', () => {
  it('come back from the server as they were sent, whatever the texts hold', async () => {
    const element = fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')), { nil: null });
    await fc.assert(
      fc.asyncProperty(fc.array(element), async (texts) => {
        const [row] = await test.database.forSubgraph('network').read(uuidv7(), (tx) => tx.execute<{ texts: string[] }>(sql`select ${sql.param(texts)}::text[] as texts`));
        expect(row!.texts).toEqual(texts);
      }),
      { numRuns: 100 },
    );
  });

  it('keep their types, their nesting and their holes', async () => {
    const [row] = await test.database.forSubgraph('network').read(uuidv7(), (tx) =>
      tx.execute(sql`select array[1, null, -3] as numbers, array[true, false] as flags, array[array['a', 'b'], array['c', null]] as nested, '{}'::uuid[] as none, array['{"a": [1, "x\\"y"]}'::jsonb] as json, array[9007199254740993] as big`),
    );
    expect(row).toEqual({ numbers: [1, null, -3], flags: [true, false], nested: [['a', 'b'], ['c', null]], none: [], json: [{ a: [1, 'x"y'] }], big: ['9007199254740993'] });
  });
});
