import type { Principal } from '#kernel/access/principal.ts';
import type { Clock } from '#kernel/clock.ts';
import { conflict, notFound, validationError, type DomainError, type ErrorDetail } from '#kernel/errors.ts';
import type { RouterPort } from '../routeros/ensure-row.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { parseOwnership } from '../routeros/ownership.ts';
import type { Row } from '../routeros/session.ts';
import type { Router } from '../router/router.ts';
import { checkQuery, pick, type DirectList, type DirectQuery } from './direct-list.ts';
import { attributesOf, isRouterOsId, wishesOf, type DirectMenu, type DirectRow, type DirectWish } from './direct-menu.ts';
import type { DirectKeys } from './direct-keys.ts';
import type { DirectRouters } from './direct-router.ts';

/** A row with the router it stands on. */
export type OnRouter<T> = T & { router: Router };

/** The input of a change: `routerId`, `id` where one exists, and the menu's fields. */
export type DirectInput = object & { routerId?: string | null };

/**
 * The rows of one menu, asked for directly: a read is a print, a write is read back before it is answered. Nothing is kept
 * in the database, and a row that Headend owns is shown but not changed here: its desired state would only win it back.
 */
export interface DirectRows<T extends DirectRow> {
  list(principal: Principal, query: DirectQuery): Promise<DirectList<OnRouter<T>>>;
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string, routerId: string | null | undefined): Promise<OnRouter<T>>;
  /**
   * In a menu with an order the new row stands before `placeBefore`, else at the end. Under the same `idempotencyKey` the row that was
   * made is answered as it is now.
   * @throws CONFLICT when the name is taken, or the key was used with another input; VALIDATION_ERROR; UNAVAILABLE
   */
  create(principal: Principal, input: DirectInput & { placeBefore?: string | null; idempotencyKey?: string | null }): Promise<OnRouter<T>>;
  /** @throws NOT_FOUND; CONFLICT for a row that is Headend's; VALIDATION_ERROR; UNAVAILABLE */
  update(principal: Principal, input: DirectInput & { id: string }): Promise<OnRouter<T>>;
  /** @throws as `update`. */
  remove(principal: Principal, input: DirectInput & { id: string }): Promise<string>;
  /** Of a menu with an order: puts the row before another one; without `before` at the end. @throws as `update`. */
  move(principal: Principal, input: DirectInput & { id: string; before?: string | null }): Promise<OnRouter<T>>;
}

export interface DirectRowsOptions<T extends DirectRow> {
  menu: DirectMenu<T>;
  direct: DirectRouters;
  keys: DirectKeys;
  clock: Clock;
  /** Told of the names on a router: of all of them after a list, of one after a change. */
  onNames?: (routerId: string, change: { all: string[] } | { added: string } | { removed: string }) => void;
}

