import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isForeignKeyViolation, isUniqueViolation, type Tx } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import type { ListQuery } from '#kernel/db/list.ts';
import { conflict, invalidField, notFound, validationError, type ErrorDetail } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid, uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { lockRouter } from '../access/access.store.ts';
import { unknownRouter, type Routers } from '../router/router.ts';
import { parseOwnership } from '../routeros/ownership.ts';
import { idempotencyKeys } from '../tables.ts';
import { givenFields, leansOn, type DesiredMenu, type DesiredRow } from './desired-row.ts';
import type { DesiredRowFilter } from './desired-row.type.ts';
import * as store from './desired-row.store.ts';

/**
 * What is wished for in one menu of a router. Nothing here asks or changes a router: it follows when a plan is applied.
 * @throws NOT_FOUND; VALIDATION_ERROR naming every wrong field; CONFLICT naming `name` when it is taken.
 */
export interface DesiredRows {
  list(principal: Principal, query: ListQuery<DesiredRowFilter, string>): Promise<ConnectionValue<DesiredRow>>;
  get(principal: Principal, id: string): Promise<DesiredRow>;
  /** In a menu with an order: at the end. */
  create(principal: Principal, input: object & { routerId?: string | null; idempotencyKey?: string | null }): Promise<DesiredRow>;
  /** What is absent or null stays, an empty text unsets. What leans on the row follows its name. */
  update(principal: Principal, input: object & { id: string }): Promise<DesiredRow>;
  remove(principal: Principal, id: string): Promise<string>;
  /** Of a menu with an order: before another one of the same router, or at the end. */
  move(principal: Principal, input: { id: string; before?: string | null }): Promise<DesiredRow>;
}

