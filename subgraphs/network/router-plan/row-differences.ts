import { isUuid } from '#kernel/ids.ts';
import { isPending, leansOn, ownerOf, rowChanges, rowFields, seenRow, shownLeansOn, wantedRow, type DesiredMenu, type DesiredRow, type MenuRow } from '../desired-row/desired-row.ts';
import { NOTHING, unowned, type Difference } from './difference.ts';
import { PlanAction } from './router-plan.type.ts';
import { movesOf } from './row-order.ts';
import { digest, isOwnedBy } from './wished-rows.ts';

/** What is wished for in one menu of a router. */
export interface WishedRows {
  /** In their order. */
  rows: readonly DesiredRow[];
  /** Nobody wishes for them any more, and no plan has removed them yet. */
  removed: ReadonlySet<string>;
}

/** The differences of one menu, and what others may count on. */
export interface RowDifferences {
  found: Difference[];
  /** What rows of other menus may name once the plan is applied; what is only to be removed still counts. */
  names: ReadonlySet<string>;
  /** New names by old ones: what names a row follows it. */
  renamed: ReadonlyMap<string, string>;
  /** Removals, and what is nobody's. `isNamed`: whether a row of another menu will name it. */
  rest(isNamed: (name: string) => boolean): Difference[];
  /** The wishes that have a row, in the router's order. */
  present: readonly PresentRow[];
}

/** A wish and its row. */
export interface PresentRow {
  row: MenuRow;
  wish: DesiredRow;
}

export const NO_WISHES: WishedRows = { rows: [], removed: new Set() };

