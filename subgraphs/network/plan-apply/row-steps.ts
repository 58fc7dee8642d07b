import { addAttributes, leansOn, ownerOf, readRows, rowChanges, seenRow, setAttributes, shownLeansOn, wantedRow, type DesiredMenu, type DesiredRow, type MenuRow } from '../desired-row/desired-row.ts';
import * as desiredStore from '../desired-row/desired-row.store.ts';
import type { RouterPort } from '../routeros/ensure-row.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { PlanAction } from '../router-plan/router-plan.type.ts';
import { isOwnedBy } from '../router-plan/wished-rows.ts';
import { fieldsOf } from './secret-steps.ts';
import { done, failedStep, overtaken, refusedStep, stale, type StepContext, type StepKind, type Verdict } from './step.ts';

/** Steps in the menus whose rows are wished for as such: address pools and simple queues. */

/** A menu as it was looked at, and what is wished for in it. */
export interface MenuLook {
  /** In the router's order. */
  rows: readonly MenuRow[];
  /** Those that are not the router's own. */
  byName: ReadonlyMap<string, MenuRow>;
  /** In their order. */
  wishes: readonly DesiredRow[];
  byId: ReadonlyMap<string, DesiredRow>;
}

/** Looks at a menu again and again, and once at what is wished for in it. */
export function menuLooks(menu: DesiredMenu, { db, apply, limits }: StepContext): (port: RouterPort) => Promise<MenuLook> {
  let wishes: DesiredRow[] | undefined;
  return async (port) => {
    wishes ??= await db.read(apply.tenantId, (tx) => desiredStore.ofRouter(tx, menu, apply.routerId));
    const rows = await readRows(port, menu, limits());
    return { rows, byName: new Map(rows.filter(({ own }) => !own).map((row) => [row.name, row])), wishes, byId: new Map(wishes.map((wish) => [wish.id, wish])) };
  };
}

export interface RowWritesOptions {
  /** Where new rows are to stand, as it is sent. */
  places?: (look: MenuLook) => (wish: DesiredRow) => Record<string, string>;
}

/** Rows that are made or changed: as they are wished for now, and only where that is still what the plan says. */
export function rowWrites(menu: DesiredMenu, context: StepContext, items: readonly PlanItem[], { places }: RowWritesOptions = {}): StepKind {
  const look = menuLooks(menu, context);
  let seen: MenuLook;
  let names: ReadonlySet<string>;
  let placeOf: ((wish: DesiredRow) => Record<string, string>) | undefined;
  const applied: desiredStore.ProvenWish[] = [];
  const wishOf = ({ desiredId }: PlanItem) => seen.byId.get(desiredId!);
  /** Ours, under its name or the one that it is to lose. */
  const rowOf = (item: PlanItem, wish: DesiredRow) => [wish.name, item.name].map((name) => seen.byName.get(name)).find((row) => row && isOwnedBy(row, ownerOf(menu, wish)));
  const proven = (wish: DesiredRow): Verdict => {
    applied.push({ id: wish.id, digest: wantedRow(menu, wish), note: wish.note });
    return done;
  };

  return {
    menu: menu.direct.path,
    // Rows that stand where they are put are put there in their order.
    inOrder: places !== undefined && items.some(({ action }) => action === PlanAction.ADD),
    async look(port) {
      seen = await look(port);
      names = new Set(seen.rows.map(({ name }) => name));
      placeOf = places?.(seen);
    },
    judge(item) {
      const wish = wishOf(item);
      if (!wish || wantedRow(menu, wish) !== item.wanted) return { end: overtaken() };
      const named = seen.byName.get(wish.name);
      if (named && !isOwnedBy(named, ownerOf(menu, wish))) return { end: refusedStep(menu.codes.foreign, 'A row of that name is on the router and does not carry our mark: it is not touched.') };
      // Routers differ in how they refuse a name that leads nowhere (some do not): asked for, it is certain.
      const on = leansOn(menu, wish);
      if (on !== null && !names.has(on)) return { end: refusedStep(menu.codes.unknown, `The router has no ${menu.direct.noun} ${JSON.stringify(on)}.`) };
      const row = rowOf(item, wish);
      if (!row) {
        if (item.action === PlanAction.CHANGE) return { end: stale() };
        return { command: 'add', attributes: { ...addAttributes(menu, wish), ...placeOf?.(wish) } };
      }
      const changes = rowChanges(menu, row, wish);
      // Written by us before we could note it.
      if (changes.length === 0) return { end: proven(wish) };
      if (item.action === PlanAction.ADD || seenRow(menu, row) !== item.seen) return { end: stale() };
      return { command: 'set', attributes: { '.id': row.id, ...setAttributes(menu, wish, changes) } };
    },
    verify(item, sent) {
      const wish = wishOf(item)!;
      const row = rowOf(item, wish);
      const left = row && rowChanges(menu, row, wish);
      if (left?.length === 0) return proven(wish);
      if (sent === 'UNKNOWN') return null;
      return failedStep('NETWORK_READ_BACK_DIFFERS', left ? `The router shows something else for ${fieldsOf(left)} than it was told.` : 'The router took the row, but does not have it now.');
    },
    rows: () => ({ menu, applied, gone: [] }),
  };
}

export interface RowRemovalsOptions {
  /** Which of these names rows of other menus name. */
  namedElsewhere?: (port: RouterPort, names: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** Rows of ours that nobody wishes for any more. */
export function rowRemovals(menu: DesiredMenu, context: StepContext, items: readonly PlanItem[], { namedElsewhere }: RowRemovalsOptions = {}): StepKind {
  const look = menuLooks(menu, context);
  let seen: MenuLook;
  let inUse: ReadonlySet<string | null>;
  const gone: string[] = [];
  const rowOf = ({ name }: PlanItem) => seen.byName.get(name);
  const proven = ({ desiredId }: PlanItem): Verdict => {
    if (desiredId !== null) gone.push(desiredId);
    return done;
  };
  return {
    menu: menu.direct.path,
    async look(port) {
      seen = await look(port);
      inUse = new Set([...seen.rows.map((row) => shownLeansOn(menu, row)), ...((await namedElsewhere?.(port, items.map(({ name }) => name))) ?? [])]);
    },
    judge(item) {
      if (seen.byId.get(item.desiredId!)?.name === item.name) return { end: overtaken() };
      const row = rowOf(item);
      if (!row) return { end: proven(item) };
      if (seenRow(menu, row) !== item.seen) return { end: stale() };
      // A router would let what names it fall to a dead reference.
      if (inUse.has(row.name)) return { end: refusedStep(menu.codes.inUse, 'Something on the router names it by now.') };
      return { command: 'remove', attributes: { '.id': row.id } };
    },
    verify(item, sent) {
      if (!rowOf(item)) return proven(item);
      return sent === 'UNKNOWN' ? null : failedStep('NETWORK_READ_BACK_DIFFERS', 'The row is still there after its removal.');
    },
    rows: () => ({ menu, applied: [], gone }),
  };
}
