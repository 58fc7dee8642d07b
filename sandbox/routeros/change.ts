/** Commands that write: add, set, unset, comment, enable, disable, remove, move, reset-counters. */

import { designated, named, rowOf, single } from './describe.ts';
import { MENUS } from './menus/index.ts';
import { available, isSingleton, type Attributes, type Call, type Menu, type Outcome, type World } from './menus/menu.ts';
import type { Row } from './table.ts';
import { failure, missing, noMatch, noSuchItem, unknownParameter } from './traps.ts';

type Patch = Record<string, string | undefined>;

/** Checks the properties of an add or set; `!name` unsets. */
function readPatch(call: Call, menu: Menu, world: World, ignored: readonly string[]): () => Patch {
  const entries = [...call.attributes].filter(([name]) => !ignored.includes(name));
  for (const [name] of entries) {
    const property = menu.properties[name.startsWith('!') ? name.slice(1) : name];
    if (!property?.kind || !available(property, world.release)) throw unknownParameter(world.release, name.replace(/^!/, ''));
  }
  return () => {
    const patch: Patch = {};
    for (const [name, value] of entries) {
      if (name.startsWith('!')) patch[name.slice(1)] = undefined;
      else patch[name] = menu.properties[name]!.kind!(value, name, world);
    }
    // A text set to nothing is unset, as in `=comment=`.
    for (const [name, value] of Object.entries(patch)) {
      if (value === '' && menu.properties[name]!.default === undefined) patch[name] = undefined;
    }
    for (const [name, value] of Object.entries(patch)) {
      if (value === undefined && menu.properties[name]!.required) throw missing(name);
    }
    return patch;
  };
}

function refuseDuplicate(menu: Menu, world: World, values: Attributes, self?: Row): void {
  const table = world.table(menu.path);
  const refuse = () => failure(menu.duplicate ?? 'already have such name');
  const key = menu.key === undefined ? undefined : values[menu.key];
  const other = key === undefined ? undefined : table.byKey(key);
  if (other && other !== self) throw refuse();
  const { same } = menu;
  if (!same || values.disabled === 'true') return;
  const mark = same(values);
  for (const row of table.rows()) if (row !== self && row.values.disabled !== 'true' && same(row.values) === mark) throw refuse();
}

/** `queue1`, `queue2`, …: the first that is free. */
function freeName(stem: string, world: World, path: string): string {
  for (let number = 1; ; number += 1) if (!world.table(path).byKey(`${stem}${number}`)) return `${stem}${number}`;
}

function merge(values: Attributes, patch: Patch): Attributes {
  const out: Attributes = {};
  for (const [name, value] of Object.entries({ ...values, ...patch })) if (value !== undefined) out[name] = value;
  return out;
}

/** What a menu's own check completed (the network of an address). */
function changes(values: Attributes, before: Attributes, patch: Patch): Patch {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !(name in patch) && before[name] !== value));
}

/** Rows elsewhere that name a row follow its new name (RouterOS keeps references by id). */
function renameReferences(world: World, path: string, from: string, to: string): void {
  for (const menu of MENUS) {
    const properties = Object.keys(menu.properties).filter((name) => menu.properties[name]!.refersTo === path);
    if (properties.length === 0) continue;
    const table = world.table(menu.path);
    for (const row of table.rows()) {
      const patch: Patch = {};
      for (const name of properties) if ((row.values[name] ?? menu.properties[name]!.default) === from) patch[name] = to;
      if (Object.keys(patch).length > 0) table.update(row, patch);
    }
  }
}

function apply(menu: Menu, world: World, row: Row, patch: Patch): void {
  if (row.dynamic) throw failure(`can not change dynamic ${menu.noun}`);
  const before = menu.key === undefined ? undefined : row.values[menu.key];
  world.table(menu.path).update(row, patch);
  const after = menu.key === undefined ? undefined : row.values[menu.key];
  if (before !== undefined && after !== undefined && before !== after) renameReferences(world, menu.path, before, after);
}

export function add(call: Call, menu: Menu, world: World): Outcome {
  const table = world.table(menu.path);
  const ordered = menu.commands.includes('move');
  const read = readPatch(call, menu, world, ordered ? ['copy-from', 'place-before'] : ['copy-from']);
  const copyFrom = call.attributes.get('copy-from');
  const original = copyFrom === undefined ? undefined : rowOf(table, copyFrom);
  if (copyFrom !== undefined && !original) throw noSuchItem();
  const placeBefore = call.attributes.get('place-before');
  const before = placeBefore === undefined ? undefined : designated(table, placeBefore);
  if (placeBefore !== undefined && !before) throw noSuchItem();
  const copied = Object.fromEntries(Object.entries(original?.values ?? {}).filter(([name]) => menu.properties[name]?.kind));
  const values = merge(copied, read());
  if (menu.autoName !== undefined && menu.key !== undefined) values[menu.key] ??= freeName(menu.autoName, world, menu.path);
  for (const [name, property] of Object.entries(menu.properties)) {
    if (property.required && values[name] === undefined) throw missing(name);
  }
  menu.check?.(values);
  refuseDuplicate(menu, world, values);
  const row = table.add(values);
  if (before) table.move([row], before);
  return { ret: row.id };
}

