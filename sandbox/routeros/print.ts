/** Commands that read: print, getall, listen, get, find. */

import { describe, named, single } from './describe.ts';
import { available, isSingleton, type Attributes, type Call, type Menu, type Outcome, type Sink, type World } from './menus/menu.ts';
import { candidates, parseQuery } from './query.ts';
import type { Row, Table } from './table.ts';
import { badTime, noMatch, notPermitted, outOfRange, unknownParameter } from './traps.ts';
import { parseDuration } from './values.ts';

const PRINT_ARGUMENTS = new Set([
  '.proplist', 'detail', 'brief', 'terse', 'stats', 'stats-detail', 'value-list', 'without-paging', 'show-ids', 'as-value',
  'count-only', 'interval', 'follow', 'follow-only', 'from', '.id', 'numbers', 'proplist',
]);

const given = (call: Call, name: string) => {
  const value = call.attributes.get(name);
  return value !== undefined && value !== 'no' && value !== 'false';
};

interface View {
  /** The printed row when the query lets it through. */
  match(row: Row): Attributes | undefined;
  pick(attributes: Attributes): Attributes;
}

function makeView(call: Call, menu: Menu, world: World): View {
  const shown = given(call, 'show-sensitive');
  if (shown && !call.policies.has('sensitive')) throw notPermitted();
  const query = call.queries.length > 0 ? parseQuery(call.queries) : undefined;
  const proplist = call.attributes.get('.proplist') ?? call.attributes.get('proplist');
  const wanted = proplist === undefined || proplist === '' ? undefined : new Set(proplist.split(',').map((item) => item.trim()));
  return {
    match(row) {
      const attributes = describe(menu, row, world, shown);
      return query && !query((property) => (Object.hasOwn(attributes, property) ? attributes[property] : undefined)) ? undefined : attributes;
    },
    pick(attributes) {
      if (!wanted) return attributes;
      const out: Attributes = {};
      for (const name in attributes) if (wanted.has(name)) out[name] = attributes[name]!;
      return out;
    },
  };
}

/** Changes of a menu as they come: whole rows, and `.dead` for what is gone. */
function follow(menu: Menu, world: World, view: View, filtered: boolean): (sink: Sink) => () => void {
  return (sink) => {
    const table = world.table(menu.path);
    // With a query only rows that were shown may be reported dead.
    const shown = new Set<string>();
    if (filtered) for (const row of table.rows()) if (view.match(row)) shown.add(row.id);
    return table.subscribe((event) => {
      if (event.kind === 'order') return;
      const { row } = event;
      const dead = () => sink.row({ '.id': row.id, '.dead': 'true' });
      if (event.kind === 'remove') {
        if (!event.quiet && (!filtered || shown.delete(row.id))) dead();
        return;
      }
      const attributes = view.match(row);
      if (attributes) {
        if (filtered) shown.add(row.id);
        sink.row(view.pick(attributes));
      } else if (shown.delete(row.id)) dead();
    });
  };
}

/** The table again and again; each pass has its `.section`. */
function repeatTable(ms: number, world: World, pass: () => Iterable<Attributes>): (sink: Sink) => () => void {
  return (sink) => {
    let stopped = false;
    let disarm: (() => void) | undefined;
    let section = 0;
    const step = () => {
      try {
        for (const row of pass()) sink.row({ ...row, '.section': String(section) });
      } catch (error) {
        // A row that was asked for by name has gone meanwhile.
        sink.end(error);
        return;
      }
      section += 1;
      if (!stopped) disarm = world.after(ms, step);
    };
    step();
    return () => {
      stopped = true;
      disarm?.();
    };
  };
}

/** The rows that can match, in the order of the table; those that are asked for by `.id` or key are looked up. */
function shortlist(queries: readonly string[], menu: Menu, table: Table): Row[] {
  const found = candidates(queries, (property, value) => {
    if (property === '.id') return table.byId(value) ?? null;
    return property === menu.key && !menu.keyRepeats ? (table.byKey(value) ?? null) : undefined;
  });
  if (!found) return [...table.rows()];
  return found.size < 2 ? [...found] : [...table.rows()].filter((row) => found.has(row));
}

export function print(call: Call, menu: Menu, world: World): Outcome {
  const canFollow = menu.commands.includes('listen');
  const listening = call.command === 'listen';
  for (const name of call.attributes.keys()) {
    const known =
      PRINT_ARGUMENTS.has(name) ||
      (name === 'show-sensitive' && world.hidesPasswords()) ||
      (name === 'follow-strict' && !world.release.atLeast(7, 16)) ||
      // `print file=` would write to the router's disk: not offered.
      (name === 'where' && call.attributes.get(name) === '');
    if (!known || (name.startsWith('follow') && !canFollow)) throw unknownParameter(world.release, name);
  }
  // RouterOS carries `listen` out as `print follow-only`.
  if (listening && !canFollow) throw unknownParameter(world.release, 'follow-only');
  const view = makeView(call, menu, world);
  const table = world.table(menu.path);
  const chosen = () => {
    if (isSingleton(menu, world.release)) return [single(table)];
    const from = call.attributes.get('from');
    if (from !== undefined) return named(table, new Map([['.id', from]]));
    if (call.attributes.has('.id') || call.attributes.has('numbers')) return named(table, call.attributes);
    return shortlist(call.queries, menu, table);
  };
  const filtered = call.queries.length > 0;

  if (listening || given(call, 'follow-only')) return { stream: follow(menu, world, view, filtered) };
  if (given(call, 'count-only')) {
    let count = 0;
    for (const row of chosen()) if (view.match(row)) count += 1;
    return { ret: String(count) };
  }
  // The rows are chosen now; their text is made as the client takes them.
  const show = function* (rows: Row[]): IterableIterator<Attributes> {
    for (const row of rows) {
      const attributes = view.match(row);
      if (attributes) yield view.pick(attributes);
    }
  };
  const every = call.attributes.get('interval');
  if (every !== undefined) {
    const seconds = parseDuration(every);
    if (seconds === undefined) throw badTime('interval');
    if (seconds < 0.2) throw outOfRange('interval', 0.2, 4294967295);
    return { stream: repeatTable(seconds * 1000, world, () => show(chosen())) };
  }
  const rows = show(chosen());
  if (given(call, 'follow') || given(call, 'follow-strict')) return { rows, stream: follow(menu, world, view, filtered) };
  return { rows, print: true };
}

export function get(call: Call, menu: Menu, world: World): Outcome {
  for (const name of call.attributes.keys()) {
    if (!['.id', 'numbers', 'number', 'value-name', 'show-sensitive'].includes(name)) throw unknownParameter(world.release, name);
  }
  const table = world.table(menu.path);
  const row = isSingleton(menu, world.release) ? single(table) : named(table, call.attributes)[0]!;
  const shown = given(call, 'show-sensitive') && call.policies.has('sensitive');
  const attributes = describe(menu, row, world, shown);
  const property = call.attributes.get('value-name');
  if (property === undefined) return { ret: Object.entries(attributes).map(([name, value]) => `${name}=${value}`).join(';') };
  const definition = Object.hasOwn(menu.properties, property) ? menu.properties[property] : undefined;
  if (property !== '.id' && (!definition || definition.writeOnly || !available(definition, world.release))) throw noMatch('value-name');
  return { ret: attributes[property] ?? '' };
}

export function find(call: Call, menu: Menu, world: World): Outcome {
  for (const name of call.attributes.keys()) throw unknownParameter(world.release, name);
  const view = makeView(call, menu, world);
  return { ret: [...world.table(menu.path).rows()].filter((row) => view.match(row)).map((row) => row.id).join(';') };
}
