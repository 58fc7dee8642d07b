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
  /** Menu whose rows this property names: follows renames, shows `*ID` once the row is gone. */
  refersTo?: string;
  /** First release that has it. */
  since?: readonly [number, number];
}

export type CommandName =
  | 'print' | 'listen' | 'get' | 'find' | 'add' | 'set' | 'unset' | 'remove' | 'enable' | 'disable' | 'comment' | 'move';

/** The rest of the router, as menus and commands see it. */
export interface World extends References {
  readonly release: Release;
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
  after(ms: number, run: () => void): () => void;
}

/** One command as it came in. Names and values are byte strings. */
export interface Call {
  path: string;
  command: string;
  attributes: Map<string, string>;
  queries: string[];
  policies: ReadonlySet<string>;
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
  /** One row without `.id`. */
  singleton?: boolean;
  key?: string;
  /** Text of the refusal of a second row with the same key, without `failure: `. */
  duplicate?: string;
  properties: Record<string, Property>;
  commands: readonly CommandName[];
  dynamicFirst?: boolean;
  /** Rows live in the journal. */
  persistent?: boolean;
  /** Values computed for every row (singletons mostly). */
  live?: (world: World) => Attributes;
  /** Refuses a combination of values. */
  check?: (values: Attributes) => void;
  /** Replaces the ordinary removal. */
  onRemove?: (row: Row, world: World) => void;
  actions?: Record<string, { policy: string; run: Action }>;
}

export const EDITABLE = ['print', 'listen', 'get', 'find', 'add', 'set', 'unset', 'remove', 'comment'] as const;
export const SWITCHABLE = [...EDITABLE, 'enable', 'disable'] as const;
export const READABLE = ['print', 'listen', 'get', 'find'] as const;

export const available = (property: Property, release: Release) => property.since === undefined || release.atLeast(...property.since);
