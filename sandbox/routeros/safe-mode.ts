/**
 * Safe mode (from 7.18): what a session changes while it holds it is undone when the session is lost or says so. One session
 * holds it at a time, and only the last hundred actions are remembered: with one more there is nothing to go back to.
 */

import { MENUS } from './menus/index.ts';
import type { World } from './menus/menu.ts';
import type { RowEvent, Table } from './table.ts';
import { failure } from './traps.ts';

const HISTORY = 100;

export interface SafeMode {
  /** Refused while another session holds it. */
  take(session: object): void;
  /** Keeps what was changed. */
  release(session: object): void;
  /** Takes back what was changed, newest first. Does nothing when the session does not hold it. */
  unroll(session: object): void;
  /** Runs a command of a session; what it changes is remembered if that session holds safe mode. */
  watching<Result>(session: object, command: () => Result): Result;
}

export function makeSafeMode(world: World): SafeMode {
  const tables = MENUS.filter((menu) => menu.persistent).map((menu) => world.table(menu.path));
  let holder: object | undefined;
  let actions: (() => void)[] = [];

  const leave = () => {
    holder = undefined;
    actions = [];
  };
  const back = (table: Table, event: RowEvent): (() => void) | undefined => {
    if (event.kind === 'order' || event.row.dynamic) return undefined;
    const { id } = event.row;
    if (event.kind === 'add') {
      return () => {
        const row = table.byId(id);
        if (row) table.remove(row);
      };
    }
    const values = event.kind === 'change' ? event.before : event.row.values;
    return () => {
      const row = table.byId(id);
      if (!row) table.add(values, { id, hidden: event.row.hidden });
      else table.update(row, { ...Object.fromEntries(Object.keys(row.values).map((name) => [name, undefined])), ...values });
    };
  };

  return {
    take(session) {
      if (holder !== undefined && holder !== session) throw failure('safe mode is held by another session');
      holder = session;
    },
    release(session) {
      if (holder !== session) throw failure('safe mode is not held by this session');
      leave();
    },
    unroll(session) {
      if (holder !== session) return;
      const undo = actions.toReversed();
      leave();
      for (const step of undo) step();
    },
    watching(session, command) {
      if (holder !== session) return command();
      const steps: (() => void)[] = [];
      const stops = tables.map((table) => table.subscribe((event) => {
        const step = back(table, event);
        if (step) steps.push(step);
      }));
      try {
        return command();
      } finally {
        for (const stop of stops) stop();
        if (steps.length > 0) actions.push(() => steps.toReversed().forEach((step) => step()));
        if (actions.length > HISTORY) {
          leave();
          world.log('system,warning', 'safe mode ended: too many actions');
        }
      }
    },
  };
}
