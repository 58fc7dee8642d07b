import { describe, expect, it } from 'vitest';
import { listRoutes } from './rest.ts';
import { dialects } from './dialects/index.ts';
import { operationsOf, prefixOf } from './machine/catalogue.ts';
import { readApiSchema, readAwaited, readOperation } from './machine/operations.ts';

describe('REST over the committed graph', () => {
  it('fits: every operation is taken, or stands in the status table', () => {
    expect(listRoutes().length).toBeGreaterThan(70);
  });

  it('waits for nothing that the graph offers by now: such an operation moves among the others, and its name leaves the status table', () => {
    const schema = readApiSchema();
    const stale = dialects.flatMap(({ dialect, awaited }) => {
      const texts = readAwaited(dialect.name);
      return [...new Set([...Object.keys(texts), ...awaited])].filter((name) => !awaited.has(name) || !texts[name] || readOperation(name, texts[name], schema).problems.length === 0);
    });
    expect(stale).toEqual([]);
  });

  it('keeps the operations of the dialects apart by their names', () => {
    const foreign = dialects.flatMap(({ dialect, routes }) => routes.flatMap(operationsOf).filter((name) => !name.startsWith(prefixOf(dialect))));
    expect(foreign).toEqual([]);
  });
});
