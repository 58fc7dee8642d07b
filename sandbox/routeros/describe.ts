/** Rows as RouterOS prints them, and rows by what a client calls them. */

import { available, isSingleton, type Attributes, type Menu, type World } from './menus/menu.ts';
import type { Row, Table } from './table.ts';
import { badItemNumber, missing, noSuchItem } from './traps.ts';

/** What stands for a hidden password. */
export const MASK = '*****';

/** A row's value with the menu's default. */
export function valueOf(menu: Menu, row: Row, property: string): string | undefined {
  return row.values[property] ?? menu.properties[property]?.default;
}

/** A counter as it stands since `reset-counters`; pairs are `upload/download`. */
function since(value: string, zero: string | undefined): string {
  if (zero === undefined) return value;
  const from = zero.split('/');
  return value.split('/').map((part, index) => String(Math.max(0, Number(part) - Number(from[index] ?? 0)))).join('/');
}

/** Every printed property in the menu's order. `shown` lets passwords through on releases that hide them. */
export function describe(menu: Menu, row: Row, world: World, shown: boolean): Attributes {
  const live = menu.live ? { ...menu.live(world), ...row.live?.() } : row.live?.();
  const out: Attributes = isSingleton(menu, world.release) ? {} : { '.id': row.id };
  const masked = !shown && world.hidesPasswords();
  for (const name in menu.properties) {
    const property = menu.properties[name]!;
    if (property.writeOnly || !available(property, world.release)) continue;
    const value = live?.[name] ?? row.values[name] ?? property.default;
    if (value === undefined) continue;
    if (property.counter) out[name] = since(value, row.zero?.[name]);
    else out[name] = masked && property.sensitive && value !== '' ? MASK : value;
  }
  return out;
}

/** An `.id` is a hexadecimal number behind a star: `*1a` and `*01A` are the same. */
const canonicalId = (text: string) => text.replace(/^\*0*([0-9a-f]+)$/i, (_, digits: string) => `*${digits.toUpperCase()}`);

/** The row of that `.id` or name. */
export const rowOf = (table: Table, text: string): Row | undefined => table.byId(text) ?? table.byKey(text) ?? table.byId(canonicalId(text));

/** The row at that place of the printed table, as `numbers` and `destination` may say it. */
function rowAt(table: Table, place: string): Row | undefined {
  if (!/^\d{1,6}$/.test(place)) return undefined;
  let at = Number(place);
  for (const row of table.rows()) if (at-- === 0) return row;
  return undefined;
}

/** What a command's words call a row: `.id`, name, place, or the comment it carries. */
export function designated(table: Table, text: string): Row | undefined {
  const row = rowOf(table, text) ?? rowAt(table, text);
  if (row || text === '' || text.startsWith('*')) return row;
  for (const candidate of table.rows()) if (candidate.values.comment === text) return candidate;
  return undefined;
}

/** The rows a command names in `.id` (ids or names) or `numbers` (also places), comma-separated. */
export function named(table: Table, attributes: Map<string, string>): Row[] {
  const byId = attributes.get('.id');
  const given = byId ?? attributes.get('numbers') ?? attributes.get('number');
  if (given === undefined) throw missing('.id');
  // A name may hold a comma itself.
  const whole = rowOf(table, given);
  if (whole) return [whole];
  return given.split(',').map((item) => {
    const row = byId === undefined ? designated(table, item) : rowOf(table, item);
    if (row) return row;
    throw /^\*(?![0-9a-f]+$)/i.test(item) ? badItemNumber() : noSuchItem();
  });
}

/** The only row of a singleton menu. */
export function single(table: Table): Row {
  for (const row of table.rows()) return row;
  throw noSuchItem();
}
