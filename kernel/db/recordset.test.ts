import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from './drizzle.ts';
import { recordset } from './recordset.ts';
import { testDatabase, type TestDatabase } from './test-database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ subgraphs: ['network'] });
});
afterAll(() => test.drop());

it('hands the server what was given, whatever is in it', async () => {
  const rows = ['plain', '', ' ', 'NULL', '"quoted"', 'back\\slash', 'a,b{c}d', "it's", 'zwei\nZeilen', 'ünï🙂', null].map((text, n) => ({ n, text }));
  const answered = await test.database.forSubgraph('network').system((tx) =>
    tx.execute(sql`
      select r.n, r.words, r.doc, r.day::text, r.amount::text from ${recordset('r', rows, {
        n: ['integer', ({ n }) => n],
        words: ['text', ({ text }) => text],
        doc: ['jsonb', ({ text }) => JSON.stringify({ text })],
        day: ['date', ({ text }) => (text === null ? null : '2026-02-28')],
        amount: ['bigint', () => 9_007_199_254_740_993n],
      })} order by r.n`),
  );
  expect([...answered]).toEqual(rows.map(({ n, text }) => ({ n, words: text, doc: { text }, day: text === null ? null : '2026-02-28', amount: '9007199254740993' })));
});

it('is empty when there is nothing', async () => {
  const nothing: Array<{ id: string }> = [];
  expect(await test.database.forSubgraph('network').system((tx) => tx.execute(sql`select from ${recordset('r', nothing, { id: ['uuid', ({ id }) => id] })}`))).toHaveLength(0);
});