export function set(call: Call, menu: Menu, world: World): Outcome {
  const table = world.table(menu.path);
  const only = isSingleton(menu, world.release);
  const read = readPatch(call, menu, world, only ? [] : ['.id', 'numbers']);
  const rows = only ? [single(table)] : named(table, call.attributes);
  const patch = read();
  for (const row of rows) {
    const values = merge(row.values, patch);
    menu.check?.(values);
    Object.assign(patch, changes(values, row.values, patch));
    refuseDuplicate(menu, world, values, row);
    if (menu.key !== undefined && patch[menu.key] !== undefined && rows.length > 1) throw failure(menu.duplicate ?? 'already have such name');
  }
  for (const row of rows) apply(menu, world, row, patch);
  return {};
}

export function unset(call: Call, menu: Menu, world: World): Outcome {
  const rows = named(world.table(menu.path), call.attributes);
  const given = call.attributes.get('value-name');
  if (given === undefined) throw missing('value-name');
  const patch: Patch = {};
  for (const name of given.split(',')) {
    const property = menu.properties[name];
    if (!property?.kind || property.required || !available(property, world.release)) throw noMatch('value-name');
    patch[name] = undefined;
  }
  for (const row of rows) apply(menu, world, row, patch);
  return {};
}

export function comment(call: Call, menu: Menu, world: World): Outcome {
  for (const name of call.attributes.keys()) {
    if (!['.id', 'numbers', 'comment'].includes(name)) throw unknownParameter(world.release, name);
  }
  const text = call.attributes.get('comment') ?? '';
  for (const row of named(world.table(menu.path), call.attributes)) apply(menu, world, row, { comment: text === '' ? undefined : text });
  return {};
}

export function toggle(call: Call, menu: Menu, world: World): Outcome {
  for (const name of call.attributes.keys()) if (name !== '.id' && name !== 'numbers') throw unknownParameter(world.release, name);
  const rows = named(world.table(menu.path), call.attributes);
  for (const row of rows) apply(menu, world, row, { disabled: call.command === 'disable' ? 'true' : 'false' });
  return {};
}

export function remove(call: Call, menu: Menu, world: World): Outcome {
  for (const name of call.attributes.keys()) if (name !== '.id' && name !== 'numbers') throw unknownParameter(world.release, name);
  const table = world.table(menu.path);
  const rows = named(table, call.attributes);
  for (const row of rows) {
    if (row.values.default === 'true') throw failure(`can not remove default ${menu.noun}`);
    if (row.dynamic && !menu.onRemove) throw failure(`can not remove dynamic ${menu.noun}`);
    menu.mayRemove?.(row, world);
  }
  for (const row of rows) {
    if (menu.onRemove) {
      menu.onRemove(row, world);
      continue;
    }
    table.remove(row);
    const key = menu.key === undefined ? undefined : row.values[menu.key];
    // What still names the row shows its id from now on.
    if (key !== undefined) renameReferences(world, menu.path, key, row.id);
  }
  return {};
}

/** An unknown destination means the end, as on the router. */
export function move(call: Call, menu: Menu, world: World): Outcome {
  for (const name of call.attributes.keys()) {
    if (!['.id', 'numbers', 'destination'].includes(name)) throw unknownParameter(world.release, name);
  }
  const table = world.table(menu.path);
  const rows = named(table, call.attributes);
  const destination = call.attributes.get('destination');
  const before = destination === undefined ? undefined : designated(table, destination);
  if (rows.some((row) => row.dynamic)) throw failure(`can not move dynamic ${menu.noun}`);
  if (before && rows.includes(before)) throw failure('can not move object before itself');
  table.move(rows, before);
  return {};
}

/** Counters start anew; what the subscriber has moved since the session began is not touched. */
export function resetCounters(call: Call, menu: Menu, world: World): Outcome {
  const table = world.table(menu.path);
  const all = call.command === 'reset-counters-all';
  for (const name of call.attributes.keys()) if (all || (name !== '.id' && name !== 'numbers')) throw unknownParameter(world.release, name);
  const counters = Object.keys(menu.properties).filter((name) => menu.properties[name]!.counter);
  for (const row of all ? table.rows() : named(table, call.attributes)) {
    const stand = { ...row.values, ...row.live?.() };
    row.zero = Object.fromEntries(counters.flatMap((name) => (stand[name] === undefined ? [] : [[name, stand[name]]])));
  }
  return {};
}