export function makeDesiredRows({ db, clock, routers, menu }: Pick<SubgraphKit, 'db' | 'clock'> & { routers: Pick<Routers, 'meant'>; menu: DesiredMenu }): DesiredRows {
  const unknown = (id: string): never => {
    throw notFound(menu.noun, id);
  };

  const find = async (tx: Tx, id: string): Promise<DesiredRow> => (await store.byIds(tx, menu, [id]))[0] ?? unknown(id);

  /** With its router locked: what is wished for there is changed by one at a time. */
  const lock = async (tx: Tx, id: string): Promise<DesiredRow> => {
    const { routerId } = await find(tx, id);
    await lockRouter(tx, routerId);
    return find(tx, id);
  };

  /** @throws VALIDATION_ERROR with every field that is wrong by itself, or together with others. */
  const checked = (input: object, before?: DesiredRow): Pick<DesiredRow, 'name' | 'values' | 'note'> => {
    const wrong: ErrorDetail[] = [];
    const given = givenFields(menu, input, wrong);
    const { name = before?.name ?? '', note = before?.note ?? null, ...changes } = given;
    const none = Object.fromEntries(menu.properties.map(({ field }) => [field, null]));
    const values = { ...none, ...before?.values, ...changes };
    // Given back, the row would be taken for the one of this mark.
    if (parseOwnership(note)) wrong.push({ field: 'note', code: 'RESERVED', message: 'note must not begin like the mark by which Headend knows its own rows.' });
    if (wrong.length === 0) wrong.push(...(menu.check?.(values) ?? []));
    if (wrong.length > 0) throw validationError(wrong);
    return { name: name!, values, note };
  };

  /** A row that leans on itself, by however many others, can never be made. The router must be locked. */
  const checkLeaning = async (tx: Tx, row: DesiredRow): Promise<void> => {
    if (leansOn(menu, row) === null) return;
    const byName = new Map((await store.ofRouter(tx, menu, row.routerId)).filter(({ id }) => id !== row.id).map((one) => [one.name, one]));
    // Taken: the index says so.
    if (byName.has(row.name)) return;
    byName.set(row.name, row);
    const met = new Set<string>();
    for (let at: DesiredRow | undefined = row; at; at = byName.get(leansOn(menu, at) ?? '')) {
      if (met.has(at.id)) {
        const { field } = menu.reference;
        throw invalidField(field, 'CYCLE', `${field} leads back to the row itself.`);
      }
      met.add(at.id);
    }
  };

  const taken = (name: string) => (error: unknown): never => {
    if (!isUniqueViolation(error)) throw error;
    const message = `There is a ${menu.noun} named ${JSON.stringify(name)} for this router already.`;
    throw conflict(message, [{ field: 'name', code: 'TAKEN', message }]);
  };

  return {
    list: (principal, query) => store.list(db, tenantOf(principal), menu, query),

    get: async (principal, id) => (isUuid(id) ? db.read(tenantOf(principal), (tx) => find(tx, id)) : unknown(id)),

    async create(principal, { idempotencyKey, ...input }) {
      const given = checked(input);
      const router = await routers.meant(principal, input.routerId);
      const { tenantId } = router;
      const now = clock.now();
      const made: DesiredRow = { id: uuidv7(), tenantId, routerId: router.id, ...given, position: 0, moved: false, adopted: false, appliedDigest: null, appliedNote: null, appliedAt: null, createdAt: now, updatedAt: now };
      try {
        return await db.write(tenantId, (tx) =>
          once(
            tx,
            idempotencyKeys,
            { tenantId, operation: menu.creating, key: idempotencyKey, input, now },
            async () => {
              await lockRouter(tx, router.id);
              await checkLeaning(tx, made);
              const row = { ...made, position: await store.end(tx, menu, router.id) };
              await store.insert(tx, menu, row);
              return row;
            },
            (id) => find(tx, id),
          ),
        );
      } catch (error) {
        if (isForeignKeyViolation(error)) return unknownRouter(router.id);
        return taken(made.name)(error);
      }
    },

    async update(principal, { id, ...input }) {
      if (!isUuid(id)) return unknown(id);
      let name = '';
      return db
        .write(tenantOf(principal), async (tx) => {
          const before = await lock(tx, id);
          const now = clock.now();
          const after: DesiredRow = { ...before, ...checked(input, before), updatedAt: now };
          ({ name } = after);
          await checkLeaning(tx, after);
          await store.update(tx, menu, id, after);
          if (after.name !== before.name) await store.renameReferences(tx, menu, { routerId: before.routerId, from: before.name, to: after.name, now });
          return after;
        })
        .catch((error: unknown) => taken(name)(error));
    },

    async remove(principal, id) {
      if (!isUuid(id)) return unknown(id);
      return db.write(tenantOf(principal), async (tx) => {
        const row = await lock(tx, id);
        await store.remove(tx, menu, row, clock.now());
        return row.id;
      });
    },

    async move(principal, { id, before }) {
      if (!isUuid(id)) return unknown(id);
      if (before != null && !isUuid(before)) return unknown(before);
      if (before === id) throw invalidField('before', 'INVALID', `before must name another ${menu.noun}.`);
      return db.write(tenantOf(principal), async (tx) => {
        const row = await lock(tx, id);
        const place = before == null ? undefined : await find(tx, before);
        if (place && place.routerId !== row.routerId) throw invalidField('before', 'OTHER_ROUTER', `before must name a ${menu.noun} of the same router.`);
        const all = await store.ofRouter(tx, menu, row.routerId);
        if (all[all.findIndex((one) => one.id === row.id) + 1]?.id === place?.id) return row;
        const position = place?.position ?? (await store.end(tx, menu, row.routerId));
        if (place) await store.makeRoom(tx, row.routerId, position);
        const after: DesiredRow = { ...row, position, moved: true, updatedAt: clock.now() };
        await store.update(tx, menu, row.id, after);
        return after;
      });
    },
  };
}

/** A page of wishes as the graph shows them. */
export function shownPage<T>({ nodes, edges, ...page }: ConnectionValue<DesiredRow>, shown: (row: DesiredRow) => T): ConnectionValue<T> {
  return { ...page, nodes: nodes.map(shown), edges: edges.map(({ cursor, node }) => ({ cursor, node: shown(node) })) };
}
