import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Tx } from '#kernel/db/database.ts';
import { conflict, invalidField, notFound, type ErrorDetail } from '#kernel/errors.ts';
import { isUuid, uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { lockRouter } from '../access/access.store.ts';
import { marked, unmarked } from '../access/adopt-actions.ts';
import { isRouterOsId } from '../direct/direct-menu.ts';
import type { DirectRouters } from '../direct/direct-router.ts';
import type { Router } from '../router/router.ts';
import type { RouterPort } from '../routeros/ensure-row.ts';
import { isSameOwner, parseOwnership } from '../routeros/ownership.ts';
import { named } from '../routeros/ppp-rows.ts';
import type { Row } from '../routeros/session.ts';
import { givenFields, isPending, ownerOf, proplistOf, rowChanges, shownRow, toMenuRow, valuesOf, wantedRow, type DesiredMenu, type DesiredRow } from './desired-row.ts';
import * as store from './desired-row.store.ts';

/**
 * A row that somebody else has made is taken into the database as it stands, or given back. On the router only the mark in its
 * comment comes or goes. The wish is there before the mark is, and as long as it is: what is interrupted in between is a
 * conflict in the next plan and no removal, and the same call again brings it to its end.
 */
export interface RowAdoption {
  /** By name, or by the router's `.id`. @throws NOT_FOUND; VALIDATION_ERROR; CONFLICT for a row that is owned, or the router's own; UNAVAILABLE */
  adopt(principal: Principal, input: AdoptRowInput): Promise<DesiredRow>;
  /** A row that is gone on the router needs no giving back. @throws NOT_FOUND; UNAVAILABLE */
  release(principal: Principal, id: string): Promise<string>;
}

export interface AdoptRowInput {
  routerId?: string | null;
  name?: string | null;
  rowId?: string | null;
}

const MARK_PROPS = ['.id', 'name', 'comment', 'dynamic'];

export function makeRowAdoption({ db, clock, direct, menu }: Pick<SubgraphKit, 'db' | 'clock'> & { direct: DirectRouters; menu: DesiredMenu }): RowAdoption {
  const { direct: { path, noun }, kind } = menu;

  /** The wish of a row: the one that an earlier attempt has made, or a new one. */
  const claim = async (router: Router, rows: readonly Row[], row: Row, field: string): Promise<DesiredRow> => {
    const refused = (code: string, message: string) => conflict(message, [{ field, code, message }]);
    const seen = toMenuRow(menu, row);
    if (seen.own) throw refused('FIXED', `This ${noun} was made by the router itself: it comes and goes without anybody's wish.`);
    if (seen.owner) {
      const { tenant, kind: of, id } = seen.owner;
      const [earlier] = tenant === router.tenantId && of === kind && isUuid(id) ? await db.read(router.tenantId, (tx) => store.byIds(tx, menu, [id])) : [];
      if (earlier?.adopted && earlier.routerId === router.id) return earlier;
      throw refused('OWNED', `This ${noun} is marked as one that Headend looks after already.`);
    }
    const now = clock.now();
    const note = (row['comment'] ?? '').replaceAll('\0', '') || null;
    const made: DesiredRow = { id: uuidv7(), tenantId: router.tenantId, routerId: router.id, name: seen.name, values: valuesOf(menu, seen), note, position: 0, moved: false, adopted: true, appliedDigest: null, appliedNote: null, appliedAt: null, createdAt: now, updatedAt: now };
    // What could not be written again as it stands is not taken over.
    const wrong: ErrorDetail[] = [];
    givenFields(menu, { ...shownRow(menu, made), comment: undefined }, wrong);
    if (wrong.length > 0) throw refused('NOT_STORABLE', `This ${noun} cannot be kept as it stands: ${wrong.map(({ message }) => message).join(' ')}`);
    return db.write(router.tenantId, async (tx) => {
      await lockRouter(tx, router.id);
      const wish = await store.byName(tx, menu, router.id, seen.name);
      if (!wish) {
        const position = await placeOf(tx, router.id, rows, row);
        await store.insert(tx, menu, { ...made, position });
        return { ...made, position };
      }
      const differs = rowChanges(menu, seen, { ...wish, note: wish.appliedNote });
      if (differs.length > 0) throw refused('TAKEN', `There is a ${menu.noun} of this name already, which is to have something else as ${differs.map((change) => change.field).join(', ')}: change or remove it first.`);
      await store.update(tx, menu, wish.id, { adopted: true, note });
      return { ...wish, adopted: true, note };
    });
  };

  /** Behind the nearest of ours before it on the router, so that nothing has to be moved. */
  const placeOf = async (tx: Tx, routerId: string, rows: readonly Row[], row: Row): Promise<number> => {
    if (!menu.direct.ordered) return 0;
    const wishes = new Map((await store.ofRouter(tx, menu, routerId)).map((wish) => [wish.id, wish]));
    const wishOf = (one: Row) => wishes.get(parseOwnership(one['comment'])?.id.toLowerCase() ?? '');
    const at = rows.indexOf(row);
    const before = rows.slice(0, at).findLast(wishOf);
    const after = rows.slice(at + 1).find(wishOf);
    const position = before ? wishOf(before)!.position + 1 : after ? wishOf(after)!.position : await store.end(tx, menu, routerId);
    await store.makeRoom(tx, routerId, position);
    return position;
  };

  /** The row after its mark was written, or was found to be there. @throws CONFLICT when it is not as it was told. */
  const mark = async (port: RouterPort, row: Row, wish: DesiredRow): Promise<Row> => {
    const owner = ownerOf(menu, wish);
    const isMarked = (one: Row | undefined) => isSameOwner(parseOwnership(one?.['comment']) ?? { tenant: '', kind, id: '' }, owner);
    if (isMarked(row)) return row;
    await port.command(`${path}/set`, { '.id': row['.id']!, comment: marked(row, owner) });
    const now = (await port.print(path, { where: { '.id': row['.id']! }, proplist: proplistOf(menu) })).find((one) => one['.id'] === row['.id']);
    if (!now || !isMarked(now)) throw conflict(`The router took the mark of the ${noun}, but does not show it.`);
    return now;
  };

  return {
    async adopt(principal, { routerId, name, rowId }) {
      if ((name == null) === (rowId == null)) throw invalidField('name', 'REQUIRED', 'Give either name or rowId.');
      const field = name != null ? 'name' : 'rowId';
      const router = await direct.meant(principal, routerId);
      if (rowId != null && !isRouterOsId(rowId)) throw notFound(noun, rowId);
      const isMeant = (row: Row) => (name != null ? row['name'] === name : row['.id'] === rowId);
      const first = (await direct.read(router, (port) => port.print(path, { where: name != null ? { name } : { '.id': rowId! }, proplist: MARK_PROPS }), field)).find(isMeant);
      if (!first) throw notFound(noun, (name ?? rowId)!);
      // Under both of its keys: direct commands know it by its id, plans by its name.
      return direct.write(router, { key: [`${kind}:${first['name']}`, `${kind}:${first['.id']}`], properties: menu.properties, field }, async (port) => {
        const rows = await port.print(path, { ...(menu.direct.ordered ? {} : { where: { '.id': first['.id']! } }), proplist: proplistOf(menu) });
        const row = rows.find((one) => one['.id'] === first['.id'] && one['name'] === first['name']);
        if (!row) throw notFound(noun, (name ?? rowId)!);
        const wish = await claim(router, rows, row, field);
        const now = await mark(port, row, wish);
        if (!isPending(menu, wish) || rowChanges(menu, toMenuRow(menu, now), { ...wish, appliedNote: wish.note }).length > 0) return wish;
        const at = clock.now();
        const applied = { appliedDigest: wantedRow(menu, wish), appliedNote: wish.note, appliedAt: at };
        await db.write(router.tenantId, (tx) => store.noteProven(tx, { menu, applied: [{ id: wish.id, digest: applied.appliedDigest, note: applied.appliedNote }], gone: [] }, at));
        return { ...wish, ...applied };
      });
    },

    async release(principal, id) {
      const [wish] = isUuid(id) ? await db.read(tenantOf(principal), (tx) => store.byIds(tx, menu, [id])) : [];
      if (!wish) throw notFound(menu.noun, id);
      const owner = ownerOf(menu, wish);
      const isOurs = (row: Row): boolean => {
        const { owner: found, own } = named(row);
        return !own && found !== null && isSameOwner(found, owner);
      };
      const router = await direct.meant(principal, wish.routerId);
      await direct.write(router, { key: `${kind}:${wish.name}`, properties: menu.properties, field: 'id' }, async (port) => {
        // By the mark, under whatever name it stands.
        for (const row of (await port.print(path, { proplist: MARK_PROPS })).filter(isOurs)) await port.command(`${path}/set`, { '.id': row['.id']!, comment: unmarked(row, owner) });
        if ((await port.print(path, { proplist: MARK_PROPS })).some(isOurs)) throw conflict(`The router took the mark of the ${noun} away, but still shows it.`);
        await db.write(router.tenantId, (tx) => store.forget(tx, menu, [wish.id]));
      });
      return wish.id;
    },
  };
}
