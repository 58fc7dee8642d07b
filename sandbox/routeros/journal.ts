/**
 * The router's configuration on disk: one JSON line per change, appended synchronously before the command is answered, so
 * that killing the process loses nothing a client was told. Rewritten as a snapshot at every start.
 */

import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Menu } from './menus/menu.ts';
import type { Table } from './table.ts';

/** m menu, id row, v values, h hidden values, x removed, o order of the rows, n number of the next id. */
interface Line {
  m: string;
  id?: string;
  v?: Record<string, string>;
  h?: Record<string, string>;
  x?: 1;
  o?: string[];
  n?: number;
}

export interface Journal {
  /** Whether a state was found (the seed is then not wanted). */
  readonly restored: boolean;
  /** Fills the tables with what was found. */
  load(): void;
  /** Writes a snapshot and records every change from here on. */
  record(): void;
  close(): void;
}

const HEADER = { headendRouter: 1 };

export function makeJournal(file: string, menus: readonly Menu[], tables: ReadonlyMap<string, Table>): Journal {
  const kept = menus.filter((menu) => menu.persistent);
  const lines = readLines(file);
  let fd: number | undefined;
  const unsubscribes: (() => void)[] = [];

  const append = (line: Line) => {
    if (fd === undefined) return;
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    let written = 0;
    while (written < bytes.length) written += writeSync(fd, bytes, written);
  };

  return {
    restored: lines !== undefined,
    load() {
      const state = new Map<string, Map<string, Line>>();
      for (const line of lines ?? []) {
        if (!tables.has(line.m)) continue;
        const rows = state.get(line.m) ?? new Map<string, Line>();
        state.set(line.m, rows);
        const number = line.id === undefined ? 0 : Number.parseInt(line.id.slice(1), 16);
        // Ids of rows that are gone are not given again. (*FFFFFFFE is the factory's.)
        tables.get(line.m)!.nextId = line.n ?? (number < 0x80000000 ? number + 1 : 0);
        if (line.id !== undefined && line.x) rows.delete(line.id);
        else if (line.id !== undefined) rows.set(line.id, line);
        if (line.o) state.set(line.m, new Map(line.o.flatMap((id) => (rows.has(id) ? [[id, rows.get(id)!] as const] : []))));
      }
      for (const [path, rows] of state) {
        const table = tables.get(path)!;
        for (const [id, line] of rows) {
          table.add(line.v ?? {}, { id, hidden: line.h ?? {} });
        }
      }
    },
    record() {
      mkdirSync(dirname(file), { recursive: true });
      const next = `${file}.next`;
      fd = openSync(next, 'w', 0o600);
      writeSync(fd, `${JSON.stringify(HEADER)}\n`);
      for (const menu of kept) {
        const table = tables.get(menu.path)!;
        for (const row of table.rows()) if (!row.dynamic) append({ m: menu.path, id: row.id, v: row.values, h: row.hidden });
        append({ m: menu.path, n: table.nextId });
      }
      fsyncSync(fd);
      closeSync(fd);
      renameSync(next, file);
      fd = openSync(file, 'a', 0o600);
      for (const menu of kept) {
        const table = tables.get(menu.path)!;
        const settable = Object.keys(menu.properties).filter((name) => menu.properties[name]!.kind);
        unsubscribes.push(
          table.subscribe((event) => {
            if (event.kind === 'order') append({ m: menu.path, o: [...table.rows()].filter((row) => !row.dynamic).map((row) => row.id) });
            else if (event.row.dynamic) return;
            else if (event.kind === 'remove') append({ m: menu.path, id: event.row.id, x: 1 });
            // What the router notes by itself (last-logged-out) waits for the next real change.
            else if (event.kind === 'add' || settable.some((name) => event.before[name] !== event.row.values[name])) {
              append({ m: menu.path, id: event.row.id, v: event.row.values, h: event.row.hidden });
            }
          }),
        );
      }
    },
    close() {
      for (const unsubscribe of unsubscribes) unsubscribe();
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

/** The lines of a state file; a last line that was cut by a kill was never acknowledged and is dropped. */
function readLines(file: string): Line[] | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) {
    const fd = openSync(file, 'r+');
    ftruncateSync(fd, Buffer.byteLength(whole));
    closeSync(fd);
  }
  const parsed = whole.split('\n').filter(Boolean).map((line, index) => {
    try {
      return JSON.parse(line) as Line & { headendRouter?: number };
    } catch {
      throw new Error(`${file}: line ${index + 1} is not a state of the simulated router`);
    }
  });
  if (parsed.length === 0) return undefined;
  if (parsed[0]!.headendRouter !== HEADER.headendRouter) throw new Error(`${file} is not a state file of the simulated router`);
  return parsed.slice(1);
}
