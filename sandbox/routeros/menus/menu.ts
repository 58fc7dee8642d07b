/** A menu is a table of data: its properties, what it can do, what is special. New menus are entries, not code. */

import type { Release } from '../release.ts';
import type { Row, Table } from '../table.ts';
import type { Kind, References } from '../values.ts';

export type Attributes = Record<string, string>;

export interface Property {
  /** How a value is checked and printed; without one the property is read-only. */
  kind?: Kind;
  /** Value of a row that never set it; without one an unset property is not printed. */
  default?: string;
  /** `add` without it is refused. */
  required?: boolean;
  /** Hidden by print from 7.21 on. */
  sensitive?: boolean;
  /** Never printed by any release: the password of a user of the router. */
  writeOnly?: boolean;
  /** Menu whose rows this property names: follows renames, shows `*ID` once the row is gone. */
  refersTo?: string;
  /** First release that has it. */
  since?: readonly [number, number];
  /** First release that does not have it any more. */
  until?: readonly [number, number];
  /** Counts up; `reset-counters` sets it to nothing. */
  counter?: boolean;
}

export type CommandName =
  | 'print' | 'listen' | 'get' | 'find' | 'add' | 'set' | 'unset' | 'remove' | 'enable' | 'disable' | 'comment' | 'move' | 'reset-counters' | 'reset-counters-all';

/** What an API session may do. */
export type Policies = ReadonlySet<string>;

/** The rest of the router, as menus and commands see it. */
export interface World extends References {
  readonly release: Release;
  /** Whether print hides passwords unless asked with `=show-sensitive=`. */
  hidesPasswords(): boolean;
  now(): number;
  /** When this boot began, ms. */
  bootedAt(): number;
  table(path: string): Table;
  log(topics: string, message: string): void;
  /** Ends a live session by its /ppp/active row. */
  hangUp(active: Row, reason: string): void;
  /** Whether something answers to that IPv4 address, with a round trip in microseconds. */
  roundTrip(address: string, seq: number): number | undefined;
  reboot(): void;
  /** What `take`, `release` and `unroll` of /safe-mode do. */
  readonly safeMode: { take(session: object): void; release(session: object): void; unroll(session: object): void };
  after(ms: number, run: () => void): () => void;
}

/** One command as it came in. Names and values are byte strings. */
export interface Call {
  path: string;
  command: string;
  attributes: Map<string, string>;
  queries: string[];
  policies: Policies;
  /** Stands for the session that asks; undefined for the router itself. */
  session: object | undefined;
}

/** Where a command that goes on delivers. */
export interface Sink {
  row(attributes: Attributes): void;
  /** The command has ended by itself. */
  end(error?: unknown): void;
}

/** What a command answers: rows, then a return value or a stream that goes on until cancelled. */
export interface Outcome {
  rows?: Iterable<Attributes>;
  ret?: string;
  /** From 7.18 on `!empty` is said when `rows` has none. */
  print?: boolean;
  /** Starts the endless part and gives what stops it. */
  stream?: (sink: Sink) => () => void;
}

export type Action = (call: Call, world: World) => Outcome;

export interface Menu {
  path: string;
  /** `secret`, as in RouterOS' texts. */
  noun: string;
  /** One row without `.id`; some menus are so in old releases only. */
  singleton?: boolean | ((release: Release) => boolean);
  /** First release that has the menu. */
  since?: readonly [number, number];
  /** First release that does not have it any more. */
  until?: readonly [number, number];
  key?: string;
  /** Rows of the router's own may carry the key of another row. */
  keyRepeats?: boolean;
  /** Text of the refusal of a second row with the same key, without `failure: `. */
  duplicate?: string;
  properties: Record<string, Property>;
  commands: readonly CommandName[];
  /** The right that changing it takes; default `write`. */
  writePolicy?: string;
  /** A row that is added without a name gets this and a number. */
  autoName?: string;
  dynamicFirst?: boolean;
  /** Rows live in the journal. */
  persistent?: boolean;
  /** Values computed for every row (singletons mostly). */
  live?: (world: World) => Attributes;
  /** Refuses a combination of values; may complete them. */
  check?: (values: Attributes) => void;
  /** Two enabled rows that agree in this are refused with `duplicate`. */
  same?: (values: Attributes) => string;
  /** Refuses the removal of a row that others need. */
  mayRemove?: (row: Row, world: World) => void;
  /** Replaces the ordinary removal. */
  onRemove?: (row: Row, world: World) => void;
  actions?: Record<string, { policy: string; run: Action }>;
}

export const EDITABLE = ['print', 'listen', 'get', 'find', 'add', 'set', 'unset', 'remove', 'comment'] as const;
export const SWITCHABLE = [...EDITABLE, 'enable', 'disable'] as const;
export const READABLE = ['print', 'listen', 'get', 'find'] as const;

export const available = ({ since, until }: Pick<Property, 'since' | 'until'>, release: Release) =>
  (since === undefined || release.atLeast(...since)) && (until === undefined || !release.atLeast(...until));

export const isSingleton = ({ singleton }: Menu, release: Release) => (typeof singleton === 'function' ? singleton(release) : (singleton ?? false));
