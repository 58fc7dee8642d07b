/** Rows as RouterOS prints them, and rows by what a client calls them. */

import { available, type Attributes, type Menu, type World } from './menus/menu.ts';
import { masksSecrets } from './release.ts';
import type { Row, Table } from './table.ts';
import { missing, noSuchItem } from './traps.ts';

/** What stands for a hidden password. */
export const MASK = '*****';

/** A row's value with the menu's default. */
export function valueOf(menu: Menu, row: Row, property: string): string | undefined {
  return row.values[property] ?? menu.properties[property]?.default;
}

/** Every printed property in the menu's order. `shown` lets passwords through on releases that hide them. */
export function describe(menu: Menu, row: Row, world: World, shown: boolean): Attributes {
  const live = menu.live ? { ...menu.live(world), ...row.live?.() } : row.live?.();
  const out: Attributes = menu.singleton ? {} : { '.id': row.id };
  const masked = !shown && masksSecrets(world.release);
  for (const name in menu.properties) {
    const property = menu.properties[name]!;
    if (!available(property, world.release)) continue;
    const value = live?.[name] ?? row.values[name] ?? property.default;
    if (value === undefined) continue;
    out[name] = masked && property.sensitive && value !== '' ? MASK : value;
  }
  return out;
}

/** The rows a command names in `.id` or `numbers`: ids or names, comma-separated. */
export function named(table: Table, attributes: Map<string, string>): Row[] {
  const given = attributes.get('.id') ?? attributes.get('numbers') ?? attributes.get('number');
  if (given === undefined) throw missing('.id');
  // A name may hold a comma itself.
  const whole = table.byId(given) ?? table.byKey(given);
  if (whole) return [whole];
  return given.split(',').map((item) => {
    const row = table.byId(item) ?? table.byKey(item);
    if (!row) throw noSuchItem();
    return row;
  });
}

/** The only row of a singleton menu. */
export function single(table: Table): Row {
  for (const row of table.rows()) return row;
  throw noSuchItem();
}