/** Compares the rows of a menu with what is wished for, row by row. */
export function rowDifferences(menu: DesiredMenu, all: readonly MenuRow[], wished: WishedRows, tenantId: string): RowDifferences {
  const found: Difference[] = [];
  const rows = all.filter(({ own }) => !own);
  const byName = new Map(rows.map((row) => [row.name, row]));
  const isOurs = ({ owner }: MenuRow) => owner !== null && owner.tenant === tenantId && owner.kind === menu.kind && isUuid(owner.id);
  const marked = Map.groupBy(rows.filter(isOurs), ({ owner }) => owner!.id.toLowerCase());
  /** Rows that a wish has spoken for, by their ids. */
  const spoken = new Set<string>();
  const wishOf = new Map<string, DesiredRow>();
  const names = new Set(all.map(({ name }) => name));
  const renamed = new Map<string, string>();
  /** What rows lean on once the plan is applied, by the id of the row or of the wish. */
  const leaning = new Map<string, string | null>(all.map((row) => [row.id, shownLeansOn(menu, row)]));
  const matched = wished.rows.map((wish) => {
    const named = byName.get(wish.name);
    // Under another name it is still ours: somebody has renamed it, or another name is wished for.
    const row = named && isOwnedBy(named, ownerOf(menu, wish)) ? named : marked.get(wish.id)?.find(({ id }) => !spoken.has(id));
    const isTaken = named !== undefined && named !== row;
    // Of copies the others may go, but not while it is not known which of them is to stay.
    for (const one of marked.get(wish.id) ?? []) if (one === row || isTaken) spoken.add(one.id);
    if (row) wishOf.set(row.id, wish);
    return { wish, row, holder: isTaken ? named : undefined };
  });
  // What leans on another comes after it; also what leans, as it stands, on one that is to get another name.
  const newNames = new Map(matched.flatMap(({ wish, row, holder }) => (row && !holder && row.name !== wish.name ? [[row.name, wish.name]] : [])));
  const depthOf = depths(matched.flatMap(({ wish, row }) => [leansOn(menu, wish), (row && newNames.get(shownLeansOn(menu, row) ?? '')) ?? null].map((on) => [wish.name, on] as const)));
  const ordered = matched.map((one) => ({ ...one, depth: depthOf(one.wish.name) })).sort((one, other) => one.depth - other.depth);

  for (const { wish, row, holder, depth } of ordered) {
    const base = { ...NOTHING, menu: menu.plan, name: wish.name, desiredId: wish.id, depth, pending: isPending(menu, wish) };
    const conflict = (of: MenuRow | undefined, code: keyof DesiredMenu['codes'], message: string, fields: Difference['fields'] = []) =>
      void found.push({ ...base, depth: 0, action: PlanAction.CONFLICT, rowId: of?.id ?? null, fields, reason: { code: menu.codes[code], message } });
    if (holder) {
      const ours = isOurs(holder);
      if (!ours) spoken.add(holder.id);
      conflict(holder, 'foreign', ours ? `The ${menu.direct.noun} of that name is another one of ours: it has to go first.` : `There is ${article(menu.direct.noun)} of that name on the router which does not carry our mark: it is not touched.`);
      continue;
    }
    const followed = row && follow(menu, row, renamed);
    const fields = followed ? rowChanges(menu, followed, wish) : rowFields(menu, wish);
    const on = leansOn(menu, wish);
    if (fields.length > 0 && on !== null && !names.has(on)) {
      conflict(row, 'unknown', `The router has no ${menu.direct.noun} ${JSON.stringify(on)}.`, fields);
      continue;
    }
    leaning.set(row?.id ?? wish.id, on);
    if (row && row.name !== wish.name) {
      renamed.set(row.name, wish.name);
      names.delete(row.name);
    }
    names.add(wish.name);
    if (fields.length === 0) continue;
    found.push({ ...base, action: row ? PlanAction.CHANGE : PlanAction.ADD, name: row?.name ?? wish.name, rowId: row?.id ?? null, fields, seen: followed ? seenRow(menu, followed) : null, wanted: wantedRow(menu, wish) });
  }
  // What leans on a row that gets another name follows it.
  for (const [id, on] of leaning) if (on !== null && renamed.has(on)) leaning.set(id, renamed.get(on)!);

  const present = rows.flatMap((row) => (wishOf.has(row.id) ? [{ row, wish: wishOf.get(row.id)! }] : []));
  if (menu.direct.ordered) found.push(...moves(menu, present, wished, found));

  const rest = (isNamed: (name: string) => boolean): Difference[] => {
    const strangers = rows.filter((row) => !spoken.has(row.id) && !isOurs(row));
    const leaving = new Map(rows.filter((row) => !spoken.has(row.id) && isOurs(row)).map((row) => [row.id, row]));
    const conflicts: Difference[] = [];
    const baseOf = (row: MenuRow) => ({ ...NOTHING, menu: menu.plan, name: row.name, rowId: row.id, desiredId: row.owner!.id.toLowerCase(), pending: wished.removed.has(row.owner!.id.toLowerCase()) });
    // One that stays may be why another has to.
    for (let before = -1; before !== leaving.size; ) {
      before = leaving.size;
      const leanedOn = new Set([...leaning].filter(([id]) => !leaving.has(id)).map(([, on]) => on));
      for (const row of leaving.values()) {
        if (!leanedOn.has(row.name) && !isNamed(row.name)) continue;
        leaving.delete(row.id);
        conflicts.push({ ...baseOf(row), action: PlanAction.CONFLICT, reason: { code: menu.codes.inUse, message: 'Nobody wishes for it any more, but something that is on the router, or is to be there, names it.' } });
      }
    }
    // Whoever leans on others goes first.
    const heightOf = depths([...leaving.values()].map(({ id, name }) => [leaning.get(id) ?? '', name]));
    const removals = [...leaving.values()].map((row): Difference => ({ ...baseOf(row), action: PlanAction.REMOVE, seen: seenRow(menu, follow(menu, row, renamed)), depth: heightOf(row.name) }));
    return [...conflicts, ...removals, ...strangers.map((row) => unowned(menu.plan, row))];
  };
  return { found, names, renamed, rest, present };
}

