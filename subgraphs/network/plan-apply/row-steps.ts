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
  /** In their order. */
  wishes: readonly DesiredRow[];
}

/** Reads a menu again and again, and what is wished for in it once. */
export function makeMenuLook(menu: DesiredMenu, { db, apply, limits }: StepContext): { look(port: RouterPort): Promise<void>; now(): MenuLook } {
  let wishes: DesiredRow[] | undefined;
  let rows: MenuRow[] = [];
  return {
    async look(port) {
      wishes ??= await db.read(apply.tenantId, (tx) => desiredStore.ofRouter(tx, menu, apply.routerId));
      rows = await readRows(port, menu, limits());
    },
    now: () => ({ rows, wishes: wishes ?? [] }),
  };
}

export interface RowWritesOptions {
  /** Where a new row is to stand, as it is sent. */
  place?: (wish: DesiredRow, look: MenuLook) => Record<string, string>;
}

/** Rows that are made or changed: as they are wished for now, and only where that is still what the plan says. */
export function rowWrites(menu: DesiredMenu, context: StepContext, items: readonly PlanItem[], { place }: RowWritesOptions = {}): StepKind {
  const { look, now } = makeMenuLook(menu, context);
  const applied: desiredStore.ProvenWish[] = [];
  const wishOf = ({ desiredId }: PlanItem) => now().wishes.find(({ id }) => id === desiredId);
  const rowNamed = (name: string) => now().rows.find((row) => row.name === name && !row.own);
  /** Ours, under its name or the one that it is to lose. */
  const rowOf = (item: PlanItem, wish: DesiredRow) => [wish.name, item.name].map(rowNamed).find((row) => row && isOwnedBy(row, ownerOf(menu, wish)));
  const proven = (wish: DesiredRow): Verdict => {
    applied.push({ id: wish.id, digest: wantedRow(menu, wish), note: wish.note });
    return done;
  };

  return {
    menu: menu.direct.path,
    // Rows that stand where they are put are put there in their order.
    inOrder: place !== undefined && items.some(({ action }) => action === PlanAction.ADD),
    look,
    judge(item) {
      const wish = wishOf(item);
      if (!wish || wantedRow(menu, wish) !== item.wanted) return { end: overtaken() };
      const named = rowNamed(wish.name);
      if (named && !isOwnedBy(named, ownerOf(menu, wish))) return { end: refusedStep(menu.codes.foreign, `A row of that name is on the router and does not carry our mark: it is not touched.`) };
      // Routers differ in how they refuse a name that leads nowhere (some do not): asked for, it is certain.
      const on = leansOn(menu, wish);
      if (on !== null && !now().rows.some(({ name }) => name === on)) return { end: refusedStep(menu.codes.unknown, `The router has no ${menu.direct.noun} ${JSON.stringify(on)}.`) };
      const row = rowOf(item, wish);
      if (!row) {
        if (item.action === PlanAction.CHANGE) return { end: stale() };
        return { command: 'add', attributes: { ...addAttributes(menu, wish), ...place?.(wish, now()) } };
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
  const { look, now } = makeMenuLook(menu, context);
  let elsewhere: ReadonlySet<string> = new Set();
  const gone: string[] = [];
  const rowOf = ({ name }: PlanItem) => now().rows.find((row) => row.name === name && !row.own);
  const proven = ({ desiredId }: PlanItem): Verdict => {
    if (desiredId !== null) gone.push(desiredId);
    return done;
  };
  return {
    menu: menu.direct.path,
    async look(port) {
      await look(port);
      if (namedElsewhere) elsewhere = await namedElsewhere(port, items.map(({ name }) => name));
    },
    judge(item) {
      const { rows, wishes } = now();
      if (wishes.some(({ id, name }) => id === item.desiredId && name === item.name)) return { end: overtaken() };
      const row = rowOf(item);
      if (!row) return { end: proven(item) };
      if (seenRow(menu, row) !== item.seen) return { end: stale() };
      // A router would let what names it fall to a dead reference.
      if (elsewhere.has(row.name) || rows.some((other) => shownLeansOn(menu, other) === row.name)) return { end: refusedStep(menu.codes.inUse, 'Something on the router names it by now.') };
      return { command: 'remove', attributes: { '.id': row.id } };
    },
    verify(item, sent) {
      if (!rowOf(item)) return proven(item);
      return sent === 'UNKNOWN' ? null : failedStep('NETWORK_READ_BACK_DIFFERS', 'The row is still there after its removal.');
    },
    rows: () => ({ menu, applied: [], gone }),
  };
}