export function makeDirectRows<T extends DirectRow>({ menu, direct, keys, clock, onNames }: DirectRowsOptions<T>): DirectRows<T> {
  const { path, noun, kind, properties } = menu;
  const proplist = ['.id', ...properties.filter(({ secret }) => !secret).map(({ attribute }) => attribute), ...menu.shown];
  const readable = [...proplist, ...properties.filter(({ secret }) => secret).map(({ attribute }) => attribute)];

  const byId = async (port: RouterPort, id: string, wanted = proplist): Promise<Row | undefined> =>
    (await port.print(path, { where: { '.id': id }, proplist: wanted })).find((row) => row['.id'] === id);

  const byName = async (port: RouterPort, name: string, in_ = path, wanted: readonly string[] = ['.id', 'name']): Promise<Row | undefined> =>
    (await port.print(in_, { where: { name }, proplist: wanted })).find((row) => row['name'] === name);

  /** @throws VALIDATION_ERROR with every field that is wrong by itself. */
  const checkedWishes = (input: object): DirectWish[] => {
    const wrong: ErrorDetail[] = [];
    const wishes = wishesOf(properties, input as Record<string, unknown>, wrong);
    const comment = wishes.find(({ property }) => property.attribute === 'comment');
    // A tag written by hand would make Headend take the row for its own.
    if (parseOwnership(comment?.value)) wrong.push({ field: 'comment', code: 'RESERVED', message: 'comment must not begin like the mark by which Headend knows its own rows.' });
    if (wrong.length > 0) throw validationError(wrong);
    return wishes;
  };

  /** Routers differ in how they refuse a name that leads nowhere (some do not): asked for, it is certain. */
  const checkReferences = async (port: RouterPort, wishes: readonly DirectWish[]): Promise<void> => {
    const wrong = await Promise.all(
      wishes.map(async ({ property: { field, refersTo }, value }): Promise<ErrorDetail | undefined> => {
        if (!refersTo || !value || refersTo.unless(value) || (await byName(port, value, refersTo.menu))) return undefined;
        return { field, code: 'UNKNOWN', message: `${field} names ${refersTo.noun} that this router does not have.` };
      }),
    );
    const details = wrong.filter((detail) => detail !== undefined);
    if (details.length > 0) throw validationError(details);
  };

  const checkName = async (port: RouterPort, name: string | undefined): Promise<void> => {
    if (name === undefined || !(await byName(port, name))) return;
    const message = `There is a ${noun} named ${JSON.stringify(name)} on this router already.`;
    throw conflict(message, [{ field: 'name', code: 'TAKEN', message }]);
  };

  const nameIn = (wishes: readonly DirectWish[]): string | undefined => wishes.find(({ property }) => property.attribute === 'name')?.value ?? undefined;

  /** @throws CONFLICT when the router has something else than it was told. */
  const proven = (row: Row, wishes: readonly DirectWish[], router: Router): OnRouter<T> => {
    const unmet = wishes.filter(({ property, isMet }) => !isMet(row[property.attribute]));
    if (unmet.length > 0) {
      const fields = unmet.map(({ property }) => property.field);
      throw conflict(`The router took the ${noun}, but shows something else for ${fields.join(', ')}.`, unmet.map(({ property: { field } }) => ({ field, code: 'READ_BACK_DIFFERS', message: `${field} reads back differently.` })));
    }
    return { ...menu.toRow(row, null), router };
  };

  /** @throws VALIDATION_ERROR naming `field` when the row that another one shall stand before is not there. */
  const checkPlace = async (port: RouterPort, id: string | null | undefined, field: string): Promise<void> => {
    if (id == null || (isRouterOsId(id) && (await byId(port, id, ['.id'])))) return;
    throw validationError([{ field, code: 'UNKNOWN', message: `${field} names a ${noun} that this router does not have.` }]);
  };

  /** @throws CONFLICT when the row does not stand where it was put. */
  const provenPlace = async (port: RouterPort, id: string, before: string | null | undefined, field: string): Promise<void> => {
    const ids = (await port.print(path, { proplist: ['.id'] })).map((row) => row['.id']);
    if (ids[ids.indexOf(id) + 1] === (before ?? undefined)) return;
    throw conflict(`The router took the ${noun}, but it does not stand where it was put.`, [{ field, code: 'READ_BACK_DIFFERS', message: `${field} reads back differently.` }]);
  };

  const unknown = (id: string): DomainError => notFound(noun, id);

  const assertNotOwned = (row: Row, router: Router): void => {
    const owner = parseOwnership(row['comment']);
    if (!owner) return;
    // Another tenant's marks on a shared router are not told.
    const whose = owner.tenant !== router.tenantId ? 'Headend' : owner.kind === 'secret' ? `service ${owner.id}` : owner.kind === 'profile' ? `plan ${owner.id}` : `Headend's desired ${owner.kind} ${owner.id}`;
    const instead = { secret: 'the customer', profile: 'the plan', pool: 'the desired pool', queue: 'the desired queue' }[owner.kind];
    throw conflict(`This ${noun} belongs to ${whose}: change ${instead} instead.`, [{ field: 'id', code: 'OWNED', message: `id is a ${noun} that Headend looks after.` }]);
  };

  /** A row that may be changed. */
  const changeable = async (port: RouterPort, id: string, router: Router): Promise<Row> => {
    const row = await byId(port, id);
    if (!row) throw unknown(id);
    assertNotOwned(row, router);
    const fixed = menu.fixed?.(row);
    if (fixed) throw conflict(`This ${noun} ${fixed}`, [{ field: 'id', code: 'FIXED', message: `id is a ${noun} that ${fixed}` }]);
    return row;
  };

  const orUnknown = (id: string) => (error: unknown): never => {
    // It went between the read and the write.
    throw error instanceof RouterOsError && error.code === 'NOT_FOUND' ? unknown(id) : error;
  };

  return {
    async list(principal, query) {
      checkQuery(query);
      const router = await direct.meant(principal, query.routerId);
      const rows = await direct.read(router, (port) => port.print(path, { proplist }));
      const all = rows.map((row, position) => ({ ...menu.toRow(row, position), router }));
      onNames?.(router.id, { all: all.map(({ name }) => name) });
      return pick(all, query, clock.now(), menu.searched, { asTheyStand: menu.ordered === true });
    },

    async get(principal, id, routerId) {
      const router = await direct.meant(principal, routerId);
      if (!isRouterOsId(id)) throw unknown(id);
      const row = await direct.read(router, (port) => byId(port, id, [...proplist, ...(menu.measured ?? [])]));
      if (!row) throw unknown(id);
      return { ...menu.toRow(row, null), router };
    },

    async create(principal, { idempotencyKey, ...input }) {
      const wishes = checkedWishes(input);
      const router = await direct.meant(principal, input.routerId);
      const name = nameIn(wishes)!;
      const make = async (port: RouterPort): Promise<OnRouter<T>> => {
        await Promise.all([checkName(port, name), checkReferences(port, wishes), checkPlace(port, input.placeBefore, 'placeBefore')]);
        // Of a new row there is nothing to unset.
        const given = attributesOf(wishes.filter(({ value }) => value !== null));
        const { ret } = await port.command(`${path}/add`, input.placeBefore == null ? given : { ...given, 'place-before': input.placeBefore });
        const row = ret === null ? await byName(port, name, path, readable) : await byId(port, ret, readable);
        if (!row) throw conflict(`The router took the ${noun}, but does not have it now.`);
        if (input.placeBefore != null) await provenPlace(port, row['.id']!, input.placeBefore, 'placeBefore');
        return proven(row, wishes, router);
      };
      const asked = Object.fromEntries(Object.entries(input).filter(([field]) => !properties.some((property) => property.secret && property.field === field)));
      const work = { tenantId: router.tenantId, operation: `create ${noun}`, key: idempotencyKey, input: { ...asked, routerId: router.id } };
      // In the turn of this name: of two with the same key the second finds what the first has made.
      const made = await direct.write(router, { key: `${kind}:${name}`, properties }, (port) =>
        keys.once(work, async (again) => {
          const earlier = again ? await byName(port, name, path, readable) : undefined;
          return earlier ? { ...menu.toRow(earlier, null), router } : make(port);
        }),
      );
      onNames?.(router.id, { added: made.name });
      return made;
    },

    async update(principal, { id, ...input }) {
      const wishes = checkedWishes(input);
      const router = await direct.meant(principal, input.routerId);
      if (!isRouterOsId(id)) throw unknown(id);
      const [before, after] = await direct.write(router, { key: `${kind}:${id}`, properties }, async (port) => {
        const row = await changeable(port, id, router);
        const changes = wishes.filter(({ property, isMet }) => property.secret || !isMet(row[property.attribute]));
        if (changes.length > 0) {
          await Promise.all([checkName(port, nameIn(changes)), checkReferences(port, changes)]);
          await port.command(`${path}/set`, { '.id': id, ...attributesOf(changes) }).catch(orUnknown(id));
        }
        const now = await byId(port, id, readable);
        if (!now) throw unknown(id);
        return [row, proven(now, wishes, router)] as const;
      });
      if (before['name'] !== after.name) {
        onNames?.(router.id, { removed: before['name'] ?? '' });
        onNames?.(router.id, { added: after.name });
      }
      return after;
    },

    async remove(principal, { id, routerId }) {
      const router = await direct.meant(principal, routerId);
      if (!isRouterOsId(id)) throw unknown(id);
      const gone = await direct.write(router, { key: `${kind}:${id}`, properties, field: 'id' }, async (port) => {
        const row = await changeable(port, id, router);
        await port.command(`${path}/remove`, { '.id': id }).catch(orUnknown(id));
        if (await byId(port, id)) throw conflict(`The router took the removal of the ${noun}, but still has it.`);
        return row;
      });
      onNames?.(router.id, { removed: gone['name'] ?? '' });
      return id;
    },

    async move(principal, { id, before, routerId }) {
      const router = await direct.meant(principal, routerId);
      if (!isRouterOsId(id)) throw unknown(id);
      if (before === id) throw validationError([{ field: 'before', code: 'INVALID', message: `before must name another ${noun}.` }]);
      // One after the other: each says where a row stands among all.
      return direct.write(router, { key: `${kind}:order`, properties, field: 'id' }, async (port) => {
        await changeable(port, id, router);
        await checkPlace(port, before, 'before');
        await port.command(`${path}/move`, { numbers: id, ...(before == null ? {} : { destination: before }) }).catch(orUnknown(id));
        await provenPlace(port, id, before, 'before');
        const row = await byId(port, id);
        if (!row) throw unknown(id);
        return { ...menu.toRow(row, null), router };
      });
    },
  };
}
