/** What can be asked of a router, and what it answers: the contract between the line to a router and everybody who uses it. */
import type { Attributes, CommandOptions, PrintOptions } from './command-words.ts';
import { RouterOsError } from './errors.ts';
import type { Log, Runtime } from './runtime.ts';

/** A row as the router sent it: property name → text. */
export type Row = Readonly<Record<string, string>>;
const rawBytes = new WeakMap<Row, Readonly<Record<string, Buffer>>>();

/** Keeps the bytes of a row that were not UTF-8. */
export function keepRaw(row: Row, raw: Readonly<Record<string, Buffer>>): void {
  rawBytes.set(row, raw);
}

/** The bytes of those properties of a row that were not UTF-8, to be written back unchanged; null when all were. */
export function rawOf(row: Row): Readonly<Record<string, Buffer>> | null {
  return rawBytes.get(row) ?? null;
}

export interface Reply {
  readonly rows: Row[];
  /** `=ret=` of the `!done`: the new row's id, a count. */
  readonly ret: string | null;
}

export interface StreamOptions {
  readonly queries?: readonly string[];
  readonly proplist?: readonly string[];
  readonly signal?: AbortSignal;
  onRow(row: Row): void;
  /** Exactly once. Null when it was cancelled by us or ran to its end. */
  onEnd?(error: RouterOsError | null): void;
}
export interface RouterStream {
  /** Sends `/cancel` and settles when the router confirmed or after 5 s. No row is delivered after the call. */
  cancel(): Promise<void>;
  readonly ended: Promise<RouterOsError | null>;
}

export interface SessionCounters {
  commands: number; rows: number; traps: number; timeouts: number;
  /** Sentences for a command that had already been settled. */
  late: number;
  untagged: number;
  /** Reply words this client does not know; they are ignored. */
  unknownReplies: number;
  callbackErrors: number;
  readonly inFlight: number; readonly queued: number; readonly streams: number;
  readonly bytesRead: number; readonly bytesWritten: number;
}

/** What can be asked of a router; the ppp verbs need no more. */
export interface RouterSession {
  /** Runs one command to its `!done`. Rejects with `RouterOsError`; all traps are in it. */
  command(path: string, attributes?: Attributes, options?: CommandOptions): Promise<Reply>;
  /** Rows of a menu (`/ppp/secret`). */
  print(menu: string, options?: PrintOptions): Promise<Row[]>;
  /** Number of rows of a menu, counted by the router. */
  count(menu: string, options?: PrintOptions): Promise<number>;
  /** A command that goes on (`listen`, `monitor-traffic`, `ping`). It is sent at once and takes no place in the window. */
  stream(path: string, attributes: Attributes, options: StreamOptions): RouterStream;
  /** Ends the session; everything pending rejects with `CLOSED`. */
  close(reason?: string): void;
  /** The error that ended the session, once it has ended. */
  readonly closed: Promise<RouterOsError>;
  readonly isClosed: boolean;
  readonly counters: SessionCounters;
}

export interface SessionOptions {
  /** Commands on the wire at once. Default 16. */
  readonly window?: number;
  /** Commands waiting for a place; beyond, `BUSY`. Default 1000. */
  readonly queueLimit?: number;
  readonly commandTimeoutMs?: number;
  /** How long a command with a trap waits for its `!done`. Default 1000. */
  readonly trapGraceMs?: number;
  /** Every so often the router is asked for its name. Default 15 000; 0 switches it off. */
  readonly livenessMs?: number;
  /** Silence after a probe that ends the session; routers are known to stall for several seconds. Default 15 000. */
  readonly livenessTimeoutMs?: number;
  /** Asked before every write; when it answers no, the session ends instead: the router is somebody else's now. */
  readonly mayWrite?: () => boolean;
  /** Told of every answered probe. */
  readonly onAlive?: (identity: string | null) => void;
  readonly runtime?: Runtime;
  readonly log?: Log;
}

const READS = new Set(['print', 'getall', 'get', 'find', 'listen', 'monitor-traffic', 'monitor', 'ping', 'cancel']);

/** Whether a command changes nothing on the router. */
export function reads(path: string): boolean {
  return READS.has(path.slice(path.lastIndexOf('/') + 1));
}

/** The number in the answer to a `count-only` print. */
export function countOf(menu: string, { rows, ret }: Reply): number {
  const counted = ret ?? rows[0]?.['ret'] ?? '0'; // an empty menu may answer !empty without =ret=
  if (!/^\d+$/.test(counted)) throw new RouterOsError('PROTOCOL', `${menu}/print answered no count`, { command: `${menu}/print` });
  return Number(counted);
}
