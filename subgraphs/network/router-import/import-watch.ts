import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { makeRowWatch } from '#kernel/db/row-watch.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { IMPORT_CHANNEL, byIds } from './router-import.store.ts';
import type { RouterImport, RouterImports } from './router-import.ts';

/** Tells of changes of imports, from whichever process they come. */
export interface ImportWatch {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The import as it is, then after each change, until it has ended. @throws NOT_FOUND */
  follow(principal: Principal, id: string, signal?: AbortSignal): Promise<AsyncGenerator<RouterImport, void, void>>;
}

export function makeImportWatch({ db, database, imports }: Pick<SubgraphKit, 'db' | 'database'> & { imports: Pick<RouterImports, 'get'> }): ImportWatch {
  const watch = makeRowWatch<RouterImport>({ database, channel: IMPORT_CHANNEL, find: async (tenantId, id) => (await db.read(tenantId, (tx) => byIds(tx, [id])))[0] ?? null });

  async function* untilEnded(changes: AsyncGenerator<RouterImport, void, void>): AsyncGenerator<RouterImport, void, void> {
    for await (const found of changes) {
      yield found;
      if (found.finishedAt !== null) return;
    }
  }

  return {
    start: () => watch.start(),
    stop: () => watch.stop(),
    async follow(principal, id, signal) {
      const found = await imports.get(principal, id);
      return untilEnded(watch.follow(tenantOf(principal), found.id, signal));
    },
  };
}
