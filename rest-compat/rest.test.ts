import { describe, expect, it } from 'vitest';
import { listRoutes } from './rest.ts';
import { dialects } from './dialects/index.ts';
import { loadOperations, readApiSchema } from './machine/operations.ts';

describe('REST over the committed graph', () => {
  it('fits: every operation is taken, or stands in the status table', () => {
    expect(listRoutes().length).toBeGreaterThan(70);
  });

  it('waits for nothing that the graph offers by now: such a name leaves the status table', () => {
    const schema = readApiSchema();
    const stale = dialects.flatMap(({ dialect, awaited }) => {
      const operations = loadOperations(dialect.name, schema);
      return [...awaited].filter((name) => operations.get(name)?.problems.length === 0 || !operations.has(name));
    });
    expect(stale).toEqual([]);
  });
});
