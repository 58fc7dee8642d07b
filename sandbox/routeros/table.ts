/** Rows of one menu: ids, names, order, and the one event path every `listen` and `follow` hangs on. */

export interface Row {
  /** `*` + capital hex. */
  readonly id: string;
  /** Printed values (byte strings) by property. */
  values: Record<string, string>;
  /** Made by the router itself: not kept across a reboot, not editable. */
  readonly dynamic: boolean;
  /** Values computed at the moment of printing (uptime, counters). */
  live?: (() => Record<string, string>) | undefined;
  /** Where the counters stood when they were reset; forgotten at a reboot. */
  zero?: Record<string, string> | undefined;
  /** What the simulator remembers about a row and never prints (the MAC of a secret's subscriber). */
  hidden: Record<string, string>;
}

export type RowEvent =
  | { kind: 'add'; row: Row }
  | { kind: 'change'; row: Row; before: Record<string, string> }
  | { kind: 'remove'; row: Row; quiet: boolean }
  | { kind: 'order' };

export interface TableOptions {
  path: string;
  /** Property that is unique and accepted in place of the `.id`. */
  key?: string | undefined;
  /** Dynamic rows are listed before the others (simple queues). */
  dynamicFirst?: boolean | undefined;
}

export interface Table {
  readonly path: string;
  readonly size: number;
  /** The number the next row would get: kept by the journal so that ids are not reused. */
  nextId: number;
  rows(): IterableIterator<Row>;
  byId(id: string): Row | undefined;
  byKey(key: string): Row | undefined;
  add(values: Record<string, string>, options?: { id?: string; dynamic?: boolean; live?: Row['live']; hidden?: Record<string, string> }): Row;
  /** Changes properties; undefined removes one. Says nothing to listeners when nothing changed. */
  update(row: Row, patch: Record<string, string | undefined>): void;
  /** `quiet` rows vanish without telling listeners (log lines that fall off the end). */
  remove(row: Row, quiet?: boolean): void;
  /** Moves static rows before `before`, or to the end. */
  move(rows: readonly Row[], before: Row | undefined): void;
  subscribe(listener: (event: RowEvent) => void): () => void;
}

export function makeTable(options: TableOptions): Table {
  const fixed = new Map<string, Row>();
  const dynamic = new Map<string, Row>();
  const keys = new Map<string, Row>();
  const listeners = new Set<(event: RowEvent) => void>();
  const { key } = options;
  let nextId = 1;

  const emit = (event: RowEvent) => {
    for (const listener of listeners) listener(event);
  };
  const remember = (row: Row) => {
    const value = key === undefined ? undefined : row.values[key];
    if (value !== undefined && !keys.has(value)) keys.set(value, row);
  };
  const forget = (row: Row, values: Record<string, string>) => {
    const value = key === undefined ? undefined : values[key];
    if (value !== undefined && keys.get(value) === row) keys.delete(value);
  };

  function* rows(): IterableIterator<Row> {
    const [first, second] = options.dynamicFirst ? [dynamic, fixed] : [fixed, dynamic];
    yield* first.values();
    yield* second.values();
  }

  return {
    path: options.path,
    get size() {
      return fixed.size + dynamic.size;
    },
    get nextId() {
      return nextId;
    },
    set nextId(value) {
      nextId = Math.max(nextId, value);
    },
    rows,
    byId: (id) => fixed.get(id) ?? dynamic.get(id),
    byKey: (value) => keys.get(value),
    add(values, more = {}) {
      const id = more.id ?? `*${(nextId++).toString(16).toUpperCase()}`;
      const row: Row = { id, values, dynamic: more.dynamic ?? false, live: more.live, hidden: more.hidden ?? {} };
      (row.dynamic ? dynamic : fixed).set(id, row);
      remember(row);
      emit({ kind: 'add', row });
      return row;
    },
    update(row, patch) {
      const changed = Object.entries(patch).some(([property, value]) => row.values[property] !== value);
      if (!changed) return;
      const before = row.values;
      const after: Record<string, string> = {};
      for (const [property, value] of Object.entries({ ...before, ...patch })) if (value !== undefined) after[property] = value;
      forget(row, before);
      row.values = after;
      remember(row);
      emit({ kind: 'change', row, before });
    },
    remove(row, quiet = false) {
      if (!(row.dynamic ? dynamic : fixed).delete(row.id)) return;
      forget(row, row.values);
      emit({ kind: 'remove', row, quiet });
    },
    move(moved, before) {
      const set = new Set(moved);
      const rest = [...fixed.values()].filter((row) => !set.has(row));
      const at = before === undefined ? rest.length : rest.indexOf(before);
      if (at < 0) return;
      rest.splice(at, 0, ...moved);
      fixed.clear();
      for (const row of rest) fixed.set(row.id, row);
      emit({ kind: 'order' });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
