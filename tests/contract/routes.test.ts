import { describe, expect, it } from 'vitest';
import { dialects } from '#rest-compat/dialects/index.ts';
import documented from './documented-operations.json' with { type: 'json' };

interface Documented {
  dialect: string;
  id: string;
  method: string;
  path: string | null;
  stream?: boolean;
}

/** Dialects whose routes are still to be written. Each leaves the list with its first route. */
const NOT_YET = ['platform', 'v1', 'framework'];

const operations = documented as Documented[];
const key = ({ id, method, path }: { id: string; method: string; path: string | null }) => `${id} ${method} ${path}`;

describe('the routes and the legacy documents', () => {
  it('agree on which dialects there are', () => {
    expect([...dialects.map(({ dialect }) => dialect.name), ...NOT_YET].sort()).toEqual([...new Set(operations.map(({ dialect }) => dialect))].sort());
  });

  describe.each(dialects.map((module) => [module.dialect.name, module] as const))('%s', (name, { routes, unserved }) => {
    const own = operations.filter(({ dialect }) => dialect === name);

    it('serves every documented operation, or says that it does not yet', () => {
      const told = new Set([...routes, ...unserved].map(key));
      expect(own.map(key).filter((operation) => !told.has(operation))).toEqual([]);
    });

    it('serves nothing that no document names', () => {
      const known = new Set(own.map(key));
      expect([...routes, ...unserved].map(key).filter((route) => !known.has(route))).toEqual([]);
    });

    it('has a stream where the document has one', () => {
      const streams = (list: ReadonlyArray<{ id: string; stream?: unknown }>) => list.filter(({ stream }) => stream).map(({ id }) => id);
      expect(streams([...routes, ...unserved]).sort()).toEqual(streams(own).sort());
    });

    it('tells each operation once', () => {
      const ids = [...routes, ...unserved].map(({ id }) => id);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    });
  });
});