/** The row as it is once others have their new names. */
function follow(menu: DesiredMenu, row: MenuRow, renamed: ReadonlyMap<string, string>): MenuRow {
  const to = renamed.get(shownLeansOn(menu, row) ?? '');
  return to === undefined ? row : { ...row, values: { ...row.values, [menu.reference.attribute]: to } };
}

/** Only the order of ours among each other counts; each move says before which of them. */
function moves(menu: DesiredMenu, present: readonly PresentRow[], { rows }: WishedRows, found: readonly Difference[]): Difference[] {
  const there = present.map(({ wish }) => wish.id);
  const coming = new Set([...there, ...found.filter(({ action }) => action === PlanAction.ADD).map(({ desiredId }) => desiredId)]);
  const rowOf = new Map(present.map(({ row, wish }) => [wish.id, row]));
  const nameOf = new Map<string | null, string>(rows.map(({ id, name }) => [id, name]));
  const order = rows.map(({ id }) => id);
  const [nextWished, nextThere] = [followers(order), followers(there)];
  // The order is one thing: until ours were seen in it, whatever stands elsewhere is waiting for a plan.
  const pending = rows.some(({ moved }) => moved);
  return movesOf(there, order.filter((id) => coming.has(id))).map(({ id, before }): Difference => {
    const row = rowOf.get(id)!;
    return { ...NOTHING, menu: menu.plan, action: PlanAction.MOVE, name: row.name, rowId: row.id, desiredId: id, fields: [{ field: 'before', from: nameOf.get(nextThere.get(id) ?? null) ?? null, to: nameOf.get(before) ?? null }], seen: digest(there), wanted: wantedPlace(id, nextWished.get(id) ?? null), pending };
  });
}

/** Of a place in the order: another value means that something else is to follow. */
export const wantedPlace = (id: string, next: string | null): string => digest([id, next]);

/** The next of each. */
export const followers = (ids: readonly string[]): Map<string, string | null> => new Map(ids.map((id, at) => [id, ids[at + 1] ?? null]));

/** How long the chain is that has to come before a row, of `[name, what has to come before it]`; one that leads back to itself ends there. */
function depths(pairs: ReadonlyArray<readonly [string, string | null]>): (name: string) => number {
  const before = Map.groupBy(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null), ([name]) => name);
  const known = new Map<string, number>();
  const above = new Set<string>();
  const depthOf = (name: string): number => {
    const found = known.get(name);
    if (found !== undefined || above.has(name)) return found ?? 0;
    above.add(name);
    const depth = Math.max(-1, ...(before.get(name) ?? []).map(([, other]) => depthOf(other))) + 1;
    above.delete(name);
    known.set(name, depth);
    return depth;
  };
  return depthOf;
}

const article = (noun: string) => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);

/** What a comparison has proven of wishes that no plan had been proven for. */
export interface SettledRows {
  menu: DesiredMenu;
  applied: Array<{ id: string; digest: string; note: string | null }>;
  /** Nobody wishes for them, and the router does not have them. */
  gone: string[];
  /** Ours stand in their order. */
  inOrder: readonly DesiredRow[];
}

/** What a router has as it is wished for, although nobody has noted it yet: the last step was not noted, or it was done by hand. */
export function settledRows(menu: DesiredMenu, all: readonly MenuRow[], { rows, removed }: WishedRows, found: readonly Difference[]): SettledRows {
  const open = new Set(found.filter((one) => one.menu === menu.plan && one.action !== PlanAction.MOVE).map(({ desiredId }) => desiredId));
  const marks = new Set(all.map(({ owner }) => owner?.id.toLowerCase()));
  const applied = rows.filter((wish) => isPending(menu, wish) && marks.has(wish.id) && !open.has(wish.id)).map((wish) => ({ id: wish.id, digest: wantedRow(menu, wish), note: wish.note }));
  const isMoved = found.some(({ menu: of, action }) => of === menu.plan && action === PlanAction.MOVE);
  return { menu, applied, gone: [...removed].filter((id) => !marks.has(id)), inOrder: isMoved ? [] : rows.filter(({ moved }) => moved) };
}
